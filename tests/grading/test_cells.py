"""Which cells hold the answers, and what runs of all others: see the top of grading/sandbox/inside/cells.py."""

import inspect
from types import ModuleType

import pytest

from grading.sandbox.inside import cells

Q = {"sigmoid": "sigmoid"}


def code(source, grade_id="", solution=True, locked_test=False):
    return {"source": source, "grade_id": grade_id, "solution": solution, "locked_test": locked_test}


def load(*sources, questions=Q, **options):
    made = [source if isinstance(source, dict) else code(source) for source in sources]
    return cells.load(made, questions, ModuleType("__main__"), **options)


DEFINES = "def sigmoid(z):\n    return z"


@pytest.mark.parametrize(
    "answer",
    [
        code(DEFINES, "sigmoid"),
        code(f"# GRADED: sigmoid\n{DEFINES}"),
        code(f"  #GRADED:sigmoid\n{DEFINES}"),
        code(DEFINES),
    ],
)
def test_an_answer_is_found_by_metadata_by_mark_or_by_function(answer):
    loaded = load("import math", answer)
    assert loaded.answers == {"sigmoid": [1]}
    assert "sigmoid" in loaded.names


def test_metadata_counts_before_the_mark_and_the_mark_before_the_function():
    by_function, by_mark = code(DEFINES), code(f"# GRADED: sigmoid\n{DEFINES}")
    assert load(by_function, by_mark, code(DEFINES, "sigmoid")).answers == {"sigmoid": [2]}
    assert load(by_function, by_mark).answers == {"sigmoid": [1]}


def test_a_mark_of_a_longer_name_is_another_question_s():
    assert load("# GRADED: sigmoid-2\nx = 1").answers == {"sigmoid": []}


def test_a_locked_test_is_not_run_and_a_cell_of_answers_is_run_whole():
    loaded = load(
        code("ran = 1", "sigmoid-test", False, True),
        code(f"{DEFINES}\nfor i in range(3):\n    last = i", "sigmoid"),
    )
    assert "ran" not in loaded.names
    assert loaded.names["last"] == 2


RUNS = [
    "import math",
    "from math import pi as x",
    "def x(): pass",
    "class x: pass",
    "x = [1, 2, {'a': (3, 4)}]",
    "import numpy as np\nx = np.zeros((2, 3)).T",
    "x = sorted(int(c) for c in '321')",
    "x: int = 3",
    "try:\n    import no_such_module\nexcept ImportError:\n    x = 1",
    "if True:\n    x = 1",
    "import tensorflow as tf\nwith tf.Graph().as_default():\n    x = 1",
]
LEFT_OUT = [
    "for i in range(3):\n    x = i",
    "while True:\n    x = 1",
    "def train(): return 1\nx = train()",
    "class Model:\n    def fit(self): return 1\nx = Model().fit()",
    "x = (lambda: 1)()",
    "if True:\n    def f(): return 1\n    x = f()",
    "def f(): return 1\nwith f() as x:\n    pass",
    "def f(): return 1\nif f():\n    x = 1",
    "try:\n    pass\nexcept ValueError:\n    x = undefined()",
    "assert (x := 1)",
]


@pytest.mark.parametrize("source", RUNS[1:-1])
def test_imports_definitions_and_cheap_assignments_run(source):
    assert "x" in load(source).names


def test_the_list_of_what_runs_is_judged_as_it_is_said():
    import ast

    for source in RUNS:
        tree = ast.parse(source)
        assert all(cells.is_cheap(node, cells.imported(tree)) for node in tree.body), source


@pytest.mark.parametrize("source", LEFT_OUT)
def test_what_may_take_long_is_left_out_unless_everything_is_asked_for(source):
    loaded = load(source)
    assert "x" not in loaded.names
    assert "x" in loaded.left_out
    if "while" not in source and "with" not in source and "except" not in source:
        assert "x" in load(source, everything=True).names


def test_what_depends_on_what_was_left_out_goes_with_it():
    loaded = load(
        "x = [3, 1, 2]\ny = 1",
        "def prepare(v): return v\nx = prepare(x)",
        "z = x[0] + 1\nw = y + 1",
        "def uses(): return x",
    )
    assert {"x", "z"} <= loaded.left_out
    assert not {"x", "z"} & loaded.names.keys()
    assert loaded.names["w"] == 2
    assert "uses" in loaded.names


