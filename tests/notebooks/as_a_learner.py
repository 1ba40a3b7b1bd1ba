"""Each notebook as on a learner's machine: its cells are run again, its home is read-only, there is no network.

Ten minutes on two cores, so pytest does not find this by itself: `make test-twice` calls it, each week and before a
release. A kernel runs each cell twice in a row, then all cells once more; none may fail, and so no assert either. What
they print is not compared: a second run may print other times. Nothing of the course's own settings is used, so figures
have matplotlib's default style.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from course.paths import DATA, NOTEBOOKS, ROOT

LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_cells_are_run_again_where_only_the_working_folder_can_be_written(lesson):
    bubblewrap = shutil.which("bwrap")
    assert bubblewrap, "there is no bubblewrap: run make sandbox"
    home, course = str(Path.home()), str(ROOT)
    command = [bubblewrap, "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]
    # where the home cannot be written, Keras looks for its data below /tmp
    command += ["--tmpfs", "/tmp", "--ro-bind", str(DATA.resolve()), "/tmp/.keras"]
    command += ["--ro-bind", home, home, "--ro-bind", course, course]
    command += ["--dir", "/tmp/lesson", "--chdir", "/tmp/lesson", "--setenv", "PYTHONPATH", course]
    for name in ("KERAS_HOME", "MATPLOTLIBRC", "IPYTHONDIR"):
        command += ["--unsetenv", name]
    done = subprocess.run(
        [*command, sys.executable, __file__, str(NOTEBOOKS / f"{lesson}.ipynb")],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr[-2000:]


def faults(path: Path) -> list[str]:
    """Execute the code cells of a notebook in this way and return what failed, one line each."""
    notebook = nbformat.read(path, as_version=4)
    places = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    turns = [(place, time) for place in places for time in ("first", "second")]
    turns += [(place, "third") for place in places]
    found = []
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3")
    with client.setup_kernel():
        for place, time in turns:
            try:
                client.execute_cell(notebook.cells[place], place)
            except CellExecutionError as error:
                found.append(f"cell {place}, {time} time: {error.ename}: {error.evalue}")
    return found


if __name__ == "__main__":
    lines = faults(Path(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
