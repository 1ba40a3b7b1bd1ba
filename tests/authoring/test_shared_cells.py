"""What the shared cells say where something is missing, and that every notebook has them as they are written."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from authoring import fetch_data, lesson_rules, shared_cells
from course.paths import DATA, NOTEBOOKS

SETUP = next(source for name, source in shared_cells.cells().items() if name == "# @title Setup")
FASHION = next(source for name, source in shared_cells.cells().items() if "Fashion-MNIST" in name)
OTHERS = ("matplotlib", "scipy", "sklearn")
FILES = [f"{name}-ubyte.gz" for name in re.findall(r'"([\w-]+idx\d)"', FASHION)]

TENSORFLOW = """
__version__ = "{tensorflow}"
class config:
    list_physical_devices = staticmethod(lambda kind: [])
    class experimental:
        enable_tensor_float_32_execution = staticmethod(lambda on: None)
class keras:
    {legacy}
"""
KERAS = """
__version__ = "{keras}"
class config:
    backend = staticmethod(lambda: "{backend}")
"""
RIGHT = {
    "tensorflow": "2.20.0",
    "keras": "3.12.0",
    "numpy": "2.3.0",
    "backend": "tensorflow",
    "legacy": '__version__ = "3.12.0"',
}


def set_up(tmp_path, without=(), tensorflow_source=TENSORFLOW, **versions):
    """Run the setup cell with packages of these versions, which are empty but for what the cell asks."""
    facts = RIGHT | versions
    sources = {"tensorflow": tensorflow_source, "keras": KERAS, "numpy": '__version__ = "{numpy}"'}
    sources |= dict.fromkeys(OTHERS, "")
    for name in set(sources) - set(without):
        source = sources[name]
        for key, value in facts.items():
            source = source.replace("{" + key + "}", value)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    cell = tmp_path / "cell.txt"
    cell.write_text(SETUP, encoding="utf-8")
    # -S: nothing of this machine's packages; the cell is not a file beside them, so no name is found twice
    return subprocess.run(
        [sys.executable, "-S", "-c", f"exec(open({str(cell)!r}).read())"],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        check=False,
    )


def test_what_fits_is_printed_in_one_line(tmp_path):
    done = set_up(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "TensorFlow 2.20.0, Keras 3.12.0, NumPy 2.3.0\nrunning on a CPU\n"


@pytest.mark.parametrize("version", ["2.18.0", "2.18.0rc1", "2.21.0", "3.0.0"])
def test_versions_of_tensorflow_that_fit(tmp_path, version):
    assert set_up(tmp_path, tensorflow=version).returncode == 0


@pytest.mark.parametrize(
    ("facts", "found", "cure"),
    [
        ({"tensorflow": "2.15.1", "legacy": "pass"}, "TensorFlow 2.15.1", "--upgrade tensorflow"),
        ({"tensorflow": "2.17.0"}, "TensorFlow 2.17.0", "--upgrade tensorflow"),
        ({"keras": "3.4.1"}, "Keras 3.4.1", "--upgrade tensorflow"),
        ({"numpy": "1.24.4"}, "NumPy 1.24.4", "--upgrade tensorflow"),
        ({"backend": "jax"}, "Keras runs on jax already", "Restart the kernel"),
        ({"backend": "torch"}, "Keras runs on torch already", "Restart the kernel"),
        ({"legacy": '__version__ = "2.20.0"'}, "tf.keras is the old Keras 2", "Restart the kernel"),
        ({"legacy": "pass"}, "tf.keras is the old Keras 2", "Restart the kernel"),
        ({"without": ["tensorflow"]}, "no package tensorflow.", "%pip install tensorflow"),
        ({"without": ["scipy", "sklearn"]}, "no package scipy, no sklearn.", "scipy scikit-learn"),
        ({"without": ["keras"]}, "No module named 'keras'", "--upgrade tensorflow"),
        (
            {"tensorflow_source": 'raise AttributeError("_ARRAY_API not found")'},
            "cannot be imported (_ARRAY_API not found)",
            "--upgrade tensorflow",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(tmp_path, facts, found, cure):
    done = set_up(tmp_path, **facts)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("AssertionError: Found: ")
    assert found in last
    assert "Needed: " in last
    assert cure in last


@pytest.mark.slow
def test_settings_of_the_machine_do_not_reach_a_lesson(tmp_path):
    """KERAS_BACKEND, keras.json and what importing transformers sets, with the packages as they are."""
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "torch"}), encoding="utf-8")
    set_by_others = {"KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "1", "KERAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", f"{SETUP}\nprint(tf.keras.Sequential, keras.config.backend())"],
        capture_output=True,
        text=True,
        env=os.environ | set_by_others,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Keras 3." in done.stdout
    assert "tensorflow" in done.stdout.splitlines()[-1]


def test_fashion_mnist_is_what_make_data_fetches():
    sums = dict(re.findall(r'"([\w-]+idx\d)": "(\w+)"', FASHION))
    assert {f"{name}-ubyte.gz": sha256 for name, sha256 in sums.items()} == {
        name: content.sha256 for name, content in fetch_data.FILES.items()
    }


def cut_off(folder):
    with (folder / FILES[0]).open("r+b") as file:
        file.truncate(9_000_000)


def another_file(folder):
    (folder / FILES[1]).write_bytes(gzip.compress(bytes(60_008)))


def nothing(folder):
    shutil.rmtree(folder)


TROUBLES = {
    "cut off": (cut_off, f"{FILES[0]} is cut off or damaged"),
    "another file": (another_file, f"{FILES[1]} does not hold Fashion-MNIST"),
    "unreachable": (nothing, "URL fetch failure"),
}


@pytest.mark.slow
def test_fashion_mnist_that_cannot_be_had(tmp_path):
    """Each trouble in a folder of its own, all asked by one process; no server is reached."""
    for name, (spoil, _) in TROUBLES.items():
        folder = tmp_path / name / "datasets" / "fashion-mnist"
        shutil.copytree(DATA / "datasets" / "fashion-mnist", folder)
        spoil(folder)
    asking = f"""
