"""What a claim would mean in a school: the false alarms it allows, and what has to be asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from misread.audit.claim import said
from misread.audit.claim.model import Claim, Given, Meaning, Open, Part, Range, Row, Stated, bounded
from misread.errors import MisreadError, Problem
from misread.language import gettext as _

if TYPE_CHECKING:
    from misread.audit.claim.bounds import Bounds

DAY = "as-described"
"""The shipped deployment whose school day stands in where none is given."""

EXAMPLES = (0.01, 0.05, 0.20)
"""Shares of looks that are shown where nobody says how common the state is."""


def meaning(claim: Claim, given: Given | None = None) -> Meaning:
    """What a claim would mean: the range of false alarms it allows, what it leaves open, what to ask.

    Nothing is assumed in silence: where `given` and the sentence do not say how common the state is, three examples are
    shown and marked; where they do not say how often is looked, nothing is counted per day.

    Raises
    ------
    MisreadError
        If what is given is out of range.
    """
    given = given or Given()
    _check(given)
    given = replace(
        given,
        prevalence=claim.prevalence if given.prevalence is None else given.prevalence,
        tested=int(claim.tested) if given.tested is None and claim.tested else given.tested,
    )
    parts = [_part(one, given) for one in claim.stated]
    parts += _together(claim.stated, given)
    said_of = {aspect for aspect, _words in claim.says} | ({"n"} if given.tested else set())
    said_of |= {"prevalence"} if given.prevalence is not None else set()
    if any(one.kind == "language" for one in claim.unclear):
        # What is not read may say all of it.
        said_of = set(said.UNSAID)
    left = tuple(
        Open(a, said.unsaid(a), said.question(a), said.FIELDS.get(a, "")) for a in said.UNSAID if a not in said_of
    )
    return Meaning(
        claim,
        given,
        tuple(parts),
        left,
        tuple(_short(given, parts)),
        tuple(_about_rows(given, parts)),
        tuple(_notes(claim, parts)),
    )


def _short(given: Given, parts: Sequence[Part]) -> Iterator[str]:
    """What matters most: what is allowed where the thing is as common as in the middle one of the rows."""
    tables = [part.rows for part in parts if bounded(part.rows)]
    best = next((part.best for part in parts if bounded(part.best)), ())
    if tables:
        # Two statements together tell more than each.
        row = min((rows[len(rows) // 2] for rows in tables), key=lambda row: row.precision[1] - row.precision[0])
        yield _(
            "It would fit a machine whose alarms are wrong %(wrong)s times of 100, if %(common)s of 100 looks meet what"
            " it looks for.",
            **_alarms(row),
        )
        if row.alike is not None:
            yield _("If it errs as often on each child, %(n)s of 100 alarms are wrong.", n=said.of_100(1 - row.alike))
        if row.class_day is not None:
            low, high = map(said.several, row.class_day)
            yield _(
                "At %(looks)s looks a day, a class of %(children)s gets %(n)s false alarms a day, if each reading"
                " counts as one.",
                looks=said.several(given.looks_per_day or 0.0),
                children=given.children,
                n=said.ends(low, high),
            )
    elif parts:
        yield _("Of false alarms it says nothing: any number of them would fit.")
        if best:
            yield _(
                "If it were always as good as the best that is named, it would fit a machine whose alarms are wrong"
                " %(wrong)s times of 100, if %(common)s of 100 looks meet what it looks for.",
                **_alarms(best[len(best) // 2]),
            )


def _alarms(row: Row) -> dict[str, str]:
    """How many of 100 alarms are wrong, and where the thing is how common."""
    wrong = said.spread(1 - row.precision[1], 1 - row.precision[0])
    return {"wrong": wrong, "common": said.of_100(row.prevalence)}


def _check(given: Given) -> None:
    wrong = []
    if given.prevalence is not None and not 0 < given.prevalence < 1:
        wrong.append(
            Problem(
                f"A prevalence of {given.prevalence:g} leaves nothing to tell apart.",
                "a share between 0 and 1, such as 5% or 0.05.",
                "say what share of looks meets what is looked for.",
                key="--prevalence",
            )
        )
    for key, value in (("looks_per_day", given.looks_per_day), ("children", given.children), ("days", given.days)):
        if value is not None and not 1 <= value <= 1e6:
            wrong.append(_unlikely(key, value))
    if given.tested is not None and not 1 <= given.tested <= 1e12:
        wrong.append(_unlikely("tested", given.tested))
    if wrong:
        raise MisreadError(wrong)


def _unlikely(key: str, value: float) -> Problem:
    return Problem(f"{value:g} is no such number.", "a number from 1 up.", "mend it.", key=f"--{key.replace('_', '-')}")


def _part(stated: Stated, given: Given) -> Part:
    from misread.audit.claim.bounds import COMPUTED, any_wrong, as_plain, bounds

    sentences = said.taken(stated)
    interval = _interval(stated, given.tested)
    if interval is not None:
        sentences.append(_sure(interval, given.tested or 0))
    if stated.quantity not in COMPUTED:
        return Part((stated,), tuple(sentences), interval=interval)
    pi = _prevalences(given)
    plain, low, high = as_plain(stated.quantity, stated.low, stated.high)
    alike = plain == "accuracy"
    rows = _rows(
        bounds(stated.quantity, stated.low, stated.high, pi), pi, given, low if alike and low == high else None
    )
    best: tuple[Row, ...] = ()
    turned = plain != stated.quantity and stated.quantity != "agreement"
    # "Over 90 %" has its best end at 100 %, and "errors below 5 %" at none: nobody spoke of these.
    if low < high and stated.hedge != ("at_most" if turned else "at_least"):
        best = _rows(bounds(plain, high, high, pi), pi, given, high if alike else None)
    wrong = None
    value = stated.value
    if alike and value is not None and given.looks_per_day is not None and stated.quantity != "agreement":
        wrong = any_wrong(1 - as_plain(stated.quantity, value, value)[1], given.looks_per_day)
        sentences.append(_wrong_days(wrong, given.looks_per_day))
    sentences += [_never(row) for row in rows if alike and not row.example]
    return Part((stated,), tuple(sentences), rows, best, interval, wrong)


def _together(stated: Sequence[Stated], given: Given) -> list[Part]:
    """Two statements that mean more together: sensitivity with specificity, or with precision."""
    from misread.audit.claim.bounds import as_plain, both, found_right

    plain: dict[str, list[tuple[Stated, Range]]] = {}
    for one in stated:
        quantity, low, high = as_plain(one.quantity, one.low, one.high)
        plain.setdefault(quantity, []).append((one, (low, high)))
    pi = _prevalences(given)
    # Where one thing has two numbers, nobody knows which go together.
    single = {quantity: found[0] for quantity, found in plain.items() if len(found) == 1}
    parts = []
    if {"recall", "specificity"} <= single.keys():
        (one, recall), (other, kept) = single["recall"], single["specificity"]
        rows = _rows(both(recall, (1 - kept[1], 1 - kept[0]), pi), pi, given, None)
        text = _("Together the two numbers tell how many alarms are right, once it is known how common the thing is.")
        parts.append(Part((one, other), (text,), rows))
    if {"recall", "precision"} <= single.keys():
        (one, recall), (other, right) = single["recall"], single["precision"]
        rows = _rows(found_right(recall, right, pi), pi, given, None)
        text = _(
            "Together the two numbers tell how many false alarms the test had, if the thing was that common in it."
        )
        parts.append(Part((one, other), (text,), rows))
    return parts


def _prevalences(given: Given) -> tuple[float, ...]:
    return EXAMPLES if given.prevalence is None else (given.prevalence,)


def _rows(found: Bounds, prevalences: Sequence[float], given: Given, alike: float | None) -> tuple[Row, ...]:
    rows = []
    for i, pi in enumerate(prevalences):
        false = (float(found.false_positive_rate[0, i]), float(found.false_positive_rate[1, i]))
        child = _times(false, None if given.looks_per_day is None else given.looks_per_day * (1 - pi))
        day = None if child is None else _times(child, given.children)
        rows.append(
            Row(
                pi,
                given.prevalence is None,
                false,
                (float(found.recall[0, i]), float(found.recall[1, i])),
                (float(found.precision[0, i]), float(found.precision[1, i])),
                None if alike is None else alike * pi / (alike * pi + (1 - alike) * (1 - pi)),
                1 - pi,
                child,
                day,
                None if day is None else _times(day, given.days),
            )
        )
    return tuple(rows)


def _times(ends: Range, factor: float | None) -> Range | None:
    return None if factor is None else (ends[0] * factor, ends[1] * factor)


def _interval(stated: Stated, tested: int | None) -> Range | None:
    """Wilson's 95 % interval, for shares of all that was tested; recall and the like are shares of a part of it."""
    from misread.audit.intervals.proportion import wilson

    if tested is None or stated.value is None or stated.hedge not in ("", "about", "average"):
        return None
    if stated.quantity not in ("accuracy", "error_rate", "agreement"):
        return None
    low, high = wilson(stated.value * tested, float(tested))
    return float(low), float(high)


