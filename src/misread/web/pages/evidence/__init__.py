"""The evidence: every published figure, to be searched, with its source, how sure it is, and where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from misread.errors import MisreadError, Problem
from misread.evidence import MEANING, STATUSES, Entry, Matrix, catalogue, find, topics
from misread.evidence.page import TITLES, value_of
from misread.evidence.recount import recall
from misread.web.pages.evidence.pooled import NAMES, forest
from misread.web.pages.evidence.used import Use, used

LONGEST = 100
"""Letters of a search."""


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
        quantity that several studies measured.

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
    by_topic = {t: tuple(_shown(e) for e in found if e.topic == t) for t in topics(known)}
    return {
        "q": words, "topic": topic, "status": status, "pool": pool,
        "topics": tuple((t, TITLES.get(t, t)) for t in topics(known)),
        "statuses": STATUSES, "meaning": dict(MEANING), "all": len(known), "found": len(found),
        "narrowed": bool(words.split() or topic or status),
        "sections": tuple((t, TITLES.get(t, t), entries) for t, entries in by_topic.items() if entries),
        "counts": tuple((s, MEANING[s], sum(e.status == s for e in known.values())) for s in STATUSES),
        "pools": NAMES,
        "forest": forest(pool) if pool else None,
    }  # fmt: skip


def _one_of(key: str, text: str, known: tuple[str, ...]) -> str:
    if text and text not in known:
        raise MisreadError(
            Problem(
                f"There is no {key} {text[:60]!r}.",
                expected=f"one of {', '.join(known)}.",
                mend="choose one from the list, or none.",
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
