"""Your case: one file that you save and open. Nothing else keeps anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.case.model import case_text, is_case, read_case, told_of_court
from misread.rights.case.modules import module
from misread.rights.check.said import VERDICTS
from misread.rights.letters.facts import told as told_facts
from misread.rights.places.entries.words import day
from misread.rights.places.known import at
from misread.rights.record.store import read_record
from misread.web.pages.school.file import case_of, with_case, with_record
from misread.web.pages.school.kept import Given, Kept
from misread.web.pages.school.steps.deadline import letters_of, next_of
from misread.web.pages.school.steps.place import placed, places


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: a case or a record that was opened, and days that checks need."""
    kept = placed(kept, given)
    if given.file is not None:
        return opened(kept, *given.file)
    return kept


def opened(kept: Kept, name: str, content: bytes) -> Kept:
    """What is kept after a file was opened: a case, or a record alone.

    Raises
    ------
    MisreadError
        If it is neither.
    """
    if not is_case(content):
        return with_record(kept, read_record(content, file=name))
    case = read_case(content, file=name)
    return with_case(Kept(shared=kept.shared, system=kept.system, facts=case.facts), case)


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    start = {
        "places": places(),
        "place": kept.place,
        "letters": (),
        "next": (),
        "own": (),
        "replies": (),
        "exports": (),
    }
    start |= {"facts": told_facts(kept.facts), "record": kept.record.title if kept.record else "", "left_out": ()}
    if not kept.place:
        return start
    law, case = at(kept.place, given.today), case_of(kept)
    steps = next_of(case, law, given.today)
    return {
        **start,
        "place_name": law.place.name,
        "letters": letters_of(case, law, given.today),
        "replies": tuple(
            (one.number, one.to, day(one.on), tuple(module(said.module).says for said in one.said))
            for one in case.replies
        ),
        "exports": tuple((day(one.on), tuple(_counted(one.verdicts))) for one in case.exports),
        "next": tuple(one for one, own in steps if not own),
        "own": tuple(one for one, own in steps if own),
        "left_out": tuple(told_of_court(kept.facts)),
    }


def taken(kept: Kept, _given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The case as a file."""
    if (name, kind) != ("case", "json"):
        return None
    return case_text(case_of(kept)).encode(), "application/json", "case.json"


def _counted(verdicts: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    counts = Counter(verdicts.values())
    return ((upper_first(_(said)), counts[verdict]) for verdict, said in VERDICTS.items() if counts[verdict])
