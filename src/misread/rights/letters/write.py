"""A letter from a template and what was told, with the note for whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.letters.covering import Found, covering
from misread.rights.letters.facts import NAMES, Facts
from misread.rights.letters.questions import Question
from misread.rights.letters.safety import safety
from misread.rights.letters.template.model import MARK, SIGN, Template
from misread.rights.letters.words import WHY, date_words
from misread.rights.paper.blocks import Block, Heading, Items, Lines, Paper, Paragraph, Run, Words, joined, plain, said
from misread.rights.paper.markdown import to_blocks, to_markdown
from misread.rights.places.deadlines.due import FROM_RECEIPT, FROM_SENDING, Answer, Circumstances, count, matters
from misread.rights.places.entries.model import Deadline
from misread.rights.places.known import Ground, Law, Owed


@dataclass(frozen=True)
class Letter:
    """A letter, and what to know before it is sent.

    Attributes
    ----------
    template : Template
        From which it was written.
    paper : Paper
        The letter.
    covering : Paper
        The note for whoever sends it: what it rests on, and all that is not sure.
    why : mapping
        Id of a paragraph → why it is there.
    safety : tuple of str
        What to read before anything is sent.
    due : Answer or None
        The deadline of the other side, counted from the day of receipt that was assumed.
    grounds : tuple of Ground
        What it rests on: the provisions of the paragraphs that it has.
    """

    template: Template
    paper: Paper
    covering: Paper
    why: Mapping[str, str]
    safety: tuple[str, ...]
    due: Answer | None
    grounds: tuple[Ground, ...]


def write(
    template: Template,
    facts: Facts,
    *,
    law: Law,
    today: date,
    questions: Sequence[Question] = (),
    received: date | None = None,
    given: Circumstances | None = None,
) -> Letter:
    """A letter from a template and what was told.

    Parameters
    ----------
    template : Template
        The template.
    facts : Facts
        What was told. Where it has no date, the letter has today's.
    law : Law
        What is known of the law of the place on the letter's date.
    today : date
        The day on which it is written: by it is judged what was checked long ago.
    questions : sequence of Question
        For the annex.
    received : date, optional
        The day of receipt that deadlines are counted from; by default the letter's date.
    given : Circumstances, optional
        Holidays, closed days and terms.

    Raises
    ------
    MisreadError
        If something is missing that the letter needs, or it would rest on what was not known on that day.
    """
    facts = facts if facts.date else facts.model_copy(update={"date": today})
    _refuse(template, facts)
    assert facts.date is not None
    received = received or facts.date
    if received < facts.date:
        what = f"The letter is of {facts.date}, after the day of receipt."
        raise MisreadError(Problem(what, f"{facts.date} or later.", "correct one of them.", key="received"))
    owed = _owed(template, facts, law)
    lacks_terms = owed is not None and "terms" in matters(owed.entry) and not (given and given.terms)
    due = None if owed is None or lacks_terms or not _runs(owed.entry) else count(owed.entry, received, given)
    values = _values(facts, template, due, received, questions)
    blocks = _filled(*template.filled(values))
    ids = [block.id for block in blocks if isinstance(block, (Paragraph, Lines)) and block.id]
    grounds = _grounds(template, ids, law, today)
    paper = _letter(template, facts, blocks)
    rest = {id: [law[g].entry.pinpoint for g in template.head.rests.get(id, ())] for id in ids}
    found = Found(template, law, today, grounds, owed, due, lacks_terms, received, tuple(questions))
    note = covering(found)
    text = f"{to_markdown(paper)}\n{note.text}"
    for ground in grounds:
        ground.require(text)
    why = {id: _why(id, rest[id]) for id in ids}
    return Letter(template, paper, note, why, tuple(one.text for one in safety(law.place.id)), due, grounds)


def _refuse(template: Template, facts: Facts) -> None:
    problems = [
        Problem(f"{upper_first(_(NAMES[name]))} is missing.", mend=f"tell it: `{name}`.", key=name)
        for name in facts.needs(template)
    ]
    known = template.head.flags
    problems += [
        Problem(
            f"`{flag}` is nothing that {template.id} can hold.",
            f"one of {', '.join(known)}." if known else "no word.",
            "take it out.",
            key="flags",
        )
        for flag in sorted(facts.flags - set(known))
    ]
    if problems:
        raise MisreadError(problems)


def _owed(template: Template, facts: Facts, law: Law) -> Owed | None:
    """The deadline that counts, if there is one."""
    id = template.head.deadline_with(facts.flags)
    return next(iter(law.deadline(id)), None) if id else None


def _runs(deadline: Deadline) -> bool:
    """Whether a deadline is the other side's and begins with the letter; else no day can be named yet."""
    return deadline.owner == "other-side" and deadline.starts in FROM_RECEIPT | FROM_SENDING


