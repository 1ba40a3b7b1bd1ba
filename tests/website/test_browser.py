"""website/browser.py on a made-up machine: which browser is used, how one is installed, what is said without one."""

import os
import subprocess
from pathlib import Path

import pytest

from course import debian
from website import browser

DOWNLOADED, PACKAGED = "playwright/chrome", "usr/bin/chromium"


class Machine:
    """A folder with programs that start or do not, and installers that add one or fail."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.folder = folder
        self.ran: list[str] = []
        self.installs: dict[str, str] = {}  # the beginning of a command -> the program that it brings
        self.fails: set[str] = set()
        for name in (DOWNLOADED, PACKAGED):
            (folder / name).parent.mkdir(parents=True)
        monkeypatch.delenv(browser.VARIABLE, raising=False)
        monkeypatch.setenv("PATH", str((folder / PACKAGED).parent))
        monkeypatch.setattr(browser, "MAC", ())
        monkeypatch.setattr(browser, "playwrights", lambda: folder / DOWNLOADED)
        monkeypatch.setattr(debian, "run_aloud", self.run)
        monkeypatch.setattr(os, "geteuid", lambda: 0)

    def put(self, name: str, *, starts: bool = True) -> Path:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\nexit {0 if starts else 127}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    def run(self, *command: str | Path, **_: str) -> bool:
        line = " ".join(map(str, command))
        self.ran.append(line)
        for part, program in self.installs.items():
            if part in line:
                self.put(program)
        return not any(part in line for part in self.fails)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_playwrights_own_is_taken_first(machine: Machine):
    machine.put(PACKAGED)
    own = machine.put(DOWNLOADED)
    assert browser.find_or_install() == own
    assert machine.ran == []


def test_system_chromium_is_taken_where_playwrights_own_does_not_start(machine: Machine):
    """A downloaded browser is often there and lacks a library of the system."""
    machine.put(DOWNLOADED, starts=False)
    systems = machine.put(PACKAGED)
    assert browser.find_or_install() == systems
    assert machine.ran == []


def test_browser_that_is_named_wins(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    machine.put(DOWNLOADED)
    systems, named = machine.put(PACKAGED), machine.put("mine")
    monkeypatch.setenv(browser.VARIABLE, str(named))
    assert browser.find() == named
    monkeypatch.setenv(browser.VARIABLE, "chromium")
    assert browser.find() == systems, "a name is looked up in PATH"


@pytest.mark.parametrize("there", [False, True])
def test_browser_that_is_named_in_vain_is_an_error(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, there: bool
):
    """Silently taking another one would test what nobody asked for."""
    machine.put(PACKAGED)
    named = machine.put("mine", starts=False) if there else machine.folder / "nothing"
    monkeypatch.setenv(browser.VARIABLE, str(named))
    with pytest.raises(
        browser.NoBrowser, match=r"^CHROMIUM=.* is not a browser that starts: name another one"
    ):
        browser.find_or_install()
    assert machine.ran == []


def test_playwrights_own_is_installed_where_there_is_none(machine: Machine):
    machine.installs = {"playwright install chromium": DOWNLOADED}
    assert browser.find_or_install() == machine.folder / DOWNLOADED
    assert len(machine.ran) == 1


def test_debians_package_is_installed_where_the_download_fails(machine: Machine):
    machine.put("usr/bin/apt-get")
    machine.fails = {"playwright install"}
    machine.installs = {"apt-get install": PACKAGED}
    assert browser.find_or_install() == machine.folder / PACKAGED
    assert [line.split()[-1] for line in machine.ran] == ["chromium", "chromium"]


def test_package_lists_are_fetched_where_debian_has_none_yet(machine: Machine):
    machine.put("usr/bin/apt-get")
    machine.fails = {"playwright install", "apt-get install"}
    with pytest.raises(browser.NoBrowser):
        browser.find_or_install()
    assert [line.split()[:2] for line in machine.ran[1:]] == [
        ["apt-get", "install"],
        ["apt-get", "update"],
        ["apt-get", "install"],
    ]


@pytest.mark.parametrize(("user", "apt"), [(1000, True), (0, False)], ids=["not root", "not Debian"])
def test_without_a_browser_one_line_says_what_to_do(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, user: int, apt: bool
):
    if apt:
        machine.put("usr/bin/apt-get")
    machine.fails = {"playwright install"}
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert browser.main([]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert "none could be installed" in line and "apt-get install chromium" in line and "CHROMIUM=" in line
    assert len(machine.ran) == 1, "neither sudo nor apt-get is tried"


def test_find_alone_installs_nothing(machine: Machine, capsys: pytest.CaptureFixture):
    assert browser.main(["--find"]) == 1
    assert "make browser" in capsys.readouterr().err
    machine.put(PACKAGED)
    assert browser.main(["--find"]) == 0
    assert capsys.readouterr().out == f"browser: {machine.folder / PACKAGED}\n"
    assert machine.ran == []


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_only_root_gives_up_the_sandbox(monkeypatch: pytest.MonkeyPatch, user: int, sandboxed: bool):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--no-sandbox" not in browser.flags()) == sandboxed
    assert any(flag.startswith("--host-resolver-rules") for flag in browser.flags())


def test_program_that_hangs_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    def hang(command: list, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 30)

    monkeypatch.setattr(subprocess, "run", hang)
    assert not browser.starts(Path("anything"))
    assert not debian.run_aloud("anything")


def test_installer_tells_whether_it_succeeded_and_talks_on_stderr(capfd: pytest.CaptureFixture):
    assert debian.run_aloud("sh", "-c", "echo working")
    assert not debian.run_aloud("sh", "-c", "exit 3")
    said = capfd.readouterr()
    assert said.out == ""
    assert "$ sh -c echo working\nworking\n" in said.err


def test_playwright_says_where_its_own_would_be():
    program = browser.playwrights()
    assert program.is_absolute() and "chrom" in program.name.lower()


def test_browsers_of_this_machine_are_looked_for_in_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(browser, "playwrights", lambda: Path("/own"))
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/bin/{name}" if "chromium" in name else None)
    found = [str(path) for path in browser.candidates()]
    assert found == ["/own", "/bin/chromium", "/bin/chromium-browser", *browser.MAC]
