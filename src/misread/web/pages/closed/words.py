"""What the closed classroom says: each sentence whole, for a day, a look, a face, a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from misread.closed.day import counts
from misread.closed.day.counts import AT_REST
from misread.closed.day.model import READERS, WORDS, Day, Face, Flagged, Sat
from misread.closed.heads import GATED
from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.file.messages import addressed, either, message
from misread.report.words import SMALL
from misread.web.pages.classroom.words import READ, clock
from misread.web.pages.closed.asked import ALL
from misread.web.pages.closed.judged import NO_FACE, Verdict, misread, said_by

SHOWS = {
    "neutral": mark("at rest"),
    "happy": mark("smiles"),
    "sad": mark("shows a sad face"),
    "frown": mark("lowers its brow"),
    "angry": mark("shows an angry face"),
    "fear": mark("shows a frightened face"),
    "disgust": mark("shows disgust"),
    "surprise": mark("shows surprise"),
    "away": mark("looks away"),
}
POSES = {
    "sad": mark("a sad face"),
    "frown": mark("a lowered brow"),
    "angry": mark("an angry face"),
    "fear": mark("a frightened face"),
    "disgust": mark("a face of disgust"),
    "away": mark("a face that looked away"),
}
"""What may not be judged, as it is named in a reason."""


def called(reader: str) -> str:
    """A reader's name: networks have the name of their package."""
    return _("landmark reader") if reader == READERS[0] else reader


def quoted(reader: str) -> str:
    """A reader within a sentence; the name of a network's package alone might be taken for somebody."""
    return _("the landmark reader") if reader == READERS[0] else _("the network “%(name)s”", name=reader)


def shows(expression: str) -> str:
    """What a face shows, after the child's number."""
    return _(SHOWS[expression]) if expression in SHOWS else expression


def headline(day: Day, at: int) -> tuple[str, str]:
    """How many faces all readers had the same word for at a look."""
    faces = in_sight(day, at)
    same = counts.agreed(faces)
    looked = ngettext(
        "%(readers)s readers looked at the same face of nobody at %(time)s.",
        "%(readers)s readers looked at the same %(n)s faces of nobody at %(time)s.",
        len(faces),
        readers=_(SMALL[len(READERS)]).capitalize(),
        time=clock(day.moments[at].minute),
    )
    if not same:
        return looked, _("They agreed on none.")
    return looked, _("They agreed on %(same)s.", same=same)


def at_rest(day: Day, at: int, rules: Iterable[Rule]) -> str:
    """How many faces at rest were given a word of trouble by a reader, at a look and all day; where readers agree."""
    trouble = troubles(rules)
    here = [face for face in in_sight(day, at) if face.expression == AT_REST]
    every = counts.seen(day)
    whole = [face for face in every if face.expression == AT_REST]
    words = either([f"“{word}”" for word in trouble])
    now = ngettext(
        "%(n)s of them was at rest, and %(some)s of these was called %(words)s by at least one reader.",
        "%(n)s of them were at rest, and %(some)s of these were called %(words)s by at least one reader.",
        len(here),
        some=_count(here, trouble),
        words=words,
    )
    return _(
        "%(now)s Over the whole day that happened to %(some)s of %(all)s faces at rest, and the %(readers)s readers "
        "agreed on %(same)s of %(faces)s faces.",
        now=now,
        some=f"{_count(whole, trouble):,}",
        all=f"{len(whole):,}",
        readers=_(SMALL[len(READERS)]),
        same=f"{counts.agreed(every):,}",
        faces=f"{len(every):,}",
    )


def agreement(day: Day) -> str:
    """Why six readers agree so seldom: partly it is made; and how often they do on what all of them have a word for."""
    given = [face for face in counts.seen(day) if face.expression == AT_REST and NO_FACE not in face.said]
    return _(
        "They agree so seldom in part because of how this was made. Only the landmark reader has a word for looking "
        "away, two of the networks may find no face at all, and all were given boxes as we suppose them to be. Of the "
        "%(n)s faces at rest that all six were given, they agreed on %(same)s.",
        n=f"{len(given):,}",
        same=f"{counts.agreed(given):,}",
    )


