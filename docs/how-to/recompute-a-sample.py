"""python recompute-a-sample.py 抽样总体.csv 种子 抽取个数 必抽上限 [每层至少]：重新抽取，按抽中的顺序列出。"""

import csv, hashlib, hmac, io, pathlib, sys  # noqa: E401, I001
from fractions import Fraction

path, seed, size, most, least = *sys.argv[1:3], *map(int, [*sys.argv[3:], 0][:3])
content = pathlib.Path(path).read_bytes()
print("总体摘要", hashlib.sha256(content).hexdigest())
rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
for row in rows:
    u = int.from_bytes(hmac.new(seed.encode(), row["标识"].encode(), hashlib.sha256).digest(), "big") + 1
    row["key"] = (Fraction(u, int(row["权数"])), row["标识"])
rows.sort(key=lambda row: row["key"])
first = sorted((row for row in rows if row["必抽"] == "是"), key=lambda row: -int(row["规则命中"]))[: min(most, size)]
order, taken = first + [row for row in rows if row not in first], []
for kind in [name for name in (*rows, {})[0] if name.startswith("层：")]:
    for stratum in sorted({row[kind] for row in rows}):
        mine = [row for row in order if row[kind] == stratum]
        taken += [row for row in mine if row not in taken][: max(least - sum(row in taken for row in mine), 0)]
print(*(row["标识"] for row in (taken + [row for row in order if row not in taken])[:size]), sep="\n")
