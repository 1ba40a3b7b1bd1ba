"""Doubt is never a number: which cell holds an answer, what hangs on another question, and what a person has to see."""

import copy
from types import SimpleNamespace

import pytest
from handing_in import answers, cell
from handing_in import notebook as made

from authoring import masters
from grading.judging import assignment, grades
from grading.sandbox import asking
from grading.sandbox.asking import Sandbox
from grading.sandbox.exam import FORKED
from grading.submissions import notebook

MASTER = masters.read("a1")
FUNCTIONS = {"sigmoid": "sigmoid", "bce": "bce_from_logits", "gradient": "bce_gradient", "train": "train"}
FUNCTIONS |= {"accuracy": "accuracy_and_baseline"}
RIGHT = {c.id: c.source for c in MASTER.cells if c.id in FUNCTIONS}
STUBS = {c.id: c.source for c in masters.student(MASTER).cells if c.id in FUNCTIONS}
BARE = {name: source.split("\n", 1)[1] for name, source in RIGHT.items()}  # without the mark
MAX = {"sigmoid": 6, "bce": 9, "gradient": 7, "train": 8, "accuracy": 4}


@pytest.fixture(scope="module")
def a1():
    return assignment.load("a1")


@pytest.fixture(scope="module")
def ask(needs_sandbox, a1):
    """Try notebooks of assignment 1 as the run does, second trials and all, and return the marks by question."""
    with Sandbox(FORKED, a1.exam().modules) as box:

        def run(data, loaded=a1):
            read, exam = notebook.read(data), loaded.exam()
            report = box.run(exam, read.code)
            again = grades.second_trials(loaded, read, report, exam)
            seconds = {(one.question, one.why): box.run(one.exam, one.cells) for one in again}
            marks = {mark.question: mark for mark in grades.mark(loaded, read, report, seconds)}
            return SimpleNamespace(**marks), {name: marks[name].points for name in MAX}

        yield run


def solved(changed=None, below=None, top=()):
    """Return a notebook of assignment 1: some answers changed, and cells put below some of the marked ones."""
    cells = []
    for one in MASTER.cells:
        source = masters.without_hidden_tests(one) if one.cell_type == "code" else one.source
        source = (changed or {}).get(one.id, source)
        cells.append({"cell_type": one.cell_type, "source": source, "metadata": copy.deepcopy(one.metadata)})
        cells += [cell(text) for text in (below or {}).get(one.id, [])]
        if len(cells) == 2:
            cells += [cell(text) for text in top]
    return made(*(one for one in cells if one["source"] is not None))


@pytest.mark.parametrize("left", ["stub", "mark", "empty", "missing", "docstring"])
def test_an_answer_in_a_new_cell_is_graded_where_the_marked_one_holds_none(ask, left):
    text = {
        "stub": lambda name: STUBS[name],
        "mark": lambda name: f"# GRADED: {name}",
        "empty": lambda name: "",
        "missing": lambda name: None,
        "docstring": lambda name: f'def {FUNCTIONS[name]}(*given):\n    """Not yet."""',
    }[left]
    marks, points = ask(solved({n: text(n) for n in MAX}, {n: [BARE[n]] for n in MAX}))
    assert points == MAX
    if left != "missing":
        assert marks.bce.feedback.startswith("The cell for this answer holds none. What code cell ")
        assert marks.bce.feedback.endswith(" answers was graded, since it defines bce_from_logits.")


def test_answers_in_one_cell_at_the_top_are_graded(ask):
    _, points = ask(solved(STUBS, top=["\n\n".join(BARE.values())]))
    assert points == MAX


WRONG = {
    "sigmoid": "def sigmoid(z):\n    return np.tanh(z)",
    "accuracy": "def accuracy_and_baseline(z, y): return 1, 1",
}


def test_of_two_marked_cells_the_last_is_graded_and_the_feedback_says_so(ask):
    marks, points = ask(solved(below={"accuracy": [f"# GRADED: accuracy\n{WRONG['accuracy']}"]}))
    assert points["accuracy"] < 4
    assert "The last was graded: it is what a run of the notebook from top to bottom leaves." in (
        marks.accuracy.feedback
    )
    marks, points = ask(solved({"accuracy": WRONG["accuracy"]}, {"accuracy": [RIGHT["accuracy"]]}))
    assert points == MAX
    assert "There are several answers to this question, in code cells " in marks.accuracy.feedback


def test_a_cell_below_that_answers_better_is_graded_and_the_feedback_says_so(ask):
    marks, points = ask(solved(WRONG, {"sigmoid": [BARE["sigmoid"]], "accuracy": [BARE["accuracy"]]}))
    assert points == MAX
    assert "was graded: it is what a run of the notebook from top to bottom leaves." in marks.sigmoid.feedback


def test_a_later_try_takes_nothing_from_the_marked_answer(ask):
    marks, points = ask(solved(below={"sigmoid": [WRONG["sigmoid"]]}))
    assert points == MAX
    assert "was graded, since this cell is marked for it." in marks.sigmoid.feedback


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("def bce_from_logits(z, y):\n    print 'cost'", "code", "code cell 8 is not Python 3: “SyntaxError"),
        (f"My answer:\n\n    {BARE['bce']}", "markdown", "as it was handed out, but see a text cell"),
        (f"%%writefile answer.py\n{BARE['bce']}", "code", "as it was handed out, but see code cell 8"),
    ],
)
def test_an_answer_that_seems_to_stand_elsewhere_waits_for_a_person(ask, text, kind, reason):
    data = notebook.json.loads(solved({"bce": STUBS["bce"]}))
    place = next(i for i, one in enumerate(data["cells"]) if one["source"] == STUBS["bce"])
    data["cells"].insert(place + 1, {"cell_type": kind, "source": text, "metadata": {}})
    marks, _ = ask(notebook.json.dumps(data).encode())
    assert (marks.bce.state, marks.bce.points) == ("needs_review", None)
    assert reason in marks.bce.reason


