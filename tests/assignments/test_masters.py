"""Each assignment's master fits its questions, and what is made from it works: for a student, and for a teacher."""

import contextlib
import re
from functools import cache

import nbformat
import pytest
from matplotlib import pyplot as plt

from authoring import lesson_rules, masters, sync
from course import lesson_links
from grading.results import feedback
from grading.sandbox.inside import cells

ROOT = masters.ROOT
NAMES = masters.names()
NOT_YET = re.compile(r"(?P<name>[\w-]+) is not written yet: replace this line with your code")


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def master(name):
    return masters.read(name)


@pytest.fixture(scope="module")
def solution(master):
    """The solution version, executed in a fresh kernel: every cell ran, every visible test passed."""
    notebook = nbformat.from_dict(master)
    sync.execute(notebook, ROOT / "notebooks" / "assignments")
    return notebook


def test_there_are_assignments():
    assert NAMES


def test_master_fits_its_questions_and_the_student_version_is_not_stale(name):
    """Stale: run make assignments."""
    assert masters.check(name) == []


def test_student_version_keeps_the_rules_of_a_lesson(name):
    notebook = nbformat.read(masters.student_path(name), as_version=4)
    rules = [
        lesson_rules.only_colab_imports,
        lesson_rules.plain_markdown,
        lesson_rules.nothing_on_trust,
        lesson_rules.no_absolute_path,
        lesson_rules.ignored_outputs_assert,
    ]
    assert [fault for rule in rules for fault in rule(notebook)] == []
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_every_link_and_every_lesson_named_exists(name, master):
    for cell in master.cells:
        if cell.cell_type == "markdown":
            assert lesson_links.link_faults(lesson_rules.without_code(cell.source)) == []
        assert lesson_links.mention_faults(cell.source) == []
    for question in masters.questions(name):
        for mistake in question.mistakes:
            assert lesson_links.address_fault(mistake.read) == ""
            assert "#" in mistake.read
            assert lesson_links.mention_faults(mistake.says) == []


@pytest.mark.slow
def test_solution_version_runs_and_is_fit_to_show(solution):
    rules = [
        lesson_rules.executed_in_order,
        lesson_rules.quiet,
        lesson_rules.no_absolute_path,
        lesson_rules.figures_have_alt_text,
    ]
    assert [fault for rule in rules for fault in rule(solution)] == []


