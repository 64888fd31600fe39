"""A card as a classifier profile of the lowest grade, to be pasted into a deployment file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from misread.closed.card.grid import ASIDE
from misread.closed.card.model import Card
from misread.closed.heads import GATED
from misread.errors import MisreadError, Problem

GRADE = "rendered faces, lowest"
BESIDE = "rendered heads of nobody, lowest grade"
"""Stands beside every row: reports show what is written beside a number as its source."""
INVALID = "angry, closed mouth"
FROWN = "angry, open mouth"
"""The pose that stands for a lowered brow and for anger, as the shipped deployments read a frown as anger."""


def section(card: Card, reader: str) -> str:
    """A TOML section: P(label | pose) in the base condition, below comments that say what to do with it.

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
    name = f'"rendered faces: {reader}"'
    lines = [
        *(f"# {line}".rstrip() for line in _told(card, name, tuple(rows["neutral"]))),
        f"[classifier.confusion.{name}]",
        f"faces_per_row = {card.heads.count}  # {BESIDE}: as many heads",
        *(_line(pose, row, _remark(pose)) for pose, row in rows.items()),
        *(_line(own, rows[FROWN], f"assumption: read like “{FROWN}”") for own in ("angry", "frown")),
    ]
    return "\n".join(lines) + "\n"


def _told(card: Card, name: str, labels: tuple[str, ...]) -> Iterator[str]:
    """What somebody needs who has never written a deployment file."""
    yield f"Grade of evidence: {GRADE}. {card.says}"
    yield "Never in the place of a published figure about people. A pose is no feeling; no vendor's product is here."
    if "none" in labels:
        yield "“none”: the kindest setting of the detector that this reader's package uses found no face."
    yield ""
    yield "To use it:"
    yield "1. Paste all of this at the end of your deployment file."
    yield f"2. In each [[population.groups]] that it is for, write: profile = {name}"
    yield f"3. See that `labels` under [classifier] names all of these: {', '.join(labels)}."
    yield f"4. Any other label of yours (such as {_others(labels)}) is never written by it. Take out the rules that"
    yield "   count such labels alone, or give the label a share in rows below. Each row adds to 1."
    yield "5. A face that your [display] shows and that has no row here needs one: add it below."
    yield "6. Run `misread check` on the file. It names what is missing, and labels that are never written."
    yield ""


def _others(labels: tuple[str, ...]) -> str:
    return " or ".join(f"“{word}”" for word in ("away", "none") if word not in labels)


def _remark(pose: str) -> str:
    if pose in GATED:
        return "base condition"
    if pose == "away":
        return f"a neutral face seen from {ASIDE:g} degrees to the side: in the card, no reader has a word for it"
    if pose == INVALID:
        return "base condition; an invalid stimulus: its lip corners are lifted"
    return "base condition; the pose is not validated: no recall may be read off it"


def _line(pose: str, row: Mapping[str, int], remark: str) -> str:
    cells = ", ".join(f"{label} = {share:.4f}" for label, share in _shares(row).items())
    name = pose if pose.isalpha() else f'"{pose}"'
    return f"{name} = {{ {cells} }}  # {BESIDE}: {sum(row.values())} pictures, {remark}"


def _shares(row: Mapping[str, int]) -> dict[str, float]:
    """Shares to four places that add to 1: the largest takes what rounding leaves."""
    total = sum(row.values())
    shares = {label: round(count / total, 4) for label, count in row.items()}
    largest = max(shares, key=lambda label: shares[label])
    shares[largest] = round(shares[largest] + 1 - sum(shares.values()), 4)
    return shares
