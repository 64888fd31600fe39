"""What few pupils bring about: bounds by the law against draws, and the engines on what hardly ever happens."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from misread.deployment import load
from misread.findings.table import Finding
from misread.study.engines import agreement as held
from misread.study.engines.agreement import agreement, as_rows
from misread.study.engines.rare import Law, untold
from tests.study.schools import UNSURE, school

YEARS = 3
PUPILS = 400


def row(id, value, **about):
    return Finding(id=id, rule="r", group="all", value=value, unit="1", method="exact", **about)


@pytest.fixture
def law_of(tmp_path):
    """The law of some findings, in three school years of two days of two lessons."""
    text = UNSURE.partition("school_years = ")
    deployment = school(tmp_path, f"{text[0]}school_years = {YEARS}{text[2][1:]}")
    assert deployment.population.school_years == YEARS
    return lambda *rows: Law.of(deployment, rows)


@pytest.mark.parametrize("p", [1e-4, 0.01, 0.5, 0.999])
def test_of_a_chance_it_is_the_error_of_a_share(law_of, p):
    chance = row("p_false_flag_by_end", p)
    assert law_of(chance).least_error(chance, PUPILS) == pytest.approx(math.sqrt(p * (1 - p) / PUPILS), rel=1e-9)


@pytest.mark.parametrize("p", [0.001, 0.02, 0.3, 0.9])
def test_of_rates_and_shares_it_is_below_what_draws_show(law_of, p):
    """A few pupils get several flags each, a third of them false; pupils of one school in 3,000 samples."""
    rng = np.random.default_rng(7)
    had = rng.random((3_000, PUPILS)) < p
    true, false = (had * rng.poisson(mean, had.shape) for mean in (4, 2))
    ever, some_false = (float((a > 0).mean()) for a in (true + false, false))
    rows = [
        row("p_false_flag_by_end", some_false),
        row("p_only_true_flags_by_end", ever - some_false),
        row("flags_per_pupil_year", float((true + false).mean() / YEARS)),
        row("false_flags_per_pupil_year", float(false.mean() / YEARS)),
        row("flags_on_file_end", float((true + false).mean())),
        row("flag_ppv", float(true.sum() / (true + false).sum())),
    ]
    law = law_of(*rows)
    flags, wrong = (a.sum(axis=1) for a in (true + false, false))
    seen = {
        "flags_per_pupil_year": flags / PUPILS / YEARS,
        "false_flags_per_pupil_year": wrong / PUPILS / YEARS,
        "flags_on_file_end": flags / PUPILS,
        "flag_ppv": 1 - wrong[flags > 0] / flags[flags > 0],
    }
    for f in rows[2:5]:
        error, real = law.least_error(f, PUPILS), float(seen[f.id].std())
        assert error < 1.03 * real
        # Where it matters, what it leaves out is little.
        assert error > 0.8 * real or p > 0.5
    # A share of flags is not known to be surer than that until it is believed.
    few = ever * PUPILS <= 50
    assert (law.least_error(rows[5], PUPILS) > 0.5 * float(seen["flag_ppv"].std())) is few


@pytest.mark.parametrize(
    ("id", "value", "missed"),
    [
        # Four pupils of 400 have a false flag, and eight have any: fewer than the thirteen that chance may take.
        ("false_flags_per_pupil_year", 0.5, True),
        ("flags_per_pupil_year", 0.5, True),
        ("flag_ppv", 0.5, True),
        ("lesson_sensitivity", 0.1, True),
        ("p_false_flag_by_end", 0.01, True),
        ("p_false_flag_by_end", 0.99, True),
        ("p_false_flag_by_end", 0.5, False),
        ("label_share", 0.01, True),
        ("label_share", 0.5, False),
        ("claimed_share", 0.99, True),
        ("claimed_share", 0.5, False),
        ("false_flags_per_pupil_year", 0.0, False),
        ("observations", 7.0, False),
    ],
)
def test_what_may_not_come_up_at_all(law_of, id, value, missed):
    law = law_of(row("p_false_flag_by_end", 0.01), row("p_only_true_flags_by_end", 0.01))
    assert law.may_be_missed(row(id, value), 0.0, PUPILS, 13) is missed


def test_all_may_have_the_same_count_where_hardly_any_should_have_another(law_of):
    law = law_of(row("p_false_flag_by_end", 1.0), row("p_only_true_flags_by_end", 0.0))
    kept = row("flags_on_file_end", 5.97)
    # Twelve of 400 with one flag less, and a hundred.
    assert law.may_be_missed(kept, 6.0, PUPILS, 13)
    assert not law.may_be_missed(row("flags_on_file_end", 5.75), 6.0, PUPILS, 13)


def test_a_source_of_nothing_seems_one_within_bounds(law_of):
    """Two kinds of pupils alike: the unbiased share of the variance between them, drawn 20,000 times."""
    edge, rng = law_of().edge(PUPILS, math.log(1_000)), np.random.default_rng(3)
    flags = rng.standard_normal((20_000, PUPILS))
    one, other = flags[:, : PUPILS // 4], flags[:, PUPILS // 4 :]
    within = flags.var(axis=1)
    apart = (one.mean(axis=1) - other.mean(axis=1)) ** 2 * 3 / 16 - within / PUPILS
    assert (apart > edge / 3).any()
    assert (np.abs(apart) > edge).mean() < 1 / 1_000


def test_quantiles_need_pupils_beyond_them():
    low, middle = row("false_flags_end_p05", 3.0), row("false_flags_end_p50", 3.0)
    assert [untold(low, n, 13) for n in (100, 300)] == [True, False]
    assert [untold(middle, n, 13) for n in (20, 100)] == [True, False]
    assert not untold(row("flag_ppv", 0.5), 1, 13)


def rarely(folder):
    """A deployment in which a look in hundreds is a hit."""
    plain = school(folder)
    settings = []
    for name, display in plain.display.items():
        for state in display:
            settings.append(f'display."{name}"."{state}"={{ neutral = 0.998, sad = 0.002 }}')
    for name in plain.classifier.confusion:
        settings.append(f'classifier.confusion."{name}".neutral={{ neutral = 0.9995, sad = 0.0005, none = 0 }}')
    return load(folder / "tiny.toml", settings=[*settings, "population.pupils_per_school=12"])


def test_what_hardly_ever_happens_is_not_taken_for_a_difference(tmp_path):
    deployment = rarely(tmp_path)
    for seed in range(6):
        found = agreement(deployment, schools=12, seed=seed)
        assert found.holds, (seed, [r for r in as_rows(found) if not r["agree"]])
        # It does hardly ever happen, and says so.
        assert sum(row.z is None for row in found.rows) > len(found.rows) / 4


def test_what_should_have_come_up_is_missed(tmp_path, monkeypatch):
    """An engine that says of what hardly ever happens that it happens now and then."""
    deployment, run = rarely(tmp_path), held.run
    ids = ("p_false_flag_by_end", "false_flags_per_pupil_year")

    def off(d, way, hands):
        measured = run(d, way, hands)
        if way.engine != "exact":
            return measured
        rows = tuple(
            replace(f, value=0.5) if f.id in ids and f.reader is None and f.value is not None else f
            for f in measured.findings
        )
        return replace(measured, findings=replace(measured.findings, rows=rows))

    monkeypatch.setattr(held, "run", off)
    found = agreement(deployment, schools=12)
    # What is made of them no longer fits either, where it leans on how many pupils should be flagged.
    assert {row.exact.id for row in found.rows if not row.agree} >= set(ids)
