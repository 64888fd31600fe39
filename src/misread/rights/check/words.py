"""What a parent reads in place of ids: classes of columns and labels, fields of the record, checks, days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from misread.language import gettext as _
from misread.language import mark, spoken

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "emotion": mark("emotion"),
        "affect-dimension": mark("a scale of feeling"),
        "engagement": mark("attention"),
        "apparent-expression": mark("what a face or a head did"),
        "physical-state": mark("state of the body"),
        "behaviour": mark("conduct"),
        "gaze": mark("where it looked"),
        "identity": mark("who it is"),
        "template": mark("templates of face or voice"),
        "image": mark("pictures"),
        "audio": mark("sound"),
        "vital-sign": mark("vital signs"),
        "location": mark("place"),
        "time": mark("time"),
        "model-meta": mark("about the program"),
        "other-person": mark("other people"),
        "free-text": mark("free text"),
        "joined": mark("from elsewhere"),
        "recipient": mark("who was told"),
        "code": mark("codes"),
        "decision": mark("alerts, marks, decisions"),
        "nothing": mark("nothing read"),
        "unknown": mark("not known"),
    }
)
"""Class → what it is, in a word or two."""
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "acc.claim": mark("the accuracy that is claimed"),
        "hist.changes": mark("changes of the model"),
        "input.identification": mark("how it knows who a pupil is"),
        "input.joined_data": mark("with what else it is joined"),
        "input.sensors": mark("what it measures"),
        "output.actions": mark("what happens after a label"),
        "output.labels": mark("the words it writes"),
        "output.level": mark("whether it writes about each pupil"),
        "output.live_recipients": mark("who sees alerts"),
        "ret.raw": mark("how long pictures and sound are kept"),
        "share.third_parties": mark("who else receives data"),
        "sys.people": mark("who is watched"),
        "sys.places": mark("in which rooms it watches"),
    }
)
"""Field of the disclosure record that a column may be about → what it is, in a few words."""
POINTS: Mapping[str, str] = MappingProxyType(
    {
        "X03": mark("kinds of labels"),
        "X04": mark("labels that were not disclosed"),
        "X05": mark("data that is missing"),
        "X06": mark("gaps"),
        "X07": mark("labels outside school"),
        "X08": mark("how often"),
        "X09": mark("how long it was kept"),
        "X10": mark("rows after a no, or after leaving"),
        "X11": mark("dates and times"),
        "X12": mark("other children"),
        "X02": mark("measures of the body"),
        "X13": mark("who was told"),
        "X14": mark("changes of the model"),
        "X16": mark("rows that are too regular"),
        "X18": mark("data from elsewhere"),
    }
)
"""Check that can contradict → what it is about."""


def classes(kinds: Iterable[str]) -> str:
    """Classes, one after the other."""
    return ", ".join(_(CLASSES[kind]) for kind in kinds)


def day(of: date) -> str:
    """A day in words, in the language that is spoken."""
    from misread.rights.letters.words import LANGUAGES, base, date_words

    code = spoken().code
    return date_words(of, code if base(code) in LANGUAGES else "en")
