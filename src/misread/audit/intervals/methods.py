"""Which interval is used where, and why: what `misread audit --methods` prints.

Coverage that is named here is measured (docs/audit/intervals.md); a test holds the sentences to the study's figures.
Title, volume and pages of papers were compared with how others cite them; what could not be is called unverified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Method:
    """How an interval or a p is made.

    Attributes
    ----------
    id : str
        What `Estimate.method` says.
    name : str
        In words.
    formula : str
        What is computed.
    where_used : str
        For which figures.
    why : str
        And not another: what was measured.
    source : str
        Of the formula.
    """

    id: str
    name: str
    formula: str
    where_used: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Default:
    """What is used for one kind of figure.

    Attributes
    ----------
    statistic : str
        The figures.
    rows : str
        Method where faces are taken to be independent.
    persons : str
        Method where persons are known.
    beside : str
        What is printed with it.
    """

    statistic: str
    rows: str
    persons: str
    beside: str


_LISTED = (
    Method(
        "wilson",
        "Wilson's score interval",
        "(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)",
        "every rate of independent faces: accuracy, P(label | expression), recall, precision, false-positive rate",
        "Holds the truth in .955, .957, .953, .951 of samples of 5, 10, 20, 50 faces (rates from .02 to .50); "
        "Wald's interval in .663, .791, .868, .919.",
        "Wilson, J. Am. Stat. Assoc. 22, 1927, 209–212",
    ),
    Method(
        "wilson-persons",
        "Wilson's interval on the effective number of faces, with Student's t",
        "n_eff = p(1 − p) / v, v = k/(k − 1) · Σ(x − pn)² / (Σn)² over persons, k = (Σn)² / Σn², which is their number "
        "where all have as many faces; n_eff is at most the number of faces, and is k where p is 0 or 1; t on k − 1 in "
        "the place of z; none under five persons, or where k is below 2",
        "every rate where persons are known",
        "Holds the truth in .966, .931, .933, .946 with 5, 10, 20, 60 persons; with faces taken to be independent "
        "it is .564, .555, .565, .562, with persons drawn again .757, .842, .895, .927. Where one person has 100 faces "
        "and thirty have 10 it is .938, and .907 with k the number of persons.",
        "Kish, Survey Sampling, 1965; Rao and Scott, Biometrics 48, 1992, 577–585; Korn and Graubard, Surv. Methodol. "
        "24, 1998, 193–201",
    ),
    Method(
        "wilson-weights",
        "Wilson's interval on the effective number of weighted rows",
        "n_eff = p(1 − p)(Σw)² / Σw²(y − p)², y being 1 where a row is a hit and else 0; at most Kish's (Σw)² / Σw²",
        "every rate of weighted rows without persons",
        "Rows whose weights differ are worth fewer, and fewer still where those that weigh much are read otherwise: "
        "counted in full, or by Kish's number alone, they give intervals that are too narrow.",
        "Kish, Survey Sampling, 1965; Binder, Int. Stat. Rev. 51, 1983, 279–292",
    ),
    Method(
        "wilson-faces",
        "Wilson's interval on the effective number of votes, with Student's t on faces less one",
        "as wilson-persons, with a face in the place of a person",
        "agreement of raters",
        "Several votes on one face are not independent: what an interval has to tell is how faces differ.",
        "as wilson-persons",
    ),
    Method(
        "newcombe",
        "Difference from the bounds of both rates",
        "p₁ − p₂ ∓ √(δ₁² − 2ρδ₁δ₂ + δ₂²), δ the distances to the bounds that matter; ρ is 0 for different persons",
        "differences between two groups",
        "Made of the bounds that are printed with the rates. Holds the truth in .967, .963, .958 of samples of 10, "
        "20, 50 faces a group. With 15 persons in each of two equal groups it claims a difference in .04 of "
        "samples; with faces taken to be independent in .44.",
        "Newcombe, Stat. Med. 17, 1998, 873–890, method 10; Zou and Donner, Stat. Med. 27, 2008, 1693–1702",
    ),
    Method(
        "mover-r",
        "Ratio from the bounds of both rates",
        "the ratios r at which the interval of p₁ − r·p₂ just holds 0; no upper bound where the lower bound of p₂ is 0",
        "ratios of two groups, and what an answer is worth at a stated prevalence",
        "Made of the same bounds. Holds the truth in .951, .957, .957 of samples of 10, 20, 50 faces a group; "
        "Koopman's score interval, which is searched for and takes no persons, in .952, .954, .954.",
        "Donner and Zou, Stat. Methods Med. Res. 21, 2012, 347–359; Newcombe, same journal 25, 2016, 1774–1778",
    ),
    Method(
        "beta-binomial",
        "Posterior of a rate that differs from person to person",
        "x ~ BetaBinomial(n; μ, ρ), μ ~ Beta(½, ½), ρ flat on (0, 1), ρ integrated out on a grid",
        "a headline rate of few persons, beside the other interval",
        "Holds the truth in .971, .959, .963 with 5, 10, 20 persons whose rates follow a beta distribution. Where "
        "some are always hit or never it is .773 with 60 persons, and .901 for wilson-persons: so it stands beside "
        "that one, never in its place.",
        "Skellam, J. R. Stat. Soc. B 10, 1948, 257–261",
    ),
    Method(
        "dirichlet",
        "Dirichlet posterior of a row",
        "counts + ½ for each label",
        "rows that an engine draws; rows whose posterior is asked for",
        "The cells of a row have to be drawn together. With ten faces in a row of eight labels a cell's interval "
        "holds the truth in .958 on average, with 1 a cell in .914; but the large cell of a row that is right nine "
        "times in ten in .35 only: few faces say little about a very good reader.",
        "Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, §3.4 (section unverified)",
    ),
    Method(
        "dirichlet-persons",
        "Dirichlet posterior of a row, on effective counts",
        "counts · n_eff / n + ½ for each label",
        "the same where persons are known",
        "As dirichlet; faces of one person count for what they are worth.",
        "as dirichlet and wilson-persons",
    ),
    Method(
        "sidak",
        "Intervals that hold together",
        "each at the level 0.95^(1/k)",
        "the gap between groups that survives the kindest reading",
        "Holds the true range in .99 or more of all samples tried, and claims no gap among equal groups.",
        "Šidák, J. Am. Stat. Assoc. 62, 1967, 626–633",
    ),
    Method(
        "permutation",
        "Permutation test of equal groups",
        "faces, or whole persons, or the faces of each person who is in several groups, are dealt to the groups anew; "
        "χ² and the largest z² of a group, p being that of the rarer of both; with persons not smaller than that of "
        "Welch's test, which stands alone from 50,000 persons on",
        "the question whether groups differ at all, which comes before how much",
        "Equal groups are called unequal in .03 to .06 of samples; groups of persons in .04 to .05, and in .88 to "
        ".99 when faces are dealt one by one.",
        "Pitman, J. R. Stat. Soc. Suppl. 4, 1937, 119–130; Chung and Romano, Ann. Stat. 41, 2013, 484–507; Hemerik and "
        "Goeman, TEST 27, 2018, 811–825; Welch, Biometrika 38, 1951, 330–336",
    ),
    Method(
        "pooled",
        "Posterior of groups that are drawn towards each other",
        "x ~ Binomial(n, p), p ~ Beta(μM, (1 − μ)M), μ and M integrated out on a grid; with persons on n_eff · (z/t)²",
        "each group's own figure, beside the raw one; the range among groups",
        "A group's interval holds the truth in .955, .956, .950 with 6, 12, 60 groups, that of the group that looks "
        "worst in .95, .95, .96 (raw: .87, .78, .54). A bootstrap of the range never holds it where six groups or more "
        "are equal.",
        "Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, §5.3 (section unverified)",
    ),
    Method(
        "delta",
        "Linearised variance, Wilson's interval",
        "v = Σ(derivative)² over faces; Wilson on the number of faces with this variance, on the figure's own scale; "
        "a recall of 0 or 1 has the variance of two hits and two misses more",
        "balanced accuracy, macro-F1, kappa, alpha",
        "Bounds stay in range, and do not close up where every answer is right.",
        "Takahashi et al., Appl. Intell. 52, 2022, 4961–4972 (macro-F1); Fleiss, Cohen and Everitt, Psychol. Bull. 72, "
        "1969, 323–327 (kappa)",
    ),
    Method(
        "delta-persons",
        "Linearised variance over persons, Wilson's interval with Student's t",
        "as delta, with sums over persons, and t on k − 1",
        "the same where persons are known and fewer than a hundred",
        "Holds the truth in .968, .949, .940, .948 with 10, 30, 60, 100 persons.",
        "as delta and wilson-persons",
    ),
    Method(
        "replicates-persons",
        "Percentiles of replicates of whole persons",
        "as many persons as there are, drawn with replacement; 2.5 % of replicates at each end",
        "the same from a hundred persons on",
        "Holds the truth in .915, .930, .927, .942 with 10, 30, 60, 100 persons: with fewer than a hundred "
        "delta-persons is better.",
        "Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13 (chapter unverified)",
    ),
    Method(
        "linear-faces",
        "Linearised variance over faces, on the scale of log(1 − value)",
        "1 − (1 − v)·exp(± t·se / (1 − v)), t on faces less one",
        "Fleiss' kappa and Krippendorff's alpha of raters",
        "Bounds stay below 1.",
        "Gwet, Educ. Psychol. Meas. 76, 2016, 609–637 (linearised variance)",
    ),
    Method(
        "linear-persons",
        "Linearised variance over persons, on the scale of log(1 − value)",
        "as linear-faces, with sums over persons and t on k − 1",
        "the same where persons are known",
        "As linear-faces.",
        "as linear-faces",
    ),
    Method(
        "calibration-null",
        "What a perfectly calibrated model would show",
        "hits of a bin ~ Binomial(faces, mean score); with persons as many faces as theirs are worth",
        "the calibration error, which is never told alone",
        "A perfectly calibrated model shows an error of .208, .121, .038 at 30, 100, 1,000 faces; it is called "
        "miscalibrated in .036 to .057 of samples.",
        "Bröcker and Smith, Weather Forecast. 22, 2007, 651–661",
    ),
    Method(
        "trait-likelihood",
        "Profile likelihood of a trait's spread",
        "spreads at which the log likelihood is less than t²/2 below its highest, t on persons less one",
        "the person effect",
        "A spread near 0 has no symmetric interval.",
        "Venzon and Moolgavkar, J. R. Stat. Soc. C 37, 1988, 87–94",
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({method.id: method for method in _LISTED})
"""By id."""

DEFAULTS = (
    Default(
        "rates: accuracy, P(label | expression), recall, precision, false-positive rate, share without an answer",
        "wilson",
        "wilson-persons",
        "number of faces, of persons, effective number; “not estimable” without a face, “too few persons” under five",
    ),
    Default(
        "a headline rate",
        "wilson",
        "wilson-persons",
        "beta-binomial: the posterior, where persons are few",
    ),
    Default("a row of a profile", "dirichlet", "dirichlet-persons", "effective number of faces a row"),
    Default("a difference between two groups", "newcombe", "newcombe", "the smallest gap that would have been seen"),
    Default("a ratio of two groups", "mover-r", "mover-r", "“at least”, where there is no upper bound"),
    Default(
        "the greatest disparity among groups",
        "permutation",
        "permutation",
        "pooled: the range; sidak: what survives the kindest reading; the raw range beside what equal groups show",
    ),
    Default("each of many groups", "wilson", "wilson-persons", "pooled: drawn towards the others, beside the raw one"),
    Default(
        "balanced accuracy, macro-F1, kappa, alpha",
        "delta",
        "replicates-persons",
        "number of replicates and seed; delta-persons under a hundred persons",
    ),
    Default("calibration error", "calibration-null", "calibration-null", "the error that chance alone would show"),
    Default("agreement of raters", "wilson-faces", "wilson-persons", "linear-faces, linear-persons: kappa and alpha"),
    Default(
        "the person effect", "trait-likelihood", "trait-likelihood", "intraclass correlation; trait of a deployment"
    ),
)
"""What is used for what, in the order in which it is told; `rows`, `persons` and the head of `beside` name methods."""
