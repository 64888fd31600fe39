"""What the form says of a file: which column means what, and how words and numbers are to be read."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from misread.audit.reading import Ask
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.web.pages.audit.roles import ROLES, SEVERAL

Fields = Mapping[str, tuple[str, ...]]

FURTHER: Mapping[str, str] = MappingProxyType(
    {
        "missing": mark("Words that mean: no answer"),
        "map_labels": mark("Words that mean the same"),
        "fold_case": mark("Capital and small letters are the same"),
        "bands": mark("Bands of a group of numbers"),
        "score_scale": mark("A score of full certainty is"),
        "duplicates": mark("A picture that comes twice"),
        "max_labels": mark("Most different words in a column"),
        "max_levels": mark("Most different values in a group"),
        "encoding": mark("How the text is written"),
        "delimiter": mark("What stands between cells"),
        "prevalence": mark("How common it is where it would stand"),
        "for_publication": mark("Tables for publication too"),
    }
)
"""Fields beside the columns → what the page calls them."""
DUPLICATES = (("refuse", mark("say so, and stop")), ("keep", mark("count both")), ("first", mark("count the first")))

UNSAID = frozenset({"", "True", "COLUMN", "N", "NAME"})
"""Values that only stand for one."""


class PageAsk(Ask):
    """Which column means what, whose messages call everything as the page does."""

    def option(self, name: str, value: str = "") -> str:
        """An argument as the page calls it, and what would be typed there."""
        called = _(FURTHER[name]) if name in FURTHER else _(ROLES.get(name, name))
        value = next((_(said) for word, said in DUPLICATES if name == "duplicates" and word == value), value)
        return f"“{called}”" + (f": {value}" if value not in UNSAID else "")


@dataclass(frozen=True, slots=True)
class Form:
    """What the form sent, as it was typed.

    Attributes
    ----------
    fields : mapping
        Name → values.
    """

    fields: Fields

    def one(self, name: str) -> str:
        """The only or first value of a field."""
        return next(iter(self.fields.get(name, ())), "")

    @property
    def mapped(self) -> tuple[tuple[str, str], ...]:
        """Column and what it means, in the order of the file; empty where nobody was asked yet."""
        columns, said = self.fields.get("column", ()), self.fields.get("role", ())
        return tuple((c, r if r in ROLES else "") for c, r in zip(columns, said, strict=False))

    @property
    def typed(self) -> dict[str, str]:
        """The further fields."""
        return {name: self.one(name) for name in FURTHER}

    @property
    def more(self) -> bool:
        """Whether anything is in the further fields that was not there before anybody typed."""
        return any(said not in ("", getattr(PLAIN, name, "")) for name, said in self.typed.items())


PLAIN = Ask()
"""What is asked where nothing was typed."""


def ask_of(form: Form) -> PageAsk:
    """What is asked of the file.

    Raises
    ------
    MisreadError
        If something that was typed cannot be read, or one meaning was given to several columns.
    """
    given: dict[str, Any] = {}
    for role in filter(None, ROLES):
        named = [column for column, meant in form.mapped if meant == role]
        if role in SEVERAL:
            given[role] = tuple(named)
        elif len(named) > 1:
            both = ", ".join(f"“{name}”" for name in named)
            raise _wrong(role, _("%(columns)s: one column can mean that, not several.", columns=both))
        elif named:
            given[role] = named[0]
    return PageAsk(**given, **_read_as(form), **_numbers(form), spoken="options")


def _read_as(form: Form) -> dict[str, Any]:
    read: dict[str, Any] = {
        "missing": _words(form.one("missing")),
        "map_labels": dict(_pair(line, "map_labels", "joy = happy") for line in _lines(form.one("map_labels"))),
        "fold_case": bool(form.one("fold_case")),
        "bands": {
            column: _edges(edges, line)
            for line in _lines(form.one("bands"))
            for column, edges in (_pair(line, "bands", "age = 0, 6, 9, 12, 15, 18"),)
        },
    }
    if form.one("duplicates"):
        read["duplicates"] = form.one("duplicates")
    for name in ("encoding", "delimiter"):
        if form.one(name):
            read[name] = "\t" if form.one(name) == "tab" else form.one(name)
    return read


def _numbers(form: Form) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, make in (("score_scale", float), ("max_labels", int), ("max_levels", int)):
        text = form.one(name).strip()
        try:
            read |= {name: make(text)} if text else {}
        except ValueError:
            raise _wrong(name, _("“%(text)s” is no number.", text=text[:40])) from None
    return read


def share_of(text: str, name: str = "prevalence") -> float | None:
    """A share as one types it: "5 %", "0.05", "5 of 100"; None where nothing was typed.

    Raises
    ------
    MisreadError
        If it is none: "5" alone may mean two things.
    """
    from misread.audit.claim import share

    typed = text.strip()
    if not typed:
        return None
    one = share(typed)
    if one is None or not 0 < one < 1:
        raise _wrong(
            name,
            _("“%(text)s” is no share.", text=typed[:40]),
            _("a share such as 5 % or 0.05."),
            _("write the sign for per cent, or a number between 0 and 1."),
        )
    return one


def command_of(name: str, ask: Ask, form: Form, share: float | None) -> str:
    """The same in a terminal."""
    words = ["misread", "audit", name]
    for role, column in ask.roles():
        words += ["--group" if role == "groups" else f"--{role}", column]
    for word in ask.missing:
        words += ["--missing", word]
    words += ["--map-labels", LABELS] if ask.map_labels else []
    words += ["--fold-case"] if ask.fold_case else []
    for column, edges in ask.bands.items():
        words += ["--bands", f"{column}=" + ",".join(map(_number, edges))]
    if ask.score_scale != 1:
        words += ["--score-scale", _number(ask.score_scale)]
    for option in ("duplicates", "max_labels", "max_levels", "encoding", "delimiter"):
        if (value := getattr(ask, option)) != getattr(PLAIN, option):
            words += [f"--{option.replace('_', '-')}", str(value)]
    words += [] if share is None else ["--prevalence", _number(share)]
    return shlex.join([*words, *(["--for-publication"] if form.one("for_publication") else [])])


def _number(x: float) -> str:
    """A number as one types it, whole: the command has to be the same one."""
    return repr(float(x)).removesuffix(".0")


LABELS = "labels.toml"
"""The file of words that mean the same, among what is taken away."""


def _wrong(name: str, what: str, expected: str = "", mend: str = "") -> MisreadError:
    return MisreadError(Problem(what, expected, mend, key=PageAsk().option(name)))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in re.split(r"[,\n]", text) if word.strip())


def _pair(line: str, name: str, such: str) -> tuple[str, str]:
    first, equals, second = line.partition("=")
    if not (equals and first.strip() and second.strip()):
        raise _wrong(name, _("“%(line)s” cannot be read.", line=line[:60]), _("lines such as %(such)s.", such=such))
    return first.strip().strip('"'), second.strip().strip('"')


def _edges(text: str, line: str) -> tuple[float, ...]:
    try:
        return tuple(float(edge) for edge in text.split(","))
    except ValueError:
        raise _wrong(
            "bands",
            _("“%(line)s” cannot be read.", line=line[:60]),
            _("lines such as %(such)s.", such="age = 0, 6, 9, 12, 15, 18"),
        ) from None


def placed(problems: Sequence[Problem], form: Form) -> dict[str, list[Problem]]:
    """Where what is wrong was typed: field → problems. What is of no field is of the file.

    A field is ``file``, a further one by its name, or ``role-3`` for what the fourth column means.
    """
    names = {PageAsk().option(name): name for name in (*FURTHER, *filter(None, ROLES))}
    # What is made of the counts calls a field as the command does.
    names |= {f"--{name.replace('_', '-')}": name for name in FURTHER}
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        name = names.get(problem.key, "file")
        places = [name]
        if name in ROLES:
            meant = [(i, column) for i, (column, role) in enumerate(form.mapped) if role == name]
            spoken = [i for i, column in meant if f'"{column}"' in problem.what or f"“{column}”" in problem.what]
            places = [f"role-{i}" for i in spoken or [i for i, _column in meant]] or ["columns"]
        for place in places:
            found.setdefault(place, []).append(problem)
    return found
