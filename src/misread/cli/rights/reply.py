"""`misread rights reply`: what came back, what it means, what to write, and what to do by when."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.rights.case import give, keep, read, stepped, told
from misread.cli.rights.given import received_text
from misread.cli.support.days import day
from misread.cli.support.papers import private, refuse_taken
from misread.cli.support.paragraphs import Line, paragraphs

if TYPE_CHECKING:
    from misread.rights import Law
    from misread.rights.case.change import Changed
    from misread.rights.case.followup import FollowUp
    from misread.rights.case.model import Case, Reply, Sent
    from misread.rights.case.reading import Hit, Read


@click.command(short_help="What a reply says, what to write back, what comes next.")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--text", "source", metavar="FILE|-", help="What was received, as a text file, or - to paste it.")
@click.option("--on", type=day, metavar="DATE", help="When it came; today if not given.")
@click.option("--to", type=int, metavar="N", help="The number of the letter that it answers; the last if not given.")
@click.option("--module", "chosen", multiple=True, metavar="ID", help="What it says, where you know better.")
@click.option("--fact", "facts", multiple=True, metavar="NAME=TEXT", help="An answer to what is asked about it.")
@click.option("--until", type=day, metavar="DATE", help="The new day that it names for an answer.")
@click.option("--settled", is_flag=True, help="It answered the letter: nothing is left to ask.")
@click.option("--language", metavar="CODE", help="Its language; all that are read here are tried if not given.")
@click.option("--look", is_flag=True, help="Only tell; write nothing into the case.")
@click.option("--noted", type=int, metavar="N", help="The follow-up to a reply that the case holds; with --out alone.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the follow-up: .docx, .md or .pdf.")
@click.option("--i-have-read-this", "have_read", is_flag=True, help="You read what to know before you write.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def reply(
    file: Path,
    source: str | None,
    on: date | None,
    to: int | None,
    chosen: tuple[str, ...],
    facts: tuple[str, ...],
    until: date | None,
    settled: bool,
    language: str | None,
    look: bool,
    noted: int | None,
    out: Path | None,
    have_read: bool,
    as_json: bool,
) -> None:
    """Read a reply, note in CASE what it says, and tell what to write back and what comes next.

    What it says is recognised by phrases, each shown with its sentence. Where nothing is recognised, nothing is noted:
    the answers to choose from are listed. The text itself is not kept.
    """
    from misread.rights import at
    from misread.rights.case.change import Changed, replied
    from misread.rights.case.followup import followup

    refuse_taken(out)
    there = read(file)
    came = on or date.today()
    today = max(came, date.today())
    law = at(there.place, today)
    found: Read | None = None
    if noted is not None:
        _refuse_beside(source, on, to, chosen, facts, until, settled, language)
        answer = _noted(there, noted)
        hits, changed = _said(answer), Changed(there, (), ())
    else:
        letter = there.letter(to or len(there.letters))
        found = _read(source, language, law, letter, came)
        hits = _hits(found, chosen)
        if not hits and not settled:
            _ask(found, as_json)
            return
        _refuse_early(there, hits, letter, law, came)
        changed = replied(
            there,
            hits,
            to=letter.number,
            on=came,
            facts=_facts(facts),
            cited=found.cited if found and _cites(hits) else (),
            until=until,
            settled=settled,
        )
        answer = changed.case.replies[-1]
        _refuse_again(there, answer, file)
    made = changed.case
    back = followup(made, answer, law, today) if hits else None
    if out is not None:
        _write(back, out, law, have_read)
    if not look and noted is None:
        keep(file, made)
    if as_json:
        give(_answer(made, changed, found, hits, back, law, today, out))
    else:
        paragraphs(_lines(made, changed, found, hits, answer, back, law, today, file, out))
        if look:
            click.echo("Nothing was written into the case.")
        elif back is not None:
            click.echo(f"When you have sent it: {_sent(made, answer, file)}")


def _refuse_beside(*others: object) -> None:
    """Refuse what would be noted of a reply that is noted already."""
    from misread.errors import MisreadError, Problem

    if any(others):
        what = "That reply is in the case already, and is not noted again."
        raise MisreadError(Problem(what, "--out and --json beside it.", "leave the rest away.", key="--noted"))


def _noted(there: Case, number: int) -> Reply:
    """A reply that the case holds."""
    from misread.errors import MisreadError, Problem

    if 1 <= number <= len(there.replies):
        return there.replies[number - 1]
    known = ", ".join(f"{one.number} ({one.on})" for one in there.replies)
    what, mend = f"The case has no reply {number}.", "name one of these." if known else "note it first, with --text."
    raise MisreadError(Problem(what, f"one of {known}." if known else "a reply.", mend, key="--noted"))


def _said(answer: Reply) -> tuple[Hit, ...]:
    from misread.rights.case.modules import module
    from misread.rights.case.reading import Hit

    return tuple(Hit(module(said.module), said.quote) for said in answer.said)


def _refuse_again(there: Case, answer: Reply, file: Path) -> None:
    """Refuse a reply that is in the case: noted twice, it would look like a second one."""
    from misread.errors import MisreadError, Problem

    for one in there.replies:
        if one.said and (one.to, one.on, one.said) == (answer.to, answer.on, answer.said):
            what = f"This reply is in the case already, as number {one.number}."
            mend = f"for its follow-up: `misread rights reply {file} --noted {one.number} --out follow-up.docx`."
            raise MisreadError(Problem(what, "a reply that is not noted yet.", mend, str(file)))


def _sent(made: Case, answer: Reply, file: Path) -> str:
    """What to type when a follow-up was sent."""
    asked = made.letter(answer.to)
    words = ["--letter", "follow-up", "--kind", asked.kind, "--follows", str(answer.number), "--on"]
    return f"{shlex.join(['misread', 'rights', 'case', 'sent', str(file), *words])} DATE"


def _read(source: str | None, language: str | None, law: Law, letter: Sent, came: date) -> Read | None:
    from misread.rights.case.reading import read_reply

    if source is None:
        return None
    return read_reply(received_text(source), language, law=law, kind=letter.kind, on=came)


def _hits(found: Read | None, chosen: tuple[str, ...]) -> tuple[Hit, ...]:
    """What was recognised; or, where the person chose, that, with the sentences that say it."""
    from misread.rights.case.modules import module
    from misread.rights.case.reading import Hit

    seen = {hit.module.id: hit for hit in found.hits} if found else {}
    if not chosen:
        return tuple(seen.values())
    return tuple(seen.get(id) or Hit(module(id), "") for id in dict.fromkeys(chosen))


def _refuse_early(there: Case, hits: tuple[Hit, ...], letter: Sent, law: Law, came: date) -> None:
    """Refuse to note silence while there is still time to answer."""
    from misread.errors import MisreadError, Problem
    from misread.rights.case.dates import dates_of
    from misread.rights.places.entries.words import day as words

    expected = dates_of(there, letter, law, came).expected_by
    if expected is not None and came <= expected and any(hit.module.id == "silence" for hit in hits):
        what = f"Nothing has to come before the end of {words(expected)}."
        raise MisreadError(Problem(what, "a later day.", "wait, or correct the day.", key="--on"))


def _cites(hits: tuple[Hit, ...]) -> bool:
    return any(hit.module.id == "wrong-law-in-reply" for hit in hits)


def _facts(given: tuple[str, ...]) -> dict[str, str]:
    from misread.errors import MisreadError, Problem

    out = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or not name or not text.strip():
            what = f"{one[:60]!r} is no answer."
            raise MisreadError(Problem(what, "NAME=TEXT.", "write the name, =, and the text.", key="--fact"))
        out[name] = text
    return out


def _write(back: FollowUp | None, out: Path, law: Law, have_read: bool) -> None:
    from misread.errors import MisreadError, Problem
    from misread.rights.letters.safety import elevated, safety
    from misread.rights.paper.write import write_paper

    if back is None:
        what = "There is no follow-up to write: the reply answered the letter."
        raise MisreadError(Problem(what, mend="leave --out away.", key="--out"))
    if elevated(law.place.id) and not have_read:
        notes = " ".join(note.text for note in safety(law.place.id))
        what = f"Read this first. {notes}"
        mend = "write it with --i-have-read-this, or do not write it."
        raise MisreadError(Problem(what, "that you read what a letter can lead to.", mend, key="--out"))
    with private():
        write_paper(back.paper, out)


def _ask(found: Read | None, as_json: bool) -> None:
    """Nothing was recognised: say so, and list what there is to choose from. Nothing is guessed, nothing written."""
    from misread.errors import MisreadError, Problem

    if found is None:
        what = "Neither the text of the reply nor what it says was given."
        raise MisreadError(Problem(what, "--text FILE, --text -, --module ID, or --settled.", "give one of them."))
    if as_json:
        choices = [{"id": module.id, "says": module.says} for module in found.choices]
        give({"format": "misread-rights-reply/1", "recognised": [], "choose": choices, "cited": _cited(found)})
        return
    paragraphs(
        [
            (
                0,
                "None of the answers that are known here was recognised, and none is guessed. Nothing was noted.",
                "bold",
            ),
            (0, "Choose what it says with --module, or say with --settled that it answered the letter:", ""),
            *((2, f"{module.id}: {module.says}", "") for module in found.choices),
            *([(0, "What repeats an earlier message was left out.", "")] if found.repeated else []),
            *_law(found),
        ]
    )


def _cited(found: Read | None) -> list[dict[str, Any]]:
    from dataclasses import asdict

    from misread.rights.case.reading.citations import FITS

    return [{**asdict(one), "means": FITS[one.fit]} for one in found.cited] if found else []


def _answer(
    made: Case,
    changed: Changed,
    found: Read | None,
    hits: tuple[Hit, ...],
    back: FollowUp | None,
    law: Law,
    today: date,
    out: Path | None,
) -> dict[str, Any]:
    from misread.rights.letters.safety import safety
    from misread.rights.paper.markdown import to_markdown

    return {
        "format": "misread-rights-reply/1",
        "recognised": [
            {
                "id": hit.module.id,
                "says": hit.module.says,
                "echo": hit.module.echo,
                "quote": hit.quote,
                "sign": hit.sign,
                "language": hit.language,
                "ask": {ask.id: ask.question for ask in hit.module.ask},
                "complaint_persists": hit.module.persists,
                "complaint_resolved": hit.module.resolved,
            }
            for hit in hits
        ],
        "choose": [],
        "repeated": bool(found and found.repeated),
        "cited": _cited(found),
        "record": [{"field": id, "before": before, "after": after} for id, before, after in changed.fields],
        "notes": list(changed.notes),
        **told(made, law, today),
        "safety": [note.text for note in safety(law.place.id)],
        "followup": to_markdown(back.paper) if back else None,
        "covering": to_markdown(back.covering) if back else None,
        "missing": list(back.missing) if back else [],
        "written": str(out) if out else None,
    }


def _lines(
    made: Case,
    changed: Changed,
    found: Read | None,
    hits: tuple[Hit, ...],
    answer: Reply,
    back: FollowUp | None,
    law: Law,
    today: date,
    file: Path,
    out: Path | None,
) -> Iterator[Line]:
    from misread.errors import printable
    from misread.rights.case.steps import next_steps
    from misread.rights.record.fields import FIELDS
    from misread.rights.record.model import STATUSES

    if found and found.repeated:
        yield 0, "What repeats an earlier message was left out.", "dim"
    if not hits:
        yield 0, "Noted: it answered the letter.", "bold"
    for hit in hits:
        yield 0, f"{hit.module.echo}  [{hit.module.id}]", "bold"
        if hit.quote:
            yield 2, f"“{' '.join(hit.quote.split())}”", ""
        for ask in hit.module.ask:
            if ask.id not in answer.facts:
                yield 2, f"{ask.question} (--fact {ask.id}=…)", ""
    yield from _law(found)
    if changed.fields:
        yield from ((0, "", ""), (0, "In the record", "bold"))
        for id, before, after in changed.fields:
            yield 2, f"{FIELDS[id].question} {STATUSES[before]} → {STATUSES[after]}  [{id}]", ""
    yield from ((0, text, "") for text in changed.notes)
    yield from stepped(next_steps(made, law, today), made.place, today, file)
    if back is not None:
        yield from _followup(back, law, out)
    yield from ((0, "", ""), (0, "This is no legal advice.", ""))
    if out is not None:
        yield 0, f"Follow-up: {printable(str(out))}", ""


def _law(found: Read | None) -> Iterator[Line]:
    from misread.language import gettext as _
    from misread.rights.case.reading.citations import FITS

    if found and found.cited:
        yield from ((0, "", ""), (0, "Law that it names", "bold"))
        for one in found.cited:
            name = f" ({one.statute})" if one.statute else ""
            ids = f" [{', '.join(one.ids)}]" if one.ids else ""
            of = f" Of: {', '.join(one.of)}." if one.fit == "elsewhere" else ""
            yield 2, f"{one.quote}{name}: {_(FITS[one.fit])}{ids}.{of}", ""


def _followup(back: FollowUp, law: Law, out: Path | None) -> Iterator[Line]:
    from misread.cli.support.papers import lines
    from misread.rights.letters.safety import safety

    yield from ((0, "", ""), (0, "Read this before you write to anybody", "bold"))
    yield from ((2, note.text, "") for note in safety(law.place.id))
    papers = (back.covering,) if out is not None else (back.covering, back.paper)
    for paper in papers:
        yield from ((0, "", ""), (0, paper.title, "bold"))
        for block in paper.blocks:
            for indent, text, style in lines(block):
                yield indent + 2, text, style
    if back.missing:
        yield 2, f"To be filled in by hand: {', '.join(back.missing)}.", ""
