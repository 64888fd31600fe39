"""X03, X04, X05, X14, X15: what the labels say."""

from typing import Any

import pytest

from misread.rights.check.findings.labels import same_word
from misread.rights.check.model import Answers
from tests.rights.check.findings.samples import LABELS, log, moments, one, record, school_days

AT = moments(school_days(20))
N = len(AT)
DISCLOSED = [label for label in LABELS if label != "none"]


def rows(**more: Any) -> dict[str, list[Any]]:
    return {**log(AT), **{name: [cells] * N if isinstance(cells, str) else list(cells) for name, cells in more.items()}}


def relabelled(old: str, new: str, start: int = 0) -> dict[str, list[Any]]:
    table = rows()
    table["emotion"] = [new if word == old and i >= start else word for i, word in enumerate(table["emotion"])]
    return table


def test_labels_are_counted_with_their_class() -> None:
    table = relabelled("bored", "head down")
    finding = one("X03", table)
    counts = {label["label"]: (label["count"], label["class"]) for label in finding.saw["labels"]}
    assert counts["head down"] == (table["emotion"].count("head down"), "apparent-expression")
    assert counts["none"] == (table["emotion"].count("none"), "nothing")
    assert sum(n for n, _ in counts.values()) == N
    assert finding.verdict == "cannot tell"
    assert one("X03", rows(), record=record()).verdict == "not mentioned"
    assert one("X03", rows(), record=record(output__labels=DISCLOSED)).verdict == "matches"
    assert one("X03", table, record=record(output__labels=DISCLOSED)).verdict == "contradicts"


def test_numbers_are_a_scale() -> None:
    finding = one("X03", rows(engagement_score=[str(i / N) for i in range(N)]))
    (scale,) = finding.saw["scales"]
    assert (scale["class"], scale["count"], scale["low"], scale["high"]) == ("engagement", N, 0, (N - 1) / N)


def test_without_labels_it_cannot_tell() -> None:
    table = rows()
    del table["emotion"]
    for code in ("X03", "X04", "X16"):
        assert one(code, table).verdict == "cannot tell"


def test_every_label_was_disclosed() -> None:
    assert one("X04", rows(), record=record(output__labels=[w.upper() for w in DISCLOSED])).verdict == "matches"


@pytest.mark.parametrize(("said", "verdict"), [(None, "cannot tell"), ({}, "not mentioned")])
def test_without_a_list_of_labels(said: dict[str, Any] | None, verdict: str) -> None:
    assert one("X04", rows(), record=None if said is None else record(**said)).verdict == verdict


def test_bored_that_was_renamed_head_down_is_found() -> None:
    table = relabelled("bored", "head down")
    finding = one("X04", table, record=record(output__labels=DISCLOSED))
    first = table["emotion"].index("head down")
    assert finding.verdict == "contradicts"
    (label,) = finding.saw["not_disclosed"]
    assert (label["class"], label["count"]) == ("apparent-expression", table["emotion"].count("head down"))
    # The first row of the table holds the names.
    assert label["row_sample"][0] == {"sheet": "table", "column": 3, "name": "emotion", "row": first + 2}
    assert finding.saw["disclosed_and_never_seen"] == ["bored"]
    assert finding.saw["taken_over"] == []


def test_a_label_that_takes_over_is_found() -> None:
    finding = one("X04", relabelled("bored", "head down", N // 2), record=record(output__labels=DISCLOSED))
    (taken,) = finding.saw["taken_over"]
    assert (taken["new"], taken["old"]) == ("head down", "bored")
    assert "begins where “bored” ends" in finding.says


def test_a_label_beside_the_others_takes_nothing_over() -> None:
    table = rows()
    table["emotion"][::40] = ["tired"] * len(table["emotion"][::40])
    finding = one("X04", table, record=record(output__labels=DISCLOSED))
    assert finding.verdict == "contradicts"
    assert finding.saw["taken_over"] == []


def test_labels_in_another_language_than_the_list_are_not_held_against_it() -> None:
    assert one("X04", rows(), record=record(output__labels=["glücklich", "traurig"])).verdict == "cannot tell"


def test_none_needs_no_disclosure() -> None:
    table = {**rows(), "emotion": ["happy", "none"] * (N // 2)}
    assert one("X04", table, record=record(output__labels=["happy"])).verdict == "matches"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, "not mentioned"),
        ({"output__labels": DISCLOSED}, "matches"),
        ({"output__labels": DISCLOSED, "output__live_recipients": ["teacher"]}, "cannot tell"),
        ({"output__labels": DISCLOSED, "input__joined_data": "grades"}, "contradicts"),
        ({"output__labels": DISCLOSED, "input__joined_data": "none"}, "matches"),
    ],
)
def test_kinds_that_are_missing(said: dict[str, Any], verdict: str) -> None:
    assert one("X05", rows(), record=record(**said)).verdict == verdict


def test_who_received_alerts_is_missing_only_where_there_are_alerts() -> None:
    told = record(output__labels=DISCLOSED, output__live_recipients=["teacher"])
    assert one("X05", rows(flag="rule 1"), record=told).verdict == "contradicts"
    assert one("X05", rows(flag=""), record=told).verdict == "cannot tell"


def test_what_is_missing_may_be_in_a_column_that_nobody_knows() -> None:
    told = record(output__labels=DISCLOSED, output__live_recipients=["teacher"])
    assert one("X05", rows(zorbik="quux", flag="rule 1"), record=told).verdict == "cannot tell"
    answers = Answers(columns={"zorbik": "recipient"})
    assert one("X05", rows(zorbik="quux", flag="rule 1"), record=told, answers=answers).verdict == "matches"


def test_one_version() -> None:
    assert one("X14", rows(model_version="2.1")).verdict == "matches"
    assert one("X14", rows()).verdict == "cannot tell"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "cannot tell"),
        ({}, "not mentioned"),
        ({"hist__changes": "none"}, "contradicts"),
        ({"hist__changes": "2.2 since October"}, "matches"),
        ({"hist__changes": "1.9 since June"}, "not mentioned"),
    ],
)
def test_a_change_of_version(said: dict[str, Any] | None, verdict: str) -> None:
    half = N // 2
    table = relabelled("happy", "sad", half) | {"model_version": ["2.1"] * half + ["2.2"] * half}
    finding = one("X14", table, record=None if said is None else record(**said))
    assert finding.verdict == verdict
    assert finding.saw["versions"] == {"2.1": half, "2.2": half}
    (change,) = finding.saw["changes"]
    assert (change["from"], change["to"], change["row"]) == ("2.1", "2.2", half + 2)
    # The drift, counted another way.
    before, after = table["emotion"][:half], table["emotion"][half:]
    drift = sum(abs(before.count(w) - after.count(w)) for w in LABELS) / half / 2
    assert change["drift"] == pytest.approx(drift, abs=1e-4)


