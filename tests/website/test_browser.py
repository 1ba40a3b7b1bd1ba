"""website/browser.py on a made-up machine: which browser is used, how one is installed, what is said without one."""

import os
import subprocess
from pathlib import Path

import pytest

from course import debian
from website import browser, serve

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
        owns = {"chromium": DOWNLOADED, "firefox": "playwright/firefox", "webkit": "playwright/webkit"}
        monkeypatch.setattr(browser, "playwrights", lambda engine="chromium": folder / owns[engine])
        monkeypatch.setattr(browser, "MAC_FIREFOX", folder / "nothing")
        monkeypatch.setattr(browser, "reachable", lambda: self.online)
        self.online = True
        monkeypatch.setattr(debian, "run_aloud", self.run)
        monkeypatch.setattr(os, "geteuid", lambda: 0)

    def put(self, name: str, *, starts: bool = True, says: str = "") -> Path:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\necho {says}\nexit {0 if starts else 127}\n", encoding="utf-8")
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


NEW, OLD = (
    f"Mozilla Firefox {browser.OLDEST_FIREFOX}.0esr",
    f"Mozilla Firefox {browser.OLDEST_FIREFOX - 1}.9esr",
)


def test_playwrights_own_firefox_is_taken_first(machine: Machine):
    own, systems = machine.put("playwright/firefox"), machine.put("usr/bin/firefox-esr", says=NEW)
    assert browser.others("firefox") == [browser.Other(own, True), browser.Other(systems, False)]


def test_firefox_that_is_too_old_or_does_not_start_is_not_taken(machine: Machine):
    machine.put("usr/bin/firefox-esr", says=OLD)
    machine.put("usr/bin/firefox", says=NEW, starts=False)
    assert browser.others("firefox") == []


def test_webkit_needs_a_driver_and_a_screen(machine: Machine):
    driver = machine.put("usr/bin/WebKitWebDriver")
    assert browser.others("webkit") == []
    machine.put("usr/bin/Xvfb")
    assert browser.others("webkit") == [browser.Other(driver, False)]


def test_other_engines_are_installed_from_playwright_where_it_can_be_reached(machine: Machine):
    machine.put(PACKAGED)
    machine.installs = {f"install {engine}": f"playwright/{engine}" for engine in browser.OTHERS}
    assert browser.main([]) == 0
    assert [line.split()[-1] for line in machine.ran] == ["firefox", "webkit"]


def test_other_engines_are_installed_from_debian_where_playwright_cannot_be_reached(
    machine: Machine, capsys: pytest.CaptureFixture
):
    machine.put(PACKAGED)
    machine.put("usr/bin/apt-get")
    machine.online = False
    machine.installs = {"xvfb": "usr/bin/Xvfb", "webkit2gtk-driver": "usr/bin/WebKitWebDriver"}
    assert browser.main([]) == 0
    assert [line.split()[-1] for line in machine.ran] == [
        *("firefox-esr", "update", "firefox-esr"),  # there may be a newer one
        *("xvfb", "webkit2gtk-driver"),
    ]
    said = capsys.readouterr().out.splitlines()
    assert said[2] == f"webkit: {machine.folder / 'usr/bin/WebKitWebDriver'}"


def test_without_other_engines_nothing_fails_and_a_line_says_what_is_not_tested(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    machine.put(PACKAGED)
    machine.online = False
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert browser.main([]) == 0
    assert machine.ran == []
    for line, engine in zip(capsys.readouterr().out.splitlines()[1:], browser.OTHERS, strict=True):
        assert line.startswith(f"{engine}: there is no {engine}")
        assert "not tested in it" in line and "make browser" in line and "apt-get install" in line


def test_server_that_answers_with_an_error_is_reachable_and_a_silent_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with serve.serving(tmp_path) as site:
        monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", site.url + "no/such/page")
        assert browser.reachable()
    assert not browser.reachable()


def test_find_alone_installs_nothing(machine: Machine, capsys: pytest.CaptureFixture):
    assert browser.main(["--find"]) == 1
    assert "make browser" in capsys.readouterr().err
    machine.put(PACKAGED)
    assert browser.main(["--find"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"browser: {machine.folder / PACKAGED}"
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
