"""Cells that are the same in every notebook that has them: the setup, and getting Fashion-MNIST.

A learner has one notebook and nothing else, so each holds the whole cell; it is written once, in a file of this folder.
A cell is a copy of the file whose title, the words of its first line up to the colon, it begins with.
`make sync` and `make assignments` renew the copies.
"""

from functools import cache

from nbformat import NotebookNode

from course.paths import SHARED_CELLS


def title(source: str) -> str:
    """Return the title of a cell: its first line up to the colon."""
    return source.partition("\n")[0].partition(":")[0]


@cache
def cells() -> dict[str, str]:
    """Return the source of each shared cell by its title."""
    files = sorted(SHARED_CELLS.glob("[a-z]*.py"))
    return {
        title(source): source
        for file in files
        for source in [file.read_text(encoding="utf-8").rstrip()]
    }


def current(source: str) -> str:
    """Return the shared cell that a cell is a copy of, or the cell itself."""
    return cells().get(title(source), source)


def renew(notebook: NotebookNode) -> list[str]:
    """Put the shared cells into a notebook in place of its copies, and return the titles of those that differed."""
    differed = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and current(cell.source) != cell.source
    ]
    for cell in differed:
        cell.source = current(cell.source)
    return [title(cell.source).removeprefix("# @title ") for cell in differed]
