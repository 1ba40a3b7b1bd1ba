"""Where submissions are tried: in processes of this machine, or on a Dask cluster that somebody else has started."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from grading import joining
from grading.sandbox import asking
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.child import Disturbed
from grading.sandbox.exam import Exam, SubmissionTrial

CONNECT_SECONDS = 20
LOOK_SECONDS = 2  # between two checks whether workers are left
WORKERLESS_SECONDS = 60  # within which a worker that died should be replaced
DEATHS = 1  # of workers that tried the same submission, before it is given up
# for workers: a terminal sends Ctrl-C to them too, but it is this process that tells them to end
IGNORE_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"

GONE = "the scheduler is gone. What was graded is kept; the same command continues from there."


class Gone(RuntimeError):  # noqa: N818 - it says what the cluster is
    """The scheduler ended in the middle of a run."""


@contextlib.contextmanager
def on_this_machine(workers: int) -> Iterator[Any]:
    """Yield a Dask client of a cluster that is made for this run, and ends with it."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": DEATHS,
                "distributed.worker.daemon": False,
                "distributed.comm.timeouts.connect": "20s",
            }
        ),
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


@contextlib.contextmanager
def of_somebody(scheduler: str, run: str, version: str, tell: Callable[[str], None]) -> Iterator[Any]:
    """Yield a Dask client of the cluster at an address, and end the sandboxes of this run there afterwards.

    Broken if there is none, or a part of it cannot run submissions as this version of the grader does.
    """
    import cloudpickle
    import dask
    from distributed import Client

    cloudpickle.register_pickle_by_value(joining)
    with dask.config.set({"distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s"}):
        try:
            client = Client(scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise Broken(f"no scheduler answers at {scheduler}: {error}") from error
        with quiet_logs(), client:
            check(client, version)
            try:
                yield client
            finally:
                end_sandboxes(client, run, tell)


@contextlib.contextmanager
def quiet_logs() -> Iterator[None]:
    """Keep what Dask logs about a cluster that fails from the instructor, who is told in one line."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def check(client: Any, version: str) -> None:
    """Let a cluster's scheduler and workers find the course; Broken if one has none, another version, or no sandbox."""
    agrees("the scheduler", client.run_on_scheduler(joining.join), version)
    client.register_plugin(joining.Join())
    answers = client.run(joining.join, on_error="return")
    if not answers:
        raise Broken(
            "the cluster has no workers: start some in the course's folder, with dask worker ADDRESS"
        )
    for worker, answer in answers.items():
        agrees(f"worker {worker}", answer, version)
    for worker, wrong in client.run(asking.why_not, on_error="return").items():
        if wrong:
            raise Broken(f"worker {worker} cannot run submissions: {wrong}")


def agrees(who: str, answer: Any, version: str) -> None:
    """Raise Broken if what a part of a cluster said on joining is not that it has this version of the grader."""
    if isinstance(answer, BaseException):
        raise Broken(f"{who} cannot be used: {answer}")
    found, missing = answer
    if missing:
        raise Broken(f"{who} was {missing}: start it in the folder of the course")
    if found != version:
        raise Broken(
            f"{who} has another version of the grader: update its copy of the course and start it again"
        )


def end_sandboxes(client: Any, run: str, tell: Callable[[str], None]) -> None:
    """End the sandboxes that a run keeps on the workers of a cluster, and no others.

    A worker that is gone has taken its own along.
    """
    try:
        answers = client.run(asking.close_kept, run, on_error="return")
    except Exception as error:  # the scheduler is gone: its workers end, and their sandboxes with them
        tell(f"the workers could not be told to end their sandboxes: {type(error).__name__}: {error}")
        return
    for worker, wrong in answers.items():
        if wrong is not None:
            tell(f"worker {worker} could not end its sandboxes: {wrong}")


@contextlib.contextmanager
def scheduler_there() -> Iterator[None]:
    """Raise Gone if what is asked of the scheduler fails since it is not there any more."""
    try:
        yield
    except OSError as error:  # TimeoutError is one too
        raise Gone(GONE) from error


def try_all(
    client: Any, exam: Exam, waiting: deque[Any], look: Callable[[], None]
) -> Iterator[tuple[Any, Sequence[SubmissionTrial] | None, str]]:
    """Yield each submission as soon as it was tried, with what came back, or with None and the reason.

    What is added to `waiting` on the way is tried too. Those that others kept waiting are tried again at the end, one
    at a time, since nothing is known of them. Ends early if all workers are gone and none comes back. `look` is called
    now and then.
    """
    from distributed import wait

    # no more than can run at once: those that only wait on a worker would be blamed for its death as well
    most = max(sum(client.nthreads().values()), 1)
    sent: dict[Any, Any] = {}
    disturbed: list[Any] = []
    alone = False
    last_seen = time.monotonic()
    while True:
        if not (waiting or sent):
            most, alone = 1, True
            waiting.extend(disturbed)
            disturbed.clear()
        with scheduler_there():
            while waiting and len(sent) < most:
                one = waiting.popleft()
                sent[client.submit(asking.try_each, one.trials(exam), pure=False)] = one
        if not sent:
            return
        try:
            done = wait(list(sent), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        except CancelledError as error:  # by nobody but a scheduler that is lost
            raise Gone(GONE) from error
        for future in done:
            one = sent.pop(future)
            try:
                came, wrong = future.result(), ""
            except CancelledError as error:  # as above
                raise Gone(GONE) from error
            except Exception as error:  # from the sandbox or the cluster, never from the student's code
                if isinstance(error, Disturbed) and not alone:
                    disturbed.append(one)
                    continue
                came, wrong = None, f"{type(error).__name__}: {error}"
            yield one, came, wrong
        look()
        with scheduler_there():
            workers = client.nthreads()
        if workers:
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > WORKERLESS_SECONDS:
            return