@pytest.mark.parametrize(
    "line", ["x.sort()", "shuffle(x)", "x[0] = f()", "x.part = f()", "x += f()", "del x"]
)
def test_a_name_that_a_left_out_statement_may_change_is_taken_away(line):
    loaded = load(f"def f(): return 1\ndef shuffle(v): pass\nx = [1]\n{line}")
    assert "x" not in loaded.names


@pytest.mark.parametrize("line", ["print(x)", "plt.plot(x)", "display(x)"])
def test_a_name_that_is_only_shown_stays(line):
    assert load(f"import math as plt\nx = [1]\n{line}").names["x"] == [1]


def test_a_name_that_is_given_anew_is_there_again():
    loaded = load("def f(): return 1\nx = f()\nx = 2\ny = x")
    assert (loaded.names["x"], loaded.names["y"]) == (2, 2)
    assert not {"x", "y"} & loaded.left_out


def test_libraries_are_not_taken_away():
    loaded = load("import math\nmath.sin(1)\nfor i in range(2):\n    math.cos(i)")
    assert "math" in loaded.names


def test_an_error_ends_neither_its_cell_nor_the_notebook():
    loaded = load(
        code("import no_such_module as nsm\ny = 1 / 0\ndef sigmoid(z): return z", "sigmoid"), "import math"
    )
    assert [(e["cell"], e["error"].split(":")[0], e["lost"]) for e in loaded.errors] == [
        (0, "ModuleNotFoundError", ["nsm"]),
        (0, "ZeroDivisionError", []),
    ]
    assert {"sigmoid", "math"} <= loaded.names.keys()
    assert "y" in loaded.left_out


def test_python_2_is_an_error_of_syntax():
    loaded = load(code("def sigmoid(z):\n    print 'x'\n    return z", "sigmoid"))
    assert loaded.errors[0]["syntax"]
    assert loaded.errors[0]["error"].startswith("SyntaxError")
    assert loaded.answers == {"sigmoid": [0]}
    assert "sigmoid" not in loaded.names


@pytest.mark.parametrize(
    "source", ["x = '\x00'", "(" * 5000 + ")" * 5000, "x = '\ud800'", "\xa0def f(): pass"]
)
def test_what_cannot_be_parsed_is_reported(source):
    assert load(source, DEFINES).errors[0]["syntax"]


def test_later_tries_under_the_same_name_are_no_answers():
    loaded = load(
        code("def sigmoid(z):\n    return 'answer'", "sigmoid"),
        "def sigmoid(z):\n    return 'try'\ndef other(): return sigmoid(0)",
    )
    assert loaded.names["sigmoid"](0) == "answer"
    assert loaded.names["other"]() == "answer"


def test_of_two_cells_with_an_answer_the_last_counts():
    loaded = load(code("def sigmoid(z): return 1", "sigmoid"), code("def sigmoid(z): return 2", "sigmoid"))
    assert loaded.names["sigmoid"](0) == 2


def test_statements_that_broke_before_are_skipped_and_each_is_announced():
    told = []
    loaded = load(
        "import math\nx = 1\ny = 2",
        skip=[(0, 1)],
        about_to=lambda cell, statement: told.append((cell, statement)),
    )
    assert told == [(0, 0), (0, 2)]
    assert "x" in loaded.left_out


def test_ipython_s_commands_are_dropped_and_calculations_are_kept():
    loaded = load(
        "%matplotlib inline\n!pip install x\nfiles = !ls\nn = %timeit 1\nmath?\nx = 1",
        "%%time\ny = 2",
        "%%bash\nz = 3",
        "w = (7\n  % 4)",
    )
    assert {n: loaded.names.get(n) for n in "xyzw"} == {"x": 1, "y": 2, "z": None, "w": 3}
    assert not loaded.errors


def test_display_is_there_and_does_nothing():
    assert not load(code(f"{DEFINES}\ndisplay(1, clear=True)", "sigmoid")).errors


def test_the_source_of_an_answer_is_found_as_tf_function_needs_it():
    loaded = load("", code(DEFINES, "sigmoid"))
    assert inspect.getsource(loaded.names["sigmoid"]).strip() == DEFINES


def test_an_error_that_cannot_be_printed_gives_its_type():
    loaded = load(code("class Odd(Exception):\n    def __str__(self): raise Odd\nraise Odd", "sigmoid"))
    assert loaded.errors[0]["error"] == "Odd"
