"""The answers: three sentences each, their numbers computed for the deployment that is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from misread.deployment import Deployment, load, looks_per_lesson, resolve_profiles
from misread.evidence import Matrix, Quantity, catalogue
from misread.findings.table import Finding, Findings
from misread.report.pictures import NONE, RIGHT, WRONG
from misread.report.sources import EVIDENCE_ID
from misread.report.words import Band, amount, brackets, every, half_up, share_span, tally, tally_brackets, upper_first
from misread.study.run import measured

KEPT = "keep-30-days"
"""A policy that a school could have, to show what one would change."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: to a page (`href`), or something to type or to read (`code`)."""

    said: str
    href: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Ten:
    """Ten of something in a row: the kinds of each, what the row is of, and the same in words."""

    kinds: tuple[str, ...]
    caption: str
    said: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question.

    Attributes
    ----------
    id, question : str
        Its anchor, and the question.
    sentences : tuple of str
        Three; the first one answers.
    findings : tuple of Finding
        What their numbers are.
    ways : tuple of Way
        Where to go on.
    pictures : tuple of Ten
        What the numbers look like.
    """

    id: str
    question: str
    sentences: tuple[str, str, str]
    findings: tuple[Finding, ...]
    ways: tuple[Way, ...]
    pictures: tuple[Ten, ...] = ()


class _Told:
    """The findings of one rule, each remembered as it is used."""

    def __init__(self, findings: Findings, rule: str) -> None:
        self._findings, self._rule = findings, rule
        self.used: list[Finding] = []

    def band(self, id: str, rule: bool = True, **keys: str) -> Band:
        """A finding's value with its interval."""
        finding = self._findings.one(id, rule=self._rule if rule else None, **keys)
        self.used.append(finding)
        band = Band.of(finding)
        return Band(0.0) if band is None else band

    def taken(self) -> tuple[Finding, ...]:
        """What was used since the last time."""
        used, self.used = tuple(self.used), []
        return used


def answers(name: str, deployment: Deployment, findings: Findings) -> tuple[Answer, ...]:
    """All questions, answered."""
    told = _Told(findings, deployment.rules[0].name)
    made = (_work, _accurate, _collected, _why, _later, _parents, _mine)
    return tuple(make(name, deployment, told) for make in made)


def _of(band: Band, of: int) -> str:
    """How many of so many, with its interval."""
    return f"{tally(band.value, of)}{tally_brackets(band, of)}"


def _hundred(band: Band) -> str:
    """A number of 100 in figures, with its interval."""
    shown = f"{half_up(100 * band.value)}" if band.value == 0 or band.value >= 0.005 else "fewer than one"
    return f"{shown} ({share_span(band)})" if band.ends else shown


def _ten(share: float, kind: str, caption: str, other: str = NONE) -> Ten:
    """Ten in a row, of which a share is of a kind."""
    n = half_up(10 * share)
    return Ten((kind,) * n + (other,) * (10 - n), caption, f"{caption}: {tally(share, 10)} of ten")


def _number(band: Band) -> str:
    """A quantity with its interval."""
    return amount(band.value) + brackets(band)


def _work(name: str, deployment: Deployment, told: _Told) -> Answer:
    rule, calendar = deployment.rules[0], deployment.calendar
    looks = looks_per_lesson(deployment) * calendar.lessons_per_day
    labels = told.band("labels_archived", rule=False)
    words = "”, “".join(rule.labels)
    return Answer(
        "work",
        "How do the cameras work?",
        (
            f"{upper_first(every(deployment.camera.observe_every_seconds))} each face is looked at, the place of brows "
            "and lips is compared with stored faces, and the best fit becomes a word.",
            f"That makes {looks} looks on a school day and {_number(labels)} words about one child in "
            f"{deployment.population.school_years} school {_years(deployment)}, each with its time.",
            f"A rule then raises the flag “{rule.name}” when {_when(rule.flag)} say “{words}”: the word is about "
            "the face, the flag claims to know what is behind it.",
        ),
        told.taken(),
        (
            Way("Follow one child through it, stage by stage", href="/stages"),
            Way("What a look could see of a short movement", code=f"misread micro {name}"),
        ),
    )


def _years(deployment: Deployment) -> str:
    return "year" if deployment.population.school_years == 1 else "years"


