"""Long work: claimed under a lease and a number, ended exactly once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from jixiao.domain.decisions import Refused
from jixiao.kit import jobs
from jixiao.kit.models import Job, JobState

pytestmark = pytest.mark.django_db


def enqueue(kind: str = "count") -> Job:
    return jobs.enqueue("999999", kind, {"to": 3})


def lapse(job: Job) -> None:
    """The worker is gone and its lease has run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_once_and_keeps_its_result():
    job, seen = enqueue(), []
    assert jobs.run_next({"count": lambda claim: seen.append(1) or claim.job.arguments})
    assert not jobs.run_next({"count": lambda claim: seen.append(2)})
    job.refresh_from_db()
    assert (job.state, job.result, job.fence, seen) == (JobState.DONE, {"to": 3}, 1, [1])


def test_the_oldest_job_comes_first():
    first, second = enqueue(), enqueue()
    assert [jobs.claim().job.pk, jobs.claim().job.pk] == [first.pk, second.pk]
    assert jobs.claim() is None


def test_a_job_in_hand_is_not_given_to_another_worker():
    enqueue()
    assert jobs.claim() is not None
    assert jobs.claim() is None


def test_a_beat_shows_progress_and_keeps_the_lease():
    enqueue()
    held = jobs.claim()
    lapse(held.job)
    held.beat(1, 3, "第一步")
    assert jobs.claim() is None
    job = Job.objects.get()
    assert (job.done, job.total, job.message) == (1, 3, "第一步")


def test_after_a_lapsed_lease_another_worker_does_the_job_and_the_late_one_writes_nothing():
    enqueue()
    late = jobs.claim()
    lapse(late.job)
    second = jobs.claim()
    assert second.job.fence == 2
    for write in (lambda: late.beat(1, 1), lambda: late.finish("late"), lambda: late.fail("late")):
        with pytest.raises(jobs.LeaseLost):
            write()
    second.finish("second")
    with pytest.raises(jobs.LeaseLost):
        second.finish("again")
    assert Job.objects.get().result == "second"


def test_a_worker_that_lost_its_job_in_the_middle_stops_quietly():
    enqueue()

    def overtaken(claim):
        lapse(claim.job)
        jobs.claim().finish("by another")
        claim.beat(1, 2)
        raise AssertionError("it must have stopped")

    assert jobs.run_next({"count": overtaken})
    assert Job.objects.get().result == "by another"


def test_a_job_that_kills_its_worker_again_and_again_is_given_up():
    enqueue()
    for _ in range(jobs.MOST_CLAIMS):
        lapse(jobs.claim().job)
    assert jobs.claim() is None
    job = Job.objects.get()
    assert (job.state, job.message) == (JobState.FAILED, jobs.GIVEN_UP)


def test_a_refusal_is_told_and_an_error_is_not():
    def refuse(_claim):
        raise Refused("缺少字体")

    def stumble(_claim):
        raise ZeroDivisionError("secret detail")

    for kind in ("refuse", "stumble", "unknown"):
        enqueue(kind)
    while jobs.run_next({"refuse": refuse, "stumble": stumble}):
        pass
    states = list(Job.objects.order_by("id").values_list("state", "message"))
    assert [state for state, _ in states] == [JobState.FAILED] * 3
    assert states[0][1] == "缺少字体"
    assert states[1][1] == jobs.BROKEN


def test_the_night_s_work_is_due_from_two_in_the_morning_local_time():
    asia = timezone.get_default_timezone()
    early, late = datetime(2026, 5, 4, 1, 59, tzinfo=asia), datetime(2026, 5, 4, 2, 0, tzinfo=asia)
    assert jobs.last_night(early) == datetime(2026, 5, 3, 2, 0, tzinfo=asia)
    assert jobs.last_night(late) == late
