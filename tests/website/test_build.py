"""`website/build.py` fails if a page fails, whatever Jupyter Book's exit code says."""

import pytest

from website import build

GOOD = "building [html]: targets for 4 source files\nbuild succeeded.\nErrors and warnings are explained in the docs\n"


@pytest.mark.parametrize(
    "line",
    [
        "book/index.md:3: \x1b[31mWARNING: unknown document: 'nothing'\x1b[39;49;00m",
        "notebooks/01.ipynb: ERROR: executing notebook failed",
        "Traceback (most recent call last):",
    ],
)
def test_trouble_is_found_in_the_log(line):
    assert build.troubles(GOOD) == []
    (found,) = build.troubles(GOOD + line + "\n")
    assert found in line.replace("\x1b[31m", "").replace("\x1b[39;49;00m", "")


@pytest.mark.parametrize(("code", "log"), [(0, GOOD + "x: WARNING: y\n"), (1, GOOD)])
def test_build_that_is_not_clean_fails(code, log, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "LOG", tmp_path / "_build" / "build.log")
    monkeypatch.setattr(build, "build", lambda: (code, log))
    assert build.main() == 1
    assert "_build/build.log" in capsys.readouterr().err
    assert build.LOG.read_text(encoding="utf-8") == log


def test_clean_build_says_where_to_look(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "LOG", tmp_path / "_build" / "build.log")
    monkeypatch.setattr(build, "build", lambda: (0, GOOD))
    assert build.main() == 0
    assert "_build/html/index.html" in capsys.readouterr().out


def test_dead_link_fails_a_real_build(tmp_path):
    """A book of one page, built for real."""
    (tmp_path / "_config.yml").write_text("title: A\nexecute: {execute_notebooks: 'off'}\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    page = tmp_path / "index.md"
    page.write_text("# A\n\nNo link.\n", encoding="utf-8")
    code, log = build.build(tmp_path)
    assert (code, build.troubles(log)) == (0, []), log
    page.write_text("# A\n\nSee [nothing](nothing.md).\n", encoding="utf-8")
    code, log = build.build(tmp_path)
    assert code != 0
    assert any("nothing" in line for line in build.troubles(log))
