"""选指标五法: entries for a project, each with the way it was found, why, and what it is measured by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jixiao.domain.actors import Actor
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear

from . import ranking, search, starter
from .distribution import sentence
from .grams import says
from .models import Entry, Observation, Standard
from .observing import last_of, library_rules, unit_last, usual_of
from .ranking import Case, Found, Profile
from .rules import LibraryRules, Way

CASE_YEARS = 3
MOST_ROWS = 20_000
CANDIDATES = 2000
TEMPLATES = 2


@dataclass(slots=True)
class Suggestion:
    """One entry for a project: why, its standards in words, and what is usual."""

    entry: Entry
    because: str
    standard: str = ""
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one way found, best first; `nothing` says why it found nothing."""

    way: Way
    suggestions: tuple[Suggestion, ...]
    nothing: str = ""


@dataclass(slots=True)
class Asked:
    """What the five ways work with."""

    actor: Actor
    subject: SubjectYear
    profile: Profile
    rules: LibraryRules
    cases: Sequence[Case]
    words: str = ""
    chosen: frozenset[int] = field(default_factory=frozenset)


NOTHING = {
    Way.PRECISE: "项目名称、目标和单位与指标库的条目没有共同的词。",
    Way.CASES: "没有相似项目的指标可参考，目标批复、自评审核后逐步积累。",
    Way.TEMPLATES: "项目名称里没有已知的项目类型。",
    Way.HISTORY: "本项目以前年度没有观测到的指标。",
    Way.SEARCH: "输入两个以上的字或拼音首字母，例如“合格”“hgl”。",
}


def suggestions(
    actor: Actor,
    subject: SubjectYear,
    *,
    cases: Sequence[Case] | None = None,
    asked: str = "",
    chosen: Iterable[int] = (),
) -> tuple[Group, ...]:
    """The five groups for a project.

    `cases`: similar projects' approved sheets, where the caller has them (keys are entries); else what was observed.
    `asked`: the words of a search. `chosen`: entries that the sheet has already; they are not suggested again.
    """
    profile = profile_of(subject)
    rules = library_rules(subject.region, subject.year)
    known = observed_cases(actor, subject) if cases is None else cases
    wanted = Asked(actor, subject, profile, rules, known, asked, frozenset(chosen))
    found = {way: find(wanted) for way, find in WAYS.items()}
    return _groups(wanted, found)


def profile_of(subject: SubjectYear) -> Profile:
    """What the register knows of a project."""
    kind = UnitYear.objects.filter(unit=subject.unit_id, year=subject.year).values_list("kind", flat=True).first()
    return Profile(subject.name, subject.goal, subject.field, subject.unit_name, str(kind or ""))


def observed_cases(actor: Actor, subject: SubjectYear) -> list[Case]:
    """Other projects of the region with what was observed of them, of this year and the last ones.

    A project that the actor may not see stays nameless.
    """
    years = range(subject.year - CASE_YEARS, subject.year + 1)
    mine = Observation.objects.filter(region=subject.region, year__in=years)
    mine = mine.exclude(subject_year__subject=subject.subject_id).order_by("-year", "subject_year", "position")
    rows = mine.values_list("subject_year", "entry_id", "entry__variant_of")[:MOST_ROWS]
    used: dict[int, list[int]] = {}
    for key, entry, leader in rows:
        used.setdefault(key, []).append(leader or entry)
    others = SubjectYear.objects.filter(region=subject.region, year__in=years)
    visible = set(SubjectYear.objects.visible_to(actor).filter(year__in=years).values_list("pk", flat=True))
    return [
        Case(
            one.name if one.pk in visible else "其他单位的项目",
            Profile(one.name, one.goal, one.field, one.unit_name),
            tuple(used[one.pk]),
        )
        for one in others.only("name", "goal", "field", "unit_name").order_by("pk")
        if one.pk in used
    ]


