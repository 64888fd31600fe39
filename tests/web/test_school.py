"""“Your school”, step by step: what each tells up to a letter that was sent, and what a mistake leaves there."""

from __future__ import annotations

import io
import pickle
from datetime import date

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from misread.errors import MisreadError
from misread.rights import at, count, law
from misread.rights.record.change import new
from misread.rights.record.fields import FIELDS
from misread.rights.record.gaps import gaps
from misread.rights.record.store import read_record
from misread.web.pages.school import view
from misread.web.pages.school.kept import Given, Kept, kept_of
from misread.web.pages.school.steps.letter import letters
from misread.web.pages.school.way import STEPS

from .school import LETTER, TODAY, Person, in_europe, page_of


@pytest.mark.parametrize("place", ["", *law()])
@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_every_step_can_be_begun_with_from_every_place(step, place):
    person = Person()
    person.go("place", place=place)
    told = person.go(step)
    assert told["problems"] == ()
    assert told["step"].name == step
    assert "</html>" in page_of(told)
    assert pickle.loads(pickle.dumps(told))["kept"] == told["kept"]


def test_a_place_is_told_as_the_files_of_law_have_it():
    told = in_europe().go("place", place="eu", fact=("subject.pupil", "output.emotion"))
    known = at("eu", TODAY)
    facts = {"setting.education", "input.face_image", "subject.pupil", "output.emotion"}
    applies = [s for s in known.provisions if s.state in ("applies", "undated") and not s.lacking(facts)]
    applies = [s for s in applies if not facts & set(s.entry.facts_none)]
    bans = [s for s in applies if s.entry.effect == "prohibits"]
    assert told["headline"].startswith(f"{len(applies)} rules apply to such cameras; {len(bans)} of them is a ban")
    # A ban comes first, and each rule says how it is known.
    first = told["groups"][0][1]
    assert first[0].id == bans[0].entry.id
    shown = page_of(told)
    assert all(s.entry.summary.split(":")[0][:40] in shown for s in applies if "'" not in s.entry.summary[:40])
    marks = [rule.mark for _, rules in told["groups"] for rule in rules]
    assert {sign: shown.count(said) for sign, said in told["known"].items()} == {x: marks.count(x) for x in "ROSK"}


def test_what_is_not_said_of_the_cameras_becomes_a_condition():
    told = Person().go("place", place="eu", fact=())
    assert [title for title, _rules in told["groups"]][:2] == ["What applies", "What applies if more is true of it"]


def test_ways_to_ask_say_whose_law_they_are_where_there_are_several():
    shown = page_of(Person().go("place", place="us-il"))
    assert "See what is held</strong> · Illinois:" in shown
    assert "See what is held</strong> · United States (federal law):" in shown
    assert "See what is held</strong>:" in page_of(Person().go("place", place="eu"))


def test_where_a_letter_is_risky_the_page_says_so_before_the_way_to_one():
    shown = page_of(Person().go("place", place="cn"))
    assert shown.index("a letter can have consequences here") < shown.index("Write a letter")
    # Elsewhere what to think of stands above the letter itself, once.
    person = in_europe()
    assert "a letter can have consequences here" not in page_of(person.go("place", place="eu"))
    shown = page_of(person.go("letter"))
    assert shown.index("Should you send this?") < shown.index("For a word processor")


def test_what_was_told_stands_in_the_record_with_who_said_it():
    person = in_europe()
    person.go("record")
    told = person.go(
        "record",
        **{
            "v:output.labels": "happy, bored",
            "h:output.labels": "reply",
            "v:acc.claim": "93,5 %",
            "h:acc.claim": "vendor-page",
            "v:sys.name": "Some system",
            "h:sys.name": "hearsay",
            "v:share.country": "one school, one country",
            "h:share.country": "not-so",
        },
    )
    record = read_record(person.take("record", "json"))
    assert (record.answer("output.labels").value, record.answer("output.labels").said_by) == (
        ["happy", "bored"],
        "school",
    )
    assert record.answer("acc.claim").value == {"metric": "accuracy", "number": 0.935}
    assert record.answer("acc.claim").status == "disclosed"
    # What somebody only heard is no disclosure.
    assert record.answer("sys.name").status == "unsourced"
    assert record.answer("share.country").status == "not_applicable"
    assert {said: n for n, said in told["counts"]}["never asked"] == len(FIELDS) - 4
    assert told["typed"]["v:output.labels"] == ""


