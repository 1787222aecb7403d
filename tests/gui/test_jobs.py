"""Work off the GUI thread: outcomes, order, cancel, and no thread left over."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QThread

from workbench.core.errors import Cancelled, RefusedError
from workbench.core.progress import Progress
from workbench.gui.jobs import Job, Jobs, Lane

Spin = Callable[..., None]


def _log(job: Job) -> list[object]:
    """What a job says, in order; each entry also proves that it was said in the window's thread."""
    home = QThread.currentThread()
    said: list[object] = []

    def note(what: object) -> None:
        assert QThread.currentThread() is home
        said.append(what)

    job.succeeded.connect(lambda result: note(("succeeded", result)))
    job.failed.connect(lambda error: note(("failed", error)))
    job.cancelled.connect(lambda: note("cancelled"))
    job.finished.connect(lambda: note("finished"))
    return said


def test_success_is_told_once_and_then_finished(jobs: Jobs, spin: Spin) -> None:
    said = _log(jobs.start(lambda progress: 42))
    spin(lambda: jobs.idle)
    assert said == [("succeeded", 42), "finished"]


def test_failure_carries_the_exception_and_then_finished(jobs: Jobs, spin: Spin) -> None:
    error = RefusedError("No.", hint="Try later.")

    def work(progress: Progress) -> None:
        raise error

    said = _log(jobs.start(work))
    spin(lambda: jobs.idle)
    assert said == [("failed", error), "finished"]


def test_cancel_stops_at_the_next_safe_point(jobs: Jobs, spin: Spin) -> None:
    begun, steps = threading.Event(), []

    def work(progress: Progress) -> None:
        begun.set()
        while True:
            steps.append(1)
            progress(0.5)

    job = jobs.start(work)
    said = _log(job)
    assert begun.wait(5)
    job.cancel()
    spin(lambda: jobs.idle)
    assert said == ["cancelled", "finished"]


def test_work_that_was_cancelled_before_it_began_never_begins(jobs: Jobs, spin: Spin) -> None:
    gate, ran = threading.Event(), []
    jobs.start(lambda progress: gate.wait(5))
    waiting = jobs.start(lambda progress: ran.append(1))
    said = _log(waiting)
    waiting.cancel()
    gate.set()
    spin(lambda: jobs.idle)
    assert said == ["cancelled", "finished"]
    assert ran == []


def test_work_that_raises_cancelled_itself_counts_as_cancelled(jobs: Jobs, spin: Spin) -> None:
    def work(progress: Progress) -> None:
        raise Cancelled

    said = _log(jobs.start(work))
    spin(lambda: jobs.idle)
    assert said == ["cancelled", "finished"]


def test_verbs_run_one_after_another_and_reading_beside_them(jobs: Jobs, spin: Spin) -> None:
    gate, order = threading.Event(), []

    def first(progress: Progress) -> None:
        gate.wait(5)
        order.append("first")

    jobs.start(first)
    jobs.start(lambda progress: order.append("second"))
    jobs.start(lambda progress: (order.append("beside"), gate.set()), lane=Lane.BESIDE)
    spin(lambda: jobs.idle)
    assert order == ["beside", "first", "second"]


def test_progress_comes_only_when_it_visibly_moved(jobs: Jobs, spin: Spin) -> None:
    seen: list[float] = []

    def work(progress: Progress) -> None:
        for step in range(100_000):
            progress(step / 100_000, "reading")
        progress(1.0, "reading")

    job = jobs.start(work)
    job.progressed.connect(lambda fraction, note: seen.append(fraction))
    spin(lambda: jobs.idle)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) < 250


def test_what_is_said_before_a_long_silence_is_shown(jobs: Jobs, spin: Spin) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> None:
        progress(0.5, "300 MB read")
        progress(0.501, "ordering")
        gate.wait(20)

    job = jobs.start(work)
    seen: list[str] = []
    job.progressed.connect(lambda fraction, note: seen.append(note))
    try:
        spin(lambda: job.note == "ordering")
    finally:
        gate.set()
    spin(lambda: jobs.idle)
    assert seen == ["300 MB read", "ordering"]


def test_progress_is_kept_within_bounds(jobs: Jobs, spin: Spin) -> None:
    seen: list[float] = []

    def work(progress: Progress) -> None:
        progress(-3.0)
        progress(7.0)

    jobs.start(work).progressed.connect(lambda fraction, note: seen.append(fraction))
    spin(lambda: jobs.idle)
    assert seen == [0.0, 1.0]


def test_done_is_called_with_the_result_before_finished(jobs: Jobs, spin: Spin) -> None:
    order: list[object] = []
    job = jobs.start(lambda progress: "result", done=order.append)
    job.finished.connect(lambda: order.append("finished"))
    spin(lambda: jobs.idle)
    assert order == ["result", "finished"]


def test_finished_comes_though_a_slot_failed(jobs: Jobs, spin: Spin, nothing_unexpected: list[BaseException]) -> None:
    def fail(result: object) -> None:
        raise ValueError("slot")

    jobs.start(lambda progress: 1, done=fail)
    spin(lambda: jobs.idle)
    assert [str(error) for error in nothing_unexpected] == ["slot"]
    nothing_unexpected.clear()


def test_changed_tells_of_beginning_and_end(jobs: Jobs, spin: Spin) -> None:
    counts: list[int] = []
    jobs.changed.connect(lambda: counts.append(len(jobs.under_way(Lane.CASE))))
    jobs.start(lambda progress: None)
    spin(lambda: jobs.idle)
    assert counts == [1, 0]


def test_shut_down_stops_what_runs_and_leaves_no_thread(jobs: Jobs) -> None:
    begun = threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        while True:
            progress(0.1)

    said = _log(jobs.start(work))
    waiting = _log(jobs.start(lambda progress: None))
    assert begun.wait(5)
    jobs.shut_down()
    assert said == ["cancelled", "finished"]
    assert waiting == ["cancelled", "finished"]
    assert not [t for t in threading.enumerate() if t.name.startswith(("case", "beside"))]
