"""Find who handed in what: in a folder, or in the zip that Canvas or Moodle gives out. Nothing is unpacked to disk."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from grading.submissions.notebook import MOST_BYTES

MOST_MEMBERS = 20_000  # of a zip
MOST_INNER = 200  # of a zip in it: more are not looked at
LONGEST_NAME = 80  # characters of a file name made from a student's
# jane.doe's file in Canvas's "Download submissions": doejane_LATE_12345_678910_a1-2.ipynb
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)")
# Moodle's "Download all submissions", in folders or without: Jane Doe_123456_assignsubmission_file_/a1.ipynb, and what
# was typed into the form beside it: Jane Doe_123456_assignsubmission_onlinetext_/onlinetext.html
MOODLE = re.compile(r"(?P<name>[^/]+)_(?P<user>\d+)_assignsubmission_[a-z]+_?/?(?P<file>.*)")
# what macOS and Windows leave; names with a dot in front too
LEFTOVERS = {"__MACOSX", "Thumbs.db", "desktop.ini"}
UTF8_FLAG = 0x800  # of a zip's member whose name says that it is in UTF-8
COLLECTED = "collected.csv"  # what `collect` writes beside the students' folders
COLLECTED_COLUMNS = ("student", "name", "canvas_id", "moodle_id", "files", "problem")
# what browsers, Drive and Colab add to a name
COPIED = re.compile(r"^(?:(?:copy of|kopie von|copie de|copia de|cópia de)\s+)+|\s*\(\d+\)$", re.IGNORECASE)


class NoSubmissions(ValueError):  # noqa: N818 - it says what a place does not hold
    """A folder or zip holds no submissions, or cannot be read; the text says which and what to do."""


@dataclass(frozen=True)
class File:
    """A file that was handed in: one on disk, or a member of a zip."""

    path: Path
    member: zipfile.ZipInfo | None = None
    inner: zipfile.ZipInfo | None = None  # of a zip that was handed in, itself on disk or a member

    @property
    def name(self) -> str:
        """What to call it in a report."""
        outer = member_name(self.member) if self.member else readable(self.path.name)
        return f"{outer}, in it {member_name(self.inner)}" if self.inner else outer

    def read(self) -> bytes:
        """Return its bytes, but of too large a file only enough to show that it is; OSError if it cannot be read."""
        if self.inner is not None:
            return unpacked(io.BytesIO(File(self.path, self.member).read()), self.inner)
        if self.member is None:
            with self.path.open("rb") as stream:
                return stream.read(MOST_BYTES + 1)
        return unpacked(self.path, self.member)


def unpacked(archive: Path | io.BytesIO, member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a member of a zip, of too large a one only enough to show it; OSError if it is damaged."""
    try:
        # what the zip says about a member's size is not believed: a bomb is read to the limit and no further
        with zipfile.ZipFile(archive) as opened, opened.open(member) as stream:
            return stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise OSError(f"the zip's member cannot be unpacked: {error}") from error
    except Exception as error:  # zlib.error, or its like from another compression method
        raise OSError(f"the zip's member is damaged: {error}") from error


def readable(text: str) -> str:
    """Return a name that can be written as UTF-8; bytes that are none are shown by their numbers, such as \\xff."""
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", shown)


def member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a zip's member; macOS writes UTF-8 without saying so."""
    if not member.flag_bits & UTF8_FLAG:
        with contextlib.suppress(UnicodeError):
            return readable(member.filename.encode("cp437").decode("utf-8"))
    return readable(member.filename)


