"""What pages load: styles, scripts, letters, pictures. Read once, so that no name in a request meets a file system."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

TYPES = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2", "svg": "image/svg+xml"}


def _within(folder: Traversable) -> Iterator[Traversable]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _within(one)
        else:
            yield one


STATIC = {
    file.name: (file.read_bytes(), kind)
    for folder in (files("misread.web") / "static", files("misread.report") / "assets" / "fonts")
    for file in _within(folder)
    if (kind := TYPES.get(file.name.rpartition(".")[2])) is not None
}
"""Name → content and type of all of them."""

SHEETS = ("style.css", "audit/audit.css")
"""Style sheets of the report of an audit."""
_report = (files("misread.report") / "assets" / "templates").joinpath
_sheets = "".join(_report(name).read_text(encoding="utf-8") for name in SHEETS)
# How strong a cell of its heat map is painted: no element has a style of its own here.
_strengths = "".join(f".w{n}{{--w:{n}%}}" for n in range(101))
# Within one element the report of an audit looks on a page here as it does by itself.
STATIC["report.css"] = f".report{{\n{_sheets}{_strengths}\n}}\n".encode(), TYPES["css"]
