"""What editors, services and git leave in a lesson goes through unharmed, or is refused in words."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from editors import EDITORS

from authoring import lesson_rules, masters, sync
from course import conflicts
from course.paths import NOTEBOOKS
from website import build

TEXT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  name: python3
---

# 1 · A lesson

Some prose.

More prose of this cell.

Its end.

```{code-cell}
:tags: [hide-input]

x = 2
print("x is", x)
```

Prose between.

```{code-cell}
print("twice is", 2 * x)
```

## Sources

The last words.
"""


def run(notebook, _folder):
    """Stand in for a kernel: every cell ran in order, and its output says what ran."""
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        cell.execution_count = count
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"ran {cell.source}")]


class Pair:
    """A lesson in a folder of its own, synced."""

    def __init__(self, root):
        self.root = root
        self.text, self.stored = root / "book" / "01-a.md", root / "notebooks" / "01-a.ipynb"

    def sync(self, **options):
        return sync.sync("01-a", self.root, **options)

    def check(self):
        return sync.check("01-a", self.root)

    def bytes(self):
        return self.text.read_bytes(), self.stored.read_bytes()

    def json(self):
        return json.loads(self.stored.read_text(encoding="utf-8"))

    def save(self, notebook):
        self.stored.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")

    def ids(self):
        return [cell["id"] for cell in self.json()["cells"]]

    def edit(self, path, old, new):
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    def git(self, *arguments, check=True):
        return subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
            cwd=self.root,
            check=check,
            capture_output=True,
            text=True,
        )

    def commit(self, message="an edit"):
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "book", "notebooks")
        self.git("commit", "-qm", message)


@pytest.fixture
def pair(tmp_path, monkeypatch):
    monkeypatch.setattr(sync, "ROOT", tmp_path)
    monkeypatch.setattr(sync, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(sync, "execute", run)
    made = Pair(tmp_path)
    made.text.parent.mkdir()
    made.stored.parent.mkdir()
    made.text.write_text(TEXT, encoding="utf-8")
    assert made.sync().endswith("wrote 01-a.ipynb")
    return made


def refused(pair, *says, **options):
    """Say that sync refuses a pair in one sentence that holds all of `says`, and changes neither file."""
    before = pair.bytes()
    with pytest.raises(sync.SyncError) as error:
        pair.sync(**options)
    assert pair.bytes() == before
    sentence = str(error.value)
    assert "\n" not in sentence
    for words in says:
        assert words in sentence, sentence
    return sentence


# -- notebooks of other programs -----------------------------------------------------------------------------------


def as_saved_by(notebook, editor):
    """Return a notebook as another program saves it, not a word of it edited."""
    memory = notebook["metadata"].get("sync")
    notebook["metadata"] = dict(editor["notebook"]) | ({"sync": memory} if editor["ids"] else {})
    notebook["nbformat_minor"] = editor["minor"]
    if editor.get("empty cell"):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "id": "empty",
                "metadata": {},
                "source": [],
                "outputs": [],
                "execution_count": None,
            }
        )
    for cell in notebook["cells"]:
        cell["metadata"] = editor["cell"] | cell["metadata"]
        if not editor["ids"]:
            del cell["id"]
        if cell["cell_type"] == "code":
            cell["metadata"] = editor["code"] | cell["metadata"]
        for output in cell.get("outputs", []):
            if output["output_type"] != "stream":
                output["metadata"] = output["metadata"] | editor.get("output", {})
    return notebook


@pytest.mark.parametrize("name", EDITORS)
def test_a_save_without_an_edit_changes_nothing(pair, name, capsys):
    pair.commit()
    before = pair.bytes()
    pair.save(as_saved_by(pair.json(), EDITORS[name]))
    assert pair.check()
    assert pair.sync() == "nothing to do"
    assert pair.bytes() == before
    assert pair.check() == []
    told = capsys.readouterr().err
    foreign = {key for part in ("cell", "code") for key in EDITORS[name][part]}
    foreign -= {"tags", "cellView", "trusted"}  # two are ours, and nbformat never reads the third
    assert [key for key in foreign if key not in told] == []
    assert "01-a.ipynb: left out: " in told


