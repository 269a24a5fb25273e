"""报送: what goes to the people's congress and the government."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.domain.decisions import Decision, require


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """One item sent to one recipient; `final`: the sheet behind it is approved or concluded."""

    final: bool
    recipient: str
    material: str


def source_is_final(facts: SubmissionFacts) -> Decision:
    """Drafts are not sent."""
    return require(facts.final, "所附材料尚未批复或审定，请先办结")


def addressed(facts: SubmissionFacts) -> Decision:
    """Recipient and kind of material are named."""
    return require(facts.recipient.strip(), "请选择报送对象") & require(facts.material.strip(), "请填写材料类别")
