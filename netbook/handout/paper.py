"""Chapters as a PDF, by Typst: PDF/UA-1, for screen readers too, and the same bytes each time."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib import util
from pathlib import Path
from typing import Any, Literal

from netbook.errors import SetupError
from netbook.handout import rowheads

TEMPLATE = Path(__file__).parent / "template" / "book.typ"
STANDARD: Literal["ua-1"] = "ua-1"
_CHINESE = (
    "/usr/share/fonts/opentype/noto",  # Debian's fonts-noto-cjk
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts",
    "/usr/share/fonts/noto-cjk",
    "/Library/Fonts",
)
_SIGNS = ("CJK ", "HIRAGANA", "KATAKANA", "HANGUL")
_NO_GLYPH = (
    b"LastResort"  # in the same folder as DejaVu Sans: the font that is taken when no other has a sign
)
_FAMILY = re.compile(r'(?<= )font-family="[^"]*"')  # pictures are drawn for any sans-serif; the page has this


def pdf(data: dict[str, Any]) -> bytes:
    """The PDF of a book.

    Errors: SetupError if a font or a sign in all of them lacks, or if Typst finds the page not accessible.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(p) for p in fonts_for(data)]
    )
    more = {"more-fonts": [name for name in fonts.families() if "CJK SC" in name]}
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, sys_inputs={"book": json.dumps(more | _drawn(data))}
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=[STANDARD])
    except typst.TypstError as refusal:
        said = "; ".join([refusal.message, *refusal.hints])
        raise SetupError(
            f"Typst could not set {data['title']!r}: {said}",
            remedy="report this: the book is at fault",
        ) from refusal
    if warnings:
        raise SetupError(f"Typst set {data['title']!r} with a warning: {warnings[0].message}")
    assert isinstance(made, bytes)
    if _NO_GLYPH in made:
        raise SetupError(
            f"No font that is here has all signs of {data['title']!r}: some would be boxes.",
            remedy="write what is neither Latin nor Chinese in the notebook another way",
        )
    return rowheads.marked(made)


def _drawn(value: Any) -> Any:
    """The data with its pictures as Typst likes them: set in the page's font, with a height."""
    if isinstance(value, list):
        return [_drawn(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "svg" not in value:
        return {name: _drawn(one) for name, one in value.items()}
    svg = _FAMILY.sub('font-family="Source Sans Pro, DejaVu Sans"', value["svg"])
    box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg)
    width = value.get("width", 0.0)
    height = width * float(box[2]) / float(box[1]) if box else 0.0
    return {"b": "figure", "svg": svg, "alt": value["alt"], "width": width, "height": height}


def fonts_for(data: dict[str, Any]) -> list[Path]:
    """Folders with the fonts that the page needs beside those that Typst has.

    Source Sans Pro and DejaVu Sans come in Python packages. Errors: SetupError if there is Chinese text, and
    no font for it.
    """
    found = [
        _package("font_source_sans_pro") / "files",
        _package("matplotlib") / "mpl-data" / "fonts" / "ttf",
    ]
    if sign := chinese(json.dumps(data, ensure_ascii=False)):
        folders = [Path(folder) for folder in _CHINESE if any(Path(folder).glob("*CJK*"))]
        if not folders:
            raise SetupError(
                f"The text has Chinese signs ({sign}), and no font for them is installed here.",
                remedy="install Noto Sans CJK; on Debian and Ubuntu: apt-get install fonts-noto-cjk",
            )
        found += folders
    return found


def chinese(text: str) -> str:
    """The first Chinese, Japanese or Korean sign; "" if there is none.

    >>> chinese("a bridge, 桥"), chinese("→ ✓ “so”")
    ('桥', '')
    """
    for sign in sorted(set(text)):
        if ord(sign) > 0x2E7F and unicodedata.name(sign, "").startswith(_SIGNS):
            return sign
    return ""


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = util.find_spec(name)
    assert spec is not None  # setup has seen to it
    assert spec.origin is not None
    return Path(spec.origin).parent
