"""Copy the locked front-end packages into src/jixiao/static/vendor with a manifest of digests and licences.

Run by whoever raises a version, never at deployment:  python scripts/front_end/vendor.py
The only change to a file is that its pointer to a source map, which is not shipped, is cut off.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parents[1] / "src" / "jixiao" / "static" / "vendor"
SOURCE_MAP = re.compile(rb"\n(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")

# file in static/vendor: (package, path inside the package)
FILES = {
    "bootstrap.min.css": ("bootstrap", "dist/css/bootstrap.min.css"),
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "tabulator.min.css": ("tabulator-tables", "dist/css/tabulator.min.css"),
    "tabulator.min.js": ("tabulator-tables", "dist/js/tabulator.min.js"),
    "echarts.min.js": ("echarts", "dist/echarts.min.js"),
}
# tslib and zrender are part of echarts.min.js, so their terms travel with it.
LICENCES = {
    "bootstrap": ("LICENSE",),
    "htmx.org": ("LICENSE",),
    "tabulator-tables": ("LICENSE",),
    "echarts": ("LICENSE", "NOTICE"),
    "zrender": ("LICENSE",),
    "tslib": ("LICENSE.txt",),
}


def install(folder: Path) -> Path:
    """The node_modules that the lock file describes; npm checks every package against its integrity hash."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder / "node_modules"


def copy(modules: Path) -> list[dict[str, str]]:
    """Write files and licences; return the manifest's entries."""
    entries = []
    for name, (package, path) in FILES.items():
        about = json.loads((modules / package / "package.json").read_text("utf-8"))
        content = SOURCE_MAP.sub(b"\n", (modules / package / path).read_bytes())
        (VENDOR / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        entries.append(
            {
                "file": name,
                "name": package,
                "version": about["version"],
                "licence": about["license"],
                "source": path,
                "sha256": digest,
            }
        )
    for package, names in LICENCES.items():
        for name in names:
            shutil.copyfile(modules / package / name, VENDOR / "licences" / f"{package}.{Path(name).stem}.txt")
    return entries


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "licences").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        entries = copy(install(Path(folder)))
    (VENDOR / "manifest.json").write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