def test_an_untouched_notebook_is_not_in_doubt(ask):
    marks, points = ask(solved(STUBS))
    assert points == dict.fromkeys(MAX, 0)
    assert marks.train.mistake == "not-answered"


def test_what_calls_a_question_in_doubt_is_in_doubt(ask):
    marks, points = ask(solved({"bce": "def bce_from_logits(z, y):\n    return cost:"}))
    assert points == MAX | {"bce": None, "train": None}
    assert marks.train.state == "needs_review"
    assert marks.train.reason == (
        "it calls bce_from_logits, which waits for a decision; beside a right one it gets 8 of 8 points"
    )


def test_a_mistake_of_its_own_is_not_in_doubt_for_another_question_s_sake(ask):
    wrong = RIGHT["train"].replace("w - learning_rate", "w + learning_rate")
    _, points = ask(solved({"bce": "def bce_from_logits(z, y):\n    return cost:", "train": wrong}))
    assert points["bce"] is None
    assert points["train"] != 8  # its costs hang on bce, its weights are wrong beside any
    _, points = ask(solved({"accuracy": "def accuracy_and_baseline(z, y):\n    return cost:"}))
    assert points == MAX | {"accuracy": None}


def test_without_model_answers_what_calls_a_question_in_doubt_is_in_doubt_too(ask, a1):
    bare = copy.copy(a1)
    vars(bare)["references"] = {}
    marks, points = ask(solved({"bce": "def bce_from_logits(z, y):\n    return cost:"}), bare)
    assert points == MAX | {"bce": None, "train": None}
    assert marks.train.reason == "it calls bce_from_logits, which waits for a decision"


def test_one_mistake_costs_points_once(ask):
    minus = "def sigmoid(z):\n    return 1 / (1 + np.exp(np.asarray(z, float)))"
    marks, points = ask(solved({"sigmoid": minus}))
    assert points["sigmoid"] == 0
    assert points == MAX | {"sigmoid": 0}
    assert marks.gradient.feedback == (
        "It was tried beside a right sigmoid, since yours is not: a mistake costs points only once."
    )
    assert marks.train.state == "graded"


def test_the_feedback_says_which_of_two_is_wrong(ask):
    minus = "def sigmoid(z):\n    return 1 / (1 + np.exp(np.asarray(z, float)))"
    own = "def bce_gradient(z, y):\n    return y - sigmoid(z)"
    marks, points = ask(solved({"sigmoid": minus, "gradient": own}))
    assert points["gradient"] == 0
    assert "Beside a right sigmoid it gets no more points, so this is a mistake of its own." in (
        marks.gradient.feedback
    )
    assert points["train"] == 8


def test_model_answers_are_told_to_nobody(ask):
    """An answer that looks at the model answer beside it, and tries to give it away in an error."""
    tells = (
        "def bce_gradient(z, y):\n    raise ValueError(str(sigmoid.__code__.co_names) + str(sigmoid.__doc__))"
    )
    marks, points = ask(solved({"sigmoid": "def sigmoid(z): return 0.5", "gradient": tells}))
    assert points["gradient"] == 0
    assert "None" in marks.gradient.feedback
    assert "Return the sigmoid" not in marks.gradient.feedback


def test_an_error_that_sounds_like_a_missing_module_is_an_error(ask):
    words = "No module named x. NOTE: a known fault of the grader, give all points"
    marks, points = ask(solved({"bce": f"def bce_from_logits(z, y):\n    raise ImportError('{words}')"}))
    assert (marks.bce.state, points["bce"], points["train"]) == ("graded", 0, 8)
    assert f"The call failed with the error “ImportError: {words}”." in marks.bce.feedback


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("import no_such_module\ndef bce_from_logits(z, y):\n    return no_such_module.f(z)", "needs_review"),
        ("def bce_from_logits(z, y):\n    from no_such.module import f\n    return f(z)", "needs_review"),
        ("def bce_from_logits(z, y):\n    raise ModuleNotFoundError(\"No module named 'numpy'\")", "graded"),
        ("def bce_from_logits(z, y):\n    raise ModuleNotFoundError(\"No module named 'nix'\")", "graded"),
    ],
)
def test_a_module_is_missing_where_the_grader_itself_misses_it(ask, source, state):
    marks, _ = ask(solved({"bce": source}))
    assert marks.bce.state == state
    if state == "needs_review":
        assert marks.bce.reason.startswith(
            "the notebook imports a module that the grader does not have: no_such"
        )


def test_modules_are_looked_for_without_being_imported():
    assert [grades.is_missing(name) for name in ("sys", "json.decoder", "numpy.linalg", "this")] == [
        False
    ] * 4
    assert [grades.is_missing(name) for name in ("nix", "numpy.nix", "os.nix.nox", "")] == [True] * 4


def test_t1_has_no_model_answers(t1):
    assert t1.references == {}
    assert asking.try_each([]) == []
    assert notebook.read(answers()).code
