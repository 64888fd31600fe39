"""What an answer needs to have its status, and what a history has to be."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from misread.rights.record.change import answered, new, overdue
from misread.rights.record.change import asked as ask
from misread.rights.record.model import BLANK, MAY, STATUSES, Answer, Asked, Change, Evidence, Record, may, replay

ON = date(2026, 11, 2)
NOTICE = Evidence(kind="notice", title="Privacy notice", quote="Labels are kept for 30 days.")
EXPORT = Evidence(kind="export", title="export.csv", quote="The oldest label is 812 days old.")
PRESS = Evidence(kind="press", title="A newspaper", quote="They keep it for good.")
OPEN = Asked(letter="access.eu.en", on=ON, due=date(2026, 12, 2))
CLOSED = Asked(letter="access.eu.en", on=ON, answer="refused")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "disclosed", "value": "30 days", "said_by": "school"},
        {"status": "disclosed", "evidence": (NOTICE,)},
        {"status": "partly", "value": "some days", "evidence": (NOTICE,)},
        {"status": "contradicted", "evidence": (NOTICE, EXPORT)},
        {"status": "refused", "asked": (CLOSED,)},
        {"status": "no_answer", "asked": (OPEN,)},
        {"status": "pending", "asked": (OPEN,)},
        {"status": "never_asked"},
        {"status": "never_asked", "evidence": (NOTICE,), "note": "A promise."},
        {"status": "unsourced", "value": "for good", "evidence": (PRESS,)},
        {"status": "unsourced", "evidence": (PRESS,)},
        {"status": "not_applicable", "note": "It takes no sound in."},
    ],
)
def test_what_has_all_that_its_status_needs_is_taken(answer):
    assert Answer(**answer).status == answer["status"]


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        ({"status": "disclosed"}, "neither a value nor a quotation"),
        ({"status": "disclosed", "said_by": "school"}, "neither a value nor a quotation"),
        ({"status": "disclosed", "value": "", "said_by": "school"}, "neither a value nor a quotation"),
        ({"status": "unsourced", "value": []}, "what is claimed"),
        ({"status": "disclosed", "value": "30 days"}, "neither evidence nor `said_by`"),
        ({"status": "disclosed", "value": "30 days", "evidence": (PRESS,)}, "only rumoured is `unsourced`"),
        ({"status": "partly", "value": "30 days"}, "neither evidence nor `said_by`"),
        ({"status": "contradicted", "evidence": (NOTICE,)}, "two pieces of evidence"),
        ({"status": "contradicted", "evidence": (NOTICE, NOTICE)}, "two pieces of evidence"),
        ({"status": "refused"}, "needs an `asked` entry"),
        ({"status": "no_answer"}, "needs an `asked` entry"),
        ({"status": "no_answer", "asked": (CLOSED,)}, "to which nothing came"),
        ({"status": "pending", "asked": (CLOSED,)}, "to which nothing came"),
        ({"status": "not_applicable"}, "needs a reason"),
        ({"status": "unsourced"}, "what is claimed"),
        ({"status": "unsourced", "value": "for good", "evidence": (PRESS, NOTICE)}, "more than rumour"),
        ({"status": "never_asked", "asked": (OPEN,)}, "says that it was asked"),
        ({"status": "never_asked", "value": "30 days"}, "has a value"),
        ({"status": "told"}, "disclosed"),
        ({"status": "disclosed", "value": "a\nb", "said_by": "school"}, "line breaks"),
        ({"status": "disclosed", "value": {"a\u202e": 1}, "said_by": "school"}, "line breaks"),
        ({"status": "disclosed", "value": [[[[[[[["x"]]]]]]]], "said_by": "school"}, "nested"),
        ({"status": "disclosed", "value": "x" * 20_001, "said_by": "school"}, "20,001 characters"),
        ({"status": "disclosed", "value": float("nan"), "said_by": "school"}, "finite"),
    ],
)
def test_what_lacks_something_is_refused_and_told_what(answer, lacks):
    with pytest.raises(ValidationError, match=lacks):
        Answer(**answer)


def test_every_status_may_stay_and_nothing_goes_back_to_never_asked():
    assert set(MAY) == set(STATUSES)
    for status in STATUSES:
        assert may(status, status)
        assert may(status, "never_asked") == (status == "never_asked")


@pytest.mark.parametrize("told", ["disclosed", "partly", "contradicted"])
@pytest.mark.parametrize("after", ["pending", "refused", "no_answer", "unsourced"])
def test_what_was_told_stays_told(told, after):
    assert not may(told, after)


@pytest.mark.parametrize("asked", ["pending", "no_answer", "refused"])
def test_what_was_asked_is_no_rumour_any_more(asked):
    assert not may(asked, "unsourced")


def test_a_field_nobody_touched_was_never_asked():
    assert new("School A", on=ON).answer("ret.labels") == BLANK


def test_silence_after_the_day_is_no_answer_and_not_before():
    record = ask(new("School A", on=ON), ["ret.labels", "acc.claim"], "access.eu.en", ON, date(2026, 12, 2))
    assert overdue(record, date(2026, 12, 2)) == record
    late = overdue(record, date(2026, 12, 3))
    assert {late.answer(id).status for id in ("ret.labels", "acc.claim")} == {"no_answer"}
    assert late.history[-1].why == "nothing came by 2026-12-02"
    assert overdue(late, date(2027, 1, 1)) == late


def test_without_a_day_there_is_no_lateness():
    record = ask(new("School A", on=ON), ["ret.labels"], "access.cn.zh-Hans", ON, None)
    assert overdue(record, date(2036, 1, 1)) == record


def test_the_last_day_of_several_letters_counts():
    record = ask(new("School A", on=ON), ["ret.labels"], "access.eu.en", ON, date(2026, 12, 2))
    record = ask(record, ["ret.labels"], "records.uk.en", ON, date(2026, 12, 9))
    assert overdue(record, date(2026, 12, 5)).answer("ret.labels").status == "pending"
    assert overdue(record, date(2026, 12, 10)).answer("ret.labels").status == "no_answer"


def test_a_history_that_starts_from_something_else_is_refused():
    first = Answer(status="disclosed", value="30 days", said_by="school")
    other = Answer(status="disclosed", value="40 days", said_by="school")
    good = Change(on=ON, field="ret.labels", after=first, why="told")
    assert replay((good,)) == {"ret.labels": first}
    with pytest.raises(ValueError, match="starts from another answer"):
        replay((good, Change(on=ON, field="ret.labels", before=other, after=other, why="changed")))
    with pytest.raises(ValueError, match="disclosed cannot become pending"):
        replay((good, good.model_copy(update={"before": first, "after": Answer(status="pending", asked=(OPEN,))})))
    with pytest.raises(ValueError, match="takes back what was not there"):
        replay((good, good.model_copy(update={"before": first, "after": other, "undoes": True})))


def test_a_history_that_drops_evidence_is_refused():
    first = Answer(status="disclosed", evidence=(NOTICE,))
    after = Answer(status="disclosed", evidence=(EXPORT,))
    changes = (
        Change(on=ON, field="ret.labels", after=first, why="told"),
        Change(on=ON, field="ret.labels", before=first, after=after, why="changed"),
    )
    with pytest.raises(ValueError, match="`evidence` is not there any more"):
        replay(changes)


def test_answers_that_no_history_leads_to_are_refused():
    answer = Answer(status="disclosed", value="30 days", said_by="school")
    record = answered(new("School A", on=ON), "ret.labels", answer, on=ON, why="told")
    for answers in ({}, {"ret.raw": answer}, {"ret.labels": BLANK}, {**record.answers, "ret.raw": answer}):
        with pytest.raises(ValidationError, match="does not lead to the answer"):
            Record(title="School A", begun=ON, answers=answers, history=record.history)
