import os
import shutil
import subprocess
import sys

import pytest

from grading.sandbox import install


@pytest.fixture
def machine(monkeypatch):
    """A Linux machine whose programs and installer are made up; returns the programs and the commands that were run."""
    programs, ran = {"apt-get"}, []

    def run(command, **options):
        assert options["env"]["DEBIAN_FRONTEND"] == "noninteractive"
        ran.append(command[1])
        if command[1] == "install" and (ran.count("install") == 2 or "lists" in programs):
            programs.add("bwrap")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
    monkeypatch.setattr(subprocess, "run", run)
    return programs, ran


def test_it_is_found_where_it_is(machine, capsys):
    machine[0].add("bwrap")
    assert install.main() == 0
    assert capsys.readouterr().out == "bubblewrap: /usr/bin/bwrap\n"
    assert machine[1] == []


def test_root_installs_it_and_a_new_machine_gets_its_lists_first(machine):
    assert install.main() == 0
    assert machine[1] == ["install", "update", "install"]


def test_with_lists_one_command_is_enough(machine):
    machine[0].add("lists")
    assert install.main() == 0
    assert machine[1] == ["install"]


def test_a_plain_user_is_told_what_to_do_in_one_line(machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert install.main() == 1
    assert capsys.readouterr().err == install.HOW + "\n"
    assert "\n" not in install.HOW
    assert machine[1] == []


def test_another_system_is_told_that_it_cannot_grade(machine, monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert install.main() == 0
    assert "only on Linux" in capsys.readouterr().out