@dataclass
class Submission:
    """What one student handed in: one notebook, if all is well."""

    student: str
    notebooks: list[File] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # files that are not notebooks
    name: str = ""  # as the LMS spells it
    canvas_id: str = ""
    moodle_id: str = ""
    without_name: bool = False  # the file's name holds no more than the assignment's name
    noted: str = ""  # the problem that `collect` noted
    unreadable: str = ""  # a folder of this student's that cannot be looked into, and why

    @property
    def problem(self) -> str:
        """Say why there is not exactly one notebook; "" if there is."""
        if self.unreadable:
            return self.unreadable
        if len(self.notebooks) == 1:
            return ""
        if self.notebooks:
            return (
                f"{len(self.notebooks)} notebooks were handed in: {', '.join(f.name for f in self.notebooks)}"
            )
        only = f", only {', '.join(self.others[:5])}" if self.others else ""
        return self.noted or f"no notebook was handed in{only}"


def whose(path: PurePosixPath, assignment: str) -> dict[str, str]:
    """Return whose file it is: `student`, and `name`, `canvas_id` or `moodle_id` if an LMS named the file.

    A file outside of any folder whose name holds no more than the assignment's name counts as one student's.
    """
    text = str(path)
    if found := MOODLE.fullmatch(text):
        return {
            "student": f"{found['name']}_{found['user']}",
            "name": found["name"],
            "moodle_id": found["user"],
        }
    if len(path.parts) > 1:
        return {"student": path.parts[0]}
    if found := CANVAS.fullmatch(text):
        return {
            "student": f"{found['name']}_{found['user']}",
            "name": found["name"],
            "canvas_id": found["user"],
        }
    return {"student": without_assignment(path.stem, assignment) or path.stem}


def without_assignment(stem: str, assignment: str) -> str:
    """Return what a file's name says besides the assignment, such as a student's name; "" if that is all."""
    bare = stem
    while (shorter := COPIED.sub("", bare).strip()) != bare:
        bare = shorter
    return re.sub(
        rf"(?:^|[\s_.-]+){re.escape(assignment)}(?:$|[\s_.-]+)", " ", bare, flags=re.IGNORECASE
    ).strip()


def file_name(student: str) -> str:
    """Return a name for a student's files: no other student has it, and it cannot lead out of the folder."""
    safe = re.sub(r"[^\w.@+-]+", "_", student).strip("._")[:LONGEST_NAME]
    if safe and safe == student:
        return safe
    return f"{safe or 'student'}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"


def is_hidden(path: PurePosixPath) -> bool:
    """Tell whether a file is one that no student meant to hand in."""
    return any(part.startswith((".", "~$")) or part in LEFTOVERS for part in path.parts)


def in_folder(folder: Path) -> Iterator[tuple[PurePosixPath, File | OSError | None]]:
    """Yield what a folder holds; None for an empty folder, an error for one that is closed. No link is followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise NoSubmissions(f"{folder} cannot be read: {error.strerror}") from error
    for entry in entries:
        relative = PurePosixPath(entry.name)
        if is_hidden(relative) or entry.is_symlink():
            continue
        if entry.is_file():
            yield relative, File(entry)
        elif entry.is_dir():
            yield relative / "(empty)", None  # so that an empty folder counts as a submission too
            closed: list[OSError] = []
            for _ in os.walk(entry, onerror=closed.append):
                pass
            yield from ((relative / "(closed)", error) for error in closed)
            for path in sorted(entry.rglob("*")):
                inner = PurePosixPath(path.relative_to(folder).as_posix())
                if path.is_file() and not path.is_symlink() and not is_hidden(inner):
                    yield inner, File(path)


def in_zip(path: Path) -> Iterator[tuple[PurePosixPath, File]]:
    """Yield what a zip holds. Names only decide whose a file is: none becomes a path."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NoSubmissions(f"{path} is not a zip that can be read: {error}") from error
    if len(members) > MOST_MEMBERS:
        raise NoSubmissions(f"{path} holds {len(members):,} files; more than {MOST_MEMBERS:,} are not read")
    names = [
        PurePosixPath(
            *[
                part
                for part in member_name(member).replace("\\", "/").split("/")
                if part not in ("", ".", "..")
            ]
        )
        for member in members
    ]
    kept = [
        (name, File(path, member)) for name, member in zip(names, members, strict=True) if not is_hidden(name)
    ]
    # one folder around everything is how many programs make a zip
    tops = {name.parts[0] for name, _ in kept}
    if len(tops) == 1 and all(len(name.parts) > 2 for name, _ in kept):
        kept = [(PurePosixPath(*name.parts[1:]), file) for name, file in kept]
    yield from sorted(kept, key=lambda pair: str(pair[0]))