def test_what_cannot_follow_is_refused_and_stays_typed():
    person = in_europe()
    person.go("record")
    person.go("record", **{"v:sys.name": "Some system", "h:sys.name": "reply"})
    told = person.go("gaps", **{"v:sys.name": "Another", "h:sys.name": "hearsay"})
    assert told["http"] == 422
    assert told["step"].name == "record"
    assert told["typed"]["v:sys.name"] == "Another"
    assert told["problems"][0].key == "sys.name"
    assert "Another" in page_of(told)


def test_what_was_told_in_two_ways_stands_side_by_side():
    person = in_europe()
    person.go("record")
    person.go("record", **{"v:ret.labels": "We delete after 30 days", "h:ret.labels": "notice"})
    told = person.go(
        "gaps", **{"v:ret.labels": "It is kept for three years", "h:ret.labels": "contract", "c:ret.labels": "1"}
    )
    ((question, sides, _note),) = told["contradictions"]
    assert question == FIELDS["ret.labels"].question
    assert [quote for _where, quote in sides] == ["“We delete after 30 days”", "“It is kept for three years”"]
    shown = page_of(told)
    assert shown.index("We delete after 30 days") < shown.index("It is kept for three years")


def test_a_record_reads_as_a_story():
    person = Person()
    person.go("record")
    person.go("record", worked="1")
    said = [one.text for one in Document(io.BytesIO(person.take("story", "docx"))).paragraphs]
    assert said[0] == "967 schools"
    assert any("every few minutes" in text for text in said)


def test_the_example_and_a_saved_record_open_alike():
    person = Person()
    person.go("record")
    told = person.go("record", worked="1")
    assert told["title"] == "967 schools"
    saved = person.take("record", "json")
    other = Person()
    other.go("record")
    assert other.go("record", file=("mine.json", saved))["counts"] == told["counts"]
    refused = other.go("record", file=("mine.json", b"{"))
    assert refused["http"] == 422
    assert refused["problems"][0].file == "mine.json"


def test_picked_gaps_become_questions_of_the_letter():
    person = in_europe()
    open_ = gaps(new("x", "eu", on=TODAY), at("eu", TODAY), TODAY, ("subject.pupil", "output.emotion")).lines
    owed = next(one for one in open_ if one.letter == "access" and one.way.availability == "in-force")
    wish = next(one for one in open_ if one.letter != "access" and not one.laws)
    person.go("gaps")
    person.go("letter", picks="1", pick=(wish.field, owed.field))
    told = person.go("letter", **LETTER, flags="1")
    assert told["missing"] == ()
    said = "\n".join(one.text for one in Document(io.BytesIO(person.take("letter", "docx", **LETTER))).paragraphs)
    # No letter of this kind gives a right to the other: it is asked for as a favour, behind the first.
    assert said.index(owed.ask) < said.index(wish.ask)
    assert "Child A" in said
    assert "2014" in said


def test_a_letter_shows_what_is_missing_and_is_not_given_before():
    person = in_europe()
    told = person.go("letter")
    holes = [text for row in told["letter"].rows for line in row.lines for text, style in line if style == "missing"]
    assert set(told["missing"]) <= set(holes)
    with pytest.raises(MisreadError, match="Still missing: your name"):
        person.take("letter", "docx")
    told = person.go("letter", **LETTER | {"f:child.birth_year": "last year"})
    assert told["http"] == 422
    assert told["problems"][0].key == "the child’s year of birth"
    assert 'value="last year"' in page_of(told)


def test_what_each_answer_put_into_the_letter_can_be_seen():
    person = in_europe()
    person.go("letter")
    told = person.go("letter", **LETTER)
    pieces = [piece for row in told["letter"].rows for line in row.lines for piece in line]
    assert {text for text, style in pieces if style == "told"} == set(LETTER.values())
    assert not [text for text, style in pieces if style == "missing"]
    # Only what is looked at has signs in it, never what is taken away.
    plain = person.take("letter", "md", **LETTER).decode()
    assert not [sign for sign in plain if "\ue000" <= sign <= "\uf8ff"]


def test_each_paragraph_says_why_it_is_there():
    person = in_europe()
    told = person.go("letter")
    explained = [row for row in told["letter"].rows if row.why]
    assert len(explained) >= 8
    assert any("Art. 15 GDPR" in row.why for row in explained)
    note = " ".join(text for row in told["covering"].rows for line in row.lines for text, _ in line)
    assert all(sentence in note for sentence in at("eu", TODAY)["eu.gdpr.15"].ground(TODAY).sentences)


