"""Conditions under which a pipeline is to stop: ``recall.sad.disparity.low > 0.10``.

    STATISTIC[.WORD[.WORD]][[COLUMN=LEVEL,…]].FIELD OP NUMBER
    STATISTIC[.WORD].disparity[.COLUMN].FIELD OP NUMBER

Words with dots, blanks, commas or brackets are quoted. ``[age]`` is each level of age by itself; without brackets a
condition is about everybody. Without a column a disparity is that of each column.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from misread.audit.groups import Disparity
from misread.audit.rates import Estimate
from misread.errors import MisreadError, Problem

OPTION = "--fail-if"
OPS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FIELDS = ("value", "low", "high", "n", "hits", "persons", "n_eff")
DISPARITY = ("low", "value", "high", "p", "adjusted", "seen", "chance", "chance_high", "at_least", "visible", "groups",
             "standardised", "pair")  # fmt: skip
FORM = 'such as "recall.sad.disparity.low > 0.10" or "accuracy[age=9-12].low < 0.6".'

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_TOKEN = re.compile(rf'\s*(?:{_QUOTED}|([^\s."\[\]<>=]+))')
_END = re.compile(r"\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)\s*$")
_LEVEL = re.compile(rf"\s*[\[,]\s*(?:{_QUOTED}|([^\",=\[\]]+))\s*(?:=\s*(?:{_QUOTED}|([^\",\[\]]+)))?\s*(?=[,\]])")
_CLOSE = re.compile(r"\s*\]")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, as it was written.

    Attributes
    ----------
    text : str
        As it was typed.
    statistic : str
        Which one.
    words : tuple of str
        Expression or label it is about; both, expression first, for a cell of the matrix.
    group : tuple of (column, level or None)
        Whom it is about; None is each level by itself.
    disparity : bool
        Whether it is about differences between groups.
    column : str or None
        Between whose levels; None is any column.
    field, op : str
        What is compared, and how.
    number : float
        With what.
    """

    text: str
    statistic: str
    words: tuple[str, ...]
    group: tuple[tuple[str, str | None], ...]
    disparity: bool
    column: str | None
    field: str
    op: str
    number: float


@dataclass(frozen=True, slots=True)
class Fired:
    """Why a condition stops a pipeline.

    Attributes
    ----------
    condition : str
        As it was typed.
    what : str
        Which figure of which group.
    value : float or None
        What it is; None where it cannot be told, on which nothing may rest.
    note : str
        Why it cannot be told.
    """

    condition: str
    what: str
    value: float | None
    note: str = ""

    def __str__(self) -> str:
        found = f"is {self.value:.4g}" if self.value is not None else f"cannot be told: {self.note or 'no value'}"
        return f"{self.condition}: {self.what} {found}"


def parse(text: str) -> Condition:
    """A condition.

    Raises
    ------
    MisreadError
        If it is none.
    """
    end = _END.search(text)
    if end is None:
        raise _refused(text, "It has no comparison with a number at its end.", FORM, "add < or >, and a number.")
    words, group = _path(text, end.start())
    if len(words) < 2:
        raise _refused(
            text,
            "It names a statistic, but nothing of it that could be compared.",
            FORM,
            f"add one of {', '.join(FIELDS)} with a dot.",
        )
    statistic, *middle, field = words
    disparity = "disparity" in middle
    column: str | None = None
    if disparity:
        i = middle.index("disparity")
        after = middle[i + 1 :]
        if len(after) > 1 or group:
            raise _refused(
                text, "After `disparity` there may be one column, and no brackets.", FORM, "take the rest out."
            )
        column, middle = (after[0] if after else None), middle[:i]
    known = DISPARITY if disparity else FIELDS
    if field not in known:
        what = f"{field!r} is nothing that {'a disparity' if disparity else 'an estimate'} has."
        mend = _meant(field, known, "name one of these after the last dot.")
        raise _refused(text, what, f"one of {', '.join(known)}.", mend)
    if len(middle) > 2:
        raise _refused(
            text, f"It has {len(middle)} words between statistic and {field}.", FORM, "quote words with dots."
        )
    number = float(end[2]) / (100 if end[3] else 1)
    return Condition(text, statistic, tuple(middle), group, disparity, column, field, end[1], number)


def _path(text: str, stop: int) -> tuple[list[str], tuple[tuple[str, str | None], ...]]:
    """Words between dots, and what stands in brackets."""
    words: list[str] = []
    group: tuple[tuple[str, str | None], ...] = ()
    at = 0
    while at < stop:
        found = _TOKEN.match(text, at, stop)
        if found is None:
            raise _refused(
                text, f"It cannot be read from {text[at:stop].strip()!r} on.", FORM, "quote words with blanks."
            )
        words.append(_plain(found[1], found[2]) or "")
        at = found.end()
        while level := _LEVEL.match(text, at, stop):
            group += ((_plain(level[1], level[2]) or "", _plain(level[3], level[4])),)
            at = level.end()
        if group and (close := _CLOSE.match(text, at, stop)):
            at = close.end()
        if at < stop and text[at:stop].strip():
            if text[at] != ".":
                raise _refused(text, f"A dot is missing before {text[at:stop].strip()!r}.", FORM, "add it.")
            at += 1
        else:
            break
    return words, group


