"""Fill a project-local KERAS_HOME with Fashion-MNIST, so that no lesson or test waits for a network.

Lessons call `tf.keras.datasets.fashion_mnist.load_data()` and know nothing of this script: Keras finds its
four files in KERAS_HOME/datasets/fashion-mnist and asks for nothing more. By itself, Keras knows one source,
hangs if that host is blocked, and checks no hash. Here the first source that answers is used, and
no file gets its final name before its content has been compared with what is expected.

    python -m authoring.fetch_data            # prints nothing when all four files are there and right
    python -m authoring.fetch_data --check    # only verifies: no network, nothing is changed
"""

import argparse
import gzip
import hashlib
import http.client
import itertools
import os
import shutil
import sys
import threading
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from course import debian
from course.paths import DATA

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
PACKAGE = "dataset-fashion-mnist"
TIMEOUT = 10  # seconds without an answer after which a source counts as blocked


class Content(NamedTuple):
    """What a file must hold once unpacked: its length in bytes and its SHA-256."""

    size: int
    sha256: str


# Sizes and hashes are those of the *unpacked* IDX data. Debian packed the same data again: its .gz files lack
# the name that gzip keeps in the header (26,421,856 bytes against 26,421,880 for the training images), so the
# hash of a packed file would refuse one source or the other. With upstream's headers put back, Debian's files
# have the MD5 sums that upstream publishes. The sizes stop a decompression bomb, and show that a file was cut short.
FILES = {
    "train-images-idx3-ubyte.gz": Content(
        47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
    ),
    "train-labels-idx1-ubyte.gz": Content(
        60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
    ),
    "t10k-images-idx3-ubyte.gz": Content(
        7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
    ),
    "t10k-labels-idx1-ubyte.gz": Content(
        10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    ),
}

Keep = Callable[[str, Path], None]  # checks a fetched file and gives it its final name


class FetchError(Exception):
    """A source, or all of them, did not give what was asked for; the text says why."""


def problem(path: Path, expected: Content) -> str | None:
    """Say in one phrase how the gzip file differs from what is expected, or return None if it does not."""
    size, digest = 0, hashlib.sha256()
    try:
        with gzip.open(path) as file:
            while chunk := file.read(1 << 20):
                size += len(chunk)
                digest.update(chunk)
                if size > expected.size:
                    return f"found more than the expected {expected.size:,} bytes of content"
    except FileNotFoundError:
        return "is missing"
    except EOFError:
        return f"found a gzip file cut short, expected {expected.size:,} bytes of content"
    except (OSError, zlib.error) as error:
        return f"found no readable gzip file ({error})"
    if size != expected.size:
        return f"found {size:,} bytes of content, expected {expected.size:,}"
    if digest.hexdigest() != expected.sha256:
        return f"found content with SHA-256 {digest.hexdigest()}, expected {expected.sha256}"
    return None


def problems(folder: Path) -> dict[str, str]:
    """Check all files, several at a time, and return what is wrong by name."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda name: problem(folder / name, FILES[name]), FILES)
        return {name: wrong for name, wrong in zip(FILES, found, strict=True) if wrong}


def progress(text: str = "") -> None:
    """Rewrite the last line of a terminal; write nothing into a file or a pipe."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Write a line for people to stderr, in the place of the progress line."""
    progress()
    print(text, file=sys.stderr)


def answer(request: urllib.request.Request) -> http.client.HTTPResponse:
    """Open a URL within TIMEOUT seconds in total."""
    # urlopen's own timeout is per address and does not cover the name look-up: a blocked host with sixteen
    # addresses would take minutes. The thread is a daemon, so that nobody waits for it at exit either.
    future: Future[http.client.HTTPResponse] = Future()

    def ask() -> None:
        try:
            future.set_result(urllib.request.urlopen(request, timeout=TIMEOUT))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return future.result(TIMEOUT)
    except TimeoutError:
        raise FetchError(f"no answer within {TIMEOUT} s") from None