def troubles(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The words that a rule sends to parents."""
    return tuple(dict.fromkeys(word for rule in rules if "parent" in rule.notify for word in rule.labels))


def _count(faces: Sequence[Face], words: Sequence[str]) -> int:
    return sum(any(word in words for word in face.said) for face in faces)


def in_sight(day: Day, at: int) -> list[Face]:
    """The faces that are in the picture at a look."""
    return [one.faces[at] for one in day.pupils if one.faces[at].crop]


def moment(day: Day, at: int, reader: str) -> str:
    """A look in one sentence, for whoever does not see the picture too."""
    now, faces = day.moments[at], in_sight(day, at)
    where = _("%(time)s, lesson %(lesson)s", time=clock(now.minute), lesson=now.lesson)
    if now.situation:
        where = _("%(where)s (%(kind)s)", where=where, kind=now.situation)
    if reader == ALL:
        same = counts.agreed(faces)
        return _("%(where)s: all readers agree on %(same)s of %(n)s faces.", where=where, same=same, n=len(faces))
    return _(
        "%(where)s, %(reader)s: %(words)s.",
        where=where,
        reader=quoted(reader),
        words=_tally(said_by(face, reader) for face in faces),
    )


def _tally(said: Iterable[str]) -> str:
    """Which word was written how often, the most frequent first; how many of them are right is not told."""
    found = sorted(Counter(said).items(), key=lambda pair: (-pair[1], WORDS.index(pair[0])))
    if not found:
        return _("no face in the picture")
    (word, n), *others = found
    first = ngettext("%(word)s %(n)s time", "%(word)s %(n)s times", n, word=_written(word))
    return ", ".join([first, *(f"{_written(word)} {n}" for word, n in others)])


def _written(word: str) -> str:
    return _("no face") if word == NO_FACE else f"“{word}”"


JUDGED: dict[Verdict, str] = {
    "right": mark("right"),
    "wrong": mark("wrong"),
    "quiet": mark("cannot be judged"),
    "unseen": mark("no face found"),
}


def boxed(one: Sat, face: Face, said: str) -> str:
    """A face in the picture, in words."""
    places = {"pupil": one.pupil, "state": face.state, "said": said}
    if face.expression in SHOWS:
        return _("Pupil %(pupil)s, %(state)s, %(shows)s. %(said)s", **places, shows=shows(face.expression))
    return _("Pupil %(pupil)s, %(state)s. %(said)s", **places)


def outside(one: Sat) -> str:
    """Why nothing is written down about a pupil."""
    return _(
        "The camera’s picture ends before this seat: row %(row)s, at the edge. All day no reader sees this child, and "
        "each writes down that there is no face.",
        row=one.row + 1,
    )


def whom(flag: Flagged) -> str:
    """Who gets a message."""
    others = [who for who in flag.notify if who != "parent"]
    if "parent" not in flag.notify:
        return _("To %(others)s about pupil %(pupil)s", others=addressed(others), pupil=flag.pupil)
    if not others:
        return _("To the parents of pupil %(pupil)s", pupil=flag.pupil)
    return _("To %(others)s and the parents of pupil %(pupil)s", others=addressed(others), pupil=flag.pupil)


def text(rule: Rule) -> str:
    """What a message says."""
    return message(rule)


def why(flag: Flagged, day: Day, sat: Sat, rule: Rule) -> str:
    """Why a message is right, wrong, or can be called neither."""
    faces = [(day.moments[at].minute, sat.faces[at]) for at in flag.hits]
    if flag.judged == "cannot be judged":
        minute, face = next((m, f) for m, f in reversed(faces) if f.expression not in GATED)
        pose = _(POSES[face.expression]) if face.expression in POSES else face.expression
        return _(
            "One of the readings that it counts was of %(pose)s, at %(time)s. No reader can be judged on that here.",
            pose=pose,
            time=clock(minute),
        )
    minute, face = faces[-1]
    how = _(READ[face.expression], time=clock(minute), label=said_by(face, flag.reader))
    if flag.judged == "right":
        states = _once(sat.faces[at].state for at in _window(flag, day, rule) if sat.faces[at].state in rule.claims)
        if not misread(flag, sat):
            return _("Was %(states)s.", states=either(states))
        return _("Was %(states)s. %(how)s", states=either(states), how=how)
    were = either(_once(f.state for _m, f in faces))
    return _("Was %(states)s. %(how)s", states=were, how=how)


def _window(flag: Flagged, day: Day, rule: Rule) -> Iterable[int]:
    """The looks that a flag goes by: the last few of its lesson, or all of it so far."""
    told = parse_flag(rule.flag)
    here = [at for at in range(flag.at + 1) if day.moments[at].lesson == day.moments[flag.at].lesson]
    return here[-told.n :] if isinstance(told, KOfLast) else here


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
