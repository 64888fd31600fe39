"""What the glass classroom says: each sentence whole, for a day, a moment, a message and a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from misread.deployment.model import Deployment
from misread.engine.sampled.replay import Look
from misread.report.file.dates import OPENS
from misread.report.file.messages import either, message
from misread.web.pages.classroom.day import ClassDay, Held, Sent

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
FACES = {
    "neutral": "a face at rest",
    "happy": "a smile",
    "sad": "a sad face",
    "frown": "a lowered brow",
    "angry": "an angry face",
    "fear": "a frightened face",
    "disgust": "a face of disgust",
    "surprise": "a surprised face",
    "contempt": "a face of contempt",
    "away": "eyes off the board",
}
"""What a face shows, in words; other deployments may have other faces."""


def clock(minute: float) -> str:
    """Time of day; the first lesson begins at eight."""
    seconds = round((OPENS + timedelta(minutes=minute)).total_seconds())
    shown = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"
    return f"{shown}:{seconds % 60:02d}" if seconds % 60 else shown


def plural(n: int, word: str) -> str:
    """A number with its word."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def headline(day: ClassDay) -> tuple[str, str, bool]:
    """How many messages left the room; how many were wrong; whether any was."""
    sent, wrong = len(day.messages), sum(not message.right for message in day.messages)
    if not sent:
        return "Nobody was told anything about this class today.", "", False
    left = "One message left" if sent == 1 else f"{sent:,} messages left"
    if sent == 1:
        were = "It was wrong." if wrong else "It was right."
    elif not wrong:
        were = "None was wrong."
    else:
        were = "All were wrong." if wrong == sent else "One was wrong." if wrong == 1 else f"{wrong:,} were wrong."
    return f"{left} this classroom today.", were, bool(wrong)


def moment(day: ClassDay, at: int) -> str:
    """A moment in one sentence, for whoever does not see the picture too."""
    look, tally = day.moments[at], day.tally(at)
    kind = f" ({look.situation})" if look.situation else ""
    found = f"{tally['wrong']} of {tally.total()} labels are wrong"
    if tally["wrong"] == 1:
        found = f"1 of {tally.total()} labels is wrong"
    unseen = f", {plural(tally['unseen'], 'face')} not found" if tally["unseen"] else ""
    return f"{clock(look.minute)}, lesson {look.lesson}{kind}: {found}, {tally['right']} right{unseen}."


def so_far(day: ClassDay, at: int) -> str:
    """What was sent and written down up to a moment."""
    sent = [m for m in day.messages if m.at <= at]
    noted = sum(m.at <= at for m in day.flags) - len(sent)
    wrong = sum(not m.right for m in sent)
    told = (
        f"{plural(len(sent), 'message')} since the first bell, {wrong:,} of them wrong." if sent else "No message yet."
    )
    kept = f" {plural(noted, 'more entry').replace('entrys', 'entries')} nobody is told of." if noted else ""
    return told + kept


def whom(sent: Sent) -> str:
    """Who gets a message."""
    names = [{"parent": f"the parents of pupil {sent.pupil.number}"}.get(who, f"the {who}") for who in sent.rule.notify]
    # Parents last: their child is named with them.
    names.sort(key=lambda name: name.startswith("the parents"))
    about = "" if "parent" in sent.rule.notify else f" about pupil {sent.pupil.number}"
    return f"To {' and '.join(names)}{about}"


def text(sent: Sent) -> str:
    """What the message says."""
    return message(sent.rule)


def why(sent: Sent) -> str:
    """Why a message is right or wrong: what was so at the looks that it goes by."""
    claims, now = sent.rule.claims, sent.window[-1]
    counted = [look for look in sent.window if look.label in sent.rule.labels]
    if sent.right:
        when = [look for look in sent.window if look.state in claims]
        if not when:
            return f"Was {now.state}."
        hit = [look for look in counted if look.state in claims]
        said = f"Was {when[-1].state} at {clock(when[-1].minute)}"
        return f"{said}, though none of the looks it counts fell then." if not hit else f"{said}."
    last = counted[-1] if counted else now
    were = either(_once(look.state for look in counted or [now]))
    face = FACES.get(last.expression, f"“{last.expression}”")
    read = f"looked away, being {last.state}" if last.expression == "away" else ""
    how = (
        f"At {clock(last.minute)} the child {read}."
        if read
        else f"At {clock(last.minute)} {face} was read as “{last.label}”."
    )
    return f"Was {were}. {how}"


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def file_sentence(days: Sequence[Held], deployment: Deployment, today: Held) -> str:
    """What a child's file holds of this school year, and what word it is coming to."""
    held = [*days, today]
    right, wrong = sum(day.right for day in held), sum(day.wrong for day in held)
    told = (
        f"{plural(right + wrong, 'flag')} this school year, {wrong:,} wrong." if right + wrong else "No flag this year."
    )
    rules = Counter(rule for day in held for rule in day.rules)
    for mark in deployment.file.marks:
        if mark.within == "year":
            left = mark.flags - rules[mark.rule]
            told += f" The word “{mark.name}” {'stands on the file.' if left <= 0 else f'is {left} flags away.'}"
    return told.replace("is 1 flags away", "is 1 flag away")


def look_words(look: Look, judged: str) -> str:
    """A look at a child, in words."""
    written = "no face was found" if judged == "unseen" else f"written down as “{look.label}”"
    verdict = {"right": ": right", "wrong": ": wrong"}.get(judged, "")
    return f"{clock(look.minute)}: {look.state}, {written}{verdict}."
