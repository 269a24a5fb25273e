"""Who acts: roles and the actor that every decision is taken for."""

from __future__ import annotations

from dataclasses import dataclass

from .terms import Term


class Role(Term):
    """主体. The three administrators (三员) exclude one another and see no business rows."""

    UNIT = "unit", "预算单位"
    DEPARTMENT = "department", "主管部门"
    FISCAL_DIVISION = "fiscal_division", "业务股室"
    PERFORMANCE_OFFICE = "performance_office", "绩效股"
    AGENCY = "agency", "第三方机构"
    EXPERT = "expert", "专家"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计与人大"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    SYSTEM = "system", "系统"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
REGION_WIDE = frozenset({Role.PERFORMANCE_OFFICE, Role.LEADER, Role.AUDITOR, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one role: what he may do follows from `role`, which rows from region, unit path or division.

    `unit_path` is the unit's place in the year-independent tree of codes, e.g. "101/101003/"; empty = none.
    """

    user_id: int | None
    name: str
    role: Role
    region: str
    unit_path: str = ""
    division: str = ""


def system(region: str, name: str = "系统") -> Actor:
    """The actor of 补录 and of nightly work; it is nobody's account."""
    return Actor(user_id=None, name=name, role=Role.SYSTEM, region=region)
