"""A view as one file: styles and letters inside, nothing fetched, to be read anywhere and for as long as one likes.

What needs the server goes: forms, scripts, the way to other pages. Everything that is shown stays.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

Static = Mapping[str, tuple[bytes, str]]
"""Name → content and type of all that pages load."""

STYLES = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
LETTERS = re.compile(r'url\("/static/([^"]+)"\)')
GONE = re.compile(
    r"<script\b.*?</script>|<form\b.*?</form>|<nav\b.*?</nav>|<button\b.*?</button>|<link rel=\"icon\"[^>]*>"
    r"|<[^>]* data-not-kept[^>]*>.*?</p>",
    re.DOTALL,
)
WAY = re.compile(r'<a\b[^>]* href="/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def kept(page: str, static: Static) -> str:
    """A page as one file.

    Parameters
    ----------
    page : str
        As it is shown.
    static : mapping
        All that pages load.
    """
    page = GONE.sub("", page)
    page = STYLES.sub(lambda found: f"<style>\n{_with_letters(static[found[1]][0].decode(), static)}</style>", page)
    return WAY.sub(r"<span>\1</span>", page)


def _with_letters(styles: str, static: Static) -> str:
    def inside(found: re.Match[str]) -> str:
        content, kind = static[found[1]]
        return f'url("data:{kind};base64,{b64encode(content).decode()}")'

    return LETTERS.sub(inside, styles)