def _when(flag: str) -> str:
    """A rule's words in a sentence."""
    kind, _, rest = flag.partition(" of last ")
    if rest:
        return f"{kind} of the last {rest} words"
    if flag.startswith("run of "):
        return f"{flag.removeprefix('run of ')} words in a row"
    if flag.startswith("share over "):
        return f"more than {half_up(100 * float(flag.removeprefix('share over ')))} of 100 words of a lesson"
    return "more words than of others in the class"


def _accurate(name: str, deployment: Deployment, told: _Told) -> Answer:
    wrong = told.band("flag_ppv").complement()
    missed = told.band("spells_missed")
    return Answer(
        "accurate",
        "Are they accurate?",
        (
            f"Of ten alerts, {_of(wrong, 10)} {_be(wrong)} wrong: the child was in none of the states that the alert "
            "claims.",
            f"And of 100 real spells in these states, {_hundred(missed)} pass without any alert.",
            _tested(deployment),
        ),
        told.taken(),
        (
            Way("Ask it with other numbers", href=f"/explore?deployment={name}"),
            Way("Read what was tested", href="/evidence?topic=recognition"),
            Way("Search for the kindest setting", code=f"misread stress {name}"),
        ),
        (_ten(wrong.value, WRONG, "ten alerts, the hatched ones wrong", RIGHT),),
    )


def _be(wrong: Band) -> str:
    return "is" if half_up(10 * wrong.value) == 1 and not wrong.ends else "are"


def _tested(deployment: Deployment) -> str:
    """What is known about the reader, by the evidence that its profile names; F05 is a claim without a test."""
    name, profile = next(iter(resolve_profiles(deployment).items()))
    dropped = frozenset(getattr(deployment.classifier.confusion[name], "drop", ()))
    known = catalogue()
    named = EVIDENCE_ID.findall(profile.source)
    entry = next((known[id] for id in named if id in known), None)
    if isinstance(entry, Matrix):
        return (
            f"No test of such a product on children in class was found; what stands in for one here, {entry.id} "
            f"({entry.short}), was right in {half_up(100 * _right(entry, dropped))} of 100 {entry.counted}."
        )
    claim = known["F05"]
    assert isinstance(claim, Quantity)
    return (
        f"This takes a claim at its word ({claim.id}: {claim.quantity[:1].lower()}{claim.quantity[1:]}); no test "
        "stands behind it."
    )


def _right(matrix: Matrix, dropped: frozenset[str]) -> float:
    """Share that is right of what a matrix counts, classes that the profile drops left out of rows and columns."""
    cells = [
        (row == column, n)
        for row, line in matrix.counts.items()
        for column, n in line.items()
        if not dropped & {row, column}
    ]
    return sum(n for right, n in cells if right) / sum(n for _, n in cells)


def _collected(name: str, deployment: Deployment, told: _Told) -> Answer:
    labels = told.band("labels_archived", rule=False)
    flags = told.band("flags_per_pupil_year")
    home = told.band("alerts_per_family_year", rule=False)
    keep = deployment.file.keep_days
    kept = "for ever" if keep == "forever" else f"for {keep:,} school days"
    return Answer(
        "data",
        "What is collected?",
        (
            f"Pictures, and from them {_number(labels)} words about one child, each with a time.",
            f"In a school year {_number(flags)} flags “{deployment.rules[0].name}” are put into its file, and the "
            f"family gets {_number(home)} messages.",
            f"Flags are kept {kept}; whether the pictures are kept as well, the report does not say.",
        ),
        told.taken(),
        (
            Way("See twelve years of one child", href=f"/map?deployment={name}"),
            Way("Read a whole file as a system would give it out", code=f"misread file {name} --as-export csv"),
        ),
    )


def _why(name: str, _: Deployment, told: _Told) -> Answer:
    lift = told.band("flag_lift")
    caught, alarmed = told.band("lesson_sensitivity"), told.band("lesson_false_positive_rate")
    return Answer(
        "why",
        "Why are they installed?",
        (
            "To help, it is said: with attention in class, with how children feel, with safety; the press report names "
            "no test that shows it.",
            f"Of 100 lessons in which a child really is in such a state, {_hundred(caught)} bring a right alert; of "
            f"100 in which it never is, {_hundred(alarmed)} bring an alert all the same.",
            f"An alert is right {_number(lift)} times as often as pointing at any child at any moment, "
            "where 1 means no better.",
        ),
        told.taken(),
        (
            Way("What is known about being watched", href="/evidence?topic=consequences"),
            Way("The same with a teacher in place of the cameras", code=f"misread compare {name} a-teacher-instead"),
        ),
        (
            _ten(caught.value, RIGHT, "ten lessons with trouble, a right alert in the solid ones"),
            _ten(alarmed.value, WRONG, "ten lessons without, a wrong alert in the hatched ones"),
        ),
    )


