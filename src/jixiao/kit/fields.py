"""Field types for what must not be rounded: money, points and terms, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from jixiao.domain.terms import Term


class FenField(models.BigIntegerField):
    """An amount of money in 分 (integer). 元 and 万元 exist only at the edge; DecimalField is REAL on SQLite."""

    description = "amount in fen"


class PointsField(models.BigIntegerField):
    """Points, weights (分) or percent points to 0.01: a Decimal in Python, hundredths in the database."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(2)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"points are kept to 0.01, got {value}")
        return int(scaled)


class TermField(models.CharField):
    """A Term by its code. Migrations know only the length, so a new member needs no migration."""

    # What a type checker reads: a row's attribute is the Term that the field was given.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, term: type[Term] | None = None, **options: Any) -> None:
        self.term = term
        options.setdefault("max_length", 32)
        if term is not None:
            options["choices"] = term.choices()
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, path, args, options

    def _member(self, code: str) -> Any:
        by_code: Any = self.term
        return by_code(code)

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return self._member(value) if self.term and value else value

    def to_python(self, value: Any) -> Any:
        return self._member(value) if self.term and value and not isinstance(value, Term) else value

    def get_prep_value(self, value: Any) -> Any:
        return value.value if isinstance(value, Term) else value


class PathField(models.CharField):
    """A place in the unit tree, e.g. "101/101003/". Compared byte by byte, so that a subtree is a half-open range."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def subtree(path: str) -> tuple[str, str]:
    """The range [from, to) of every path at or below this one. LIKE would not use the index on SQLite."""
    return path, path[:-1] + chr(ord(path[-1]) + 1)
