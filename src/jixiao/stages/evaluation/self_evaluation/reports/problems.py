"""自查问题 one by one, with the classes that somebody confirmed or that their words propose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.domain.problems import Classed, ProblemRules, classed, passages
from jixiao.kit.web.listing import Mark

from ..models import ReportedProblem, SelfEvaluation


@dataclass(frozen=True, slots=True)
class Named:
    """One problem in the words of who named it; `key` finds it again in its form."""

    key: str
    text: str
    classed: Classed

    def marks(self, rules: ProblemRules) -> list[Mark]:
        """Its classes as tags; those that are only proposed say so."""
        tone, end = ("mute", "") if self.classed.confirmed else ("warn", "（待确认）")
        return [Mark(f"{rules.name(code)}{end}", tone) for code in self.classed.codes]


def reported(sheets: Iterable[SelfEvaluation], rules: ProblemRules) -> dict[int, list[Named]]:
    """The problems of each sheet (by key), in the order in which it names them; one query."""
    known = {sheet.pk: passages(sheet.findings) for sheet in sheets}
    confirmed: dict[int, dict[str, str]] = defaultdict(dict)
    rows = ReportedProblem.objects.filter(evaluation__in=[pk for pk, found in known.items() if found])
    for sheet, text, kinds in rows.values_list("evaluation", "text", "kinds"):
        confirmed[sheet][text] = kinds
    return {
        pk: [Named(str(no), text, classed(text, confirmed[pk].get(text, ""), rules)) for no, text in enumerate(found)]
        for pk, found in known.items()
    }


def classified_as(sheet: SelfEvaluation) -> int:
    """Which classification of the sheet stands: rises with each; 0 before the first."""
    last = sheet.reported.order_by("-pk").first()
    return 0 if last is None else last.pk
