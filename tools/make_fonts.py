"""Remake the font subsets that the report carries.

    npm pack @fontsource/source-serif-4@5.3.1 @fontsource/atkinson-hyperlegible-next@5.3.0 \\
        @fontsource/atkinson-hyperlegible-mono@5.3.0
    python tools/make_fonts.py *.tgz

Both families are under the SIL Open Font License, which lets a changed font be passed on under another
name only where the name is reserved ("Source" is). The subsets are therefore called Misread Serif, Misread
Text and Misread Mono inside; the licences lie beside them.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "src" / "misread" / "report" / "assets" / "fonts"

BASIC = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    0x152,
    0x153,
    *map(ord, "‐–—‘’‚“”„…·−×½¼¾′″€"),
    0x202F,
    0x2009,
]
EXTENDED = [*range(0x100, 0x180), *range(0x218, 0x21C), 0x1E9E, *map(ord, "†‡")]

CUTS = {
    "serif-600": ("source-serif-4", 600, "Misread Serif", "SemiBold"),
    "text-400": ("atkinson-hyperlegible-next", 400, "Misread Text", "Regular"),
    "text-700": ("atkinson-hyperlegible-next", 700, "Misread Text", "Bold"),
    "mono-400": ("atkinson-hyperlegible-mono", 400, "Misread Mono", "Regular"),
}
"""Our file's name → package, weight, family and style."""

CHARTS = ("text-400", "text-700")
"""Cuts also written as TTF: charts are laid out with them, and the printer embeds them."""

PDF = FONTS.parents[1] / "pdf" / "fonts"
"""Where all cuts lie as TTF, for the report as PDF. A folder of its own: charts must not find them."""


def subset(data: bytes, codepoints: list[int], family: str, style: str) -> TTFont:
    """The font cut down to some characters, and named as ours."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = Options(layout_features=["*"], name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], notdef_outline=True)
    options.hinting = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=codepoints)
    cutter.subset(font)
    postscript = f"{family.replace(' ', '')}-{style}"
    plain = style in ("Regular", "Bold")
    names = {1: family if plain else f"{family} {style}", 2: style if plain else "Regular", 3: postscript}
    for key, value in {**names, 4: f"{family} {style}", 6: postscript}.items():
        font["name"].setName(value, key, 3, 1, 0x409)
    return font


def save(font: TTFont, path: Path, flavor: str | None) -> None:
    """Write the font, compressed for the web or plain."""
    font.flavor = flavor
    font.save(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main(archives: list[Path]) -> None:
    """Read the packages and write every cut, with the licences beside them."""
    files: dict[str, bytes] = {}
    for archive in archives:
        with tarfile.open(archive) as tar:
            for member in tar:
                source = tar.extractfile(member)
                package = archive.name.removeprefix("fontsource-").rsplit("-", 1)[0]
                if source and member.name.endswith(("-normal.woff2", "/LICENSE")):
                    files[f"{package}/{member.name.rsplit('/', 1)[-1]}"] = source.read()
    for name, (package, weight, family, style) in CUTS.items():
        for script, codepoints in (("latin", BASIC), ("latin-ext", EXTENDED)):
            data = files[f"{package}/{package}-{script}-{weight}-normal.woff2"]
            suffix = "" if script == "latin" else "-ext"
            save(subset(data, codepoints, family, style), FONTS / f"{name}{suffix}.woff2", "woff2")
            if name in CHARTS and script == "latin":
                save(subset(data, codepoints, family, style), FONTS / f"{name}.ttf", None)
            # Typst takes one font for a family and weight: further letters are a family of their own.
            own = family if script == "latin" else f"{family} Ext"
            save(subset(data, codepoints, own, style), PDF / f"{name}{suffix}.ttf", None)
        copyright_line = str(TTFont(io.BytesIO(data))["name"].getDebugName(0))
        licence = files[f"{package}/LICENSE"].decode()
        for folder in (FONTS, PDF):
            (folder / f"OFL-{package}.txt").write_text(f"{copyright_line}\n\n{licence}", encoding="utf-8")


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]])
