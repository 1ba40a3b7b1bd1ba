"""authoring/fetch_data.py with made-up files, a local web server and a toy package: no network, no apt."""

import gzip
import hashlib
import http.server
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import waiting

from authoring import fetch_data
from course.paths import ROOT

BIG, *SMALL = fetch_data.FILES
CONTENT = {name: random.Random(name).randbytes(200_000 if name == BIG else 500) for name in fetch_data.FILES}
PACKED = {name: gzip.compress(content) for name, content in CONTENT.items()}
COMMANDS = f"{os.defpath}:/usr/local/bin"
EXPECTED = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in CONTENT.items()}


@dataclass
class Origin:
    """A stand-in for the origin: what it serves, how it misbehaves, what it was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(PACKED))
    ranges: bool = True
    dies_after: int | None = None  # bytes of a body, then the connection is closed
    delay: float = 0.0
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Origin]:
    state = Origin()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, asked = self.path.strip("/"), self.headers["Range"]
            state.asked.append((name, asked))
            time.sleep(state.delay)
            body = state.files.get(name)
            if body is None:
                return self.send_error(404)
            begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and state.ranges else 0
            if begin and begin >= len(body):
                return self.send_error(416)
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(body) - begin))
            self.end_headers()
            end = None if state.dies_after is None else begin + state.dies_after
            self.wfile.write(body[begin:end])
            return None

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(fetch_data, "ORIGIN", state.url)
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def toy_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Small files, an origin that refuses connections, no apt-get, and nothing of the user's environment."""
    monkeypatch.setattr(fetch_data, "FILES", {n: fetch_data.Content(*e) for n, e in EXPECTED.items()})
    monkeypatch.setattr(fetch_data, "ORIGIN", "http://127.0.0.1:9/")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "datasets" / "fashion-mnist"


