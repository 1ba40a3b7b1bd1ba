"""Read what people bring: a text from any editor, a notebook from any program that saves notebooks.

What says nothing about the lesson is left out and named: metadata of editors, byte order marks, line ends of Windows.
What a lesson's text cannot hold is refused in a sentence that names the file, the place and what to do. Cells are
counted from 0, as in `authoring/lesson_rules.py`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

from course.conflicts import conflict_marks

TEXT_FORMAT = {"extension": ".md", "format_name": "myst"}

# Metadata of cells that mean something in the course. All else was written by a program, for itself.
CELL_METADATA = ("tags", "mystnb", "cellView", "nbgrader")
NOTEBOOK_METADATA = ("kernelspec", "language_info", "jupytext", "sync")
CELL_PARTS = {
    "markdown": ("cell_type", "id", "metadata", "source", "attachments"),
    "raw": ("cell_type", "id", "metadata", "source", "attachments"),
    "code": ("cell_type", "id", "metadata", "source", "outputs", "execution_count"),
}
OUTPUT_PARTS = {
    "stream": ("output_type", "name", "text"),
    "display_data": ("output_type", "data", "metadata"),
    "execute_result": ("output_type", "data", "metadata", "execution_count"),
    "error": ("output_type", "ename", "evalue", "traceback"),
}
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
PYTHON = ("python", "python3", "ipython", "ipython3", "ipython2")

# Some programs see a line end in these, others a character, others nothing: they would change on the way.
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]")
# a letter and the accents that follow it, as macOS spells é in the names of files
SPELLED_APART = re.compile("[^\\W\\d_][\u0300-\u036f]+")
CODE_IN_MARKDOWN = re.compile(r"(^```.*?^```|^~~~.*?^~~~|`[^`\n]*`)", re.M | re.S)
PICTURE_IN_TEXT = re.compile(
    r"""(?:\]\(\s*<?|src\s*=\s*["']?|^\s*\[[^\]]+\]:\s*<?)data:image/""", re.M | re.I
)
ATTACHED = re.compile(
    r"""(?:\]\(\s*<?|src\s*=\s*["']?|^\s*\[[^\]]+\]:\s*<?)attachment:([^)\s>"']+)""", re.M | re.I
)


class SyncError(Exception):
    """What cannot be taken, or brought together, without a decision of the author; its text is a sentence for them."""


class UnreadableError(SyncError):
    """A file that is no notebook."""


class ConflictError(UnreadableError):
    """A notebook in which git left the marks of an unfinished merge."""


def digest(text: str) -> str:
    """Return a short SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def called(path: Path) -> str:
    """Return how a file is named in messages: with its folder."""
    return f"{path.parent.name}/{path.name}"


def place(number: int, cell: NotebookNode) -> str:
    """Return how a cell is named in messages: by its number and by how it begins."""
    return f"cell {number} ({cell.source.strip().split(chr(10))[0][:50]!r})"


# -- bytes ---------------------------------------------------------------------------------------------------------


def decoded(path: Path, notes: list[str]) -> str:
    """Return the text of a file in UTF-8, without a byte order mark and with line ends as on Linux."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise UnreadableError(
            f"{called(path)} is saved as UTF-16 or UTF-32, and UTF-8 is needed: "
            "save it again with the encoding UTF-8, then run make sync"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(
            f"{called(path)}, line {line}: the byte 0x{data[error.start]:02x} is not UTF-8: "
            "save the file again with the encoding UTF-8, then run make sync"
        ) from None
    if text.startswith("\ufeff"):
        text = text.removeprefix("\ufeff")
        notes.append("a byte order mark")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        notes.append("line ends of Windows")
    return text


def read_text(path: Path, notes: list[str] | None = None) -> str:
    """Return the text of a page, refused if it is empty, in an unfinished merge, or holds invisible characters."""
    text = decoded(path, [] if notes is None else notes)
    if not text.strip():
        raise SyncError(
            f"{called(path)} is empty, and text was expected: put the text back, for example with "
            f"git checkout {called(path)}; or delete the file, and make sync makes it from the notebook"
        )
    refuse_marks(text, called(path))
    refuse_unsafe(text, called(path))
    return text


def refuse_marks(text: str, where: str, unit: str = "line") -> None:
    """Readers would see the marks of a merge that nobody finished, and both versions."""
    if marks := conflict_marks(text):
        number, mark = marks[0]
        raise SyncError(
            f"{where}, {unit} {number}: {mark!r} is a mark of an unfinished merge: keep what is right of the two "
            "versions, delete all marks, then run make sync"
        )


def refuse_unsafe(text: str, where: str) -> None:
    """Invisible characters that programs read in different ways would come back changed."""
    if found := UNSAFE.search(text):
        character = found[0]
        line = text[: found.start()].count("\n") + 1
        name = unicodedata.name(character, "a control character")
        raise SyncError(
            f"{where}, line {line}: the invisible character U+{ord(character):04X} ({name.lower()}) stands after "
            f"{text[: found.start()].split(chr(10))[-1][-20:]!r}: delete it, or write it as an escape, "
            "then run make sync"
        )


# -- the two forms -------------------------------------------------------------------------------------------------


def text_as_notebook(path: Path, notes: list[str] | None = None) -> NotebookNode:
    """Return a lesson's text as a notebook with the cells that the course uses; its cells have no ids of meaning."""
    notes = [] if notes is None else notes
    text = read_text(path, notes)
    refuse_header(text, called(path))
    try:
        notebook = jupytext.reads(text, fmt=TEXT_FORMAT)
    except Exception as error:  # jupytext lets through whatever its YAML and Markdown readers raise
        reason = str(error).strip().split("\n")[0]
        raise SyncError(
            f"{called(path)} cannot be read as a MyST notebook ({reason}): put right the options below its "
            "```{code-cell} lines, then run make sync"
        ) from error
    return cleaned(notebook, path, notes)


def refuse_header(text: str, where: str) -> None:
    """Only the two keys that every lesson has come back from a notebook; others would be lost."""
    header = re.match(r"---\n(.*?)^---\s*$", text, re.M | re.S)
    try:
        found = yaml.safe_load(header[1]) if header else {}
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 2 if getattr(error, "problem_mark", None) else 1
        raise SyncError(
            f"{where}, line {line}: the header is no YAML: copy the header of another lesson, then run make sync"
        ) from None
    if header and isinstance(found, dict):
        for key in found:
            if key not in ("jupytext", "kernelspec"):
                line = text[: re.search(rf"^{re.escape(str(key))}\b", text, re.M).start()].count("\n") + 1
                raise SyncError(
                    f"{where}, line {line}: the header has {key!r}, and only jupytext and kernelspec are kept in a "
                    "notebook: delete it, then run make sync"
                )


def read_notebook(path: Path, notes: list[str] | None = None) -> NotebookNode:
    """Return a notebook of any program in format 4.5, with the cells and metadata that the course uses.

    Raises ConflictError if git left marks in the file, UnreadableError if it is no notebook, SyncError if it holds
    what a text cannot.
    """
    notes = [] if notes is None else notes
    text = decoded(path, notes)
    if re.search(r"^(?:<{7}|>{7}|\|{7})", text, re.M):
        line = conflict_marks(text)[0][0] if conflict_marks(text) else 1
        raise ConflictError(
            f"{called(path)}, line {line}: git left the marks of an unfinished merge, so it is no notebook now: run "
            "make sync, which makes it anew from the text"
        )
    notebook = parsed(text, path)
    whole = "sync" in notebook.metadata and all("id" in cell for cell in notebook.cells)
    return cleaned(notebook, path, notes, None if whole else committed(path))


def parsed(text: str, path: Path) -> NotebookNode:
    """Return the notebook that is written in a file, in format 4, whichever it was saved in."""
    again = (
        f"put it back, for example with git checkout {called(path)}, or run make sync LESSON={path.stem} KEEP=book, "
        "which makes it anew from the text"
    )
    if not text.strip():
        raise UnreadableError(f"{called(path)} is empty, and a notebook was expected: {again}")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"{called(path)}, line {error.lineno}: this is not JSON ({error.msg}), so the file is no notebook or only "
            f"a part of one: {again}"
        ) from None
    except RecursionError:
        raise UnreadableError(f"{called(path)} is nested too deeply for a notebook: {again}") from None
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise UnreadableError(f"{called(path)} is JSON but no notebook, for it has no cells: {again}")
    version = data.get("nbformat")
    if version not in (3, 4):
        raise UnreadableError(
            f"{called(path)} is a notebook of format {version!r}, and 3 or 4 was expected: "
            "open it in JupyterLab, save it, then run make sync"
        )
    try:
        if version == 3:
            lifted = nbformat.convert(nbformat.v3.nbjson.reads(text), 4)
            for cell in lifted.cells:
                cell.pop("id", None)  # format 3 has none, and nbformat makes others each time
            return lifted
        complete(data, path)
        return nbformat.v4.nbjson.reads(json.dumps(data))
    except UnreadableError:
        raise
    except Exception as error:  # nbformat expects that its readers get what its schema describes
        raise UnreadableError(
            f"{called(path)} says that it is a notebook, but cannot be read as one ({error!r}): {again}"
        ) from error


