"""Real tables against scikit-learn, statsmodels and Fairlearn, to 1e-12."""

from __future__ import annotations

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame
from sklearn import metrics
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.proportion import proportion_confint

import misread
from tests.audit.real.files import ACTED, DATA, WORDS, clips, of_clips, of_product, of_raters, photographs, read

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real answers is not here")
EXACT = {"abs": 1e-12, "rel": 1e-12}


def of_photographs(product):
    """Truth and answer of each photograph, "none" where there is none."""
    rows = photographs(product)
    truth, said = (np.array(rows[name].to_pylist(), object) for name in ("expression", "prediction"))
    return truth.astype(str), np.array([word or "none" for word in said]), None


def of_votes():
    """Truth and answer of each clip and word, and how many voted so."""
    rows = clips()
    truth = np.repeat(np.array(rows["expression"].to_pylist()), len(ACTED))
    said = np.tile(np.array(ACTED), rows.num_rows)
    return truth, said, np.column_stack([rows[word].to_numpy() for word in ACTED]).ravel()


@pytest.fixture(params=["FACET", "AFFDEX", "clips"])
def case(request):
    name = request.param
    return (of_clips(), *of_votes()) if name == "clips" else (of_product(name), *of_photographs(name))


def test_rates_are_those_of_scikit_learn(case):
    audit, truth, said, weight = case
    overall, expressions = audit.overall, list(audit.table.expressions)
    given = {"sample_weight": weight}
    assert overall.of("accuracy")[0].value == pytest.approx(metrics.accuracy_score(truth, said, **given), **EXACT)
    every = metrics.recall_score(truth, said, labels=expressions, average=None, zero_division=0, **given)
    for expression, recall in zip(expressions, every, strict=True):
        assert overall.of("recall", expression=expression)[0].value == pytest.approx(recall, **EXACT)
    assert overall.of("balanced_accuracy")[0].value == pytest.approx(every.mean(), **EXACT)
    f1 = metrics.f1_score(truth, said, labels=expressions, average="macro", zero_division=0, **given)
    assert overall.of("macro_f1")[0].value == pytest.approx(f1, **EXACT)
    kappa = metrics.cohen_kappa_score(truth, said, **given)
    assert overall.of("kappa")[0].value == pytest.approx(kappa, **EXACT)
    told = [e for e in overall.of("precision") if e.label in expressions and e.value is not None]
    precision = metrics.precision_score(truth, said, labels=[e.label for e in told], average=None, **given)
    assert [e.value for e in told] == pytest.approx(precision, **EXACT)
    labels = [*dict.fromkeys([*expressions, *audit.table.labels])]
    matrix = metrics.confusion_matrix(truth, said, labels=labels, **given)
    for e, expression in enumerate(expressions):
        for i, label in enumerate(audit.table.labels):
            assert audit.table.margin().counts[0, e, i] == matrix[labels.index(expression), labels.index(label)]
    for found in overall.of("false_positive_rate"):
        where = labels.index(found.label)
        others = np.delete(matrix, where, axis=0) if found.label in expressions else matrix
        assert found.value == pytest.approx(others[:, where].sum() / others.sum(), **EXACT)


@pytest.mark.parametrize("product", ["FACET", "AFFDEX"])
def test_intervals_of_photographs_are_those_of_statsmodels(product):
    seen = 0
    for found in of_product(product, person=None).overall:
        if found.method == "wilson" and found.value is not None:
            ends = proportion_confint(found.hits, found.n, method="wilson")
            assert (found.low, found.high) == pytest.approx(ends, abs=1e-12)
            seen += 1
    assert seen > 80


def test_groups_are_those_of_fairlearn():
    truth, said, weight = of_votes()
    sex = np.repeat(np.array(clips()["sex"].to_pylist()), len(ACTED))
    audit = of_clips("sex")
    for statistic, asked, metric in (
        ("accuracy", {}, metrics.accuracy_score),
        ("recall", {"expression": "fear"}, lambda t, s, sample_weight: metrics.recall_score(
            t == "fear", s == "fear", sample_weight=sample_weight)),
    ):  # fmt: skip
        frame = MetricFrame(
            metrics=metric, y_true=truth, y_pred=said, sensitive_features=sex, sample_params={"sample_weight": weight}
        )
        mine = {dict(e.group)["sex"]: e.value for e in audit.by_group.of(statistic, **asked)}
        assert mine == pytest.approx(frame.by_group.to_dict(), **EXACT)
        (gap,) = audit.disparity(statistic, between="sex", **asked)
        assert gap.seen == pytest.approx(frame.difference(), **EXACT)
        (more, _) = audit.difference(statistic, between="sex", **asked)
        assert abs(more.difference) == pytest.approx(frame.difference(), **EXACT)
        assert min(more.ratio, 1 / more.ratio) == pytest.approx(frame.ratio(), **EXACT)


def test_kappa_of_ten_raters_is_that_of_statsmodels():
    """statsmodels wants as many votes on every photograph."""
    rows = read("ferplus_votes")
    votes = np.column_stack([rows[word].to_numpy() for word in WORDS])
    full = votes.sum(axis=1) == 10
    assert full.sum() > 20_000
    ceiling = misread.audit(rows.filter(full.tolist()), votes=WORDS).ceiling
    assert ceiling.kappa.value == pytest.approx(fleiss_kappa(votes[full]), **EXACT)


def test_alpha_of_ten_raters_is_that_of_every_pair():
    """One less the disagreement of pairs on one photograph by that of pairs of all votes (Krippendorff 2004, ch. 11)."""
    votes = np.column_stack([read("ferplus_votes")[word].to_numpy() for word in WORDS]).astype(float)
    votes = votes[votes.sum(axis=1) >= 2]
    of, used = votes.sum(axis=1), votes.sum(axis=0)
    within = ((votes * (of[:, None] - votes)).sum(axis=1) / (of - 1)).sum() / of.sum()
    among = (used * (used.sum() - used)).sum() / (used.sum() * (used.sum() - 1))
    assert of_raters().ceiling.alpha.value == pytest.approx(1 - within / among, **EXACT)


def test_sexes_within_races_are_those_of_fairlearn():
    """Control features, as Fairlearn calls them."""
    rows = clips(known=True)
    truth = np.repeat(np.array(rows["expression"].to_pylist()), len(ACTED))
    weight = np.column_stack([rows[word].to_numpy() for word in ACTED]).ravel()
    sex, race = (np.repeat(np.array(rows[name].to_pylist()), len(ACTED)) for name in ("sex", "race"))
    frame = MetricFrame(
        metrics=metrics.accuracy_score,
        y_true=truth,
        y_pred=np.tile(np.array(ACTED), rows.num_rows),
        sensitive_features=sex,
        control_features=race,
        sample_params={"sample_weight": weight},
    )
    audit = misread.audit(rows, truth="expression", votes=ACTED, groups=("race", "sex"))
    told = {dict(d.within)["race"]: d for d in audit.disparity("accuracy", between="sex", within=["race"])}
    assert {race: d.seen for race, d in told.items()} == pytest.approx(frame.difference().to_dict(), **EXACT)
    assert {race: d.ratio_seen for race, d in told.items()} == pytest.approx(frame.ratio().to_dict(), **EXACT)
    for found in audit.difference("accuracy", between="sex", within=["race"], against="Male"):
        ours, theirs = found.difference, frame.by_group[dict(found.within)["race"]]
        assert ours == pytest.approx(theirs["Female"] - theirs["Male"], **EXACT)
