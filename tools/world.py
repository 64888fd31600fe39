"""Repeated mammography as deployments: what is fitted, and what the exact engine then predicts.

Women who differ for good are a normal distribution on the logit scale. Its two numbers are fitted here to published
figures of the catalogue (G06, G08); what is predicted comes out of the exact engine, run on
deployments. `make_world.py` writes these and the page; `tests/world` gets every figure a second way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaln, expit, logit
from scipy.stats import beta, norm

import misread
from misread.evidence import catalogue
from misread.evidence.entries.model import Figure, Quantity

Floats = NDArray[np.float64]

WOMEN = 2227
"""Women of G06: the lowest risk is taken to be that of 1 woman in so many (assumption)."""
LEVELS = 15
ROUNDS, ANNUAL, BIENNIAL = 9, 10, 5
FITS = ("alike", "low-end", "high-end")
WORDS = {
    "alike": "all women alike",
    "low-end": "women differ, fitted to the low end",
    "high-end": "women differ, fitted to the high end",
}


def published(id: str, name: str) -> Figure:
    """A figure of the catalogue, in per cent."""
    entry = catalogue()[id]
    assert isinstance(entry, Quantity)
    return next(f for f in entry.figures if f.name == name)


def share(id: str, name: str) -> float:
    """A figure of the catalogue as a share."""
    return float(published(id, name).value) / 100


@dataclass(frozen=True, slots=True)
class Effect:
    """Women whose chance of a false alarm at one mammogram is expit(mean + sd·u), u from N(0, 1).

    Attributes
    ----------
    mean, sd : float
        On the logit scale, to six decimals; with sd 0 all women are alike.
    """

    mean: float
    sd: float

    def rate(self, u: float | Floats) -> Floats:
        """The chance at one mammogram of a woman at u, to twelve decimals: as it stands in the file."""
        return np.asarray(np.round(expit(self.mean + self.sd * np.asarray(u)), 12))


def nodes(levels: int = LEVELS) -> tuple[Floats, Floats]:
    """Gauss–Hermite nodes of N(0, 1) and their weights, which add to 1."""
    u, w = np.polynomial.hermite_e.hermegauss(levels)
    return u, w / w.sum()


def ever(p: float | Floats, n: int) -> Floats:
    """P(at least one false alarm in n mammograms) at a chance p each."""
    return np.asarray(-np.expm1(n * np.log1p(-np.asarray(p))), dtype=np.float64)


def mean_for(sd: float, wanted: float, n: int = 1) -> float:
    """The mean at which a share `wanted` of all women has had one after n mammograms."""
    u, w = nodes(64)

    def off(mean: float) -> float:
        # log(1 − expit(x)) = −log(1 + e^x), which stays finite where expit(x) rounds to 1.
        return float(w @ -np.expm1(-n * np.logaddexp(0, mean + sd * u))) - wanted

    return float(brentq(off, -30, 10, xtol=1e-13))


def fit(kind: str, women: int = WOMEN) -> Effect:
    """The effect whose average is the 6.5 % of G06, and whose spread reaches one published end after nine.

    Parameters
    ----------
    kind : str
        "alike": no spread. "low-end": the woman of lowest risk comes to 4.6 %. "high-end": the woman of highest
        risk comes to 99.9 %, the lower limit of the 100 %, which as such has no logit.
    women : int
        The women of lowest and of highest risk are 1 in so many.
    """
    average = share("G06", "a mammogram")
    if kind == "alike":
        return Effect(round(float(logit(average)), 6), 0.0)
    low = kind == "low-end"
    figure = published("G06", f"after nine, women of {'lowest' if low else 'highest'} risk")
    end = float(figure.value if low else figure.low or 0) / 100
    u = float(norm.ppf(1 / women)) * (1 if low else -1)
    once = float(logit(-np.expm1(np.log1p(-end) / ROUNDS)))
    sd = round(float(brentq(lambda sd: mean_for(sd, average) + u * sd - once, 0.01, 5, xtol=1e-12)), 6)
    return Effect(round(mean_for(sd, average), 6), sd)


def moved(effect: Effect, wanted: float, n: int = 1) -> Effect:
    """The same spread about another average: a share `wanted` of women has had one after n mammograms."""
    return Effect(round(mean_for(effect.sd, wanted, n), 6), effect.sd)


def groups(effect: Effect, women: int = WOMEN) -> dict[str, tuple[float, float]]:
    """Name → share and chance at one mammogram; the two ends have share 0, and are in no average."""
    if not effect.sd:
        return {"any woman": (1.0, float(effect.rate(0.0)))}
    u, w = nodes()
    rates = effect.rate(u)
    found = {f"u {a:+.2f}": (round(float(b), 12), float(p)) for a, b, p in zip(u, w, rates, strict=True)}
    z = float(norm.isf(1 / women))
    ends = {"lowest": (0.0, float(effect.rate(-z))), "highest": (0.0, float(effect.rate(z)))}
    return {**ends, **found}


HEAD = """\
# {title}: see ../held-against-the-world.md.
# Written by tools/make_world.py: change that, not this file.
#
# A school year is a round of screening with one look at each woman. A false alarm is a flag on somebody who is well;
# women with cancer play no part in false alarms, so the state "ill" takes up 1 part in 10^15 of the time.
# {fitted}

title = "{title}"

[population]
schools = 1
pupils_per_school = {women}         # G06; no rate depends on it
school_years = {rounds}               # rounds
class_size = 1
groups = [                       # Gauss–Hermite nodes of N(0, 1) and their weights; the two ends are in no average
{groups}
]