def fill(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, packed in PACKED.items():
        (folder / name).write_bytes(packed)


def listing(folder: Path) -> set[str]:
    """Names in the folder, without the lock file."""
    return {path.name for path in folder.iterdir()} - {".fetch.lock"}


def write_command(path: Path, script: str) -> None:
    """Put a shell script on the toy world's PATH; inside, the machine's own commands are found."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\nPATH={COMMANDS}\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """Stand-in for apt-get, which copies a toy package, with the real dpkg-deb or, without one, tar.

    Returns the log of its command lines.
    """
    tree, package, log = tmp_path / "tree", tmp_path / "toy.deb", tmp_path / "apt.log"
    data = tree / "usr/share/datasets/fashion-mnist"
    data.mkdir(parents=True)
    for name, content in CONTENT.items():  # the bytes differ from the origin's, as those of Debian do
        (data / name).write_bytes(gzip.compress(content, compresslevel=1, mtime=1))
    if real := shutil.which("dpkg-deb", path=COMMANDS):
        (tree / "DEBIAN").mkdir()
        control = "Package: toy\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: toy\n"
        (tree / "DEBIAN/control").write_text(control)
        build = f'{real} -Znone --build "{tree}" "{package}"'
        unpack = f'exec {real} "$@"'
    else:
        build = f'tar -cf "{package}" -C "{tree}" .'
        unpack = 'tar -xf "$2" -C "$3"'
    subprocess.run(build, shell=True, check=True, capture_output=True, env={"PATH": COMMANDS})
    write_command(tmp_path / "bin/dpkg-deb", unpack)
    write_command(tmp_path / "bin/apt-get", f'echo "$@" >> "{log}"\ncp "{package}" toy_1_all.deb')
    return log


def test_the_names_and_the_origin_are_those_of_keras():
    keras = importlib.util.find_spec("keras")  # found, not imported: that would take seconds
    assert keras and keras.origin
    source = (Path(keras.origin).parent / "src/datasets/fashion_mnist.py").read_text()
    module = importlib.util.module_from_spec(spec := importlib.util.find_spec("authoring.fetch_data"))
    spec.loader.exec_module(module)  # a copy without the toy world
    assert module.ORIGIN in source
    assert all(name in source for name in module.FILES)
    assert len(module.FILES) == 4


def test_fetches_from_the_origin_then_stays_quiet(origin, folder, capsys):
    assert fetch_data.main([]) == 0
    assert {name: (folder / name).read_bytes() for name in listing(folder)} == PACKED
    printed = capsys.readouterr()
    assert printed.err == f"Fashion-MNIST: 4 of 4 files from {origin.url}\n"
    assert len(origin.asked) == 4

    assert fetch_data.main([]) == 0
    assert capsys.readouterr() == ("", "")
    assert len(origin.asked) == 4


def test_only_what_is_missing_is_fetched(origin, folder):
    fill(folder)
    (folder / SMALL[0]).unlink()
    assert fetch_data.main([]) == 0
    assert origin.asked == [(SMALL[0], None)]


def test_the_option_goes_before_the_environment(origin, tmp_path, folder):
    assert fetch_data.main(["--keras-home", str(tmp_path / "other")]) == 0
    assert listing(tmp_path / "other/datasets/fashion-mnist") == set(PACKED)
    assert not folder.exists()


def test_without_option_and_environment_the_project_has_its_own(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("KERAS_HOME")
    assert ROOT / ".keras" == fetch_data.DATA
    monkeypatch.setattr(fetch_data, "DATA", tmp_path / "own")
    assert fetch_data.main(["--check"]) == 1
    assert str(tmp_path / "own/datasets") in capsys.readouterr().err


def test_a_connection_that_dies_leaves_a_part_that_is_continued(origin, folder, capsys):
    origin.dies_after = 70_000
    assert fetch_data.main([]) == 1
    assert listing(folder) == {f"{BIG}.part"}  # and nothing under a final name
    assert "connection closed after 70,000 of" in capsys.readouterr().err

    origin.dies_after = None
    assert fetch_data.main([]) == 0
    assert origin.asked[:2] == [(BIG, None), (BIG, "bytes=70000-")]
    assert {name: (folder / name).read_bytes() for name in listing(folder)} == PACKED


@pytest.mark.parametrize(
    ("part", "ranges", "requests"),
    [
        pytest.param(PACKED[BIG][:1000], False, [(BIG, "bytes=1000-")], id="server-ignores-range"),
        pytest.param(PACKED[BIG], True, [], id="part-is-the-whole-file"),
        pytest.param(b"?" * 300_000, True, [(BIG, "bytes=300000-"), (BIG, None)], id="too-long-answer-416"),
        pytest.param(b"<html>login", True, [(BIG, "bytes=11-"), (BIG, None)], id="part-of-something-else"),
    ],
)
def test_whatever_the_part_holds_the_file_becomes_right(origin, folder, part, ranges, requests):
    fill(folder)
    (folder / BIG).unlink()
    (folder / f"{BIG}.part").write_bytes(part)
    origin.ranges = ranges
    assert fetch_data.main([]) == 0
    assert origin.asked == requests
    assert {name: (folder / name).read_bytes() for name in listing(folder)} == PACKED


def test_wrong_content_from_the_origin_falls_to_debian(origin, debian, folder, capsys):
    origin.files[SMALL[1]] = gzip.compress(b"x" * len(CONTENT[SMALL[1]]))
    assert fetch_data.main([]) == 0
    assert listing(folder) == set(PACKED)  # no .part, no unpacked package
    assert gzip.decompress((folder / SMALL[1]).read_bytes()) == CONTENT[SMALL[1]]
    assert capsys.readouterr().err == (
        f"Fashion-MNIST: 2 of 4 files from {origin.url}\n"
        "Fashion-MNIST: 2 of 4 files from Debian package dataset-fashion-mnist\n"
    )


def test_a_part_is_removed_once_another_source_had_the_file(origin, debian, folder):
    origin.dies_after = 70_000
    assert fetch_data.main([]) == 0
    assert listing(folder) == set(PACKED)


def test_wrong_content_from_the_only_source_is_not_kept(origin, folder, capsys):
    origin.files[BIG] = b"<html>please log in</html>"
    assert fetch_data.main([]) == 1
    assert f"{origin.url}: {BIG}: found no readable gzip file" in capsys.readouterr().err
    assert listing(folder) == set()


def test_debian_alone(debian, folder, capsys):
    (folder / ".debian/rest-of-a-run-that-was-killed").mkdir(parents=True)
    assert fetch_data.main([]) == 0
    assert listing(folder) == set(PACKED)
    assert (
        capsys.readouterr().err == "Fashion-MNIST: 4 of 4 files from Debian package dataset-fashion-mnist\n"
    )
    assert debian.read_text().rstrip().endswith("download dataset-fashion-mnist")


EMPTY_LISTS = """if [ ! -e {flag} ]; then
  case "$*" in *update) touch {flag}; exit 0;; esac
  echo "W: a warning" >&2; echo "E: Unable to locate package dataset-fashion-mnist" >&2; exit 100
