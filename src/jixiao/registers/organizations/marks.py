"""How the origin of a row reads: what was published and what was made up is never left open."""

from __future__ import annotations

from jixiao.domain.vocabulary import Origin
from jixiao.kit.web.listing import Mark, Shown

ORIGIN = Shown("origin_mark", "数据", "tag")
_MARKS = {
    Origin.PUBLISHED: Mark("公开", "ok"),
    Origin.NAME_PUBLISHED: Mark("公开名称，得分合成"),
    Origin.SYNTHETIC: Mark("合成"),
}


def origin_mark(origin: Origin) -> Mark | None:
    """The tag of a demo row; the product's own rows carry none."""
    return _MARKS.get(origin)
