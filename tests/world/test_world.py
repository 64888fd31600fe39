"""docs/held-against-the-world.md: nothing stale, every figure a second way, and what the page claims."""

from __future__ import annotations

import math
import re
import tomllib

import make_world
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import betabinom, norm

import misread
import world
from misread.deployment import load

FITS = make_world.fits()
PAGE = make_world.PAGE.read_text(encoding="utf-8")
kinds = pytest.mark.parametrize("kind", world.FITS)
spread = pytest.mark.parametrize("kind", ["low-end", "high-end"])


def integral(effect, *rounds_at):
    """P(at least one), over all women: each pair is a mean on the logit scale and how often it is tried."""

    def none(u):
        return math.prod((1 + math.exp(mean + effect.sd * u)) ** -n for mean, n in rounds_at) * norm.pdf(u)

    return 1 - quad(none, -12, 12, epsabs=1e-13, epsrel=1e-13, limit=400)[0]


# Nothing is stale.


def test_every_file_is_what_the_tool_writes():
    made = make_world.made()
    stale = [str(p) for p, text in made.items() if p.read_text(encoding="utf-8") != text]
    assert stale == [], "run tools/make_world.py"
    assert {p.name for p in make_world.FOLDER.iterdir()} == {p.name for p in made if p.parent == make_world.FOLDER}


def test_a_stale_page_is_found():
    assert make_world.page(PAGE.replace("45.4 %", "45.5 %")) == PAGE
    with pytest.raises(ValueError, match="made: nine"):
        make_world.page(PAGE.replace("<!-- made: nine -->", ""))


def test_no_figure_stands_outside_the_markers():
    by_hand = re.sub(r"<!-- made: .*?<!-- end -->", "", PAGE, flags=re.DOTALL)
    assert re.findall(r"\d+\.\d+|\d+ %", re.sub("95 % intervals?|95 %\ninterval|a chance of 100 %", "", by_hand)) == []


# The engine against closed forms.


@kinds
@pytest.mark.parametrize(("programme", "rounds"), [("rounds", 9), ("rounds", 1), ("years", 10), ("years", 5)])
def test_the_engine_is_the_closed_form(kind, programme, rounds):
    path = make_world.FOLDER / f"{programme}-{kind}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    chance = {k: rows["film"]["recalled"] for k, rows in data["classifier"]["confusion"].items()}
    deployment = load(path, settings=[f"population.school_years={rounds}"])
    found = {f.group: f.value for f in misread.run(deployment, draws=0)["p_false_flag_by_end"] if f.reader is None}
    assert found.keys() - {"all"} <= chance.keys()
    average = 0.0
    for group in data["population"]["groups"]:
        risk = 1 - (1 - chance[group["profile"]]) ** rounds
        average += group["share"] * risk
        if group["name"] in found:
            assert abs(found[group["name"]] - risk) < 1e-12
    assert abs(found["all"] - average / sum(g["share"] for g in data["population"]["groups"])) < 1e-12
    fit = FITS[kind]
    shown = {"rounds": {r: fit.after[r]["all"] for r in (1, 9)}, "years": {5: fit.biennial, 10: fit.annual}}
    assert found["all"] == shown[programme][rounds]


@kinds
def test_kinds_of_women_stand_for_all_women(kind):
    """Every average on the page against adaptive quadrature over the whole normal distribution."""
    fit = FITS[kind]
    for n in range(1, 11):
        assert fit.after[n]["all"] == pytest.approx(integral(fit.effect, (fit.effect.mean, n)), abs=1e-6)
    assert fit.rate == pytest.approx(integral(fit.yearly, (fit.yearly.mean, 1)), abs=1e-6)
    assert fit.biennial == pytest.approx(integral(fit.yearly, (fit.yearly.mean, 5)), abs=1e-6)
    assert fit.annual == pytest.approx(0.613, abs=1e-6)
    first, later = (world.moved(fit.effect, rate).mean for rate in (0.163, 0.096))
    for n, value in ((5, fit.biennial_from_rates), (10, fit.annual_from_rates)):
        assert value == pytest.approx(integral(fit.effect, (first, 1), (later, n - 1)), abs=1e-5)


def test_independence_is_the_figure_of_the_catalogue():
    assert (
        make_world.percent(FITS["alike"].after[9]["all"])
        == f"{world.published('G09', 'if independent at 6.5 % each').value} %"
    )


# What is fitted.


@kinds
def test_the_mean_meets_the_rate_at_one_mammogram(kind):
    assert integral(FITS[kind].effect, (FITS[kind].effect.mean, 1)) == pytest.approx(0.065, abs=1e-6)
    assert integral(FITS[kind].yearly, (FITS[kind].yearly.mean, 10)) == pytest.approx(0.613, abs=1e-6)
    assert FITS[kind].yearly.sd == FITS[kind].effect.sd


def test_the_spread_meets_one_end():
    assert FITS["low-end"].after[9]["lowest"] == pytest.approx(0.046, abs=1e-6)
    assert FITS["high-end"].after[9]["highest"] == pytest.approx(0.999, abs=1e-6)


