"""The law that a reply names, beside what the files of law have of the place: never whether the reply is right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from misread.evidence.entries.reference import Some, Table
from misread.language import mark
from misread.rights.case.replies.text import normal
from misread.rights.places.known import Law, at

Fit = Literal["fits", "not-yet", "not-in-files", "other-kind", "elsewhere", "unnamed"]
FITS: Mapping[Fit, str] = MappingProxyType(
    {
        "fits": mark("it is in the file of this place"),
        "not-yet": mark("it is in the file of this place, and does not apply on that day"),
        "not-in-files": mark("the law is one of this place, but this part of it is not in its file: look it up"),
        "other-kind": mark("it is about another kind of request than yours"),
        "elsewhere": mark("it is the law of another place, as far as the files go"),
        "unnamed": mark("no law that is known here is named beside it: ask which is meant"),
    }
)
"""What each fit means."""

WRONG: frozenset[Fit] = frozenset({"not-yet", "other-kind", "elsewhere"})
"""Fits that are worth a question to whoever wrote the reply."""

WINDOW = 60
"""Characters before and after a number in which the name of its law is looked for."""

BETWEEN = r"[\W_]{1,3}"
"""What may stand between two words of a name."""

SHORT = 6
"""Letters of a name that may be a word when it is written small: "foil", "lai"."""

_NUMBER = r"\d{1,4}[A-Za-z]?(?:[-\u2013]\d{0,3}[a-z]?\b)?(?:\.\d+)?"
_INNER = r"(?:\s?\(\w{1,4}\)|,?\s*(?:Abs(?:atz|\.)?|paragraphe|par\.|§)\s*\d+\s?º?)*"
_LIST = rf"{_NUMBER}{_INNER}(?:\s*(?:,|and|or|und|oder|et|ou|e)\s*{_NUMBER}{_INNER})*"
_CITED = re.compile(
    rf"(?P<code>\b\d{{1,3}}\s(?:CFR(?:\sPart)?|ILCS|U\.?\s?S\.?\s?C\.?|NYCRR(?:\sPart)?)\s§?\s?\d[\w./-]*\w)(?P<sub>(?:\(\w{{1,4}}\))*)"
    rf"|(?:\b(?:Articles?|Artikels?|Artigos?|Arts?\.?|Sections?|Sec\.|ss?\.)|§§?|धारा|अनुच्छेद)\s*(?P<list>{_LIST})"
    r"|第(?P<han>[零一二三四五六七八九十百]+|\d+)条",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;](?:\s|$)|[。；]")
"""Where a law that is named belongs to another number."""
_ONE = re.compile(rf"({_NUMBER})({_INNER})")
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}


class Statute(Table):
    """A law that replies name."""

    name: Annotated[Some, Field(description="how it is called here")]
    places: Annotated[tuple[Some, ...], Field(strict=False, description="ids of places whose law it is")]
    ids: Annotated[str, Field(description="what the ids of its provisions begin with")] = ""
    kinds: Annotated[tuple[Some, ...], Field(strict=False, description="kinds of requests that it is about")] = ()
    called: Annotated[tuple[Some, ...], Field(strict=False, description="its names")]
    common: Annotated[tuple[Some, ...], Field(strict=False, description="names that other laws have too")] = ()


@dataclass(frozen=True)
class Citation:
    """A place in a law that a reply names.

    Attributes
    ----------
    quote : str
        What stands in the reply.
    number : str
        Article or section, such as "12(5)"; empty where only a law is named.
    statute : str
        The law; empty where none that is known here is named.
    fit : str
        One of `Fit`.
    ids : tuple of str
        Ids of the files of law that stand for it.
    of : tuple of str
        Places whose law it is.
    """

    quote: str
    number: str
    statute: str
    fit: Fit
    ids: tuple[str, ...]
    of: tuple[str, ...]


def citations(text: str, law: Law, kind: str | None = None, on: date | None = None) -> tuple[Citation, ...]:
    """The law that a text names.

    Parameters
    ----------
    text : str
        The text.
    law : Law
        That of the place.
    kind : str, optional
        The kind of letter that the text answers.
    on : date, optional
        The day on which the law is asked about; that of `law` where it is not said.
    """
    law = law if on is None else at(law.place.id, on)
    found: dict[tuple[str, str], Citation] = {}
    used: set[int] = set()
    for match in _CITED.finditer(text):
        start, statute = _named(text, match, law)
        used |= {start, match.start()}
        for number in _numbers(match):
            one = _fitted(" ".join(match.group().split()), number, statute, law, kind)
            found.setdefault((one.statute, one.number), one)
    for start, name, named in _bare(text, law):
        if start not in used:
            one = _fitted(name, "", named, law, kind)
            found.setdefault((one.statute, one.number), one)
    return tuple(found.values())


def _fitted(quote: str, number: str, statute: Statute | None, law: Law, kind: str | None) -> Citation:
    if statute is None:
        return Citation(quote, number, "", "unnamed", (), ())
    here = {place.id for place in law.places}
    if not here & set(statute.places):
        return Citation(quote, number, statute.name, "elsewhere", (), statute.places)
    ids = _ids(number, statute, law)
    states = {standing.state for standing in law.provisions if standing.entry.id in ids}
    fit: Fit = "fits" if ids or not number else "not-in-files"
    if states and states <= {"not-yet", "over"}:
        fit = "not-yet"
    elif kind is not None and statute.kinds and kind not in statute.kinds:
        fit = "other-kind"
    return Citation(quote, number, statute.name, fit, ids, statute.places)


def _ids(number: str, statute: Statute, law: Law) -> tuple[str, ...]:
    """Ids whose place in the law is the cited one, holds it, or is a part of it."""
    if not number or not statute.ids:
        return ()
    named = [(s.entry.id, s.entry.pinpoint) for s in law.provisions]
    named += [(d.entry.id, d.entry.basis) for d in law.deadlines]
    return tuple(
        id
        for id, pinpoint in named
        if id.startswith(statute.ids)
        and any(_within(number, known) or _within(known, number) for known in pinpoints(pinpoint))
    )


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}(") or inner.startswith(f"{outer}/")


def pinpoints(text: str) -> tuple[str, ...]:
    """The numbers that a pinpoint names, such as "44", "45" … of "PIPL Art. 44–50".

    Parameters
    ----------
    text : str
        As the files of law write it.
    """
    out: list[str] = []
    for match in _CITED.finditer(text.replace("\u2013", "-")):
        for number in _numbers(match):
            first, dash, last = number.partition("-")
            if dash and first.isdigit() and last.isdigit() and not match["code"]:
                out += [str(n) for n in range(int(first), int(last) + 1)]
            else:
                out.append(number)
    return tuple(out)


def _numbers(match: re.Match[str]) -> Iterator[str]:
    if match["han"]:
        yield str(_han(match["han"]))
    elif match["code"]:
        # The title and the name of the code say which law it is: the rest is the number in it.
        yield re.split(r"(?:CFR|ILCS|C\.?|NYCRR)(?:\sPart)?\s§?\s?", match["code"], maxsplit=1)[-1] + match["sub"]
    else:
        for one in _ONE.finditer(match["list"]):
            inner = re.sub(r",?\s*(?:Abs(?:atz|\.)?|paragraphe|par\.|§)\s*(\d+)\s?º?", r"(\1)", one[2], flags=re.I)
            yield one[1].replace("\u2013", "-").rstrip("-") + inner.replace(" ", "")


def _han(text: str) -> int:
    """A number as Chinese laws write it, up to 999."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _named(text: str, match: re.Match[str], law: Law) -> tuple[int, Statute | None]:
    """The law that is named with a number, and where: in the code itself, right after it, or right before."""
    if match["code"]:
        said = normal(match.group())
        codes = (s for s in statutes() if any(said.startswith(normal(name)) for name in s.called))
        return match.start(), next(codes, None)
    after = _CLAUSE.split(text[match.end() : match.end() + WINDOW])[0]
    before = _CLAUSE.split(text[max(0, match.start() - WINDOW) : match.start()])[-1]
    if near := [(match.end() + start, statute) for start, _name, statute in _bare(after, law)]:
        return min(near, key=lambda one: one[0])
    begin = match.start() - len(before)
    last = [(begin + start, statute) for start, _name, statute in _bare(before, law)]
    return max(last, key=lambda one: one[0]) if last else (-1, None)