def complete(data: dict, path: Path) -> None:
    """Add what older or careless programs leave out of a notebook of format 4, and refuse what is no cell."""
    if not isinstance(data.get("metadata"), dict):
        data["metadata"] = {}
    if not isinstance(data["cells"], list):
        data["cells"] = [data["cells"]]
    for number, cell in enumerate(data["cells"]):
        source = cell.get("source") if isinstance(cell, dict) else None
        lines = source if isinstance(source, list) else [source]
        if (
            not isinstance(cell, dict)
            or cell.get("cell_type") not in CELL_PARTS
            or not all(isinstance(line, str) for line in lines)
        ):
            raise UnreadableError(
                f"{called(path)}, cell {number}: it is neither Markdown, code nor raw text with a source: "
                "delete it in JupyterLab or put the file back with git checkout, then run make sync"
            )
        if not isinstance(cell.get("metadata"), dict):
            cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["outputs"] = cell.get("outputs") or []
            cell.setdefault("execution_count", None)


def our_side(path: Path) -> NotebookNode | None:
    """Return a notebook with marks of a merge as it is on the branch that was merged into, or None.

    Only its ids are of use then; what it says is in the text.
    """
    kept, side = [], "both"
    try:
        for line in decoded(path, []).split("\n"):
            if line.startswith("<<<<<<<"):
                side = "ours"
            elif line.startswith("|||||||") and side == "ours":
                side = "base"
            elif line == "=======" and side in ("ours", "base"):
                side = "theirs"
            elif line.startswith(">>>>>>>"):
                side = "both"
            elif side in ("both", "ours"):
                kept.append(line)
        return cleaned(parsed("\n".join(kept), path), path, [])
    except SyncError:
        return None