@pytest.mark.parametrize("name", EDITORS)
def test_an_edit_in_another_program_reaches_the_text_and_keeps_the_ids(pair, name):
    pair.edit(pair.text, "The last words.", "The final words.")  # so that an id is not made from the content
    pair.sync()
    pair.commit()
    before, ids = pair.text.read_text(encoding="utf-8"), pair.ids()
    pair.save(as_saved_by(pair.json(), EDITORS[name]))
    pair.edit(pair.stored, "Prose between.", "Prose from elsewhere.")
    assert pair.sync() == "wrote 01-a.ipynb and 01-a.md"
    assert pair.text.read_text(encoding="utf-8") == before.replace("Prose between.", "Prose from elsewhere.")
    assert pair.ids() == ids
    assert pair.check() == []


@pytest.mark.parametrize("name", EDITORS)
def test_a_new_notebook_of_another_program_becomes_a_lesson(pair, name):
    pair.save(as_saved_by(pair.json(), EDITORS[name]))
    pair.text.unlink()
    pair.sync()
    assert pair.text.read_text(encoding="utf-8") == TEXT
    assert len(set(pair.ids())) == len(pair.json()["cells"])
    first = pair.ids()
    pair.save(as_saved_by(pair.json(), EDITORS[name]))
    pair.text.unlink()
    pair.sync()
    assert pair.ids() == first


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize(
    "path", [NOTEBOOKS / "01-sigmoid.ipynb", NOTEBOOKS / "08-keras-softmax-regression.ipynb"]
)
def test_real_lessons_go_through_every_program(pair, name, path):
    text, stored = pair.root / "book" / f"{path.stem}.md", pair.root / "notebooks" / path.name
    before = (path.parent.parent / "book" / text.name).read_bytes(), path.read_bytes()
    text.write_bytes(before[0])
    stored.write_bytes(before[1])
    pair.commit()
    notebook = as_saved_by(json.loads(before[1]), EDITORS[name])
    stored.write_text(json.dumps(notebook), encoding="utf-8")
    assert sync.sync(path.stem, pair.root) == "nothing to do"
    assert (text.read_bytes(), stored.read_bytes()) == before


BAD_IDS = {
    "two cells with one id": ["same", "same", "same", "same", "same"],
    "characters that no id has": ["a b", "ü", "a/b", "", "ok"],
    "too long": ["x" * 65, "y" * 64, "z", "x" * 65, "w"],
    "no texts": [1, None, ["a"], {}, 2.5],
    "some cells without": ["a", ..., "b", ..., "c"],
}


@pytest.mark.parametrize("name", BAD_IDS)
def test_every_cell_gets_an_id_of_its_own(pair, name):
    notebook = pair.json()
    for cell, new in zip(notebook["cells"], BAD_IDS[name], strict=True):
        cell["id"] = new
        if new is ...:
            del cell["id"]
    good = [
        new for new in dict.fromkeys(str(new) for new in BAD_IDS[name]) if re.fullmatch("[a-z]{1,64}", new)
    ]
    pair.save(notebook)
    text = pair.text.read_bytes()
    pair.sync()
    assert pair.text.read_bytes() == text
    assert len(set(pair.ids())) == 5
    assert set(good) <= set(pair.ids())
    nbformat.validate(nbformat.read(pair.stored, as_version=4))
    assert pair.check() == []


