"""The demo's accounts: one for each role of a district and the three administrators, with random passwords.

The passwords stand in a file readable by its owner only; a later run keeps accounts and passwords as they are.
"""

from __future__ import annotations

import secrets
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Count

from jixiao.domain.actors import Role, system
from jixiao.kit.acting import acting
from jixiao.kit.files import durably
from jixiao.registers.organizations.models import Division, Grant, Region, Unit, UnitYear, User
from jixiao.registers.subjects.models import SubjectYear

from .demo_workbooks import District

FILE = "demo-accounts.txt"
HEADINGS = ("账号", "密码", "姓名", "角色", "区划")
ADMINISTRATORS = {
    Role.SYSTEM_ADMIN: "system-admin",
    Role.SECURITY_ADMIN: "security-admin",
    Role.AUDIT_ADMIN: "audit-admin",
}
REGION_ROLES = ((Role.PERFORMANCE_OFFICE, "office"), (Role.LEADER, "leader"), (Role.AUDITOR, "auditor"))
# They see nothing until the office engages them for an evaluation.
ENGAGED = ((Role.AGENCY, "agency", ""), (Role.EXPERT, "expert-1", "一"), (Role.EXPERT, "expert-2", "二"))
LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0Oo1lI")))
PASSWORD_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Place:
    """One account in one district: its login, whose it is, and where the grant holds."""

    login: str
    name: str
    role: Role
    unit: Unit | None = None
    division: Division | None = None


def places(district: District) -> Iterator[Place]:
    """A district's accounts: region-wide and engaged roles, the busiest unit with department and division, 三员."""
    short = district.key.rsplit("-", 1)[0]
    for role, word in REGION_ROLES:
        yield Place(f"{short}-{word}", f"{district.name}{role.label}", role)
    for role, word, which in ENGAGED:
        yield Place(f"{short}-{word}", f"{district.name}{role.label}{which}", role)
    unit = _busiest_unit(district)
    if unit is not None:
        if unit.division is not None:
            label = Role.FISCAL_DIVISION.label
            yield Place(
                f"{short}-division", f"{unit.division.name}（{label}）", Role.FISCAL_DIVISION, None, unit.division
            )
        top = unit
        while top.parent is not None:
            top = top.parent
        yield Place(f"{short}-department", top.name, Role.DEPARTMENT, top.unit)
        yield Place(f"{short}-unit", unit.name, Role.UNIT, unit.unit)
    for role, login in ADMINISTRATORS.items():
        yield Place(login, role.label, role)


def _busiest_unit(district: District) -> UnitYear | None:
    """The unit with most subjects in the year, of those below a department if there are any."""
    mine = {"region": district.region_code, "year": district.year}
    counted = SubjectYear.objects.filter(**mine).order_by().values("unit_id").annotate(subjects=Count("id"))
    load = {row["unit_id"]: row["subjects"] for row in counted}
    units = UnitYear.objects.filter(**mine, unit_id__in=load).select_related("unit", "division", "parent")
    return max(units, key=lambda u: (u.level > 1, u.division_id is not None, load[u.unit_id], -u.pk), default=None)


def ensure(districts: list[District], file: Path) -> tuple[str, int]:
    """Make what is missing; the table of all demo accounts, and how many were made or given a new password.

    The file is written before the accounts are committed: a password that nobody knows helps nobody.
    """
    known, made = _read(file), 0
    for district in districts:
        made += _ensure_district(district, known, file)
    return _table(known), made


def _ensure_district(district: District, known: dict[str, tuple[str, ...]], file: Path) -> int:
    wanted = list(places(district))
    users = {user.login: user for user in User.objects.filter(login__in=[place.login for place in wanted])}
    lacking = [place for place in wanted if place.login not in users or place.login not in known]
    region = Region.objects.get(code=district.region_code)
    held = set(Grant.objects.filter(region=region).values_list("user__login", "role"))
    ungranted = [place for place in wanted if (place.login, place.role) not in held]
    if not lacking and not ungranted:
        return 0
    with acting(system(district.region_code), "demo.accounts") as act:
        for place in lacking:
            row = known.setdefault(place.login, _row(place, _password(), district))
            user = users.get(place.login) or User(login=place.login, name=place.name, must_change_password=False)
            user.set_password(row[1])
            user.save()
            users[place.login] = user
            act.trace(f"account:{place.login}", None, {"name": place.name})
        for place in ungranted:
            Grant.objects.create(
                user=users[place.login], role=place.role, region=region, unit=place.unit, division=place.division
            )
            act.trace(f"grant:{place.login}", None, {"role": place.role.value, "region": region.code})
        if lacking:
            _write(file, known)
    return len(lacking)


def _row(place: Place, password: str, district: District) -> tuple[str, ...]:
    where = "各演示区划" if place.role in ADMINISTRATORS else f"{district.name}（{district.region_code}）"
    return (place.login, password, place.name, place.role.label, where)


def _password() -> str:
    """A random password that the rules accept, without letters that are mistaken for one another."""
    while True:
        password = "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def _read(file: Path) -> dict[str, tuple[str, ...]]:
    """The rows of the file by login; nothing if it is not there."""
    if not file.exists():
        return {}
    rows = [tuple(line.split()) for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: row for row in rows if len(row) == len(HEADINGS)}


def _write(file: Path, known: dict[str, tuple[str, ...]]) -> None:
    with durably(file, 0o600) as out:
        out.write(f"{_table(known)}\n".encode())


def _table(known: dict[str, tuple[str, ...]]) -> str:
    rows = [HEADINGS, *known.values()]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(_padded(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
