"""Check the rules that every lesson keeps, on the stored notebooks alone; nothing is executed.

Each rule is a function that takes a notebook and returns a list of faults, each a sentence that says what to do. Its
docstring gives the reason. `python -m authoring.lesson_rules [FILE ...]` runs all of them, and looks in the texts
for what nobody meant to be there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from authoring import shared_cells
from authoring.incoming import SyncError, read_notebook, read_text
from course.conflicts import conflict_marks
from course.links import IN_MARKDOWN
from course.paths import ASSIGNMENTS, BOOK, NOTEBOOKS

# Top-level modules that a lesson may import besides the standard library: all of them are there on Colab.
ON_COLAB = {"IPython", "jax", "keras", "matplotlib", "numpy", "scipy", "sklearn", "tensorflow"}

# Words that ask a reader to take something on trust. Where one tempts you, a cell is missing.
ON_TRUST = re.compile(r"\b(?:we will see|as we shall see|it can be shown|obviously|simply|trivially)\b", re.I)

MAX_BYTES = 600_000  # a larger notebook is slow to open on a phone and to review in a diff

# What a lesson consists of, in this order. See CONTRIBUTING.md.
SECTIONS = ["The ladder check", "Traps", "Check yourself", "Exercises", "Remember", "Sources"]

IN_SHORT = "**In short.** "
MAX_SHORT = 120  # words: more is not short
# in prose: a number with decimals, or of two digits and more, such as 0.693, 11,014 or 17
TELLING = re.compile(r"(?<![\w.,])(?:\d[\d,]*\.\d+|\d[\d,]*\d)(?![\w])")

# /home/me/x or C:\\me; not 1/2, not a/b, not the path of a web address
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/])/[\w.-]+/[\w.-]+|\b[A-Z]:\\\w+")
COMMENT_MARKER = re.compile(r"#\s*(?:NBVAL_|PYTEST_VALIDATE_)\w+")
FENCE = re.compile(r"^(?P<fence>```+|~~~+)(?P<info>.*)$")
MYST = {
    "a directive": re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\s*\{[\w:+-]+\}", re.M),
    "a role": re.compile(r"\{[a-z][\w:+-]*\}`[^`]+`"),
    "a target": re.compile(r"^\([\w-]+\)=\s*$", re.M),
    "a cell break": re.compile(r"^\+\+\+", re.M),
    "a comment": re.compile(r"^%\s", re.M),
    "a substitution": re.compile(r"\{\{.+?\}\}"),
}


def cells(notebook: NotebookNode, kind: str) -> Iterator[tuple[int, NotebookNode]]:
    """Yield the cells of a kind that are not empty, each with its place in the notebook, counted from 0."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == kind and cell.source.strip():
            yield number, cell


def outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield every stored output with the place of its cell."""
    for number, cell in cells(notebook, "code"):
        for output in cell.outputs:
            yield number, output


def shown(found: Iterable[NotebookNode]) -> str:
    """Return the code of the code cells among some, and all that it printed or displayed."""
    code = [cell for cell in found if cell.cell_type == "code"]
    stored = [str(output.get("text", output.get("data", ""))) for cell in code for output in cell.outputs]
    return "\n".join([cell.source for cell in code] + stored)


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def without_code(markdown: str) -> str:
    """Return Markdown without its code: inline spans, and fenced blocks other than MyST directives."""
    kept, closing = [], None
    for line in markdown.splitlines():
        fence = FENCE.match(line.strip())
        if closing:
            if fence and fence["fence"].startswith(closing) and not fence["info"].strip():
                closing = None
        elif fence and not fence["info"].strip().startswith("{"):
            closing = fence["fence"]
        else:
            kept.append(line)
    # a role is `{name}` directly before a span: keep those spans, drop the others
    return re.sub(r"(?<!\})(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", "\n".join(kept))


def executed_in_order(notebook: NotebookNode) -> list[str]:
    """Strict nbval compares nothing where nothing is stored: an unexecuted notebook would pass."""
    counts = [cell.execution_count for _, cell in cells(notebook, "code")]
    if counts == list(range(1, len(counts) + 1)):
        return []
    return [f"not executed in order from a fresh kernel (counts {counts[:8]}…): run make sync FORCE=1"]


def quiet(notebook: NotebookNode) -> list[str]:
    """A stored warning teaches readers to ignore warnings; an error must be caught and explained."""
    faults = []
    for number, output in outputs(notebook):
        if output.output_type == "error":
            faults.append(f"cell {number}: a stored {output.ename}; catch it and print what it says")
        if output.get("name") == "stderr":
            faults.append(f"cell {number}: stderr is stored: {output.text.strip()[:80]!r}; remove its cause")
    return faults


def no_absolute_path(notebook: NotebookNode) -> list[str]:
    """A path of the author's disk is noise for a reader and makes the output differ on every machine."""
    texts = [(number, cell.source) for number, cell in cells(notebook, "code")]
    for number, output in outputs(notebook):
        texts.append((number, output.get("text", "")))
        texts += [(number, text) for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return [
        f"cell {number}: absolute path {found.group(0)!r}; print only the part that matters"
        for number, text in texts
        for found in [ABSOLUTE_PATH.search(text)]
        if found
    ]


def ignored_outputs_assert(notebook: NotebookNode) -> list[str]:
    """An output that nbval does not compare proves nothing, so the cell must assert what matters."""
    faults = []
    for number, cell in cells(notebook, "code"):
        if marker := COMMENT_MARKER.search(cell.source):
            faults.append(f"cell {number}: use the tag, not the comment {marker.group(0)!r}")
        skipped = {"nbval-skip", "skip-execution", "raises-exception"} & set(tags(cell))
        faults += [f"cell {number}: tag {tag!r} leaves the cell untested" for tag in sorted(skipped)]
        if "nbval-ignore-output" in tags(cell) and not any(asserts(node) for node in ast.walk(parse(cell))):
            faults.append(f"cell {number}: its output is ignored and it asserts nothing; add an assert")
    return faults


def asserts(node: ast.AST) -> bool:
    """Tell whether a piece of code is an assert statement or a call of an assert_… function."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name.startswith("assert_")


def parse(cell: NotebookNode) -> ast.Module:
    """Return the syntax tree of a code cell, leaving out IPython's magics."""
    return ast.parse(
        "\n".join(line for line in cell.source.splitlines() if not line.lstrip().startswith(("%", "!")))
    )


def only_colab_imports(notebook: NotebookNode) -> list[str]:
    """A learner on Colab has this one file: nothing else of this repository, and only the packages that Colab ships."""
    faults = []
    for number, cell in cells(notebook, "code"):
        for node in ast.walk(parse(cell)):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = ["." * node.level + (node.module or "")]
            else:
                continue
            for module in modules:
                top = module.split(".")[0]
                if top not in ON_COLAB and top not in sys.stdlib_module_names:
                    faults.append(f"cell {number}: imports {module!r}, which Colab does not ship")
        if re.search(r"^\s*[%!]\s*(?:pip|conda|apt)", cell.source, re.M):
            faults.append(f"cell {number}: installs a package; use what Colab ships")
    return faults


def shared_cells_first(notebook: NotebookNode) -> list[str]:
    """What a lesson needs is checked before it is used, in the same words everywhere: see authoring/shared_cells/."""
    shared = shared_cells.cells()
    code = list(cells(notebook, "code"))
    faults = [
        f"cell {number}: it differs from authoring/shared_cells/, where it is written: run make sync"
        for number, cell in code
        if shared_cells.current(cell.source) != cell.source
    ]
    places = {shared_cells.title(cell.source): place for place, (_, cell) in reversed([*enumerate(code)])}
    for name, needed_by, file in (
        ("# @title Setup", r"^\s*(?:import|from) tensorflow\b", "setup.py"),
        ("# @title Get Fashion-MNIST", r"\bfashion_mnist\.load_data\(", "fashion_mnist.py"),
    ):
        assert name in shared, f"no cell in authoring/shared_cells/ begins with {name!r}"
        using = [
            place
            for place, (_, cell) in enumerate(code)
            if shared_cells.title(cell.source) not in shared and re.search(needed_by, cell.source, re.M)
        ]
        if using and places.get(name, len(code)) > using[0]:
            faults.append(f"cell {code[using[0]][0]}: add the cell of authoring/shared_cells/{file} above it")
    if places.get("# @title Setup", 0) > 0:
        faults.append("the setup must be the first code cell")
    return faults


def plain_markdown(notebook: NotebookNode) -> list[str]:
    """Colab and GitHub show MyST syntax as source, so a lesson may use only Markdown that all four places render."""
    return [
        f"cell {number}: {what} of MyST, {found.group(0).strip()!r}, which Colab shows as source"
        for number, cell in cells(notebook, "markdown")
        for what, pattern in MYST.items()
        for found in [pattern.search(without_code(cell.source))]
        if found
    ]


def no_conflict_marks(notebook: NotebookNode) -> list[str]:
    """What a merge left open shows readers both versions and the names of branches."""
    return [
        f"cell {number}: {mark!r} is a mark of an unfinished merge; keep what is right and delete the marks"
        for number, cell in enumerate(notebook.cells)
        for _, mark in conflict_marks(cell.source)
    ]


def nothing_on_trust(notebook: NotebookNode) -> list[str]:
    """A claim belongs beside the cell that shows it; these words are used where there is no such cell."""
    return [
        f"cell {number}: {found.group(0)!r} asks for trust; show it in a cell or leave it out"
        for number, cell in cells(notebook, "markdown")
        for found in ON_TRUST.finditer(cell.source)
    ]


def figures_have_alt_text(notebook: NotebookNode) -> list[str]:
    """The alt text tells somebody who cannot see a figure what it shows, in at least one short sentence."""
    faults = []
    for number, cell in cells(notebook, "code"):
        drawn = any(kind.startswith("image/") for output in cell.outputs for kind in output.get("data", {}))
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if drawn and len(alt) < 30:
            faults.append(
                f"cell {number}: a figure without alt text; add mystnb: {{image: {{alt: …}}}} to the cell"
            )
        if alt and not drawn:
            faults.append(f"cell {number}: it has alt text, but no figure is stored")
    for number, cell in cells(notebook, "markdown"):
        for picture in re.finditer(r"!\[(.*?)\]\(", without_code(cell.source)):
            if len(picture[1]) < 30:
                faults.append(f"cell {number}: a picture without alt text: {picture[0]!r}")
    return faults


def links_lead_somewhere(notebook: NotebookNode, folder: Path | None = None) -> list[str]:
    """A link goes to another lesson by its file name, or to a page on the web by https; both work everywhere."""
    faults = []
    for number, cell in cells(notebook, "markdown"):
        for target in IN_MARKDOWN.findall(without_code(cell.source)):
            if target.startswith("https://"):
                continue
            file = target.split("#")[0]
            if "/" in file or not file.endswith(".ipynb"):
                faults.append(
                    f"cell {number}: link to {target!r}; link to a lesson as NN-name.ipynb, to the web as https://"
                )
            elif not ((folder or NOTEBOOKS) / file).exists():
                faults.append(f"cell {number}: link to {target!r}, and there is no such lesson")
    return faults


def has_the_form(notebook: NotebookNode) -> list[str]:
    """Readers know their way round because every lesson has the same parts in the same order."""
    source = "\n\n".join(cell.source for _, cell in cells(notebook, "markdown"))
    lines = [line for line in source.splitlines() if line.strip()]
    faults = []
    if not re.fullmatch(r"# \d+ · .+", lines[0] if lines else ""):
        faults.append("the first line must be the title, as in '# 3 · Binary cross-entropy'")
    if not re.fullmatch(r"\*\*.+\?\*\*", lines[1] if len(lines) > 1 else ""):
        faults.append("the second line must be the lesson's question, in bold and with a question mark")
    if not re.search(r"^You need: .+\sTime: about \d+ minutes\.$", source, re.M | re.S):
        faults.append("the opening must say 'You need: …' and 'Time: about N minutes.'")
    headings = re.findall(r"^## (.+)$", source, re.M)
    found = [
        section for heading in headings for section in SECTIONS if heading.lower().endswith(section.lower())
    ]
    if list(dict.fromkeys(found)) != SECTIONS:
        faults.append(
            f"the sections must be, in this order, {', '.join(SECTIONS)}; found {', '.join(found) or 'none'}"
        )
    remember = re.search(r"^## Remember$(.*?)^## ", source, re.M | re.S)
    if remember and len(re.findall(r"^\d\. ", remember[1], re.M)) != 3:
        faults.append("'Remember' must be a numbered list of three")
    return faults


def says_it_in_short(notebook: NotebookNode) -> list[str]:
    """Who has ten seconds reads the box below the question: it is short, and a cell shows each number in it."""
    source = next((cell.source for _, cell in cells(notebook, "markdown")), "")
    blocks = [block for block in source.split("\n\n") if block.strip()]
    box = blocks[2] if len(blocks) > 2 else ""
    if not box.startswith(f"> {IN_SHORT}"):
        return [f"the question must be followed by the lesson in a few sentences: '> {IN_SHORT}…'"]
    text = re.sub(r"^> ?", "", box, flags=re.M).removeprefix(IN_SHORT)
    faults = []
    if len(text.split()) > MAX_SHORT:
        faults.append(f"'In short' has {len(text.split())} words, at most {MAX_SHORT} are short")
    there = shown(notebook.cells)
    for number in dict.fromkeys(TELLING.findall(re.sub(r"`[^`]*`", "", text))):
        if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", there):
            faults.append(f"'In short' says {number}, and no cell asserts or prints it")
    return faults


def pictures_come_before_their_code(notebook: NotebookNode) -> list[str]:
    """A reader came for the picture: the code that draws it is folded on the site, by the tag hide-input."""
    drawn = {
        number
        for number, output in outputs(notebook)
        if {"image/svg+xml", "image/png"} & {*output.get("data", {})}
    }
    return [
        f"cell {number}: draws a picture, so it needs the tag hide-input"
        for number, cell in cells(notebook, "code")
        if number in drawn and not {"hide-input", "hide-cell"} & {*tags(cell)}
    ]


def solutions_are_folded(notebook: NotebookNode) -> list[str]:
    """A solution is folded on the site by its tag and on Colab by its form view; it needs both, and a title."""
    faults = []
    solutions = 0
    for number, cell in cells(notebook, "code"):
        if shared_cells.title(cell.source) in shared_cells.cells():
            continue
        titled = re.match(r"# @title Solution \d+\n", cell.source)
        folded = "hide-cell" in tags(cell) and cell.metadata.get("cellView") == "form"
        solutions += bool(titled)
        if bool(titled) != folded:
            faults.append(
                f"cell {number}: a solution needs '# @title Solution N', the tag hide-cell and cellView: form"
            )
    if not solutions:
        faults.append("no exercise has a solution")
    return faults


RULES = [
    executed_in_order,
    quiet,
    no_absolute_path,
    ignored_outputs_assert,
    only_colab_imports,
    shared_cells_first,
    plain_markdown,
    no_conflict_marks,
    nothing_on_trust,
    figures_have_alt_text,
    links_lead_somewhere,
]
# A notebook whose name has no number is a page to look things up in; only a lesson has a lesson's form.
LESSON_RULES = [has_the_form, says_it_in_short, pictures_come_before_their_code, solutions_are_folded]


def check(path: Path) -> list[str]:
    """Return every fault of one stored notebook, each with the name of its file."""
    try:
        read_notebook(path)
    except SyncError as error:
        return [str(error)]
    notebook = nbformat.read(path, as_version=4)
    rules = RULES + LESSON_RULES * bool(re.match(r"\d\d-", path.name))
    faults = [fault for rule in rules for fault in rule(notebook)]
    if path.stat().st_size > MAX_BYTES:
        faults.append(
            f"{path.stat().st_size:,} bytes stored, more than {MAX_BYTES:,}: draw less in one figure"
        )
    return [f"{path.name}: {fault}" for fault in faults]


def texts() -> list[Path]:
    """Return every text that somebody writes: pages, lessons and the masters of assignments."""
    return sorted([*BOOK.glob("*.md"), *ASSIGNMENTS.glob("*/*.md")])


def check_text(path: Path) -> list[str]:
    """Return what keeps a text from being read: marks of a merge, another encoding, invisible characters."""
    try:
        read_text(path)
    except SyncError as error:
        return [str(error)]
    return []


def main(arguments: list[str]) -> int:
    """Check the named notebooks and texts, or all of them; return the exit code."""
    paths = [Path(argument) for argument in arguments] or [*sorted(NOTEBOOKS.glob("*.ipynb")), *texts()]
    faults = [
        fault for path in paths for fault in (check_text(path) if path.suffix == ".md" else check(path))
    ]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