@spread
def test_the_ends_are_one_woman_in_2227(kind):
    effect, once = FITS[kind].effect, FITS[kind].after[1]
    for end, tail in (("lowest", norm.cdf), ("highest", norm.sf)):
        u = (math.log(once[end] / (1 - once[end])) - effect.mean) / effect.sd
        assert 1 / tail(u) == pytest.approx(2227, rel=1e-4)


def test_the_published_ends_lie_on_no_one_curve():
    """Ends equally rare have the mean in their middle; and the average rate is then above the one published."""
    middle = sum(math.log(p / (1 - p)) for p in (1 - (1 - 0.046) ** (1 / 9), 1 - (1 - 0.999) ** (1 / 9))) / 2
    assert 1 / (1 + math.exp(-middle)) > 0.065


def test_the_beta_distribution():
    a, b = world.beta_fit()
    assert a / (a + b) == pytest.approx(0.065)
    below, _ = quad(lambda p: p ** (a - 1) * (1 - p) ** (b - 1), 0, 1 - (1 - 0.046) ** (1 / 9), epsabs=0, epsrel=1e-10)
    assert below / math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)) == pytest.approx(1 / 2227, rel=1e-6)
    assert world.beta_ever(a, b, 9) == pytest.approx(betabinom.sf(0, 9, a, b), abs=1e-12)


def test_the_effect_against_women_drawn_at_random():
    effect = FITS["low-end"].effect
    women = 400_000
    rng = np.random.default_rng(1)
    once = 1 / (1 + np.exp(-(effect.mean + effect.sd * rng.standard_normal(women))))
    hit = (rng.random((9, women)) < once).any(axis=0)
    value = FITS["low-end"].after[9]["all"]
    assert abs(hit.mean() - value) < 4 * math.sqrt(value * (1 - value) / women)


# What the page claims.


def low_high(id, name):
    figure = world.published(id, name)
    return figure.low / 100, figure.high / 100


AVERAGE, LOWEST, HIGHEST = (36.6, 53.6), (1.1, 12.5), (99.9, 100)
YEARLY, SECOND = (59.4, 63.1), (40.6, 42.5)


def holds(value, interval):
    return interval[0] <= round(100 * value, 1) <= interval[1]


def test_the_intervals_are_those_of_the_catalogue():
    for names, interval in [
        (("G06", make_world.AFTER_NINE), AVERAGE), (("G06", make_world.LOWEST), LOWEST),
        (("G06", make_world.HIGHEST), HIGHEST), (("G08", make_world.YEARLY), YEARLY), (("G08", make_world.SECOND), SECOND),
    ]:  # fmt: skip
        assert low_high(*names) == pytest.approx(tuple(e / 100 for e in interval))


@spread
def test_women_who_differ_are_inside(kind):
    fit = FITS[kind]
    assert holds(fit.after[9]["all"], AVERAGE)
    assert holds(fit.after[9]["lowest"], LOWEST)
    assert holds(fit.biennial, SECOND)


def test_independence_gets_the_average_and_misses_the_spread():
    alike = FITS["alike"]
    assert holds(alike.after[9]["all"], AVERAGE)
    assert not holds(alike.after[9]["all"], LOWEST)
    assert not holds(alike.after[9]["all"], HIGHEST)
    assert not holds(alike.biennial, SECOND)
    assert alike.biennial < 0.406
    assert alike.biennial_from_rates > 0.425


def test_what_does_not_fit_is_said():
    assert not holds(FITS["low-end"].after[9]["highest"], HIGHEST)
    for kind in world.FITS:
        assert not holds(FITS[kind].after[1].get("highest", 0.065), (69.3, 100))
    assert holds(FITS["low-end"].biennial_from_rates, SECOND)
    assert holds(FITS["low-end"].annual_from_rates, YEARLY)
    assert not holds(FITS["high-end"].biennial_from_rates, SECOND)
    assert not holds(FITS["high-end"].annual_from_rates, YEARLY)


def test_the_average_is_inside_however_rare_the_lowest_risk_is():
    found = {women: world.followed("low-end", women) for women in make_world.OTHERS}
    assert all(holds(f.after[9]["all"], AVERAGE) for f in found.values())
    assert not any(holds(f.after[9]["highest"], HIGHEST) for f in found.values())
    assert [w for w, f in found.items() if not holds(f.biennial, SECOND)] == [10_000, 100_000]


# The picture.


def test_the_picture_can_be_read():
    svg = make_world.PICTURE.read_text(encoding="utf-8")
    assert min(float(s) for s in re.findall(r'font-size="([\d.]+)px"', svg)) >= 12
    for value in (FITS["low-end"].after[9]["all"], FITS["alike"].after[9]["all"], FITS["high-end"].biennial):
        assert f": {100 * value:.1f}" in svg
    assert "<script" not in svg
    assert 'fill="#fcfbf7"' in svg, "a ground of its own, for dark pages"
    assert make_world.alt() in PAGE