def committed(path: Path) -> NotebookNode | None:
    """Return a notebook as it is in git's last commit, or None: it knows what another program has taken out."""
    try:
        done = subprocess.run(
            ["git", "show", f"HEAD:./{path.name}"], cwd=path.parent, capture_output=True, check=False
        )
        return cleaned(parsed(done.stdout.decode(), path), path, []) if done.returncode == 0 else None
    except (OSError, UnicodeDecodeError, SyncError):
        return None


# -- what both forms go through ------------------------------------------------------------------------------------


def cleaned(
    notebook: NotebookNode, path: Path, notes: list[str], before: NotebookNode | None = None
) -> NotebookNode:
    """Return a notebook with only what the course uses, in format 4.5; `notes` gets the names of what was left out.

    `before` is the same notebook at an earlier time: it lends the ids, and the memory of the last sync, that are gone.
    """
    left_out: dict[str, None] = {}
    refuse_another_language(notebook, path)
    for number, cell in enumerate(notebook.cells):
        cell.source = cell.source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").rstrip()
        where = f"{called(path)}, {place(number, cell)}"
        refuse_raw(cell, where)
        refuse_pictures(cell, where)
        if "nbdime-conflicts" in cell.metadata:
            raise SyncError(
                f"{where}: nbdime left an unfinished merge in its metadata: finish it with nbdime mergetool, "
                "then run make sync"
            )
        refuse_marks(cell.source, where)
        refuse_unsafe(cell.source, where)
        left_out |= dict.fromkeys(clean_cell(cell))
        if cell.cell_type == "markdown" and compose(cell):
            left_out["accents apart from their letters"] = None
    if empty := [cell for cell in notebook.cells if not cell.source and not cell.metadata]:
        notebook.cells = [cell for cell in notebook.cells if cell not in empty]
        left_out["empty cells"] = None
    if not notebook.cells:
        raise SyncError(
            f"{called(path)} has no cells, and a lesson was expected: put it back, for example with "
            f"git checkout {called(path)}; or delete the file, and make sync makes it from the other form"
        )
    left_out |= dict.fromkeys(sorted(set(notebook.metadata) - set(NOTEBOOK_METADATA)))
    notes += left_out
    give_ids(notebook, before)
    memory = notebook.metadata.get("sync") or (before.metadata.get("sync") if before else None)
    notebook.metadata = nbformat.from_dict({"sync": memory} if isinstance(memory, dict) else {})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        places = [f"cell {part}" for part in list(error.absolute_path)[1:2]] if error.absolute_path else []
        raise UnreadableError(
            f"{', '.join([called(path), *places])}: this is not what a notebook may hold "
            f"({error.message[:100]}): put it right in JupyterLab, or put the file back with git checkout"
        ) from None
    return notebook


