"""What the report tells about one rule: every sentence and picture, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment.model import Deployment, Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.findings.table import Finding
from misread.report import words
from misread.report.lookup import Figures, isolate, quote
from misread.report.pictures import Hundred, Strip, hundred, slips
from misread.report.words import Band, amount, brackets, children, listing, tally
from misread.study.compare import Difference

PERIODS = (
    ("day_1", "after 1 day", "On the first day"),
    ("week_1", "after 1 week", "In the first week"),
    ("year_1", "after 1 year", "In the first school year"),
    ("end", "when they leave", "By the time they leave"),
)

Row = tuple[str, Finding | Difference]
"""A line of a picture's table: what it is about, and the finding, or a difference in it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the four moments at which 100 children are looked at."""

    key: str
    title: str
    when: str
    children: Hundred
    interval: str
    finer: str
    wrong: Finding
    right: Finding


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A row of alerts: those of whoever reads the faces, or of a finger pointed blindly."""

    who: str
    kinds: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Precision:
    """How many alerts are right, and how many of a blind finger's would be."""

    rows: tuple[AlertRow, ...]
    sentence: str
    lift: str
    why: str
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the proponents, answered for whoever reads the faces and for the perfect reader."""

    title: str
    strips: tuple[Strip, ...]
    sentence: str
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RuleStory:
    """Everything the report says about one rule."""

    rule: Rule
    name: str
    what: str
    wrong_means: str
    headline: words.Headline
    interval: str
    ppv: Finding | None
    panels: tuple[Panel, ...]
    precision: Precision | None
    questions: tuple[Question, ...]

    @property
    def without(self) -> str:
        """Why its panels have no interval; empty where they have one."""
        return words.no_interval(Band.of(self.panels[0].wrong)) if self.panels else ""

    @property
    def silent(self) -> bool:
        """Whether the rule never fires, so that none of its flags is right or wrong."""
        return self.ppv is not None and self.ppv.value is None


def rule_in_words(rule: Rule) -> str:
    """When the rule fires, as the end of a sentence."""
    labels = listing([quote(x) for x in rule.labels])
    flag = parse_flag(rule.flag)
    if isinstance(flag, KOfLast):
        if flag.k == flag.n:
            looks = "a single look" if flag.n == 1 else f"{words.count(flag.n)} looks in a row"
            return f"when {looks} of a lesson {'reads' if flag.n == 1 else 'read'} {labels}"
        return f"when {words.count(flag.k)} of the last {words.count(flag.n)} looks of a lesson read {labels}"
    if isinstance(flag, ShareOver):
        return (
            f"at the end of a lesson in which more than {amount(float(flag.share) * 100)} % of the looks read {labels}"
        )
    return f"at the end of each lesson, for the {words.count(flag.n)} children of the class most often read as {labels}"


def wrong_in_words(rule: Rule) -> str:
    """What makes a flag of the rule a wrong one, in one sentence."""
    claims = listing([isolate(c) for c in rule.claims])
    noun = words.sent(rule.notify)[0][:-1]
    flag = parse_flag(rule.flag)
    an = "An" if noun == "alert" else "A"
    if isinstance(flag, KOfLast):
        if rule.true_if == "at_flag" or flag.n == 1:
            when = "at the look that set it off"
        else:
            when = f"at any of the {words.count(flag.n)} looks it judges"
        return f"{an} {noun} is wrong if the child was not {claims} {when}."
    share = amount(float(flag.share) * 100) + " %" if isinstance(flag, ShareOver) else "half"
    return f"{an} {noun} is wrong if the child was {claims} for no more than {share} of the lesson’s looks."


def tell(rule: Rule, figures: Figures, years: int, reader: str = words.CAMERAS) -> RuleStory:
    """The story of one rule, as far as the findings tell it.

    Parameters
    ----------
    rule : Rule
        The rule.
    figures : Figures
        The findings.
    years : int
        School years of the deployment.
    reader : str
        Who or what reads the faces, as the deployment says it.
    """
    reader = isolate(reader)
    ppv = figures.find("flag_ppv", rule.name)
    band = Band.of(ppv)
    interval = ""
    if band is not None and 0 < band.value < 1:
        wrong = band.complement()
        interval = words.interval_sentence(wrong, words.base(wrong.value))
    elif band is not None and band.ends is not None and band.ends != (band.value, band.value):
        interval = words.interval_sentence(band.complement(), 100)
    return RuleStory(
        rule=rule,
        name=rule.name,
        what=rule_in_words(rule),
        wrong_means=wrong_in_words(rule),
        headline=words.headline(None if ppv is None else ppv.value, rule.notify, reader),
        interval=interval,
        ppv=ppv,
        panels=panels(rule.name, figures, years),
        precision=precision(rule, figures, reader),
        questions=questions(rule, figures, reader),
    )


def panels(rule: str, figures: Figures, years: int) -> tuple[Panel, ...]:
    """The four moments, where the run has both chances; three where the first school year is the last."""
    found = []
    for key, title, when in PERIODS:
        wrong = figures.find(f"p_false_flag_by_{key}", rule)
        right = figures.find(f"p_only_true_flags_by_{key}", rule)
        band = Band.of(wrong)
        if wrong is None or right is None or band is None or right.value is None:
            continue
        if years == 1 and key == "end":
            continue
        picture = hundred(band.value, right.value)
        found.append(Panel(key, title, when, picture, words.share_span(band), _finer(band.value), wrong, right))
    return tuple(found)


def _finer(p: float) -> str:
    """What whole children of 100 cannot show: chances near 0 and near 1."""
    if 0 < p < 0.005:
        return "fewer than 1 in 1,000" if p < 0.0005 else f"{words.half_up(1000 * p)} in 1,000"
    if 0.995 <= p < 1:
        return "all but fewer than 1 in 1,000" if p > 0.9995 else f"all but {words.half_up(1000 * (1 - p))} in 1,000"
    return ""


def first_year(story: RuleStory) -> str:
    """The sentence of the lede about the first school year; empty where the run does not say."""
    panel = next((p for p in story.panels if p.key == "year_1"), None)
    if panel is None or panel.wrong.value is None:
        return ""
    return f"{children(panel.wrong.value)} would be wrongly flagged at least once in the first school year"


def opening(story: RuleStory, stays: str) -> tuple[str, str]:
    """What stands under the headline, and what is left for the note below it.

    Why there is no interval is no answer to anybody's question, so that it does not come first where there is one.

    Parameters
    ----------
    story : RuleStory
        The main rule's.
    stays : str
        How long a flag stays on file, as `kept` says it.

    Returns
    -------
    tuple of str
        The sentences, and the reason where there is no interval.
    """
    year = first_year(story)
    reach = f"{year}, and {stays}." if year else ""
    bare = story.ppv is None or story.ppv.low is None
    if bare and reach:
        return reach, story.interval
    return f"{story.interval} {reach}".strip(), ""


def kept(deployment: Deployment) -> str:
    """How long a flag stays on file, as the end of a sentence."""
    keep = deployment.file.keep_days
    if keep == "forever":
        return "every flag stays on file for good"
    return f"a flag stays on file for {words.plural(keep, 'school day')}"


def precision(rule: Rule, figures: Figures, reader: str = words.CAMERAS) -> Precision | None:
    """The ten alerts, and ten pointed at blindly; None where no flag is ever given."""
    found = {
        "alerts that are right": figures.find("flag_ppv", rule.name),
        "times as often right as a blind finger": figures.find("flag_lift", rule.name),
        "looks at which a child is in a claimed state": figures.find("claimed_share", rule.name),
        "lessons with such a look": figures.find("lesson_prevalence", rule.name),
    }
    ppv, lift = (Band.of(f) for f in list(found.values())[:2])
    if ppv is None:
        return None
    noun = words.sent(rule.notify)[0]
    blind = ppv.value / lift.value if lift is not None and lift.value > 0 else None
    of = 10 if all(words.base(p) == 10 for p in (ppv.value, blind) if p is not None) else 100
    rows = [
        AlertRow(f"{words.count(of).capitalize()} {noun} from {reader}", slips(ppv.value, of), _right(ppv.value, of))
    ]
    if blind is not None:
        rows.append(AlertRow("As many, pointed at blindly", slips(blind, of), _right(blind, of)))
    return Precision(
        rows=tuple(rows),
        sentence=_precision_sentence(ppv, noun, of),
        lift="" if lift is None else _lift(lift, reader),
        why="" if blind is None else _why(rule, figures, blind, of),
        table=tuple((name, f) for name, f in found.items() if f is not None),
    )


def _precision_sentence(ppv: Band, noun: str, of: int) -> str:
    said = f"Of {words.count(of)} {noun}, {tally(ppv.value, of)} would be right"
    if ppv.ends is None or not ppv.outside:
        return f"{said}{words.tally_brackets(ppv, of)}."
    counted = words.tally_range(*ppv.ends, of)
    return f"{said} with the published figures as they stand; with their uncertainty counted, {counted}."


def _right(p: float, of: int) -> str:
    said = f"{tally(p, of)} right"
    return f"{said} ({tally_100(p)})" if of == 10 and 0 < p < 1 else said


def _lift(lift: Band, reader: str) -> str:
    if lift.value == 0:
        return f"A finger pointed blindly would be right now and then; {reader} never would."
    between, who = brackets(lift), words.upper_first(reader)
    if lift.value >= 1.005:
        return f"{who} would be right {amount(lift.value)} times as often as a finger pointed blindly{between}."
    if lift.value <= 0.995:
        return (
            f"{who} would be right less often than a finger pointed blindly: {amount(lift.value)} times as "
            f"often{between}."
        )
    return f"{who} would be right as often as a finger pointed blindly{between}."


def _why(rule: Rule, figures: Figures, blind: float, of: int) -> str:
    claims = listing([isolate(c) for c in rule.claims])
    share = figures.value("claimed_share", rule.name)
    lessons = figures.value("lesson_prevalence", rule.name)
    parts = []
    if share is not None:
        parts.append(f"at any look, {tally(share, 100)} of 100 children are {claims}")
    if lessons is not None:
        parts.append(f"in {tally(lessons, 100)} of 100 lessons a child is so at one look or more")
    if not parts:
        return ""
    judged = "at a moment" if isinstance(parse_flag(rule.flag), KOfLast) else "in a lesson"
    return (
        f"Why a blind finger is right at all: {', and '.join(parts)}. So an alert about any child {judged} picked by "
        f"lot would be right {tally(blind, of)} times of {words.count(of)}."
    )


def questions(rule: Rule, figures: Figures, reader: str = words.CAMERAS) -> tuple[Question, ...]:
    """What the proponents would get: spells caught, lessons caught, and lessons flagged for nothing."""
    claims = listing([isolate(c) for c in rule.claims])
    found = (
        _question(
            f"Spells of being {claims} that the rule catches",
            "spells_missed", "spells missed", rule, figures, reader, "caught",
            f"Of 100 such spells (an unbroken run of looks within a lesson), {reader} would catch",
        ),
        _question(
            "Lessons with such a moment in which it is rightly flagged",
            "lesson_sensitivity", "lessons with one, rightly flagged", rule, figures, reader, "rightly flagged",
            f"Of 100 lessons in which a child is {claims} at some look, {reader} would rightly flag",
        ),
        _question(
            "Lessons without any such moment in which the child is flagged all the same",
            "lesson_false_positive_rate", "lessons without one, flagged", rule, figures, reader, "wrongly flagged",
            f"Of 100 lessons in which a child never is, {reader} would flag",
        ),
    )  # fmt: skip
    return tuple(q for q in found if q is not None)


def _question(
    title: str, id: str, what: str, rule: Rule, figures: Figures, reader: str, done: str, start: str
) -> Question | None:
    strips: list[Strip] = []
    said, table = [], []
    for who, keys in ((reader.removeprefix("the "), {}), ("perfect reader", {"reader": "perfect"})):
        finding = figures.find(id, rule.name, **keys)
        band = Band.of(finding)
        if finding is None or band is None:
            if not keys:
                return None
            continue
        band = band.complement() if id == "spells_missed" else band
        look = "wrong" if id == "lesson_false_positive_rate" and band.value > 0 else "right"
        strips.append(Strip(words.upper_first(who), band, look, f"{tally_100(band.value)} {done}", id))
        table.append((f"{what}: {who}", finding))
        said.append(tally(band.value, 100) + words.tally_brackets(band, 100))
    return Question(title, tuple(strips), f"{start} {'; a perfect reader, '.join(said)}.", tuple(table))


def tally_100(p: float) -> str:
    """A share as figures out of 100."""
    n = words.half_up(100 * p)
    if p > 0 and n == 0:
        return "fewer than 1 of 100"
    return "nearly 100 of 100" if p < 1 and n == 100 else f"{n} of 100"
