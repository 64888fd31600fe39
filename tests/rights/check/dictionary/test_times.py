"""Dates and times: what is read, against datetime; and that the order of day and month is never guessed."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights.check.dictionary.times import DAY, NONE, Order, settled, shape_of, written

EPOCH = date(1970, 1, 1)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda t: t.replace(microsecond=0))
LISTS = st.lists(MOMENTS, min_size=1, max_size=8)


def days(texts: list[str], order: Order | None = None) -> list[date | None]:
    found = written(pa.array(texts, pa.string())).days(order)
    return [None if day == NONE else EPOCH + timedelta(int(day)) for day in found]


def read(texts: list[str], order: Order | None = None) -> list[datetime]:
    found = written(pa.array(texts, pa.string()))
    ms = found.days(order) * DAY + found.clock
    return [datetime(1970, 1, 1) + timedelta(milliseconds=int(n)) for n in ms]


@pytest.mark.parametrize(
    ("form", "order"),
    [
        ("%Y-%m-%d %H:%M:%S", None),
        ("%Y-%m-%dT%H:%M:%S", None),
        ("%Y/%m/%d %H:%M:%S", None),
        ("%Y%m%dT%H%M%S", None),
        ("%Y年%m月%d日 %H:%M:%S", None),
        ("%d.%m.%Y %H:%M:%S", "dmy"),
        ("%d/%m/%Y, %H:%M:%S", "dmy"),
        ("%m/%d/%Y %I:%M:%S %p", "mdy"),
        ("%m-%d-%Y %H:%M:%S", "mdy"),
        ("%d %B %Y %H:%M:%S", None),
        ("%b %d, %Y %I:%M:%S %p", None),
    ],
)
@settings(max_examples=10, deadline=None)
@given(moments=LISTS)
def test_what_was_written_is_read(form: str, order: Order | None, moments: list[datetime]) -> None:
    assert read([f"{moment:{form}}" for moment in moments], order) == moments


@settings(max_examples=25, deadline=None)
@given(moments=LISTS)
def test_seconds_since_1970_are_read(moments: list[datetime]) -> None:
    seconds = [int(moment.replace(tzinfo=UTC).timestamp()) for moment in moments]
    late = [n for n in seconds if n >= 1_000_000_000]
    expected = [datetime(1970, 1, 1) + timedelta(seconds=n) for n in late]
    assert read([str(n) for n in late]) == expected
    assert read([f"{n}000" for n in late]) == expected
    found = written(pa.array([str(n) for n in late], pa.string()))
    assert (found.zone == 0).all()


@settings(max_examples=50, deadline=None)
@given(moments=LISTS)
def test_an_open_order_is_not_guessed(moments: list[datetime]) -> None:
    texts = [f"{moment:%d/%m/%Y}" for moment in moments]
    column = written(pa.array(texts))
    order, proved, asks = settled([column], "")
    if any(moment.day > 12 for moment in moments):
        assert (order, asks) == ("dmy", False)
        assert days(texts, order) == [moment.date() for moment in moments]
    else:
        assert order is None
        assert proved == frozenset()
        assert asks == any(moment.day != moment.month for moment in moments)
        # Where both readings are one day there is nothing to ask.
        assert days(texts) == [m.date() if m.day == m.month else None for m in moments]


def test_the_user_says_the_order() -> None:
    column = written(pa.array(["03/04/2025"]))
    assert settled([column], "")[2]
    assert settled([column], "dmy") == ("dmy", frozenset(), False)
    assert days(["03/04/2025"], "dmy") == [date(2025, 4, 3)]
    assert days(["03/04/2025"], "mdy") == [date(2025, 3, 4)]


def test_a_mixed_order_is_seen() -> None:
    column = written(pa.array(["13/04/2025", "04/13/2025"]))
    assert settled([column], "") == (None, frozenset({"dmy", "mdy"}), True)


def test_columns_of_one_name_prove_each_others_order() -> None:
    first, second = written(pa.array(["03/04/2025"])), written(pa.array(["13/04/2025"]))
    assert settled([first, second], "")[0] == "dmy"


@pytest.mark.parametrize(
    ("text", "zone"),
    [("2025-09-01T08:00:00Z", 0), ("2025-09-01T08:00:00+02:00", 120), ("2025-09-01 08:00:00-0530", -330), ("2025-09-01 08:00", int(NONE))],
)  # fmt: skip
def test_time_zones(text: str, zone: int) -> None:
    assert written(pa.array([text])).zone[0] == zone


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("12:00 AM", 0),
        ("12:30 pm", 45_000_000),
        ("08:05:03.25", 29_103_250),
        ("8:05", 29_100_000),
        ("23:59:59,9", 86_399_900),
    ],
)
def test_times_of_day(text: str, ms: int) -> None:
    assert written(pa.array([text])).clock[0] == ms


@pytest.mark.parametrize(
    "text",
    ["", "x", "31/02/2025", "2025-02-30", "2025-13-01", "1234", "25:00", "08:61", "0001-01-01", "9999999999999999"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    found = written(pa.array([text]))
    assert (found.days("dmy") == NONE).all()
    assert text == "2025-02-30" or (found.clock == NONE).all() or found.dated.any()


@pytest.mark.parametrize(
    ("texts", "shape"),
    [
        (["2025-09-01 08:00", "2025-09-02 08:00"], "moment"),
        (["2025-09-01"], "date"),
        (["08:00"], "clock"),
        (["1", "2"], ""),
        ([], ""),
        (["2025-09-01", "x", "y"], ""),
    ],
)
def test_shapes(texts: list[str], shape: str) -> None:
    assert shape_of(pa.array(texts, pa.string())) == shape


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_text_is_read_as_a_date_or_as_none(texts: list[str]) -> None:
    found = written(pa.array(texts, pa.string()))
    for order in ("dmy", "mdy", None):
        assert len(found.days(order)) == len(texts)
    assert np.isin(found.clock[found.clock != NONE] // DAY, [0]).all()
