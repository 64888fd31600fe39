"""Your letter: few fields, the letter beside them as it grows, and why each sentence stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.case.followup import carried
from misread.rights.letters.facts import NAMES, Facts, facts_of
from misread.rights.letters.questions import LOWEST, Question, from_accuracy, from_gaps
from misread.rights.letters.safety import safety
from misread.rights.letters.template import Head, Template, templates
from misread.rights.letters.words import LETTERS, kind_words
from misread.rights.letters.write import Letter, write
from misread.rights.paper.write import paper_bytes
from misread.rights.places.entries.load import law as all_law
from misread.rights.places.known import Law, at
from misread.rights.record.gaps import gaps
from misread.study.exact.run import FEWEST
from misread.web.pages.school.file import record_of
from misread.web.pages.school.kept import Given, Kept
from misread.web.pages.school.shown import holes, marked, shown
from misread.web.pages.school.steps.place import placed, places
from misread.web.pages.school.steps.types import TYPES

LANGUAGES: Mapping[str, str] = {
    "en": "English", "de": "Deutsch", "fr": "français", "pt-BR": "português", "zh-Hans": "中文", "hi": "हिन्दी",
}  # fmt: skip
"""Languages by their own names."""
SEVERAL = frozenset({"sender.contact", "child.view", "controller.address", "events", "remedy"})
"""What may have several lines."""
DATES = frozenset({"date", "asked_on"})
FILL: Mapping[str, str] = {"sender.name": "name", "sender.contact": "street-address"}
"""What a browser may fill in itself, where nobody else uses the computer."""
PREFIX = "f:"


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: which letter, what is told in it, and that the warnings were read."""
    kept = placed(kept, given)
    if not kept.place:
        return kept
    heads = letters(kept.place)
    kind = given.one("kind") or kept.kind
    kind = kind if kind in {head.kind for head in heads} else ""
    language = given.one("language") or kept.language
    language = language if language in {head.language for head in heads if head.kind == kind} else ""
    kept = kept.model_copy(update={"kind": kind, "language": language, "warned": kept.warned or given.has("warned")})
    if given.has("flags"):
        kept = kept.model_copy(update={"accuracy": given.has("accuracy")})
    if any(name.startswith(PREFIX) for name in given.fields):
        kept = kept.model_copy(update={"facts": _facts(kept.facts, kept, given)})
    return kept


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    heads = letters(kept.place) if kept.place else ()
    template = template_of(kept)
    if template is None:
        return {"places": places(), "place": kept.place, "letter": None, "heads": heads}
    law = at(kept.place, given.today)
    facts = _facts_for(kept, template, law, given.today)
    needs = template.head.needs
    missing = facts.needs(template)
    letter = write(
        template, marked(facts, template), law=law, today=given.today, questions=_questions(kept, given, template)
    )
    notes = safety(kept.place)
    return {
        "places": places(),
        "place": kept.place,
        "place_name": law.place.name,
        "heads": heads,
        "kinds": tuple(dict.fromkeys((head.kind, kind_words(head.kind)) for head in heads)),
        "languages": tuple(
            (head.language, LANGUAGES[head.language]) for head in heads if head.kind == template.head.kind
        ),
        "head": template.head,
        "fields": tuple(_field(name, facts, given) for name in NAMES if name in needs),
        "more": tuple(_field(name, facts, given) for name in NAMES if name in template.head.optional),
        "flags": tuple((flag, said, flag in facts.flags) for flag, said in template.head.flags.items()),
        "missing": tuple(_(NAMES[name]) for name in missing),
        "letter": shown(letter.paper, letter.why, holes(template.head.language)),
        "covering": shown(letter.covering),
        "safety": notes,
        "elevated": any(note.elevated for note in notes),
        "warned": kept.warned,
        "pdf": find_spec("typst") is not None,
        "picked": len(kept.picked),
        "claimed": f"{100 * share:g}" if (share := stated(kept)) is not None else "",
        "accuracy": kept.accuracy,
    }


def taken(kept: Kept, given: Given, name: str, kind: str) -> tuple[bytes, str, str] | None:
    """The letter, or the note for whoever sends it, as a file."""
    if name not in ("letter", "note") or kind not in TYPES:
        return None
    template = template_of(kept)
    if template is None:
        raise MisreadError(
            Problem(_("No letter was chosen."), mend=_("say where the school is, and what you ask for."))
        )
    if any(note.elevated for note in safety(kept.place)) and not kept.warned:
        raise MisreadError(
            Problem(
                _("Here a letter can have consequences."), mend=_("read what stands above it, and tick that you did.")
            )
        )
    letter = written(template, kept, given)
    paper = letter.paper if name == "letter" else letter.covering
    try:
        return paper_bytes(paper, f".{kind}"), TYPES[kind], f"{name}.{kind}"
    except MisreadError as error:
        # A font can be named on the command line alone.
        mend = _("take it for a word processor (.docx).")
        raise MisreadError([Problem(problem.what, problem.expected, mend) for problem in error.problems]) from None


