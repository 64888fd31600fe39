"""How many fewer pupils a comparison needs when each policy meets the same ones, beside runs of their own.

The standard error of a difference falls with the root of the number of pupils. So the variance of a difference of
independent runs (the sum of both variances), divided by that of the paired difference, is how many times as many
pupils independent runs need for the same standard error.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from misread.deployment import Deployment, load
from misread.study.compare import compare_sampled

SCHOOL = "as-described"
SCHOOLS = 200
SETTINGS = (f"population.schools={SCHOOLS}", "population.pupils_per_school=50", "population.school_years=1")
"""Many small schools: a variance estimated from as many is off by about a tenth (its standard error)."""
FINDINGS = ("false_flags_per_pupil_year", "flag_ppv", "spells_missed")


@dataclass(frozen=True, slots=True)
class Gain:
    """What pairing gains for one finding under one policy.

    Attributes
    ----------
    policy, finding : str
        What is compared with the deployment as it is, and in what.
    difference, se : float
        The paired difference and its standard error.
    alone : float
        Standard error of the same difference from independent runs of as many pupils.
    """

    policy: str
    finding: str
    difference: float
    se: float
    alone: float

    @property
    def fewer(self) -> float:
        """How many times as many pupils independent runs need for the same standard error."""
        return (self.alone / self.se) ** 2


def policies() -> dict[str, Deployment]:
    """The deployment as it is, and three that change the reader, the rule, and who is watched."""
    plain = load(SCHOOL, settings=SETTINGS)
    groups = tuple(g.model_copy(update={"profile": "a person"}) for g in plain.population.groups)
    first, *others = plain.rules
    stricter = (first.model_copy(update={"flag": "4 of last 6"}), *others)
    return {
        "as it is": plain,
        "a person reads the faces": plain.model_copy(
            update={"population": plain.population.model_copy(update={"groups": groups})}
        ),
        f"{first.flag} becomes 4 of last 6": plain.model_copy(update={"rules": stricter}),
        "30 % opt out": load(SCHOOL, settings=(*SETTINGS, "population.opt_out=0.3")),
    }


def gains(seed: int = 1) -> tuple[Gain, ...]:
    """Gains of pairing: every policy, every finding."""
    deployments = policies()
    rule = next(iter(deployments.values())).rules[0].name
    compared = compare_sampled(deployments, seed=seed)
    plain, *others = deployments
    found = []
    for name in others:
        for id in FINDINGS:
            d = compared.one(name, id, rule=rule)
            errors = [compared.runs[n].findings.one(id, rule=rule).se or 0.0 for n in (plain, name)]
            assert d.value is not None
            assert d.se
            found.append(Gain(name, id, d.value, d.se, sum(e**2 for e in errors) ** 0.5))
    return tuple(found)


def table(found: tuple[Gain, ...]) -> Table:
    """Gains as a table."""
    made = Table(
        title=f"{SCHOOL}, {SCHOOLS:,} schools of 50 pupils, one year: differences from as it is", title_justify="left"
    )
    for column in ("policy", "finding"):
        made.add_column(column)
    for column in ("difference", "se, paired", "se, apart", "times the pupils"):
        made.add_column(column, justify="right")
    for g in found:
        numbers = (f"{g.difference:.4g}", f"{g.se:.2g}", f"{g.alone:.2g}", f"{g.fewer:.1f}")
        made.add_row(g.policy, g.finding, *numbers)
    return made


if __name__ == "__main__":
    Console(width=120).print(table(gains()))
