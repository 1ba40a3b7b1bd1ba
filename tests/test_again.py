"""tests/again.py names the one test that is red now and then, and leaves no busy loop behind."""

import again
import psutil
import pytest

pytestmark = pytest.mark.slow

SOMETIMES = """
from pathlib import Path

def test_always():
    pass

def test_sometimes():
    runs = Path(__file__).with_name("runs")
    runs.write_text((runs.read_text() if runs.exists() else "") + "x")
    assert runs.read_text() != "xx"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(again.os, "cpu_count", lambda: 1)
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "1")
    (tmp_path / "test_x.py").write_text(SOMETIMES)
    return tmp_path


def test_a_test_that_is_red_once_is_named(folder, capsys):
    assert (
        again.main(
            [
                "--times",
                "3",
                "--logs",
                str(folder / "logs"),
                str(folder),
            ]
        )
        == 1
    )
    said = capsys.readouterr().out
    assert "2 of 3: 1 green, 1 red" in said
    assert "3 of 3: 2 green, 0 red" in said
    assert said.count("red 1 of 3 times: ") == 1
    assert "::test_sometimes" in said
    assert "assert 'xx' != 'xx'" in (folder / "logs" / "2.log").read_text()
    assert not [p for p in psutil.Process().children() if again.BUSY in p.cmdline()]


def test_green_every_time_is_said_and_what_pytest_refuses_is_red(folder, capsys):
    assert again.main(["--times", "1", str(folder / "test_x.py")]) == 0
    assert "every test was green every time" in capsys.readouterr().out
    assert again.main(["--times", "1", str(folder / "no-such-file.py")]) == 1
    assert "pytest itself ended with" in capsys.readouterr().out


def test_less_than_one_run_is_refused(capsys):
    with pytest.raises(SystemExit):
        again.main(["--times", "0", "tests"])
    assert "at least one run" in capsys.readouterr().err
