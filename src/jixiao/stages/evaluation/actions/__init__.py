"""Acts of 绩效评价. Other rooms open evaluations here."""

from __future__ import annotations

from .opening import lay_open, open_evaluation

__all__ = ["lay_open", "open_evaluation"]
