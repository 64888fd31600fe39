"""Their answer: what a reply says as far as it is recognised, what to write back, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.case.change import Changed, replied
from misread.rights.case.followup import filled, followup
from misread.rights.case.model import Case
from misread.rights.case.modules import module, modules, of_kind
from misread.rights.case.reading.citations import FITS
from misread.rights.case.reading.read import Hit, Read, read_reply
from misread.rights.letters.words import kind_words
from misread.rights.paper.write import paper_bytes
from misread.rights.places.known import at
from misread.rights.record.fields import FIELDS
from misread.rights.record.model import STATUSES
from misread.web.pages.school.file import case_of, with_case
from misread.web.pages.school.kept import Given, Kept
from misread.web.pages.school.shown import shown
from misread.web.pages.school.steps.deadline import letters_of, next_of, noted
from misread.web.pages.school.steps.letter import letters
from misread.web.pages.school.steps.place import placed, places
from misread.web.pages.school.steps.types import TYPES


@dataclass(frozen=True)
class Recognised:
    """An answer that the reply holds."""

    id: str
    says: str
    quote: str
    echo: str
    asks: tuple[tuple[str, str, str], ...]


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: the place, the letter that is answered, and the answer where it is to be noted."""
    kept = placed(kept, given)
    if not kept.place:
        return kept
    if given.has("kind") and given.one("on") and not case_of(kept).letters:
        kept = noted(kept, given)
    if given.has("noted"):
        made = _made(kept, given)
        if made is None or made.changed is None:
            raise MisreadError(
                Problem(_("Nothing was said about the answer yet."), mend=_("paste it, or tick what it says."))
            )
        kept = with_case(kept, made.changed.case)
    return kept


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    start = {"places": places(), "place": kept.place, "letters": (), "reading": None, "followup": None}
    if not kept.place:
        return start
    law, case = at(kept.place, given.today), case_of(kept)
    if not case.letters:
        kinds = tuple(dict.fromkeys((head.kind, kind_words(head.kind)) for head in letters(kept.place)))
        return {**start, "kinds": kinds, "kind": kept.kind, "on": given.one("on")}
    told_now = not given.has("noted") or given.refused
    text = given.one("reply") if told_now else ""
    found: dict[str, Any] = {
        **start,
        "letters": letters_of(case, law, given.today),
        "to": _to(case, given),
        "came": given.one("came") or str(given.today),
        "reply": text,
        "ticked": given.all("module") if told_now else (),
        "all": tuple((one.id, one.says) for one in of_kind(case.letter(_to(case, given)).kind)),
        "noted": len(case.replies) if given.has("noted") and not given.refused else 0,
        "settled": given.has("settled") and told_now,
    }
    if found["noted"]:
        reply = case.replies[-1]
        steps = next_of(case, law, given.today)
        return {
            **found,
            "followup": shown(followup(case, reply, law, given.today).paper) if reply.said else None,
            "next": tuple(one for one, own in steps if not own),
            "own": tuple(one for one, own in steps if own),
            "said": tuple(module(one.module).says for one in reply.said),
        }
    try:
        made = _made(kept, given)
    except MisreadError as error:
        return {**found, "problems": error.problems}
    if made is None:
        return found
    read, changed = made.read, made.changed
    found |= {
        "nothing": not made.hits,
        "repeated": bool(read and read.repeated),
        "cited": tuple((one.quote, f"{_(FITS[one.fit])}.") for one in read.cited) if read else (),
        "choices": tuple((one.id, one.says) for one in read.choices) if read and not made.hits else (),
        "dropped": given.all("drop"),
    }
    if changed is None:
        return {**found, "reading": ()}
    ahead = followup(changed.case, changed.case.replies[-1], law, given.today) if made.hits else None
    return {
        **found,
        "reading": tuple(_recognised(changed.case, hit, given) for hit in made.hits),
        "fields": tuple(
            (FIELDS[id].question, _(STATUSES[before]), _(STATUSES[after])) for id, before, after in changed.fields
        ),
        "notes": changed.notes,
        "followup": shown(ahead.paper) if ahead else None,
    }


def taken(kept: Kept, given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The follow-up, or the note for whoever sends it, as a file."""
    if name not in ("followup", "note") or kind not in TYPES or not kept.place:
        return None
    case, law = case_of(kept), at(kept.place, given.today)
    made = _made(kept, given)
    case = made.changed.case if made and made.changed else case
    if not case.replies or not case.replies[-1].said:
        raise MisreadError(Problem(_("There is nothing to answer yet."), mend=_("paste their reply first.")))
    found = followup(case, case.replies[-1], law, given.today)
    paper = found.paper if name == "followup" else found.covering
    return paper_bytes(paper, f".{kind}"), TYPES[kind], f"{name}.{kind}"


@dataclass(frozen=True)
class _Made:
    """What a reply says, and the case that it leads to."""

    hits: tuple[Hit, ...]
    read: Read | None
    changed: Changed | None


def _made(kept: Kept, given: Given) -> _Made | None:
    """What was pasted or ticked; None where nothing was."""
    text, ticked, settled = given.one("reply"), given.all("module"), given.has("settled")
    if not (text or ticked or settled):
        return None
    case = case_of(kept)
    letter = case.letter(_to(case, given))
    came = given.day("came", _("When did it come?")) or given.today
    law = at(kept.place, given.today)
    read = read_reply(text, law=law, kind=letter.kind, on=came) if text else None
    found = {hit.module.id: hit for hit in read.hits} if read else {}
    found |= {id: Hit(module(id), "") for id in ticked if id not in found}
    hits = tuple(found[id] for id in modules() if id in found and id not in given.all("drop"))
    if not hits and not settled:
        return _Made((), read, None)
    asked = {ask.id: given.one(f"a:{ask.id}") for hit in hits for ask in hit.module.ask}
    facts = {id: text for id, text in asked.items() if text}
    cited = read.cited if read else ()
    until = given.day("until", _("Until when do they want to answer?"))
    try:
        changed = replied(case, hits, to=letter.number, on=came, facts=facts, cited=cited, until=until, settled=settled)
    except MisreadError as error:
        here = {"--on": _("When did it come?")}
        raise MisreadError([replace(one, key=here.get(one.key, one.key)) for one in error.problems]) from None
    return _Made(hits, read, changed)


def _to(case: Case, given: Given) -> int:
    """The letter that is answered: the last one, where nothing else was said."""
    text = given.one("to")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else len(case.letters)


def _recognised(case: Case, hit: Hit, given: Given) -> Recognised:
    facts = case.replies[-1].facts
    echo = filled(hit.module.echo, {**facts, "cited": "; ".join(case.replies[-1].cited)})
    asks = tuple((f"a:{ask.id}", ask.question, given.one(f"a:{ask.id}")) for ask in hit.module.ask)
    return Recognised(hit.module.id, hit.module.says, hit.quote, echo or hit.module.says, asks)