[calendar]
days_per_year = 1
lessons_per_day = 1
lesson_minutes = 10              # one look; no figure depends on it
break_minutes = 0

[pupil]
states = ["well", "ill"]
mean_minutes = {{ well = 1e9, ill = 1e-6 }}
next = {{ well = {{ ill = 1 }}, ill = {{ well = 1 }} }}

[display.default]
well = {{ film = 1 }}
ill = {{ film = 1 }}

[camera]
observe_every_seconds = 600

[classifier]
labels = ["recalled", "clear"]

[classifier.confusion]           # computed: expit(mean + sd·u)
{rows}

[[rules]]
name = "recall"
labels = ["recalled"]
flag = "1 of last 1"
claims = ["ill"]
true_if = "at_flag"
notify = []
"""


def deployment(title: str, effect: Effect, rounds: int, women: int = WOMEN, fitted: str = "") -> str:
    """The deployment file of a screening programme.

    Parameters
    ----------
    title : str
        What it is called.
    effect : Effect
        How women differ.
    rounds : int
        Mammograms of each woman.
    women : int
        Its two ends are 1 woman in so many.
    fitted : str
        What its figures were fitted to.
    """
    kinds = groups(effect, women)
    said = f"{fitted} Mean {effect.mean:.6f}, sd {effect.sd:.6f} on the logit scale."
    return HEAD.format(
        title=title,
        fitted=said.strip(),
        women=WOMEN,
        rounds=rounds,
        groups="\n".join(f'  {{ name = "{k}", share = {s!r}, profile = "{k}" }},' for k, (s, _) in kinds.items()),
        rows="\n".join(
            f'"{k}" = {{ film = {{ recalled = {p!r}, clear = {round(1 - p, 12)!r} }} }}' for k, (_, p) in kinds.items()
        ),
    )


def counted(text: str, rounds: int) -> dict[str, float]:
    """The exact engine's P(at least one false flag) after some rounds, by group; "all" is the average."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.toml"
        path.write_text(text, encoding="utf-8")
        loaded = misread.load(path, settings=[f"population.school_years={rounds}"])
    found = misread.run(loaded, draws=0)["p_false_flag_by_end"]
    return {str(f.group): float(f.value or 0) for f in found if f.reader is None}


@dataclass(frozen=True, slots=True)
class Fit:
    """One way in which women may differ, and what follows from it; shares.

    Attributes
    ----------
    effect, yearly : Effect
        About the average of G06; about that of G08.
    texts : mapping of str to str
        Name of a file → the deployment.
    after : tuple of mapping
        G06: by group, after 0, 1, … 10 rounds.
    rate, biennial, annual : float
        G08, fitted to the annual figure: at one round, after five, after ten.
    biennial_from_rates, annual_from_rates : float
        G08, from the rates at the first and at later mammograms.
    """

    effect: Effect
    yearly: Effect
    texts: Mapping[str, str]
    after: tuple[Mapping[str, float], ...]
    rate: float
    biennial: float
    annual: float
    biennial_from_rates: float
    annual_from_rates: float


def followed(kind: str, women: int = WOMEN) -> Fit:
    """Fit one kind of effect, and run the engine on what it predicts."""
    effect = fit(kind, women)
    yearly = moved(effect, share("G08", "every year"), ANNUAL)
    spread = "" if kind == "alike" else f"Spread fitted to the {kind.replace('-', ' ')} of G06. "
    nine = deployment(
        f"Nine mammograms, {WORDS[kind]}", effect, ROUNDS, women, f"{spread}Average fitted to 6.5 % a mammogram (G06)."
    )
    ten = deployment(
        f"Ten years of mammograms, {WORDS[kind]}", yearly, ANNUAL, women, f"{spread}Average fitted to G08, every year."
    )
    first = counted(deployment("first", moved(effect, share("G08", "at the first mammogram")), 1, women), 1)
    later_text = deployment("later", moved(effect, share("G08", "at a later one")), 1, women)

    def joined(n: int) -> float:
        """The first round and n − 1 others, joined woman by woman: given her, rounds are independent."""
        later = counted(later_text, n - 1)
        kinds = groups(effect, women)
        total = sum(s for s, _ in kinds.values())
        return 1 - sum(s * (1 - first[k]) * (1 - later[k]) for k, (s, _) in kinds.items()) / total

    return Fit(
        effect=effect,
        yearly=yearly,
        texts={f"rounds-{kind}.toml": nine, f"years-{kind}.toml": ten},
        after=(dict.fromkeys(counted(nine, 1), 0.0), *(counted(nine, n) for n in range(1, ANNUAL + 1))),
        rate=counted(ten, 1)["all"],
        biennial=counted(ten, BIENNIAL)["all"],
        annual=counted(ten, ANNUAL)["all"],
        biennial_from_rates=joined(BIENNIAL),
        annual_from_rates=joined(ANNUAL),
    )


def beta_fit(women: int = WOMEN) -> tuple[float, float]:
    """The beta distribution of chances whose mean is 6.5 % and whose woman of lowest risk comes to 4.6 % after nine."""
    average, end = share("G06", "a mammogram"), share("G06", "after nine, women of lowest risk")
    once = -np.expm1(np.log1p(-end) / ROUNDS)
    size = float(brentq(lambda s: beta.ppf(1 / women, average * s, (1 - average) * s) - once, np.e, 5000, xtol=1e-10))
    return average * size, (1 - average) * size


def beta_ever(a: float, b: float, n: int) -> float:
    """P(at least one in n) where chances follow a beta distribution: 1 − B(a, b + n) / B(a, b)."""
    return float(-np.expm1(betaln(a, b + n) - betaln(a, b)))
