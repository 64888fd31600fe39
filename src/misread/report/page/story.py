"""What the report tells about one rule: every sentence and picture, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment.model import Deployment, Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report import words
from misread.report.drawn.pictures import Hundred, Strip, hundred, slips
from misread.report.words import Band, amount, brackets, children, headlines, listing, tally
from misread.report.words.lookup import Figures, isolate, quote
from misread.study.compare import Difference

PERIODS = (
    ("day_1", mark("after 1 day"), mark("On the first day")),
    ("week_1", mark("after 1 week"), mark("In the first week")),
    ("year_1", mark("after 1 year"), mark("In the first school year")),
    ("end", mark("when they leave"), mark("By the time they leave")),
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
    headline: headlines.Headline
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
        values = {"k": words.count(flag.k), "n": words.count(flag.n), "labels": labels}
        if flag.n == 1:
            return _("when a single look of a lesson reads %(labels)s", **values)
        if flag.k == flag.n:
            return _("when %(n)s looks in a row of a lesson read %(labels)s", **values)
        return _("when %(k)s of the last %(n)s looks of a lesson read %(labels)s", **values)
    if isinstance(flag, ShareOver):
        said = _("at the end of a lesson in which more than %(n)s %% of the looks read %(labels)s")
        return said % {"n": amount(float(flag.share) * 100), "labels": labels}
    said = _("at the end of each lesson, for the %(n)s children of the class most often read as %(labels)s")
    return said % {"n": words.count(flag.n), "labels": labels}


def wrong_in_words(rule: Rule) -> str:
    """What makes a flag of the rule a wrong one, in one sentence."""
    claims = listing([isolate(c) for c in rule.claims])
    told = headlines.PEOPLE.intersection(rule.notify)
    flag = parse_flag(rule.flag)
    if isinstance(flag, KOfLast):
        if rule.true_if == "at_flag" or flag.n == 1:
            when = _("at the look that set it off")
        else:
            when = _("at any of the %(n)s looks it judges", n=words.count(flag.n))
        alert = _("An alert is wrong if the child was not %(claims)s %(when)s.", claims=claims, when=when)
        return (
            alert if told else _("A flag is wrong if the child was not %(claims)s %(when)s.", claims=claims, when=when)
        )
    share = _("half")
    if isinstance(flag, ShareOver):
        share = _("%(n)s %%", n=amount(float(flag.share) * 100))
    values = {"claims": claims, "share": share}
    if told:
        return _(
            "An alert is wrong if the child was %(claims)s for no more than %(share)s of the lesson’s looks.", **values
        )
    return _("A flag is wrong if the child was %(claims)s for no more than %(share)s of the lesson’s looks.", **values)


def named(reader: str) -> str:
    """Who or what reads the faces, fit to be shown: as the deployment says it, or the cameras."""
    return _(words.CAMERAS) if reader == words.CAMERAS else isolate(reader)


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
    reader = named(reader)
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
        headline=headlines.headline(None if ppv is None else ppv.value, rule.notify, reader),
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
        found.append(Panel(key, _(title), _(when), picture, words.share_span(band), _finer(band.value), wrong, right))
    return tuple(found)


def _finer(p: float) -> str:
    """What whole children of 100 cannot show: chances near 0 and near 1."""
    if 0 < p < 0.0005:
        return _("fewer than 1 in 1,000")
    if 0 < p < 0.005:
        return _("%(n)s in 1,000", n=words.half_up(1000 * p))
    if 0.9995 < p < 1:
        return _("all but fewer than 1 in 1,000")
    if 0.995 <= p < 1:
        return _("all but %(n)s in 1,000", n=words.half_up(1000 * (1 - p)))
    return ""


def first_year(story: RuleStory) -> str:
    """The sentence of the lede about the first school year; empty where the run does not say."""
    panel = next((p for p in story.panels if p.key == "year_1"), None)
    if panel is None or panel.wrong.value is None:
        return ""
    who = children(panel.wrong.value)
    return _("%(who)s would be wrongly flagged at least once in the first school year", who=who)


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
    reach = _("%(one)s, and %(other)s.", one=year, other=stays) if year else ""
    bare = story.ppv is None or story.ppv.low is None
    if bare and reach:
        return reach, story.interval
    return f"{story.interval} {reach}".strip(), ""


def kept(deployment: Deployment) -> str:
    """How long a flag stays on file, as the end of a sentence."""
    keep = deployment.file.keep_days
    if keep == "forever":
        return _("every flag stays on file for good")
    shown = f"{keep:,}"
    return ngettext(
        "a flag stays on file for %(n)s school day", "a flag stays on file for %(n)s school days", keep, n=shown
    )


def precision(rule: Rule, figures: Figures, reader: str = words.CAMERAS) -> Precision | None:
    """The ten alerts, and ten pointed at blindly; None where no flag is ever given."""
    found = {
        _("alerts that are right"): figures.find("flag_ppv", rule.name),
        _("times as often right as a blind finger"): figures.find("flag_lift", rule.name),
        _("looks at which a child is in a claimed state"): figures.find("claimed_share", rule.name),
        _("lessons with such a look"): figures.find("lesson_prevalence", rule.name),
    }
    ppv, lift = (Band.of(f) for f in list(found.values())[:2])
    if ppv is None:
        return None
    noun, _one = headlines.sent(rule.notify)
    blind = ppv.value / lift.value if lift is not None and lift.value > 0 else None
    of = 10 if all(words.base(p) == 10 for p in (ppv.value, blind) if p is not None) else 100
    rows = [
        AlertRow(
            words.upper_first(_("%(n)s %(alerts)s from %(reader)s", n=words.count(of), alerts=noun, reader=reader)),
            slips(ppv.value, of),
            _right(ppv.value, of),
        )
    ]
    if blind is not None:
        rows.append(AlertRow(_("As many, pointed at blindly"), slips(blind, of), _right(blind, of)))
    return Precision(
        rows=tuple(rows),
        sentence=_precision_sentence(ppv, noun, of),
        lift="" if lift is None else _lift(lift, reader),
        why="" if blind is None else _why(rule, figures, blind, of),
        table=tuple((name, f) for name, f in found.items() if f is not None),
    )


def _precision_sentence(ppv: Band, noun: str, of: int) -> str:
    values = {"n": words.count(of), "alerts": noun, "right": tally(ppv.value, of)}
    if ppv.ends is None or not ppv.outside:
        range_ = words.tally_brackets(ppv, of)
        return _("Of %(n)s %(alerts)s, %(right)s would be right%(range)s.", range=range_, **values)
    return _(
        "Of %(n)s %(alerts)s, %(right)s would be right with the published figures as they stand; with their "
        "uncertainty counted, %(range)s.",
        range=words.tally_range(*ppv.ends, of),
        **values,
    )


def _right(p: float, of: int) -> str:
    said = _("%(n)s right", n=tally(p, of))
    return f"{said} ({tally_100(p)})" if of == 10 and 0 < p < 1 else said


def _lift(lift: Band, reader: str) -> str:
    values = {"n": amount(lift.value), "range": brackets(lift), "reader": reader}
    if lift.value == 0:
        return _("A finger pointed blindly would be right now and then; %(reader)s never would.", **values)
    if lift.value >= 1.005:
        said = _("%(reader)s would be right %(n)s times as often as a finger pointed blindly%(range)s.", **values)
    elif lift.value <= 0.995:
        said = _(
            "%(reader)s would be right less often than a finger pointed blindly: %(n)s times as often%(range)s.",
            **values,
        )
    else:
        said = _("%(reader)s would be right as often as a finger pointed blindly%(range)s.", **values)
    return words.upper_first(said)


def _why(rule: Rule, figures: Figures, blind: float, of: int) -> str:
    claims = listing([isolate(c) for c in rule.claims])
    share = figures.value("claimed_share", rule.name)
    lessons = figures.value("lesson_prevalence", rule.name)
    parts = []
    if share is not None:
        parts.append(_("at any look, %(n)s of 100 children are %(claims)s", n=tally(share, 100), claims=claims))
    if lessons is not None:
        parts.append(_("in %(n)s of 100 lessons a child is so at one look or more", n=tally(lessons, 100)))
    if not parts:
        return ""
    values = {"why": _(", and ").join(parts), "right": tally(blind, of), "n": words.count(of)}
    if isinstance(parse_flag(rule.flag), KOfLast):
        return _(
            "Why a blind finger is right at all: %(why)s. So an alert about any child at a moment picked by lot would "
            "be right %(right)s times of %(n)s.",
            **values,
        )
    return _(
        "Why a blind finger is right at all: %(why)s. So an alert about any child in a lesson picked by lot would be "
        "right %(right)s times of %(n)s.",
        **values,
    )


def questions(rule: Rule, figures: Figures, reader: str = words.CAMERAS) -> tuple[Question, ...]:
    """What the proponents would get: spells caught, lessons caught, and lessons flagged for nothing."""
    values = {"claims": listing([isolate(c) for c in rule.claims]), "reader": reader}
    found = (
        _question(
            _("Spells of being %(claims)s that the rule catches", **values),
            "spells_missed", _("spells missed: %(who)s"), rule, figures, reader, _("%(n)s caught"),
            _("Of 100 such spells (an unbroken run of looks within a lesson), %(reader)s would catch", **values),
        ),
        _question(
            _("Lessons with such a moment in which it is rightly flagged"), "lesson_sensitivity",
            _("lessons with one, rightly flagged: %(who)s"), rule, figures, reader, _("%(n)s rightly flagged"),
            _("Of 100 lessons in which a child is %(claims)s at some look, %(reader)s would rightly flag", **values),
        ),
        _question(
            _("Lessons without any such moment in which the child is flagged all the same"),
            "lesson_false_positive_rate", _("lessons without one, flagged: %(who)s"), rule, figures, reader,
            _("%(n)s wrongly flagged"),
            _("Of 100 lessons in which a child never is, %(reader)s would flag", **values),
        ),
    )  # fmt: skip
    return tuple(q for q in found if q is not None)


def _question(
    title: str, id: str, what: str, rule: Rule, figures: Figures, reader: str, done: str, start: str
) -> Question | None:
    strips: list[Strip] = []
    said, table = [], []
    for who, keys in ((reader.removeprefix("the "), {}), (_("perfect reader"), {"reader": "perfect"})):
        finding = figures.find(id, rule.name, **keys)
        band = Band.of(finding)
        if finding is None or band is None:
            if not keys:
                return None
            continue
        band = band.complement() if id == "spells_missed" else band
        look = "wrong" if id == "lesson_false_positive_rate" and band.value > 0 else "right"
        strips.append(Strip(words.upper_first(who), band, look, done % {"n": tally_100(band.value)}, id))
        table.append((what % {"who": who}, finding))
        said.append(tally(band.value, 100) + words.tally_brackets(band, 100))
    return Question(title, tuple(strips), f"{start} {_('; a perfect reader, ').join(said)}.", tuple(table))


def tally_100(p: float) -> str:
    """A share as figures out of 100."""
    n = words.half_up(100 * p)
    if p > 0 and n == 0:
        return _("fewer than 1 of 100")
    return _("nearly 100 of 100") if p < 1 and n == 100 else _("%(n)s of 100", n=n)