def _precise(asked: Asked) -> list[Found]:
    profile = asked.profile
    fits = starter.industries_of(profile.field, profile.unit, profile.name)
    home = asked.subject.region
    entries = Entry.objects.filter(region=home).offered()
    by_field = entries.filter(industry__in=fits).order_by("pk")[:CANDIDATES]
    titled = [key for pair in sorted(ranking.pairs(profile.name)) for key in search.matching(home, pair)]
    listed = [*by_field, *entries.filter(pk__in=titled[:CANDIDATES])]
    texts = {e.pk: f"{e.name} {e.explanation} {e.project_type}" for e in listed}
    return ranking.from_words(profile, texts, {e.pk: e.industry for e in listed}, fits)


def _by_cases(asked: Asked) -> list[Found]:
    return ranking.from_cases(ranking.similar(asked.profile, asked.cases, asked.rules.similar_projects))


def _by_templates(asked: Asked) -> list[Found]:
    text = f"{asked.profile.name} {asked.profile.purpose}"
    fitting = [(sum(word in text for word in one.words), one) for one in starter.templates()]
    best = sorted((pair for pair in fitting if pair[0]), key=lambda pair: (-pair[0], pair[1].name))[:TEMPLATES]
    home = Entry.objects.filter(region=asked.subject.region).offered()
    named = {e.name: e.pk for e in home.filter(name__in=[name for _, one in best for name in one.indicators])}
    found: dict[int, Found] = {}
    for score, one in best:
        for name in one.indicators:
            if name in named:
                found.setdefault(named[name], Found(named[name], float(score), f"“{one.name}”类项目的模板"))
    return list(found.values())


def _by_history(asked: Asked) -> list[Found]:
    return [
        Found(key, float(year), f"本项目 {year} 年用过，指标值 {target or '未填'}，完成 {actual or '未填'}")
        for key, (year, target, actual) in last_of(asked.subject).items()
    ]


def _by_search(asked: Asked) -> list[Found]:
    if not asked.words:
        return []
    keys = search.matching(asked.subject.region, asked.words)
    listed = search.best_first(Entry.objects.filter(pk__in=keys).offered(), asked.words)
    told = ("名称与“{}”相近", "名称或拼音首字母含“{}”")
    return [Found(one.pk, 0.0, told[says(one.name, asked.words)].format(asked.words)) for one in listed]


WAYS = {
    Way.PRECISE: _precise,
    Way.CASES: _by_cases,
    Way.TEMPLATES: _by_templates,
    Way.HISTORY: _by_history,
    Way.SEARCH: _by_search,
}


def _groups(asked: Asked, found: dict[Way, list[Found]]) -> tuple[Group, ...]:
    """The best of each way as entries, with their standards and what is usual: four queries for all."""
    most = asked.rules.suggested
    keys = {one.key for listed in found.values() for one in listed[: most * 3]} - asked.chosen
    entries = {e.pk: e for e in Entry.objects.filter(pk__in=keys).offered()}
    standards = _standards(entries)
    usual = usual_of(asked.subject.region, entries, asked.subject.year, asked.rules)
    last = unit_last(asked.subject.region, asked.subject.unit_id, entries, asked.subject.year)
    groups = []
    for way, listed in found.items():
        shown = [
            Suggestion(
                entries[one.key],
                one.because,
                standards.get(one.key, ""),
                sentence(usual.get(one.key), last.get(one.key, ""), entries[one.key].unit),
            )
            for one in listed[: most * 3]
            if one.key in entries
        ][:most]
        nothing = NOTHING[way] if not asked.words or way is not Way.SEARCH else f"没有含“{asked.words}”的指标。"
        groups.append(Group(way, tuple(shown), "" if shown else nothing))
    return tuple(groups)


def _standards(entries: Iterable[int]) -> dict[int, str]:
    said: dict[int, list[str]] = {}
    for one in Standard.objects.filter(entry__in=list(entries)).order_by("kind", "-year", "id"):
        year = f"，{one.year} 年" if one.year else ""
        said.setdefault(one.entry_id, []).append(f"{one.kind.label} {one.value}（{one.source}{year}）")
    return {key: "；".join(words) for key, words in said.items()}
