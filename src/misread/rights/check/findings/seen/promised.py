"""What was said beforehand, as the disclosure record has it: numbers, lengths of time and lists found in its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from misread.rights.check.dictionary.entries import fold

if TYPE_CHECKING:
    from misread.rights.check.model import Json, Verdict
    from misread.rights.record.model import Record

TOLD = frozenset({"disclosed", "partly"})
FOREVER = float("inf")
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Promise:
    """What a record says of one field.

    Attributes
    ----------
    field : str
        Its id.
    status : str
        As in the record; empty where no record was given.
    value : JSON
        What was said; None where nothing was.
    evidence : str
        Where it was said.
    """

    field: str
    status: str = ""
    value: Json = None
    evidence: str = ""

    @property
    def told(self) -> bool:
        """Whether there is something to hold against."""
        return self.status in TOLD and self.value not in (None, "", [], {})

    @property
    def silent(self) -> Verdict:
        """The verdict where there is nothing to hold against: without a record nobody knows what was said."""
        if not self.status or self.status == "contradicted" or (self.status in TOLD and not self.told):
            return "cannot tell"
        return "not mentioned"

    def json(self) -> Mapping[str, Json] | None:
        """For a finding: what was said, and where; None without a record."""
        if not self.status:
            return None
        said: dict[str, Json] = {"field": self.field, "status": self.status}
        if self.value is not None:
            said["value"] = self.value
        if self.evidence:
            said["evidence"] = self.evidence
        return said


def promise(record: Record | None, field: str) -> Promise:
    """What a record says of a field."""
    if record is None:
        return Promise(field)
    answer = record.answer(field)
    quotes = [evidence.quote for evidence in answer.evidence if evidence.quote]
    value: Json = answer.value if answer.value is not None else (quotes[0] if quotes else None)
    where = "; ".join(
        f"{evidence.title}, {evidence.retrieved}" if evidence.retrieved else evidence.title
        for evidence in answer.evidence
    )
    return Promise(field, answer.status, value, where or answer.said_by)


def words(value: Json) -> tuple[str, ...]:
    """The items of a list, however it is written: a list, a table of lists, or a text with commas."""
    return tuple(dict.fromkeys(word for word in map(str.strip, _words(value)) if word))


def _words(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from re.split(r"\s*[,;/、，|]\s*|\s+(?:and|or|und|oder|et|ou|e)\s+", value.strip(" ."))
    elif isinstance(value, Mapping):
        for key in ("labels", "words", "list", "names", "items", "name", "value"):
            if key in value:
                yield from _words(value[key])
                return
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from [inner] if isinstance(inner, str) else _words(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


_NUMBERS = {
    "one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "thirty": 30, "sixty": 60, "ninety": 90, "ein": 1, "eine": 1, "einen": 1,
    "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "zehn": 10, "un": 1, "une": 1, "deux": 2, "trois": 3, "cinq": 5,
    "dix": 10, "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "cinco": 5, "dez": 10, "一": 1, "两": 2, "三": 3,
    "五": 5, "十": 10, "एक": 1, "दो": 2, "तीन": 3, "पाँच": 5, "दस": 10,
}  # fmt: skip
_UNITS: Mapping[float, str] = {
    1.0: "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos 秒 सेकंड",
    60.0: "min mins minute minutes minuten minuto minutos 分钟 分 मिनट",
    3600.0: "h hour hours stunde stunden heure heures hora horas 小时 घंटा घंटे",
    DAY: "d day days tag tage tagen jour jours dia dias 天 日 दिन",
    7 * DAY: "week weeks woche wochen semaine semaines semana semanas 周 星期 सप्ताह",
    # The longest that it can be, so that nothing is held against a school that a calendar explains.
    31 * DAY: "month months monat monate monaten mois mes meses 个月 月 महीना महीने",
    366 * DAY: "year years jahr jahre jahren an ans annee annees ano anos 年 वर्ष साल",
}
_UNIT = {name: seconds for seconds, names in _UNITS.items() for name in names.split()}


def _any(names: Iterable[str]) -> str:
    """One of some names, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_LENGTH = re.compile(
    r"(?:(?P<low>\d+(?:[.,]\d+)?)\s*(?:-|–|to|and|bis|und|a|et|e|至|से)\s*)?"
    rf"(?<![\d.,])(?P<n>\d+(?:[.,]\d+)?|(?<![^\W\d])(?:{_any(_NUMBERS)})(?![^\W\d]))"
    rf"\s*-?\s*(?P<unit>{_any(_UNIT)})(?![^\W\d])"
)
_HAN_LENGTH = re.compile(r"(?P<n>\d+(?:\.\d+)?|[一两三五十])\s*(?P<unit>秒|分钟|分|小时|天|日|周|星期|个月|月|年)")
_EACH = re.compile(
    r"\b(?:every|each|per|once an?|jede[nrs]?|pro|chaque|par|a cada|cada|por)\s+"
    rf"(?P<unit>{_any(name for name in _UNIT if name.isascii())})\b"
)
_FOREVER = re.compile(
    r"\b(for ?ever|permanent(ly)?|indefinite(ly)?|unlimited|no limit|never deleted|unbegrenzt|dauerhaft|illimitee?|"
    r"indefinidamente|permanente)\b|永久|长期|हमेशा|स्थायी"
)
_AT_ONCE = re.compile(
    r"\b(not (kept|stored|saved|retained)|never (kept|stored|saved|retained)|(deleted|erased) (immediately|at once)|"
    r"nicht gespeichert|sofort geloscht|pas conservee?s?|efface\w* immediatement|nao (sao )?guardad\w+|"
    r"apagad\w+ imediatamente)\b|不保存|立即删除|तुरंत"
)
_KEYS = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": DAY, "weeks": 7 * DAY,
         "months": 31 * DAY, "years": 366 * DAY}  # fmt: skip


