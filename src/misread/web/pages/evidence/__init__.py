"""The evidence: every published figure, to be searched, with its source, how sure it is, and where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from misread.errors import MisreadError, Problem
from misread.evidence import MEANING, STATUSES, Entry, Matrix, catalogue, find, topics
from misread.evidence.page import TITLES, value_of
from misread.evidence.pooling.studies import QUANTITIES
from misread.evidence.recount import recall
from misread.language import gettext as _
from misread.web.pages.evidence.drawing import drawn
from misread.web.pages.evidence.pooled import NAMES, forest
from misread.web.pages.evidence.used import Use, used

LONGEST = 100
"""Letters of a search."""
FIRST = 20
"""Entries that are shown unless all are asked for: enough to see what there is, few enough for a phone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, as the page tells it: plain words, since what an entry has worked out cannot be handed on.

    Attributes
    ----------
    id, quantity, status, no_source, short, citation, doi, where, seen, units_note : str
        The entry's own.
    who : str
        Who and what was looked at.
    from_memory, notes : tuple of str
        The entry's own.
    value, n : str
        What was found, and of how many.
    right : tuple of (str, float)
        Of a matrix: how much of each row is right, in 100.
    uses : tuple of Use
        Where it is used.
    """

    id: str
    quantity: str
    status: str
    no_source: str
    short: str
    citation: str
    doi: str
    where: str
    seen: str
    units_note: str
    who: str
    from_memory: tuple[str, ...]
    notes: tuple[str, ...]
    value: str
    n: str
    right: tuple[tuple[str, float], ...]
    uses: tuple[Use, ...]


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        What the form and the links hold: `q`, words that an entry must hold; `topic`; `status`; `pool`, the name of a
        quantity that several studies measured; `show`, ``all`` for every entry that is found.

    Raises
    ------
    MisreadError
        If there is no such topic, status or quantity.
    """
    known = catalogue()
    topic = _one_of("topic", asked.get("topic", ""), topics(known))
    status = _one_of("status", asked.get("status", ""), STATUSES)
    pool = _one_of("pool", asked.get("pool", ""), NAMES)
    words = asked.get("q", "")[:LONGEST]
    found = [e for e in find(known, topic or None, words.split()) if status in ("", e.status)]
    plot = forest(pool) if pool else None
    told: dict[str, Any] = {}
    if asked.get("take") == "forest" and plot is not None:
        told["taken"] = drawn(plot)
    if asked.get("take") == "entries":
        told["taken"] = listed(map(_shown, found))
    shown = found if asked.get("show") == "all" else found[:FIRST]
    by_topic = {t: tuple(_shown(e) for e in shown if e.topic == t) for t in topics(known)}
    narrowing = {"q": words, "topic": topic, "status": status, "pool": pool}
    return told | {
        "q": words, "topic": topic, "status": status, "pool": pool,
        "topics": tuple((t, _(TITLES.get(t, t))) for t in topics(known)),
        "statuses": STATUSES, "meaning": {s: _(said) for s, said in MEANING.items()},
        "all": len(known), "found": len(found),
        "narrowed": bool(words.split() or topic or status),
        "sections": tuple((t, _(TITLES.get(t, t)), entries) for t, entries in by_topic.items() if entries),
        "left": len(found) - len(shown),
        "show_all": f"/evidence?{urlencode({k: v for k, v in narrowing.items() if v} | {'show': 'all'})}",
        "counts": tuple((s, _(MEANING[s]), sum(e.status == s for e in known.values())) for s in STATUSES),
        "pools": tuple((name, quantity.quantity) for name, quantity in QUANTITIES.items()),
        "forest": plot,
    }  # fmt: skip


def listed(entries: Iterable[Shown]) -> str:
    """Entries as one table, to be taken away."""
    heads = (_("entry"), _("what was measured"), _("what was found"), _("of how many"), _("in whom"), _("how sure"),
             _("published in"), "doi", _("where in it"))  # fmt: skip
    rows = (
        (e.id, e.quantity, e.value, e.n, e.who, _(e.status), e.citation or e.no_source, e.doi, e.where) for e in entries
    )
    lines = (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in (heads, *rows))
    return f"<table>{''.join(lines)}</table>"


def _one_of(key: str, text: str, known: tuple[str, ...]) -> str:
    if text and text not in known:
        raise MisreadError(
            Problem(
                _("There is no %(key)s %(text)s.", key=key, text=repr(text[:60])),
                expected=_("one of %(names)s.", names=", ".join(known)),
                mend=_("choose one from the list, or none."),
                key=key,
            )
        )
    return text


def _shown(entry: Entry) -> Shown:
    value, n = value_of(entry)
    right = tuple((row, 100 * share) for row, share in recall(entry).items()) if isinstance(entry, Matrix) else ()
    return Shown(
        id=entry.id,
        quantity=entry.quantity,
        status=entry.status,
        no_source=entry.no_source,
        short=entry.short,
        citation=entry.citation,
        doi=entry.doi,
        where=entry.where,
        seen=entry.seen,
        units_note=entry.units_note,
        who="; ".join(filter(None, (entry.population, entry.stimuli))),
        from_memory=tuple(entry.from_memory),
        notes=tuple(entry.notes),
        value=value,
        n=n,
        right=right,
        uses=used().get(entry.id, ()),
    )