def _bare(text: str, law: Law) -> Iterator[tuple[int, str, Statute]]:
    """Where laws are named: position, the name as it stands there, and the law."""
    here = {place.id for place in law.places}
    names, pattern = _names()
    for found in pattern.finditer(text):
        assert found.lastindex is not None
        name = names[found.lastindex - 1]
        # A name that several laws have means that of this place: "GDPR" is the British one in the United Kingdom.
        mine = next((s for s in statutes() if name in s.common and here & set(s.places)), None)
        named = mine or next((s for s in statutes() if name in s.called), None)
        if named is not None:
            yield found.start(), found.group(), named


@cache
def _names() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """All names of laws, the longer before the shorter, and one pattern with a group for each."""
    names = {name for statute in statutes() for name in (*statute.called, *statute.common)}
    longest = tuple(sorted(names, key=lambda name: (-len(name), name)))
    return longest, re.compile("|".join(f"({_as_written(name)})" for name in longest))


def _as_written(name: str) -> str:
    """A name as it may stand in a text: any signs between its words; a short name in capitals only."""
    words = [re.escape(word) for word in name.split()]
    if "\u4e00" <= name[0] <= "\u9fff":
        return re.escape(name)
    if len(name) <= SHORT and len(words) == 1:
        return rf"\b{re.escape(name.upper())}\b"
    return rf"(?i:\b{BETWEEN.join(words)}\b)"


@cache
def statutes() -> tuple[Statute, ...]:
    """The laws that replies name, as far as they are known here."""
    file = resources.files("misread.rights.case.reading") / "statutes.toml"
    return tuple(Statute.model_validate(row) for row in tomllib.loads(file.read_text(encoding="utf-8"))["statute"])


def named(citation: Citation) -> str:
    """A citation with the name of its law, where it is not in it.

    Parameters
    ----------
    citation : Citation
        What a reply names.
    """
    if not citation.statute or not citation.number:
        return citation.quote
    return f"{citation.quote} ({citation.statute})"
