"""The access table: every address of the product and who may open it. An address that is not here opens for nobody."""

from __future__ import annotations

from jixiao.domain.actors import ADMINISTRATORS, Role

ANYONE: frozenset[Role] = frozenset()
BUSINESS = frozenset(Role) - ADMINISTRATORS - {Role.SYSTEM}
FILING = frozenset({Role.UNIT, Role.DEPARTMENT})
FINANCE = frozenset({Role.PERFORMANCE_OFFICE, Role.FISCAL_DIVISION})
OFFICE = frozenset({Role.PERFORMANCE_OFFICE})
REGION_READERS = frozenset({Role.PERFORMANCE_OFFICE, Role.LEADER, Role.AUDITOR})
TRAIL = frozenset({Role.AUDIT_ADMIN})
SIGNED_IN = frozenset(Role) - {Role.SYSTEM}

ACCESS: dict[str, frozenset[Role]] = {
    # before signing in
    "login": ANYONE,
    "alive": ANYONE,
    "ready": ANYONE,
    # one's own account
    "logout": SIGNED_IN,
    "password": SIGNED_IN,
    "switch-year": SIGNED_IN,
    "switch-region": SIGNED_IN,
    "switch-unit": SIGNED_IN,
    "home": SIGNED_IN,
    # registers
    "subjects": BUSINESS,
    "subject": BUSINESS,
    "subject-payments": BUSINESS,
    "money": BUSINESS,
    "money-subjects": BUSINESS,
    "money-conflict": BUSINESS,
    "unmatched": BUSINESS,
    "payments-match": FINANCE,
    "units": BUSINESS,
    "documents": BUSINESS,
    "agencies": BUSINESS,
    "indicators": BUSINESS,
    # the cycle
    "ex-ante": BUSINESS,
    "ex-ante-sheet": BUSINESS,
    "ex-ante-move": BUSINESS,
    "targets": BUSINESS,
    "target-sheet": BUSINESS,
    "target-move": BUSINESS,
    "overall-targets": BUSINESS,
    "monitoring": BUSINESS,
    "monitoring-round": BUSINESS,
    "monitoring-live": BUSINESS,
    "round-analysis": BUSINESS,
    "round-analysis-docx": BUSINESS,
    "round-open": OFFICE,
    "round-move": OFFICE,
    "round-take-in": OFFICE,
    "round-workbook": FILING,
    "round-filling": FILING,
    "filling-confirm": FILING,
    "filling-marked": FILING,
    "round-leaves": OFFICE,
    "round-key": OFFICE,
    "reading-visit": FINANCE | {Role.DEPARTMENT},
    "reading-attach": FINANCE | FILING,
    "reading-withdraw": FINANCE | FILING,
    "reading-attachment": BUSINESS,
    "reading-sheet": BUSINESS,
    "reading-fill": FILING,
    "reading-handle": FINANCE,
    "reading-move": BUSINESS,
    "recoveries": BUSINESS,
    "hold-release": OFFICE,
    "self-evaluations": BUSINESS,
    "self-evaluation": BUSINESS,
    "self-evaluation-move": BUSINESS,
    "evaluations": BUSINESS,
    "evaluation": BUSINESS,
    "evaluation-move": BUSINESS,
    "rectifications": BUSINESS,
    "rectification": BUSINESS,
    "rectification-move": BUSINESS,
    "rectification-answer": FILING,
    "rectification-attach": FILING,
    "rectification-withdraw": FILING,
    "rectification-attachment": BUSINESS,
    "notices": BUSINESS,
    "notice": BUSINESS,
    "notice-docx": BUSINESS,
    "notice-issue": OFFICE,
    "disclosures": REGION_READERS | FINANCE,
    "submissions": REGION_READERS | FINANCE,
    # overview
    "figures": REGION_READERS,
    "figure": REGION_READERS,
    "report": REGION_READERS,
    "report-docx": REGION_READERS,
    "report-pdf": REGION_READERS,
    "policy": BUSINESS,
    # the first door: Excel
    "uploads": OFFICE,
    "upload": OFFICE,
    "upload-mapping": OFFICE,
    "upload-confirm": OFFICE,
    "upload-marked": OFFICE,
    "upload-file": OFFICE,
    "template": OFFICE,
    # the trail
    "trail": TRAIL,
}
