"""A view as one file: styles, letters and scripts inside, nothing fetched, to be read anywhere and at any time.

What needs the server goes: forms, the buttons that ask it, the way to other pages. Everything that is shown stays, and
what plays, steps or slides does so still.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

from misread.web.take.cut import VOID

Static = Mapping[str, tuple[bytes, str]]
"""Name → content and type of all that pages load."""

LETTERS = re.compile(r'url\("/static/([^"]+)"\)')
SCRIPTS = re.compile(r'<script [^>]*src="/static/([\w-]+\.js)"')
IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*)(['"])(?:\./|/static/)([\w-]+\.js)\2""")
NOTHING_FETCHED = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' data:; font-src data:; img-src data:"
)
"""What a kept file may load, said to the browser that opens it: what it holds itself."""


def kept(page: str, static: Static, source: str = "") -> str:
    """A page as one file.

    Parameters
    ----------
    page : str
        As it is shown. Of what asks the server, only what is marked ``data-stays`` is left: it does without.
    static : mapping
        All that pages load.
    source : str
        Where it comes from; stands at its end.
    """
    names = {"page.js", *SCRIPTS.findall(page)}
    keeper = _Keeper(static, source, {name: static[name][0].decode() for name in names})
    keeper.feed(page)
    keeper.close()
    return "".join(keeper.out)


class _Keeper(HTMLParser):
    """Writes what it reads, but for what goes and what comes in its place."""

    def __init__(self, static: Static, source: str, scripts: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._static, self._source, self._scripts = static, source, scripts
        self._gone = ""
        self._depth = 0
        self._links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, written = dict(attrs), self.get_starttag_text() or ""
        if self._gone:
            self._depth += tag == self._gone
        elif _goes(tag, given):
            if tag not in VOID:
                self._gone, self._depth = tag, 1
        elif tag == "html":
            self.out.append(written[:-1] + " data-kept>")
        elif tag == "head":
            policy = f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FETCHED}">'
            self.out.append(f"{written}\n{policy}\n{self._modules()}")
        elif tag == "link":
            self.out.append(f"<style>\n{self._style(str(given['href']))}</style>")
        elif tag == "script":
            self.out.append(f"<script type=\"module\">import '{_named(str(given['src']))}'")
        elif tag == "a":
            self._links.append(str(given.get("href", "")).startswith("/"))
            self.out.append("<span>" if self._links[-1] else written)
        else:
            self.out.append(written)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if not self._gone:
            self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._gone:
            self._depth -= tag == self._gone
            self._gone = self._gone if self._depth else ""
        elif tag == "a" and self._links:
            self.out.append("</span>" if self._links.pop() else "</a>")
        elif tag == "footer" and self._source:
            self.out.append(f"<p>{escape(self._source)}</p>\n</footer>")
        else:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")

    def _write(self, text: str) -> None:
        if not self._gone:
            self.out.append(text)

    def _style(self, address: str) -> str:
        def inside(found: re.Match[str]) -> str:
            return f'url("{_data(*self._static[found[1]])}")'

        return LETTERS.sub(inside, self._static[address.rpartition("/")[2]][0].decode())

    def _modules(self) -> str:
        """Every script under a name of its own, so that one can import another without a server."""
        alone = {
            _named(name): _data(IMPORT.sub(lambda found: f"{found[1]}'{_named(found[3])}'", text).encode(), TYPE)
            for name, text in self._scripts.items()
        }
        return f'<script type="importmap">{json.dumps({"imports": alone})}</script>\n'


TYPE = "text/javascript"


def _goes(tag: str, given: Mapping[str, str | None]) -> bool:
    if "data-not-kept" in given:
        return True
    if tag == "link":
        return given.get("rel") != "stylesheet"
    if tag == "nav":
        return "data-pages" in given
    return tag in ("form", "button") and "data-stays" not in given


def _named(address: str) -> str:
    return f"misread/{address.rpartition('/')[2]}"


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"
