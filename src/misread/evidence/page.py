"""The page of the documentation that lists the whole catalogue: ``python -m misread.evidence.page``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping

from misread.evidence.entries.load import catalogue
from misread.evidence.entries.model import MEANING, STATUSES, Entry, Figure, Matrix, Quantity
from misread.evidence.find import topics
from misread.evidence.recount import accuracy
from misread.language import mark

TITLES = {
    "classifiers": mark("Programs: whole matrices"),
    "human-judges": mark("People: whole matrices"),
    "recognition": mark("How often a face gets the right label"),
    "display": mark("From state to face, and how common states are"),
    "gaze": mark("Gaze and attention"),
    "micro-expressions": mark("Micro-expressions"),
    "groups": mark("For whom"),
    "claims": mark("Claims, bans and deployments"),
    "consequences": mark("Being watched, screened, labelled"),
    "persistence": mark("The same person again and again"),
    "rendered-heads": mark("What programs made of rendered heads"),
}
_HEAD = """\
# The evidence

<!-- Written by `python -m misread.evidence.page > docs/evidence.md` from the catalogue: change that, not this page. -->

Every published figure that misread can use, and what this project measured on rendered heads: {entries} entries,
{matrices} of them whole confusion matrices. `misread evidence M14` shows all about one: where in the source it stands,
the copy it was seen in, and notes on errors in the source. `misread evidence --bibtex` prints the sources for a
bibliography, `misread evidence pool` what several studies say together ([how](pooling.md)). Figures of your own can be
used too: see [how an entry is written](evidence-format.md).

| status | meaning | entries |
|---|---|---|
{statuses}

An entry is as sure as its least sure figure; a figure that is surer says so in brackets. What stands in quotation marks
is word for word. For a claim, "verified" means that it is made, not that it is true.
"""


def page(entries: Mapping[str, Entry] | None = None) -> str:
    """The page, in Markdown.

    Parameters
    ----------
    entries : mapping of str to Entry, optional
        Evidence id → entry; the catalogue if left out.
    """
    known = catalogue() if entries is None else entries
    counts = {s: sum(e.status == s for e in known.values()) for s in STATUSES}
    statuses = "\n".join(f"| {s} | {MEANING[s]} | {counts[s]} |" for s in STATUSES)
    matrices = sum(isinstance(e, Matrix) for e in known.values())
    head = _HEAD.format(entries=len(known), matrices=matrices, statuses=statuses)
    return "\n".join([head, *(line for topic in topics(known) for line in _section(topic, known))])


def _section(topic: str, known: Mapping[str, Entry]) -> Iterator[str]:
    yield f"## {TITLES.get(topic, topic)}\n"
    yield f"`misread evidence --topic {topic}`\n"
    yield "| id | what | value | n | who and what was looked at | source | status |"
    yield "|---|---|---|---|---|---|---|"
    for entry in known.values():
        if entry.topic == topic:
            who = "; ".join(filter(None, (entry.population, entry.stimuli)))
            cells = (entry.id, entry.quantity, *value_of(entry), who, _source(entry), entry.status)
            yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def value_of(entry: Entry) -> tuple[str, str]:
    """What was found, and the n behind it."""
    if isinstance(entry, Matrix):
        n = sum(entry.row_n.values())
        shape = f"{len(entry.rows)} × {len(entry.columns)} matrix, {100 * accuracy(entry):.1f} % right"
        return shape, f"{n:,} {entry.counted}"
    assert isinstance(entry, Quantity)
    figures = entry.figures
    together = len({_n(f) for f in figures}) == 1
    return "; ".join(_figure(f, entry, together) for f in figures), _n(figures[0]) if together else ""


def _figure(figure: Figure, entry: Entry, together: bool) -> str:
    # A unit that the words before it name already is not said again.
    named = re.search(rf"\b{re.escape(figure.unit)}\b", f"{figure.name} {entry.quantity}") and figure.unit != "%"
    unit = "" if named or figure.unit == "1" else f" {figure.unit}"
    value = f"{figure.value:,}" if isinstance(figure.value, int) else str(figure.value)
    ends = [str(x) for x in (figure.low, figure.high) if x is not None]
    more = [f"{' – '.join(ends)}"] if ends else []
    more += [f"n {_n(figure)}"] if not together and figure.n is not None else []
    more += [figure.status] if figure.status and figure.status != entry.status else []
    said = f"{value}{unit}".rstrip() + (f" ({'; '.join(more)})" if more else "")
    return f"{figure.name}: {said}" if figure.name else said


def _n(figure: Figure) -> str:
    return "" if figure.n is None else f"{figure.n:,} {figure.n_of}".rstrip()


def _source(entry: Entry) -> str:
    if entry.no_source:
        return f"none: {entry.no_source}"
    recalled = f" ({', '.join(w.upper() if w == 'doi' else w for w in entry.from_memory)} from memory)"
    link = f", [doi:{entry.doi}](https://doi.org/{entry.doi})" if entry.doi else ""
    return entry.short + link + (recalled if entry.from_memory else "")


def _cell(text: str) -> str:
    # What Markdown would read as marks; links are our own.
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
