"""The grader's commands.

    python -m grading doctor                             can submissions be run safely here?
    python -m grading release [NAME ...]                 make what students get
    python -m grading collect --assignment a1 --from submissions.zip --out handed-in
    python -m grading grade --assignment a1 --submissions handed-in --out results

What each of them does and promises is in book/instructors.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from grading.terminal import say

DONE, NOT_ALL, REFUSED, INTERRUPTED = 0, 1, 2, 130


def grade(options: argparse.Namespace, console: Console) -> int:
    """Grade a folder of submissions."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from course.tables import BadTable
    from grading import running
    from grading.cluster import Gone
    from grading.judging import assignment, grades
    from grading.results.store import ABOUT, CannotKeep
    from grading.sandbox.bubblewrap import Broken
    from grading.submissions.finding import NoSubmissions

    settings = running.Settings(
        options.submissions, options.out, options.workers, options.scheduler, options.overrides, options.roster,
        dict(options.column), options.unsafe_no_sandbox,
    )  # fmt: skip
    try:
        seed, drawn = running.seed_for(options.out, options.seed)
        run = running.Run(assignment.load(options.assignment, seed, options.private), settings)
        if drawn:
            say(console, f"Seed {seed} was drawn, and is kept in {options.out / ABOUT} for the next run.")
        summary = run.go(console)
    except Broken as error:
        say(console, str(error))
        say(console, "Nothing was run. See what is missing with: python -m grading doctor")
        return REFUSED
    except (assignment.NoAssignment, BadTable, NoSubmissions) as error:
        say(console, str(error))
        return REFUSED
    except (CannotKeep, Gone) as error:
        say(console, str(error))
        return NOT_ALL
    except KeyboardInterrupt:
        say(console, "Stopped. What was graded is kept; the same command continues from there.")
        return INTERRUPTED
    for remark in summary.remarks:
        say(console, remark)
    counts = ", ".join(
        f"{summary.states[state]} {state}"
        for state in (grades.GRADED, grades.NEEDS_REVIEW, grades.INFRASTRUCTURE_ERROR)
    )
    say(console, f"{options.out}: {counts}; {summary.tried} tried in this run")
    if summary.states[grades.NEEDS_REVIEW]:
        say(
            console,
            f"What waits for a person is in {options.out / 'review.csv'}; fill in points and save it as"
            f" {options.out / 'overrides.csv'}.",
        )
    return NOT_ALL if summary.states[grades.INFRASTRUCTURE_ERROR] else DONE


def collect(options: argparse.Namespace, console: Console) -> int:
    """Lay out submissions as STUDENT/NAME.ipynb."""
    from grading.submissions import collecting
    from grading.submissions.finding import NoSubmissions

    try:
        found = collecting.collect(options.source, options.assignment, options.out)
    except NoSubmissions as error:
        say(console, str(error))
        return REFUSED
    for item in found:
        if item.problem:
            say(console, f"{item.folder}: {item.problem}")
    wrong = sum(bool(item.problem) for item in found)
    say(console, f"{options.out}: {len(found)} students, {wrong} to look at")
    return DONE


def doctor(options: argparse.Namespace, console: Console) -> int:
    """Tell whether submissions can be run safely here."""
    from grading import doctor

    worst = DONE
    for finding in doctor.findings():
        verdict = {True: "ok", None: "note", False: "MISSING"}[finding.ok]
        say(console, f"{verdict:8}{finding.what}: {finding.says}")
        worst = NOT_ALL if finding.ok is False else worst
    return worst


def release(options: argparse.Namespace, console: Console) -> int:
    """Make student versions, solutions and nbgrader's sources."""
    from authoring import masters

    return masters.main([*options.name, *(["--check"] if options.check else [])])


def positive(text: str) -> int:
    """Return the number of workers."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a number of workers; at least one is needed")
    return number


def seed(text: str) -> int:
    """Return a seed; NumPy takes 0 and above."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("a seed is 0 or more")
    return number


def column(text: str) -> tuple[str, str]:
    """Return the English name of a column and the one that it has."""
    english, equals, own = (part.strip() for part in text.partition("="))
    if not (english and equals and own):
        raise argparse.ArgumentTypeError(f"{text!r} should be like Grade=Bewertung")
    return english, own


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(
        prog="python -m grading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Callable[[argparse.Namespace, Console], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__, help=run.__doc__, description=run.__doc__)
        made.set_defaults(run=run)
        return made

    one = command(grade)
    one.add_argument("--assignment", required=True, help="its name, such as a1")
    one.add_argument(
        "--submissions",
        type=Path,
        required=True,
        help="a folder of STUDENT/*.ipynb or *.ipynb, or an LMS's zip",
    )
    one.add_argument(
        "--out", type=Path, required=True, help="the folder for the results; a second run continues there"
    )
    one.add_argument(
        "--seed", type=seed, help="hidden inputs are drawn from it (default: drawn once, and kept in OUT)"
    )
    one.add_argument(
        "--private", type=Path, help="a folder whose NAME/questions.py replaces the published one"
    )
    one.add_argument("--overrides", type=Path, help="a person's decisions (default: OUT/overrides.csv)")
    one.add_argument(
        "--roster",
        type=Path,
        action="append",
        default=[],
        help="Canvas's exported gradebook or Moodle's worksheet",
    )
    one.add_argument(
        "--column", type=column, action="append", default=[],
        help="a column of a roster in another language, such as Grade=Bewertung, if it is not found by its place",
    )  # fmt: skip
    one.add_argument("--workers", type=positive, default=2, help="processes on this machine (default: 2)")
    one.add_argument(
        "--scheduler", default="", help="the address of a Dask cluster to use instead: tcp://host:8786"
    )
    one.add_argument(
        "--unsafe-no-sandbox", action="store_true",
        help="run students' code as yourself, with your files and your network; the results say so",
    )  # fmt: skip

    one = command(collect)
    one.add_argument("--assignment", required=True, help="its name, such as a1")
    one.add_argument("--from", dest="source", type=Path, required=True, help="a folder or an LMS's zip")
    one.add_argument("--out", type=Path, required=True, help="the folder to write STUDENT/NAME.ipynb into")

    command(doctor)

    one = command(release)
    one.add_argument("name", nargs="*", help="which assignments; all if none is named")
    one.add_argument("--check", action="store_true", help="only check that the files are up to date")
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit code: 0 done, 1 something is wrong, 2 refused, 130 interrupted."""
    options = parser().parse_args(arguments)
    return options.run(options, Console(stderr=True))


if __name__ == "__main__":
    sys.exit(main())
