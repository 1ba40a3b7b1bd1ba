"""What surrounds the course: workflows, forms, the container, the hook.

Most of it runs only on GitHub, so here it is only read. It names verbs of the Makefile and paths of the repository,
and those can change unnoticed.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from course.links import IN_MARKDOWN
from course.paths import ROOT

CONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
OPEN_ISSUE = "./.github/actions/open-issue"
YAML_FILES = sorted(
    [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"]
)
TEXTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CODE_OF_CONDUCT.md")),
    ROOT / ".github" / "pull_request_template.md",
]
# the files that name a verb or a path; not the changelog, which also names what is gone
NAMING = [*TEXTS, *YAML_FILES, CONTAINER]

COMMANDS = ("run", "entry", "postCreateCommand")  # the keys whose value is typed into a shell
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")

# made by the verbs, and so in no list of files; _static is a folder of the built site
GENERATED = ("_build", ".cache", ".keras", ".venv", "_static")
# how the texts write "any", replaced in this order: the second replaces the NN that the first leaves
PLACEHOLDERS = {"NN-name": "NN-*", "NN": "[0-9][0-9]", "NAME": "*", "QUESTION": "*"}
WITH_SLASH = re.compile(r"(?=.*\w)(?:\.{0,2}/)*[\w.*-]+(?:/[\w.*-]+)*/?")
BARE = re.compile(r"[\w-]+\.(?:cfg|cff|css|html|ipynb|js|json|lock|md|py|svg|toml|txt|ya?ml)")


def ids(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def read(path: Path) -> Any:
    """Return what a YAML or JSON file holds; ValueError with its name if it cannot be read."""
    text = path.read_text(encoding="utf-8")
    try:
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def values(data: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts under one of `keys`, at any depth."""
    for key, value in (
        data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, list) else [])
    ):
        if key in keys and isinstance(value, str):
            yield value
        yield from values(value, keys)


def spans(text: str) -> list[str]:
    """Return what is between backticks, except in blocks of code."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def verbs(makefile: str) -> set[str]:
    """Return the verbs of a Makefile: the targets that say what they do."""
    return set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.M))


def asked_of_make(commands: list[str]) -> set[str]:
    """Return the verbs that a list of shell commands, of one or more lines each, runs with make."""
    found = set()
    for line in "\n".join(commands).splitlines():
        for command in re.split(r"&&|[;|]", EXPRESSION.sub("", line).split("#")[0]):
            program, *words = command.split() or [""]
            if program == "make":
                found.update(word for word in words if re.fullmatch(r"[a-z][a-z-]*", word))
    return found


def named_verbs(path: Path) -> set[str]:
    """Return the verbs that a file names: as code in its text and comments, and in its shell commands."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return asked_of_make([*FENCE.findall(text), *spans(text)])
    return asked_of_make([*values(read(path), COMMANDS), *spans(text)])


def named_paths(path: Path) -> set[str]:
    """Return the words of a file that look like paths of the repository.

    In Markdown those between backticks and in links; in YAML and JSON also whatever has a slash.
    """
    text = path.read_text(encoding="utf-8")
    words = [word for span in spans(text) for word in span.split()]
    found = {word for word in words if BARE.fullmatch(word)}
    if path.suffix == ".md":
        links = [link.partition("#")[0] for link in IN_MARKDOWN.findall(FENCE.sub("", text))]
        found.update(link for link in links if link and "://" not in link)
    else:
        words += re.split(r"[\s\"'`()\[\],]+", text)
    return found | {word for word in words if "/" in word and WITH_SLASH.fullmatch(word.rstrip(".:"))}


def missing(names: set[str], files: list[str]) -> list[str]:
    """Return the names that lead to none of `files` and to no folder of theirs.

    A name that does not begin with a folder of the root may be the end of a path, as `questions.py` is.
    """
    there = {PurePosixPath(file) for file in files}
    there |= {folder for file in there for folder in file.parents} - {PurePosixPath()}
    roots = {path.parts[0] for path in there}
    lost = []
    for name in sorted(names):
        pattern = re.sub(r"^[./]*/", "", name.rstrip(".:")).rstrip("/")
        for word, glob in PLACEHOLDERS.items():
            pattern = pattern.replace(word, glob)
        parts = PurePosixPath(pattern).parts
        hits = [path for path in there if path.match(pattern)]
        if parts[0] in roots and len(parts) > 1:
            hits = [path for path in hits if len(path.parts) == len(parts)]
        if not hits and parts[0] not in GENERATED:
            lost.append(name)
    return lost


def silent_jobs(workflow: dict[str, Any]) -> list[str]:
    """Return the jobs of a workflow whose failure opens no issue."""
    return [
        name
        for name, job in workflow["jobs"].items()
        if not any(step.get("uses") == OPEN_ISSUE and step.get("if") == "failure()" for step in job["steps"])
    ]


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return listed.split("\0")[:-1]


@pytest.mark.parametrize("path", [*YAML_FILES, CONTAINER], ids=ids([*YAML_FILES, CONTAINER]))
def test_each_file_can_be_read(path):
    assert isinstance(read(path), dict)


