"""Meaning: what follows, what is assumed, what is left open, and how it is said."""

from __future__ import annotations

import json
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from misread.audit.claim import EXAMPLES, Given, as_json, asked, bounded, meaning, read, shown
from misread.audit.claim.meaning import agreeing, ceiling
from misread.audit.claim.model import Unclear
from misread.audit.claim.reading.words import NAMES
from misread.audit.claim.said import _ASKED, _TAKEN, FIELDS, QUESTIONS, UNSAID, heads, of_100, row, several
from misread.errors import MisreadError
from misread.evidence import catalogue
from misread.language import speak


def means(sentence, **given):
    return meaning(read(sentence), Given(**given))


def test_ninety_five_per_cent_by_hand():
    """1,000 looks, 50 at the state: 50 readings are wrong."""
    (part,) = means("95 % accurate", prevalence=0.05, looks_per_day=20, children=30, days=180).parts
    (one,) = part.rows
    # All 50 may be false alarms among 950 looks, and then all 50 alarms that are right are there too.
    assert one.false_positive_rate == pytest.approx((0, 50 / 950))
    assert one.precision == pytest.approx((50 / 100, 1))
    assert one.recall == pytest.approx((0, 1))
    # As often wrong on all: 47.5 of 50, and 47.5 of 950.
    assert one.alike == pytest.approx(0.5)
    assert one.never == pytest.approx(0.95)
    # 19 of 20 looks meet another state: one false alarm a day.
    assert one.child_day == pytest.approx((0, 1))
    assert one.class_day == pytest.approx((0, 30))
    assert one.class_year == pytest.approx((0, 5400))
    assert part.any_wrong == pytest.approx((0.05, 1 - 0.95**20, 1))
    assert not one.example


def test_what_is_not_given_is_shown_for_examples_and_counted_for_nobody():
    (part,) = means("95 % accurate").parts
    assert [one.prevalence for one in part.rows] == list(EXAMPLES)
    assert all(one.example and one.child_day is None and one.class_year is None for one in part.rows)
    assert part.any_wrong is None
    assert any("examples" in said for said in means("95 % accurate").about_rows)
    assert means("kappa of .6").about_rows == ()


def test_how_common_it_is_may_stand_in_the_sentence():
    (part,) = means("95 % accurate at a prevalence of 10 %").parts
    assert [one.prevalence for one in part.rows] == [0.1]
    assert [one.prevalence for one in means("95 % accurate at a prevalence of 10 %", prevalence=0.2).parts[0].rows] == [
        0.2
    ]


def test_up_to_bounds_nothing_from_below():
    found = means("up to 95 percent accurate", looks_per_day=48, children=30)
    (part,) = found.parts
    assert not bounded(part.rows)
    assert found.short == (
        "Of false alarms it says nothing: any number of them would fit.",
        "If it were always as good as the best that is named, it would fit a machine whose alarms are wrong 0 to 50 "
        "times of 100, if 5 of 100 looks meet what it looks for.",
    )
    # What it would be if it were always that good is shown apart.
    assert part.best == means("95 % accurate", looks_per_day=48, children=30).parts[0].rows


def test_what_matters_most_comes_first():
    assert means("95 % accurate", looks_per_day=20, children=30, prevalence=0.05).short == (
        "It would fit a machine whose alarms are wrong 0 to 50 times of 100, if 5 of 100 looks meet what it looks for.",
        "If it errs as often on each child, 50 of 100 alarms are wrong.",
        "At 20 looks a day, a class of 30 gets 0 to 30 false alarms a day, if each reading counts as one.",
    )
    # Of several statements that which leaves least open: 47.5 of 92.5 alarms, by hand as above.
    both = means("up to 95 % accurate; sensitivity 90 %, specificity 95 %").short
    assert both == (
        f"It would fit a machine whose alarms are wrong {100 * 47.5 / 92.5:.1f} times of 100, if 5 of 100 looks meet "
        "what it looks for.",
    )
    # Whatever has to be asked about first has nothing in short.
    assert means("95").short == ()
    assert means("validated").short == ("Of false alarms it says nothing: any number of them would fit.",)


def test_ends_that_are_one_are_told_once():
    (part,) = means("accuracy of 0 %", looks_per_day=20).parts
    assert any("on 100 of 100 school days" in said for said in part.sentences)


def test_what_is_open_names_the_field_that_asks_the_same():
    for one in means("95 % accurate").open:
        assert one.field == FIELDS.get(one.aspect, "")
    assert set(FIELDS) <= set(UNSAID)