@pytest.mark.parametrize("place", list(law()))
def test_every_letter_can_be_begun_with_nothing_told(place):
    for head in letters(place):
        person = Person()
        person.go("letter", place=place)
        told = person.go("letter", kind=head.kind, language=head.language)
        assert told["head"].id == head.id
        holes = {
            text for row in told["letter"].rows for line in row.lines for text, style in line if style == "missing"
        }
        assert holes <= set(told["missing"])
        assert ("the date of your earlier letter" in holes) == ("asked_on" in head.needs)


def test_a_complaint_knows_what_the_case_knows():
    person = in_europe()
    person.go("letter")
    person.go("deadline", **LETTER)
    person.go("answer", kind="access", on="2026-10-01", note="1")
    person.go("answer", reply="The list of labels is a trade secret of our supplier.", came="2026-10-20", noted="1")
    told = person.go("letter", go="complaint")
    values = {one["name"]: one["value"] for one in (*told["fields"], *told["more"])}
    assert values["f:asked_on"] == "2026-10-01"
    assert "secret" in values["f:events"]
    # What one says oneself stands before what the case would say.
    told = person.go("letter", **{"f:events": "It rang in class.", "f:asked_on": "2026-09-30"})
    values = {one["name"]: one["value"] for one in (*told["fields"], *told["more"])}
    assert (values["f:asked_on"], values["f:events"]) == ("2026-09-30", "It rang in class.")


def test_in_a_risky_place_no_letter_is_given_to_who_has_not_read_the_warning():
    person = Person()
    person.go("place", place="cn")
    assert person.go("letter")["elevated"]
    told = person.go("letter", **LETTER | {"f:child.birth_year": "2014"})
    filled = {one["name"]: LETTER.get(one["name"], "x") for one in told["fields"]}
    with pytest.raises(MisreadError, match="can have consequences"):
        person.take("letter", "md", **filled)
    assert person.take("letter", "md", warned="1", **filled)


def test_a_letter_that_was_sent_has_three_dates_and_a_next_step():
    person = in_europe()
    person.go("letter")
    person.go("deadline", **LETTER)
    told = person.go("deadline", kind="access", on="2026-10-29", received="2026-11-02", note="1")
    (letter,) = told["letters"]
    # A month after 2 November; no holiday lies on that day.
    (access,) = at("eu", TODAY).deadline("access")
    assert str(count(access.entry, date(2026, 11, 2)).due) == "2026-12-02"
    assert (letter.asked_on, letter.expected_by, letter.act_from) == (
        "29 October 2026",
        "2 December 2026",
        "3 December 2026",
    )
    assert told["next"][0].day == "3 December 2026"
    events = Calendar.from_ical(person.take("steps", "ics")).walk("VEVENT")
    assert min(event["DTSTART"].dt.isoformat() for event in events) == "2026-12-03"
    # A calendar that others see says nothing of a child.
    assert b"Child A" not in person.take("steps", "ics")


def test_a_slip_of_a_year_is_seen_at_once():
    person = in_europe()
    person.go("deadline")
    told = person.go("deadline", kind="access", on="2027-10-29", note="1")
    assert "29 October 2027" in told["letters"][0].headline
    assert "still to come" in told["letters"][0].headline


def test_a_reply_before_its_letter_is_refused_in_words_of_the_page():
    person = in_europe()
    person.go("answer")
    person.go("answer", kind="access", on="2026-10-01")
    told = person.go("answer", reply="We do not store any images.", came="2026-09-30")
    assert [problem.key for problem in told["problems"]] == ["When did it come?"]


def test_a_complaint_about_the_ai_system_has_no_day_of_the_law_on_data():
    person = in_europe()
    person.go("deadline")
    told = person.go("deadline", kind="ai-complaint", on="2026-10-29", note="1")
    (letter,) = told["letters"]
    assert (letter.asked_on, letter.expected_by, letter.act_from) == ("29 October 2026", "", "")
    # The complaint under the law on data has one.
    told = person.go("deadline", kind="complaint", on="2026-10-29", note="1")
    assert told["letters"][-1].expected_by == "29 January 2027"


