"""Keep each lesson's two forms together: the text in book/ and the executed notebook in notebooks/.

The text is what people edit, the notebook what the site, Colab and the tests read. A notebook remembers, in its
metadata under "sync", a digest of the text and of the code that it was made from; so a later run knows which side was
edited, and whether the code has to run again. Cells that did not change keep their id, their outputs and their place.

    python -m authoring.sync                        every lesson, executing those whose code changed
    python -m authoring.sync 01-sigmoid --force     this lesson, executed in any case
    python -m authoring.sync 01-sigmoid --keep book both sides were edited: the text wins, the other is put aside
    python -m authoring.sync --check                report, change nothing
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import shutil
import sys
import time
from pathlib import Path

import jupytext
import nbclient
import nbformat
from filelock import FileLock
from nbformat import NotebookNode

from course import lesson_kernel
from course.files import write_if_changed
from course.paths import CACHE, ROOT

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": lesson_kernel.NAME}
TEXT_FORMAT = {"extension": ".md", "format_name": "myst"}


class SyncError(Exception):
    """A pair that cannot be brought together without a decision of the author."""


def digest(text: str) -> str:
    """Return a short SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_digest(notebook: NotebookNode) -> str:
    """Return a digest of what a kernel would execute: the code cells, in order."""
    return digest("\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))


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
    old = stored.cells if stored else []
    matcher = difflib.SequenceMatcher(
        None,
        [(cell.cell_type, cell.source) for cell in old],
        [(cell.cell_type, cell.source) for cell in source.cells],
        autojunk=False,
    )
    ancestor: dict[int, NotebookNode] = {}
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            pairs = zip(range(i1, i2), range(j1, j2), strict=False)
            ancestor |= {j: old[i] for i, j in pairs if old[i].cell_type == source.cells[j].cell_type}
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


def fresh_id(cell: NotebookNode, taken: set[str]) -> str:
    """Return an id made from the cell's content that no other cell of the notebook has."""
    serial = 0
    while (new := digest(f"{cell.cell_type}\0{cell.source}\0{serial}")[:8]) in taken:
        serial += 1
    return new


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


def merge(text: Path, stored: Path, keep: str | None) -> tuple[NotebookNode, bool]:
    """Bring the two sides of a pair together in memory; return the notebook and whether its code has to run.

    Raises SyncError if both sides were edited since the last sync and `keep` does not say which one wins.
    """
    before = nbformat.read(stored, as_version=4) if stored.exists() else None
    if before is None and not text.exists():
        raise SyncError(f"neither {text} nor {stored} exists")
    memory = before.metadata.get("sync", {}) if before else {}
    if not text.exists():
        source = before
    else:
        source = jupytext.reads(text.read_text(encoding="utf-8"), fmt=TEXT_FORMAT)
        if before is not None:
            left, right = as_text(source), as_text(before)
            text_edited = digest(left) != memory.get("text")
            notebook_edited = digest(right) != memory.get("text")
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
    notebook = carry_over(source, before)
    current = code_digest(notebook) == memory.get("code") and is_executed(notebook)
    return notebook, not current


def put_aside(path: Path) -> None:
    """Copy a file that is about to be overwritten to .cache/put-aside/, under a name made from its content."""
    folder = ROOT / ".cache" / "put-aside"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{digest(path.read_text(encoding='utf-8'))}-{path.name}"
    shutil.copy2(path, copy)
    print(f"{path.name}: your edits are kept in {copy.relative_to(ROOT)}", file=sys.stderr)


def finish(notebook: NotebookNode) -> str:
    """Return the notebook as JSON, with nothing in it that differs from one machine to the next."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": KERNELSPEC,
            "language_info": {"name": "python", "pygments_lexer": "ipython3"},
            "sync": {"code": code_digest(notebook), "text": digest(as_text(notebook))},
        }
    )
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def sync(name: str, root: Path = ROOT, force: bool = False, keep: str | None = None) -> str:
    """Bring one lesson's text and notebook together and return what was done, in a few words."""
    text, stored = root / "book" / f"{name}.md", root / "notebooks" / f"{name}.ipynb"
    notebook, stale = merge(text, stored, keep)
    started = time.monotonic()
    if stale or force:
        execute(notebook, stored.parent)
    changed = [
        path.name
        for path, content in ((stored, finish(notebook)), (text, as_text(notebook)))
        if write_if_changed(path, content)
    ]
    done = f"executed in {time.monotonic() - started:.0f} s, " if stale or force else ""
    return done + ("wrote " + " and ".join(changed) if changed else "nothing to do")


def check(name: str, root: Path = ROOT) -> list[str]:
    """Return what keeps a pair from being in sync; nothing is written or executed."""
    text, stored = root / "book" / f"{name}.md", root / "notebooks" / f"{name}.ipynb"
    missing = [path for path in (text, stored) if not path.exists()]
    if missing:
        return [f"{path.parent.name}/{path.name} is missing: run make sync" for path in missing]
    notebook = nbformat.read(stored, as_version=4)
    memory = notebook.metadata.get("sync", {})
    faults = []
    if as_text(notebook) != text.read_text(encoding="utf-8"):
        faults.append(f"{name}: the text in book/ and the notebook differ: run make sync LESSON={name}")
    if memory.get("text") != digest(as_text(notebook)):
        faults.append(f"{name}: the notebook was edited since the last sync: run make sync LESSON={name}")
    if memory.get("code") != code_digest(notebook):
        faults.append(f"{name}: the stored outputs come from other code: run make sync LESSON={name}")
    return faults


def lessons(root: Path = ROOT) -> list[str]:
    """Return the names of all lessons: every notebook, and every text that opens with a kernel's name."""
    texts = [
        path.stem for path in (root / "book").glob("*.md") if "kernelspec:" in path.read_text("utf-8")[:400]
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
    names = options.lesson or lessons()
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
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
