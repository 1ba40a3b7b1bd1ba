"""What holds for the tree as a whole."""

import re
import subprocess
from pathlib import Path

import yaml

from course.paths import ROOT


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_repository_address_stands_in_one_place():
    """Whoever forks the course changes it there, and only there."""
    address = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    slug = address.removeprefix("https://github.com/")
    holders = [path.name for path in tracked() if slug.encode() in path.read_bytes()]
    assert holders == ["_config.yml"]


def test_size_without_history_stays_small():
    assert sum(path.stat().st_size for path in tracked()) < 15_000_000


def lessons():
    return sorted((ROOT / "book").glob("[0-9][0-9]-*.md"))


def differences(listed, wanted, where):
    """Return what a list lacks and what it has too much, each as a sentence."""
    return [f"{where} lacks {name}" for name in sorted(set(wanted) - set(listed))] + [
        f"{where} names {name}, which is not there or is named twice"
        for name in sorted({name for name in listed if name not in wanted or listed.count(name) > 1})
    ]


def test_contents_hold_every_notebook():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"file: notebooks/(\S+)", toc)
    notebooks = ROOT / "notebooks"
    there = [path.relative_to(notebooks).with_suffix("").as_posix() for path in notebooks.rglob("*.ipynb")]
    assert differences(listed, there, "_toc.yml") == []
    assert [name for name in listed if name[0].isdigit()] == [path.stem for path in lessons()]


def test_start_page_lists_every_lesson_as_it_presents_itself():
    """Title, question and minutes are the same in the lesson and on its card of the start page."""
    index = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    card = re.compile(
        r"\*\*\[(.+?)\]\(\.\./notebooks/(\S+?)\.ipynb\)\*\* (.+)\n\n  (\d+) minutes\. You need ", re.M
    )
    listed = {name: (title, question, minutes) for title, name, question, minutes in card.findall(index)}
    told = {}
    for path in lessons():
        text = path.read_text(encoding="utf-8")
        title = re.search(r"^# (.+)$", text, re.M)[1].replace("`", "")
        question = re.search(r"^\*\*(.+\?)\*\*$", text, re.M)[1]
        told[path.stem] = title, question, re.search(r"Time: about (\d+) minutes", text)[1]
    assert listed == told


def test_instructors_plan_holds_every_lesson_and_assignment_with_its_minutes():
    """Each week's minutes are the sum of what its lessons and assignments state themselves."""
    plan = (ROOT / "book" / "instructors.md").read_text(encoding="utf-8")
    planned, wrong = [], []
    for week in re.findall(r"^\| \d+ \|.*\|$", plan, re.M):
        pages = re.findall(r"\]\(\.\./notebooks/(\S+?)\.ipynb\)", week)
        planned += pages
        texts = [
            ROOT
            / (f"assignments/{Path(page).name}/{Path(page).name}.md" if "/" in page else f"book/{page}.md")
            for page in pages
        ]
        minutes = [
            re.search(r"Time: about (\d+) minutes", text.read_text(encoding="utf-8")) for text in texts
        ]
        assert all(minutes), f"each must say 'Time: about N minutes': {pages}"
        stated, together = int(week.split("|")[-2]), sum(int(found[1]) for found in minutes)
        if stated != together:
            wrong.append(f"week {week.split('|')[1].strip()}: {stated} minutes, its pages say {together}")
    assert wrong == []
    assignments = [
        f"assignments/{path.parent.name}" for path in (ROOT / "assignments").glob("*/questions.py")
    ]
    pages = [path.stem for path in lessons()] + assignments
    assert differences(planned, pages, "the plan of book/instructors.md") == []


def test_a_page_that_a_list_lacks_or_names_twice_is_named():
    assert differences(["a", "b"], ["b", "a"], "the list") == []
    assert differences(["b", "b", "c"], ["a", "b"], "the list") == [
        "the list lacks a",
        "the list names b, which is not there or is named twice",
        "the list names c, which is not there or is named twice",
    ]


def test_ci_runs_the_command_of_the_readme():
    assert "\nmake test " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec make test")