fi
cp {package} toy_1_all.deb"""


@pytest.mark.parametrize("user", [0, 1000])
def test_empty_package_lists(debian, folder, tmp_path, monkeypatch, capsys, user):
    script = EMPTY_LISTS.format(flag=tmp_path / "updated", package=tmp_path / "toy.deb")
    write_command(tmp_path / "bin/apt-get", script)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert fetch_data.main([]) == (0 if user == 0 else 1)
    error = capsys.readouterr().err
    if user == 0:
        assert listing(folder) == set(PACKED)
    else:
        assert "apt-get: E: Unable to locate package dataset-fashion-mnist (" in error
        assert "sudo apt-get update" in error
        assert "a warning" not in error
        assert listing(folder) == set()


def test_nothing_answers(folder, capsys):
    assert fetch_data.main([]) == 1
    error = capsys.readouterr().err
    assert "http://127.0.0.1:9/: [Errno" in error
    assert "Connection refused" in error
    assert "Debian package dataset-fashion-mnist: there is no apt-get on this machine" in error
    assert f"Put these files by hand into {folder}\n" in error
    assert all(f"\n  {name}\n" in error for name in PACKED)
    assert "Traceback" not in error
    assert listing(folder) == set()


def test_a_host_that_hangs_is_given_up_after_the_timeout(folder, monkeypatch, capsys):
    released = threading.Event()
    monkeypatch.setattr(fetch_data, "TIMEOUT", 0.1)
    asked = []
    monkeypatch.setattr(
        fetch_data.urllib.request,
        "urlopen",
        lambda *a, **_: asked.append(a) or released.wait(waiting.PATIENCE),
    )
    assert fetch_data.main([]) == 1
    assert not released.is_set()
    assert len(asked) == 1, "once, not once per file"
    assert "no answer within 0.1 s" in capsys.readouterr().err
    released.set()


def test_a_server_that_lacks_the_file_is_named(origin, capsys):
    origin.files.clear()
    assert fetch_data.main([]) == 1
    assert f"{origin.url}: HTTP Error 404: Not Found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(b"not gzip", "found no readable gzip file", id="not-gzip"),
        pytest.param(PACKED[BIG][:1000], "found a gzip file cut short, expected 200,000 bytes", id="cut"),
        pytest.param(gzip.compress(b"short"), "found 5 bytes of content, expected 200,000", id="short"),
        pytest.param(gzip.compress(bytes(9_000_000)), "found more than the expected 200,000", id="bomb"),
        pytest.param(gzip.compress(bytes(200_000)), f", expected {EXPECTED[BIG][1]}", id="other-content"),
    ],
)
def test_a_wrong_file_is_named_moved_aside_and_replaced(origin, folder, capsys, wrong, said):
    fill(folder)
    (folder / BIG).write_bytes(wrong)
    (folder / f"{BIG}.corrupt").write_bytes(b"an earlier one")
    assert fetch_data.main(["--check"]) == 1
    checked = capsys.readouterr().err
    assert checked.startswith(f"{folder / BIG}: found ")
    assert said in checked
    assert checked.count("\n") == 1
    assert listing(folder) == {*PACKED, f"{BIG}.corrupt"}  # --check changes nothing

    assert fetch_data.main([]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"{checked.rstrip()}; moved aside to {BIG}.corrupt1"
    assert second == f"Fashion-MNIST: 1 of 4 files from {origin.url}"
    assert (folder / f"{BIG}.corrupt1").read_bytes() == wrong
    assert (folder / f"{BIG}.corrupt").read_bytes() == b"an earlier one"
    assert (folder / BIG).read_bytes() == PACKED[BIG]


def test_a_wrong_file_does_not_keep_its_name_when_nothing_answers(folder, capsys):
    fill(folder)
    (folder / BIG).write_bytes(b"not gzip")
    assert fetch_data.main([]) == 1
    assert listing(folder) == {*SMALL, f"{BIG}.corrupt"}
    error = capsys.readouterr().err
    assert f"moved aside to {BIG}.corrupt\n" in error
    assert f"\n  {BIG}\n" in error
    assert SMALL[0] not in error  # only what is still missing has to be brought by hand


def test_check(folder, monkeypatch, capsys):
    monkeypatch.setattr(fetch_data, "fetch", lambda _: pytest.fail("--check must not fetch"))
    assert fetch_data.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [f"{folder / name}: is missing" for name in PACKED]
    assert not folder.exists()
    fill(folder)
    assert fetch_data.main(["--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, capsys):
    (tmp_path / "datasets").write_text("a file in the way")
    assert fetch_data.main([]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_progress_on_a_terminal(origin, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert fetch_data.main([]) == 0
    assert f"\r\033[K{BIG}: 0.2 of 0.2 MB" in capsys.readouterr().err


def start(origin: Origin) -> subprocess.Popen[str]:
    """Run the tool in a process of its own, in the toy world."""
    code = (
        # a shell starts background programs with this signal ignored, and they pass that on
        "import json, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from authoring import fetch_data as f; f.ORIGIN, files = json.loads(sys.argv[1]);"
        "f.FILES = {n: f.Content(*e) for n, e in files.items()}; sys.exit(f.main([]))"
    )
    command = [sys.executable, "-c", code, json.dumps([origin.url, EXPECTED])]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_at_once_download_once(origin, folder):
    origin.delay = 0.2
    both = [start(origin), start(origin)]
    printed = sorted("".join(process.communicate(timeout=waiting.PATIENCE)) for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert printed == ["", f"Fashion-MNIST: 4 of 4 files from {origin.url}\n"]
    assert sorted(origin.asked) == sorted((name, None) for name in PACKED)
    assert listing(folder) == set(PACKED)


def test_ctrl_c_leaves_nothing_under_a_final_name(origin, folder):
    origin.delay = 1
    process = start(origin)
    waiting.until(lambda: origin.asked, "a first request")
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=waiting.PATIENCE)
    assert (process.returncode, out) == (130, "")
    assert error == "Interrupted; the next run continues an unfinished download.\n"
    assert listing(folder) <= {f"{BIG}.part"}
