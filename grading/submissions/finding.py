"""Find who handed in what: in a folder, or in the zip that Canvas or Moodle gives out. Nothing is unpacked to disk."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grading.submissions.notebook import MOST_BYTES

MOST_MEMBERS = 20_000  # of a zip
LONGEST_NAME = 80  # characters of a file name made from a student's
# jane.doe's file in Canvas's "Download submissions": doejane_LATE_12345_678910_a1-2.ipynb
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)")
# Moodle's "Download all submissions", in folders or without: Jane Doe_123456_assignsubmission_file_/a1.ipynb
MOODLE = re.compile(r"(?P<name>[^/]+)_(?P<user>\d+)_assignsubmission_file_?/?(?P<file>.*)")
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

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return self.member.filename if self.member else self.path.name

    def read(self) -> bytes:
        """Return its bytes, but of too large a file only enough to show that it is; OSError if it cannot be read."""
        if self.member is None:
            with self.path.open("rb") as stream:
                return stream.read(MOST_BYTES + 1)
        try:
            # what the zip says about a member's size is not believed: a bomb is read to the limit and no further
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                return stream.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
            raise OSError(f"the zip's member cannot be unpacked: {error}") from error
        except Exception as error:  # zlib.error, or its like from another compression method
            raise OSError(f"the zip's member is damaged: {error}") from error


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

    @property
    def problem(self) -> str:
        """Say why there is not exactly one notebook; "" if there is."""
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
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def in_folder(folder: Path) -> Iterator[tuple[PurePosixPath, File | None]]:
    """Yield what a folder holds, with None for an empty folder; links are not followed."""
    for entry in sorted(folder.iterdir()):
        relative = PurePosixPath(entry.name)
        if is_hidden(relative) or entry.is_symlink():
            continue
        if entry.is_file():
            yield relative, File(entry)
        elif entry.is_dir():
            yield relative / "(empty)", None  # so that an empty folder counts as a submission too
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
            *[part for part in member.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
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
    for path, file in entries:
        about = {key: unicodedata.normalize("NFC", value) for key, value in whose(path, assignment).items()}
        lone = file is not None and len(path.parts) == 1
        if lone and path.suffix.lower() != ".ipynb" and not ("canvas_id" in about or "moodle_id" in about):
            continue  # a list of names, say, beside the students' folders
        submission = found.setdefault(about["student"], Submission(**about))
        submission.without_name = (
            lone
            and not ({"canvas_id", "moodle_id"} & about.keys())
            and not without_assignment(path.stem, assignment)
        )
        if file is None:
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