import json, os
{SETUP}
said = {{}}
for trouble in {list(TROUBLES)!r}:
    os.environ["KERAS_HOME"] = os.path.join({str(tmp_path)!r}, trouble)
    keras.src.backend.config._KERAS_DIR = os.environ["KERAS_HOME"]  # Keras reads it once, at its import
    try:
        exec({FASHION!r}, globals())
        said[trouble] = "nothing"
    except AssertionError as error:
        said[trouble] = str(error)
print()  # Keras ends its progress bar without one
print(json.dumps(said))
"""
    done = subprocess.run(
        [sys.executable, "-c", asking],
        capture_output=True,
        text=True,
        env=os.environ | {"https_proxy": "http://127.0.0.1:9"},  # where nobody listens
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    for name, (_, sentence) in TROUBLES.items():
        assert sentence in said[name], name
        assert str(tmp_path / name / "datasets" / "fashion-mnist") in said[name]
        assert "run this cell again" in said[name]


def test_a_copy_is_known_by_its_title_and_renewed():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# @title Setup: words that are no cell"),
            new_code_cell("# @title Setup: of last year\nimport tensorflow"),
            new_code_cell("# @title The code of this picture\nplot()"),
            new_code_cell(FASHION),
        ]
    )
    assert shared_cells.renew(notebook) == ["Setup"]
    assert [cell.source for cell in notebook.cells][1:] == [
        SETUP,
        "# @title The code of this picture\nplot()",
        FASHION,
    ]
    assert notebook.cells[0].source == "# @title Setup: words that are no cell"
    assert shared_cells.renew(notebook) == []


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        (["import tensorflow as tf"], "add the cell of authoring/shared_cells/setup.py above"),
        (["import numpy", SETUP, "import tensorflow as tf"], "must be the first code cell"),
        ([SETUP.replace("2, 18", "2, 17"), "import tensorflow as tf"], "run make sync"),
        (
            [SETUP, "(x, y), _ = tf.keras.datasets.fashion_mnist.load_data()"],
            "authoring/shared_cells/fashion_mnist.py",
        ),
        ([SETUP, "(x, y), _ = tf.keras.datasets.fashion_mnist.load_data()", FASHION], "fashion_mnist.py"),
    ],
)
def test_rule_asks_for_the_shared_cells(sources, fault):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    faults = lesson_rules.shared_cells_first(notebook)
    assert len(faults) == 1
    assert fault in faults[0]


def test_rule_takes_what_is_right():
    right = [
        SETUP,
        "import matplotlib.pyplot as plt",
        FASHION,
        "a = tf.keras.datasets.fashion_mnist.load_data()",
    ]
    for sources in (right, ["import numpy as np"]):
        assert (
            lesson_rules.shared_cells_first(new_notebook(cells=[new_code_cell(one) for one in sources])) == []
        )


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("assignments/*.ipynb")), ids=lambda path: path.stem)
def test_assignments_have_them_too(path):
    assert lesson_rules.shared_cells_first(nbformat.read(path, as_version=4)) == []
