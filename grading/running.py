"""Grade a folder of submissions: over the cores of this machine, or over a Dask cluster.

Workers only run the sandbox. What is expected of an answer stays in this process, which judges what came back. Each
result is written as soon as it is there, so that an interrupted run loses nothing and the next continues from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from course.assignments import names, questions
from course.files import PRIVATE, write_whole
from course.paths import GRADING, ROOT
from course.tables import BadTable
from grading.judging import grades
from grading.judging.assignment import Assignment
from grading.judging.dependence import SecondTrial
from grading.results import feedback, gradebooks, store
from grading.sandbox import asking, limits
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.exam import Exam, SubmissionTrial
from grading.submissions import finding, notebook

WORKERS = 2
CONNECT_SECONDS = 20
LOOK_SECONDS = 2  # between two checks whether workers are left
CLUSTERS = 3  # started one after the other, before the remaining submissions are given up
WORKERLESS_SECONDS = 60  # within which a worker that died should be replaced
DEATHS = 1  # of workers that tried the same submission, before it is given up
# for workers: a terminal sends Ctrl-C to them too, but it is this process that tells them to end
IGNORE_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
UNSAFE = "none (--unsafe-no-sandbox)"
SANDBOX = "bubblewrap"
CODE = (GRADING, ROOT / "course")  # what a grade depends on


@dataclass(frozen=True, eq=False)
class PendingSubmission:
    """A submission that has to be tried."""

    submission: finding.Submission
    notebook: notebook.Notebook
    digest: str
    report: SubmissionTrial | None = None  # what came back, if questions of it are to be tried a second time
    again: Sequence[SecondTrial] = ()

    @property
    def trials(self) -> list[tuple[Exam, Sequence[dict[str, Any]]]]:
        """What has to be tried a second time."""
        return [(trial.exam, trial.cells) for trial in self.again]


def version() -> str:
    """Return a digest of the code that a grade depends on: other code may grade differently."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


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


@contextlib.contextmanager
def cluster(workers: int, scheduler: str) -> Iterator[Any]:
    """Yield a Dask client: of the cluster at an address, or of a temporary one on this machine."""
    import dask
    from distributed import Client, LocalCluster

    with dask.config.set(
        {
            "distributed.scheduler.allowed-failures": DEATHS,
            "distributed.worker.daemon": False,
            "distributed.comm.timeouts.connect": "20s",
        }
    ):
        if scheduler:
            try:
                client = Client(scheduler, timeout=CONNECT_SECONDS)
            except (OSError, ValueError) as error:
                raise Broken(f"no scheduler answers at {scheduler}: {error}") from error
            with client:
                try:
                    yield client
                finally:
                    client.run(asking.close_kept)  # the workers stay, and each would keep half a gigabyte
            return
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # for this machine only, on any port that is free
                memory_limit=0,  # the sandbox limits what a submission takes
                silence_logs="CRITICAL",
                preload=IGNORE_INTERRUPT,
            ) as local,
            Client(local, timeout=60) as client,
        ):
            yield client


