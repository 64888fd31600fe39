"""Pooling: against closed forms, another solver, and made-up studies whose truth is known."""

from __future__ import annotations

import json
import math
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import t

from misread.cli import cli
from misread.errors import MisreadError
from misread.evidence import catalogue, matrix
from misread.evidence.pooling.pool import METHOD, pool, wilson
from misread.evidence.pooling.studies import QUANTITIES, SAMPLES, SEVERAL, Study, expand, studies

from .test_malformed import GOOD


def made(shares, units, status="verified"):
    return [
        Study(f"s{i}", f"s{i}", "x", float(p), float(n), False, status, f"S{i}", "")
        for i, (p, n) in enumerate(zip(shares, units, strict=True))
    ]


def dersimonian_laird(effects, variances):
    """Their closed form (1986): between-study variance, mean, standard error, Q."""
    w = 1 / variances
    q = (w * (effects - (w * effects).sum() / w.sum()) ** 2).sum()
    tau2 = max(0.0, (q - (len(w) - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    u = 1 / (variances + tau2)
    return tau2, (u * effects).sum() / u.sum(), u.sum() ** -0.5, q


def effects_of(shares, units):
    p, n = np.array(shares), np.array(units)
    return logit(p), 1 / (n * p * (1 - p))


@pytest.mark.parametrize(
    ("shares", "units"),
    [
        ((0.2, 0.6), (50, 80)),
        ((0.31, 0.30), (50, 80)),
        # Equal variances within: n p (1 - p) is 24 each.
        ((0.4, 0.6, 0.2, 0.8), (100, 100, 150, 150)),
        ((0.5, 0.5, 0.5), (96, 96, 96)),
    ],
)
def test_where_it_is_dersimonian_and_lairds_closed_form(shares, units):
    # Moment estimators of the variance between studies agree for two studies and for equal variances.
    effects, variances = effects_of(shares, units)
    tau2, mean, error, q = dersimonian_laird(effects, variances)
    found = pool(made(shares, units))
    k = len(shares)
    assert found.tau**2 == pytest.approx(tau2, abs=1e-6)
    assert logit(found.share) == pytest.approx(mean, abs=1e-6)
    assert logit(found.high) - logit(found.low) == pytest.approx(2 * t.ppf(0.975, k - 1) * error, abs=1e-5)
    assert found.q == pytest.approx(q)
    assert found.i2 == pytest.approx(max(0, 1 - (k - 1) / q) if q > 0 else 0)
    assert sum(found.weights) == pytest.approx(1)
    if k > 2:
        low, high = logit(found.predicted)
        assert (low + high) / 2 == pytest.approx(mean, abs=1e-6)
        assert (high - low) / 2 == pytest.approx(t.ppf(0.975, k - 2) * math.sqrt(tau2 + error**2), abs=1e-4)
    else:
        assert found.predicted is None


def paule_mandel(effects, variances):
    def left(tau2):
        w = 1 / (variances + tau2)
        return (w * (effects - (w * effects).sum() / w.sum()) ** 2).sum() - (len(w) - 1)

    return brentq(left, 0, 1e4, xtol=1e-14) if left(0) > 0 else 0.0


@pytest.mark.parametrize("seed", range(20))
def test_variance_between_studies_by_another_solver(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 12))
    units = rng.integers(5, 5000, k)
    shares = np.clip(expit(rng.normal(rng.normal(), rng.choice([0.0, 0.2, 2.5]), k)), 0.02, 0.98)
    effects, variances = effects_of(shares, units)
    tau2 = paule_mandel(effects, variances)
    found = pool(made(shares, units))
    assert found.tau**2 == pytest.approx(tau2, rel=1e-5, abs=1e-7)
    w = 1 / (variances + tau2)
    assert found.weights == pytest.approx(w / w.sum(), rel=1e-5)
    assert logit(found.share) == pytest.approx((w * effects).sum() / w.sum(), abs=1e-5)


def test_studies_that_agree_by_chance_are_not_made_surer_by_it():
    # Hartung and Knapp's error would be 0 here.
    found = pool(made((0.5, 0.5, 0.5), (96, 96, 96)))
    assert (found.tau, found.i2) == (0, 0)
    assert found.low < 0.42
    assert found.high > 0.58


def test_intervals_hold_what_they_promise():
    rng = np.random.default_rng(20261125)
    for k, tau, mean in ((4, 1.0, 1.0), (6, 0.3, 0.3), (12, 0.7, -1.0)):
        inside = predicted = 0
        repeats = 400
        for _ in range(repeats):
            truth = rng.normal(mean, tau, k + 1)
            units = rng.integers(40, 400, k)
            found = pool(made(rng.binomial(units, expit(truth[:k])) / units, units))
            inside += found.low <= expit(mean) <= found.high
            low, high = found.predicted
            predicted += low <= expit(truth[k]) <= high
        # 95 %, give or take three standard errors, and what few studies cost.
        assert 0.91 < inside / repeats < 0.99, (k, tau)
        assert 0.89 < predicted / repeats < 0.99, (k, tau)


def test_shares_of_none_and_all():
    found = pool(made((0.0, 1.0, 0.5), (20, 20, 20)))
    assert found.share == pytest.approx(0.5, abs=1e-9)
    assert 0 < found.low < found.high < 1
    # Half a unit on both sides: 0.5 of 21, with variance 1 / 0.5 + 1 / 20.5.
    alone = pool(made((0.0, 0.0), (20, 20)))
    assert alone.share == pytest.approx(0.5 / 21, rel=1e-6)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_are_refused(count):
    with pytest.raises(MisreadError, match="cannot be pooled"):
        pool(made((0.5,) * count, (10,) * count))


def test_wilson():
    # Printed in the catalogue for 325 of 3,019 (B07): 9.7 to 11.9 %.
    low, high = wilson(325 / 3019, 3019)
    assert (round(100 * low, 1), round(100 * high, 1)) == (9.7, 11.9)
    assert wilson(0, 20)[0] == 0
    assert wilson(1, 20)[1] == 1


# What is pooled.


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_can_be_pooled(name):
    found = studies(QUANTITIES[name].refs)
    pooled = pool(found)
    assert len(found) >= 2
    assert min(s.share for s in found) - 0.05 <= pooled.share <= max(s.share for s in found) + 0.05
    assert pooled.low <= pooled.share <= pooled.high
    if pooled.predicted:
        assert pooled.predicted[0] <= pooled.low
        assert pooled.high <= pooled.predicted[1]
    assert QUANTITIES[name].differs


def test_shares_and_units_are_those_of_the_entries():
    m14, acted, model, agree = studies(["M14:anger", "M15:neutral:anger+sadness", "A22:EmoNet", "A15"])
    assert (m14.share, m14.units, m14.assumed) == (893 / 6126, 6.126, False)
    assert acted.share == pytest.approx(
        (0.0624 + 0.2436) / (0.0624 + 0.0714 + 0.0652 + 0.0869 + 0.3347 + 0.2436 + 0.1357)
    )
    assert (model.share, model.units, model.assumed, model.status) == (0.634, 1192, True, "secondary")
    assert (agree.share, agree.status) == (0.607, "unverified")
    (b07,) = studies(["B07:bored"])
    assert b07.share == 325 / 3019
    # A figure rests on people where the entry counts them, never on their votes.
    (votes,) = studies(["A16:silent"])
    assert (votes.units, votes.assumed) == (91, False)


def test_where_one_product_stands_for_two_it_is_the_better_one():
    # As the text beside the quantities says.
    def right(id):
        m = matrix(id)
        return sum(m.counts[x].get(x, 0) for x in m.rows)

    assert right("M02") > right("M01")
    assert right("M08") > right("M07")


def test_samples_name_entries_and_all_matrices():
    named = [id for _, ids in SAMPLES for id in ids.split()]
    assert len(named) == len(set(named))
    assert set(named) <= set(catalogue())
    assert {id for id in catalogue() if id.startswith("M")} - set(named) == {"M15"}
    assert set(catalogue()) >= SEVERAL


@pytest.mark.parametrize(
    ("refs", "says"),
    [
        (["M13:anger", "M14:anger"], "rest on the same people or pictures: the Aff-Wild2 videos"),
        (["M14:anger", "M14:fear"], "rest on the same people"),
        (["M14:anger", "M14:anger"], "rest on the same people"),
        (["A15", "A15"], "rest on the same people"),
        (["B07:bored", "B07:confused"], "rest on the same people"),
        (["M01:anger", "A04:all sets"], "trained posers"),
        (["M14"], "M14:ROW"),
        (["M14:angr"], "M14 has no row angr"),
        (["M14:anger:joy"], "M14 has no label joy"),
        (["M99:anger"], "`M99` is no entry"),
        (["A22"], "write A22:NAME"),
        (["A22:EmoNets"], "A22 has no figure EmoNets"),
        (["B03"], "no share"),
        (["A12:RAF-DB"], "how many it rests on"),
        (["F02"], "no share"),
        (["programs-angr"], "did you mean `programs-anger`"),
        (["%"], "see `misread evidence pool`"),
        (["none.toml#X01:a"], "no such file"),
    ],
)
def test_what_is_refused(refs, says):
    with pytest.raises(MisreadError) as caught:
        studies(expand(refs))
    assert says in str(caught.value)
    assert all(p.mend for p in caught.value.problems)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(MisreadError) as caught:
        studies(["M99:x", "M13:anger", "M14:anger", "F02"])
    assert [p.key for p in caught.value.problems] == ["M99:x", "F02", "M14:anger"]


# The command.


def run(*args):
    done = CliRunner().invoke(cli, ["evidence", "pool", *map(str, args)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_list():
    lines = run().splitlines()
    for name, quantity in QUANTITIES.items():
        (line,) = [line for line in lines if line.startswith(f"{name} ")]
        assert line.split()[1] == str(len(quantity.refs))
        assert quantity.quantity in line
    assert [row["name"] for row in json.loads(run("--json"))] == list(QUANTITIES)


def test_what_it_says():
    shown = run("programs-anger")
    lines = shown.splitlines()
    assert lines[0] == "Faces shown or annotated as anger that a program labels anger"
    (m14,) = [line for line in lines if line.startswith("M14:anger ")]
    assert m14.split()[1:8] == ["14.6", "%", "2.4", "to", "54.0", "%", "6.1"]
    assert "0.0 to" not in shown
    for words in ("95 % prediction interval", "I² 92%", "is no rate for a school", METHOD, "web photographs"):
        assert words in shown
    assert "come from one source" not in shown


def test_as_json():
    answer = json.loads(run("programs-anger", "--json"))
    pooled = pool(studies(QUANTITIES["programs-anger"].refs))
    assert answer["format"] == "misread-evidence-pool/1"
    assert (answer["share"], answer["i2"], answer["k"]) == (pooled.share, pooled.i2, 5)
    assert (answer["predicted"]["low"], answer["predicted"]["high"]) == pooled.predicted
    assert [s["ref"] for s in answer["studies"]] == list(QUANTITIES["programs-anger"].refs)
    assert answer["method"] == METHOD


def test_two_studies_predict_nothing():
    assert "two studies give no prediction interval" in run("people-anger")
    assert json.loads(run("people-anger", "--json"))["predicted"] is None


def test_what_is_from_memory_says_so():
    shown = run("annotators-agree")
    assert "A15: unverified. Nothing should rest on it." in shown
    assert json.loads(run("annotators-agree", "--json"))["status"] == "unverified"


def test_one_source_is_remarked():
    assert "M10:anger and M09" not in run("M10:anger", "M14:anger")
    assert "A21:EmoNet and A22:LibreFace come from one source" in run("A21:EmoNet", "A22:LibreFace")


def test_a_figure_of_one_s_own_beside_the_catalogue(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(GOOD.replace("M90", "X01").replace("C9", "X9"), encoding="utf-8")
    answer = json.loads(run("programs-sadness", f"{file}#X01:sad", "--json"))
    assert answer["k"] == 6
    assert answer["studies"][-1]["share"] == 20 / 30
    assert answer["studies"][-1]["units"] == 3


def test_without_statsmodels(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.stats.meta_analysis", None)
    with pytest.raises(MisreadError, match=r"misread\[study\]"):
        pool(made((0.4, 0.5), (10, 10)))


def test_the_base_install_goes_without_statsmodels():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [name for name in project["dependencies"] if name.startswith(("statsmodels", "pandas"))]
