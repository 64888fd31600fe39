"""What was asked: which deployment, how the five questions are answered, and what else was changed in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from urllib.parse import urlencode

from misread.deployment import Deployment, load_text, shipped_policies, shipped_text
from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.deployment.origin import Path as Key
from misread.deployment.origin import spell, value_text
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.report import words
from misread.report.words.lookup import clean, isolate, quote
from misread.report.words.sources import EVIDENCE_ID
from misread.web.shipped import FIRST, known

MOVES_ON = {"as-described-full": "as-described"}
"""Deployments that take too long to be moved → the nearest without traits, which is moved instead."""
PASTED = "pasted.toml"
"""What a pasted deployment is called in messages."""
MOST_CHANGES = 40
SIDES = ("left", "right")
"""Names of the policies that are laid side by side."""

PUPILS = (30, 300, 1_000, 20_000)
SECONDS = (60, 120, 180, 300, 600)
FLAGS = ("1 of last 1", "2 of last 3", "3 of last 6", "4 of last 6", "share over 0.3")
YEARS = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen."""

    value: str
    label: str
    chosen: bool
    stated: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A plain question.

    Attributes
    ----------
    name : str
        Its name in the address.
    words : str
        The question.
    choices : tuple of Choice
        The answers.
    source : str
        What the deployment's author says about the stated answer.
    fixed : bool
        Whether the key itself was changed, so that no answer is taken.
    """

    name: str
    words: str
    choices: tuple[Choice, ...]
    source: str
    fixed: bool = False

    @property
    def answer(self) -> str:
        """The value that is chosen."""
        return next(c.value for c in self.choices if c.chosen)

    @property
    def stated(self) -> Choice:
        """The answer that the deployment itself gives."""
        return next(c for c in self.choices if c.stated)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Entries of the evidence that the source names."""
        return tuple(dict.fromkeys(EVIDENCE_ID.findall(self.source)))

    @property
    def moved(self) -> bool:
        """Whether another answer than the deployment's own is chosen."""
        return self.answer != self.stated.value


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked, as the page repeats it.

    Attributes
    ----------
    name : str
        The shipped deployment; `PASTED` for one's own.
    instead_of : str
        The deployment in whose stead it is moved; empty where there is none.
    questions : tuple of Question
        The five.
    settings : tuple of str
        Answers and changes that are not the deployment's own, as ``--set`` takes them.
    changes : str
        What was changed beyond the questions, one a line.
    query : mapping
        The shortest question that gives the same page.
    """

    name: str
    instead_of: str
    questions: tuple[Question, ...]
    settings: tuple[str, ...]
    changes: str
    query: Mapping[str, str]

    @property
    def link(self) -> str:
        """The address of this view."""
        return f"/explore?{urlencode(self.query)}" if self.query else "/explore"

    @property
    def command(self) -> str:
        """The command that computes all of what is moved here."""
        return self._run(self.name)

    def repeated(self, draws: int) -> str:
        """The command that computes what is shown, with as many draws for its intervals."""
        return self._run(self.name, "--draws", str(draws))

    @property
    def in_full(self) -> str:
        """The deployment that was asked for, whether or not another is moved in its stead."""
        return self.instead_of or self.name

    @property
    def full_command(self) -> str:
        """The command that computes all of it."""
        return self._run(self.in_full)

    def _run(self, name: str, *more: str) -> str:
        return shlex.join(["misread", "run", name, *(p for s in self.settings for p in ("--set", s)), *more])


@dataclass(frozen=True, slots=True)
class Asked(Answered):
    """What was asked, read and checked.

    Attributes
    ----------
    pasted : str
        One's own deployment, as it was pasted; empty where there is none.
    deployment : Deployment
        With all answers and changes.
    rule : Rule
        Whose alerts are counted.
    """

    pasted: str
    deployment: Deployment
    rule: Rule

    @property
    def answered(self) -> Answered:
        """Without what only computing needs: it goes from process to process."""
        return Answered(**{f.name: getattr(self, f.name) for f in fields(Answered)})

    def under(self, policy: str) -> Deployment:
        """The same with a shipped policy laid on it, before the answers.

        Raises
        ------
        MisreadError
            If there is no such policy, or it does not fit.
        """
        if policy not in shipped_policies():
            raise MisreadError(
                Problem("No policy of this name is shipped.", f"one of {', '.join(shipped_policies())}.", key=policy)
            )
        return load_from(self.name, self.pasted, self.settings, (policy,))


def read(asked: Mapping[str, str]) -> Asked:
    """Read what was asked.

    Parameters
    ----------
    asked : mapping
        ``deployment`` or ``toml``; ``pupils``, ``every``, ``claims``, ``flag``, ``years``; ``set``: changes, one a
        line; ``left`` and ``right``, which are kept as they are.

    Raises
    ------
    MisreadError
        If there is no such deployment or answer, or they do not go together.
    """
    pasted = asked.get("toml", "").replace("\r\n", "\n")
    pasted = pasted if pasted.strip() else ""
    given = asked.get("deployment") or FIRST
    name = PASTED if pasted else MOVES_ON.get(known(given), given)
    changes = tuple(_lines(asked.get("set", "")))
    stated = load_from(name, pasted, changes, ())
    if not stated.rules:
        raise MisreadError(
            Problem(
                "It has no rule, so nobody would be flagged: there is nothing to count here.",
                "a deployment with [[rules]].",
                "see `misread run` for what is written down all the same.",
            )
        )
    found = list(_questions(stated, asked, {_key(line) for line in changes}))
    rule, _alone = _which(stated, next(q for q, _settings in found if q.name == "claims").answer)
    answers = tuple(s for q, settings in found if q.moved for s in settings)
    deployment = load_from(name, pasted, (*changes, *answers), ()) if answers else stated
    query = {} if pasted or given == FIRST else {"deployment": given}
    query |= {q.name: q.answer for q, _settings in found if q.moved}
    if changes:
        query["set"] = "\n".join(changes)
    query |= {side: asked[side] for side in SIDES if asked.get(side)}
    return Asked(
        name=name,
        instead_of="" if pasted or given == name else given,
        pasted=pasted,
        deployment=deployment,
        rule=next(r for r in deployment.rules if r.name == rule.name),
        questions=tuple(q for q, _settings in found),
        settings=(*changes, *answers),
        changes="\n".join(changes),
        query=query,
    )


@lru_cache(maxsize=64)
def load_from(name: str, pasted: str, settings: tuple[str, ...], policies: tuple[str, ...]) -> Deployment:
    """A shipped deployment, or one that was pasted; no file that is named by whoever asks is ever read."""
    return load_text(pasted or shipped_text(name), name, settings=settings, policies=policies)


def _questions(
    stated: Deployment, asked: Mapping[str, str], changed: Set[str]
) -> Iterator[tuple[Question, tuple[str, ...]]]:
    """The five questions, each with the settings that its answer stands for."""

    def question(name: str, said: str, choices: Mapping[str, str], value: str, *paths: Key) -> Question:
        keys = [spell(path) for path in paths]
        fixed = not changed.isdisjoint(keys)
        source = clean(stated.origin.comment(paths[0]))
        return Question(name, said, _choices(said, name, choices, value, "" if fixed else asked.get(name, "")),
                        source, fixed)  # fmt: skip

    people = stated.population
    total = people.schools * people.pupils_per_school
    counts = {str(n): f"{n:,}" for n in sorted({*PUPILS, total})}
    sizes = (("population", "schools"), ("population", "pupils_per_school"))
    pupils = question("pupils", _("How many pupils are watched?"), counts, str(total), *sizes)
    schools = max(1, int(pupils.answer) // 1000)
    parts = (schools, int(pupils.answer) // schools)
    yield pupils, tuple(f"{spell(path)}={n}" for path, n in zip(sizes, parts, strict=True))

    every = ("camera", "observe_every_seconds")
    seconds = sorted({*map(float, SECONDS), stated.camera.observe_every_seconds})
    looks = question(
        "every",
        _("How often is each child looked at? Every …"),
        {f"{s:g}": words.lasting(s) for s in seconds},
        f"{stated.camera.observe_every_seconds:g}",
        every,
    )
    yield looks, (f"{spell(every)}={looks.answer}",)

    first = stated.rules[0]
    claims = question(
        "claims",
        _("What does an alert say about the child?"),
        dict(_claims(stated)),
        "0",
        ("rules", first.name, "claims"),
    )
    rule, alone = _which(stated, claims.answer)
    here: Key = ("rules", rule.name)
    claims = replace(claims, source=clean(stated.origin.comment((*here, "claims"))))
    yield claims, (f"{spell((*here, 'claims'))}={value_text([alone])}",) if alone else ()

    flags = {f: _when(f) for f in dict.fromkeys((*FLAGS, rule.flag))}
    flag = question("flag", _("How many looks make an alert?"), flags, rule.flag, (*here, "flag"))
    yield flag, (f"{spell((*here, 'flag'))}={value_text(flag.answer)}",)

    length = ("population", "school_years")
    years = {str(y): str(y) for y in sorted({*YEARS, people.school_years})}
    for_ = question("years", _("For how many school years?"), years, str(people.school_years), length)
    yield for_, (f"{spell(length)}={for_.answer}",)


def _choices(said: str, name: str, choices: Mapping[str, str], stated: str, given: str) -> tuple[Choice, ...]:
    given = given or stated
    if given not in choices:
        raise MisreadError(
            Problem(
                f"{given!r} is no answer to “{said}”",
                f"one of {', '.join(choices)}.",
                "choose one, or change the key itself under “Everything else”.",
                key=name,
            )
        )
    return tuple(Choice(value, label, value == given, value == stated) for value, label in choices.items())


def _claims(stated: Deployment) -> Iterator[tuple[str, str]]:
    """What each rule claims; and each state that it claims, as if it claimed that one alone."""
    for i, rule in enumerate(stated.rules):
        yield (
            str(i),
            _("%(rule)s: %(states)s", rule=quote(rule.name), states=words.listing(tuple(map(isolate, rule.claims)))),
        )
        if len(rule.claims) > 1:
            yield from ((f"{i}.{j}", _("only %(state)s", state=isolate(c))) for j, c in enumerate(rule.claims))


def _which(stated: Deployment, value: str) -> tuple[Rule, str]:
    """The rule of an answer, and the one state that it is to claim; empty where it claims what it is said to."""
    i, _point, j = value.partition(".")
    rule = stated.rules[int(i)]
    return rule, rule.claims[int(j)] if j else ""


def _when(flag: str) -> str:
    parsed = parse_flag(flag)
    if isinstance(parsed, KOfLast):
        if parsed.n == 1:
            return _("a single look")
        return _("%(k)s of the last %(n)s", k=parsed.k, n=parsed.n)
    if isinstance(parsed, ShareOver):
        return _("over %(n)s %% of a lesson", n=words.amount(float(parsed.share) * 100))
    return _("the %(n)s of the class with most", n=parsed.n)


def _lines(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) > MOST_CHANGES:
        raise MisreadError(
            Problem(f"{len(lines):,} changes are too many for a link.", f"at most {MOST_CHANGES}.",
                    "paste a deployment of your own instead.", key="set")
        )  # fmt: skip
    for line in lines:
        key, sign, value = line.partition("=")
        yield f"{key.strip()}={value.strip()}" if sign else line


def _key(line: str) -> str:
    return line.partition("=")[0]