def test_a_notebook_of_format_3_is_lifted(pair):
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": "1 · A lesson"},
        {"cell_type": "markdown", "metadata": {}, "source": "Some prose."},
        {
            "cell_type": "code",
            "collapsed": False,
            "input": "1 + 1",
            "language": "python",
            "metadata": {},
            "outputs": [{"output_type": "pyout", "prompt_number": 1, "metadata": {}, "text": "2"}],
            "prompt_number": 1,
        },
    ]
    pair.text.unlink()
    pair.save(
        {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    )
    pair.sync()
    assert "# 1 · A lesson\n" in pair.text.read_text(encoding="utf-8")
    assert "```{code-cell}\n1 + 1\n```" in pair.text.read_text(encoding="utf-8")
    assert pair.check() == []


@pytest.mark.parametrize("part", ["metadata", "outputs", "execution_count"])
def test_what_careless_programs_leave_out_is_added(pair, part):
    notebook = pair.json()
    for cell in notebook["cells"]:
        cell.pop(part, None)
        cell["language"] = "python"
    before = pair.text.read_bytes()
    notebook["cells"][1]["metadata"] = {"tags": ["hide-input"]}
    pair.save(notebook)
    pair.sync()
    assert pair.text.read_bytes() == before
    assert pair.check() == []


def test_what_colab_and_lab_put_into_outputs_is_left_out(pair):
    notebook = pair.json()
    before = pair.bytes()
    notebook["cells"][1]["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {"needs_background": "light", "image/png": {"width": 300}},
            "data": {
                "text/plain": ["2"],
                "application/vnd.google.colaboratory.intrinsic+json": {"type": "string"},
            },
        }
    ]
    pair.save(notebook)
    pair.sync()
    (output,) = pair.json()["cells"][1]["outputs"]
    assert output["metadata"] == {"image/png": {"width": 300}}
    assert list(output["data"]) == ["text/plain"]
    assert pair.text.read_bytes() == before[0]


def test_a_cell_that_was_deleted_in_jupyter_goes_from_the_text(pair):
    notebook = pair.json()
    del notebook["cells"][2]
    pair.save(notebook)
    pair.sync()
    assert "Prose between." not in pair.text.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda n: n["metadata"].update(kernelspec={"display_name": "R", "language": "R", "name": "ir"}),
            "for R",
        ),
        (lambda n: n["metadata"].update(language_info={"name": "julia"}), "for julia"),
        (lambda n: n["cells"][1]["metadata"].update(vscode={"languageId": "shellscript"}), "for shellscript"),
    ],
)
def test_another_language_is_refused(pair, change, says):
    notebook = pair.json()
    change(notebook)
    pair.save(notebook)
    refused(pair, "notebooks/01-a.ipynb", says, "choose a Python kernel")


# -- bytes ---------------------------------------------------------------------------------------------------------

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: MARK + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: MARK + data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.rstrip(b"\n"),
        lambda data: data + b"\n\n",
    ],
    ids=["byte order mark", "Windows", "both", "old Mac", "no last line end", "too many"],
)
@pytest.mark.parametrize("side", ["text", "stored"])
def test_the_way_a_file_is_written_is_put_right(pair, spoil, side):
    before, path = pair.bytes(), getattr(pair, side)
    path.write_bytes(spoil(path.read_bytes()))
    assert pair.check()
    assert pair.sync() in ("nothing to do", "wrote 01-a.md")
    assert pair.bytes() == before
    assert pair.check() == []


def test_tabs_stay(pair):
    pair.edit(pair.text, "Its end.", "- a\tb\n\n\tIts end.")
    pair.edit(pair.text, "x = 2", "if True:\n\tx = 2")
    before = pair.text.read_bytes()
    pair.sync()
    assert pair.text.read_bytes() == before
    assert "if True:\n\tx = 2" in nbformat.read(pair.stored, as_version=4).cells[1].source