def confidences(*values: float) -> list[str]:
    return [str(values[i % len(values)]) for i in range(N)]


@pytest.mark.parametrize(
    ("cells", "noticed"),
    [
        ([str(i / N) for i in range(N)], []),
        (confidences(0.9), ["constant"]),
        (confidences(0.1, 0.3, 0.75), ["rounded"]),
        (confidences(0.512, 0.6, 0.98), ["cut"]),
        (confidences(51.2, 60.3, 98), ["cut"]),
        (confidences(0.5, 0.75), ["rounded", "cut"]),
    ],
)
def test_confidence_values(cells: list[str], noticed: list[str]) -> None:
    finding = one("X15", rows(confidence=cells))
    assert finding.saw["columns"][0]["noticed"] == noticed
    assert finding.verdict == ("not mentioned" if noticed else "matches")


def test_confidence_that_is_missing_for_one_label() -> None:
    table = rows(confidence=[str(i / N) for i in range(N)])
    table["confidence"] = [
        "" if w == "bored" else c for w, c in zip(table["emotion"], table["confidence"], strict=True)
    ]
    finding = one("X15", table)
    assert finding.saw["columns"][0]["missing_for"] == ["bored"]
    assert finding.saw["columns"][0]["noticed"] == ["missing"]


def test_no_confidence_values() -> None:
    assert one("X15", rows()).verdict == "cannot tell"


def mixed(kinds: tuple[str, str], alert: str, name: str = "type") -> dict[str, list[Any]]:
    """Readings and alerts in one column, an alert at the moment of every tenth reading."""
    table = rows()
    out: dict[str, list[Any]] = {key: [] for key in (*table, name)}
    for i in range(N):
        for key in table:
            out[key].append(table[key][i])
        out[name].append(kinds[0])
        if i % 10 == 0:
            for key in ("student_id", "timestamp"):
                out[key].append(table[key][i])
            out["emotion"].append(alert)
            out[name].append(kinds[1])
    return out


CODES = ("X03", "X04", "X16")


def test_alerts_among_labels_are_told_apart_by_the_kind_of_entry() -> None:
    told = record(output__labels=DISCLOSED)
    for name in ("type", "zorbik"):
        table = mixed(("reading", "alert"), "not attentive", name)
        assert [one(code, table, record=told).verdict for code in CODES] == ["matches"] * 3, name


def test_while_the_kinds_of_entry_are_open_nothing_is_held_against_alerts() -> None:
    told = record(output__labels=DISCLOSED)
    table = mixed(("blip", "blop"), "not attentive", "zorbik")
    code = {"zorbik": "code"}
    for answers in (Answers(), Answers(columns=code), Answers(columns=code, words={"blip": "reading"})):
        assert [one(c, table, record=told, answers=answers).verdict for c in CODES] == ["cannot tell"] * 3
    answers = Answers(columns=code, words={"blip": "reading", "blop": "alert"})
    assert [one(c, table, record=told, answers=answers).verdict for c in CODES] == ["matches"] * 3


def test_an_alert_of_an_unknown_name_is_asked_about_first() -> None:
    told = record(output__labels=DISCLOSED)
    table = mixed(("reading", "alert"), "alavire")
    del table["type"]
    assert [one(c, table, record=told).verdict for c in CODES] == ["cannot tell"] * 3
    answers = Answers(words={"alavire": "alert"})
    assert [one(c, table, record=told, answers=answers).verdict for c in CODES] == ["matches"] * 3


@pytest.mark.parametrize(
    ("one_word", "other", "same"),
    [
        ("bored", "Boredom", True),
        ("happy", "happiness", True),
        ("angry", "anger", True),
        ("überrascht", "Überraschung", True),
        ("distracted", "disengaged", False),
        ("sad", "surprised", False),
        ("smile", "smiley", False),
        ("head down", "head up", False),
        ("Verachtung", "verärgert", False),
    ],
)
def test_forms_of_one_word(one_word: str, other: str, same: bool) -> None:
    assert same_word(one_word, other) is same
    assert same_word(other, one_word) is same


def test_a_word_that_was_disclosed_in_another_form_was_disclosed() -> None:
    table = log(moments(school_days(5)), ("neutral", "happy", "bored"))
    told = record(output__labels=["neutral", "happiness", "boredom"])
    finding = one("X04", table, record=told)
    assert finding.verdict == "matches"
    assert "“bored” – “boredom”" in finding.says
    table["emotion"][5] = "head down"
    finding = one("X04", table, record=told)
    assert finding.verdict == "contradicts"
    assert [label["label"] for label in finding.saw["not_disclosed"]] == ["head down"]
