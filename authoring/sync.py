"""Keep each lesson's two forms together: the text in book/ and the executed notebook in notebooks/.

The text is what people edit, the notebook what the site, Colab and the tests read. A notebook remembers, in its
metadata under "sync", what it was made from: a digest of each line of the text, so that git merges this list just as it
merges the text, and one digest of all code. So a later run knows which side was edited, and whether the code has to run
again. Cells that did not change keep their id, their outputs and their place.
What editors and other programs leave in the two files is read by `authoring/incoming.py`.

    python -m authoring.sync                        every lesson, executing those whose code changed
    python -m authoring.sync 01-sigmoid --force     this lesson, executed in any case
    python -m authoring.sync 01-sigmoid --keep book both sides were edited: the text wins, the other is put aside
    python -m authoring.sync --check                report, change nothing
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbclient
import nbformat
from filelock import FileLock
from nbformat import NotebookNode

from authoring import shared_cells
from authoring.incoming import (
    TEXT_FORMAT,
    ConflictError,
    SyncError,
    UnreadableError,
    called,
    continued,
    digest,
    fresh_id,
    our_side,
    place,
    read_notebook,
    read_text,
    text_as_notebook,
)
from course import lesson_kernel
from course.files import write_if_changed
from course.paths import CACHE, ROOT

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": lesson_kernel.NAME}
LANGUAGE = {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}


def code_digest(notebook: NotebookNode) -> str:
    """Return a digest of what a kernel would execute: the code cells, in order."""
    return digest("\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))


def line_digests(text: str) -> list[str]:
    """Return a short digest of each line of a text, in order: what a notebook remembers of it."""
    return [digest(line)[:6] if line else "" for line in text.splitlines()]


def remembers(memory: dict, text: str) -> bool:
    """Tell whether a notebook was made from this text; until 2026 it remembered one digest of all lines."""
    return memory.get("text") in (line_digests(text), digest(text))


def as_text(notebook: NotebookNode) -> str:
    """Return the text form of a notebook, always spelled the same way, without outputs, ids or versions."""
    bare = nbformat.v4.new_notebook(metadata={"kernelspec": {"display_name": "Python 3", "name": "python3"}})
    bare.metadata["jupytext"] = {
        "notebook_metadata_filter": "kernelspec,-jupytext.text_representation.jupytext_version",
    }
    for cell in notebook.cells:
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        bare.cells.append(make(cell.source, metadata=cell.metadata))
    text = jupytext.writes(bare, fmt=TEXT_FORMAT)
    return text.replace(
        "  notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version\n", ""
    )


def is_executed(notebook: NotebookNode) -> bool:
    """Tell whether every code cell ran, in order, in a fresh kernel."""
    counts = [
        cell.execution_count for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
    ]
    return counts == list(range(1, len(counts) + 1))


def carry_over(source: NotebookNode, stored: NotebookNode | None) -> NotebookNode:
    """Return a notebook with the cells of `source` and the ids and outputs of the cells of `stored` that they continue.

    A cell that is in both keeps its id and outputs; one that was rewritten in place keeps its id; a new one gets an
    id made from its content, so that two people who sync the same text get the same file.
    """
    ancestor = continued(stored.cells if stored else [], source.cells)
    cells, taken = [], {cell.id for cell in ancestor.values()}
    for position, cell in enumerate(source.cells):
        before = ancestor.get(position)
        if cell.cell_type == "code":
            new = nbformat.v4.new_code_cell(cell.source, metadata=cell.metadata)
            if before is not None:
                new.outputs, new.execution_count = before.outputs, before.execution_count
        else:
            new = nbformat.v4.new_markdown_cell(cell.source, metadata=cell.metadata)
        new.id = before.id if before is not None else fresh_id(cell, taken)
        taken.add(new.id)
        cells.append(new)
    return nbformat.v4.new_notebook(cells=cells)


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Execute a notebook in place in a fresh kernel, with `folder` as its working directory.

    Raises SyncError with the cell's own traceback if a cell fails, ends its kernel, or does not end.
    """
    try:
        lesson_kernel.execute(notebook, folder)
    except (
        nbclient.exceptions.CellExecutionError,
        nbclient.exceptions.CellTimeoutError,
        nbclient.exceptions.DeadKernelError,
    ) as error:
        raise SyncError(f"a cell failed; the stored notebook is left as it was\n{error}") from error


