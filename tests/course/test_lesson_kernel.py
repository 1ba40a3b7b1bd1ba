"""A kernel that dies at its start is started once more, one that a cell ends is not; none listens on TCP ports."""

from pathlib import Path

import nbclient
import nbformat
import psutil
import pytest

from course import lesson_kernel


def notebook(code):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in code])


def test_a_start_that_fails_is_tried_once_more_and_told(capsys):
    tried = []

    def start():
        tried.append("start")
        if len(tried) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return "kernel"

    assert lesson_kernel.once_more(start) == "kernel"
    said = capsys.readouterr().err
    assert "a kernel died at its start, and is started once more: Kernel died before" in said


def test_a_start_that_fails_twice_is_an_error():
    def start():
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        lesson_kernel.once_more(start)


def test_a_kernel_that_a_cell_ends_is_not_started_again(tmp_path):
    log = tmp_path / "log"
    code = ["1 + 1", f"import os; open({str(log)!r}, 'a').write('x'); os._exit(1)"]
    with pytest.raises(nbclient.exceptions.DeadKernelError):
        lesson_kernel.execute(notebook(code), tmp_path)
    assert log.read_text(encoding="utf-8") == "x"


def test_kernel_and_client_meet_at_files_that_are_gone_afterwards(tmp_path):
    """A port that was free when the client looked may be taken when the kernel binds it."""
    look = (
        "import json; from ipykernel.connect import get_connection_info\n"
        "told = json.loads(get_connection_info()); print(told['transport'], told['ip'])"
    )
    asked = notebook([look])
    lesson_kernel.execute(asked, tmp_path)
    (output,) = asked.cells[0].outputs
    transport, place = output.text.split()
    assert transport == "ipc"
    assert not Path(place).parent.exists()
    assert not [c for c in psutil.Process().children() if "ipykernel" in " ".join(c.cmdline())]
