"""Records and measurements that the tests of annexes and briefs share."""

from __future__ import annotations

from datetime import date
from functools import cache

from misread.deployment import load
from misread.rights import at
from misread.rights.board import Basis
from misread.rights.record.fields import FIELDS
from misread.rights.record.model import Answer as RecordAnswer
from misread.rights.record.model import Asked, Change, Dispute, Evidence, Record
from misread.rights.record.worked import worked
from misread.study.engines.both import Way, run

TODAY = date(2026, 11, 30)
DRAWS = 4
QUOTE = "The product reads concentration, interest and well-being in real time with an accuracy of 93 per cent, as tests by our own engineers have shown again and again."


@cache
def measured(name="as-described", draws=DRAWS):
    return run(load(name), Way("exact", draws=draws))


def basis(record=None, *, name="as-described", place="eu", draws=DRAWS, facts=("subject.pupil", "output.emotion")):
    record = record if record is not None else untouched()
    command = f"misread run {name} --draws {draws}"
    return Basis(record, measured(name, draws), at(place, TODAY), TODAY, command, facts)


def untouched():
    return Record(title="Cameras at the Example School", place="eu", begun=date(2026, 9, 1))


def story():
    return worked("967-schools")


def record_of(answers, title="Cameras at the Example School"):
    """A record with these answers, each of them its first change."""
    history = tuple(Change(on=date(2026, 9, 2), field=id, after=answer, why="sample") for id, answer in answers.items())
    return Record(title=title, place="eu", begun=date(2026, 9, 1), answers=answers, history=history)


def brochure(quote=QUOTE, title="Product brochure, p. 4", digest="ab" * 32):
    return Evidence(kind="vendor-page", title=title, retrieved=date(2026, 9, 20), sha256=digest, quote=quote)


def contradicted():
    other = Evidence(
        kind="reply", title="Letter of the school", retrieved=date(2026, 10, 30), quote="Nothing is scored."
    )
    return RecordAnswer(
        status="contradicted",
        value="concentration, interest, well-being",
        said_by="vendor",
        as_of=date(2026, 9, 14),
        evidence=(brochure(), other),
        dispute=(Dispute(by="vendor", on=date(2026, 11, 2), says="Both are meant."),),
        note="Two pages of one folder.",
    )


def refused():
    asked = Asked(letter="access.eu.en", on=date(2026, 10, 1), answer="refused", due=date(2026, 11, 2))
    return RecordAnswer(status="refused", asked=(asked,))


def worst():
    """A record that says as much as one can, in words as long as one can, about everything."""
    long = (
        "The cameras of the Example School and of all its annexes, outposts, playgrounds and buses, in the second trial "
        "year, as it was extended twice"
    )
    kinds = (contradicted(), refused(), RecordAnswer(status="disclosed", value=QUOTE * 3, said_by="vendor"))
    answers = {id: kinds[i % 3] for i, id in enumerate(FIELDS)}
    answers |= {id: contradicted() for id in ("purpose.stated", "acc.claim")}
    answers |= {"output.labels": RecordAnswer(status="partly", value=["word"] * 200, said_by="the school")}
    return record_of(answers, long)
