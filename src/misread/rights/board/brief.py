"""The board's brief, on one page: what is said of a system, what it gets wrong, what was not told, how one can decide.

It holds no verdict. Beside each way to decide stands what would have to be true, or done, for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.language import mark, ngettext, spoken
from misread.report.words import amount, count, every, listing, tally
from misread.report.words.lookup import clean, quote
from misread.rights.board import answers, figures
from misread.rights.board.annexes import dated
from misread.rights.board.provisions import bearing, conditions, since
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, Run, Table, Words, plain
from misread.rights.places.entries.words import FACTS, MARKS
from misread.rights.record.fields import FIELDS
from misread.rights.record.model import STATUSES
from misread.rights.record.told.words import in_words

if TYPE_CHECKING:
    from misread.rights.board import Basis
    from misread.rights.board.figures import Figure
    from misread.rights.places.entries.words import Fact
    from misread.rights.places.known import Standing
    from misread.rights.record.model import Record
    from misread.study.exact.run import Measured

SAID = {
    "purpose.stated": mark("Purpose"),
    "output.labels": mark("Labels"),
    "acc.claim": mark("Accuracy"),
}
"""Fields that say what a system is said to do, and how well."""
NEEDED = {
    "acc.false_alarms": mark("how many alerts are wrong"),
    "acc.independent": mark("a test by others"),
    "legal.dpia": mark("the impact assessment"),
    "ret.labels": mark("how long labels are kept"),
    "rights.optout": mark("how to say no"),
}
"""Fields without which nobody can decide, and what each is about; those that are open are named."""
TITLE, QUOTED, LINE, PROVISIONS = 56, 80, 200, 4
"""Characters of a title, of what somebody said, and of a provision; and how many provisions a page has room for."""


def brief(basis: Basis) -> Paper:
    """A brief of one page for those who decide.

    Parameters
    ----------
    basis : Basis
        What it is written from.
    """
    title = _("Brief for the board: %(title)s", title=_cut(basis.record.title, TITLE))
    return Paper(title, spoken().code, tuple(_brief(basis)), dense=True)


def _brief(basis: Basis) -> Iterator[Block]:
    bears = bearing(basis.law, basis.facts)
    yield Paragraph(plain(f"{_('No verdict and no legal advice.')} {dated(basis)}"), small=True)
    yield Heading(plain(_("What is known")))
    yield Paragraph((Run(_("Said to do."), "strong"), *_said(basis.record), *_modelled(basis.measured)))
    yield from _errors(figures.leading(basis.measured))
    yield Paragraph((Run(_("Not told."), "strong"), Run(f" {answers.counted(basis.record)}"), *_missing(basis.record)))
    yield Heading(plain(_("What the law says")))
    yield from _law(bears, basis)
    yield Heading(plain(_("Three ways to decide")))
    yield Table("", (_("Decision"), _("What would have to be true, or done")), tuple(_ways(basis, bears)))
    used = {standing.mark for standing in bears[:PROVISIONS]}
    marks = "; ".join(f"{sign}, {_(meaning)}" for sign, meaning in MARKS.items() if sign in used)
    if marks:
        yield Paragraph(plain(_("Marks of law: %(marks)s.", marks=marks)), small=True)
    yield figures.origin(basis.measured, basis.command)


def _errors(leading: tuple[Figure, ...]) -> Iterator[Block]:
    rule = next((figure.finding.rule for figure in leading), None)
    if rule is None:
        yield Paragraph(
            plain(_("It makes no flag of what it writes down: nobody would be flagged, rightly or wrongly."))
        )
    else:
        rows = tuple(((Run(f"{f.says} "), Run(f.finding.id, "code")), plain(f.value)) for f in leading)
        head = (_("What it would get wrong here"), _("Value (95 % interval)"))
        yield Table(_("Computed for the rule %(rule)s", rule=quote(_cut(rule, QUOTED))), head, rows)


def _said(record: Record) -> Words:
    """What is said of the system, word for word where somebody's words are on record."""
    told = {label: record.answer(id) for id, label in SAID.items() if record.answer(id).status not in answers.SILENT}
    statuses = dict.fromkeys(answer.status for answer in told.values())
    words: list[Run] = []
    for label, answer in told.items():
        quoted = _cut(next((piece.quote for piece in answer.evidence if piece.quote), ""), QUOTED)
        plainly = _cut(in_words(answer.value), QUOTED).rstrip(".")
        stands = f" ({_(STATUSES[answer.status])})." if len(statuses) > 1 else ""
        words += [
            Run(f" {_(label)}: "),
            Run(f"“{quoted}”", "emphasis") if quoted else Run(plainly),
            Run(stands or ";"),
        ]
    if len(statuses) == 1:
        words.append(Run(_(" all of it %(status)s.", status=_(STATUSES[next(iter(statuses))]))))
    return tuple(words) or plain(_(" Nothing was told of purpose, labels or accuracy."))


def _cut(text: str, length: int) -> str:
    """A text cut behind a word, with an ellipsis where something is missing."""
    text = clean(text)
    if len(text) <= length:
        return text
    # Not every language has blanks between its words.
    whole = text[:length].rpartition(" ")[0] or text[:length]
    return f"{whole.rstrip(',;:.')}…"


