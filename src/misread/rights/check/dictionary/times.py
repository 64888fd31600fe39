"""Dates and times as exports write them. The order of day and month is found where it can be told, else asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
Order = Literal["dmy", "mdy", "ymd"]
NONE = np.int64(np.iinfo(np.int64).min)
"""Stands where there is no time."""
DAY = 86_400_000
"""Milliseconds."""
HOUR = 3_600_000
FIRST, LAST = 1970, 2100
"""Years in which cameras are taken to have read anything: a number outside is no date."""
_PIECE = 50_000
"""Texts that are taken apart at once: what is made on the way takes several times their memory."""

_CLOCK = (
    r"(?P<h>\d{1,2})[:h.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?|上午|下午)?"
)
_ZONE = r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?"
_BETWEEN = r"(?:[T ,]+\s*|\s+)"
_PATTERNS: Mapping[str, str] = {
    "ymd": rf"^(?P<a>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{1,2}})(?:{_BETWEEN}{_CLOCK}{_ZONE})?$",
    "xxy": rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{4}}|\d{{2}})(?:{_BETWEEN}{_CLOCK}{_ZONE})?$",
    "clock": rf"^{_CLOCK}{_ZONE}$",
    "chinese": (
        r"^(?P<a>\d{4})年(?P<b>\d{1,2})月(?P<c>\d{1,2})日"
        r"(?:\s*(?P<half>上午|下午)?\s*(?P<h>\d{1,2})[:时点](?P<m>\d{1,2})(?:[:分](?P<s>\d{1,2})?秒?)?)?$"
    ),
    "packed": (
        r"^(?P<a>(?:19|20)\d{2})(?P<b>0[1-9]|1[0-2])(?P<c>0[1-9]|[12]\d|3[01])"
        r"(?:T?(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?P<s>[0-5]\d)(?P<zone>Z)?)?$"
    ),
}
_SINCE_1970 = r"^\d{10}(\.\d+)?$|^\d{12,13}$|^\d{16}$"
_MONTHS = (
    "jan january januar janvier janeiro जनवरी|feb february februar fevrier fevereiro फरवरी|"
    "mar march marz mars marco मार्च|apr april avril abril अप्रैल|may mai maio मई|jun june juni juin junho जून|"
    "jul july juli juillet julho जुलाई|aug august aout agosto अगस्त|sep sept september septembre setembro सितंबर|"
    "oct okt october oktober octobre outubro अक्टूबर|nov november novembre novembro नवंबर|"
    "dec dez december dezember decembre dezembro दिसंबर"
)
MONTHS = {name: i for i, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()}
MOST_NAMED = 20_000
"""Distinct texts beyond which months that are written as words are not looked for."""


@dataclass(frozen=True, eq=False)
class Written:
    """Texts taken apart, before it is settled which part is the day. Arrays are as long as there are texts.

    Attributes
    ----------
    parts : ndarray, shape (3, texts)
        Year, month and day; where the order is open, the year and the two others as they stand.
    open : ndarray of bool
        Where the order is open as far as the way it is written goes: ``03/04/2025``.
    clock : ndarray
        Milliseconds of the day; `NONE` where there is no time of day.
    zone : ndarray
        Minutes east of UTC; `NONE` where none is written.
    """

    parts: Ints
    open: NDArray[np.bool_]
    clock: Ints
    zone: Ints

    @property
    def dated(self) -> NDArray[np.bool_]:
        """Texts with a date."""
        return np.asarray(self.parts[0] != NONE)

    @property
    def timed(self) -> NDArray[np.bool_]:
        """Texts with a time of day."""
        return np.asarray(self.clock != NONE)

    def orders(self) -> frozenset[Order]:
        """Orders that some text is possible in only: two of them are mixed; none where it is open or not asked."""
        first, second = self.parts[1][self.open], self.parts[2][self.open]
        found: set[Order] = set()
        if (first > 12).any():
            found.add("dmy")
        if (second > 12).any():
            found.add("mdy")
        return frozenset(found)

    @property
    def asks(self) -> bool:
        """Whether the order matters: some text means two days."""
        return bool((self.open & (self.parts[1] != self.parts[2])).any())

    def days(self, order: Order | None) -> Ints:
        """Days since 1970; `NONE` where there is no date, or none in this order.

        Parameters
        ----------
        order : {"dmy", "mdy", "ymd"} or None
            How texts are read whose order is open; None leaves them out.
        """
        n = len(self.clock)
        pieces = [self._days(slice(at, at + _PIECE), order) for at in range(0, n, _PIECE)]
        return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)

    def _days(self, some: slice, order: Order | None) -> Ints:
        (year, first, second), is_open, dated = self.parts[:, some], self.open[some], self.dated[some]
        month = np.where(is_open & (order == "dmy"), second, first)
        day = np.where(is_open & (order == "dmy"), first, second)
        known = dated & (~is_open | (order in ("dmy", "mdy")) | (first == second))
        return _days(np.where(known, year, NONE), month, day)


def written(texts: pa.Array) -> Written:
    """Take texts apart that may be dates, times, or both.

    Parameters
    ----------
    texts : pyarrow.Array
        Texts, each once.
    """
    pieces = [_written(texts[at : at + _PIECE]) for at in range(0, len(texts), _PIECE)] or [_written(texts)]
    return Written(
        np.concatenate([piece.parts for piece in pieces], axis=1),
        np.concatenate([piece.open for piece in pieces]),
        np.concatenate([piece.clock for piece in pieces]),
        np.concatenate([piece.zone for piece in pieces]),
    )


def _written(texts: pa.Array) -> Written:
    import pyarrow as pa
    import pyarrow.compute as pc

    n = len(texts)
    parts, clock, zone = np.full((3, n), NONE), np.full(n, NONE), np.full(n, NONE)
    is_open = np.zeros(n, dtype=np.bool_)
    left = np.arange(n)
    for kind, pattern in _PATTERNS.items():
        if not left.size:
            break
        found = _whole(pc.extract_regex(texts.take(pa.array(left)), pattern))
        fits = found.is_valid().to_numpy(zero_copy_only=False)
        if not fits.any():
            continue
        at, found = left[fits], _whole(found.filter(pa.array(fits)))
        if kind != "clock":
            a, b, c = (_ints(found, name) for name in "abc")
            parts[:, at] = (np.where(c < 100, c + 2000, c), a, b) if kind == "xxy" else (a, b, c)
            is_open[at] = kind == "xxy"
        clock[at] = _clock(found)
        zone[at] = _zone(found)
        left = left[~fits]
    if left.size:
        rest = texts.take(pa.array(left))
        counted = pc.match_substring_regex(rest, _SINCE_1970).to_numpy(zero_copy_only=False).astype(bool)
        ms = _since_1970(rest.filter(pa.array(counted)))
        at = left[counted]
        days = np.floor_divide(ms, DAY)
        parts[:, at], clock[at], zone[at] = _civil(days), ms - days * DAY, 0
        left = left[~counted]
        if left.size <= MOST_NAMED:
            _named(texts, left, parts, clock)
    bad = (parts[0] != NONE) & ~_possible(parts, is_open)
    parts[:, bad], clock[bad], zone[bad], is_open[bad] = NONE, NONE, NONE, False
    return Written(parts, is_open, clock, zone)


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array: what is computed on a long one may come back in pieces."""
    import pyarrow as pa

    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _ints(found: pa.StructArray, name: str) -> Ints:
    import pyarrow.compute as pc

    return _numbers(pc.struct_field(found, name))


