"""What the glass classroom says: each sentence whole, for a day, a moment, a message and a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from misread.deployment.model import Deployment, Mark, Rule
from misread.engine.sampled.replay import Look
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.file.dates import OPENS
from misread.report.file.messages import addressed, either, message
from misread.web.pages.classroom.day import ClassDay, Held, Sent

WEEKDAYS = (mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"))
READ = {
    "neutral": mark("At %(time)s a face at rest was read as “%(label)s”."),
    "happy": mark("At %(time)s a smile was read as “%(label)s”."),
    "sad": mark("At %(time)s a sad face was read as “%(label)s”."),
    "frown": mark("At %(time)s a lowered brow was read as “%(label)s”."),
    "angry": mark("At %(time)s an angry face was read as “%(label)s”."),
    "fear": mark("At %(time)s a frightened face was read as “%(label)s”."),
    "disgust": mark("At %(time)s a face of disgust was read as “%(label)s”."),
    "surprise": mark("At %(time)s a surprised face was read as “%(label)s”."),
    "contempt": mark("At %(time)s a face of contempt was read as “%(label)s”."),
}
"""How a face was read, by what it shows; other deployments may have other faces."""


def clock(minute: float) -> str:
    """Time of day; the first lesson begins at eight."""
    seconds = round((OPENS + timedelta(minutes=minute)).total_seconds())
    shown = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"
    return f"{shown}:{seconds % 60:02d}" if seconds % 60 else shown


def weekday(day: int) -> str:
    """The day of the week of a school day, counted from 1."""
    return _(WEEKDAYS[(day - 1) % 5])


def headline(day: ClassDay) -> tuple[str, str, bool]:
    """How many messages left the room; how many were wrong; whether any was."""
    sent, wrong = len(day.messages), sum(not one.right for one in day.messages)
    if not sent:
        return _("Nobody was told anything about this class today."), "", False
    left = ngettext(
        "One message left this classroom today.",
        "%(messages)s messages left this classroom today.",
        sent,
        messages=f"{sent:,}",
    )
    return left, _were(sent, wrong), bool(wrong)


def _were(sent: int, wrong: int) -> str:
    if sent == 1:
        return _("It was wrong.") if wrong else _("It was right.")
    if not wrong:
        return _("None was wrong.")
    if wrong == sent:
        return _("All were wrong.")
    return ngettext("One was wrong.", "%(wrong)s were wrong.", wrong, wrong=f"{wrong:,}")


def moment(day: ClassDay, at: int) -> str:
    """A moment in one sentence, for whoever does not see the picture too."""
    look, tally = day.moments[at], day.tally(at)
    where = _("%(time)s, lesson %(lesson)s", time=clock(look.minute), lesson=look.lesson)
    if look.situation:
        where = _("%(where)s (%(kind)s)", where=where, kind=look.situation)
    found = ngettext(
        "%(wrong)s of %(all)s labels is wrong, %(right)s right",
        "%(wrong)s of %(all)s labels are wrong, %(right)s right",
        tally["wrong"],
        wrong=tally["wrong"],
        all=tally.total(),
        right=tally["right"],
    )
    if unseen := tally["unseen"]:
        found = ngettext("%(found)s, %(n)s face not found", "%(found)s, %(n)s faces not found", unseen, found=found)
    return _("%(where)s: %(found)s.", where=where, found=found)


def so_far(day: ClassDay, at: int) -> str:
    """What was sent and written down up to a moment."""
    sent = [m for m in day.messages if m.at <= at]
    noted = sum(m.at <= at for m in day.flags) - len(sent)
    wrong = sum(not m.right for m in sent)
    told = _("No message yet.")
    if sent:
        told = ngettext(
            "%(sent)s message since the first bell, %(wrong)s of them wrong.",
            "%(sent)s messages since the first bell, %(wrong)s of them wrong.",
            len(sent),
            sent=f"{len(sent):,}",
            wrong=f"{wrong:,}",
        )
    if not noted:
        return told
    return ngettext(
        "%(told)s %(more)s more entry nobody is told of.",
        "%(told)s %(more)s more entries nobody is told of.",
        noted,
        told=told,
        more=f"{noted:,}",
    )


def counted_right(rule: Rule) -> str:
    """What a rule takes for what: a label need not be the word for the child to be counted as right."""
    labels = either([f"“{label}”" for label in rule.labels])
    return _(
        "“%(rule)s” takes %(labels)s to mean %(states)s", rule=rule.name, labels=labels, states=either(rule.claims)
    )


def whom(sent: Sent) -> str:
    """Who gets a message."""
    others = [who for who in sent.rule.notify if who != "parent"]
    pupil = sent.pupil.number
    # Parents last: their child is named with them.
    if "parent" not in sent.rule.notify:
        return _("To %(others)s about pupil %(pupil)s", others=addressed(others), pupil=pupil)
    if not others:
        return _("To the parents of pupil %(pupil)s", pupil=pupil)
    return _("To %(others)s and the parents of pupil %(pupil)s", others=addressed(others), pupil=pupil)


def text(sent: Sent) -> str:
    """What the message says."""
    return message(sent.rule)


def why(sent: Sent) -> str:
    """Why a message is right or wrong: what was so at the looks that it goes by."""
    now = sent.window[-1]
    counted = [look for look in sent.window if look.label in sent.rule.labels]
    if sent.right:
        return _why_right(sent, counted)
    last = counted[-1] if counted else now
    were = either(_once(look.state for look in counted or [now]))
    return _("Was %(states)s. %(how)s", states=were, how=_read(last))


def _why_right(sent: Sent, counted: Sequence[Look]) -> str:
    claims = sent.rule.claims
    when = [look for look in sent.window if look.state in claims]
    if not when:
        return _("Was %(state)s.", state=sent.window[-1].state)
    places = {"state": when[-1].state, "time": clock(when[-1].minute)}
    if any(look.state in claims for look in counted):
        return _("Was %(state)s at %(time)s.", **places)
    return _("Was %(state)s at %(time)s, though none of the looks it counts fell then.", **places)


def _read(look: Look) -> str:
    time = clock(look.minute)
    if look.expression == "away":
        return _("At %(time)s the child looked away, being %(state)s.", time=time, state=look.state)
    if look.expression in READ:
        return _(READ[look.expression], time=time, label=look.label)
    return _(
        "At %(time)s “%(expression)s” was read as “%(label)s”.", time=time, expression=look.expression, label=look.label
    )


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def file_sentence(days: Sequence[Held], deployment: Deployment, today: Held) -> str:
    """What a child's file holds of this school year, and what word it is coming to."""
    held = [*days, today]
    right, wrong = sum(day.right for day in held), sum(day.wrong for day in held)
    said = [_("No flag this year.")]
    if flags := right + wrong:
        said = [
            ngettext(
                "%(flags)s flag this school year, %(wrong)s wrong.",
                "%(flags)s flags this school year, %(wrong)s wrong.",
                flags,
                flags=f"{flags:,}",
                wrong=f"{wrong:,}",
            )
        ]
    rules = Counter(rule for day in held for rule in day.rules)
    said += [_coming(one, rules[one.rule]) for one in deployment.file.marks if one.within == "year"]
    return " ".join(said)


def _coming(given: Mark, flags: int) -> str:
    """How far a lasting word is."""
    left = given.flags - flags
    if left <= 0:
        return _("The word “%(word)s” stands on the file.", word=given.name)
    return ngettext(
        "The word “%(word)s” is %(n)s flag away.", "The word “%(word)s” is %(n)s flags away.", left, word=given.name
    )


def look_words(look: Look, judged: str) -> str:
    """A look at a child, in words."""
    places = {"time": clock(look.minute), "state": look.state, "label": look.label}
    if judged == "unseen":
        return _("%(time)s: %(state)s, no face was found.", **places)
    if judged == "right":
        return _("%(time)s: %(state)s, written down as “%(label)s”: right.", **places)
    if judged == "wrong":
        return _("%(time)s: %(state)s, written down as “%(label)s”: wrong.", **places)
    return _("%(time)s: %(state)s, written down as “%(label)s”.", **places)
