"""A case as a file, and what changes in it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import Circumstances
from misread.rights.case.change import begun, export_seen, noted, replied, sent
from misread.rights.case.model import ABOUT, case_text, read_case, told_of_court, without_court
from misread.rights.case.modules import modules
from misread.rights.case.reading import Hit, read_reply
from misread.rights.letters.facts import Facts
from tests.rights.case.texts import CAME, FACTS, SENT, case_in, texts

RECEIVED = texts("received.toml")
ORDERS = [
    "There is a court order that he may not know where we live.",
    "He is under a restraining order.",
    "Es gibt einen Gerichtsbeschluss.",
    "Il y a une ordonnance de protection.",
    "Há uma medida protetiva.",
    "法院已经作出人身保护裁定。",
    "न्यायालय का आदेश है।",
]


def hits(*ids, quote="They said so."):
    return [Hit(modules()[id], quote) for id in ids]


def test_a_case_says_at_its_top_what_it_is_and_comes_back_as_it_was():
    case, _law = case_in("eu")
    case = replied(case, hits("no-images-are-stored", "fee"), to=1, on=CAME, facts={"amount": "30 euros"}).case
    case = export_seen(case, {"X04": "contradicts"}, on=CAME)
    text = case_text(case)
    assert text.index(ABOUT) < 20
    assert "private" in ABOUT
    assert read_case(text.encode()) == case
    assert case_text(read_case(text.encode())) == text


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from([id for id in modules() if id != "silence"]), unique=True, max_size=5), st.integers(0, 80)
)
def test_any_replies_leave_a_case_that_can_be_read_again(ids, days):
    case, _law = case_in("eu")
    for id in ids:
        case = replied(case, hits(id), to=1, on=SENT + timedelta(days=days)).case
    assert read_case(case_text(case).encode()) == case


@pytest.mark.parametrize("words", ORDERS)
def test_an_order_of_a_court_is_never_kept(words):
    facts = FACTS.model_copy(update={"events": words, "flags": frozenset({"court_order", "portability"})})
    assert set(told_of_court(facts)) == {"events", "flags.court_order"}
    case = begun("eu", facts, on=SENT)
    assert case.facts.events == ""
    assert case.facts.flags == {"portability"}
    assert case.facts.sender == FACTS.sender

    case, _law = case_in("eu")
    changed = replied(case, hits("fee", quote=words), to=1, on=CAME, facts={"amount": words})
    assert words not in case_text(changed.case)
    assert len(changed.notes) == 2
    assert all("not kept" in note for note in changed.notes)

    stored = json.loads(case_text(changed.case))
    stored["replies"][0]["said"][0]["quote"] = words
    with pytest.raises(MisreadError, match="order of a court"):
        read_case(json.dumps(stored).encode())


def test_what_another_parent_wants_is_not_quoted():
    case, _law = case_in("uk")
    text = "The other parent has objected to this request."
    (hit,) = read_reply(text).hits
    changed = replied(case, [hit], to=1, on=CAME)
    assert text not in case_text(changed.case)
    assert changed.case.replies[0].said[0].module == "other-parent-objects"


def test_facts_without_an_order_stay_as_they_are():
    assert without_court(FACTS) == FACTS
    assert told_of_court(Facts(events="We went to the tennis court in order to play.")) == ()


@pytest.mark.parametrize("row", [row for row in RECEIVED if row["says"]], ids=lambda row: "+".join(row["says"]))
def test_a_reply_changes_the_record_as_its_answers_say(row):
    kind = row.get("kind", "access")
    case, law = case_in(row["place"], kind)
    found = read_reply(row["text"], law=law, kind=kind, on=CAME)
    changed = replied(case, found.hits, to=1, on=row.get("on", CAME), cited=found.cited)
    record = changed.case.record
    assert [said.module for said in changed.case.replies[0].said] == [hit.module.id for hit in found.hits]
    told = {}
    for hit in found.hits:
        for field, status in hit.module.status.items():
            for id in case.letters[0].fields if field == "*" else (field,):
                # What was told first stays told; all fields were asked for, so a refusal counts.
                told.setdefault(id, status)
    for id, status in told.items():
        assert record.answer(id).status == status, id
        if status in ("disclosed", "partly"):
            evidence = record.answer(id).evidence[-1]
            assert (evidence.kind, evidence.retrieved) == ("reply", row.get("on", CAME))
            assert not evidence.quote or evidence.quote.split()[0] in row["text"]
    assert {id for id, _before, _after in changed.fields} == {id for id, s in told.items() if s != "pending"}
    assert all(record.answer(id).status == "pending" for id in case.letters[0].fields if id not in told)


def test_what_was_told_before_stays_and_the_reply_stands_beside_it():
    case, _law = case_in("eu")
    case = replied(case, hits("pilot-has-ended", quote="It ended in June."), to=1, on=CAME).case
    before = case.record.answer("sys.status")
    changed = replied(case, hits("pilot-has-ended", quote="It ended in May."), to=1, on=CAME)
    after = changed.case.record.answer("sys.status")
    assert (after.status, after.value) == (before.status, before.value)
    assert [one.quote for one in after.evidence] == ["It ended in June.", "It ended in May."]
    assert changed.fields == ()
    assert any("look whether both go together" in note for note in changed.notes)


def test_a_refusal_of_what_was_told_takes_nothing_back():
    case, _law = case_in("eu")
    case = replied(case, hits("only-attention-not-emotion"), to=1, on=CAME).case
    changed = replied(case, hits("trade-secret"), to=1, on=CAME)
    assert changed.case.record.answer("output.labels").status == "partly"
    assert changed.case.record.answer("acc.claim").status == "refused"
    assert any("output.labels has an answer" in note for note in changed.notes)


def test_silence_counts_only_for_what_was_asked():
    case, law = case_in("eu")
    few = sent(begun("eu", FACTS, on=SENT, record=case.record.model_copy(update={"answers": {}, "history": ()})),
               "access.eu.en", "access", on=SENT, law=law, fields=["ret.raw"])  # fmt: skip
    changed = replied(few, hits("silence", quote=""), to=1, on=date(2026, 12, 10))
    assert changed.fields == (("ret.raw", "pending", "no_answer"),)
    assert changed.case.record.answer("ret.labels").status == "never_asked"


def test_letters_and_replies_are_numbered_and_the_log_only_grows():
    case, law = case_in("eu")
    case = sent(case, "complaint.eu.en", "complaint", on=CAME, law=law, fields=[])
    case = replied(case, [], to=2, on=CAME, settled=True).case
    assert [letter.number for letter in case.letters] == [1, 2]
    assert [event.what for event in case.log] == [
        "begun",
        "letter 1 sent: access.eu.en",
        "letter 2 sent: complaint.eu.en",
        "reply 1 to letter 2: it answered the letter",
    ]


def test_what_became_known_later_is_noted():
    case, _law = case_in("eu")
    later = noted(case, on=CAME, received=(1, date(2026, 11, 4)), opted_out_on=CAME)
    assert later.letters[0].received == date(2026, 11, 4)
    assert later.opted_out_on == CAME
    assert noted(case, on=CAME) == case
    with pytest.raises(MisreadError, match="after it was received"):
        noted(case, on=CAME, received=(1, date(2026, 11, 1)))


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"to": 2, "on": CAME}, "no letter 2"),
        ({"to": 1, "on": date(2026, 11, 1)}, "before letter 1"),
        ({"to": 1, "on": CAME, "facts": {"view": "x"}}, "Nobody asked for `view`"),
    ],
)
def test_a_reply_that_does_not_fit_is_refused(given_, said):
    case, _law = case_in("eu")
    with pytest.raises(MisreadError, match=said):
        replied(case, hits("fee"), **given_)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"kind": "poem"}, "no kind of letter"),
        ({"received": date(2026, 1, 1)}, "before it was sent"),
        ({"fields": ["no.such"]}, "no field"),
        ({"follows": 1}, "which is not there"),
    ],
)
def test_a_letter_that_does_not_fit_is_refused(given_, said):
    case, law = case_in("eu")
    with pytest.raises(MisreadError, match=said):
        sent(case, "x", **{"kind": "access", "on": SENT, "law": law, **given_})


def test_a_case_is_of_a_place_whose_law_is_recorded():
    with pytest.raises(MisreadError, match="no place"):
        begun("xx", on=SENT)


def test_what_would_move_no_deadline_is_refused():
    assert begun("eu", on=SENT, given=Circumstances("IE")).circumstances.calendar == "IE"
    with pytest.raises(MisreadError, match="no deadline of India"):
        begun("in", on=SENT, given=Circumstances("IN"))
    with pytest.raises(MisreadError, match="ZZ"):
        begun("eu", on=SENT, given=Circumstances("ZZ"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "It is not a case"),
        (b"{}", "does not say that it is a case"),
        (b'{"format": "misread-record/1"}', "It is 'misread-record/1'"),
        (b'{"format": "misread-case/2"}', "with the version of misread that wrote it"),
        (b'{"format": "misread-case/1"}', "`place` is missing"),
        (b'{"format": "misread-case/1", "place": "atlantis"}', "no place"),
        (b'{"format": "misread-case/1", "place": "eu", "lettres": []}', "no key here"),
        (b'{"format": "misread-case/1", "place": "eu", "letters": [{"number": 2}]}', "is missing"),
        (b'{"format": "misread-case/1", "place": "eu", "opted_out_on": "soon"}', "It is 'soon'"),
        (b'{"format": "misread-case/1", "place": "eu", "x": ' + b"[" * 100_000, "JSON|nested"),
    ],
)
def test_a_file_that_is_no_case_is_refused(content, said):
    with pytest.raises(MisreadError, match=said):
        read_case(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(content):
    with pytest.raises(MisreadError):
        read_case(content)