def _numbers(text: pa.Array) -> Ints:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = pc.if_else(pc.equal(text, ""), None, text).cast(pa.int64())
    return np.asarray(numbers.fill_null(int(NONE)).to_numpy(zero_copy_only=False))


def _has(found: pa.StructArray, name: str) -> bool:
    return bool(found.type.get_field_index(name) >= 0)


def _clock(found: pa.StructArray) -> Ints:
    import pyarrow.compute as pc

    hours, minutes, seconds = (_ints(found, name) for name in "hms")
    ms = np.zeros_like(hours)
    if _has(found, "f"):
        # Fractions of a second as three figures; a text without any stays empty.
        f = pc.struct_field(found, "f")
        three = pc.utf8_slice_codeunits(pc.utf8_rpad(f, 3, "0"), 0, 3)
        ms = _numbers(pc.if_else(pc.equal(f, ""), "", three))
    if _has(found, "half"):
        half = pc.utf8_lower(pc.struct_field(found, "half"))
        late = pc.match_substring_regex(half, "^p|下午").fill_null(False).to_numpy(zero_copy_only=False)
        early = pc.match_substring_regex(half, "^a|上午").fill_null(False).to_numpy(zero_copy_only=False)
        hours = np.where(late & (hours < 12), hours + 12, np.where(early & (hours == 12), 0, hours))
    there = (hours != NONE) & (hours < 24) & (minutes < 60) & (seconds < 61)
    seconds, ms = np.where(seconds == NONE, 0, seconds), np.where(ms == NONE, 0, ms)
    return np.where(there, ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms, NONE)