def _later(name: str, deployment: Deployment, told: _Told) -> Answer:
    rule = deployment.rules[0].name
    lived = told.band("file_variance_share", source="within")
    held = told.band("flags_on_file_end")
    mark = next((m for m in deployment.file.marks if m.rule == rule), None)
    if mark is None:
        word = "No word is given for flags here; nothing keeps a school from giving one."
    else:
        bear, unearned = told.band("p_mark", mark=mark.name), told.band("p_mark_unearned", mark=mark.name)
        word = (
            f"Of 100 children, {_hundred(bear)} leave with the word “{mark.name}”, and for {_hundred(unearned)} of "
            "the 100 at least half of the flags behind it were wrong."
        )
    return Answer(
        "later",
        "Can it be used against a child later?",
        (
            f"Yes: the file holds {_number(held)} such flags when the child leaves, and whoever has it can rank "
            "children by them.",
            word,
            "Of all that makes one child’s file differ from another’s, what the child went through makes up at most "
            f"{_hundred(lived)} in 100.",
        ),
        told.taken(),
        (
            Way("What decisions on such files get wrong", href="/map?deployment=as-described-full&count=all"),
            Way("How the file differs from child to child", href=f"/map?deployment={name}"),
        ),
    )


@lru_cache(maxsize=8)
def _with(name: str, policy: str) -> Findings:
    """The same schools under another policy."""
    return measured(load(name, policies=[policy]), draws=0).findings


def _parents(name: str, deployment: Deployment, told: _Told) -> Answer:
    held = told.band("flags_on_file_end")
    rule = deployment.rules[0].name
    less = Band.of(_with(name, KEPT).one("flags_on_file_end", rule=rule))
    assert less is not None
    teacher = told.band("alerts_per_teacher_day", rule=False)
    return Answer(
        "parents",
        "What can parents do?",
        (
            "Ask the school in writing what reads faces there, how often, by which rule, who is told, how long it is "
            "kept, and who tested it on children.",
            f"Each answer changes a number here: were flags forgotten after thirty school days, the file would hold "
            f"{amount(less.value)} when the child leaves, not {amount(held.value)}.",
            f"Teachers are on the same side: each class would send its teacher {_number(teacher)} alerts a day.",
        ),
        told.taken(),
        (
            Way("Change one rule, and compare", code=f"misread compare {name} {KEPT} opt-out-30-percent"),
            Way("What was banned, and where", href="/evidence?topic=claims"),
        ),
    )


def _mine(name: str, deployment: Deployment, told: _Told) -> Answer:
    engaged = _untroubled(deployment, told)
    return Answer(
        "mine",
        "What can I do?",
        (
            "Talk about it: a word read off a face is a guess, and you are the one who knows how you feel.",
            f"Of 100 flags “{deployment.rules[0].name}”, {_hundred(engaged)} are raised while the child is in no state "
            "that the flag claims at that moment.",
            "Then check it: every number here can be computed again, with other assumptions, in a file of your own.",
        ),
        told.taken(),
        (
            Way("See a made-up class, and what is written down about it", href="/classroom"),
            Way("Start a file of your own", code=f"misread deployments {name} > mine.toml"),
            Way("Run it", code="misread run mine.toml"),
            Way("Check any number", href=f"/numbers?deployment={name}"),
        ),
    )


def _untroubled(deployment: Deployment, told: _Told) -> Band:
    """Share of the flags that are raised in a state that the rule does not claim, at the look that fires."""
    rule = deployment.rules[0]
    others = [state for state in deployment.pupil.states if state not in rule.claims]
    shares = [told.band("flag_state_share", state=state).value for state in others]
    return Band(sum(shares))


def texts(some: Sequence[Answer]) -> tuple[str, ...]:
    """All sentences, for whoever counts their words."""
    return tuple(sentence for answer in some for sentence in answer.sentences)
