"""Follow-ups: what they say, what stands in the note, and that nothing that was told changes them."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import at, law
from misread.rights.case.change import replied, sent
from misread.rights.case.followup import carried, events, followup, provisions
from misread.rights.case.modules import modules
from misread.rights.case.reading import read_reply
from misread.rights.letters.facts import Facts
from misread.rights.letters.template import templates
from misread.rights.paper.blocks import Items, Lines, Paragraph
from misread.rights.paper.blocks import said as words
from misread.rights.paper.markdown import to_blocks, to_markdown
from misread.rights.paper.write import write_paper
from tests.rights.case.test_case import hits
from tests.rights.case.texts import CAME, case_in, texts

RECEIVED = [row for row in texts("received.toml") if row["says"]]


def paragraphs(paper):
    return [words(block.words) for block in paper.blocks if isinstance(block, Paragraph)]


def note(paper):
    items = [words(item) for block in paper.blocks if isinstance(block, Items) for item in block.items]
    return " ".join((*items, *paragraphs(paper)))


@pytest.mark.parametrize("row", RECEIVED, ids=lambda row: f"{'+'.join(row['says'])}-{row['place']}")
def test_a_follow_up_quotes_the_reply_and_asks_what_its_answers_ask(row):
    kind, came = row.get("kind", "access"), row.get("on", CAME)
    case, law = case_in(row["place"], kind)
    found = read_reply(row["text"], law=law, kind=kind, on=came)
    case = replied(case, found.hits, to=1, on=came, cited=found.cited).case
    back = followup(case, case.replies[0], law, came)
    text = paragraphs(back.paper)
    for hit, said in zip(found.hits, case.replies[0].said, strict=True):
        bare = [one for one in hit.module.followup if "{" not in one]
        assert set(bare) <= set(text), hit.module.id
        if hit.module.id != "wrong-law-in-reply":
            assert (f"You write: “{said.quote}”" in text) == bool(said.quote)
            assert (hit.module.opens in text) == bool(hit.module.opens and not said.quote)
        assert hit.module.resolved in note(back.covering)
    assert not any("{" in one for one in text)
    assert back.missing == ()


@pytest.mark.parametrize("place", sorted(law()))
def test_the_note_holds_every_sentence_that_belongs_to_what_it_leans_on(place):
    case, law = case_in(place)
    for id, module in modules().items():
        reply = replied(case, hits(id), to=1, on=CAME).case
        back = followup(reply, reply.replies[0], law, CAME)
        for ground in provisions(module, law, "access"):
            for sentence in law[ground].ground(CAME).sentences:
                assert sentence in note(back.covering), (id, ground)
            assert law[ground].entry.pinpoint in note(back.covering)


@pytest.mark.parametrize(
    ("place", "kind", "id", "expected"),
    [
        ("uk", "access", "fee", ("uk.gdpr.15",)),
        ("uk", "records", "fee", ("uk.foia.2000",)),
        ("eu", "erasure", "fee", ("eu.gdpr.17",)),
        ("us-ny", "access", "partial-no-video", ("us.ferpa.99-10",)),
        ("eu", "objection", "safety-exception", ("eu.aia.5-1-f",)),
        ("eu", "access", "safety-exception", ("eu.aia.5-1-f",)),
        ("eu", "access", "you-consented-at-enrolment", ("eu.gdpr.7-3",)),
        ("br", "access", "safety-exception", ("br.lgpd.18-20",)),
    ],
)
def test_it_leans_on_what_belongs_to_what_was_asked(place, kind, id, expected):
    assert provisions(modules()[id], at(place, CAME), kind) == expected


def test_law_that_does_not_apply_yet_is_not_named_in_the_letter():
    case, law = case_in("in", "records")
    reply = replied(case, hits("safety-exception"), to=1, on=CAME).case
    back = followup(reply, reply.replies[0], law, CAME)
    assert "Fourth Schedule" not in " ".join(paragraphs(back.paper))
    assert "applies only from" in note(back.covering)
    case, law = case_in("eu")
    reply = replied(case, hits("safety-exception"), to=1, on=CAME).case
    assert any("Art. 5(1)(f) AI Act" in one for one in paragraphs(followup(reply, reply.replies[0], law, CAME).paper))


def test_a_reminder_of_silence_quotes_nothing_and_thanks_for_nothing():
    case, law = case_in("eu")
    silent = replied(case, hits("silence", quote=""), to=1, on=date(2026, 12, 5)).case
    text = paragraphs(followup(silent, silent.replies[0], law, date(2026, 12, 5)).paper)
    assert "By my count the last day for an answer was 2 December 2026." in text
    assert not any("thank" in one or "You write" in one for one in text)
    # Where the law names no day, the letter names none.
    case, law = case_in("cn")
    silent = replied(case, hits("silence", quote=""), to=1, on=date(2026, 12, 5)).case
    assert not any("last day" in one for one in paragraphs(followup(silent, silent.replies[0], law, CAME).paper))


def test_what_was_told_stands_in_it_and_what_was_not_leaves_no_gap():
    case, law = case_in("eu")
    told = replied(case, hits("child-must-ask"), to=1, on=CAME, facts={"view": "she wants to know"}).case
    assert "My child says: she wants to know." in paragraphs(followup(told, told.replies[0], law, CAME).paper)
    silent = replied(case, hits("child-must-ask"), to=1, on=CAME).case
    assert not any("My child says" in one for one in paragraphs(followup(silent, silent.replies[0], law, CAME).paper))


def test_what_is_missing_is_named_and_stands_in_brackets():
    case, law = case_in("eu")
    bare = replied(case.model_copy(update={"facts": Facts()}), hits("fee"), to=1, on=CAME).case
    back = followup(bare, bare.replies[0], law, CAME)
    assert back.missing == ("sender.name", "sender.contact", "controller.name")
    (signed,) = [block for block in back.paper.blocks if isinstance(block, Lines) and block.signed]
    assert words(signed.lines[0]) == "[your name]"


def test_a_complaint_is_told_what_was_not_settled():
    case, law = case_in("eu")
    case = replied(case, hits("no-images-are-stored"), to=1, on=CAME).case
    (told,) = events(case, law, CAME)
    assert "labels, scores, alerts and logs" in told
    assert "20 November 2026" in told
    settled = replied(case, [], to=1, on=CAME, settled=True).case
    assert events(settled, law, CAME) == ()


def test_one_more_letter_is_told_what_the_case_knows_and_nothing_that_was_told_otherwise():
    case, law = case_in("eu")
    case = replied(case, hits("no-images-are-stored"), to=1, on=CAME).case
    (happened,) = events(case, law, CAME)
    assert "20 November 2026" in happened
    # Reasons of one's own, and what one knows of the system, are not what the school replied; that is known in English.
    for letter, said in (("complaint.eu.en", happened), ("complaint.eu.de", ""), ("ai-complaint.eu.en", "")):
        known = carried(case, case.facts, templates()[letter].head, law, CAME)
        assert (known.asked_on, known.events) == (case.letters[-1].on, said)
    head = templates()["complaint.eu.en"].head
    told = case.facts.model_copy(update={"asked_on": date(2026, 9, 30), "events": "It rang in class."})
    assert carried(case, told, head, law, CAME) == told
    nothing = case.model_copy(update={"letters": (), "replies": ()})
    assert carried(nothing, case.facts, head, law, CAME) == case.facts


def test_it_can_be_opened_as_a_word_processor_opens_it(tmp_path):
    case, law = case_in("uk")
    case = replied(case, hits("no-images-are-stored", "fee", quote="We do so."), to=1, on=CAME).case
    back = followup(case, case.replies[0], law, CAME)
    write_paper(back.paper, tmp_path / "back.docx")
    opened = docx.Document(io.BytesIO((tmp_path / "back.docx").read_bytes()))
    text = [paragraph.text for paragraph in opened.paragraphs]
    assert "Dear Sir or Madam," in text
    assert text.count("You write: “We do so.”") == 2
    assert opened.core_properties.title == back.paper.title
    assert to_blocks(to_markdown(back.paper)) is not None


TOLD = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="."), min_size=1, max_size=40)


@settings(max_examples=40)
@given(TOLD)
def test_whatever_is_told_comes_out_as_these_letters(text):
    case, law = case_in("eu")
    try:
        told = replied(case, hits("child-must-ask"), to=1, on=CAME, facts={"view": text}).case
    except MisreadError:
        return
    kept = told.replies[0].facts.get("view")
    if kept:
        assert f"My child says: {kept}." in paragraphs(followup(told, told.replies[0], law, CAME).paper)


def test_a_letter_of_another_kind_is_named_as_what_it_asked_for():
    case, law = case_in("eu", "stop-request")
    case = sent(case, "erasure.eu.en", "erasure", on=CAME, law=law)
    case = replied(case, hits("safety-exception"), to=2, on=CAME).case
    text = " ".join(paragraphs(followup(case, case.replies[0], law, CAME).paper))
    assert "the deletion of data about my child" in text