def _modelled(measured: Measured) -> Words:
    deployment = measured.deployment
    told = listing(tuple(dict.fromkeys(who for rule in deployment.rules for who in rule.notify)), "and")
    keep = deployment.file.keep_days
    kept = _("for ever") if keep == "forever" else ngettext("for a school day", "for %(n)s school days", int(keep))
    said = _(
        " Computed here, as “%(title)s”: a look %(every)s, one of %(labels)s labels at each; flags are told to "
        "%(told)s, and kept %(kept)s.",
        title=_cut(deployment.title, TITLE),
        every=every(deployment.camera.observe_every_seconds),
        labels=count(len(deployment.classifier.labels)),
        told=told or _("nobody"),
        kept=kept,
    )
    return plain(said)


def _missing(record: Record) -> Words:
    silent = tuple(_(said) for id, said in NEEDED.items() if not record.answer(id).answered)
    return plain(_(" Open among them: %(what)s.", what=listing(silent, "and"))) if silent else ()


def _law(bears: tuple[Standing, ...], basis: Basis) -> Iterator[Block]:
    if not bears:
        yield Paragraph(plain(_("Nothing is recorded that bears on it.")))
        return
    yield Items(tuple(_line(standing, basis.facts) for standing in bears[:PROVISIONS]))
    if more := len(bears) - PROVISIONS:
        yield Paragraph(
            (
                Run(ngettext("One more provision: ", "%(n)s more provisions: ", more) if more > 0 else ""),
                Run(f"misread rights where {basis.law.place.id} --on {basis.law.on}", "code"),
            ),
            small=True,
        )


def _line(standing: Standing, facts: Collection[Fact]) -> Words:
    entry = standing.entry
    # The rest of what it says is in the annexes, and printed by the command below.
    said = _cut(f"{entry.summary.split('. ')[0].rstrip('.')}.", LINE)
    if lacking := conditions(standing, facts):
        said += " " + _cut(_("Only if %(what)s.", what="; ".join(lacking)), LINE)
    known = f"[{standing.mark}, {entry.confidence}; {since(standing)}]"
    return (Run(_cut(entry.pinpoint, QUOTED), "strong"), Run(f": {said} {known}"))


def _ways(basis: Basis, bears: tuple[Standing, ...]) -> Iterator[tuple[Words, ...]]:
    yield (Run(_("Buy"), "strong"),), plain(" ".join(_buying(basis, bears)))
    waiting = _(
        "Limits are set in public before a vendor’s figures are seen; until they are shown to be met, nothing is used, "
        "and a trial is a use. Text to adopt: "
    )
    yield (Run(_("Wait for conditions"), "strong"),), (Run(waiting), Run("misread rights policy moratorium", "code"))
    refusing = _("Nothing has to be shown. What was kept is erased, and new names for the same are covered. ")
    adopt = (Run(_("Text to adopt: ")), Run("misread rights policy ban", "code"))
    yield (Run(_("Refuse"), "strong"),), (Run(refusing), *_forgone(basis.measured), *adopt)


def _buying(basis: Basis, bears: tuple[Standing, ...]) -> Iterator[str]:
    forbids = [s for s in bears if s.entry.effect == "prohibits" and s.state in ("applies", "undated")]
    for standing in forbids[:1]:
        where = _cut(standing.entry.pinpoint, QUOTED)
        if exceptions := [_(FACTS[fact]) for fact in standing.entry.facts_none]:
            yield _(
                "A lawyer says in writing that %(where)s does not forbid it: it does not where %(exceptions)s.",
                where=where,
                exceptions=listing(exceptions),
            )
        else:
            yield _("A lawyer says in writing that %(where)s does not forbid it.", where=where)
    if not forbids:
        yield _("A lawyer says in writing that nothing here forbids it.")
    wrong = {f.finding.id: f.finding.value for f in figures.leading(basis.measured)}
    ppv, false = wrong.get("flag_ppv"), wrong.get("false_flags_per_pupil_year")
    if ppv is not None and false is not None:
        yield _(
            "Somebody without a tie to the vendor shows, on pupils like yours, that limits you have set are kept. "
            "Computed here: %(wrong)s of ten alerts wrong, and %(false)s wrong flags for a child in a school year.",
            wrong=tally(1 - ppv, 10),
            false=amount(false),
        )
    open_ = sum(not basis.record.answer(id).answered for id in FIELDS)
    if open_:
        yield ngettext(
            "The one open question is answered, with evidence.",
            "The %(n)s open questions are answered, with evidence.",
            open_,
        )


def _forgone(measured: Measured) -> Words:
    """What a refusal gives up: what the system would have found."""
    missed = {f.finding.id: f.finding for f in figures.leading(measured)}.get("spells_missed")
    if missed is None or missed.value is None:
        return ()
    rule = next(rule for rule in measured.deployment.rules if rule.name == missed.rule)
    found = _(
        "Given up: of 100 spells of what it looks for (%(states)s), it would have found %(n)s. ",
        states=_cut(listing(rule.claims), QUOTED),
        n=tally(1 - missed.value, 100),
    )
    return plain(found)