def try_all(
    client: Any, exam: Exam, waiting: deque[PendingSubmission]
) -> Iterator[tuple[PendingSubmission, Any, str]]:
    """Yield each submission as soon as it was tried, with what came back, or with None and the reason.

    What is added to `waiting` on the way is tried too. Ends early if all workers are gone and none comes back.
    """
    from distributed import wait

    # no more than can run at once: those that only wait on a worker would be blamed for its death as well
    ahead = max(sum(client.nthreads().values()), 1)
    sent: dict[Any, PendingSubmission] = {}
    last_seen = time.monotonic()
    while True:
        while waiting and len(sent) < ahead:
            one = waiting.popleft()
            task = (
                (asking.try_each, one.trials) if one.again else (asking.try_notebook, exam, one.notebook.code)
            )
            sent[client.submit(*task, pure=False)] = one
        if not sent:
            return
        try:
            done = wait(list(sent), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        for future in done:
            one = sent.pop(future)
            try:
                yield one, future.result(), ""
            except Exception as error:  # from the sandbox or the cluster, never from the student's code
                yield one, None, f"{type(error).__name__}: {error}"
        if client.nthreads():
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > WORKERLESS_SECONDS:
            return


def worker_check() -> str:
    """Return the version of the grader that a worker has; Broken if it cannot run a submission."""
    asking.usable(("numpy",)).close()
    return version()


def check_workers(client: Any) -> None:
    """Raise Broken if a worker of a given cluster has another version of the grader, or no sandbox."""
    answers = client.run(worker_check)
    if not answers:
        raise Broken(
            "the cluster has no workers: start some with `dask worker ADDRESS` in the course's folder"
        )
    for worker, found in answers.items():
        if found != version():
            raise Broken(f"worker {worker} has another version of the grader: update its copy of the course")


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
        # the overrides are read first: a wrong row should be found before hours of grading
        self.overrides = self.read_overrides()
        self.rosters = [gradebooks.read_roster(path, settings.columns) for path in settings.rosters]
        for result in self.folder.students():
            if result.assignment != assignment.name:
                raise BadTable(
                    f"{settings.out} holds results of {result.assignment}: name another folder for {assignment.name}"
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

    def look_through(self) -> list[PendingSubmission]:
        """Return the submissions that have to be tried; what cannot be tried gets its result at once."""
        waiting = []
        for submission in finding.find(self.settings.source, self.assignment.name):
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

    def note(self, one: PendingSubmission, came: Any, error: str, exam: Exam) -> PendingSubmission | None:
        """Judge what came back of a submission and keep the result; or return what of it is to be tried again first."""
        if one.again:
            names = [(trial.question, trial.why) for trial in one.again]
            seconds = dict(zip(names, [error] * len(names) if came is None else came, strict=True))
            marks = grades.mark(self.assignment, one.notebook, one.report, seconds)
        elif came is None:
            marks = grades.all_failed(self.assignment, error)
        elif again := grades.second_trials(self.assignment, one.notebook, came, exam):
            return replace(one, report=came, again=again)
        else:
            marks = grades.mark(self.assignment, one.notebook, came)
        self.save(one.submission, marks, one.digest)
        self.summary.tried += 1
        return None

    def tables(self) -> None:
        """Write everything that is made from the results."""
        out, assignment = self.settings.out, self.assignment
        found = self.folder.students()
        self.summary.states = Counter(result.state for result in found)
        write_whole(out / "grades.csv", store.grades_table(assignment, found), PRIVATE)
        write_whole(out / "review.csv", store.review_table(found), PRIVATE)
        canvas, moodle, remarks = gradebooks.tables(assignment, found, self.rosters)
        write_whole(out / "canvas.csv", canvas, PRIVATE)
        write_whole(out / "moodle.csv", moodle, PRIVATE)
        page = feedback.Page()
        for result in found:
            write_whole(
                out / "feedback" / f"{finding.file_name(result.student)}.html", page.render(result), PRIVATE
            )
        here = {result.student for result in found}
        unknown = sorted({student for student, _ in self.overrides} - here)
        self.summary.remarks = remarks + [f"overrides: no submission of {student}" for student in unknown]

    def go(self, console: Console) -> RunSummary:
        """Grade what is new or changed; the tables are written even if that is interrupted."""
        if not self.settings.unsafe and not self.settings.scheduler:
            worker_check()
        try:
            waiting = self.look_through()
            if waiting:
                self.try_waiting(waiting, console)
        finally:
            limits.sweep()
            if self.folder.students():
                self.tables()
        return self.summary

    def try_waiting(self, waiting: Sequence[PendingSubmission], console: Console) -> None:
        """Try submissions over the cluster, with a progress bar if somebody can see it."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        seen = console.is_terminal and not os.environ.get("CI")
        left = {one.submission.student: one for one in waiting}
        with Progress(*columns, console=console, disable=not seen) as progress:
            task = progress.add_task(f"Grading {self.assignment.name}", total=len(waiting))
            # Dask replaces a worker that dies, except one that dies while it is being started
            for _ in range(1 if self.settings.scheduler else CLUSTERS):
                if not left:
                    break
                with cluster(min(self.settings.workers, len(left)), self.settings.scheduler) as client:
                    if self.settings.scheduler:
                        check_workers(client)
                    exam = self.assignment.exam(self.settings.unsafe)
                    queue = deque(left.values())
                    for one, came, error in try_all(client, exam, queue):
                        if again := self.note(one, came, error, exam):
                            left[one.submission.student] = again
                            queue.appendleft(again)
                            continue
                        del left[one.submission.student]
                        progress.advance(task)
        for one in left.values():
            self.note(one, None, "no worker is left, and none came back", self.assignment.exam())
