"""Makes the two TrueType files of this folder: `python -m guides.relative.fonts` (needs brotli, which nothing else here does)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_HERE = Path(__file__).parent
_WEB = _HERE.parents[1] / "web" / "static" / "fonts"
_LAYOUT = ("GSUB", "GPOS", "GDEF", "gasp")  # the sheet needs no kerning, and two subsets' tables do not join


def main() -> None:
    """Joins the Latin and the Vietnamese subset of each weight."""
    for weight in (400, 600):
        with tempfile.TemporaryDirectory() as folder:
            parts = [_plain(script, weight, Path(folder)) for script in ("latin", "vietnamese")]
            Merger().merge(parts).save(_HERE / f"be-vietnam-pro-{weight}.ttf")


def _plain(script: str, weight: int, folder: Path) -> str:
    font = TTFont(_WEB / f"be-vietnam-pro-{script}-{weight}.woff2")
    font.flavor = None
    for table in _LAYOUT:
        if table in font:
            del font[table]
    path = folder / f"{script}.ttf"
    font.save(path)
    return str(path)


if __name__ == "__main__":
    main()
