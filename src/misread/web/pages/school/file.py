"""The case and the record of a person, as they are put together from what is kept, and taken apart again."""

from __future__ import annotations

from datetime import date

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.case.model import Case, without_court
from misread.rights.record.change import new
from misread.rights.record.model import Record
from misread.web.pages.school.kept import Kept


def record_of(kept: Kept, today: date) -> Record:
    """The record, or one in which nothing was asked yet."""
    return kept.record or new(_("Cameras at school"), kept.place, on=today, created_by_role="parent")


def with_record(kept: Kept, record: Record) -> Kept:
    """What is kept, with another record; who has not said where the school is takes the record's place."""
    return kept.model_copy(update={"record": record, "place": kept.place or record.place})


def case_of(kept: Kept) -> Case:
    """The case as it is saved: with the record, and with what was told, but for what speaks of a court.

    Raises
    ------
    MisreadError
        If nobody has said where the school is.
    """
    if not kept.place:
        raise MisreadError(Problem(_("Nobody has said where the school is."), mend=_("say it on the first page.")))
    case = kept.case or Case(place=kept.place)
    return case.model_copy(
        update={"place": kept.place, "facts": without_court(kept.facts), "record": kept.record or case.record}
    )


def with_case(kept: Kept, case: Case) -> Kept:
    """What is kept, with another case, whose record is taken out of it."""
    record = case.record or kept.record
    return kept.model_copy(
        update={"place": case.place, "record": record, "case": case.model_copy(update={"record": None})}
    )