def refuse_another_language(notebook: NotebookNode, path: Path) -> None:
    """A lesson runs in one Python kernel; in another language nothing of it would."""
    named = [
        notebook.metadata.get(part, {}).get(key)
        for part, key in (("kernelspec", "language"), ("language_info", "name"))
        if isinstance(notebook.metadata.get(part, {}), dict)
    ]
    named += [
        cell.metadata["vscode"].get("languageId")
        for cell in notebook.cells
        if cell.cell_type == "code" and isinstance(cell.metadata.get("vscode"), dict)
    ]
    for language in named:
        if isinstance(language, str) and language.lower() not in PYTHON:
            raise SyncError(
                f"{called(path)}: it is written for {language}, or one of its cells is, and a lesson is Python: "
                "choose a Python kernel for it and Python for every code cell, then run make sync"
            )


def refuse_raw(cell: NotebookNode, where: str) -> None:
    """A text has no raw cells: readers would see as prose what was not meant for them."""
    if cell.cell_type == "raw":
        raise SyncError(
            f"{where}: a raw cell, and a lesson holds only Markdown and code: "
            "delete it or make it a Markdown cell, then run make sync"
        )


def refuse_pictures(cell: NotebookNode, where: str) -> None:
    """A pasted picture is bytes in the notebook: a text has no place for them, and nobody can review them."""
    names = list(cell.get("attachments") or {})
    prose = CODE_IN_MARKDOWN.sub("", cell.source) if cell.cell_type == "markdown" else ""
    found = names or ATTACHED.findall(prose) or (["data:image/…"] if PICTURE_IN_TEXT.search(prose) else [])
    if found:
        raise SyncError(
            f"{where}: the picture {', '.join(found)} was pasted into it, and a lesson's text cannot hold a picture: "
            "draw it in a code cell, or put it on the web and link to it as https://…. Then copy the cell's words "
            "into a new cell, delete this one, and run make sync"
        )


