"""`misread claim`: as one types it."""

from __future__ import annotations

import json

import pytest

from misread.audit.claim import Given, meaning, read, row
from misread.audit.claim.said import FIELDS
from misread.deployment import load, looks_per_lesson
from misread.rights.record.fields import FIELDS as KNOWN
from tests.cli.calls import call, mistake


def found(*args):
    told = json.loads(call("claim", *args, "--json"))
    assert told["format"] == "misread-claim/1"
    return told


def test_a_claim_and_what_it_leaves_open():
    said = " ".join(call("claim", "95 % accurate", "--prevalence", "5%").split())
    for one in (
        "5 of 100 readings are wrong. It does not say which.",
        "wrong 0 to 50 times of 100, if 5 of 100 looks meet what it looks for.",
        "A machine that never gives an alarm would be right in 95 of 100 looks.",
        "5 of 100 0 to 5.3 50 to 100 50 0 to 2.4 0 to 72 0 to 12,960",
        "Assumed, as in the deployment as-described: 48 looks a day, 30 children in a class, 180 school days a year.",
        "What it does not say: ask",
        "[acc.by_group]",
        "misread run vendor-claim",
    ):
        assert one in said, one


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("sentence", ["98.7% precision", "95 % accurate", "specificity of 99.99 %"])
def test_no_cell_of_a_table_is_cut_off(sentence, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    (part,) = meaning(read(sentence), Given(None, 48, 30, 180)).parts
    said = call("claim", sentence)
    for one in part.rows:
        for cell in row(one):
            assert all(word in said for word in cell.split())
    assert "…" not in said
    assert width == 40 or all(" ".join(row(one)) in " ".join(said.split()) for one in part.rows if row(one)[3])


def test_what_matters_most_comes_first_and_nothing_twice():
    lines = call("claim", "up to 95 % accurate; sensitivity 90 %, specificity 95 %").splitlines()
    said = " ".join(" ".join(lines).split())
    assert lines[2] == "In short"
    for once in ("any number of them would fit", "The rows are examples", "Looks that meet it: how common"):
        assert said.count(once) <= 1
    # How rows are read stands under the first table, before what is asked.
    assert said.index("The rows are examples") < said.index("“sensitivity 90 %”")
    assert all(
        not line.startswith("  1") or line[:6] in ("  1.  ", "  10. ", "  11. ", "  12. ", "  13. ") for line in lines
    )


@pytest.mark.parametrize("width", [1, 7, 24, 300])
def test_any_width_will_do(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    said = " ".join(call("claim", "between 85 and 95 % accurate").split())
    assert "if it errs as often on each child" in said


def test_a_sentence_may_begin_with_a_minus_sign():
    assert "below 0" in call("claim", "--", "-5 % accurate")


def test_the_school_day_is_that_of_the_shipped_deployment():
    day = load("as-described")
    told = found("95 % accurate")["given"]
    assert told["looks_per_day"] == day.calendar.lessons_per_day * looks_per_lesson(day)
    assert told["assumed"] == dict.fromkeys(("looks_per_day", "children", "days"), "as-described")
    # Every 30 seconds: that is in the sentence.
    assert found("every 30 seconds it is 95 % accurate")["given"]["looks_per_day"] == 6 * 40 * 60 / 30


def test_what_is_given_is_not_assumed():
    told = found(
        "95 % accurate", "--looks-per-day", 10, "--children", 20, "--days", 200, "--prevalence", "0.1", "--tested", 50
    )
    assert told["given"] == {
        "prevalence": 0.1,
        "looks_per_day": 10,
        "children": 20,
        "days": 200,
        "tested": 50,
        "assumed": {},
    }
    (row,) = told["meaning"][0]["rows"]
    assert row["class_year"] == pytest.approx([0, 0.05 * 10 * 20 * 200])


def test_what_is_not_understood_is_asked_and_that_is_no_mistake():
    told = found("95")
    assert not told["understood"]
    assert told["meaning"] == []
    assert told["unclear"][0]["question"] == "Is that per cent?"
    said = call("claim", "95")
    # Each choice is a command that can be typed as it stands.
    for choice in told["unclear"][0]["choices"]:
        assert f'misread claim "{choice["say"]}"\n' in said
        assert found(choice["say"])["understood"]


def test_praise_needs_no_school_day():
    assert found("validated")["given"]["looks_per_day"] is not None
    assert "looks a day" not in call("claim", "validated")


@pytest.mark.parametrize("given", ["5", "5 % to 10 %", "some", "", "over 5 %", "5 % of pupils"])
def test_a_share_that_is_none_is_refused(given):
    assert "such as 5% or 0.05" in mistake("claim", "95 % accurate", "--prevalence", given)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([""], "The claim is empty."),
        (["95 % accurate" * 999], "at most 1,000 characters"),
        (["95 % accurate", "--children", "0"], "--children"),
        (["95 % accurate", "--looks-per-day", "nan"], "--looks-per-day"),
        (["95", "%", "accurate"], "unexpected extra arguments"),
    ],
)
def test_a_mistake_is_told(args, said):
    assert said in mistake("claim", *args)


def test_a_hostile_sentence_reaches_no_terminal():
    assert "\x1b" not in mistake("claim", "\x1b]0;owned\x07 95 % accurate")


def test_fields_of_the_record_are_there():
    assert set(FIELDS.values()) <= set(KNOWN)