def test_the_better_end_of_a_range():
    (part,) = means("between 85 and 95 % accurate", prevalence=0.2).parts
    assert (
        part.rows[0].false_positive_rate[1]
        == means("85 % accurate", prevalence=0.2).parts[0].rows[0].false_positive_rate[1]
    )
    assert part.best == means("95 % accurate", prevalence=0.2).parts[0].rows
    # "Over" has no better end that anybody named.
    assert means("over 90 % accurate").parts[0].best == ()
    assert means("error rate below 5 %").parts[0].best == ()
    assert (
        means("error rate over 5 %", prevalence=0.2).parts[0].best
        == means("95 % accurate", prevalence=0.2).parts[0].rows
    )


def test_an_error_rate_is_an_accuracy_told_the_other_way():
    assert means("wrong in 5 % of cases").parts[0].rows == means("95 % accurate").parts[0].rows
    assert means("error rate below 5 %").parts[0].rows == means("over 95 % accurate").parts[0].rows


def test_two_numbers_that_mean_more_together():
    *_, part = means("sensitivity 90 % and specificity 95 %", prevalence=0.05).parts
    # Bayes: 45 of 50 found, 47.5 of 950 false.
    assert part.rows[0].precision == pytest.approx((45 / 92.5,) * 2)
    *_, part = means("precision 90 %, recall 80 %", prevalence=0.1).parts
    # 80 of 100 found, and a ninth as many false alarms among 900.
    assert part.rows[0].false_positive_rate == pytest.approx((80 / 9 / 900,) * 2)
    # What they tell together need not be shown of one of them.
    parts = means("specificity 95 % and sensitivity 90 %").parts
    assert [bool(shown(one, parts)) for one in parts] == [False, False, True]
    assert shown(parts[0], parts[:1]) == parts[0].rows
    # Where one has two numbers, nobody knows which go together.
    assert len(means("sensitivity 90 %, specificity 95 %. On children sensitivity 70 %.").parts) == 3


@pytest.mark.parametrize("sentence", ["AUC 0.93", "kappa of .6", "99 % of faces detected", "10 % better in exams", "95 % confident", "human-level accuracy", "validated"])  # fmt: skip
def test_from_some_nothing_follows(sentence):
    (part,) = means(sentence).parts
    assert part.rows == ()
    assert len(part.sentences) == 1


def test_how_sure_it_is_where_one_knows_how_many_were_tested():
    (part,) = means("88 % accurate", tested=1500).parts
    assert part.interval == pytest.approx(proportion_confint(1320, 1500, method="wilson"), abs=1e-12)
    assert part.interval == means("1,320 out of 1,500 images correct").parts[0].interval
    # Of a sensitivity one would have to know on how many of the state.
    assert means("sensitivity of 88 %", tested=1500).parts[0].interval is None
    assert "n" not in {one.aspect for one in means("88 % accurate", tested=1500).open}


def test_how_well_people_do_is_counted_in_the_catalogue():
    assert agreeing("M19") == pytest.approx(catalogue()["M19"].printed["accuracy"], abs=5e-4)
    table = catalogue()["M19"].table
    columns = list(catalogue()["M19"].columns)
    assert agreeing("M19") == sum(table[r][columns.index(r)] for r in table) / sum(map(sum, table.values()))
    # A vote beside the others' commonest: less than the share of votes that the commonest has.
    first, second, *_ = (f.value for f in catalogue()["A40"].figures)
    assert 100 * ceiling() == first < second
    (note,) = (note for note in means("human-level accuracy").notes if "A40" in note)
    assert f"{first:g} of 100" in note
    # Finding faces is another task.
    assert not any("A40" in note for note in means("99 % of faces detected").notes)


def test_what_is_assumed_is_named():
    given = Given(children=25).filled("a file", looks_per_day=48, children=30, days=180)
    assert (given.looks_per_day, given.children, given.days) == (48, 25, 180)
    assert dict(given.assumed) == {"looks_per_day": "a file", "days": "a file"}


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"prevalence": 0.0}, "--prevalence"),
        ({"prevalence": 1.0}, "--prevalence"),
        ({"prevalence": float("nan")}, "--prevalence"),
        ({"looks_per_day": 0}, "--looks-per-day"),
        ({"looks_per_day": float("inf")}, "--looks-per-day"),
        ({"children": -3}, "--children"),
        ({"days": 0}, "--days"),
        ({"tested": 0}, "--tested"),
    ],
)
def test_what_is_out_of_range_is_refused(given, key):
    with pytest.raises(MisreadError) as caught:
        means("95 % accurate", **given)
    assert key in str(caught.value)


def test_of_another_language_nothing_is_said():
    found = means("准确率高达95%")
    assert (found.parts, found.open) == ((), ())