def _sure(interval: Range, tested: int) -> str:
    return _(
        "If %(n)s were tested, each counting for itself, the true number lies between %(low)s and %(high)s of 100"
        " (95 %% interval, Wilson). If the same few people were shown again and again, it may lie further off.",
        n=f"{tested:,}",
        low=said.of_100(interval[0]),
        high=said.of_100(interval[1]),
    )


def _wrong_days(wrong: tuple[float, float, float], looks: float) -> str:
    return _(
        "At %(right)s right readings of 100 and %(looks)s looks a day, a child gets at least one wrong reading on"
        " %(days)s of 100 school days: on %(chance)s if each look errs by itself.",
        right=said.of_100(1 - wrong[0]),
        looks=said.several(looks),
        days=said.spread(wrong[0], wrong[2]),
        chance=said.of_100(wrong[1]),
    )


def _never(row: Row) -> str:
    return _(
        "A machine that never gives an alarm would be right in %(never)s of 100 looks.", never=said.of_100(row.never)
    )


def _about_rows(given: Given, parts: Sequence[Part]) -> Iterator[str]:
    """How rows are to be read, where any are shown."""
    if any(bounded(part.rows) or part.best for part in parts):
        if given.prevalence is None:
            yield _("How common the thing is was not said. The rows are examples: 1, 5 and 20 of 100 looks.")
        yield said.legend()