@pytest.mark.parametrize(
    ("name", "text"), [("a.yml", "on: [push"), ("a.yml", "a: b: c"), ("a.json", '{"a": 1,}')]
)
def test_a_file_that_cannot_be_read_is_seen(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=name):
        read(tmp_path / name)


@pytest.mark.parametrize("path", NAMING, ids=ids(NAMING))
def test_each_verb_that_is_named_is_one_of_the_makefile(path):
    assert named_verbs(path) <= verbs((ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.yml", "steps:\n  - run: make data tset VERSION=${{ matrix.version }}", {"data", "tset"}),
        (
            "a.yml",
            "steps:\n  - run: |\n      cd x && make one # make two\n      make three | cat",
            {"one", "three"},
        ),
        ("a.yml", "# then `make lokc`, and make sure\nname: make it", {"lokc"}),
        ("a.yml", "hooks: [{entry: make lnit}]", {"lnit"}),
        ("a.json", '{"postCreateCommand": "make boko", "name": "make x"}', {"boko"}),
        (
            "a.md",
            "Run `make synk LESSON=x`, make haste.\n\n```\nmake bok   # make y\nmake\n```\n",
            {"synk", "bok"},
        ),
    ],
)
def test_verbs_are_found_wherever_a_file_names_them(tmp_path, name, text, found):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert named_verbs(tmp_path / name) == found


def test_a_verb_is_a_target_that_says_what_it_does():
    assert verbs("help: ## list\n$(VENV)/installed: x\n\ttouch\nlint: setup ## check\nhidden: lint\n") == {
        "help",
        "lint",
    }


@pytest.mark.parametrize("path", NAMING, ids=ids(NAMING))
def test_each_path_that_is_named_exists(path):
    assert missing(named_paths(path), tracked()) == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.md", "`tools/sync.py`, `lost.md` and [x](gone.md#y); `tf.nn`, [z](https://a.b/c.md), and/or", 3),
        ("a.md", "`.venv/bin/pytest tests/gone -n 2`", 1),
        ("a.md", "`assignments/NAME/NAME.txt` and `book/questions.py`", 2),
        ("a.yml", "- uses: ./.github/actions/gone\n- uses: actions/checkout@v5", 1),
        ("a.yml", "key: x-${{ github.ref }}/y-${{ hashFiles('tools/fetch_data.py') }}\npath: .keras", 1),
        ("a.yml", "path: _build/html\nother: bok/html # see tools/x.py", 2),
        ("a.md", "`..`, `../`, `./` and `/`", 0),
        ("a.yml", "run: sed 's/^a==//p' https://a.b/c/d.txt", 0),
    ],
)
def test_a_path_that_leads_nowhere_is_seen(tmp_path, name, text, found):
    (tmp_path / name).write_text(text, encoding="utf-8")
    files = [
        "README.md",
        "book/01-a.md",
        "assignments/a1/a1.md",
        "assignments/a1/questions.py",
        "tests/test_a.py",
    ]
    assert len(missing(named_paths(tmp_path / name), files)) == found


@pytest.mark.parametrize(
    "name",
    [
        "book/NN-name.md",
        "assignments/NAME/NAME.md",
        "questions.py",
        "./tests/",
        "a1/questions.py",
        "book/*.md",
    ],
)
def test_a_path_that_exists_is_found(name):
    files = ["book/01-a.md", "assignments/a1/a1.md", "assignments/a1/questions.py", "tests/test_a.py"]
    assert missing({name}, files) == []


def test_each_weekly_job_opens_an_issue_where_it_fails():
    weekly = read(ROOT / ".github" / "workflows" / "weekly.yml")
    assert silent_jobs(weekly) == []
    weekly["jobs"]["links"]["steps"][-1]["if"] = "always()"
    weekly["jobs"]["audit"]["steps"].pop()
    assert silent_jobs(weekly) == ["links", "audit"]


@pytest.mark.parametrize(("already_open", "opened"), [("0", True), ("1", False)])
def test_one_issue_is_opened_and_no_second(tmp_path, already_open, opened):
    """The shell of the action, with a program in place of GitHub's."""
    (step,) = read(ROOT / OPEN_ISSUE / "action.yml")["runs"]["steps"]
    stand_in = tmp_path / "gh"
    stand_in.write_text(
        '#!/bin/sh\nprintf "<%s>" "$@" >> "$LOG"\n[ "$2" = list ] && echo ' + already_open + " || true\n",
        encoding="utf-8",
    )
    stand_in.chmod(0o755)
    title = 'It\'s $HOME, and a "quote"'
    given = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LOG": str(tmp_path / "log"),
        "TITLE": title,
        "RUN": "here",
    }
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], env=os.environ | given, check=True)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert (f"<issue><create><--title><{title}><--body><The weekly run failed: here>" in log) == opened


def test_the_gate_runs_the_command_of_the_readme():
    jobs = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]
    assert "make test" in [step.get("run") for step in jobs["test"]["steps"]]


def test_the_hook_is_make_lint_and_brings_no_versions_of_its_own():
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == ["make lint"]


def test_the_newest_version_of_the_changelog_is_the_one_to_cite():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "Unreleased"
    released = [re.fullmatch(r"(\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d", heading) for heading in headings[1:]]
    assert all(released)
    assert released[0][1] == read(ROOT / "CITATION.cff")["version"]