def written(template: Template, kept: Kept, given: Given) -> Letter:
    """The letter, finished.

    Raises
    ------
    MisreadError
        If something is missing, named as the page names it.
    """
    law = at(kept.place, given.today)
    facts = _facts_for(kept, template, law, given.today)
    missing = facts.needs(template)
    if missing:
        named = ", ".join(_(NAMES[name]) for name in missing)
        raise MisreadError(Problem(_("Still missing: %(what)s.", what=named), mend=_("fill it in.")))
    return write(template, facts, law=law, today=given.today, questions=_questions(kept, given, template))


def _facts_for(kept: Kept, template: Template, law: Law, today: date) -> Facts:
    return kept.facts if kept.case is None else carried(kept.case, kept.facts, template.head, law, today)


def letters(place: str) -> tuple[Head, ...]:
    """Heads of all letters that there are for a place, its own before those of the places it belongs to."""
    known = all_law()
    ranks = {id: rank for rank, id in enumerate((place, *known[place].extends))}
    order = list(LETTERS)
    heads = [one.head for one in templates().values() if one.head.place in ranks]
    heads.sort(key=lambda head: (order.index(head.kind), ranks[head.place], head.language != "en", head.language))
    # A place's own letter stands for that of the place it belongs to.
    best: dict[tuple[str, str], Head] = {}
    for head in heads:
        best.setdefault((head.kind, head.language), head)
    return tuple(best.values())


def template_of(kept: Kept) -> Template | None:
    """The letter that was chosen, or the first that there is; None where the place has none."""
    heads = letters(kept.place) if kept.place else ()
    of_kind = [head for head in heads if not kept.kind or head.kind == kept.kind]
    fit = [head for head in of_kind if not kept.language or head.language == kept.language] or of_kind
    return templates()[fit[0].id] if fit else None


def _field(name: str, facts: Facts, given: Given) -> dict[str, Any]:
    said = _(NAMES[name])
    value = facts[name]
    return {
        "name": f"{PREFIX}{name}",
        "said": upper_first(said),
        "value": given.one(f"{PREFIX}{name}") or ("" if value is None else str(value)),
        "several": name in SEVERAL,
        "type": "date" if name in DATES else "text",
        "number": name == "child.birth_year",
        "fill": FILL.get(name, "off"),
    }


def _facts(old: Facts, kept: Kept, given: Given) -> Facts:
    """What was told before, with what the form holds in its place."""
    data = old.model_dump(mode="json")
    for name in NAMES:
        if given.has(f"{PREFIX}{name}"):
            table, dot, key = name.partition(".")
            (data[table] if dot else data)[key or table] = _value(name, given.one(f"{PREFIX}{name}"))
    template = template_of(kept)
    known = set(template.head.flags) if template else set()
    if given.has("flags"):
        data["flags"] = sorted((set(data["flags"]) - known) | (set(given.all("flag")) & known))
    try:
        return facts_of(data)
    except MisreadError as error:
        raise MisreadError([_here(problem) for problem in error.problems]) from None


def _value(name: str, text: str) -> str | int | None:
    if name == "child.birth_year":
        # What is no number is refused with what was expected.
        return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else (text or None)
    return (text or None) if name in DATES else text


def _here(problem: Problem) -> Problem:
    said = _(NAMES[problem.key]) if problem.key in NAMES else problem.key
    return Problem(problem.what, problem.expected, problem.mend, key=said)


def _questions(kept: Kept, given: Given, template: Template) -> tuple[Question, ...]:
    """The questions of the annex: those that were picked, and what a stated accuracy leads to."""
    language, record = template.head.language, record_of(kept, given.today)
    found = gaps(record, at(kept.place, given.today), given.today, kept.system)
    picked = replace(found, lines=tuple(line for line in found.lines if line.field in kept.picked))
    asked = from_gaps(picked, template.head.kind, language, len(picked.lines)) if picked.lines else ()
    share = stated(kept)
    return (*asked, *_of_accuracy(share, language)) if kept.accuracy and share is not None else asked


def stated(kept: Kept) -> float | None:
    """The accuracy that is claimed, as the record has it."""
    value = kept.record.answer("acc.claim").value if kept.record else None
    number = value.get("number") if isinstance(value, dict) else None
    return float(number) if isinstance(number, int | float) and LOWEST <= number <= 1 else None


@lru_cache(maxsize=8)
def _of_accuracy(share: float, language: str) -> tuple[Question, ...]:
    """It takes the engine a moment, and a letter is shown anew with each letter that is typed."""
    return from_accuracy(share, language, draws=FEWEST)
