"""What could hide in a file, or be taken for something that it is not: then it says that it cannot tell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from misread.rights.check.check import check
from misread.rights.check.findings.seen.streams import LONGEST
from misread.rights.check.model import Answers, Checked, Note
from misread.rights.check.reading import read_export
from misread.rights.check.said import as_json, lines
from tests.rights.check.findings.samples import calendar, export, found, log, moments, one, record, school_days, sheet

LABELS = ("neutral", "happy", "sad", "angry", "bored")
TOLD = record(
    output__labels=list(LABELS),
    output__interval="every 5 minutes",
    output__level="each pupil",
    ret__labels="90 days",
)
AT = moments(school_days(20))


def rows(**more: Any) -> dict[str, list[Any]]:
    table = log(AT, LABELS)
    return table | {name: ([value] * len(AT) if isinstance(value, str) else value) for name, value in more.items()}


def verdicts(columns: dict[str, Sequence[Any]], answers: Answers | None = None) -> dict[str, str]:
    """Verdicts, the file having come on the day after its last."""
    came = replace(answers or Answers(), on=date(2025, 9, 27))
    checked = check(export(sheet(columns)), record=TOLD, calendar=calendar(), answers=came)
    return {finding.code: finding.verdict for finding in checked.findings}


def everything(checked: Checked) -> str:
    return "\n".join(lines(checked, everything=True)) + json.dumps(as_json(checked), ensure_ascii=False)


def test_nothing_is_wrong_with_these() -> None:
    seen = verdicts(rows())
    assert {code for code, verdict in seen.items() if verdict == "matches"} >= {
        "X03",
        "X04",
        "X06",
        "X07",
        "X09",
        "X12",
    }
    assert "contradicts" not in seen.values()


def test_while_the_order_of_dates_is_open_nothing_that_needs_them_matches() -> None:
    # The ninth of September can be read in one way only.
    table = rows()
    table["timestamp"] = [f"{t:%d/%m/%Y %H:%M:%S}" for t in moments(school_days(9))][: len(AT)]
    table = {name: column[: len(table["timestamp"])] for name, column in table.items()}
    seen = verdicts(table)
    assert {seen[code] for code in ("X06", "X07", "X08", "X09", "X11")} == {"cannot tell"}
    checked = check(export(sheet(table)))
    assert not any("2025" in line for line in checked.headline)
    assert verdicts(table, answers=Answers(dates="dmy"))["X06"] == "matches"


@pytest.mark.parametrize("written", ["", "some time ago"])
def test_labels_without_a_day_may_be_of_any_day(written: str) -> None:
    table = rows()
    table["timestamp"][5::16] = [written] * 20
    seen = verdicts(table)
    assert {seen[code] for code in ("X06", "X07", "X09", "X11")} == {"cannot tell"}


def test_numbers_in_place_of_words_are_codes() -> None:
    table = rows()
    table["emotion"] = [str(LABELS.index(word)) for word in table["emotion"]]
    seen = verdicts(table)
    assert seen["X03"] == seen["X04"] == "cannot tell"
    assert seen["X20"] == "not mentioned"


def test_a_scale_that_nobody_disclosed() -> None:
    values = np.random.default_rng(1).random(len(AT)).round(3)
    table = rows(stress_score=[str(value) for value in values])
    assert verdicts(table)["X03"] == "not mentioned"
    told = record(output__labels=[*LABELS, "stress score"])
    assert one("X03", table, record=told).verdict == "matches"


GERMAN = {"neutral": "neutral", "happy": "glücklich", "sad": "traurig", "angry": "wütend", "bored": "gelangweilt"}


def test_the_same_words_in_another_language_are_not_held_against_a_school() -> None:
    table = rows()
    table["emotion"] = [GERMAN[word] for word in table["emotion"]]
    assert verdicts(table)["X04"] == "cannot tell"


def test_one_word_in_another_language_among_others_is() -> None:
    table = rows()
    table["emotion"] = [GERMAN[word] if word == "bored" else word for word in table["emotion"]]
    finding = one("X04", table, record=TOLD)
    assert finding.verdict == "contradicts"
    assert [label["label"] for label in finding.saw["not_disclosed"]] == ["gelangweilt"]


def test_a_column_that_nobody_knows_may_name_others() -> None:
    table = rows(zorbik=["Qz"] + [""] * (len(AT) - 1))
    assert verdicts(table)["X12"] == "cannot tell"
    assert verdicts(table, answers=Answers(columns={"zorbik": "code"}))["X12"] == "matches"


@pytest.mark.parametrize(
    "names", [("Child Qz",), ("Child Qz", "Child Qy"), ("emotion Qz", "emotion Qy"), ("Qz", "Qy")], ids=str
)
def test_columns_that_may_be_called_after_children_are_called_by_number(names: tuple[str, ...]) -> None:
    table = {"date": [f"{t:%Y-%m-%d}" for t in AT], "time": [f"{t:%H:%M}" for t in AT]}
    table |= {name: log(AT, LABELS, seed=i)["emotion"] for i, name in enumerate(names)}
    checked = check(export(sheet(table)))
    assert found(checked, "X12").verdict == "cannot tell"
    assert not any(name in everything(checked) for name in names)


def test_tables_that_may_be_called_after_children_are_called_by_number() -> None:
    tables = []
    for seed, name in enumerate(("Qz", "Qy")):
        table = log(AT, LABELS, seed=seed)
        del table["student_id"]
        tables.append(sheet(table, name))
    note = Note("hidden-sheet", "The sheet “Qy” is hidden.", "Qy")
    checked = check(export(*tables, notes=[note]), record=TOLD)
    finding = found(checked, "X12")
    assert finding.verdict == "cannot tell"
    assert finding.saw["tables_at_once"] == 2
    assert found(checked, "X19").verdict == "not mentioned"
    assert not any(name in everything(checked) for name in ("Qz", "Qy"))


def test_tables_of_several_years_keep_their_names() -> None:
    tables = []
    for name, at in (("year 1", AT[:160]), ("year 2", AT[160:])):
        table = log(at, LABELS)
        del table["student_id"]
        tables.append(sheet(table, name))
    checked = check(export(*tables))
    assert "tables_at_once" not in found(checked, "X12").saw
    assert "year 2" in everything(checked)


def test_a_long_text_among_labels_is_not_shown() -> None:
    table = rows()
    table["emotion"][3] = "Qz " * LONGEST
    checked = check(export(sheet(table)), record=TOLD)
    assert "Qz" not in everything(checked)
    assert found(checked, "X03").verdict == "cannot tell"


def test_a_number_of_a_pupil_may_be_written_as_a_fraction() -> None:
    table = rows()
    table["student_id"] = ["17", "17.0"] * (len(AT) // 2)
    assert verdicts(table)["X12"] == "matches"


@pytest.mark.parametrize(
    ("kept", "verdict"), [("30 days", "cannot tell"), ("not kept", "matches"), ("0 days", "matches")]
)
def test_templates_that_are_said_to_be_kept_and_are_not_there(kept: str, verdict: str) -> None:
    assert one("X02", rows(), record=record(ret__templates=kept)).verdict == verdict


NESTED = [{"date": f"{t:%Y-%m-%d}", "time": f"{t:%H:%M}", "emotion": LABELS[i % 5]} for i, t in enumerate(AT[:40])]
CHILDREN = {name: {"name": name, "readings": NESTED} for name in ("Qz", "Qy")}


@pytest.mark.parametrize(
    "document",
    [
        {"students": CHILDREN},
        {"students": {name: child["readings"] for name, child in CHILDREN.items()}},
        {"days": [{"date": row["date"], "Qz": {"emotion": "sad"}, "Qy": {"emotion": "happy"}} for row in NESTED]},
        {"student": "S17", "seats": {"child Qz": "3,4", "child Qy": "5,6"}, "readings": NESTED},
    ],
    ids=["objects", "lists", "columns", "seats"],
)
def test_keys_of_a_document_that_may_be_names_of_children_are_not_shown(document: Any) -> None:
    checked = check(read_export("a.json", json.dumps(document).encode()))
    assert found(checked, "X12").verdict in ("contradicts", "cannot tell")
    assert "Qy" not in everything(checked)


def test_what_is_said_to_be_of_two_children_is_left_out() -> None:
    export_ = read_export("a.json", json.dumps({"students": CHILDREN}).encode())
    checked = check(export_, answers=Answers(pupil="Qz"))
    assert found(checked, "X12").verdict == "contradicts"
    assert found(checked, "X03").saw["labels"] == []
    assert "Qy" not in everything(checked)