def download(url: str, part: Path) -> None:
    """Append to `part` the bytes of the URL that it lacks, or write all of them if the server cannot resume."""
    done = part.stat().st_size if part.exists() else 0
    try:
        response = answer(urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {}))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # `part` is longer than the file: the caller finds it wrong and begins again
            return
        raise
    with response:
        done = done if response.status == 206 else 0  # 200: a server that ignores Range sends all of it
        total = done + int(response.headers.get("Content-Length", 0))
        with part.open("ab" if done else "wb") as file:
            while chunk := response.read(1 << 16):
                done += file.write(chunk)
                progress(f"{url.rpartition('/')[2]}: {done / 1e6:.1f} of {total / 1e6:.1f} MB")
    if done < total:  # http.client does not complain about it
        raise FetchError(f"connection closed after {done:,} of {total:,} bytes; the next run continues there")


def from_origin(names: list[str], folder: Path, keep: Keep) -> None:
    """Download the files from where Keras itself gets them, continuing an interrupted download."""
    for name in names:
        part = folder / f"{name}.part"
        was_begun = part.exists()
        if problem(part, FILES[name]):
            download(ORIGIN + name, part)
        if was_begun and problem(part, FILES[name]):  # what was there was not a part of this file
            part.unlink()
            download(ORIGIN + name, part)
        keep(name, part)


def from_debian(names: list[str], folder: Path, keep: Keep) -> None:
    """Take the files out of the Debian package, which needs neither root nor an installation."""
    unpacked = folder / ".debian"
    shutil.rmtree(unpacked, ignore_errors=True)  # left by a run that was killed
    unpacked.mkdir()
    try:
        progress(f"apt-get download {PACKAGE} (31 MB)")
        debian.unpack(PACKAGE, unpacked, TIMEOUT)
        for name in names:
            keep(name, unpacked / "usr/share/datasets/fashion-mnist" / name)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)  # an error here would hide Ctrl-C


def fetch(folder: Path) -> None:
    """Bring every file that is missing or wrong into the folder, from the first source that has it."""
    if not problems(folder):
        return
    from filelock import FileLock  # imported here: a run that has nothing to fetch does not need it

    folder.mkdir(parents=True, exist_ok=True)
    progress("waiting for another fetch to end")
    with FileLock(folder / ".fetch.lock"):
        progress()
        missing = problems(folder)  # again: whoever held the lock may have brought them
        for name, wrong in missing.items():
            if (folder / name).exists():  # kept under a free name: no file of the user's is lost
                names = (folder / f"{name}.corrupt{number or ''}" for number in itertools.count())
                aside = (folder / name).rename(next(path for path in names if not path.exists()))
                say(f"{folder / name}: {wrong}; moved aside to {aside.name}")

        def keep(name: str, fetched: Path) -> None:
            if wrong := problem(fetched, FILES[name]):
                fetched.unlink(missing_ok=True)
                raise FetchError(f"{name}: {wrong}")
            fetched.replace(folder / name)
            (folder / f"{name}.part").unlink(missing_ok=True)
            del missing[name]

        tried = []
        for label, source in {ORIGIN: from_origin, f"Debian package {PACKAGE}": from_debian}.items():
            before = len(missing)
            try:
                if missing:
                    source(list(missing), folder, keep)
            except (FetchError, debian.AptError, OSError, http.client.HTTPException) as error:
                tried.append(f"{label}: {str(error).strip('<>').removeprefix('urlopen error ')}")
            if before > len(missing):
                say(f"Fashion-MNIST: {before - len(missing)} of {len(FILES)} files from {label}")
    if missing:
        raise FetchError(
            "\n  ".join(["Fashion-MNIST could not be fetched. Tried:", *tried])
            + "\n  ".join([f"\nPut these files by hand into {folder}", *missing])
            + "\nfor instance from the folder data/fashion of https://github.com/zalandoresearch/fashion-mnist,"
            "\nthen run this again: it checks them."
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 all is right, 1 it is not, 130 interrupted."""
    parser = argparse.ArgumentParser(description="Bring Fashion-MNIST to where Keras looks for it.")
    parser.add_argument("--keras-home", help="instead of $KERAS_HOME or, if that is not set, .keras here")
    parser.add_argument("--check", action="store_true", help="only verify: no network, nothing is changed")
    options = parser.parse_args(arguments)
    home = Path(options.keras_home or os.environ.get("KERAS_HOME") or DATA).expanduser().resolve()
    folder = home / "datasets" / "fashion-mnist"
    try:
        if not options.check:
            fetch(folder)
        elif wrong := problems(folder):
            raise FetchError("\n".join(f"{folder / name}: {text}" for name, text in wrong.items()))
    except (FetchError, OSError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next run continues an unfinished download.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
