"""Corrections of recorded sheets never land on a sheet that moved in the meantime."""

from __future__ import annotations

import pytest
from tests.factories import REGION, actor, day

from jixiao.kit.acting import Act, acting
from jixiao.kit.importing import Overtaken, Plan
from jixiao.kit.recording import Recording
from jixiao.stages.follow_up.disclosure.models import Material
from jixiao.stages.follow_up.submission.models import Recipient, Submission

pytestmark = pytest.mark.django_db


def sheet(on: str) -> Submission:
    return Submission(
        region=REGION, year=2022, recipient=Recipient.GOVERNMENT, material=next(iter(Material)), on=day(on)
    )


def correction() -> tuple[Submission, Recording[Submission]]:
    """A stored sheet, and what a table wants to make of it."""
    kept = sheet("2023-01-05")
    kept.save()
    return kept, Recording.compare(Submission, Plan(), {1: kept}, {1: sheet("2023-01-06")}, ("on",))


def store(recording: Recording[Submission]) -> Act:
    with acting(actor(), "import") as act:
        recording.store(act, ("year",))
    return act


def test_a_correction_raises_the_version_and_tells_what_stood_before():
    kept, recording = correction()
    (trace,) = store(recording).traces
    kept.refresh_from_db()
    assert (str(kept.on), kept.version) == ("2023-01-06", 2)
    assert (trace.before, trace.after) == ({"on": "2023-01-05"}, {"on": "2023-01-06"})


def test_a_sheet_that_moved_since_it_was_compared_is_left_alone():
    kept, recording = correction()
    Submission.objects.filter(pk=kept.pk).update(version=2)
    with pytest.raises(Overtaken):
        store(recording)
    kept.refresh_from_db()
    assert (str(kept.on), kept.version) == ("2023-01-05", 2)
