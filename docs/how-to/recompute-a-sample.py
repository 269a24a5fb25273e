"""python recompute-a-sample.py 抽样总体.csv 种子 抽取个数 必抽上限：重新抽取，按抽中的顺序列出。"""

import csv
import hashlib
import hmac
import sys
from fractions import Fraction

path, seed, size, most = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with open(path, "rb") as file:
    print("总体摘要", hashlib.sha256(file.read()).hexdigest())
with open(path, encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    u = int.from_bytes(hmac.new(seed.encode(), row["标识"].encode(), hashlib.sha256).digest(), "big") + 1
    row["key"] = (Fraction(u, int(row["权数"])), row["标识"])
rows.sort(key=lambda row: row["key"])
first = sorted((row for row in rows if row["必抽"] == "是"), key=lambda row: -int(row["规则命中"]))[: min(most, size)]
print(*(row["标识"] for row in first + [row for row in rows if row not in first][: size - len(first)]), sep="\n")
