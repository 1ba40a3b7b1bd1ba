"""Right and wrong answers to an assignment, kept as files: its grading is tested with them.

    assignments/NAME/variants/right/QUESTION/FILE.py    another right way: must get all points
    assignments/NAME/variants/wrong/QUESTION/FILE.py    a plausible mistake: must lose points and be told why

A file is what somebody would write into the answer's cell. The first line of a wrong one says what its author must be
told: `# mistake: NAME` for one of the question's mistakes, or `# feedback: REGEX` if the mistake has no name.

    python -m authoring.variants a1 --out DIR    write each as a whole notebook with right answers otherwise
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from authoring import masters
from course.assignments import names
from course.paths import ROOT

EXPECTS = re.compile(r"# (?P<kind>mistake|feedback): (?P<what>\S.*)")


@dataclass(frozen=True)
class Variant:
    """An answer. `mistake` or `feedback`: what the author of a wrong one must be told; both are "" for a right one."""

    assignment: str
    question: str
    name: str
    source: str
    mistake: str = ""
    feedback: str = ""

    @property
    def right(self) -> bool:
        """Tell whether it must get all points."""
        return not (self.mistake or self.feedback)

    def __str__(self) -> str:
        """Return a name for a list of results."""
        return f"{self.assignment}-{self.question}-{'right' if self.right else 'wrong'}-{self.name}"


def read(path: Path) -> Variant:
    """Return the variant in a file; MasterError if a wrong one does not say what its author must be told."""
    verdict, question = path.parent.parent.name, path.parent.name
    source = path.read_text(encoding="utf-8")
    told = {}
    if verdict == "wrong":
        first = EXPECTS.fullmatch(source.split("\n")[0])
        if not first:
            raise masters.MasterError(f"{path}: begin with '# mistake: NAME' or '# feedback: REGEX'")
        told = {first["kind"]: first["what"]}
    return Variant(path.parents[3].name, question, path.stem, source, **told)


def variants(name: str, root: Path = ROOT) -> list[Variant]:
    """Return all variants of an assignment, the right ones first."""
    folder = root / "assignments" / name / "variants"
    return [read(path) for verdict in ("right", "wrong") for path in sorted(folder.glob(f"{verdict}/*/*.py"))]


def submission(master: NotebookNode, variant: Variant) -> NotebookNode:
    """Return the notebook of a student who gave this answer, and the right one to every other question."""
    notebook = copy.deepcopy(master)
    for cell in notebook.cells:
        if cell.id == variant.question:
            cell.source = f"# GRADED: {variant.question}\n{variant.source}"
        if cell.cell_type == "code":
            cell.source = masters.without_hidden_tests(cell)
    return notebook


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write the variants of an assignment as submissions and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=names(root), help="which assignment")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write STUDENT/NAME.ipynb into")
    options = parser.parse_args(arguments)
    master = masters.read(options.name, root)
    found = variants(options.name, root)
    for variant in found:
        folder = options.out / str(variant).removeprefix(f"{options.name}-")
        folder.mkdir(parents=True, exist_ok=True)
        text = masters.as_json(submission(master, variant))
        (folder / f"{options.name}.ipynb").write_text(text, encoding="utf-8")
    print(f"{len(found)} submissions in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