def clean_cell(cell: NotebookNode) -> list[str]:
    """Take out of a cell what the course does not use, and return the names of it."""
    gone = [part for part in cell if part not in CELL_PARTS[cell.cell_type]]
    for part in [*gone, *(["attachments"] if "attachments" in cell else [])]:
        del cell[part]
    gone += [key for key in cell.metadata if key not in CELL_METADATA]
    kept = {key: value for key, value in cell.metadata.items() if key in CELL_METADATA}
    # in the order of the alphabet, as nbformat writes them: an editor may store them in its own
    cell.metadata = nbformat.from_dict(json.loads(json.dumps(kept, sort_keys=True)))
    if not cell.metadata.get("tags", True):
        del cell.metadata["tags"]  # JupyterLab leaves an empty list when its property inspector was open
    if cell.metadata.get("cellView") in ("both", "code"):
        del cell.metadata["cellView"]  # Colab's default
    for output in cell.get("outputs", []):
        gone += clean_output(output)
    return gone


def clean_output(output: NotebookNode) -> list[str]:
    """Take out of an output what a program wrote for itself, and return the names of it."""
    gone = [part for part in output if part not in OUTPUT_PARTS.get(output.get("output_type"), output)]
    for part in gone:
        del output[part]
    if "metadata" in output:  # sizes of pictures are filed under their media type, all else is an editor's
        gone += [key for key in output.metadata if "/" not in key]
        output.metadata = nbformat.from_dict(
            {key: value for key, value in output.metadata.items() if "/" in key}
        )
    for kind in [kind for kind in output.get("data", {}) if kind.startswith("application/vnd.google.colab")]:
        del output.data[kind]
        gone.append(kind)
    return gone


def compose(cell: NotebookNode) -> bool:
    """Spell letters with accents as one character in prose; tell whether any was not.

    The two spellings look the same, but search finds only one. Code, also in Markdown, stays as it is: a string of
    two characters may be meant. So does what has no spelling as one character, such as x̂.
    """
    parts = CODE_IN_MARKDOWN.split(cell.source)
    parts[::2] = [
        SPELLED_APART.sub(lambda found: unicodedata.normalize("NFC", found[0]), part) for part in parts[::2]
    ]
    before, cell.source = cell.source, "".join(parts)
    return cell.source != before


# -- ids -----------------------------------------------------------------------------------------------------------


def give_ids(notebook: NotebookNode, before: NotebookNode | None) -> None:
    """Give every cell a valid id of its own: its own, that of the cell of `before` that it continues, or a new one."""
    taken: set[str] = set()
    nameless = []
    for position, cell in enumerate(notebook.cells):
        if isinstance(cell.get("id"), str) and CELL_ID.fullmatch(cell.id) and cell.id not in taken:
            taken.add(cell.id)
        else:
            nameless.append(position)
    ancestor = continued(before.cells if before else [], notebook.cells)
    for position in nameless:
        cell = notebook.cells[position]
        earlier = ancestor[position].id if position in ancestor else None
        cell.id = earlier if earlier and earlier not in taken else fresh_id(cell, taken)
        taken.add(cell.id)


def continued(old: Iterable[NotebookNode], new: Iterable[NotebookNode]) -> dict[int, NotebookNode]:
    """Return for the positions of `new` the cells of `old` that they continue: unchanged, or rewritten in place."""
    matcher = difflib.SequenceMatcher(
        None,
        [(cell.cell_type, cell.source) for cell in old],
        [(cell.cell_type, cell.source) for cell in new],
        autojunk=False,
    )
    ancestor: dict[int, NotebookNode] = {}
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            pairs = zip(range(i1, i2), range(j1, j2), strict=False)
            ancestor |= {j: old[i] for i, j in pairs if old[i].cell_type == new[j].cell_type}
    return ancestor


def fresh_id(cell: NotebookNode, taken: set[str]) -> str:
    """Return an id made from the cell's content that no other cell of the notebook has."""
    serial = 0
    while (new := digest(f"{cell.cell_type}\0{cell.source}\0{serial}")[:8]) in taken:
        serial += 1
    return new
