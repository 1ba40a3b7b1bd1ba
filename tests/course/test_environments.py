"""An environment is made once, and again if other packages are asked for; pip's complaint is one line."""

import subprocess
import sysconfig

import pytest

from course import environments


@pytest.fixture
def pip(monkeypatch, tmp_path):
    """No environment is made and nothing installed; returns pip's commands, and a place for what it complains about."""
    made, says = [], {"code": 0, "stderr": ""}

    def run(command, **_):
        made.append([str(word) for word in command[4:]])
        return subprocess.CompletedProcess(command, says["code"], stderr=says["stderr"])

    def create(folder, **_):
        (folder / "lib/python3/site-packages").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments.venv, "create", create)
    monkeypatch.setattr(environments.subprocess, "run", run)
    return made, says


def test_it_is_made_once_and_again_where_other_packages_are_asked_for(pip, tmp_path):
    folder = tmp_path / ".venv-x"
    for _ in range(2):
        assert environments.python(folder, ["a==1"], "--no-deps") == folder / "bin" / "python"
    assert [words[-2:] for words in pip[0]] == [["--no-deps", "a==1"]]
    environments.python(folder, ["a==2"], "--no-deps")
    assert [words[-1] for words in pip[0]] == ["a==1", "a==2"]


def test_packages_without_an_exact_version_are_asked_for_each_time(pip, tmp_path):
    for _ in range(2):
        environments.python(tmp_path / ".venv-x", ["a"], newest=True)
    assert len(pip[0]) == 2
    assert all("--upgrade" in words for words in pip[0])


def test_the_packages_of_the_course_can_be_seen(pip, tmp_path):
    environments.python(tmp_path / ".venv-x", ["a"], sees_course=True)
    (path,) = tmp_path.glob(".venv-x/lib/python3/site-packages/course.pth")
    assert path.read_text(encoding="utf-8").strip() == sysconfig.get_path("purelib")


def test_what_could_not_be_installed_is_told_in_a_line_and_tried_again(pip, tmp_path):
    pip[1].update(
        code=1, stderr="noise\nERROR: No matching distribution for a from https://host/simple /home/x\n"
    )
    for _ in range(2):
        with pytest.raises(
            environments.NotInstalledError, match=r"^No matching distribution for a from … …$"
        ):
            environments.python(tmp_path / ".venv-x", ["a"])
    assert len(pip[0]) == 2


def test_complaint_is_the_last_error_without_addresses_and_paths():
    stderr = (
        "Looking in indexes: https://example.org/\nERROR: no d2l at https://example.org/ in /home/me\nbye\n"
    )
    assert environments.complaint(stderr) == "no d2l at … in …"
    assert environments.complaint("") == "no reason was given"
