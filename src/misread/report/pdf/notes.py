"""What stands beside figures in the PDF: the findings they are, the assumptions under them, who published what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from misread.findings.table import Finding
from misread.report.pdf.blocks import Block, Run, para
from misread.report.words.sources import Evidence, Ground
from misread.study.compare import Difference

Told = Mapping[str, Any]
"""What `misread.report.page.html.told` gives."""


def origin(told: Told, ids: Iterable[str]) -> list[Run]:
    """Where figures come from: the ids of findings, each leading to what it means."""
    known = {id for _, meanings, _ in told["themes"] for id, _ in meanings}
    named = [id for id in ids if id in known]
    linked: list[Run] = []
    for i, id in enumerate(named):
        linked += [[", " if i else "from ", "soft"], [id, f"to:finding-{id}"]]
    return [["", "break"], *linked] if linked else []


def assumed(told: Told, ids: Iterable[str]) -> Iterator[Block]:
    """Which assumptions findings rest on."""
    parts: Sequence[Ground] = told["carried"](list(ids))
    if parts:
        about = "; ".join(p.title[:1].lower() + p.title[1:] for p in parts)
        yield para("Rests on ", ["assumptions", "strong"], f" about {about}.", style="note")


def cites(evidence: Iterable[Evidence], between: str = " · ") -> list[Run]:
    """Published figures, each leading to its source, with how sure it is; a mark before each."""
    found: list[Run] = []
    for e in evidence:
        found += [[between, ""], [e.id, f"to:evidence-{e.id}"], [f" ({e.word})", ""]]
    return found


def reading(rows: Iterable[tuple[str, Finding | Difference]]) -> str:
    """How a picture is read, with what its pale bars are, if it has any."""
    bars = any(f.low is not None for _, f in rows)
    return (
        f"The dot is the estimate; {'the pale bar, what the evidence leaves open' if bars else 'there is no interval'}."
    )
