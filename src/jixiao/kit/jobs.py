"""Long work beside the pages: a Job row is claimed under a lease and a fencing number and ends exactly once.

A worker that dies lets its lease run out; another claims the job under the next number. Whoever comes back late holds
an old number and can write nothing any more, neither progress nor an end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from jixiao.domain.decisions import Refused

from .models import Job, JobState

LEASE = timedelta(minutes=2)
NIGHT = 2
"""The hour, local time, from which the night's work is due."""
MOST_CLAIMS = 3
GIVEN_UP = f"办理了 {MOST_CLAIMS} 次都没有做完，请查看服务日志后重新发起"
BROKEN = "办理失败，请查看服务日志后重新发起"
_log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has this job now; stop at once."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one job. `job` is the row as it was claimed."""

    job: Job

    def beat(self, done: int, total: int, message: str = "") -> None:
        """Show how far the work is and extend the lease. Raises LeaseLost. Call it more often than LEASE."""
        self._change(done=done, total=total, message=message, lease_until=timezone.now() + LEASE)

    def finish(self, result: Any) -> None:
        """The job is done; `result` is a JSON value. Raises LeaseLost."""
        self._change(state=JobState.DONE, result=result, lease_until=None)

    def fail(self, message: str) -> None:
        """The job ends without a result; the Chinese message says why. Raises LeaseLost."""
        self._change(state=JobState.FAILED, message=message, lease_until=None)

    def _change(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, fence=self.job.fence, state=JobState.RUNNING)
        if not mine.update(**values):
            raise LeaseLost(f"job {self.job.pk} is no longer held under {self.job.fence}")


Kinds = Mapping[str, Callable[[Claim], Any]]


def enqueue(region: str, kind: str, arguments: dict[str, Any], user_id: int | None = None) -> Job:
    """Put work into the queue, inside the act that asks for it: it starts if and only if the act is committed."""
    return Job.objects.create(region=region, kind=kind, arguments=arguments, user_id=user_id, at=timezone.now())


def last_night(now: datetime) -> datetime:
    """When the night's work was last due: today at NIGHT, or yesterday before that hour."""
    due = timezone.localtime(now).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


def enqueue_nightly(region: str, kind: str, every: Iterable[dict[str, Any]], now: datetime) -> list[Job]:
    """Night's work, once a night: nothing where work of this kind was asked for since it was last due.

    A place that was switched off at night catches up when it is switched on. Two workers that ask in the same moment
    may both ask: what a night does must do no harm twice.
    """
    if Job.objects.filter(region=region, kind=kind, at__gte=last_night(now)).exists():
        return []
    return [enqueue(region, kind, arguments) for arguments in every]


def claim() -> Claim | None:
    """The oldest job that waits or whose lease has run out, under a new fencing number; None if there is none."""
    while (job := _claimable().order_by("id").first()) is not None:
        seen = Job.objects.filter(pk=job.pk, fence=job.fence, state=job.state)
        if job.fence >= MOST_CLAIMS:
            seen.update(state=JobState.FAILED, message=GIVEN_UP, lease_until=None)
            continue
        job.fence += 1
        job.state, job.lease_until = JobState.RUNNING, timezone.now() + LEASE
        # The number seen is the condition: of two workers at the same row only one changes it.
        if seen.update(fence=job.fence, state=job.state, lease_until=job.lease_until):
            return Claim(job)
    return None


def _claimable() -> QuerySet[Job]:
    lapsed = Q(state=JobState.RUNNING, lease_until__lt=timezone.now())
    return Job.objects.filter(Q(state=JobState.WAITING) | lapsed)


def run_next(kinds: Kinds) -> bool:
    """Claim one job and see it to its end. False if there was nothing to do."""
    held = claim()
    if held is None:
        return False
    try:
        _work(held, kinds)
    except LeaseLost as lost:
        _log.warning("%s", lost)
    return True


def _work(held: Claim, kinds: Kinds) -> None:
    job = held.job
    if job.kind not in kinds:
        held.fail(f"没有“{job.kind}”这种任务，请升级程序")
        return
    try:
        result = kinds[job.kind](held)
    except LeaseLost:
        raise
    except Refused as refusal:
        held.fail(str(refusal))
    # Whatever a job may stumble over ends this job alone, never the worker.
    except Exception:
        _log.exception("job %s (%s) failed", job.pk, job.kind)
        held.fail(BROKEN)
    else:
        held.finish(result)