def _plain(quoted: str | None, word: str | None) -> str | None:
    """A word as it is meant: without its quotation marks, or the blanks around it."""
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted)
    return None if word is None else word.strip()


def fired(
    conditions: Iterable[Condition], estimates: Sequence[Estimate], disparities: Sequence[Disparity]
) -> tuple[Fired, ...]:
    """The conditions that hold, or of which nobody can tell whether they do.

    A pipeline must not pass on what cannot be told: a figure without a value fires, and says so.

    Parameters
    ----------
    conditions : iterable of Condition
        As `parse` gives them.
    estimates : sequence of Estimate
        Everybody's, and those of groups.
    disparities : sequence of Disparity
        Of all columns.

    Raises
    ------
    MisreadError
        If one of them names what there is not.
    """
    found: list[Fired] = []
    for condition in conditions:
        if condition.disparity:
            chosen: Sequence[Any] = _differences(condition, disparities)
        else:
            chosen = _estimates(condition, estimates)
        for item in chosen:
            value = getattr(item, condition.field)
            if value is None:
                found.append(Fired(condition.text, _named(item, condition), None, item.note))
            elif OPS[condition.op](value, condition.number):
                found.append(Fired(condition.text, _named(item, condition), float(value)))
    return tuple(found)


def _named(item: Estimate | Disparity, condition: Condition) -> str:
    words = [word for word in (item.expression, item.label) if word]
    said = ".".join([item.statistic, *words])
    if isinstance(item, Disparity):
        within = "".join(f", {column} {level}" for column, level in item.within)
        return f"{condition.field} of {said} between levels of {item.column}{within}"
    group = ", ".join(f"{column} {level}" for column, level in item.group)
    return f"{condition.field} of {said}" + (f" for {group}" if group else "")


def _words(item: Estimate | Disparity) -> tuple[str, ...]:
    return tuple(word for word in (item.expression, item.label) if word is not None)


def _estimates(condition: Condition, estimates: Sequence[Estimate]) -> list[Estimate]:
    of = _of_statistic(condition, estimates)
    columns = [column for column, _ in condition.group]
    by = [e for e in of if [c for c, _ in e.group] == columns or sorted(c for c, _ in e.group) == sorted(columns)]
    if not by:
        sets = dict.fromkeys(", ".join(c for c, _ in e.group) for e in of if e.group)
        raise _refused(
            condition.text,
            f"Nothing was estimated by {', '.join(columns)}.",
            f"one of {'; '.join(sets)} in brackets." if sets else "no brackets: there are no groups.",
            "name group columns of the audit.",
        )
    chosen = [e for e in by if all(level is None or (column, level) in e.group for column, level in condition.group)]
    if not chosen:
        levels = dict.fromkeys(", ".join(f"{c}={v}" for c, v in e.group) for e in by)
        raise _refused(
            condition.text, "There is no such group.", f"one of {'; '.join([*levels][:20])}.", "name one of these."
        )
    return chosen


def _differences(condition: Condition, disparities: Sequence[Disparity]) -> list[Disparity]:
    if not disparities:
        raise _refused(
            condition.text, "There are no groups, so no differences between any.", "", "name columns with --group."
        )
    of = _of_statistic(condition, disparities)
    columns = list(dict.fromkeys(d.column for d in of))
    if condition.column is not None and condition.column not in columns:
        raise _refused(
            condition.text,
            f"{condition.column!r} is no group column.",
            f"one of {', '.join(columns)}.",
            _meant(condition.column, columns, "name one of these."),
        )
    return [d for d in of if condition.column in (None, d.column)]


def _of_statistic(condition: Condition, items: Sequence[Any]) -> list[Any]:
    """Those of the statistic and the words; or what there is instead."""
    known = list(dict.fromkeys(item.statistic for item in items))
    if condition.statistic not in known:
        raise _refused(
            condition.text,
            f"{condition.statistic!r} is no statistic here.",
            f"one of {', '.join(known)}.",
            _meant(condition.statistic, known, "name one of these first."),
        )
    of = [item for item in items if item.statistic == condition.statistic]
    chosen = [item for item in of if _words(item) == condition.words]
    if not chosen:
        words = list(dict.fromkeys(".".join(_words(item)) for item in of))
        said = ".".join(condition.words)
        what = f"{condition.statistic} of {said!r} is not there." if said else f"{condition.statistic} of what?"
        expected = f"one of {', '.join(words[:20])}." if words != [""] else "no word between statistic and field."
        raise _refused(condition.text, what, expected, _meant(said, words, "name one of these after the statistic."))
    return chosen


def _meant(word: str, known: Sequence[str], otherwise: str) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6) or get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near and near[0] else otherwise


def _refused(text: str, what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected, mend, file=OPTION, key=text[:200]))