def length(value: Json) -> tuple[float, float] | None:
    """A length of time in seconds, from and to; None where no number is said.

    Parameters
    ----------
    value : JSON
        ``"every 5 minutes"``, ``{"seconds": 300}``, ``"30 days"``, ``"2 to 10 minutes"``, ``"for ever"``.
    """
    if isinstance(value, Mapping):
        found = [float(value[key]) * unit for key, unit in _KEYS.items() if isinstance(value.get(key), int | float)]  # type: ignore[arg-type]
        if found:
            return sum(found), sum(found)
        inner = [one for one in map(length, value.values()) if one]
        return inner[0] if len(inner) == 1 else None
    if isinstance(value, list | tuple):
        return length(value[0]) if len(value) == 1 else None
    if not isinstance(value, str):
        return None
    return _said(value)


def _said(text: str) -> tuple[float, float] | None:
    folded = " ".join(_spelt(text).split())
    if _FOREVER.search(folded):
        return FOREVER, FOREVER
    if _AT_ONCE.search(folded):
        return 0.0, 0.0
    if found := [*_HAN_LENGTH.finditer(folded)]:
        each = [_number(one["n"]) * _UNIT[one["unit"]] for one in found]
        return min(each), max(each)
    found = [*_LENGTH.finditer(folded)]
    if found:
        highest = [_number(one["n"]) * _UNIT[one["unit"]] for one in found]
        lowest = [
            _number(one["low"]) * _UNIT[one["unit"]] if one["low"] else high
            for one, high in zip(found, highest, strict=True)
        ]
        return min(lowest), max(highest)
    once = _EACH.search(folded)
    return (_UNIT[once["unit"]], _UNIT[once["unit"]]) if once else None


def _spelt(text: str) -> str:
    """Small letters without accents; figures, points and dashes stay."""
    return " ".join(re.sub(r"[^\W\d_]+", lambda word: fold(word[0]), text.replace("_", " ")).split())


def _number(text: str) -> float:
    return float(_NUMBERS[text]) if text in _NUMBERS else float(text.replace(",", "."))


_ACCURACY = re.compile(r"accura|correct|right|genauigkeit|richtig|exactitude|precisao|acuracia|准确|正确|सटीक")
_OTHER = re.compile(r"\bf ?1\b|\bauc\b|roc|precision|recall|sensitiv|specific|kappa|correlation")
_SPAN = re.compile(r"\d\s*%?\s*(?:-|–|to|and|bis|à|a)\s*\d+(?:[.,]\d+)?\s*%")
"""From one share to another: no single one."""


def share(value: Json) -> float | None:
    """An accuracy as a share of one; None where there is none, or where it is not between 0 and 1.

    Parameters
    ----------
    value : JSON
        ``0.93``, ``"93 %"``, ``{"metric": "accuracy", "number": 0.93}``.
    """
    if isinstance(value, Mapping):
        if "number" in value:
            metric = str(value.get("metric") or "")
            return share(value["number"]) if not metric or _ACCURACY.search(fold(metric)) else None
        found = [one for one in map(share, value.values()) if one is not None]
        return found[0] if len(found) == 1 else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number = float(value)
        number = number / 100 if number > 1 else number
    elif isinstance(value, str):
        if (_OTHER.search(fold(value)) and not _ACCURACY.search(fold(value))) or _SPAN.search(value):
            return None
        percent = re.findall(
            r"(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent|percent|prozent|pour cent|por cento|प्रतिशत)", value.lower()
        )
        plain = re.findall(r"(?<![\d.,])0?[.,]\d+(?![\d%])", value)
        numbers = [float(p.replace(",", ".")) / 100 for p in percent] or [float(p.replace(",", ".")) for p in plain]
        if len(numbers) != 1:
            return None
        number = numbers[0]
    else:
        return None
    return number if 0 < number <= 1 else None
