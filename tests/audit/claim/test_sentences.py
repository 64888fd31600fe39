"""Sentences: what is understood, what is asked, and that nothing is guessed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.claim import as_json, asked, meaning, name, read
from misread.audit.claim.reading.words import ASPECTS, NAMES, TRY
from misread.audit.claim.said import QUESTIONS, UNSAID
from misread.errors import MisreadError
from misread.evidence import catalogue
from misread.evidence.entries.model import Quantity


def told(sentence):
    """Quantities with their ends, and the kinds of questions."""
    claim = read(sentence)
    return [(one.quantity, one.low, one.high) for one in claim.stated], [one.kind for one in claim.unclear]


@pytest.mark.parametrize(
    ("sentence", "quantity", "low", "high", "hedge"),
    [
        ("95 % accurate", "accuracy", 0.95, 0.95, ""),
        ("95% accurate", "accuracy", 0.95, 0.95, ""),
        ("(95 % accurate)", "accuracy", 0.95, 0.95, ""),
        ("accuracy of 0.95", "accuracy", 0.95, 0.95, ""),
        ("Accuracy: .95", "accuracy", 0.95, 0.95, ""),
        ("95 percent accurate", "accuracy", 0.95, 0.95, ""),
        ("ninety-five per cent accurate", "accuracy", 0.95, 0.95, ""),
        ("ninety-five point three per cent accurate", "accuracy", 0.953, 0.953, ""),
        ("a hundred per cent accurate", "accuracy", 1, 1, ""),
        ("accuracy: 95,3 %", "accuracy", 0.953, 0.953, ""),
        ("９５％ accurate", "accuracy", 0.95, 0.95, ""),
        ("95\u202f%\naccurate", "accuracy", 0.95, 0.95, ""),
        ("right in nine out of ten cases", "accuracy", 0.9, 0.9, ""),
        ("It is right 9 times out of 10.", "accuracy", 0.9, 0.9, ""),
        ("3 of 4 faces are read correctly", "accuracy", 0.75, 0.75, ""),
        ("two thirds of the labels are correct", "accuracy", 2 / 3, 2 / 3, ""),
        ("accuracy 9.5/10", "accuracy", 0.95, 0.95, ""),
        ("up to 95 percent accurate", "accuracy", 0, 0.95, "at_most"),
        ("as good as 95 % accurate", "accuracy", 0, 0.95, "at_most"),
        ("no more than 95 % accurate", "accuracy", 0, 0.95, "at_most"),
        ("over 90 % accuracy", "accuracy", 0.9, 1, "at_least"),
        ("95%+ accuracy", "accuracy", 0.95, 1, "at_least"),
        ("an accuracy of at least ninety per cent", "accuracy", 0.9, 1, "at_least"),
        ("90 % or more accurate", "accuracy", 0.9, 1, "at_least"),
        ("more than nine in ten emotions are recognised correctly", "accuracy", 0.9, 1, "at_least"),
        ("almost 100 per cent accurate", "accuracy", 1, 1, "about"),
        ("on average 85 % accurate", "accuracy", 0.85, 0.85, "average"),
        ("between 85 and 95 % accurate", "accuracy", 0.85, 0.95, "between"),
        ("85–95 % accuracy", "accuracy", 0.85, 0.95, "between"),
        ("85-95% accuracy", "accuracy", 0.85, 0.95, "between"),
        ("80% to 90% accurate", "accuracy", 0.8, 0.9, "between"),
        ("95 ± 2 % accuracy", "accuracy", 0.93, 0.97, "margin"),
        ("88.2 % accuracy (95 % CI 86.1 to 90.3 %)", "accuracy", 0.861, 0.903, "margin"),
        ("a 95% confidence interval of 0.86 to 0.90 around an accuracy of 0.88", "accuracy", 0.86, 0.9, "margin"),
        ("not only 95 % accurate but fast", "accuracy", 0.95, 0.95, ""),
        ("98.7% precision", "precision", 0.987, 0.987, ""),
        ("95 % of alerts are right", "precision", 0.95, 0.95, ""),
        ("Fewer than 1 % of alerts are false.", "false_discovery_rate", 0, 0.01, "at_most"),
        ("Less than 2 in every 100 alerts turn out to be wrong.", "false_discovery_rate", 0, 0.02, "at_most"),
        ("F1 of 0.88", "f1", 0.88, 0.88, ""),
        ("AUC 0.93", "auc", 0.93, 0.93, ""),
        ("mean average precision of 0.8", "auc", 0.8, 0.8, ""),
        ("kappa of .6", "kappa", 0.6, 0.6, ""),
        ("error rate below 5 %", "error_rate", 0, 0.05, "at_most"),
        ("It is wrong in only 3 % of cases.", "error_rate", 0.03, 0.03, ""),
        ("correctly identifies 95 % of bored students", "recall", 0.95, 0.95, ""),
        ("The system correctly flags 9 of 10 distracted students", "recall", 0.9, 0.9, ""),
        ("false positive rate of 1 in 1000", "false_positive_rate", 0.001, 0.001, ""),
        ("99 % of faces detected", "detection", 0.99, 0.99, ""),
        ("facial recognition accuracy of 99 %", "identity", 0.99, 0.99, ""),
        ("95 % confident", "confidence", 0.95, 0.95, ""),
        ("it agrees with teachers in 90 % of cases", "agreement", 0.9, 0.9, ""),
        ("10 % better in exams", "benefit", 0.1, 0.1, ""),
    ],
)  # fmt: skip
def test_one_number_in_every_spelling(sentence, quantity, low, high, hedge):
    (stated,) = read(sentence).stated
    assert read(sentence).unclear == ()
    assert (stated.quantity, stated.hedge) == (quantity, hedge)
    assert (stated.low, stated.high) == pytest.approx((low, high), abs=1e-15)


@pytest.mark.parametrize(
    ("sentence", "quantities"),
    [
        ("sensitivity 90 % and specificity 95 %", {"recall": 0.9, "specificity": 0.95}),
        ("90 % sensitivity, 95 % specificity", {"recall": 0.9, "specificity": 0.95}),
        ("sensitivity: 0.91; specificity: 0.87; AUC: 0.94", {"recall": 0.91, "specificity": 0.87, "auc": 0.94}),
        ("macro-F1 0.7, accuracy 80 %", {"f1": 0.7, "accuracy": 0.8}),
        ("Accuracy: 95%. Precision: 93%.", {"accuracy": 0.95, "precision": 0.93}),
        ("95 % accurate and 10 % better in exams", {"accuracy": 0.95, "benefit": 0.1}),
        ("face detection accuracy 99 %, emotion accuracy 70 %", {"detection": 0.99, "accuracy": 0.7}),
        ("Loss: 1.2401 - Accuracy: 0.625 - F1: 0.6035", {"accuracy": 0.625, "f1": 0.6035}),
    ],
)
def test_several_numbers_each_with_its_own_word(sentence, quantities):
    assert {one.quantity: one.value for one in read(sentence).stated} == quantities


@pytest.mark.parametrize(
    ("sentence", "quantity"),
    [
        ("human-level accuracy", "human_level"),
        ("as good as any psychologist", "human_level"),
        ("More accurate than human observers.", "human_level"),
        ("Its accuracy is comparable to that of trained psychologists.", "human_level"),
        ("validated", "validated"),
        ("scientifically proven", "validated"),
        ("unbiased", "unbiased"),
        ("highly accurate", "praise"),
        ("accurate", "praise"),
        ("state of the art", "praise"),
    ],
)
def test_praise_has_no_number(sentence, quantity):
    (stated,) = read(sentence).stated
    assert (stated.quantity, stated.value) == (quantity, None)


@pytest.mark.parametrize(
    ("sentence", "kinds", "choices"),
    [
        ("95", ["unit"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("95 %", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("accuracy 95", ["unit"], ["accuracy"]),
        ("95 % and 90 % accurate", ["which", "which"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("accuracy and precision of 95 %", ["shared"], ["precision", "accuracy", "both"]),
        ("sensitivity and specificity of 95 %", ["shared"], ["specificity", "recall", "both"]),
        ("95 % reliable", ["vague"], ["accuracy", "recall", "agreement"]),
        ("a recognition rate of 98.5% on the CK+ dataset", ["vague"], ["accuracy", "recall", "agreement"]),
        ("5 % false alarms", ["alarm"], ["false_positive_rate", "false_discovery_rate"]),
        ("10 % more accurate", ["relative"], []),
        ("The accuracy rose from 80 % to 95 %", ["change"], ["accuracy"]),
        ("accurate to within 5 %", ["within"], []),
        ("a margin of error of 3 %", ["within"], []),
        ("Classification accuracy improved to 94 %.", ["change"], ["accuracy"]),
        ("There is a 95 % chance that the reading is right.", ["vague"], ["accuracy", "recall", "agreement"]),
        ("Accurate cameras film 95 % more pupils", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("95 % more pupils are read correctly", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("a prevalence of up to 5 %", ["prevalence"], []),
        ("a prevalence of 100 %", ["prevalence"], []),
        ("a prevalence of 5", ["prevalence"], []),
        ("top-5 accuracy 91%", ["vague"], ["accuracy", "recall", "agreement"]),
        ("an average precision of 74%", ["vague"], ["precision", "auc"]),
        ("110 % accurate", ["above"], []),
        ("-5 % accurate", ["below"], []),
        ("300 %", ["quantity"], []),
        ("it isn't 95 % accurate", ["denied"], []),
        ("The cameras are accurate, say 95 % of teachers", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("detects faces with 99 % accuracy", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
        ("the cameras watch 30 pupils", ["nothing"], []),
        ("95 % Genauigkeit mit der Kamera", ["language"], []),
        ("une précision de 95 % avec la caméra", ["language"], []),
        ("准确率高达95%", ["language"], []),
        ("Die Genauigkeit beträgt 95 %", ["language"], []),
        ("95 % genau", ["language"], []),
        ("accuracy: ninety five", ["unit"], ["accuracy"]),
        ("an accuracy of 95 basis points", ["nothing"], []),
        ("5 false alarms per day", ["unit"], []),
        ("9" * 700 + " % accurate", ["above"], []),
        (",".join(["999"] * 200) + " children, 95 % of them", ["quantity"], ["accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity"]),
    ],
)  # fmt: skip
def test_what_may_mean_several_things_is_asked_about(sentence, kinds, choices):
    claim = read(sentence)
    assert claim.stated == ()
    assert [one.kind for one in claim.unclear] == kinds
    assert [choice.id for choice in claim.unclear[0].choices] == choices
    assert all(asked(one).endswith("?") for one in claim.unclear)


def test_what_is_understood_stands_beside_what_is_asked():
    assert told("accuracy of 95% on CK+ and 72% on AffectNet") == ([("accuracy", 0.95, 0.95)], ["which"])
    assert told("5 % of pupils are bored; the system is 95 % accurate.") == ([("accuracy", 0.95, 0.95)], ["quantity"])


@pytest.mark.parametrize("interval", ["90 to 95 %", "120–190 %", "0.2 to 0.3", "70–80"])
def test_an_interval_that_does_not_hold_its_number_is_asked_about(interval):
    assert told(f"88 % accuracy (95 % CI {interval})") == ([("accuracy", 0.88, 0.88)], ["interval"])


def test_a_margin_has_no_sign():
    assert told("95 ± -2 % accuracy") == told("95 ± 2 % accuracy")


def test_numbers_that_cannot_all_be_true_are_asked_about():
    assert told("85 % accurate. 95 % accurate.")[1] == ["two_values"]
    assert told("85 % accuracy for girls and 95 % accuracy for boys")[1] == []
    # Accuracy is a mean of the two, weighted by how common the state is.
    assert told("accuracy 99 %, sensitivity 90 %, specificity 95 %")[1] == ["contradiction"]
    assert told("accuracy 94 %, sensitivity 90 %, specificity 95 %")[1] == []


# Word for word, as the catalogue has them: (entry, sentence, what is claimed, what is asked, what it touches on).
REAL = [
    ("F01", "scans every 30 seconds", [], ["nothing"], {"alerts"}),
    ("F01", "seven different emotions", [], ["nothing"], {"of_what"}),
    ("F02", "In China, such cameras have been installed in 967 schools, according to reports. The technology classifies each child's emotional state every few minutes and archives the data.", [], ["nothing"], {"of_what", "on_whom", "unit", "alerts"}),
    ("F03", "data is stored in a permanent behavioral file", [], ["nothing"], set()),
    ("F04", "human-level accuracy", [("human_level", 0, 1)], [], set()),
    ("F04", "85 % accurate", [("accuracy", 0.85, 0.85)], [], set()),
    ("F04", "10 % better in exams", [("benefit", 0.1, 0.1)], [], set()),
    ("F05", "up to 95 percent accurate", [("accuracy", 0, 0.95)], [], set()),
    ("F07", "highlighted the lack of scientific consensus on the definition of 'emotions', the challenges in how inferences generalize across use cases, regions, and demographics", [], ["nothing"], {"of_what"}),
    ("F08", "Developments in the biometrics and emotion AI market are immature. They may not work yet, or indeed ever.", [], ["nothing"], {"of_what"}),
    ("F08", "we are yet to see any emotion AI technology develop in a way that satisfies data protection requirements", [], ["nothing"], {"of_what"}),
    ("F09", "AI systems to infer emotions of a natural person in the areas of workplace and education institutions", [], ["nothing"], {"of_what"}),
    ("F11", "detecting up to 50 faces at 25 FPS and achieving 88% overall accuracy in classifying classroom engagement states", [("accuracy", 0.88, 0.88)], [], {"of_what", "where"}),
    ("B04", "about 30 % of the time", [], ["quantity"], {"unit"}),
    ("M14", "an accuracy of 52.2 % and a macro F1 of 0.383 on 174,088 frames", [("accuracy", 0.522, 0.522), ("f1", 0.383, 0.383)], [], {"n"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "sentence", "stated", "kinds", "says"), REAL, ids=lambda one: one[:20] if isinstance(one, str) else ""
)
def test_real_sentences(entry, sentence, stated, kinds, says):
    assert told(sentence) == (stated, kinds)
    claim = read(sentence)
    assert {aspect for aspect, _words in claim.says} == says
    # What it does not touch on is asked, each in a sentence of its own.
    left = {one.aspect: one.question for one in meaning(claim).open}
    assert set(left) == set(UNSAID) - says
    assert len(left) >= 8
    assert len(set(left.values())) == len(left)


@pytest.mark.parametrize(("entry", "sentence"), [one[:2] for one in REAL], ids=lambda one: one[:20])
def test_they_are_in_the_catalogue_word_for_word(entry, sentence):
    found = catalogue()[entry]
    texts = list(found.notes)
    if isinstance(found, Quantity):
        texts += [str(figure.value) for figure in found.figures]
    assert any(sentence in text for text in texts)


def test_what_was_tested_and_what_is_trained_on():
    assert read("We tested it on 2,000 pupils and it was right 9 times out of 10.").tested == 2000
    assert read("1,320 out of 1,500 images correct").tested == 1500
    assert read("accuracy 0.88 (n = 1500)").tested == 1500
    assert read("tested on 10 million faces: 95 % right").tested == 10_000_000
    assert read("Trained on 10 million faces, it reads moods with 96 % accuracy.").tested is None
    # Ten thousand to some, ten to others.
    assert read("99,5% accurate on 10.000 photos").tested is None
    assert read("9 in 10 are right").tested is None


def test_how_often_is_looked_and_how_common_it_is():
    assert read("scans every 30 seconds").every_seconds == 30
    assert read("every 5 minutes it is 95 % accurate").every_seconds == 300
    assert read("95 % accurate at a prevalence of 5 %").prevalence == 0.05


def test_numbers_that_are_not_used_are_told():
    assert read("Version 3 has 25 FPS and an accuracy of 95 %").unused == ("25", "3")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\u200b", "empty"),
        ("95 % accurate " * 800, "at most 1,000 characters"),
        ("95 % acc\x00urate", "U+0000"),
        ("95 % \x1b[31maccurate", "U+001B"),
        ("\u202e95 % accurate", "U+202E"),
        ("95 % accurate\ud800", "U+D800"),
    ],
)
def test_what_is_no_sentence_is_refused(sentence, said):
    with pytest.raises(MisreadError) as caught:
        read(sentence)
    assert said in str(caught.value)
    assert "Mend:" in str(caught.value)


WORDS = [
    "95",
    "%",
    "0.95",
    "accurate",
    "accuracy",
    "precision",
    "of",
    "and",
    "up",
    "to",
    "over",
    "not",
    "F1",
    "AUC",
    "recall",
    "sensitivity",
    "faces",
    "children",
    "pupils",
    "alarms",
    "right",
    "wrong",
    "in",
    "on",
    "9",
    "out",
    "of",
    "10",
    "between",
    "-",
    "±",
    "(",
    ")",
    ",",
    ".",
    ";",
    "ninety-five",
    "per",
    "cent",
    "confidence",
    "interval",
    "CI",
    "every",
    "5",
    "minutes",
    "n",
    "=",
    "300",
    "tested",
    "better",
    "improved",
    "from",
    "detects",
    "half",
    "reliable",
    "kappa",
    "more",
    "vs",
    "false",
    "95,3",
    "-5",
    "é",
    "准",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join))
def test_any_words_are_read_and_each_choice_that_is_offered_is_understood(sentence):
    claim = read(sentence)
    assert claim.stated or claim.unclear or claim.prevalence is not None
    assert all(-1 <= one.low <= one.high <= 1 for one in claim.stated if one.quantity not in ("benefit", "opinion"))
    for unclear in claim.unclear:
        for choice in unclear.choices:
            if choice.sentence:
                again = read(choice.sentence)
                assert [one.quantity for one in again.stated] == [choice.id]
                assert again.unclear == ()
    assert as_json(meaning(claim))["sentence"] == claim.sentence


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        claim = read(text)
    except MisreadError:
        return
    assert claim.sentence


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_a_share_is_the_same_however_it_is_written(n):
    share = n / 10_000
    for written in (
        f"{n / 100:.2f} %",
        f"{n / 100:.2f} per cent",
        f"{n / 100:.2f}".replace(".", ",") + "%",
        f"{share:.4f}",
    ):
        (stated,) = read(f"an accuracy of {written}").stated
        assert stated.value == pytest.approx(share, abs=1e-12)


def test_every_id_has_its_words():
    assert set(UNSAID) == set(QUESTIONS) == {aspect for aspect, _pattern in ASPECTS} | {"n"}
    assert set(TRY) <= set(NAMES)
    assert all(name(one) for one in NAMES)


def test_long_sentences_do_not_take_long():
    """What is typed is read on a server too: no text of this length takes a second."""
    import time

    rng = random.Random(1)
    texts = [
        (part * 1000)[:1000] for part in ("95 % and ", "a", "- ", "of ", "1,", "(", "one ", "nine out of ", "n't ")
    ]
    texts += [" ".join(rng.choices(WORDS[:-2], k=180))[:1000] for _ in range(5)]
    began = time.process_time()
    for text in texts:
        read(text)
    assert time.process_time() - began < len(texts)
