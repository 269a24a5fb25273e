"""公开: what may go before the public."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.domain.decisions import Decision, require


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """One item to be published. `secret`: marked 不宜公开; `final`: the sheet behind it is approved or concluded."""

    secret: bool
    final: bool
    channel: str
    redaction_confirmed: bool


def not_secret(facts: DisclosureFacts) -> Decision:
    """Only what is not marked 不宜公开 is published."""
    return require(not facts.secret, "该对象标注为不宜公开，不能公开")


def source_is_final(facts: DisclosureFacts) -> Decision:
    """Drafts are not published."""
    return require(facts.final, "所附材料尚未批复或审定，请先办结")


def channel_named(facts: DisclosureFacts) -> Decision:
    """The place of publication is named."""
    return require(facts.channel.strip(), "请填写公开渠道，如政府网站")


def redaction_was_confirmed(facts: DisclosureFacts) -> Decision:
    """Someone looked for secrets and personal data (脱密审核)."""
    return require(facts.redaction_confirmed, "请确认已完成脱密审核")
