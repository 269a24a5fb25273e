"""Pinyin initials of Chinese characters: the common 3,755 by their place in GB 2312, others and 多音字 by a table.

The first level of GB 2312 is ordered by pinyin, so the code of a character tells the letter its sound begins with.
"""

from __future__ import annotations

from functools import lru_cache

# Where each letter begins among the codes of the first level (B0A1–D7F9).
_BEGINS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"),
    (0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"),
    (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"),
    (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_LAST = 0xD7F9
# Beyond the first level: what official sheets write.
_RARE = {
    "b": "孛庳婢鳊鹎髌笾箅痹", "c": "鹾黉伧氚滁苌埕茌锸偬", "d": "铥玳碘镝渎牍椟嘀骶", "e": "萼鳄轭", "f": "酚钒氟蝠孵",
    "g": "咯呷觥皋槔镉铬汞", "h": "瓠涸铪鹤睺", "j": "戢赍蕺稷鳜堇旌孑茭湫矫跽笄畿诘偈", "k": "喾龛骺铠钪氪锟",
    "l": "琉锂镧遴绺辘鲈羸耒诔鳞嫘砻癞瘰", "m": "幂钼霾螨鳗缗冕蟊镁", "n": "铌钕镍氖孬", "p": "貔睥郫毗匍钯锫",
    "q": "衢祛妾茕芪芩耆虔蜷", "r": "荏妊韧壬", "s": "媵铯讪锶鲨痧砷闩讼殓槭隧泗", "t": "钛酞铽鳎郯", "w": "沩娲皖芫",
    "x": "浠郗栩徙晞曦舾硒矽锌", "y": "裔沅攸铀莠犹釉臾妤禹痍弋肄殷瘿恹", "z": "鄣旃瞻痔殡圳酎驺鲻",
}  # fmt: skip
# Characters whose second reading is as common in names of indicators.
_BOTH = {
    "长": "cz", "重": "zc", "行": "xh", "调": "dt", "参": "cs", "乐": "ly", "藏": "cz", "传": "cz", "降": "jx",
    "会": "hk", "校": "xj", "便": "bp", "单": "ds", "厦": "sx", "朝": "zc", "弹": "dt", "石": "sd", "率": "ls",
    "宿": "sx", "塔": "t", "系": "xj", "给": "gj", "解": "jx", "省": "sx", "盛": "sc", "折": "zs", "种": "zc",
    "曾": "cz", "贾": "jg", "卡": "kq", "茄": "qj", "熟": "s", "血": "x", "择": "z", "什": "sj", "殡": "b", "讼": "s",
    "泊": "pb", "仇": "cq", "车": "cj", "番": "fp", "粘": "nz", "屏": "pb", "圈": "qj", "模": "m", "扁": "bp",
}  # fmt: skip
_RARE_BY_SIGN = {sign: letter for letter, signs in _RARE.items() for sign in signs}


@lru_cache(maxsize=16384)
def initials(sign: str) -> str:
    """The letters with which a character's readings begin, the usual one first; "" for what has none."""
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    if both := _BOTH.get(sign):
        return both
    try:
        code = int.from_bytes(sign.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return _RARE_BY_SIGN.get(sign, "")
    if not _BEGINS[0][0] <= code <= _LAST:
        return _RARE_BY_SIGN.get(sign, "")
    return next(letter for begins, letter in reversed(_BEGINS) if code >= begins)
