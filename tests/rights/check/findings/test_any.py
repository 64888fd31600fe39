"""Whatever is in an export, there are 22 findings, and no exception but for what the user got wrong."""

import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from misread.rights.check.check import check
from misread.rights.check.dictionary.entries import CLASSES, dictionary
from misread.rights.check.findings.seen.checks import CHECKS
from misread.rights.check.model import Answers, Sheet
from misread.rights.check.said import as_json, lines
from tests.rights.check.findings.samples import calendar, export, record, sheet
from tests.rights.check.findings.test_kept import No

NAMES = st.one_of(
    st.sampled_from(sorted(dictionary().names)),
    st.sampled_from(
        ["emotion +5 min", "emotion +10 min", "minute ab 8 Uhr", "a.b.emotion", "emb_1", "emb_2", "zorbik"]
    ),
    st.text(min_size=1, max_size=8),
)
CELLS = st.one_of(
    st.sampled_from(sorted(dictionary().values)),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(str),
    st.datetimes().map(str),
    st.sampled_from(
        ["03/04/2025", "13/04/2025", "04/13/2025 08:00", "08:05", "8:05 PM", "1756713600", "999999999999999"]
    ),
    st.sampled_from(
        ["teacher, parent", '["staff"', "[[1]]", "0.5", "1,5", "80 %", "nan", "inf", "1e400", "-0", "S17", "S18"]
    ),
    st.text(max_size=6),
    st.none(),
)


@st.composite
def sheets(draw: st.DrawFn, name: str) -> Sheet:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    rows = draw(st.integers(0, 12))
    pools = [draw(st.lists(CELLS, min_size=1, max_size=4)) for _ in names]
    columns = {n: [draw(st.sampled_from(pool)) for _ in range(rows)] for n, pool in zip(names, pools, strict=True)}
    return sheet(columns, name)


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.floats(0, 2) | st.sampled_from(["none", "every 5 minutes", "30 days", "happy, sad", "0.9", "for ever"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["seconds", "number", "labels", "x"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
FIELDS = ["output.labels", "output.interval", "output.live_recipients", "ret.labels", "ret.templates", "acc.claim", "hist.changes", "input.joined_data", "input.identification", "sys.places", "share.third_parties"]  # fmt: skip
TOLD = st.dictionaries(st.sampled_from(FIELDS), VALUES.filter(lambda v: v not in (None, [], {})), max_size=5)


@settings(max_examples=20, deadline=None)
@given(
    tables=st.tuples(sheets("one"), sheets("two")),
    told=st.none() | TOLD,
    dates=st.sampled_from(["", "dmy", "mdy"]),
    zone=st.sampled_from(["", "Europe/Dublin"]),
    kinds=st.lists(st.sampled_from(CLASSES), max_size=3),
)
def test_there_are_always_22_findings(
    tables: tuple[Sheet, Sheet], told: dict[str, Any] | None, dates: str, zone: str, kinds: list[str]
) -> None:
    columns = dict(zip((n for n in tables[0].columns.column_names), kinds, strict=False))
    case: Any = No(opted_out_on=date(2025, 6, 1), left_on=date(2025, 9, 1))
    checked = check(
        export(*tables),
        record=None if told is None else record(**{k.replace(".", "__"): v for k, v in told.items()}),
        calendar=calendar(zone=zone),
        case=case,
        answers=Answers(dates=dates, columns=columns),
    )
    assert sorted(finding.code for finding in checked.findings) == list(CHECKS)
    assert lines(checked)
    # JSON proper: no number that JSON does not have.
    json.dumps(as_json(checked), allow_nan=False)
