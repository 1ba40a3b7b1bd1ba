"""What the grader says in a terminal, or to a log: lines, and how far it is."""

from __future__ import annotations

import os
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

TELL_SECONDS = 30  # between two lines about how far it is, where no bar can be shown


def say(console: Console, text: str) -> None:
    """Print a line: nothing in it is read as a style, wrapped to the terminal's width, or does more than be seen."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    console.print(seen, markup=False, highlight=False, soft_wrap=True)


class HowFar:
    """Tells how far a run is: a bar in a terminal, else a line for each tenth, and one each half a minute."""

    def __init__(self, console: Console, name: str, total: int):
        self.console, self.total, self.done = console, total, 0
        self.begun = self.told = time.monotonic()
        seen = console.is_terminal and not os.environ.get("CI")
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=console, disable=not seen)
        self.task = self.bar.add_task(f"Grading {name}", total=total, rate="")

    def __enter__(self) -> HowFar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def say(self, text: str) -> None:
        """Print a line."""
        say(self.console, text)

    def rate(self) -> str:
        """Return how many were tried in a second."""
        return f"{self.done / max(time.monotonic() - self.begun, 1e-3):.1f} a second"

    def one_more(self) -> None:
        """Count one that was tried."""
        tenth = self.done * 10 // self.total
        self.done += 1
        self.bar.update(self.task, advance=1, rate=self.rate())
        if self.done * 10 // self.total > tenth:
            self.tell()

    def look(self) -> None:
        """Tell how far it is if that was not done for a while."""
        if time.monotonic() - self.told >= TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Print how many are done, how fast, and how long the rest may take, where there is no bar."""
        self.told = time.monotonic()
        if self.bar.disable:
            text = f"{self.done} of {self.total} tried, {self.rate()}"
            if 0 < self.done < self.total:
                seconds = (self.told - self.begun) / self.done * (self.total - self.done)
                text += (
                    f"; about {seconds:.0f} seconds left"
                    if seconds < 120
                    else f"; about {seconds / 60:.0f} minutes left"
                )
            self.say(text)
