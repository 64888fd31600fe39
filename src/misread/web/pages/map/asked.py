"""Which child is asked for, and under which cameras: shipped deployments only, and numbers within their bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from misread.deployment import Deployment
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.web.shipped import FIRST, shipped_one, titles

MOST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Asked:
    """What was asked, checked.

    Attributes
    ----------
    name : str
        The deployment's shipped name.
    rule : str
        Whose flags are shown.
    seed, school, pupil : int
        Which child; school and pupil count from 1.
    who : str
        ``unluckiest`` or ``luckiest`` where such a child is looked for, else empty.
    count : str
        ``school`` or ``all`` where more than the child is wanted, else empty.
    """

    name: str
    rule: str
    seed: int
    school: int
    pupil: int
    who: str = ""
    count: str = ""

    @property
    def deployment(self) -> Deployment:
        """The deployment itself."""
        return shipped_one(self.name)

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that may be shown."""
        return tuple(rule.name for rule in self.deployment.rules)

    @property
    def title(self) -> str:
        """The deployment's title."""
        return titles()[self.name]

    @property
    def system(self) -> str:
        """Title and name of the deployment, for pictures that are taken away or printed."""
        return f"{self.title} ({self.name})."

    @property
    def flags(self) -> str:
        """Which of its flags."""
        return _("Flags of “%(rule)s”.", rule=self.rule)

    @property
    def child(self) -> str:
        """Which child."""
        return _(
            "Child %(pupil)s of school %(school)s, seed %(seed)s.",
            pupil=self.pupil, school=self.school, seed=self.seed,
        )  # fmt: skip

    @property
    def everybody(self) -> str:
        """Which school."""
        return _("School %(school)s, seed %(seed)s.", school=self.school, seed=self.seed)

    @property
    def rule_index(self) -> int:
        """The rule's place in the deployment."""
        return self.rules.index(self.rule)

    def with_pupil(self, pupil: int) -> Asked:
        """The same, with another pupil."""
        return replace(self, pupil=pupil)

    def address(self, **changed: str | int) -> str:
        """The address of a view: this one with something changed, and nothing counted unless it is said."""
        kept: dict[str, str | int] = {
            "deployment": self.name, "rule": self.rule, "seed": self.seed, "school": self.school, "pupil": self.pupil,
            "who": self.who,
        }  # fmt: skip
        return f"/map?{urlencode({k: v for k, v in (kept | changed).items() if v != ''})}"

    @property
    def next_pupil(self) -> str:
        """The address of another child: the next of the school, after the last the first of the next school."""
        people = self.deployment.population
        pupil, school = self.pupil + 1, self.school
        if pupil > people.pupils_per_school:
            pupil, school = 1, school % people.schools + 1
        return self.address(pupil=pupil, school=school, who="")

    @property
    def command(self) -> str:
        """What to type to read this child's file."""
        return f"misread file {self.name} --school {self.school} --pupil {self.pupil} --seed {self.seed} --truth"


def no_rule(text: str, rules: Sequence[str]) -> Problem:
    """What is said of a rule that a deployment does not have."""
    return Problem(
        _("There is no alert “%(text)s” under these cameras.", text=text[:60]),
        expected=_("one of %(names)s.", names=", ".join(rules)),
        mend=_("choose one from the list."),
        key="rule",
    )


def asked_of(asked: Mapping[str, str]) -> Asked:
    """Check what was asked.

    Raises
    ------
    MisreadError
        With everything that is out of bounds.
    """
    name = asked.get("deployment") or FIRST
    deployment = shipped_one(name)
    people, rules = deployment.population, [rule.name for rule in deployment.rules]
    problems: list[Problem] = []

    def number(key: str, least: int, most: int) -> int:
        text = asked.get(key) or "1"
        if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
            return int(text)
        if asked.get("was", name) != name:
            # The other system has fewer children: the first of them.
            return 1
        problems.append(
            Problem(
                _("There is no %(key)s %(text)s.", key=key, text=repr(text[:20])),
                _("a whole number from %(least)s to %(most)s.", least=f"{least:,}", most=f"{most:,}"),
                key=key,
            )
        )
        return least

    def word(key: str, known: list[str], default: str) -> str:
        text = asked.get(key) or default
        if text not in known:
            expected = _("one of %(names)s.", names=", ".join(filter(None, known)))
            what = _("“%(text)s” cannot be asked for.", text=text[:40])
            problems.append(Problem(what, expected, key=key))
        return text

    # Another system has other rules: then its first is shown.
    kept = asked.get("rule", "")
    if kept and kept not in rules and asked.get("was", name) == name:
        problems.append(no_rule(kept, rules))
    found = Asked(
        name=name,
        rule=kept if kept in rules else rules[0],
        seed=number("seed", 0, MOST_SEED),
        school=number("school", 1, people.schools),
        pupil=number("pupil", 1, people.pupils_per_school),
        who=word("who", ["", "unluckiest", "luckiest"], ""),
        count=word("count", ["", "school", "all"], ""),
    )
    if problems:
        raise MisreadError(problems)
    return found
