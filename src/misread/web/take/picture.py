"""A picture of a page as a file of its own: with its title, its source, its colours and letters inside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape, unescape
from textwrap import wrap

from misread.report.drawn.charts import register_fonts

Static = Mapping[str, tuple[bytes, str]]
"""Name → content and type of all that pages load."""

WIDTH, MARGIN = 720.0, 24.0
"""How wide it is at least, and what is left around it."""
TITLE, SOURCE = (17.0, 23.0), (12.0, 16.0)
"""Size and line height of both texts."""
LETTER = 0.52
"""Width of a letter by its size, on average and rather too wide."""
FAMILY = "Misread Text, Atkinson Hyperlegible Next, system-ui, sans-serif"
SCALE = 2.0
"""Points of a PNG for each unit."""

OPENING = re.compile(r"<svg\b([^>]*)>", re.DOTALL)
VARIABLE = re.compile(r"var\((--[\w-]+)\)")
ROOT = re.compile(r":root\{(.*?)\}", re.DOTALL)
AT_RULE = re.compile(r"@(?:media|page|supports|container)[^{]*\{(?:[^{}]|\{[^{}]*\})*\}|@font-face\{[^}]*\}", re.DOTALL)
HATCH = re.compile(r'<pattern id="hatch".*?</pattern>', re.DOTALL)


def drawn_alone(svg: str, page: str, title: str, source: str, static: Static) -> str:
    """An SVG file of one picture, in the colours of the light page.

    Parameters
    ----------
    svg : str
        The element ``svg``; its attribute ``viewBox`` says how large it is.
    page : str
        The page it stands on, for the styles it names and the patterns it uses.
    title, source : str
        What stands above and below it.
    static : mapping
        All that pages load.

    Raises
    ------
    ValueError
        If it has no ``viewBox``.
    """
    opening = OPENING.match(svg)
    box = re.search(r'viewBox="([^"]+)"', opening[1] if opening else "")
    if opening is None or box is None:
        raise ValueError("a picture needs a viewBox to stand alone")
    _, _, width, height = (float(number) for number in box[1].split())
    whole = max(WIDTH, width + 2 * MARGIN)
    above = wrap(title, int((whole - 2 * MARGIN) / (LETTER * TITLE[0])))
    below = wrap(source, int((whole - 2 * MARGIN) / (LETTER * SOURCE[0])))
    top = MARGIN + TITLE[1] * len(above) + 8
    bottom = top + height + 18
    tall = bottom + SOURCE[1] * len(below) + MARGIN - 8
    styles, colours = _styles(page, static)
    kept = re.sub(r'\s(?:id|width|height|x|y|style)="[^"]*"', "", opening[1])
    inner = f'<svg x="{MARGIN:g}" y="{top:g}" width="{width:g}" height="{height:g}"{kept}>{svg[opening.end() :]}'
    pattern = HATCH.search(page)
    text = [*_lines(above, MARGIN + TITLE[0], TITLE, 700, colours["--ink"]),
            *_lines(below, bottom + SOURCE[0], SOURCE, 400, colours["--soft"])]  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{whole:g}" '
        f'height="{tall:g}" viewBox="0 0 {whole:g} {tall:g}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(source)}</desc>"
        f"<style>{_letters(static)}{styles}</style><defs>{pattern[0] if pattern else ''}</defs>"
        f'<rect width="{whole:g}" height="{tall:g}" fill="{colours["--paper"]}"/>{"".join(text)}{inner}</svg>\n'
    )


def painted(svg: str) -> bytes:
    """The same picture as PNG.

    Parameters
    ----------
    svg : str
        As `drawn_alone` makes it.
    """
    import vl_convert

    register_fonts()
    # The painter knows one family by name, and takes letters from files only.
    plain = re.sub(r"@font-face\{[^}]*\}", "", svg)
    return bytes(vl_convert.svg_to_png(plain, scale=SCALE))


def _lines(lines: list[str], y: float, size: tuple[float, float], weight: int, colour: str) -> list[str]:
    style = f'font-family="{FAMILY}" font-size="{size[0]:g}" font-weight="{weight}" fill="{colour}"'
    return [
        f'<text x="{MARGIN:g}" y="{y + i * size[1]:g}" {style}>{escape(line)}</text>' for i, line in enumerate(lines)
    ]


def _styles(page: str, static: Static) -> tuple[str, dict[str, str]]:
    """The rules of a page's own styles, every colour by its value: few programs but browsers know names for them."""
    named = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)">', page)
    written = "\n".join(static[name][0].decode() for name in named if name in static)
    plain = AT_RULE.sub("", re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL))
    values: dict[str, str] = {}
    for block in ROOT.findall(plain):
        values |= {k.strip(): v.strip() for k, _, v in (one.partition(":") for one in block.split(";")) if "--" in k}
    values["--text"] = values["--serif"] = FAMILY
    plain = ROOT.sub("", plain)
    rules = [
        rule for rule in re.findall(r"[^{}]+\{[^{}]*\}", plain) if "fill" in rule or "stroke" in rule or "font" in rule
    ]
    filled = VARIABLE.sub(lambda name: values.get(name[1], "currentColor"), "".join(rules))
    return unescape(filled), values


def _letters(static: Static) -> str:
    made = ""
    for weight in (400, 700):
        content = b64encode(static[f"text-{weight}.woff2"][0]).decode()
        made += (
            f'@font-face{{font-family:"Misread Text";font-weight:{weight};'
            f'src:url("data:font/woff2;base64,{content}") format("woff2")}}'
        )
    return made