def _values(
    facts: Facts, template: Template, due: Answer | None, received: date, questions: Sequence[Question]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in NAMES:
        table, dot, key = name.partition(".")
        if dot:
            values.setdefault(table, SimpleNamespace()).__dict__[key] = facts[name]
        else:
            values[name] = facts[name]
    flags = {flag: flag in facts.flags for flag in template.head.flags}
    return {
        **values,
        **flags,
        "due": due.due if due else None,
        "received": received,
        "questions": [q for q in questions if not q.wish],
        "wishes": [q for q in questions if q.wish],
    }


def _filled(text: str, told: tuple[str, ...]) -> tuple[Block, ...]:
    """Blocks of a filled template: read first, and only then with what was told in them."""
    return tuple(one for block in to_blocks(text) for one in _told(block, told))


def _told(block: Block, told: tuple[str, ...]) -> tuple[Block, ...]:
    match block:
        case Heading(words, level, new_page):
            return (Heading(_one_line(_put(words, told)), level, new_page),)
        case Items(items, numbered):
            return (Items(tuple(_one_line(_put(item, told)) for item in items), numbered),)
        case Paragraph(words):
            id, words = _named(words)
            lines = _put(words, told)
            return (Paragraph(lines[0], id),) if len(lines) == 1 else (Lines(lines, id),)
        case Lines(lines):
            id, first = _named(lines[0])
            out = [line for words in (first, *lines[1:]) for line in _put(words, told)]
            return (Lines(tuple(out), id),)
        case _:
            raise AssertionError("no letter holds a table")


def _named(words: Words) -> tuple[str, Words]:
    """The id at the beginning of a paragraph, and the rest."""
    found = MARK.match(words[0].text) if words else None
    if found is None:
        return "", words
    return found[1], joined((Run(words[0].text[found.end() :], words[0].style), *words[1:]))


def _put(words: Words, told: tuple[str, ...]) -> tuple[Words, ...]:
    """Words with what was told in the place of its signs; where that has several lines, so have they."""
    lines: list[list[Run]] = [[]]
    for run in words:
        for i, piece in enumerate(SIGN.split(run.text)):
            first, *more = (told[int(piece)] if i % 2 else piece).split("\n")
            lines[-1].append(Run(first, run.style))
            lines += [[Run(line, run.style)] for line in more]
    return tuple(joined(line) for line in lines)


def _one_line(lines: tuple[Words, ...]) -> Words:
    return joined(run for i, line in enumerate(lines) for run in ((Run(" "),) if i else ()) + line)


def _letter(template: Template, facts: Facts, blocks: tuple[Block, ...]) -> Paper:
    """The letter as it is sent: sender, addressee and date above what it says."""
    assert facts.date is not None
    sender = [facts.sender.name, *facts.sender.contact.split("\n")]
    addressee = facts.authority if template.head.to == "authority" else facts.controller
    to = [addressee.name, *addressee.address.split("\n")]
    head = [_lines(sender), _lines(to), Paragraph(plain(date_words(facts.date, template.tag)))]
    body = [_signed(block) for block in blocks]
    title = next(said(block.words) for block in body if isinstance(block, Heading) and block.level == 1)
    return Paper(title, template.tag, (*head, *body), letter=True)


def _lines(lines: Sequence[str]) -> Block:
    kept = tuple(plain(line) for line in lines if line)
    return Lines(kept) if len(kept) > 1 else Paragraph(kept[0])


def _signed(block: Block) -> Block:
    if isinstance(block, (Paragraph, Lines)) and block.id == "signature":
        return Lines((block.words,) if isinstance(block, Paragraph) else block.lines, "signature", signed=True)
    return block


def _grounds(template: Template, ids: Sequence[str], law: Law, today: date) -> tuple[Ground, ...]:
    """What the paragraphs of a letter rest on."""
    rests = dict.fromkeys(g for id in ids for g in template.head.rests.get(id, ()))
    known = {standing.entry.id: standing for standing in law.provisions}
    unknown = [g for g in rests if g not in known]
    if unknown:
        what = f"On {law.on} nobody knew of {', '.join(unknown)} yet, on which {template.id} rests."
        raise MisreadError(Problem(what, "a later date.", "date it later.", key="date"))
    return tuple(known[g].ground(today) for g in rests)


def _why(id: str, rests: Sequence[str]) -> str:
    why = _(WHY[id])
    return f"{why} {_('It rests on %(where)s.', where='; '.join(rests))}" if rests else why


def letter_json(letter: Letter, questions: Sequence[Question] = ()) -> dict[str, Any]:
    """A letter as JSON: each paragraph with its id and why it is there, and the note beside it.

    Parameters
    ----------
    letter : Letter
        The letter.
    questions : sequence of Question
        Those of its annex.
    """
    head, due = letter.template.head, letter.due
    return {
        "format": "misread-rights-letter/1",
        "id": head.id,
        "version": head.version,
        "kind": head.kind,
        "place": head.place,
        "language": letter.paper.language,
        "standing": head.standing,
        "title": letter.paper.title,
        "paragraphs": [
            {"id": id, "text": text, "why": letter.why.get(id, "")} for id, text in _paragraphs(letter.paper)
        ],
        "grounds": [
            {"id": ground.standing.entry.id, "mark": ground.standing.mark, "sentences": list(ground.sentences)}
            for ground in letter.grounds
        ],
        "due": str(due.due) if due and due.due else None,
        "counted": [one.said for one in due.counted] if due else [],
        "questions": [
            {"id": one.id, "text": one.text, "source": one.source, "field": one.field, "wish": one.wish}
            for one in questions
        ],
        "safety": list(letter.safety),
        "markdown": to_markdown(letter.paper),
        "covering": to_markdown(letter.covering),
    }


def _paragraphs(paper: Paper) -> Iterator[tuple[str, str]]:
    """Ids and texts, in order; what is no paragraph of the template has none."""
    for block in paper.blocks:
        match block:
            case Paragraph(words, id):
                yield id, said(words)
            case Lines(lines, id):
                yield id, "\n".join(said(line) for line in lines)
            case Heading(words):
                yield "", said(words)
            case Items(items):
                yield "", "\n".join(said(item) for item in items)
