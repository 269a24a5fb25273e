"""Deadline day: 336 units send in five target sheets each, all at once, through two processes as the server has.

Every seventh form comes twice with the same token, as from somebody who clicks again. No act may fail, get lost or
count double, and the audit chain must be whole afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue

from benchmarks import county
from benchmarks.showing import percentile, show, timed, tiny
from django.db import connection, connections

from jixiao.cli.database import upgrade
from jixiao.domain.actors import Actor, Role
from jixiao.kit.acting import Repeated
from jixiao.kit.audit import verify
from jixiao.kit.models import Transition
from jixiao.kit.moving import move
from jixiao.registers.organizations.models import Grant
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.workflow import State

REGION, ACT = "990301", "submit_directly"
PER_USER, PROCESSES, THREADS, AGAIN = 5, 2, 4, 7
Form = tuple[int, Actor]
Sent = list[tuple[float, bool]]


def forms(users: int) -> list[Form]:
    """Which sheet goes in by whom, the users taking turns."""
    places = county.units(REGION, users)
    county.subjects(places, users * PER_USER)
    county.drafts(places)
    people = {}
    for place in places:
        user = county.User.objects.create(login=f"u{place.code}", name=place.name, password="!")
        Grant.objects.create(user=user, role=Role.UNIT, region_id=REGION, unit_id=place.unit_id)
        people[place.path] = Actor(user.pk, user.name, Role.UNIT, REGION, unit_path=place.path)
    rows = TargetVersion.objects.filter(region=REGION).order_by("pk")
    return [(key, people[path]) for key, path in rows.values_list("pk", "sheet__subject_year__unit_path")]


def send(form: Form) -> Sent:
    """One act as the page takes it, perhaps twice: seconds, and whether it was known as a repetition."""
    key, actor = form
    taken: Sent = []
    for _ in range(2 if key % AGAIN == 0 else 1):
        began = time.perf_counter()
        try:
            sheet = TargetVersion.objects.visible_to(actor).get(pk=key)
            move(sheet, ACT, actor, version=1, token=f"form-{key}")
            repeated = False
        except Repeated:
            repeated = True
        taken.append((time.perf_counter() - began, repeated))
    return taken


def work(share: Sequence[Form], answers: SimpleQueue[Sent]) -> None:
    """One server process with its threads."""
    with ThreadPoolExecutor(THREADS) as threads:
        answers.put([one for taken in threads.map(send, share) for one in taken])


def storm(listed: Sequence[Form]) -> Sent:
    """All forms through all processes."""
    connections.close_all()
    context = get_context("fork")
    answers: SimpleQueue[Sent] = context.SimpleQueue()
    workers = [context.Process(target=work, args=(listed[n::PROCESSES], answers)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    sent: Sent = []
    while any(worker.is_alive() for worker in workers) or not answers.empty():
        if answers.empty():
            time.sleep(0.01)
        else:
            sent += answers.get()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise SystemExit("a process failed; its acts are lost")
    return sent


def flaws(listed: Sequence[Form], sent: Sent) -> list[str]:
    """What is not as it should be afterwards."""
    versions = TargetVersion.objects.filter(region=REGION)
    steps = Transition.objects.filter(region=REGION)
    expected = sum(key % AGAIN == 0 for key, _ in listed)
    found = {
        "lost acts": len(listed) - versions.filter(state=State.FISCAL_REVIEW, version=2).count(),
        "doubled steps": steps.count() - steps.values("sheet_id").distinct().count(),
        "repetitions taken for new": expected - sum(repeated for _, repeated in sent),
        "breaks of the audit chain": sum(1 for _ in verify(REGION)),
    }
    return [f"{name}: {count}" for name, count in found.items() if count]


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    users = 4 if trial else 336
    listed = forms(users)
    seconds, sent = timed(lambda: storm(listed))
    wrong = flaws(listed, sent)
    if wrong:
        raise SystemExit("；".join(wrong))
    took = sorted(spent for spent, _ in sent)
    figures = {f"p{part} ms": round(percentile(took, part) * 1000, 1) for part in (50, 95)}
    figures |= {"worst ms": round(took[-1] * 1000, 1)}
    row = {"acts": len(listed), "sent": len(sent), "seconds": round(seconds, 1), "acts/s": round(len(sent) / seconds)}
    facts = {"database": connection.vendor}
    show("deadline_day", [row | figures | {"flaws": 0}], users=users, processes=PROCESSES, threads=THREADS, **facts)
