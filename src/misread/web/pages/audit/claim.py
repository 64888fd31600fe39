"""A vendor's sentence: what it would mean in a school, what it does not say, and what to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.web.pages.audit.asked import share_of

if TYPE_CHECKING:
    from misread.audit.claim import Given, Row, Unclear

NUMBERS: Mapping[str, str] = {
    "looks_per_day": mark("Looks at a child a day"),
    "children": mark("Children in a class"),
    "days": mark("School days a year"),
    "tested": mark("Tested on how many"),
}
PREVALENCE = mark("How common is it?")
MOST = 1000
"""Letters of a sentence."""
SUCH = (
    "Our system is 95 % accurate",
    "Emotion recognition with an accuracy of over 90 %",
    "95 % sensitivity and 90 % specificity",
    "Fewer than 5 % false alarms",
    "Scientifically validated and free of bias",
)
"""Sentences one can begin with."""


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows.

    Parameters
    ----------
    asked : mapping
        What the form holds: `claim`, the sentence; `prevalence`, `looks_per_day`, `children`, `days`, `tested`, each
        as it was typed.
    """
    told: dict[str, Any] = {
        "claim": asked.get("claim", ""),
        "most": MOST,
        "such": SUCH,
        "numbers": tuple((name, _(said), asked.get(name, "")) for name, said in NUMBERS.items()),
        "prevalence": asked.get("prevalence", ""),
        "prevalence_said": _(PREVALENCE),
        "given": any(asked.get(name) for name in ("prevalence", *NUMBERS)),
        "meant": None,
        "problems": (),
        "wrong": {},
        "http": 200,
    }
    if not told["claim"].strip():
        return told
    try:
        return {**told, **_meant(told["claim"], asked)}
    except MisreadError as error:
        problems = tuple(map(_called, error.problems))
        return {**told, "problems": problems, "wrong": _placed(problems), "http": 422}


def _meant(sentence: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the sentence means, as the template is given it."""
    from misread.audit.claim import DAY, meaning, name, read, shown
    from misread.deployment import load, school_day

    claim, given = read(sentence), _given(asked)
    if claim.stated:
        given = given.filled(DAY, **school_day(load(DAY), claim.every_seconds))
    found = meaning(claim, given)
    return {
        "meant": found.claim.sentence,
        "unclear": tuple(map(_unclear, claim.unclear)),
        "alone": not found.parts,
        "parts": tuple(
            {
                "named": tuple((one.words, name(one.quantity)) for one in part.stated),
                "sentences": part.sentences,
                "rows": _table(shown(part, found.parts)),
                "best": _table(part.best),
            }
            for part in found.parts
        ),
        "short": found.short,
        "about_rows": found.about_rows,
        "assumed": _assumed(found.given) if any(part.rows or part.any_wrong for part in found.parts) else "",
        "open": tuple((one.unsaid, one.question) for one in found.open),
        "picks": tuple(dict.fromkeys(one.field for one in found.open if one.field)),
        "notes": found.notes,
    }


def _given(asked: Mapping[str, str]) -> Given:
    """What is known beside the sentence. What is wrong in several fields is told of all of them."""
    from misread.audit.claim import Given

    found: dict[str, float | None] = {}
    wrong: list[Problem] = []
    for key, said in NUMBERS.items():
        text = asked.get(key, "").strip().replace(",", "")
        try:
            found[key] = (float if key == "looks_per_day" else int)(text) if text else None
        except ValueError:
            wrong.append(
                Problem(_("“%(text)s” is no number.", text=text[:40]), _("a whole number from 1 up."), key=_(said))
            )
    try:
        share = share_of(asked.get("prevalence", ""))
    except MisreadError as error:
        wrong += [replace(one, key=_(PREVALENCE)) for one in error.problems]
    if wrong:
        raise MisreadError(wrong)
    return Given(share, **found)  # type: ignore[arg-type]


def _unclear(one: Unclear) -> dict[str, Any]:
    from misread.audit.claim import asked, name

    choices = tuple(
        (_("each of them: one sentence for each") if choice.id == "both" else name(choice.id), choice.sentence)
        for choice in one.choices
    )
    return {"words": one.words, "question": asked(one), "choices": choices}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _table(rows: Sequence[Row]) -> Table | None:
    """Rows without the columns in which there is nothing; None of no rows."""
    from misread.audit.claim import heads, row

    cells = [row(one) for one in rows]
    kept = [i for i, _head in enumerate(heads()) if any(line[i] for line in cells)]
    found = tuple(tuple(line[i] for i in kept) for line in cells)
    return Table(tuple(heads()[i] for i in kept), found) if cells else None


def _assumed(given: Given) -> str:
    """Which numbers nobody gave."""
    said = {
        "looks_per_day": _("%(n)s looks at a child a day", n=f"{given.looks_per_day:g}"),
        "children": _("%(n)s children in a class", n=given.children),
        "days": _("%(n)s school days a year", n=given.days),
    }  # fmt: skip
    return ", ".join(said[name] for name, _source in given.assumed if name in said)


def _called(problem: Problem) -> Problem:
    """A problem under the name that the field has here."""
    name = problem.key.removeprefix("--").replace("-", "_")
    said = {**NUMBERS, "prevalence": PREVALENCE}
    if name in said:
        return replace(problem, key=_(said[name]), file="")
    return problem


def _placed(problems: tuple[Problem, ...]) -> dict[str, list[Problem]]:
    names = {_(said): name for name, said in (*NUMBERS.items(), ("prevalence", PREVALENCE))}
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(names.get(problem.key, "claim"), []).append(problem)
    return found
