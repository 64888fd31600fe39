"""The headline claims about a rule, and which way is kind to the vendor."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment import Deployment

BLINDLY = 1.5
"""An alert that is right up to this many times as often as a blind finger's is called about as good."""
UNEVEN = 1.25
"""The most flagged group carries more if it is flagged wrongly at least this many times as often as the least."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about a rule that is true or not, by one finding.

    Attributes
    ----------
    id, words : str
        Its short name; the sentence.
    finding : str
        What it is about, of everybody.
    limit : float
        Where it turns.
    above : bool
        Whether it holds above the limit; else below it. The vendor would have it the other way.
    """

    id: str
    words: str
    finding: str
    limit: float
    above: bool

    def holds(self, value: float) -> bool:
        """Whether the claim is true of a value of its finding."""
        return value > self.limit if self.above else value < self.limit

    @property
    def sign(self) -> int:
        """What to multiply the finding by so that less is kinder to the vendor."""
        return 1 if self.above else -1


def claims_about(deployment: Deployment) -> tuple[Claim, ...]:
    """The claims that are tried of each rule."""
    found = [
        Claim("mostly_wrong", "Most alerts are wrong.", "flag_ppv", 0.5, above=False),
        Claim(
            "most_children",
            "Most children are flagged wrongly within a year.",
            "p_false_flag_by_year_1",
            0.5,
            above=True,
        ),
        Claim(
            "blindly",
            "Pointing blindly does about as well.",
            "flag_lift",
            BLINDLY,
            above=False,
        ),
    ]
    if len(deployment.population.groups) > 1:
        found.append(Claim("uneven", "One group carries more.", "disparity_false_flags", UNEVEN, above=True))
    return tuple(found)
