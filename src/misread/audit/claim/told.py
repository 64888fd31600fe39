"""A claim and its meaning as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from misread.audit.claim import said
from misread.audit.claim.model import Meaning, Part, Stated
from misread.audit.claim.reading.words import NAMES

FORMAT = "misread-claim/1"


def as_json(meaning: Meaning) -> dict[str, Any]:
    """What ``misread claim --json`` prints: shares as 0 … 1, unrounded; what is not known is null."""
    claim, given = meaning.claim, asdict(meaning.given)
    given["assumed"] = dict(meaning.given.assumed)
    return {
        "format": FORMAT,
        "sentence": claim.sentence,
        "understood": not claim.unclear,
        "stated": [_stated(one) for one in claim.stated],
        "unclear": [
            {
                "kind": one.kind,
                "words": one.words,
                "question": said.asked(one),
                "choices": [
                    {
                        "id": c.id,
                        "means": said.name(c.id) if c.id in NAMES else said.all_of_them(),
                        "say": c.sentence or None,
                    }
                    for c in one.choices
                ],
            }
            for one in claim.unclear
        ],
        "says": [{"aspect": aspect, "words": words} for aspect, words in claim.says],
        "unused": list(claim.unused),
        "every_seconds": claim.every_seconds,
        "given": given,
        "meaning": [_part(part) for part in meaning.parts],
        "short": list(meaning.short),
        "not_said": [asdict(one) for one in meaning.open],
        "notes": [*meaning.about_rows, *meaning.notes],
    }


def _stated(stated: Stated) -> dict[str, Any]:
    numbered = stated.value is not None or (stated.low < stated.high and bool(stated.hedge))
    return {
        "quantity": stated.quantity,
        "means": said.name(stated.quantity),
        "value": stated.value,
        "low": stated.low if numbered else None,
        "high": stated.high if numbered else None,
        "hedge": stated.hedge or None,
        "words": stated.words,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "of": [one.quantity for one in part.stated],
        "sentences": list(part.sentences),
        "rows": [asdict(row) for row in part.rows],
        "at_best": [asdict(row) for row in part.best],
        "interval": part.interval,
        "days_with_a_wrong_reading": part.any_wrong
        and dict(zip(("low", "independent", "high"), part.any_wrong, strict=True)),
    }
