"""What is recognised in a reply, what is not, and that nothing is guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import at
from misread.rights.case.modules import LANGUAGES, modules, recognised
from misread.rights.case.reading import read_reply
from misread.rights.case.replies.signs import compiled
from misread.rights.case.replies.text import normal, sentences, without_quoted
from tests.rights.case.texts import CAME, texts

RECEIVED, HARMLESS, FRESH = texts("received.toml"), texts("harmless.toml"), texts("fresh.toml")
COMPUTED = {"silence", "wrong-law-in-reply"}
"""Answers that no phrase shows: nothing came, or what was cited was compared."""


def said(text, place="eu", kind="access", language=None):
    found = read_reply(text, language, law=at(place, CAME), kind=kind, on=CAME)
    return [hit.module.id for hit in found.hits]


@pytest.mark.parametrize("row", RECEIVED, ids=lambda row: f"{'+'.join(row['says']) or 'none'}-{row['language']}")
def test_a_received_text_holds_these_answers_and_no_others(row):
    given_ = row["place"], row.get("kind", "access")
    assert set(said(row["text"], *given_)) == set(row["says"])
    # Who says which language it is gets the same.
    assert set(said(row["text"], *given_, language=row["language"])) == set(row["says"])


def test_each_answer_has_texts_in_english_and_in_another_language():
    for id in set(modules()) - {"silence"}:
        languages = [row["language"] for row in RECEIVED if id in row["says"]]
        assert languages.count("en") >= 2, id
        assert set(languages) - {"en"}, id


@pytest.mark.parametrize("row", HARMLESS, ids=lambda row: f"{row['not']}-{row['language']}")
def test_what_says_the_opposite_or_something_else_is_not_recognised(row):
    assert said(row["text"]) == []


def test_a_harmless_sentence_is_recognised_without_its_denial():
    # The texts above could pass with signs that never match: these are their twins.
    assert said("We do not store images of pupils.") == ["no-images-are-stored"]
    assert said("The method is a trade secret.") == ["trade-secret"]
    assert said("The pilot has ended.") == ["pilot-has-ended"]
    assert said("Die Daten sind anonym.") == ["data-is-anonymous"]
    assert said("There is a fee for this.") == ["fee"]
    assert said("We rely on the safety exception.") == ["safety-exception"]


def test_what_is_not_recognised_is_asked():
    found = read_reply("The weather was fine at the sports day.", law=at("eu", CAME), kind="access")
    assert found.hits == ()
    assert {module.id for module in found.choices} == set(modules()) - COMPUTED
    assert read_reply("We do not store images.").choices == ()


def test_only_answers_to_that_kind_of_letter_are_looked_for():
    text = "Please send a copy of your passport."
    assert said(text, kind="access") == ["id-copy-demanded"]
    assert said(text, kind="records") == []


def test_what_a_reply_repeats_of_the_letter_is_no_answer():
    quoted = "See below.\n\nOn 2 Nov 2026, A. Example wrote:\nIs it a trade secret?\nThe data is anonymous."
    assert said(quoted) == []
    assert read_reply(quoted).repeated
    arrows = "We do not store images.\n> Is the data anonymous? The data is anonymous.\nYours"
    assert said(arrows) == ["no-images-are-stored"]
    assert not read_reply("We do not store images.").repeated


ANSWER, ASKED = "We do not store images.", "Is it a trade secret? The data is anonymous."


@pytest.mark.parametrize(
    "head",
    [
        "On Mon, 2 Nov 2026 at 10:00, A. Example <a@example.invalid> wrote:",
        "Am 02.11.2026 um 10:00 schrieb A. Beispiel <a@example.invalid>:",
        "Le 2 nov. 2026 à 10:00, A. Exemple a écrit :",
        "Em 2 de nov. de 2026, A. Exemplo escreveu:",
        "在 2026年11月2日，示例写道：",
        "-----Original Message-----",
        "From: A. Example <a@example.invalid>\nSent: 2 November 2026",
        "Von: A. Beispiel\nGesendet: 2. November 2026",
    ],
)
def test_what_stands_below_the_head_of_an_earlier_message_is_left_out(head):
    assert said(f"{ANSWER}\n\n{head}\n{ASKED}") == ["no-images-are-stored"]
    # A message that is pasted with its own head is read.
    assert said(f"Subject: Your letter\nFrom: The school\n\n{ANSWER}") == ["no-images-are-stored"]


def test_a_quotation_is_the_whole_sentence_as_it_stands():
    text = "Dear Ms Example,\n\nAs Art. 13 says, we told you. We don’t\nstore any  images, Dr. B. Sample confirms. Bye."
    (hit,) = read_reply(text).hits
    assert hit.quote == "We don’t\nstore any  images, Dr. B. Sample confirms."
    assert (hit.language, hit.sign) == ("en", "<not> .. <keep> .. <image>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We can't, won't, don’t", " we can not , will not , do not "),
        ("Gebühr – Größe", " gebuhr grosse "),
        ("l'image d’élèves", " l image d eleves "),
        ("不保存图像", " 不 保 存 图 像 "),
        ("वीडियो नहीं।", " वीडियो नहीं "),
        ("well-being", " well being "),
    ],
)
def test_words_are_compared_without_capitals_accents_and_hyphens(text, words):
    assert normal(text) == normal(words) == words


def test_a_short_gap_reaches_over_three_words_and_no_comma_or_and():
    sign = compiled("not .. store*")
    assert sign.search(normal("not ever in fact store"))
    assert not sign.search(normal("not one two three four store"))
    assert not sign.search(normal("not sell and store"))
    assert not sign.search(normal("not, store"))
    assert compiled("not … stored").search(normal("not, and that is sure, ever stored"))


@pytest.mark.parametrize("sign", ["(a | b", "a)", "", "..", "( )"])
def test_a_sign_that_cannot_be_read_is_refused(sign):
    with pytest.raises(ValueError, match=r"bracket|no word|no sign"):
        compiled(sign)


def test_signs_are_there_in_every_language_and_can_be_read():
    for module in modules().values():
        if module.id in COMPUTED:
            assert not module.signs, module.id
            continue
        assert set(module.signs) == set(module.unless) == set(LANGUAGES), module.id
        for language in LANGUAGES:
            # Asked with a sentence that nothing matches, each sign is compiled, those that take back as well.
            assert recognised(module, " xyzzy ", [language]) is None


def test_a_language_that_is_not_read_is_refused_and_its_country_is_left_out_of_account():
    with pytest.raises(MisreadError, match="not read here"):
        read_reply("Hallo", "nl")
    assert said("Os dados são anônimos.", "br", language="pt-BR") == ["data-is-anonymous"]


@pytest.mark.parametrize("text", ["", " \n", "x" * 100_001])
def test_nothing_and_half_a_book_are_refused(text):
    with pytest.raises(MisreadError):
        read_reply(text)


SENTENCES = st.lists(st.sampled_from([row["text"].strip() for row in RECEIVED if len(row["says"]) == 1]), max_size=4)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_quotes_stand_in_it(text):
    try:
        found = read_reply(text, law=at("eu", CAME))
    except MisreadError:
        assert not text.strip()
        return
    assert all(hit.quote and hit.quote in text for hit in found.hits if hit.module.id != "wrong-law-in-reply")
    assert bool(found.hits) != bool(found.choices)
    assert "".join(s.quote for s in sentences(text)).split() != [] or not normal(without_quoted(text)).strip()


@settings(max_examples=25)
@given(SENTENCES, st.randoms(use_true_random=False))
def test_what_a_reply_says_does_not_hang_on_the_order_of_its_sentences(parts, random):
    mixed = random.sample(parts, len(parts))
    if parts:
        assert set(said("\n\n".join(parts))) == set(said("\n\n".join(mixed)))
        assert set(said("\n\n".join(parts))) == {id for part in parts for id in said(part)}


@pytest.mark.long
@pytest.mark.parametrize(
    "words", ["not the store data ", "We keep it as it is. ", "Art. 1, 2 and 3 ", "不保持图", "GDPR "]
)
def test_fifty_pages_are_read_in_seconds(words):
    text = (words * 60_000)[:99_000]
    begun = time.process_time()
    read_reply(text, law=at("eu", CAME))
    assert time.process_time() - begun < 20
