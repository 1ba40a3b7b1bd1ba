"""`authoring/sync.py` on small notebooks in a folder of their own, with a real kernel."""

import nbformat
import pytest

from authoring import sync

TEXT = """---
kernelspec:
  display_name: Python 3
  name: python3
---

# 1 · A lesson

Some prose.

```{code-cell} ipython3
:tags: [a-tag]

x = 2
print("x is", x)
```

More prose.

```{code-cell} ipython3
print("twice is", 2 * x)
```
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, synced; returns the paths of its text and its notebook."""
    (tmp_path / "book").mkdir()
    (tmp_path / "notebooks").mkdir()
    text, stored = tmp_path / "book" / "01-a.md", tmp_path / "notebooks" / "01-a.ipynb"
    text.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(sync, "ROOT", tmp_path)
    monkeypatch.setattr(sync, "CACHE", tmp_path / ".cache")
    assert "executed" in sync.sync("01-a", tmp_path)
    return text, stored


def edit(path, old, new):
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def printed(stored):
    cells = nbformat.read(stored, as_version=4).cells
    return [output.text.strip() for cell in cells for output in cell.get("outputs", [])]


def ids(stored):
    return [cell.id for cell in nbformat.read(stored, as_version=4).cells]


def never(*_):
    raise AssertionError("this must not be executed")


def test_first_sync_executes_and_stores(course):
    text, stored = course
    assert printed(stored) == ["x is 2", "twice is 4"]
    assert sync.check("01-a", text.parent.parent) == []
    assert sync.is_executed(nbformat.read(stored, as_version=4))


def test_second_sync_changes_no_byte_and_executes_nothing(course, monkeypatch):
    text, stored = course
    before = text.read_bytes(), stored.read_bytes()
    monkeypatch.setattr(sync, "execute", never)
    assert sync.sync("01-a", text.parent.parent) == "nothing to do"
    assert (text.read_bytes(), stored.read_bytes()) == before


def test_forced_sync_executes_and_changes_no_byte(course):
    text, stored = course
    before = text.read_bytes(), stored.read_bytes()
    assert "executed" in sync.sync("01-a", text.parent.parent, force=True)
    assert (text.read_bytes(), stored.read_bytes()) == before


def test_prose_edit_is_carried_over_without_executing(course, monkeypatch):
    text, stored = course
    before = ids(stored)
    edit(text, "More prose.", "Better prose.")
    monkeypatch.setattr(sync, "execute", never)
    assert "wrote 01-a.ipynb" in sync.sync("01-a", text.parent.parent)
    assert "Better prose." in stored.read_text(encoding="utf-8")
    assert ids(stored) == before
    assert printed(stored) == ["x is 2", "twice is 4"]


def test_code_edit_executes_and_keeps_ids(course):
    text, stored = course
    before = ids(stored)
    edit(text, "x = 2", "x = 3")
    assert "executed" in sync.sync("01-a", text.parent.parent)
    assert printed(stored) == ["x is 3", "twice is 6"]
    assert ids(stored) == before


def test_a_new_cell_gets_the_same_id_on_every_machine(course):
    text, stored = course
    before = ids(stored)
    edit(text, "More prose.\n", "More prose.\n\n```{code-cell} ipython3\ny = 1\n```\n")
    sync.sync("01-a", text.parent.parent)
    first = ids(stored)
    assert [i for i in first if i in before] == before
    assert len(first) == len(set(first)) == len(before) + 1
    stored.unlink()
    sync.sync("01-a", text.parent.parent)
    second = ids(stored)
    stored.unlink()
    sync.sync("01-a", text.parent.parent)
    assert ids(stored) == second


def test_edit_of_the_notebook_reaches_the_text(course):
    text, stored = course
    edit(stored, "Some prose.", "Prose from Jupyter.")
    assert "wrote 01-a.ipynb and 01-a.md" in sync.sync("01-a", text.parent.parent)
    assert "Prose from Jupyter." in text.read_text(encoding="utf-8")
    assert sync.check("01-a", text.parent.parent) == []


def test_notebook_alone_gets_its_text(course):
    text, _ = course
    expected = text.read_text(encoding="utf-8")
    text.unlink()
    sync.sync("01-a", text.parent.parent)
    assert text.read_text(encoding="utf-8") == expected