def sides(
    text: Path, stored: Path, keep: str | None
) -> tuple[NotebookNode | None, NotebookNode | None, bool]:
    """Read both sides of a pair; return the text as a notebook, the stored notebook, and whether that can be trusted.

    A side that is not there, or that cannot be read and does not win, is None; the latter is put aside.
    """
    source = before = None
    trusted = True
    if text.exists():
        try:
            source = read_telling(text_as_notebook, text)
        except SyncError:
            if keep != "notebooks" or not stored.exists():
                raise
            put_aside(text)
    if stored.exists():
        try:
            before = read_telling(read_notebook, stored)
        except UnreadableError as error:
            merging = isinstance(error, ConflictError) and keep is None
            if source is None or not (merging or keep == "book"):
                raise
            put_aside(stored)
            print(f"{stored.name}: could not be read, and is made anew from the text", file=sys.stderr)
            before, trusted = our_side(stored), False
    return source, before, trusted


def read_telling(read: Callable[[Path, list[str]], NotebookNode], path: Path) -> NotebookNode:
    """Read one side of a pair, and say what was left out of it."""
    notes: list[str] = []
    notebook = read(path, notes)
    if notes:
        print(f"{path.name}: left out: {', '.join(dict.fromkeys(notes))}", file=sys.stderr)
    return notebook


def merge(text: Path, stored: Path, keep: str | None) -> tuple[NotebookNode, bool, NotebookNode | None]:
    """Bring the two sides of a pair together in memory; return it, whether its code has to run, and the old notebook.

    Raises SyncError if a side cannot be taken, or if both were edited since the last sync and `keep` does not say which
    one wins.
    """
    if not text.exists() and not stored.exists():
        raise SyncError(f"neither {text} nor {stored} exists")
    source, before, trusted = sides(text, stored, keep)
    memory = before.metadata.get("sync", {}) if before and trusted else {}
    if source is None:
        source = before
    elif before is not None and trusted:
        left, right = as_text(source), as_text(before)
        text_edited, notebook_edited = not remembers(memory, left), not remembers(memory, right)
        if left != right and text_edited and notebook_edited:
            if keep is None:
                raise SyncError(
                    f"book/{text.name} and notebooks/{stored.name} were both edited since the last sync. "
                    f"Keep the text: make sync LESSON={text.stem} KEEP=book. "
                    f"Keep the notebook: make sync LESSON={text.stem} KEEP=notebooks. "
                    "The other side is put aside, not deleted."
                )
            put_aside(stored if keep == "book" else text)
            notebook_edited = keep == "notebooks"
            text_edited = not notebook_edited
        if notebook_edited and not text_edited:
            source = before
    for name in shared_cells.renew(source):
        print(
            f"{text.name}: the cell {name!r} is the same everywhere, and is renewed from authoring/shared_cells/; "
            "change it there",
            file=sys.stderr,
        )
    refuse_what_a_text_changes(source, stored)
    notebook = carry_over(source, before)
    current = code_digest(notebook) == memory.get("code") and is_executed(notebook)
    return notebook, not current, before if trusted else None


def refuse_what_a_text_changes(notebook: NotebookNode, path: Path) -> None:
    """Raise SyncError if a cell would come back from the text as another: `+++`, for example, begins a cell there."""

    def told(cells: list[NotebookNode]) -> list[tuple]:
        return [(cell.cell_type, cell.source.strip(), cell.metadata) for cell in cells]

    there, back = told(notebook.cells), told(jupytext.reads(as_text(notebook), fmt=TEXT_FORMAT).cells)
    for number, cell in enumerate(notebook.cells):
        if there[number : number + 1] != back[number : number + 1]:
            raise SyncError(
                f"{called(path)}, {place(number, cell)}: as text it would come back as another cell, for a line of it "
                "has a meaning there, such as '+++' or '```{code-cell}': write that line differently, "
                "then run make sync"
            )


def put_aside(path: Path) -> None:
    """Copy a file that is about to be overwritten to .cache/put-aside/, under a name made from its content."""
    folder = CACHE / "put-aside"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}-{path.name}"
    shutil.copy2(path, kept)
    print(f"{path.name}: your edits are kept in {kept.relative_to(ROOT)}", file=sys.stderr)


