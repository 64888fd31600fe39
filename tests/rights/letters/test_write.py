"""Letters: what they rest on, by when an answer is due, and that what people tell comes out as it was told."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from misread import rights
from misread.errors import MisreadError
from misread.rights import Circumstances
from misread.rights.letters import write as writing
from misread.rights.letters.facts import facts_of
from misread.rights.letters.questions import Question
from misread.rights.letters.template import templates
from misread.rights.letters.template.model import sign
from misread.rights.letters.write import letter_json, write
from misread.rights.paper.blocks import Heading, Lines, Paper, Paragraph, plain, said
from misread.rights.paper.docx import to_docx
from misread.rights.paper.markdown import to_markdown
from misread.rights.paper.pdf import to_pdf
from misread.rights.places.entries.model import Retired
from tests.rights.letters.samples import DAY, TOLD, facts, written


def covering(letter):
    return to_markdown(letter.covering)


def test_a_letter_has_sender_addressee_date_subject_body_and_signature():
    letter = written("access.eu.en")
    sender, to, day, subject, greeting, *rest = letter.paper.blocks
    assert [said(line) for line in sender.lines] == ["A. Example", "1 Example Road", "Exampletown"]
    assert [said(line) for line in to.lines] == ["School Board of Exampletown", "2 Example Square", "Exampletown"]
    assert said(day.words) == "30 November 2026"
    assert isinstance(subject, Heading)
    assert (
        letter.paper.title
        == said(subject.words)
        == "Access to my child’s personal data in connection with Camera System X"
    )
    assert greeting.id == "greeting"
    assert isinstance(rest[-1], Lines)
    assert rest[-1].signed
    assert [said(line) for line in rest[-1].lines] == ["A. Example", "B. Example"]


def test_a_complaint_goes_to_the_authority_about_the_controller():
    letter = written("complaint.eu.en")
    assert said(letter.paper.blocks[1].lines[0]) == "Authority of Examplestate"
    assert "how School Board of Exampletown uses" in to_markdown(letter.paper)


def test_questions_stand_in_an_annex_on_a_page_of_its_own_and_wishes_apart():
    questions = [Question("a", "First?", "from a"), Question("w", "Please?", "from w", wish=True)]
    blocks = written("access.eu.en", questions=questions).paper.blocks
    (annex,) = [i for i, block in enumerate(blocks) if isinstance(block, Heading) and block.new_page]
    texts = [
        said(b.words) if isinstance(b, (Heading, Paragraph)) else [said(i) for i in b.items] for b in blocks[annex:]
    ]
    assert texts[2] == ["First?"]
    assert texts[3].startswith("What I would also be grateful")
    assert "no right" in texts[4]
    assert texts[5] == ["Please?"]
    note = covering(written("access.eu.en", questions=questions))
    assert "Question 1: from a" in note
    assert "Wish 1: from w" in note


def test_without_questions_there_is_no_annex():
    assert not [b for b in written("access.eu.en").paper.blocks if isinstance(b, Heading) and b.new_page]


# What it rests on


@pytest.mark.parametrize("id", templates())
def test_the_note_has_every_sentence_that_a_ground_needs(id):
    letter = written(id, facts(*templates()[id].head.flags))
    assert {ground.standing.entry.id for ground in letter.grounds} == set(templates()[id].head.grounds)
    note = " ".join(letter.covering.text.split())
    for ground in letter.grounds:
        assert ground.sentences
        for sentence in ground.sentences:
            assert sentence in note
    if letter.template.head.deadline:
        assert re.search(r"The deadline stands in .+ How it is known: [ROSK]: ", note)


def test_a_letter_rests_only_on_what_its_paragraphs_name():
    assert [g.standing.entry.id for g in written("objection.eu.en").grounds] == ["eu.gdpr.21", "eu.gdpr.7-3"]
    with_ban = written("objection.eu.en", facts("emotion"))
    assert [g.standing.entry.id for g in with_ban.grounds] == ["eu.gdpr.21", "eu.gdpr.7-3", "eu.aia.5-1-f"]
    assert with_ban.why["exception"].endswith("It rests on Art. 5(1)(f) AI Act.")


def test_a_letter_whose_note_kept_silent_would_not_be_written(monkeypatch):
    monkeypatch.setattr(writing, "covering", lambda _found: Paper("Read this", "en", (Paragraph(plain("Nothing.")),)))
    with pytest.raises(MisreadError, match=r"may not rest on eu\.gdpr\.15 without saying"):
        written("access.eu.en")


def test_what_does_not_apply_yet_is_said():
    early = date(2017, 1, 2)
    letter = written("access.eu.en", facts(date=str(early)), today=early)
    assert letter.grounds[0].standing.state == "not-yet"
    assert "Art. 15 GDPR applies only from 25 May 2018: until then nobody owes what is asked." in covering(letter)
    assert "Not before 25 May 2018" in covering(letter)


def test_what_nobody_knew_of_yet_is_no_ground():
    with pytest.raises(MisreadError, match=r"nobody knew of eu\.gdpr\.15"):
        written("access.eu.en", facts(date="2016-01-04"))


def test_what_is_retired_is_said():
    law = rights.at("eu", DAY)
    gone = Retired(on=DAY, reason="it was replaced")
    standings = [
        replace(s, entry=s.entry.model_copy(update={"retired": gone})) if s.entry.id == "eu.gdpr.15" else s
        for s in law.provisions
    ]
    letter = write(templates()["access.eu.en"], facts(), law=replace(law, provisions=tuple(standings)), today=DAY)
    assert "Art. 15 GDPR is not used any more: it was replaced." in covering(letter)


def test_what_was_checked_long_ago_is_said():
    late = date(2027, 9, 1)
    letter = written("access.eu.en", facts(date=str(late)), today=late)
    assert "Art. 15 GDPR was last checked on 5 August 2026, more than six months ago." in covering(letter)
    assert "It was to be gone through again after 30 June 2027" in covering(letter)


def test_the_note_says_what_text_and_law_it_is_and_that_nobody_reviewed_it():
    note = covering(written("access.br.en"))
    assert "access.br.en, version 2026.11.1" in note
    assert "No lawyer has reviewed the text of this letter." in note
    assert "letters are read in pt-BR" in note
    assert "as of 23 November 2026" in note
    assert "no legal advice" in note


def test_the_safety_notes_are_beside_the_letter_and_never_in_it():
    letter = written("access.cn.en")
    assert letter.safety
    both = to_markdown(letter.paper) + covering(letter)
    assert not [note for note in letter.safety if note in both]


# By when


def test_the_last_day_is_counted_from_receipt_with_the_holidays_of_the_country():
    told = facts(date="2027-01-29")
    letter = written("access.eu.en", told, given=Circumstances(calendar="IE"))
    assert letter.due.due == date(2027, 3, 1)
    assert "the last day is 1 March 2027" in to_markdown(letter.paper)
    later = written("access.eu.en", told, received=date(2027, 2, 2))
    assert "reaches you on 2 February 2027, the last day is 2 March 2027" in to_markdown(later.paper)


def test_dates_are_written_as_in_the_country():
    text = to_markdown(written("records.us-il.en").paper)
    assert text.count("November 30, 2026") == 2
    assert "December 7, 2026" in text
    assert written("records.us-il.en").paper.language == "en-US"


def test_school_days_are_never_guessed():
    letter = written("records.uk.en")
    assert letter.due is None
    assert "last day is" not in to_markdown(letter.paper)
    assert "the school’s terms were not told" in covering(letter)
    terms = ((date(2026, 9, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 4, 1)))
    told = facts(date="2026-11-23")
    counted = written("records.uk.en", told, given=Circumstances(terms=terms))
    assert "the last day is 4 January 2027" in to_markdown(counted.paper)


def test_a_flag_can_bring_another_deadline():
    letter = written("records.uk.en", facts("council", date="2026-11-02"))
    assert letter.due.due == date(2026, 12, 1)
    assert "20 working days from receipt" in to_markdown(letter.paper)


def test_what_does_not_begin_with_the_letter_is_not_counted_from_it():
    letter = written("objection.us-il.en")
    assert letter.due is None
    assert "Theirs: the destruction of biometric data, 30 days from the end of its use" in covering(letter)


def test_ones_own_deadline_is_told_as_ones_own():
    letter = written("complaint.us.en")
    assert letter.due is None
    assert "Yours: your own complaint under FERPA, 180 days" in covering(letter)


def test_where_the_law_names_no_days_it_says_so_and_what_a_standard_names():
    letter = written("access.cn.en")
    assert letter.due is not None
    assert letter.due.due is None
    assert "names no number of days" in covering(letter)
    assert "No law sets this date" in covering(letter)


# What was told


def test_what_is_missing_is_named_all_at_once():
    with pytest.raises(MisreadError) as error:
        written("access.eu.en", facts_of({"date": str(DAY), "sender": {"name": "A. Example"}}))
    assert [p.key for p in error.value.problems] == [
        "sender.contact", "child.name", "child.birth_year", "child.school_class", "controller.name",
    ]  # fmt: skip


def test_a_flag_that_a_letter_does_not_know_is_refused():
    with pytest.raises(MisreadError, match="one of portability, keep"):
        written("access.eu.en", facts("emotion"))


def test_without_a_date_it_has_todays():
    assert said(written("access.eu.en", facts(without=("date",))).paper.blocks[2].words) == "30 November 2026"


def test_lines_of_what_was_told_stay_lines():
    letter = written("complaint.eu.en", facts(events="First line.\nSecond line."))
    (events,) = [b for b in letter.paper.blocks if isinstance(b, Lines) and b.id == "events"]
    assert [said(line) for line in events.lines] == ["What happened: First line.", "Second line."]


NASTY = st.sampled_from(
    ["{{ sender.name }}", "{% if x %}", "# no heading", "**b**", "<b>", "[a](b)", "---", "1. x", "| a |", "[#ask] x",
     "`c`", "\\", "&amp;", "Table: x", "+++", "“quote”", "ﬁ", "é"]
)  # fmt: skip
PLAIN = st.text(st.characters(codec="latin-1", exclude_categories=("Cc", "Cf", "Cs", "Zs")), min_size=1, max_size=30)


TEXTS = st.one_of(NASTY, PLAIN, st.tuples(NASTY, PLAIN).map(" ".join))


@settings(max_examples=10, deadline=None)
@given(TEXTS)
def test_what_was_told_comes_out_as_those_letters(text):
    comes_out(text)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(TEXTS)
def test_whatever_is_told_comes_out_as_those_letters(text):
    comes_out(text)


def comes_out(text):
    letter = written("complaint.eu.en", told(text))
    document = docx.Document(io.BytesIO(to_docx(letter.paper)))
    tokens = MarkdownIt("commonmark").parse(to_markdown(letter.paper))
    in_markdown = ["".join(c.content for c in t.children) for t in tokens if t.type == "inline"]
    kept = facts_of({"events": text}).events
    for found in ([p.text for p in document.paragraphs], in_markdown):
        assert f"What happened: {kept}" in found
        assert f"My child’s own view: {kept}" in found
    # The letter is the same but for it.
    other = written("complaint.eu.en", told("x"))
    assert [type(b) for b in letter.paper.blocks] == [type(b) for b in other.paper.blocks]


@settings(max_examples=8, deadline=None)
@given(st.one_of(NASTY.filter(lambda text: text != "ﬁ"), PLAIN))
def test_it_comes_out_in_pdf_as_well(text):
    letter = written("complaint.eu.en", told(text))
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(letter.paper)))
    found = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "Whathappened:" + "".join(facts_of({"events": text}).events.split()) in found


def told(text):
    child = {**TOLD["child"], "view": text}
    return facts(events=text, child=child)


def test_a_sign_of_the_engine_that_somebody_types_is_refused():
    with pytest.raises(MisreadError, match="U\\+E000"):
        facts(events=sign(0))


def test_as_json_each_paragraph_says_why_it_is_there():
    questions = [Question("a", "First?", "from a", "acc.claim")]
    letter = written("access.eu.en", questions=questions)
    found = letter_json(letter, questions)
    whys = {p["id"]: p["why"] for p in found["paragraphs"] if p["id"]}
    assert whys == dict(letter.why)
    assert found["due"] == "2026-12-30"
    assert found["grounds"][0]["id"] == "eu.gdpr.15"
    assert found["questions"] == [
        {"id": "a", "text": "First?", "source": "from a", "field": "acc.claim", "wish": False}
    ]
    assert found["markdown"] == to_markdown(letter.paper)
