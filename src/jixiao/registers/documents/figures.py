"""制度文件数."""

from __future__ import annotations

from jixiao.kit.figures import Figure, RowColumn, Scope, count

from .models import Document


def _documents(scope: Scope) -> list[Document]:
    return list(Document.objects.visible_to(scope.actor).filter(region=scope.region, year=scope.year).order_by("title"))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "policies.count",
        "本年度出台的制度文件",
        "个",
        "制度库中年度为本年度的文件数，同一文件只登记一次。",
        _documents,
        count,
        (
            RowColumn("文件名称", lambda document: document.title),
            RowColumn("文号", lambda document: document.doc_no),
            RowColumn("环节", lambda document: document.stage),
        ),
    ),
)