def opened(
    entries: Iterable[tuple[PurePosixPath, File | OSError | None]],
) -> Iterator[tuple[PurePosixPath, File | OSError | None]]:
    """Yield files, and in place of a zip that a student handed in the notebooks in it, if there are any."""
    for path, file in entries:
        notebooks = []
        if isinstance(file, File) and path.suffix.lower() == ".zip":
            with contextlib.suppress(OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
                data = file.read()
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    for member in archive.infolist()[:MOST_INNER]:
                        inner = PurePosixPath(member_name(member).replace("\\", "/"))
                        if inner.suffix.lower() == ".ipynb" and not is_hidden(inner):
                            notebooks.append((path.with_suffix(".ipynb"), replace(file, inner=member)))
        yield from notebooks or [(path, file)]


def without_copies(files: Sequence[File]) -> list[File]:
    """Return files without those that hold the very bytes of one before them."""
    kept: dict[object, File] = {}
    for file in files:
        try:
            key: object = file.read()
        except OSError:
            key = file
        kept.setdefault(key, file)
    return list(kept.values())


def find(source: Path, assignment: str) -> list[Submission]:
    """Return what each student handed in, sorted by student; NoSubmissions if there is nothing to find."""
    if source.is_dir():
        entries = in_folder(source)
    elif source.is_file() and source.suffix.lower() == ".ipynb":
        entries = iter([(PurePosixPath(source.name), File(source))])
    elif source.is_file():
        entries = in_zip(source)
    else:
        raise NoSubmissions(f"there is no {source}: name a folder of submissions, or an LMS's zip")
    found: dict[str, Submission] = {}
    for path, file in opened(entries):
        path = PurePosixPath(readable(str(path)))
        about = whose(path, assignment)
        lone = file is not None and len(path.parts) == 1
        if lone and path.suffix.lower() != ".ipynb" and not ("canvas_id" in about or "moodle_id" in about):
            continue  # a list of names, say, beside the students' folders
        submission = found.setdefault(about["student"], Submission(**about))
        submission.without_name = (
            lone
            and not ({"canvas_id", "moodle_id"} & about.keys())
            and not without_assignment(path.stem, assignment)
        )
        if isinstance(file, OSError):
            where = readable(str(Path(file.filename).relative_to(source)))
            submission.unreadable = f"its folder {where} cannot be read: {file.strerror}"
        if not isinstance(file, File):
            continue
        if path.suffix.lower() == ".ipynb":
            submission.notebooks.append(file)
        else:
            submission.others.append(file.name)
    if not found:
        raise NoSubmissions(
            f"{source} holds no submissions: expected STUDENT/*.ipynb, single .ipynb files, or an LMS's zip"
        )
    if source.is_dir() and (source / COLLECTED).is_file():
        add_collected(found, source / COLLECTED)
    for submission in found.values():
        if len(submission.notebooks) > 1:
            submission.notebooks = without_copies(submission.notebooks)
    return [found[student] for student in sorted(found)]


def add_collected(found: dict[str, Submission], report: Path) -> None:
    """Add to submissions what `collect` knew about them and the folders do not show."""
    with report.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if submission := found.get(row.get("student") or ""):
                submission.name = row.get("name") or ""
                submission.canvas_id = row.get("canvas_id") or ""
                submission.moodle_id = row.get("moodle_id") or ""
                submission.noted = row.get("problem") or ""
