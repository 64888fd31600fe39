"""Changes: whatever is done to a record, its history replays to it, and nothing that was told is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.record.change import answered, asked, disputed, entered, new, overdue, taken_back
from misread.rights.record.model import (
    BLANK,
    EVIDENCE,
    STATUSES,
    Answer,
    Asked,
    Dispute,
    Evidence,
    Record,
    lacking,
    replay,
)
from misread.rights.record.store import read_record, record_text

ON = date(2026, 11, 2)
FIELDS = st.sampled_from(["ret.labels", "acc.claim"])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
WORDS = st.sampled_from(["", "30 days", "“bored”", "否", "a: b"])
PROOFS = st.builds(Evidence, kind=st.sampled_from(sorted(EVIDENCE)), title=st.sampled_from("AB"), quote=WORDS)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "value": st.one_of(WORDS, st.booleans(), st.lists(st.integers(), max_size=2)),
        "said_by": WORDS,
        "note": WORDS,
        "evidence": st.lists(PROOFS, max_size=2).map(tuple),
        "asked": st.lists(st.builds(Asked, letter=st.sampled_from("xy"), on=DAYS), max_size=1).map(tuple),
    },
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("entered"), FIELDS, st.sampled_from(sorted(STATUSES)), PARTS),
        st.tuples(st.just("asked"), FIELDS, DAYS, st.none() | DAYS),
        st.tuples(st.just("overdue"), DAYS),
        st.tuples(st.just("disputed"), FIELDS, WORDS.filter(bool)),
        st.tuples(st.just("taken_back"), FIELDS),
    ),
    max_size=12,
)


def taken(record: Record, step: tuple[object, ...]) -> Record:
    """The record after a step; the same where the step is refused."""
    try:
        match step:
            case ("entered", field, status, parts):
                return entered(record, field, status, on=ON, why="a step", **parts)
            case ("asked", field, day, due):
                return asked(record, [field], "access.eu.en", day, due)
            case ("overdue", day):
                return overdue(record, day)
            case ("disputed", field, says):
                return disputed(record, field, Dispute(by="school", on=ON, says=says))
            case ("taken_back", field):
                return taken_back(record, field, on=ON, why="a mistake")
    except MisreadError:
        return record
    raise AssertionError(step)


@given(STEPS)
@settings(max_examples=150)
def test_whatever_is_done_the_history_replays_to_the_record(steps):
    record = new("School A", "eu", on=ON)
    for step in steps:
        before = record
        record = taken(record, step)
        assert record.history[: len(before.history)] == before.history
        for id, answer in record.answers.items():
            assert not lacking(answer)
            old = before.answer(id)
            if step[0] != "taken_back":
                assert answer.evidence[: len(old.evidence)] == old.evidence
                assert answer.dispute[: len(old.dispute)] == old.dispute
                assert len(answer.asked) >= len(old.asked)
                told = ("disclosed", "partly", "contradicted")
                assert old.status not in told or answer.status in (*told, "not_applicable")
    assert replay(record.history) == record.answers
    assert read_record(record_text(record).encode()) == record


@given(STEPS.filter(bool), st.data())
@settings(max_examples=60)
def test_taking_back_goes_back_step_by_step(steps, data):
    record = new("School A", "eu", on=ON)
    states = [record]
    for step in steps:
        if step[0] != "taken_back":
            record = taken(record, step)
            states.append(record)
    field = data.draw(FIELDS)
    answers = [state.answer(field) for state in states]
    changes = sum(change.field == field for change in record.history)
    for _ in range(changes):
        record = taken_back(record, field, on=ON, why="a mistake")
        assert record.answer(field) in answers
    assert record.answer(field) == BLANK
    with pytest.raises(MisreadError, match="can be taken back"):
        taken_back(record, field, on=ON, why="a mistake")
    assert read_record(record_text(record).encode()) == record


def test_a_contradiction_needs_only_the_second_piece():
    notice = Evidence(kind="notice", title="Privacy notice", quote="Labels are kept for 30 days.")
    export = Evidence(kind="export", title="export.csv", quote="The oldest label is 812 days old.")
    record = entered(new("School A", on=ON), "ret.labels", "disclosed", on=ON, why="read", evidence=(notice,))
    record = entered(record, "ret.labels", "contradicted", on=ON, why="the export says", evidence=(export,))
    assert record.answer("ret.labels").evidence == (notice, export)
    with pytest.raises(MisreadError, match="two pieces of evidence"):
        entered(new("School A", on=ON), "ret.labels", "contradicted", on=ON, why="?", evidence=(export,))


def test_an_answer_closes_the_letters_that_were_open_and_a_note_does_not():
    record = asked(new("School A", on=ON), ["ret.labels"], "access.eu.en", ON, ON + timedelta(days=30))
    noted = entered(record, "ret.labels", "pending", on=ON, why="a note", note="Sent by post.")
    assert [one.answer for one in noted.answer("ret.labels").asked] == ["none"]
    for status, came in (("partly", "partly"), ("disclosed", "full"), ("refused", "refused")):
        told = Answer(status=status, value="30 days", said_by="school", asked=(Asked(letter="call", on=ON),))
        done = answered(noted, "ret.labels", told, on=ON, why="a reply").answer("ret.labels")
        assert [(one.letter, one.answer) for one in done.asked] == [("access.eu.en", came), ("call", came)]


def test_what_is_told_stays_told_when_it_is_asked_again():
    told = Answer(status="partly", value="a while", said_by="school")
    record = answered(new("School A", on=ON), "ret.labels", told, on=ON, why="a notice")
    record = asked(record, ["ret.labels"], "access.eu.en", ON, ON)
    answer = overdue(record, ON + timedelta(days=1)).answer("ret.labels")
    assert (answer.status, len(answer.open)) == ("partly", 1)
    noted = entered(record, "ret.labels", "partly", on=ON, why="a note", note="Ask again.")
    assert len(noted.answer("ret.labels").open) == 1


def test_an_answer_that_was_a_mistake_is_taken_back_and_not_called_never_asked():
    record = entered(new("A", on=ON), "ret.labels", "disclosed", on=ON, why="told", value="30 days", said_by="school")
    with pytest.raises(MisreadError, match=r"misread rights record undo FILE ret\.labels"):
        entered(record, "ret.labels", "never_asked", on=ON, why="slip")
    assert taken_back(record, "ret.labels", on=ON, why="slip").answer("ret.labels").status == "never_asked"


def test_a_letter_asks_a_field_once():
    record = asked(new("School A", on=ON), ["ret.labels", "ret.labels"], "access.eu.en", ON, None)
    assert len(record.answer("ret.labels").asked) == 1


def test_a_change_that_cannot_be_says_where_and_how_to_mend_it():
    told = Answer(status="disclosed", value="30 days", said_by="school")
    record = answered(new("School A", on=ON), "ret.labels", told, on=ON, why="a notice")
    with pytest.raises(MisreadError) as error:
        answered(record, "ret.labels", Answer(status="unsourced", value="x"), on=ON, why="a rumour")
    (problem,) = error.value.problems
    assert problem.key == "ret.labels"
    assert "disclosed cannot become unsourced" in problem.what
    with pytest.raises(MisreadError, match=r"did you mean `ret\.labels`"):
        answered(record, "ret.label", told, on=ON, why="a notice")