@pytest.mark.parametrize("side", ["text", "stored"])
def test_letters_of_macos_are_composed_in_prose_and_left_in_code(pair, side, capsys):
    apart = "e\u0301te\u0301 nai\u0308ve `e\u0301` x\u0302 \u212b"
    path = getattr(pair, side)
    pair.edit(path, "Some prose.", apart)
    quote = '"' if side == "stored" else ""  # the words are in the output too
    pair.edit(path, f"{quote}x = 2", f"{quote}x = 2  # e\u0301")
    pair.sync()
    text = pair.text.read_text(encoding="utf-8")
    assert "\u00e9t\u00e9 na\u00efve `e\u0301` x\u0302 \u212b" in text
    assert "x = 2  # e\u0301" in text
    assert "accents apart from their letters" in capsys.readouterr().err
    assert pair.check() == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (TEXT.encode("utf-16"), ["UTF-16", "UTF-8"]),
        (TEXT.encode("utf-16-be"), ["book/01-a.md"]),
        (TEXT.replace("·", "-").replace("Some", "Sömé").encode("latin-1"), ["line 14", "0x"]),
        (TEXT.replace("·", "-").replace("Some", "“Some”").encode("cp1252"), ["line 14", "0x93"]),
        (b"", ["empty", "git checkout book/01-a.md"]),
        (b"\n \n", ["empty"]),
        (MARK, ["empty"]),
        (TEXT[: TEXT.index("# 1")].encode(), ["no cells"]),
        (TEXT.replace("Some prose", "Some\u2028prose").encode(), ["line 14", "U+2028", "line separator"]),
        (TEXT.replace("Some prose", "Some\x0cprose").encode(), ["line 14", "U+000C"]),
        (TEXT.replace("Some prose", "Some\ufeffprose").encode(), ["line 14", "U+FEFF"]),
        (TEXT.replace("x = 2", "x = 2\0").encode(), ["U+0000"]),
        (
            TEXT.replace("---\njupytext", "---\ntitle: A\njupytext").encode(),
            ["line 2", "'title'", "delete it"],
        ),
        (TEXT.replace("  name: python3", " name: python3").encode(), ["the header is no YAML"]),
        (TEXT.replace(":tags: [hide-input]", ":tags: [hide-input").encode(), ["book/01-a.md"]),
        (TEXT.replace("Its end.", "```{raw-cell}\nx\n```").encode(), ["raw cell"]),
        (TEXT.replace("display_name: Python 3", "display_name: R\n  language: R").encode(), ["for R"]),
    ],
)
def test_a_text_that_cannot_be_taken_is_refused(pair, data, says):
    pair.text.write_bytes(data)
    refused(pair, "book/01-a.md", *says)
    (fault, *_) = pair.check()
    assert fault.startswith("01-a: ")
    assert sync.lessons(pair.root) == ["01-a"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: "", "empty"),
        (lambda text: " \n", "empty"),
        (lambda text: text[: len(text) // 2], "not JSON"),
        (lambda text: "<!DOCTYPE html>\n<title>01-a.ipynb</title>", "line 1: this is not JSON"),
        (lambda text: "version https://git-lfs.github.com/spec/v1\noid sha256:0", "not JSON"),
        (lambda text: "[]", "no cells"),
        (lambda text: '"text"', "no cells"),
        (lambda text: "{}", "no cells"),
        (lambda text: "[" * 100_000, "nested too deeply"),
        (lambda text: text.replace('"nbformat": 4', '"nbformat": 5'), "format 5"),
        (lambda text: text.replace('"nbformat": 4', '"nbformat": "4"'), "format '4'"),
        (lambda text: text.replace('"cell_type": "markdown"', '"cell_type": "prose"'), "cell 0"),
        (lambda text: '{"nbformat": 4, "cells": [null]}', "cell 0"),
        (lambda text: '{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "cell 0"),
        (lambda text: '{"nbformat": 3, "worksheets": 1, "cells": []}', "cannot be read"),
        (lambda text: text.replace('"output_type": "stream"', '"output_type": "river"'), "cell 1"),
        (lambda text: '{"nbformat": 4, "metadata": {}, "cells": []}', "has no cells"),
    ],
)
def test_what_is_no_notebook_is_refused(pair, spoil, says):
    good = pair.stored.read_text(encoding="utf-8")
    pair.stored.write_text(spoil(good), encoding="utf-8")
    refused(pair, "notebooks/01-a.ipynb", says)
    (fault, *_) = pair.check()
    assert says in fault
    (fault, *_) = lesson_rules.check(pair.stored)
    assert says in fault


def test_a_notebook_in_utf_16_is_refused_and_the_text_may_win(pair, capsys):
    good = pair.bytes()
    pair.stored.write_bytes(good[1].decode().encode("utf-16"))
    refused(pair, "notebooks/01-a.ipynb", "UTF-16")
    assert "wrote 01-a.ipynb" in pair.sync(keep="book")
    assert pair.check() == []
    (aside,) = (pair.root / ".cache" / "put-aside").iterdir()
    assert aside.read_bytes().decode("utf-16") == good[1].decode()
    assert aside.name in capsys.readouterr().err


@pytest.mark.parametrize("line", ["+++", "```{code-cell}\nprint(1)\n```", '+++ {"a": 1}'])
def test_a_cell_that_a_text_cannot_hold_is_refused(pair, line):
    notebook = pair.json()
    notebook["cells"][2]["source"] = f"One.\n\n{line}\n\nTwo."
    pair.save(notebook)
    refused(pair, "notebooks/01-a.ipynb, cell 2 ('One.')", "write that line differently")


# -- merges --------------------------------------------------------------------------------------------------------


def two_branches(pair, ours, theirs, *options):
    """Edit and sync one lesson on two branches and merge them; return what git said."""
    pair.commit("the lesson")
    pair.git("checkout", "-qb", "theirs")
    pair.edit(pair.text, *theirs)
    pair.sync()
    pair.commit("theirs")
    pair.git("checkout", "-q", "main")
    pair.edit(pair.text, *ours)
    pair.sync()
    pair.commit("ours")
    return pair.git(*options, "merge", "theirs", check=False).stdout


MERGES = {
    "two cells": (("Some prose.", "Our prose."), ("The last words.", "Their words.")),
    "two neighbouring cells": (("Its end.", "Our end."), ("Prose between.", "Their prose.")),
    "two paragraphs of one cell": (("Some prose.", "Our prose."), ("Its end.", "Their end.")),
    "neighbouring paragraphs": (("Some prose.", "Our prose."), ("More prose of", "Their prose of")),
    "a new paragraph and an edit": (
        ("Some prose.\n", "Some prose.\n\nOurs.\n"),
        ("The last words.", "Theirs."),
    ),
    "a new cell and an edit": (
        ("Prose between.\n", "Prose between.\n\n+++\n\nOurs.\n"),
        ("The last words.", "Theirs."),
    ),
    "prose and code": (("Some prose.", "Our prose."), ("2 * x", "2 * x + 0")),
    "a cell less and an edit": (
        ('```{code-cell}\nprint("twice is", 2 * x)\n```\n\n', ""),
        ("# 1 · A", "# 1 · The"),
    ),
}


@pytest.mark.parametrize("name", MERGES)
def test_two_branches_merge_like_text(pair, name):
    ours, theirs = MERGES[name]
    said = two_branches(pair, ours, theirs)
    assert "CONFLICT" not in said, said
    assert pair.check() == []
    before = pair.bytes()
    assert pair.sync() == "nothing to do"
    assert pair.bytes() == before
    text = pair.text.read_text(encoding="utf-8")
    assert ours[1] in text
    assert theirs[1] in text


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_code_of_two_branches_is_executed_together(pair, style, capsys):
    said = two_branches(
        pair, ("x = 2", "x = 3"), ("2 * x", "2 * x + 1"), "-c", f"merge.conflictStyle={style}"
    )
    assert "CONFLICT (content): Merge conflict in notebooks/01-a.ipynb" in said
    assert said.count("CONFLICT") == 1
    assert "unfinished merge" in pair.check()[0]
    marked, ids = pair.stored.read_bytes(), [cell.id for cell in sync.our_side(pair.stored).cells]
    assert pair.sync().startswith("executed")
    assert pair.check() == []
    assert pair.ids() == ids
    outputs = [cell["outputs"][0]["text"] for cell in pair.json()["cells"] if cell["cell_type"] == "code"]
    assert "x = 3" in "".join(outputs[0])
    assert "2 * x + 1" in "".join(outputs[1])
    (aside,) = (pair.root / ".cache" / "put-aside").iterdir()
    assert aside.read_bytes() == marked
    assert "made anew from the text" in capsys.readouterr().err


def test_one_line_edited_twice_is_refused_until_the_text_is_put_right(pair):
    assert "CONFLICT" in two_branches(pair, ("Some prose.", "Our prose."), ("Some prose.", "Their prose."))
    for keep in (None, "book", "notebooks"):
        refused(pair, "01-a.", "unfinished merge", keep=keep)
    text = pair.text.read_text(encoding="utf-8")
    text = re.sub(r"<<<<<<<.*\n(.*\n)=======\n.*\n>>>>>>>.*\n", r"\1", text)
    pair.text.write_text(text, encoding="utf-8")
    assert "wrote 01-a.ipynb" in pair.sync()
    assert pair.check() == []
    assert "Our prose." in pair.stored.read_text(encoding="utf-8")


def test_a_conflict_of_which_nothing_can_be_read_is_made_anew(pair):
    lines = pair.stored.read_text(encoding="utf-8")
    pair.stored.write_text("<<<<<<< HEAD\n{\n=======\n" + lines + ">>>>>>> theirs\n", encoding="utf-8")
    pair.sync()
    assert pair.check() == []


def test_the_notebook_may_win_over_a_text_with_marks(pair):
    good = pair.text.read_bytes()
    pair.edit(pair.text, "Some prose.", "<<<<<<< HEAD\nSome prose.\n=======\nNo prose.\n>>>>>>> theirs")
    pair.sync(keep="notebooks")
    assert pair.text.read_bytes() == good
    (aside,) = (pair.root / ".cache" / "put-aside").iterdir()
    assert b"No prose." in aside.read_bytes()


def test_a_fresh_clone_knows_which_side_was_edited(pair, tmp_path):
    pair.commit()
    subprocess.run(["git", "clone", "-q", ".", "clone"], cwd=pair.root, check=True)
    clone = Pair(pair.root / "clone")
    assert clone.check() == []
    clone.edit(clone.stored, "Prose between.", "Prose from Jupyter.")
    assert len(clone.check()) == 2
    assert clone.sync() == "wrote 01-a.ipynb and 01-a.md"
    clone.edit(clone.text, "Prose from Jupyter.", "Prose from an editor.")
    assert clone.sync() == "wrote 01-a.ipynb"
    clone.edit(clone.stored, "Some prose.", "Other prose.")
    clone.edit(clone.text, "The last words.", "The end.")
    refused(clone, "both edited")


def test_a_notebook_of_the_time_before_remembers_its_text(pair):
    notebook = pair.json()
    notebook["metadata"]["sync"]["text"] = sync.digest(TEXT)
    pair.save(notebook)
    pair.edit(pair.text, "Some prose.", "Better prose.")
    assert pair.sync() == "wrote 01-a.ipynb"


# -- marks of a merge ----------------------------------------------------------------------------------------------

MARKED = {
    "a whole conflict": "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> feature/typo",
    "with the ancestor": "<<<<<<< HEAD\na\n||||||| 0a1b2c3\nc\n=======\nb\n>>>>>>> feature/typo",
    "the first mark alone": "<<<<<<< Updated upstream\na",
    "the last mark alone": "a\n>>>>>>> Stashed changes",
    "without names": "<<<<<<<\na\n=======\nb\n>>>>>>>",
    "the middle alone": "a\n\n=======\nb",
    "with line ends of Windows": "<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> b",
    "of nbdime": '<span style="color:red">**<<<<<<< local**</span>',
}
NO_MARKS = {
    "a heading": "Heading\n=======\n\nText.",
    "a longer line": "a\n\n========\n\n<<<<<<<<",
    "a quotation": "> > > > > > > deep\n\n>>>>>> six",
    "in a sentence": "Git writes `<<<<<<< HEAD` and >>>>>>> there.",
    "indented": "    <<<<<<< HEAD\n    =======\n    >>>>>>> b",
}


@pytest.mark.parametrize("name", MARKED)
def test_marks_of_a_merge_are_found_everywhere(pair, name, tmp_path):
    pair.text.write_bytes(TEXT.replace("Its end.", MARKED[name]).encode())
    sentence = refused(pair, "book/01-a.md, line ", "unfinished merge", "delete all marks")
    assert lesson_rules.check_text(pair.text) == [sentence]
    assert lesson_rules.main([str(pair.text)]) == 1
    assert "unfinished merge" in pair.check()[0]
    assert any("book/01-a.md, line " in line for line in build.unfinished_merges(pair.root))

    cell = nbformat.v4.new_markdown_cell(MARKED[name].replace("\r", ""))
    pair.text.write_text(TEXT, encoding="utf-8")
    notebook = pair.json()
    notebook["cells"][2]["source"] = cell.source
    pair.save(notebook)
    refused(pair, "notebooks/01-a.ipynb, cell 2", "unfinished merge")
    pair.stored.write_text(nbformat.writes(nbformat.from_dict(notebook)), encoding="utf-8")
    assert any("notebooks/01-a.ipynb, line" in line for line in build.unfinished_merges(pair.root))
    faults = lesson_rules.no_conflict_marks(nbformat.v4.new_notebook(cells=[cell]))
    assert all("cell 0" in fault for fault in faults)
    assert faults


@pytest.mark.parametrize("name", NO_MARKS)
def test_what_only_looks_like_a_mark_is_left_alone(pair, name):
    assert conflicts.conflict_marks(NO_MARKS[name]) == []
    pair.edit(pair.text, "Its end.", NO_MARKS[name])
    assert pair.sync() == "wrote 01-a.ipynb"
    assert lesson_rules.check_text(pair.text) == []
    assert build.unfinished_merges(pair.root) == []


def test_marks_in_the_code_of_a_text_are_found(pair):
    pair.edit(pair.text, "x = 2", "<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> theirs")
    refused(pair, "book/01-a.md, line 23", "'<<<<<<< HEAD'")


def test_a_cell_that_nbdime_could_not_merge_is_refused(pair):
    notebook = pair.json()
    notebook["cells"][1]["metadata"]["nbdime-conflicts"] = {"local_diff": [], "remote_diff": []}
    pair.save(notebook)
    refused(pair, "cell 1", "nbdime mergetool")


@pytest.mark.parametrize(
    "file", ["index.md", "book/questions.md", "assignments/b1/b1.md", "notebooks/01-a.ipynb"]
)
def test_no_site_is_built_from_an_unfinished_merge(tmp_path, file):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# A page\n\n- a\n<<<<<<< HEAD\n- b\n=======\n- c\n>>>>>>> theirs\n", encoding="utf-8")
    code, log = build.build(tmp_path)
    assert code == 1
    faults = build.troubles(log)
    assert len(faults) == 3
    assert f"{file}, line 4: ERROR: '<<<<<<< HEAD'" in faults[0]


def test_a_master_in_an_unfinished_merge_is_refused(tmp_path, capsys):
    folder = tmp_path / "assignments" / "b1"
    folder.mkdir(parents=True)
    (folder / "questions.py").write_text("QUESTIONS = []\n", encoding="utf-8")
    (folder / "b1.md").write_text(TEXT.replace("Its end.", MARKED["a whole conflict"]), encoding="utf-8")
    for options in ([], ["--check"], ["--no-execution"]):
        assert masters.main(options, tmp_path) == 1
        told = capsys.readouterr()
        assert "b1/b1.md, line 18: '<<<<<<< HEAD'" in told.out + told.err
    (folder / "b1.md").write_text(TEXT.replace("Its end.", "```{raw-cell}\nx\n```"), encoding="utf-8")
    assert masters.main(["--check"], tmp_path) == 1
    assert "raw cell" in capsys.readouterr().out


@pytest.mark.parametrize("path", lesson_rules.texts(), ids=lambda path: path.stem)
def test_every_text_of_the_course_can_be_read(path):
    assert lesson_rules.check_text(path) == []


# -- what a text cannot hold ---------------------------------------------------------------------------------------

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
PICTURES = {
    "pasted in JupyterLab": ("![a pixel](attachment:pixel.png)", {"pixel.png": {"image/png": PIXEL}}),
    "no longer linked": ("No picture.", {"pixel.png": {"image/png": PIXEL}}),
    "as HTML": ('<img src="attachment:pixel.png">', {"pixel.png": {"image/png": PIXEL}}),
    "lost before": ("![a pixel](attachment:pixel.png)", {}),
    "pasted in Colab": (f"![pixel.png](data:image/png;base64,{PIXEL})", None),
    "HTML with its bytes": (f"<img width=3 src='data:image/png;base64,{PIXEL}'>", None),
    "at the end, as Colab does": (f"![a pixel][1]\n\n[1]: data:image/png;base64,{PIXEL}", None),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_pasted_picture_is_refused(pair, name):
    source, attachments = PICTURES[name]
    notebook = pair.json()
    notebook["cells"][2]["source"] = f"A picture.\n\n{source}"
    if attachments is not None:
        notebook["cells"][2]["attachments"] = attachments
    pair.save(notebook)
    refused(
        pair, "notebooks/01-a.ipynb, cell 2 ('A picture.')", "picture", "draw it in a code cell", "https://"
    )
    refused(pair, "picture", keep="notebooks")
    assert "picture" in pair.check()[0]


def test_an_empty_list_of_pictures_is_left_out(pair):
    notebook, before = pair.json(), pair.bytes()
    notebook["cells"][2]["attachments"] = {}
    pair.save(notebook)
    assert pair.sync() == "nothing to do"
    assert pair.bytes() == before


def test_words_about_attachments_are_no_picture(pair):
    pair.edit(pair.text, "Its end.", "`![a](attachment:b.png)` and attachment: or data:image/png in words.")
    assert pair.sync() == "wrote 01-a.ipynb"


@pytest.mark.parametrize("metadata", [{}, {"raw_mimetype": "text/html"}, {"format": "text/latex"}])
def test_a_raw_cell_is_refused(pair, metadata):
    notebook = pair.json()
    raw = {"cell_type": "raw", "id": "raw1", "metadata": metadata, "source": ["Not to be shown."]}
    notebook["cells"].insert(3, raw)
    pair.save(notebook)
    refused(pair, "notebooks/01-a.ipynb, cell 3 ('Not to be shown.')", "raw cell", "make it a Markdown cell")


# -- scripts, names, disks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.rglob("*.ipynb")), ids=lambda path: path.stem)
def test_save_as_script_gives_a_py(path):
    """JupyterLab and nbconvert take the ending of the script from here."""
    language = json.loads(path.read_text(encoding="utf-8"))["metadata"]["language_info"]
    assert language == {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}


@pytest.mark.parametrize(
    "name", ["01-a", "01-a.md", "book/01-a.md", "notebooks/01-a.ipynb", "./book/01-a.md", "/x/01-a.ipynb"]
)
def test_a_lesson_may_be_named_by_its_path(pair, name, monkeypatch, capsys):
    there, once = sync.lessons(pair.root), sync.sync
    monkeypatch.setattr(sync, "lessons", lambda: there)
    monkeypatch.setattr(sync, "sync", lambda name, **options: once(name, pair.root))
    assert sync.main([name]) == 0
    assert capsys.readouterr().out == "01-a: nothing to do\n"


@pytest.mark.parametrize("side", ["text", "stored"])
def test_a_file_that_somebody_protected_stays(pair, side):
    getattr(pair, side).chmod(0o444)
    pair.edit(pair.stored if side == "text" else pair.text, "Some prose.", "Other prose.")
    refused(pair, getattr(pair, side).name, "read-only", "chmod u+w")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("edited", ["text", "stored"])
@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_full_disk_or_ctrl_c_loses_no_edit(pair, error, edited, fails_at, monkeypatch, capsys):
    pair.edit(getattr(pair, edited), "Some prose.", "Edited prose.")
    there, once, write = sync.lessons(pair.root), sync.sync, sync.write_if_changed
    calls = []

    def fail(path, text):
        calls.append(path)
        if len(calls) == fails_at:
            raise error
        return write(path, text)

    with monkeypatch.context() as failing:
        failing.setattr(sync, "lessons", lambda: there)
        failing.setattr(sync, "sync", lambda name, **options: once(name, pair.root))
        failing.setattr(sync, "write_if_changed", fail)
        assert sync.main([]) in (1, 130)
        told = capsys.readouterr().out
    assert "no file was left half written" in told
    pair.sync()
    assert all(b"Edited prose." in content for content in pair.bytes())
    assert pair.check() == []


def test_a_file_with_other_line_ends_is_written_again(tmp_path):
    path = Path(tmp_path / "a.md")
    path.write_bytes(b"a\r\nb\r\n")
    assert sync.write_if_changed(path, "a\nb\n")
    assert path.read_bytes() == b"a\nb\n"