def _zone(found: pa.StructArray) -> Ints:
    import pyarrow.compute as pc

    if not _has(found, "zone"):
        return np.full(len(found), NONE)
    once = _whole(_whole(pc.struct_field(found, "zone")).fill_null("").dictionary_encode())
    minutes = np.array([_minutes(str(word)) for word in once.dictionary.to_pylist()], dtype=np.int64)
    return np.asarray(minutes[once.indices.to_numpy(zero_copy_only=False)])


def _minutes(zone: str) -> int:
    if not zone:
        return int(NONE)
    if not zone.startswith(("+", "-")):
        return 0
    figures = zone[1:].replace(":", "")
    return (-1 if zone[0] == "-" else 1) * (int(figures[:2]) * 60 + int(figures[2:]))


def _since_1970(texts: pa.Array) -> Ints:
    """Milliseconds since 1970 of whole seconds, seconds, milliseconds or microseconds: by the number of figures."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pc.utf8_length(pc.replace_substring_regex(texts, r"\..*$", "")).to_numpy(zero_copy_only=False)
    numbers = texts.cast(pa.float64()).to_numpy(zero_copy_only=False)
    factor = np.where(whole == 10, 1000.0, np.where(whole < 14, 1.0, 0.001))
    return np.asarray(np.rint(numbers * factor), dtype=np.int64)


def _named(texts: pa.Array, left: Ints, parts: Ints, clock: Ints) -> None:
    """Dates whose month is a word, such as ``3 September 2025``."""
    from misread.rights.check.dictionary.entries import fold

    for i in left:
        text = str(texts[int(i)].as_py())
        if len(text) > 60:
            continue
        numbers = re.findall(r"(?<![\d:])\d{1,4}(?![\d:])", text)
        months = [MONTHS[word] for word in fold(text).split() if word in MONTHS]
        years = [int(number) for number in numbers if len(number) == 4]
        days = [int(number) for number in numbers if len(number) <= 2]
        if len(months) == len(years) == len(days) == 1:
            parts[:, i] = years[0], months[0], days[0]
            if time := re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?", text, re.IGNORECASE):
                hour = int(time[1]) % 12 + 12 * (time[4].upper() == "PM") if time[4] else int(time[1])
                clock[i] = ((hour * 60 + int(time[2])) * 60 + int(time[3] or 0)) * 1000


def _possible(parts: Ints, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
    year, first, second = parts
    one = (first >= 1) & (first <= 12) & (second >= 1) & (second <= 31)
    other = is_open & (second >= 1) & (second <= 12) & (first >= 1) & (first <= 31)
    return np.asarray((year >= FIRST) & (year <= LAST) & (one | other))


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970 in the Gregorian calendar; `NONE` where there is no such day."""
    known = (year != NONE) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(known, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = first + np.where(known, day, 1) - 1
    return np.where(known & (days < after), days, NONE)


def _civil(days: Ints) -> Ints:
    """Year, month and day of days since 1970, shape (3, days)."""
    date = days.astype("datetime64[D]")
    months = date.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.array([year, months.astype(np.int64) % 12 + 1, (date - months).astype(np.int64) + 1], dtype=np.int64)


def shape_of(texts: pa.Array) -> str:
    """What nearly all of some texts are: ``moment``, ``date``, ``clock``, or nothing of the kind."""
    if not len(texts):
        return ""
    found = written(texts)
    enough = 0.9 * len(texts)
    if (found.dated & found.timed).sum() >= enough:
        return "moment"
    if found.dated.sum() >= enough:
        return "date"
    return "clock" if (found.timed & ~found.dated).sum() >= enough else ""


def settled(columns: Sequence[Written], said: str) -> tuple[Order | None, frozenset[Order], bool]:
    """In which order columns of one name are read.

    Parameters
    ----------
    columns : sequence of Written
        What stands in them.
    said : str
        What the user said; empty if nothing.

    Returns
    -------
    tuple
        The order, None where it is open; the orders that some text is possible in only; whether it has to be asked.
    """
    proved = frozenset().union(*(column.orders() for column in columns))
    if said in ("dmy", "mdy"):
        return ("dmy" if said == "dmy" else "mdy"), proved, False
    if len(proved) == 1:
        return next(iter(proved)), proved, False
    return None, proved, any(column.asks for column in columns)
