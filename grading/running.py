"""Grade a folder of submissions: over the cores of this machine, or over a Dask cluster.

Workers only run the sandbox. What is expected of an answer stays in this process, which judges what came back. Each
result is written as soon as it is there, so that an interrupted run loses nothing and the next continues from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from course.assignments import names, questions
from course.tables import BadTable
from grading import cluster as clusters
from grading.judging import grades
from grading.judging.assignment import Assignment
from grading.judging.dependence import SecondTrial
from grading.own_code import version
from grading.results import feedback, gradebooks, store
from grading.sandbox import asking, limits
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.exam import Exam, SubmissionTrial
from grading.submissions import finding, notebook
from grading.submissions.finding import readable
from grading.terminal import HowFar, say

WORKERS = 2
CLUSTERS = 3  # started one after the other, before the remaining submissions are given up
UNSAFE = "none (--unsafe-no-sandbox)"
SANDBOX = "bubblewrap"


@dataclass(frozen=True, eq=False)
class PendingSubmission:
    """A submission that has to be tried."""

    submission: finding.Submission
    notebook: notebook.Notebook
    digest: str
    report: SubmissionTrial | None = None  # what came back, if questions of it are to be tried a second time
    again: Sequence[SecondTrial] = ()

    def trials(self, exam: Exam) -> list[tuple[Exam, Sequence[Mapping[str, Any]]]]:
        """Return what has to be tried now: all of the notebook, or what is to be tried a second time."""
        return [(trial.exam, trial.cells) for trial in self.again] or [(exam, self.notebook.code)]


def seed_for(out: Path, named: int | None) -> tuple[int, bool]:
    """Return the seed to grade with, and whether it was drawn now: the one that was named, or that of the results."""
    if named is not None:
        return named, False
    folder = store.Folder(out)
    if about := folder.about():
        return about.seed, False
    if seeds := {result.seed for result in folder.students()}:
        return min(seeds), False
    return secrets.randbelow(1_000_000_000), True


def digest_of(assignment: Assignment, how: str, data: bytes) -> str:
    """Return a digest of all that a grade depends on."""
    about = "\n".join((version(), assignment.name, assignment.digest, str(assignment.seed), how))
    return hashlib.sha256(about.encode() + b"\0" + data).hexdigest()


def other_assignment(handed_in: notebook.Notebook, assignment: Assignment) -> str:
    """Say which assignment a notebook belongs to, if cells are named or marked for another than this one; else ""."""
    if handed_in.mentions(question.name for question in assignment.questions):
        return ""
    for name in names():
        if name != assignment.name and handed_in.mentions(q.name for q in questions(name)):
            return f"this is the notebook of another assignment, {name}"
    return ""


def worker_check() -> None:
    """Raise Broken if submissions cannot be run here."""
    if wrong := asking.why_not():
        raise Broken(wrong)


@contextlib.contextmanager
def cluster(workers: int, scheduler: str, run: str, tell: Callable[[str], None]) -> Iterator[Any]:
    """Yield a Dask client: of the cluster at an address, or of a temporary one on this machine."""
    if scheduler:
        with clusters.of_somebody(scheduler, run, version(), tell) as client:
            yield client
    else:
        with clusters.on_this_machine(workers) as client:
            yield client


@dataclass
class RunSummary:
    """What a run did: submissions by state, how many of them were tried now, and what to tell the instructor."""

    states: Counter[str] = field(default_factory=Counter)
    tried: int = 0
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """How to grade, as the command line says."""

    source: Path
    out: Path
    workers: int = WORKERS
    scheduler: str = ""
    overrides: Path | None = None
    rosters: Sequence[Path] = ()
    # of rosters in another language: {"Grade": "Bewertung"}
    columns: Mapping[str, str] = field(default_factory=dict)
    unsafe: bool = False


class Run:
    """One run of the grader over a folder of submissions."""

    def __init__(self, assignment: Assignment, settings: Settings):
        self.assignment, self.settings = assignment, settings
        self.folder = store.Folder(settings.out)
        self.how = UNSAFE if settings.unsafe else SANDBOX
        self.summary = RunSummary()
        # what an instructor can get wrong is looked at first: it should be found before hours of grading
        self.about = store.About(assignment.name, assignment.seed, readable(str(settings.source.resolve())))
        self.check_places()
        self.before = self.folder.students()
        self.check_results()
        self.overrides = self.read_overrides()
        self.rosters = [gradebooks.read_roster(path, settings.columns) for path in settings.rosters]

    def check_places(self) -> None:
        """Raise BadTable if the results would be taken for submissions, now or the next time."""
        source, out = self.settings.source.resolve(), self.settings.out.resolve()
        if out.exists() and not out.is_dir():
            raise BadTable(f"--out {self.settings.out} is a file: name a folder")
        if source.is_dir() and out.is_relative_to(source):
            raise BadTable(
                f"--out {self.settings.out} is in the folder of the submissions: name one outside of it"
            )
        if any(source.is_relative_to(out / name) for name in ("results", "feedback")):
            raise BadTable(
                f"--submissions {self.settings.source} is in the folder of the results, {self.settings.out}"
            )

    def check_results(self) -> None:
        """Raise BadTable if --out holds results of another assignment or of other submissions."""
        out, about = self.settings.out, self.folder.about()
        others = {result.assignment for result in self.before} | ({about.assignment} if about else set())
        if other := ", ".join(sorted(others - {self.assignment.name})):
            raise BadTable(f"{out} holds results of {other}: name another folder for {self.assignment.name}")
        if about and about.submissions != self.about.submissions:
            raise BadTable(
                f"{out} holds results of the submissions in {about.submissions}: name another folder for these."
                f" If they are the same in a new place, delete {out / store.ABOUT}"
            )

    def read_overrides(self) -> dict[tuple[str, str], store.Override]:
        """Return what people decided, from the file that was named or from overrides.csv among the results."""
        path = self.settings.overrides or self.settings.out / "overrides.csv"
        if self.settings.overrides is None and not path.exists():
            return {}
        return store.read_overrides(path, self.assignment)

    def save(
        self, submission: finding.Submission, marks: Sequence[grades.QuestionGrade], digest: str
    ) -> None:
        """Keep the result of a submission, with what people decided."""
        result = store.new_result(submission, self.assignment, marks, digest, self.how)
        self.folder.save(store.apply_overrides(result, self.overrides))

    def is_done(self, student: str, digest: str) -> bool:
        """Tell whether the result of this very submission is there already; if so, bring its overrides up to date."""
        before = self.folder.load(student)
        if before is None or before.digest != digest:
            return False
        own = [before.before_override.get(mark.question, mark) for mark in before.marks]
        if any(mark.state == grades.INFRASTRUCTURE_ERROR for mark in own):
            return False
        after = store.apply_overrides(before, self.overrides)
        if after != before:
            self.folder.save(after)
        return True

    def say_what_differs(self, console: Console, found: Sequence[finding.Submission]) -> None:
        """Say which of the results that are there were made with another seed, or belong to no submission any more."""
        seeds = {result.seed for result in self.before} - {self.assignment.seed}
        if seeds:
            old = ", ".join(map(str, sorted(seeds)))
            say(console, f"Results of seed {old} are made again with seed {self.assignment.seed}.")
        gone = sorted({result.student for result in self.before} - {one.student for one in found})
        if gone:
            names = ", ".join(gone[:5]) + (", ..." if len(gone) > 5 else "")
            say(
                console,
                f"{len(gone)} of the results belong to nobody in {self.settings.source}, and stay in the tables until"
                f" their files in {self.settings.out / 'results'} are deleted: {names}",
            )

    def look_through(self, found: Sequence[finding.Submission]) -> list[PendingSubmission]:
        """Return the submissions that have to be tried; what cannot be tried gets its result at once."""
        waiting = []
        for submission in found:
            if submission.problem:
                self.save(submission, grades.all_for_review(self.assignment, submission.problem), "")
                continue
            try:
                data = submission.notebooks[0].read()
            except OSError as error:
                self.save(submission, grades.all_for_review(self.assignment, str(error)), "")
                continue
            digest = digest_of(self.assignment, self.how, data)
            if self.is_done(submission.student, digest):
                continue
            try:
                handed_in = notebook.read(data)
                if other := other_assignment(handed_in, self.assignment):
                    raise notebook.Unreadable(other)
            except notebook.Unreadable as error:
                self.save(submission, grades.all_for_review(self.assignment, str(error)), digest)
                continue
            waiting.append(PendingSubmission(submission, handed_in, digest))
        return waiting

    def note(
        self, one: PendingSubmission, came: Sequence[SubmissionTrial] | None, error: str, exam: Exam
    ) -> PendingSubmission | None:
        """Judge what came back of a submission and keep the result; or return what of it is to be tried again first."""
        if one.again:
            names = [(trial.question, trial.why) for trial in one.again]
            seconds = dict(zip(names, [error] * len(names) if came is None else came, strict=True))
            marks = grades.mark(self.assignment, one.notebook, one.report, seconds)
        elif came is None:
            marks = grades.all_failed(self.assignment, error)
        elif again := grades.second_trials(self.assignment, one.notebook, came[0], exam):
            return replace(one, report=came[0], again=again)
        else:
            marks = grades.mark(self.assignment, one.notebook, came[0])
        self.save(one.submission, marks, one.digest)
        self.summary.tried += 1
        return None

    def tables(self) -> None:
        """Write everything that is made from the results."""
        assignment = self.assignment
        found = self.folder.students()
        self.summary.states = Counter(result.state for result in found)
        self.folder.write("grades.csv", store.grades_table(assignment, found))
        self.folder.write("review.csv", store.review_table(found))
        canvas, moodle, remarks = gradebooks.tables(assignment, found, self.rosters)
        self.folder.write("canvas.csv", canvas)
        self.folder.write("moodle.csv", moodle)
        page = feedback.Page()
        for result in found:
            name = f"{finding.file_name(result.student)}.html"
            self.folder.write(Path("feedback") / name, page.render(result))
        here = {result.student for result in found}
        unknown = sorted({student for student, _ in self.overrides} - here)
        self.summary.remarks = remarks + [f"overrides: no submission of {student}" for student in unknown]

    def go(self, console: Console) -> RunSummary:
        """Grade what is new or changed; the tables are written even if that is interrupted."""
        if not self.settings.unsafe and not self.settings.scheduler:
            worker_check()
        found = finding.find(self.settings.source, self.assignment.name)
        self.folder.write(
            store.ABOUT, self.about.as_json()
        )  # found before the work: whether --out can be written
        self.say_what_differs(console, found)
        try:
            waiting = self.look_through(found)
            if waiting:
                self.try_waiting(waiting, console)
        finally:
            limits.sweep()
            if self.folder.students():
                self.tables()
        return self.summary

    def try_waiting(self, waiting: Sequence[PendingSubmission], console: Console) -> None:
        """Try submissions over the cluster, and tell how far it is."""
        exam = replace(self.assignment.exam(self.settings.unsafe), run=uuid.uuid4().hex)
        left = {one.submission.student: one for one in waiting}
        with HowFar(console, self.assignment.name, len(waiting)) as how_far:
            # Dask replaces a worker that dies, except one that dies while it is being started
            for _ in range(1 if self.settings.scheduler else CLUSTERS):
                if not left:
                    break
                workers = min(self.settings.workers, len(left))
                with cluster(workers, self.settings.scheduler, exam.run, how_far.say) as client:
                    queue = deque(left.values())
                    for one, came, error in clusters.try_all(client, exam, queue, how_far.look):
                        if again := self.note(one, came, error, exam):
                            left[one.submission.student] = again
                            queue.appendleft(again)
                            continue
                        del left[one.submission.student]
                        how_far.one_more()
        for one in left.values():
            self.note(one, None, "no worker is left, and none came back", exam)
