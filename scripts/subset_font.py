"""Make the vendored Chinese face again: `python scripts/subset_font.py NotoSerifCJK-Regular.ttc`.

It needs fonttools (a development dependency) and the source font, Debian package fonts-noto-cjk. The result is written
to src/jixiao/kit/typefaces under another name: the licence (SIL OFL 1.1) keeps reserved names from changed fonts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src/jixiao/kit/typefaces/JixiaoSerif-Regular.otf"
SOURCE_FAMILY, FAMILY = "Noto Serif CJK SC", "Jixiao Serif"
# Latin, punctuation, currency, letter-like forms, arrows, mathematics, ticks and lights, CJK marks, full-width forms.
RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2060), (0x20AC, 0x20AD), (0x2103, 0x2170), (0x2190, 0x21A0),
          (0x2200, 0x2270), (0x2460, 0x2500), (0x25A0, 0x2640), (0x2713, 0x2718), (0x3000, 0x3040), (0x3220, 0x322A),
          (0xFF01, 0xFF5F), (0xFFE0, 0xFFE7))  # fmt: skip
# Hanzi of names and places that GB 2312 lacks and rosters hold.
NAMES = (
    "〇喆堃昇赟翀璟垚犇淼焱燊珺琇玥玙珅珺瑄瑀瑢璐璿祎禕禛祺翾翙翊翎旻昉昕昳晞晟晖晳暠暄曈曌朊朸杺杬栐栢桉梣棽楒榕樾橦槿"
    "沄沅沚沨泓泠泂洹洺浠浥涪淏淯渌渼湉湲溁溦滢滪漪潆潞澍澧濛瀚灏炅炆炘炜炟烜烨焓焜煊煜煦熠熺燚燿爔牮犇犍玎玏玘玚玠玢玹珂珈珉珞珩珣"
    "琎琤琛琨琬琭瑧瑨璠璆瓛甯畬畹皓皞皛睆睿砼硚碶礐祃祾禤穂竑竣竫笪筠筱箬篪粿绛绡绫缃缑缦羑羿翚翥耔耘聃胤脩舸芃芊芎芮芾苡苪苳茏茗"
    "荇荃荘莙莜菀菂菡菥萱葳葶蓁蓓蓥蔺蕙蕤薇藜藠蘅虢蚶蛟蜆裎褀覃觎詠詡诎谡谯谌谞豨赑赪踔轾辏逄逯郄郅郏郐郗郚郜郞郢郯郾鄌鄞鄱酂酃"
    "釆鈊鉴銮鎏鏐钇钊钐钚钤钰钲铉铖铤铱铷锃锜锴锺镒镕镠镥镪镫闫闿阇阆陉陈隗隽隳雎雒雩霏霖霁靓靖韡韪韫頔颀颉颋颐颢飏飑飒餸馗馥馨驎骁骐骞骦"
    "髙鲀鲃鲇鲘鳀鳇鳌鵬鸢鸷麒麓麟黉黟龑龢塆垸塝墈屃岽峣崀嵊嶲圩埗埇埌堌堽塅垱墕坨圪圫坭坜夼奡妤妧妮姀姣姝婧婳嫄嫚嬿媖"
    "俣倓偲傕僖儁儇僮儆劢勍卲厍厔厷呙咍哿啟喦嘏嚞囍囿"
)


def wanted() -> set[int]:
    """Code points of GB 2312 (levels one and two with its symbols), RANGES, NAMES and every text of the product."""
    codes = {code for low, high in RANGES for code in range(low, high)} | {ord(char) for char in NAMES}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            codes |= {ord(char) for char in bytes([row, cell]).decode("gb2312", errors="ignore")}
    for suffix in ("*.py", "*.html", "*.toml", "*.csv"):
        for folder in (ROOT / "src", ROOT / "demo"):
            for path in folder.rglob(suffix):
                codes |= {ord(char) for char in path.read_text("utf-8")}
    return codes


def rename(font: TTFont) -> None:
    """Give the face its own family name ; copyright, version and licence entries stay as they were."""
    names = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} subset", 4: FAMILY, 6: "JixiaoSerif-Regular"}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14) and record.langID == 0x409]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = ["JixiaoSerif-Regular"]
    top[0].FullName, top[0].FamilyName = FAMILY, FAMILY


def main(source: str) -> None:
    """Read the collection, keep what is wanted, write the face."""
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == SOURCE_FAMILY)
    options = Options()
    options.layout_features = ["kern", "locl"]
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG", "BASE"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    rename(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(TARGET)
    print(f"{TARGET.name}: {len(font.getBestCmap())} characters, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
