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


STUB = (
    'def sigmoid(z):\n    """Return it."""\n    # YOUR CODE HERE\n'
    '    raise NotImplementedError("sigmoid is not written yet")'
)


@pytest.mark.parametrize(
    ("sources", "places"),
    [
        ([code(DEFINES, "sigmoid"), DEFINES], [0, 1]),
        ([DEFINES, f"# GRADED: sigmoid\n{DEFINES}", code(DEFINES, "sigmoid")], [0, 1, 2]),
        ([code(STUB, "sigmoid"), DEFINES], [1]),
        ([DEFINES, code(STUB, "sigmoid")], [0]),
        ([code("# GRADED: sigmoid", "sigmoid"), DEFINES], [1]),
        ([code(STUB, "sigmoid"), "sigmoid = lambda z: z"], [1]),
        ([code(STUB, "sigmoid"), "from math import exp as sigmoid"], [1]),
        ([code(STUB, "sigmoid"), "def other(z): return z\nif True:\n    sigmoid = other"], [1]),
        (
            [code(STUB, "sigmoid"), "def other(z):\n    sigmoid = z\n    return [sigmoid for sigmoid in z]"],
            [0],
        ),
        ([code(STUB, "sigmoid"), code(DEFINES, "sigmoid")], [1]),
        ([code(STUB, "sigmoid")], [0]),
        ([STUB], [0]),
        ([code("def sigmoide(z): return z", "sigmoid")], [0]),
        ([code(STUB, "sigmoid"), "def sigmoid(z):\n    print 'x'"], [1]),
        ([code(STUB, "sigmoid"), code(DEFINES, "sigmoid-test", False, True)], [0]),
    ],
)
def test_the_cells_of_an_answer_are_those_that_give_the_function_a_body(sources, places):
    assert load(*sources).answers == {"sigmoid": places}


@pytest.mark.parametrize(
    ("sources", "value"),
    [
        ([code("def sigmoid(z): return 'marked'", "sigmoid"), DEFINES], "marked"),
        (["def sigmoid(z): return 'first'", "def sigmoid(z): return 'last'"], "last"),
        ([code("def sigmoid(z): return 1", "sigmoid"), code("def sigmoid(z): return 2", "sigmoid")], 2),
        (["def sigmoid(z): return 3", code(STUB, "sigmoid")], 3),
        ([code(STUB, "sigmoid"), "def make():\n    return lambda z: 4\nsigmoid = make()"], 4),
        ([code("def sigmoid(z): return 5", "sigmoid"), "sigmoid = [1, 2]"], 5),
        ([code(STUB, "sigmoid"), "1 / 0\ndef sigmoid(z): return 6"], 6),
    ],
)
def test_the_answer_is_the_marked_one_or_what_a_run_from_top_to_bottom_leaves(sources, value):
    assert load(*sources).names["sigmoid"](0) == value


def test_a_function_without_a_body_does_not_stand_in_for_one_whose_cell_failed():
    loaded = load(code(STUB, "sigmoid"), "if 1 / 0:\n    def sigmoid(z): return 1")
    assert loaded.answers == {"sigmoid": [1]}
    assert "sigmoid" not in loaded.names


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


def test_other_functions_call_the_one_that_is_the_answer():
    loaded = load(
        code("def sigmoid(z):\n    return 'answer'", "sigmoid"),
        "def sigmoid(z):\n    return 'try'\ndef other(): return sigmoid(0)",
    )
    assert loaded.names["other"]() == "answer"


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


@pytest.mark.parametrize(
    ("source", "gives"),
    [
        ("%matplotlib inline\nx = (7\n     % 4)", {"x": 3}),
        ("%time x = 2 + 1", {"x": 3}),
        ("def f(z):\n    %time y = z\n    !ls\n    return y\nx = 3 if f(1) else 0", {"x": 3}),
        ("%%time\n%matplotlib inline\nx = 3", {"x": 3}),
        ("x = 3\nif x:\n    %cd data", {"x": 3}),
        ("x = 3\nx?\n?x\n", {"x": 3}),
    ],
)
def test_a_cell_is_read_as_ipython_reads_it(source, gives):
    loaded = load(code(f"{source}\n{DEFINES}", "sigmoid"))
    assert not loaded.errors
    assert {name: loaded.names.get(name) for name in gives} == gives


def test_lines_keep_their_numbers_below_ipython_s_commands():
    loaded = load(code(f"%%time\n\n{DEFINES}\n1 / 0", "sigmoid"))
    assert loaded.names["sigmoid"].__code__.co_firstlineno == 3


def test_display_is_there_and_does_nothing():
    assert not load(code(f"{DEFINES}\ndisplay(1, clear=True)", "sigmoid")).errors


def test_the_source_of_an_answer_is_found_as_tf_function_needs_it():
    loaded = load("", code(DEFINES, "sigmoid"))
    assert inspect.getsource(loaded.names["sigmoid"]).strip() == DEFINES


def test_an_error_that_cannot_be_printed_gives_its_type():
    loaded = load(code("class Odd(Exception):\n    def __str__(self): raise Odd\nraise Odd", "sigmoid"))
    assert loaded.errors[0]["error"] == "Odd"