def test_json_is_whole():
    told = json.loads(
        json.dumps(as_json(means("up to 95 percent accurate. AUC 0.9.", looks_per_day=10)), allow_nan=False)
    )
    assert [one["quantity"] for one in told["stated"]] == ["accuracy", "auc"]
    assert told["stated"][0]["low"] == 0
    assert told["given"]["looks_per_day"] == 10
    assert told["meaning"][0]["rows"][0]["precision"] == [0, 1]
    assert len(told["not_said"]) >= 8
    assert told["short"][0].startswith("Of false alarms it says nothing")
    assert any("examples" in note for note in told["notes"])


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0"), (0.05, "5"), (0.0526, "5.3"), (1, "100"), (0.0001, "under 0.1"), (0.99999, "100")],
)
def test_shares_as_numbers_of_100(share, said):
    assert of_100(share) == said


def test_counts_are_as_exact_as_one_reads_them():
    assert [several(n) for n in (0, 0.01, 2.36, 12_960)] == ["0", "under 0.1", "2.4", "12,960"]


def test_a_row_has_a_cell_for_each_head():
    for one in means("95 % accurate").parts[0].rows:
        assert len(row(one)) == len(heads())


def test_every_sentence_is_translated_where_it_is_said():
    speak("en-XA")
    try:
        found = means("up to 95 percent accurate, sensitivity 90 %, specificity 80 %", looks_per_day=10, tested=100)
        told = [
            *found.notes,
            *found.short,
            *found.about_rows,
            *(s for part in found.parts for s in part.sentences),
            *(o.question for o in found.open),
        ]
        assert all(one.startswith("⟦") for one in told), told
        assert all(asked(Unclear(kind, "")).startswith("⟦") for kind in _ASKED)
    finally:
        speak("en")


def test_a_child_of_twelve_can_read_it():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of a package that it loads
        import textstat

    sentences = [
        "95 % accurate",
        "up to 95 percent accurate",
        "98 % precision",
        "sensitivity of 90 %",
        "specificity of 95 %",
        "F1 of 0.88",
    ]
    sentences += [
        "AUC 0.93",
        "kappa .6",
        "99 % of faces detected",
        "10 % better in exams",
        "human-level",
        "validated",
        "accurate",
    ]
    found = [means(one, prevalence=0.05, looks_per_day=48, tested=1500) for one in sentences]
    texts = {s for m in found for part in m.parts for s in part.sentences} | {
        n for m in found for n in (*m.notes, *m.short, *m.about_rows)
    }
    texts |= {*UNSAID.values(), *QUESTIONS.values(), *(asked(Unclear(kind, "")) for kind in _ASKED)}
    assert textstat.flesch_kincaid_grade(" ".join(sorted(texts))) <= 7


ONE = st.tuples(
    st.sampled_from(["accuracy", "precision", "recall", "specificity", "F1", "AUC", "kappa", "error rate", "miss rate", "false positive rate", "false discovery rate", "agreement", "prevalence", "balanced accuracy", "correlation", "confidence", "NPV", "improvement"]),
    st.sampled_from(["", "up to ", "over ", "about ", "on average "]),
    st.sampled_from(["95 %", "0.9", "100 %", "0 %", "1", "0", "110 %", "-3 %", "50", "0.0001 %", "99.9999 %", "80 to 90 %", "80-120 %", "± 5 %", "95 ± 10 %", "-5 to 3 %", "5 points"]),
    st.sampled_from(["", " (95 % CI 90–99 %)", " (CI 0.1 to 0.2)", " (95 % CI -5 to 3 %)", " (n = 30)", " (n = 0)", " tested on 20 pupils"]),
).map(lambda one: f"{one[0]} of {one[1]}{one[2]}{one[3]}")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(ONE, min_size=1, max_size=3).map(". ".join),
    st.sampled_from([None, 0.01, 0.5, 0.999]),
    st.sampled_from([None, 1, 48.5, 1e6]),
    st.sampled_from([None, 1, 10**12]),
)
def test_whatever_is_claimed_has_a_meaning(sentence, prevalence, looks, tested):
    found = means(sentence, prevalence=prevalence, looks_per_day=looks, children=30, days=180, tested=tested)
    json.dumps(as_json(found), allow_nan=False)
    for part in found.parts:
        for one in (*part.rows, *part.best):
            for low, high in (one.false_positive_rate, one.recall, one.precision):
                assert -1e-12 <= low <= high + 1e-12 <= 1 + 2e-12


def test_every_quantity_has_its_sentence():
    assert set(_TAKEN) == set(NAMES)