def finish(notebook: NotebookNode) -> str:
    """Return the notebook as JSON, with nothing in it that differs from one machine to the next."""
    memory = {"code": code_digest(notebook), "text": line_digests(as_text(notebook))}
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNELSPEC, "language_info": LANGUAGE, "sync": memory},
    )
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def sync(name: str, root: Path = ROOT, force: bool = False, keep: str | None = None) -> str:
    """Bring one lesson's text and notebook together and return what was done, in a few words."""
    text, stored = root / "book" / f"{name}.md", root / "notebooks" / f"{name}.ipynb"
    refuse_read_only(text, stored)
    notebook, stale, before = merge(text, stored, keep)
    started = time.monotonic()
    if stale or force:
        execute(notebook, stored.parent)
    wanted = finish(notebook)
    same = (
        before is not None
        and before.metadata.get("sync") == notebook.metadata.sync
        and finish(copy.deepcopy(before)) == wanted
    )
    # The text first: if the second cannot be written, the notebook still remembers which side was edited.
    written = [
        path
        for path, content in ((text, as_text(notebook)), (stored, wanted))
        if write_if_changed(path, content)
    ]
    # a notebook that only lost what an editor had put into it has not changed
    changed = [path.name for path in (stored, text) if path in written and not (path == stored and same)]
    done = f"executed in {time.monotonic() - started:.0f} s, " if stale or force else ""
    return done + ("wrote " + " and ".join(changed) if changed else "nothing to do")


def refuse_read_only(*paths: Path) -> None:
    """Raise SyncError if somebody protected a file: the new one would take its place all the same."""
    for path in paths:
        if path.exists() and not path.stat().st_mode & 0o222:
            raise SyncError(
                f"{called(path)} is read-only: allow writing, for example with chmod u+w {called(path)}"
            )


def check(name: str, root: Path = ROOT) -> list[str]:
    """Return what keeps a pair from being in sync; nothing is written or executed."""
    text, stored = root / "book" / f"{name}.md", root / "notebooks" / f"{name}.ipynb"
    missing = [path for path in (text, stored) if not path.exists()]
    if missing:
        return [f"{path.parent.name}/{path.name} is missing: run make sync" for path in missing]
    try:
        notebook, words = read_notebook(stored), read_text(text)
    except SyncError as error:
        return [f"{name}: {error}"]
    memory = notebook.metadata.get("sync", {})
    faults = []
    if as_text(notebook) != words:
        faults.append(f"{name}: the text in book/ and the notebook differ: run make sync LESSON={name}")
    if not remembers(memory, as_text(notebook)):
        faults.append(f"{name}: the notebook was edited since the last sync: run make sync LESSON={name}")
    if memory.get("code") != code_digest(notebook):
        faults.append(f"{name}: the stored outputs come from other code: run make sync LESSON={name}")
    if not faults and (
        as_text(notebook).encode() != text.read_bytes() or finish(notebook).encode() != stored.read_bytes()
    ):
        faults.append(f"{name}: a program wrote into the text or the notebook: run make sync LESSON={name}")
    return faults


def lessons(root: Path = ROOT) -> list[str]:
    """Return the names of all lessons: every notebook, and every text that opens with a kernel's name."""
    # a text in UTF-16, whose bytes are every other one zero, is found too, so that sync can refuse it by name
    texts = [
        path.stem
        for path in (root / "book").glob("*.md")
        if b"kernelspec:" in path.read_bytes()[:800].replace(b"\0", b"")
    ]
    return sorted({*texts, *(path.stem for path in (root / "notebooks").glob("*.ipynb"))})


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lesson", nargs="*", help="such as 01-sigmoid; without a name, all of them")
    parser.add_argument("--force", action="store_true", help="execute even what did not change")
    parser.add_argument("--keep", choices=["book", "notebooks"], help="which side wins if both were edited")
    parser.add_argument("--check", action="store_true", help="report, change nothing")
    options = parser.parse_args(arguments)
    # a path is what a shell completes, so it is taken for the lesson that it names
    names = [re.sub(r"\.(md|ipynb)$", "", Path(name).name) for name in options.lesson] or lessons()
    unknown = sorted(set(names) - set(lessons()))
    if unknown:
        print(f"no such lesson: {', '.join(unknown)}. There are: {', '.join(lessons())}", file=sys.stderr)
        return 2
    if options.check:
        faults = [fault for name in names for fault in check(name)]
        print("\n".join(faults), end="\n" if faults else "")
        return 1 if faults else 0
    failed = False
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "sync.lock"):
        for name in names:
            print(f"{name}: ", end="", flush=True)
            try:
                print(sync(name, force=options.force, keep=options.keep))
            except SyncError as error:
                failed = True
                print(f"refused: {error}")
            except OSError as error:
                failed = True
                print(
                    f"refused: {error.filename or 'a file'} could not be read or written ({error.strerror or error}): "
                    "make room or allow it, then run make sync again; no file was left half written"
                )
            except KeyboardInterrupt:
                print("stopped by Ctrl-C; no file was left half written. Run make sync again")
                return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
