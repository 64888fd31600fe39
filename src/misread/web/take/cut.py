"""One element of a page, cut out as it is written there."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class _Finder(HTMLParser):
    def __init__(self, id: str) -> None:
        super().__init__(convert_charrefs=False)
        self._id, self._tag, self._depth, self._begin = id, "", 0, (0, 0)
        self.found: tuple[tuple[int, int], tuple[int, int]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.found is None and not self._depth and dict(attrs).get("id") == self._id:
            self._tag, self._depth, self._begin = tag, 1, self.getpos()
        elif self._depth and tag == self._tag:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What closes itself holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag == self._tag:
            self._depth -= 1
            if not self._depth:
                self.found = (self._begin, self.getpos())


def element(page: str, id: str) -> str | None:
    """The element of a page that has an id, with all it holds; None where there is none.

    Parameters
    ----------
    page : str
        HTML.
    id : str
        Its attribute ``id``.
    """
    finder = _Finder(id)
    finder.feed(page)
    if finder.found is None:
        return None
    begins = [0]
    for line in page.split("\n"):
        begins.append(begins[-1] + len(line) + 1)
    begin, end = (begins[line - 1] + column for line, column in finder.found)
    return page[begin : page.index(">", end) + 1]
