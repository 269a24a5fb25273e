"""A Decision is yes, or a no with all of its reasons, so that nobody is sent back twice."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """An act that may not happen. `reasons` are Chinese sentences for the person who tried."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed when there is no reason against it. `a & b` collects the reasons of both."""

    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    def __and__(self, other: Decision) -> Decision:
        return Decision(self.reasons + other.reasons)

    def demand(self) -> None:
        """Raise Refused with every reason unless allowed."""
        if self.reasons:
            raise Refused(*self.reasons)


ALLOWED = Decision()


def require(condition: object, reason: str) -> Decision:
    """ALLOWED if the condition holds, else a no with this reason, a Chinese sentence that names the remedy."""
    return ALLOWED if condition else Decision((reason,))
