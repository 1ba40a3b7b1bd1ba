"""The two lists of packages: each direct one is pinned and explained, and the lock was made from them."""

import re

from course.paths import ROOT

LINE = re.compile(r"^(?P<name>[\w-]+)==(?P<version>\S+)\s+# (?P<why>\S.+)$")


def direct():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def test_every_requirement_is_pinned_and_says_why():
    assert [line for line in direct() if not LINE.match(line)] == []


def test_lock_holds_every_requirement():
    """Stale otherwise: run make lock."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.M))
    wanted = {match["name"]: match["version"] for match in map(LINE.match, direct()) if match}
    assert {name: locked.get(name) for name in wanted} == wanted


def test_lock_was_made_from_nothing_else():
    """A package that no requirement leads to would have been added by hand."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    parents = re.findall(r"^\S+==.*\n((?:    #.*\n)+)", lock, re.M)
    assert len(parents) == len(re.findall(r"^\S+==", lock, re.M))
    assert all("via" in reason for reason in parents)


def test_lock_names_no_server():
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
