"""Which Chinese faces this machine can print with, and which characters they hold.

A face that lacks a character prints a box in silence, therefore its character map is read here and compared with the
paper before it is set. The reader is small because only two of the map's formats occur in practice (4 and 12).
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

VENDORED = Path(__file__).parent / "typefaces"
INSTALL = "apt-get install fonts-noto-cjk"

# What GB/T 9704 asks for, where the machine has it.
ROLES: dict[str, tuple[str, ...]] = {
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02"),
    "title": ("FZXiaoBiaoSong-B05", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "方正小标宋简体", "STZhongsong"),
    "hei": ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "AR PL UKai CN"),
    "song": ("SimSun", "宋体", "STSong"),
}
# What stands in for all of them; together they must hold every character of the paper.
COMMON = (
    "Jixiao Serif",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "SimSun",
    "NSimSun",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points of a face as sorted, disjoint, inclusive ranges."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        place = bisect.bisect_right(self.starts, ord(char)) - 1
        return place >= 0 and ord(char) <= self.ends[place]


@dataclass(frozen=True, eq=False)
class FontCase:
    """The faces at hand: `stacks` by role, each ending with the common ones; `places` of those in order of use."""

    fonts: typst.Fonts
    stacks: dict[str, tuple[str, ...]]
    places: tuple[tuple[str, int], ...]

    def missing(self, characters: Iterable[str]) -> str:
        """The characters that no common face holds; later faces are opened only if an earlier one lacks something."""
        lacking = set(characters) - {" "}
        for path, index in self.places:
            if not lacking:
                break
            held = coverage(path, index)
            lacking = {char for char in lacking if char not in held}
        return "".join(sorted(lacking))


@cache
def font_case(vendored: Path = VENDORED, system: bool = True) -> FontCase:
    """Look once through the vendored folder and the system's font folders."""
    fonts = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[vendored])
    upright = sorted((f for f in fonts.fonts() if f.style == "normal" and f.path), key=lambda f: abs(f.weight - 400))
    found: dict[str, tuple[str, int]] = {}
    for face in upright:
        found.setdefault(face.family, (str(face.path), face.index))
    common = tuple(family for family in COMMON if family in found)
    stacks = {role: (*(f for f in wanted if f in found), *common) for role, wanted in ROLES.items()}
    return FontCase(fonts, stacks, tuple(found[family] for family in common))


@cache
def coverage(path: str, index: int = 0) -> Coverage:
    """Read the character map of one face of a font file or collection."""
    data = Path(path).read_bytes()
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    records = (struct.unpack_from(">4sIII", data, start + 12 + 16 * n) for n in range(count))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    subtables = {
        (platform, encoding): cmap + offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
            for n in range(struct.unpack_from(">H", data, cmap + 2)[0])
        )
    }
    best = next((subtables[key] for key in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3)) if key in subtables), None)
    ranges = sorted(_ranges(data, best)) if best is not None else []
    return Coverage(tuple(low for low, _ in ranges), tuple(high for _, high in ranges))


def _ranges(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    kind = struct.unpack_from(">H", data, at)[0]
    if kind == 12:
        for n in range(struct.unpack_from(">I", data, at + 12)[0]):
            low, high, glyph = struct.unpack_from(">III", data, at + 16 + 12 * n)
            yield low + (glyph == 0), high
    elif kind == 4:
        yield from _segments(data, at)


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    double = struct.unpack_from(">H", data, at + 6)[0]
    ends, starts, deltas, offsets = (at + 14 + k * double + (2 if k else 0) for k in range(4))
    for n in range(0, double, 2):
        low, high = struct.unpack_from(">H", data, starts + n)[0], struct.unpack_from(">H", data, ends + n)[0]
        delta, offset = struct.unpack_from(">H", data, deltas + n)[0], struct.unpack_from(">H", data, offsets + n)[0]
        for code in range(low, high + 1 if high < 0xFFFF else low):
            glyph = struct.unpack_from(">H", data, offsets + n + offset + 2 * (code - low))[0] if offset else code
            if glyph and (glyph + delta) & 0xFFFF:
                yield code, code
