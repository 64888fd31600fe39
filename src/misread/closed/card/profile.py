"""A card as a classifier profile of the lowest grade, to be pasted into a deployment file."""

from __future__ import annotations

from collections.abc import Mapping

from misread.closed.card.model import Card
from misread.errors import MisreadError, Problem

GRADE = "rendered faces, lowest"
GATED = ("neutral", "happy", "surprise")
INVALID = "angry, closed mouth"
FROWN = "angry, open mouth"
"""The pose that stands for a lowered brow and for anger, as the shipped deployments read a frown as anger."""


def section(card: Card, reader: str) -> str:
    """A TOML section: P(label | pose), "none" where the detector found no face.

    Parameters
    ----------
    card : Card
    reader : str
        One of the card's.

    Raises
    ------
    MisreadError
        If the card has no such reader.
    """
    if reader not in card.profile:
        raise MisreadError(
            Problem(
                f"The card has no reader called {reader!r}.",
                f"one of {', '.join(card.profile)}.",
                "name one of them.",
                file="misread closed card",
                key="--profile",
            )
        )
    rows = card.profile[reader]
    lines = [
        f"# Grade of evidence: {GRADE}. {card.says}",
        "# Never in the place of a published figure about people. A pose is no feeling; no vendor's product is here.",
        f"# {card.heads.count} heads of nobody; “none”: the kindest setting of the detector found no face.",
        "# Needs these labels: neutral, happy, sad, angry, fear, disgust, surprise, none.",
        f'[classifier.confusion."rendered faces: {reader}"]',
        f"faces_per_row = {card.heads.count}  # heads: pictures of one head are not independent",
    ]
    lines += [_line(pose, row, _remark(pose)) for pose, row in rows.items()]
    lines += [
        _line(name, rows[FROWN], f"assumption: read like the posed anger, {FROWN}") for name in ("angry", "frown")
    ]
    return "\n".join(lines) + "\n"


def _remark(pose: str) -> str:
    if pose in GATED:
        return "over all conditions of the card but its controls"
    if pose == "away":
        return "a neutral face seen from 40 degrees to the side: no reader here has a word for looking away"
    if pose == INVALID:
        return "base condition; an invalid stimulus: its lip corners are lifted"
    return "base condition; the pose is not validated: no recall may be read off it"


def _line(pose: str, row: Mapping[str, int], remark: str) -> str:
    cells = ", ".join(f"{label} = {share:.4f}" for label, share in _shares(row).items())
    name = pose if pose.isalpha() else f'"{pose}"'
    return f"{name} = {{ {cells} }}  # {sum(row.values())} pictures, {remark}"


def _shares(row: Mapping[str, int]) -> dict[str, float]:
    """Shares to four places that add to 1: the largest takes what rounding leaves."""
    total = sum(row.values())
    shares = {label: round(count / total, 4) for label, count in row.items()}
    largest = max(shares, key=lambda label: shares[label])
    shares[largest] = round(shares[largest] + 1 - sum(shares.values()), 4)
    return shares