def test_what_a_letter_asked_is_pending_and_asked_once():
    person = in_europe()
    person.go("gaps")
    person.go("deadline", picks="1", pick=("output.labels",))
    told = person.go("gaps", kind="access", on="2026-10-29", note="1")
    assert kept_of(told["kept"]).picked == ()
    record = kept_of(told["kept"]).record
    assert record.answer("output.labels").status == "pending"
    assert (record.answer("output.labels").asked[0].letter, str(record.answer("output.labels").due)) == (
        "access.eu.en",
        "2026-11-30",
    )


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"on": "yesterday", "kind": "access", "note": "1"}, "When did you send it?"),
        ({"on": "2026-10-29", "received": "2026-10-01", "kind": "access", "note": "1"}, "When did they get it?"),
        ({"on": "2026-10-29", "kind": "ransom", "note": "1"}, "Which letter?"),
        ({"on": "2026-10-29", "kind": "access", "note": "1", "terms": "autumn"}, "The school’s terms"),
    ],
)
def test_a_day_that_is_none_is_refused_where_it_was_typed(fields, key):
    person = in_europe()
    person.go("deadline")
    told = person.go("answer", **fields)
    assert (told["http"], told["step"].name) == (422, "deadline")
    assert told["problems"][0].key == key


def test_days_are_counted_without_a_letter():
    person = Person()
    person.go("place", place="uk")
    person.go("deadline")
    told = person.go("deadline", which="uk.foia.other", **{"from": "2026-11-02"})
    # Worked out by hand in the file of law: 30 November is a holiday in Scotland.
    assert (told["dates"].due, told["dates"].act_from) == ("1 December 2026", "2 December 2026")
    assert told["letters"] == ()
    (event,) = [
        one
        for one in Calendar.from_ical(person.take("days", "ics", which="uk.foia.other", **{"from": "2026-11-02"})).walk(
            "VEVENT"
        )
        if "due" in one["SUMMARY"]
    ]
    assert event["DTSTART"].dt.isoformat() == "2026-12-01"
    told = person.go("deadline", which="uk.foia.school", **{"from": "2026-11-02"})
    assert told["problems"][0].key == "The school’s terms"
    assert "--" not in f"{told['problems'][0]}"


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_a_place_that_is_none_is_refused_whole(step):
    told = view(step, {"kept": ('{"place":"nowhere"}',), "step": ("place",)}, today=TODAY)
    assert told["http"] == 422
    assert kept_of(told["kept"]) == Kept()


@settings(max_examples=40)
@given(st.text(max_size=300).filter(lambda text: text.strip() not in ("", "{}")))
def test_what_came_back_changed_is_refused_whole(text):
    told = view("place", {"kept": (text,), "step": ("place",)}, today=TODAY)
    assert told["http"] == 422
    assert "came back changed" in told["problems"][0].what
    assert kept_of(told["kept"]) == Kept()


@given(st.dictionaries(st.sampled_from(["place", "fact", "kept", "step", "shared", "go", "on", "v:sys.name", "h:sys.name"]),
                       st.lists(st.text(max_size=30), max_size=2).map(tuple)),
       st.sampled_from([step.name for step in STEPS]))  # fmt: skip
def test_whatever_is_sent_a_page_comes_back(fields, step):
    told = view(step, fields, today=TODAY)
    assert told["http"] in (200, 422)
    assert "</html>" in page_of(told)


def test_days_and_spans_are_read_as_they_are_typed():
    given = Given({"d": ("2026-11-27, 2026-11-30",), "s": ("2026-09-02 to 2026-12-18\r\n2027-01-06..2027-03-26",)})
    assert [str(day) for day in given.days("d", "d")] == ["2026-11-27", "2026-11-30"]
    assert [tuple(map(str, span)) for span in given.spans("s", "s")] == [
        ("2026-09-02", "2026-12-18"),
        ("2027-01-06", "2027-03-26"),
    ]
    for wrong in ("2026-12-18 to 2026-09-02", "2026-13-01", "2026-9-2 to 2026-12-18"):
        with pytest.raises(MisreadError):
            Given({"s": (wrong,)}).spans("s", "s")


def test_without_typst_the_letter_says_what_a_pdf_needs(monkeypatch):
    person = Person()
    person.go("place", place="eu")
    assert "extra `pdf`" not in page_of(person.go("letter"))
    monkeypatch.setattr("misread.web.pages.school.steps.letter.find_spec", lambda _name: None)
    assert "extra `pdf`" in page_of(person.go("letter"))