def test_both_sides_edited_is_refused_and_nothing_is_lost(course, capsys):
    text, stored = course
    edit(text, "Some prose.", "Prose from the editor.")
    edit(stored, "More prose.", "Prose from Jupyter.")
    before = text.read_bytes(), stored.read_bytes()
    with pytest.raises(sync.SyncError, match=r"KEEP=book.*KEEP=notebooks"):
        sync.sync("01-a", text.parent.parent)
    assert (text.read_bytes(), stored.read_bytes()) == before

    sync.sync("01-a", text.parent.parent, keep="book")
    assert "Prose from the editor." in stored.read_text(encoding="utf-8")
    assert "Prose from Jupyter." not in text.read_text(encoding="utf-8")
    assert sync.check("01-a", text.parent.parent) == []
    (aside,) = (text.parent.parent / ".cache" / "put-aside").iterdir()
    assert "Prose from Jupyter." in aside.read_text(encoding="utf-8")
    assert aside.name in capsys.readouterr().err


def test_keep_notebooks_keeps_the_notebook(course):
    text, stored = course
    edit(text, "Some prose.", "Prose from the editor.")
    edit(stored, "More prose.", "Prose from Jupyter.")
    sync.sync("01-a", text.parent.parent, keep="notebooks")
    assert "Prose from Jupyter." in text.read_text(encoding="utf-8")
    assert "Prose from the editor." not in stored.read_text(encoding="utf-8")


def test_one_edit_made_on_both_sides_is_no_conflict(course):
    text, _ = course
    for path in course:
        edit(path, "Some prose.", "Agreed prose.")
    sync.sync("01-a", text.parent.parent)
    assert sync.check("01-a", text.parent.parent) == []


def test_failing_cell_leaves_the_stored_notebook_alone(course):
    text, stored = course
    before = stored.read_bytes()
    edit(text, "x = 2", "x = 1 / 0")
    with pytest.raises(sync.SyncError, match="ZeroDivisionError"):
        sync.sync("01-a", text.parent.parent)
    assert stored.read_bytes() == before


def test_drift_is_reported(course):
    text, stored = course
    root = text.parent.parent
    edit(text, "More prose.", "Drifted prose.")
    assert any("differ" in fault for fault in sync.check("01-a", root))
    edit(text, "Drifted prose.", "More prose.")
    edit(stored, "2 * x", "3 * x")
    edit(text, "2 * x", "3 * x")
    assert any("other code" in fault for fault in sync.check("01-a", root))
    stored.unlink()
    assert sync.check("01-a", root) == ["notebooks/01-a.ipynb is missing: run make sync"]


def test_outputs_do_not_depend_on_the_machine(course):
    _, stored = course
    metadata = nbformat.read(stored, as_version=4).metadata
    assert metadata.language_info == {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}
    assert all("execution" not in cell.metadata for cell in nbformat.read(stored, as_version=4).cells)


def test_command_line(course, capsys, monkeypatch):
    text, _ = course
    root = text.parent.parent
    monkeypatch.setattr(sync, "lessons", lambda: ["01-a"])
    monkeypatch.setattr(sync, "sync", lambda name, **_: sync_once(name, root))
    monkeypatch.setattr(sync, "check", lambda name: ["01-a: drift"])
    assert sync.main(["01-b"]) == 2
    assert "no such lesson: 01-b. There are: 01-a" in capsys.readouterr().err
    assert sync.main(["--check"]) == 1
    assert sync.main([]) == 0
    assert "01-a: nothing to do" in capsys.readouterr().out


sync_once = sync.sync


def test_a_refusal_makes_the_command_fail(course, capsys, monkeypatch):
    def refuse(name, **_):
        raise sync.SyncError("both edited")

    monkeypatch.setattr(sync, "lessons", lambda: ["01-a"])
    monkeypatch.setattr(sync, "sync", refuse)
    assert sync.main([]) == 1
    assert "01-a: refused: both edited" in capsys.readouterr().out


def test_lessons_are_found_by_either_side(course):
    text, _ = course
    root = text.parent.parent
    (root / "book" / "index.md").write_text("# Start\n", encoding="utf-8")
    (root / "book" / "02-b.md").write_text(TEXT, encoding="utf-8")
    assert sync.lessons(root) == ["01-a", "02-b"]