def errors_of(notebook):
    """Return the error of each cell that fails, by its id; all cells are run in this process, in order."""
    names, errors = {"__name__": "__main__"}, {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        place = f"<{cell.id}>"
        try:
            exec(compile(cells.parsed(cell.source, place), place, "exec"), names)
        except Exception as error:
            errors[cell.id] = error
        finally:
            plt.close("all")
    return errors


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # a warning ends no cell of a notebook
def test_untouched_student_version_says_in_each_test_what_is_missing(name, master):
    answers = {cell.id for cell in master.cells if masters.marks(cell).get("solution")}
    tests = {cell.id for cell in master.cells if cell.id.partition("-test")[1]}
    with contextlib.chdir(ROOT / "notebooks" / "assignments"):
        failed = errors_of(nbformat.read(masters.student_path(name), as_version=4))
    for cell, error in failed.items():
        missing = NOT_YET.search(str(error))
        assert type(error) is NotImplementedError and missing, f"{cell}: {type(error).__name__}: {error}"
        assert missing["name"] in answers
    assert tests <= failed.keys()


def test_an_untouched_cell_that_fails_for_another_reason_is_seen():
    sources = ["%matplotlib inline\na = 1", "a + 1", "raise NotImplementedError('b')", "a + b", "b ="]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    assert [type(error) for error in errors_of(made).values()] == [
        NotImplementedError,
        NameError,
        SyntaxError,
    ]


def test_student_version_has_every_answer_open_and_every_test_locked(name):
    for cell in nbformat.read(masters.student_path(name), as_version=4).cells:
        kind = masters.marks(cell)
        assert (cell.metadata.get("editable") is False) == bool(kind.get("locked"))


@cache
def built(page):
    """Return the source of a page of the site, read once."""
    path = ROOT / "_build" / "html" / page
    assert path.is_file(), "run make book first"
    return path.read_text(encoding="utf-8")


def test_feedback_leads_to_headings_that_the_site_has(name):
    for question in masters.questions(name):
        for mistake in question.mistakes:
            address, _ = feedback.link(mistake.read)
            page, _, place = address.removeprefix(feedback.site_address()).partition("#")
            assert f'id="{place}"' in built(page)


MASTER = """---
kernelspec:
  display_name: Python 3
  name: python3
---

```{code-cell}
:nbgrader: {grade_id: half, solution: true}

# GRADED: half
def half(x):
    if x is None:
        ### BEGIN SOLUTION
        return 0.0
        ### END SOLUTION
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
```

```{code-cell}
:nbgrader: {grade_id: half-test, grade: true, locked: true, points: 2}

assert half(4) == 2, "half of 4 should be 2."
### BEGIN HIDDEN TESTS
assert half(10) == 5
### END HIDDEN TESTS
```

+++ {"nbgrader": {"grade_id": "why", "grade": true, "solution": true, "points": 3}}

Because 2 + 2 = 4.
"""
QUESTIONS = """
from course.question import Case, Question

QUESTIONS = [
    Question("half", "half", lambda rng: [Case("a number", (3,), 1.5, points=2)]),
    Question("why", "", words_points=3),
]
"""


@pytest.fixture
def course(tmp_path):
    """Write an assignment of two questions into a folder of its own; returns what writes it and reads it again."""
    folder = tmp_path / "assignments" / "b1"
    folder.mkdir(parents=True)
    (folder / "questions.py").write_text(QUESTIONS, encoding="utf-8")

    def write(text=MASTER):
        (folder / "b1.md").write_text(text, encoding="utf-8")
        return masters.read("b1", tmp_path)

    write.root = tmp_path
    return write


def test_student_version_holds_a_stub_for_each_region_and_no_hidden_test(course):
    cells = {cell.id: cell.source for cell in masters.student(course()).cells}
    assert cells["half"] == (
        "# GRADED: half\n"
        "def half(x):\n"
        "    if x is None:\n"
        "        # YOUR CODE HERE\n"
        '        raise NotImplementedError("half is not written yet: replace this line with your code")\n'
        "    # YOUR CODE HERE\n"
        '    raise NotImplementedError("half is not written yet: replace this line with your code")'
    )
    assert cells["half-test"] == 'assert half(4) == 2, "half of 4 should be 2."'
    assert cells["why"] == masters.WRITE_HERE


def test_build_writes_all_versions_once(course):
    course()
    assert "student" not in masters.build("b1", course.root)
    made = course.root / "_build" / "assignments"
    source = nbformat.read(made / "source" / "b1" / "b1.ipynb", as_version=4)
    assert "BEGIN HIDDEN TESTS" in source.cells[1].source
    assert source.cells[0].metadata.nbgrader == {
        "schema_version": 3,
        "cell_type": "code",
        "grade": False,
        "grade_id": "half",
        "locked": False,
        "solution": True,
        "task": False,
    }
    assert lesson_rules.executed_in_order(nbformat.read(made / "solutions" / "b1.ipynb", as_version=4)) == []
    assert masters.check("b1", course.root) == []
    assert masters.build("b1", course.root, execute=False) == "nothing to do"


def test_points_are_added_up_by_question(course):
    assert masters.points(course()) == {"half": 2, "why": 3}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("grade_id: half, solution: true", "grade_id: other, solution: true", "half: no cell"),
        ("# GRADED: half\n", "# half\n", "first line"),
        ("def half(", "def double(", "does not define half"),
        ("points: 2", "points: 5", "points: {'half': 5, 'why': 3} in the master"),
        ('"points": 3', '"points": 1', "points: {'half': 2, 'why': 1} in the master"),
        (', "half of 4 should be 2."', "", "has no message"),
        ("grade: true, locked: true, points: 2", "grade: true, points: 2", "locked: true"),
        ('"grade": true, "solution"', '"solution"', "with grade: true"),
        ("Because 2 + 2 = 4.", "Because 2 + 2 = 4.\n\n## Remember", "end the answer with +++"),
    ],
)
def test_a_master_that_does_not_fit_is_refused(course, old, new, says):
    assert old in MASTER
    course(MASTER.replace(old, new, 1))
    with pytest.raises(masters.MasterError, match=re.escape(says)):
        masters.build("b1", course.root, execute=False)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("        ### END SOLUTION\n", "", "is not allowed there"),
        ("    ### END SOLUTION\n```", "```", "has no '### END SOLUTION'"),
        ("        ### BEGIN SOLUTION\n", "", "is not allowed there"),
        ("### BEGIN", "# begin", "is not allowed there"),
        ("### END HIDDEN TESTS\n", "", "has no '### END HIDDEN TESTS'"),
    ],
)
def test_a_region_without_its_end_is_refused(course, old, new, says):
    assert old in MASTER
    master = course(MASTER.replace(old, new, 1))
    with pytest.raises(masters.MasterError, match=says):
        masters.student(master)


def test_an_answer_without_a_region_would_give_the_solution_away(course):
    text = re.sub(r" *### (BEGIN|END) SOLUTION\n", "", MASTER)
    with pytest.raises(masters.MasterError, match="students would get the solution"):
        masters.student(course(text))


def test_two_cells_of_one_name_are_refused(course):
    with pytest.raises(masters.MasterError, match="two cells"):
        course(MASTER.replace("grade_id: half-test", "grade_id: half"))


def test_an_edited_student_version_is_stale(course):
    course()
    masters.build("b1", course.root, execute=False)
    path = masters.student_path("b1", course.root)
    path.write_text(path.read_text(encoding="utf-8").replace("half of 4", "half of four"), encoding="utf-8")
    assert masters.check("b1", course.root) == [
        "b1: notebooks/assignments/b1.ipynb is stale: run make assignments"
    ]


def test_reading_tells_a_heading_from_none():
    assert lesson_links.link_faults("[a](../01-sigmoid.ipynb#remember) [b](https://doi.org/10.1/x(2)y)") == []
    assert lesson_links.mention_faults('Read lesson 1, "A stable sigmoid".') == []
    assert "no such heading" in lesson_links.link_faults("[a](../01-sigmoid.ipynb#nothing)")[0]
    assert "no such lesson" in lesson_links.link_faults("[a](../99-none.ipynb)")[0]
    assert "link to a lesson as" in lesson_links.link_faults("[a](01-sigmoid.ipynb)")[0]
    assert "no such heading" in lesson_links.mention_faults('Read lesson 1, "Nothing".')[0]
    assert "no such lesson" in lesson_links.mention_faults('Read lesson 99, "Traps".')[0]


def test_command_line_builds_checks_and_refuses(course, capsys):
    course()
    assert masters.main(["nothing"], course.root) == 2
    assert masters.main(["--check"], course.root) == 1
    assert masters.main(["--no-execution"], course.root) == 0
    assert masters.main(["b1", "--check"], course.root) == 0
    course(MASTER.replace("points: 2", "points: 7"))
    assert masters.main(["--no-execution"], course.root) == 1
    assert "refused" in capsys.readouterr().err