def _notes(claim: Claim, parts: Sequence[Part]) -> list[str]:
    notes = []
    if any(part.rows for part in parts):
        notes.append(
            _(
                "Where a rule waits for several readings, it depends on the rule how many alarms come: misread run"
                " vendor-claim counts them over the school years, misread stress vendor-claim tries the kindest rule."
            )
        )
    if any(one.quantity in ("accuracy", "agreement", "human_level", "error_rate") for one in claim.stated):
        notes.append(_people())
    if claim.unused:
        notes.append(_("Numbers that were not used: %(numbers)s.", numbers=", ".join(claim.unused)))
    return notes


def _people() -> str:
    """How well people do, from the catalogue: what "human-level" and any accuracy can be held against."""
    return _(
        "Held against people: of votes on photographs, %(votes)s of 100 say what most of the others say"
        " (misread evidence A40). Of votes on silent clips of acted feelings, %(clips)s of 100 name the one that"
        " was acted (M19). Another task has another limit: misread audit --votes finds it.",
        votes=said.of_100(ceiling()),
        clips=said.of_100(agreeing("M19")),
    )


def ceiling() -> float:
    """Share of votes on photographs that are the commonest of the others' votes, as the catalogue has it."""
    from misread.evidence import Quantity, catalogue

    entry = catalogue()["A40"]
    assert isinstance(entry, Quantity)
    value = entry.figures[0].value
    assert isinstance(value, float)
    return value / 100


def agreeing(id: str) -> float:
    """Share of the counts of a matrix of the catalogue in which the label is the row's own."""
    from misread.evidence import Matrix, catalogue

    entry = catalogue()[id]
    assert isinstance(entry, Matrix)
    right = math.fsum(cells[entry.columns.index(row)] for row, cells in entry.table.items())
    return right / math.fsum(math.fsum(cells) for cells in entry.table.values())
