"""Annexes to the two assessments of European law, filled from what was told and from what was computed.

They assess nothing: what was told stands beside what was computed, silence is called silence, and what only people can
judge is left to them, with room to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.language import mark, spoken
from misread.report.words.lookup import clean
from misread.rights.board import answers, figures
from misread.rights.board.provisions import bearing, cited, conditions, marked, sentences
from misread.rights.paper.blocks import Block, Heading, Items, Paper, Paragraph, Run, Words, plain
from misread.rights.places.entries.words import day

if TYPE_CHECKING:
    from misread.rights.board import Basis
    from misread.rights.board.figures import Figure
    from misread.study.exact.run import Measured


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an assessment.

    Attributes
    ----------
    title, asks : str
        Its heading, and what the law wants to be described there, in our words.
    fields : tuple of str
        Ids of the fields of the record that belong there.
    figures : tuple of callable
        What was computed that belongs there.
    left : tuple of str
        What only people can write.
    """

    title: str
    asks: str
    fields: tuple[str, ...]
    figures: tuple[Callable[[Measured], tuple[Figure, ...]], ...] = ()
    left: tuple[str, ...] = ()


DPIA = (
    Part(
        mark("(a) The processing and its purposes"),
        mark("What is done with pupils’ data, what for, and in whose interest."),
        (
            "sys.name", "sys.vendor", "sys.operator", "sys.contact", "sys.status", "sys.places", "sys.people",
            "purpose.stated", "purpose.excluded", "input.sensors", "input.identification", "input.joined_data",
            "output.labels", "output.interval", "output.level", "output.live_recipients", "output.actions",
            "ret.raw", "ret.templates", "ret.labels", "share.processors", "share.third_parties", "share.country",
            "share.vendor_reuse", "hist.changes",
        ),
        (figures.kept,),
        (mark("The interest that is pursued, and why it is a legitimate one:"),),
    ),
    Part(
        mark("(b) Necessity and proportionality"),
        mark("Whether the purpose needs it, whether it serves the purpose, and whether less would do."),
        (
            "purpose.alternatives", "purpose.benefit_evidence", "legal.basis", "legal.special", "legal.exception",
            "legal.contract", "legal.cost", "hist.consultation",
        ),
        (figures.worth,),
        (
            mark("What less intrusive means there are, and why they do not do:"),
            mark("Views of pupils, parents and staff, and what was made of them:"),
        ),
    ),
    Part(
        mark("(c) Risks to the rights and freedoms of pupils"),
        mark("What can go wrong, about whom, how often, and how heavily."),
        (
            "acc.claim", "acc.ground_truth", "acc.population", "acc.by_group", "acc.false_alarms", "acc.independent",
            "hist.incidents",
        ),
        (figures.errors,),
        (mark("How heavily each of these weighs for a child, and why:"),),
    ),
    Part(
        mark("(d) Measures against these risks"),
        mark(
            "What is done about them, and how it is shown to be done. What opting in, forgetting or a ban would change "
            "in the numbers above is counted by: misread rights policy NAME --with-numbers."
        ),
        (
            "output.human_review", "ret.proof", "legal.dpia", "legal.fria", "rights.notice", "rights.optout",
            "rights.access", "rights.appeal", "rights.complaint",
        ),
        (),
        (
            mark("Which measure answers which risk, who answers for it, and from when:"),
            mark("Advice of the data-protection officer:"),
        ),
    ),
)  # fmt: skip
"""The parts of a data-protection impact assessment; each field of the record is in one of them."""

FRIA = (
    Part(
        mark("(a) The processes in which the system is used"),
        mark("In which processes of the school it is used, in line with its stated purpose."),
        (
            "sys.name", "sys.vendor", "sys.operator", "sys.places", "purpose.stated", "purpose.excluded",
            "purpose.alternatives", "output.labels", "output.actions", "legal.basis", "legal.exception",
        ),
    ),
    Part(
        mark("(b) Period and frequency"),
        mark("Over which time, and how often, it is to be used."),
        ("sys.status", "sys.places", "output.interval", "ret.raw", "ret.templates", "ret.labels"),
        (figures.kept,),
    ),
    Part(
        mark("(c) Who is affected"),
        mark("Which natural persons and groups are likely to be affected in this context."),
        ("sys.people", "input.sensors", "input.identification", "output.level", "share.third_parties"),
        (),
        (mark("Groups that need particular care here:"),),
    ),
    Part(
        mark("(d) Risks of harm"),
        mark("Which harm is likely to reach them, with what the provider has told of it."),
        (
            "acc.claim", "acc.ground_truth", "acc.population", "acc.by_group", "acc.false_alarms", "acc.independent",
            "hist.incidents",
        ),
        (figures.errors, figures.worth),
        (mark("Which rights of a child each of these touches, and how heavily:"),),
    ),
    Part(
        mark("(e) Human oversight"),
        mark("How people oversee it, by the instructions for use."),
        ("output.human_review", "output.live_recipients", "hist.changes"),
        (),
        (mark("Who may overrule it, with what training and how much time for each alert:"),),
    ),
    Part(
        mark("(f) Measures when a risk comes true"),
        mark("What is done then, who governs it, and how one can complain."),
        ("rights.notice", "rights.optout", "rights.access", "rights.appeal", "rights.complaint", "ret.proof"),
        (),
        (mark("Who stops the system, within which time, and who is told:"),),
    ),
)  # fmt: skip
"""The parts of a fundamental rights impact assessment."""


def dpia(basis: Basis) -> Paper:
    """An annex to a data-protection impact assessment.

    Parameters
    ----------
    basis : Basis
        What it is written from.
    """
    title = _("Annex to a data-protection impact assessment: %(title)s", title=clean(basis.record.title))
    headings = _(
        "Headings follow Art. 35(7)(a) to (d) GDPR. Their letters are from general knowledge (K): hold them against "
        "the text."
    )
    return Paper(title, spoken().code, tuple(_annex(DPIA, headings, basis)))


def fria(basis: Basis) -> Paper:
    """An annex to a fundamental rights impact assessment.

    Parameters
    ----------
    basis : Basis
        What it is written from.
    """
    title = _("Annex to a fundamental rights impact assessment: %(title)s", title=clean(basis.record.title))
    headings = _(
        "Headings follow Art. 27(1)(a) to (f) AI Act. Their letters are from general knowledge (K), not compared with "
        "the text as amended in 2026: hold them against it."
    )
    return Paper(title, spoken().code, tuple(_annex(FRIA, headings, basis)))


def computed(part: Part, measured: Measured) -> tuple[Figure, ...]:
    """What was computed that belongs to a part.

    Parameters
    ----------
    part : Part
        The part.
    measured : Measured
        What was computed of a deployment.
    """
    return tuple(figure for make in part.figures for figure in make(measured))


def _annex(parts: tuple[Part, ...], headings: str, basis: Basis) -> Iterator[Block]:
    numbers = answers.numbers_of(basis.record)
    yield from _first(headings, basis)
    for part in parts:
        yield Heading(plain(_(part.title)))
        yield Paragraph(plain(_(part.asks)))
        yield answers.table(_("What was told, by the disclosure record"), part.fields, basis.record, numbers)
        if found := computed(part, basis.measured):
            yield figures.table(_("What was computed, by findings of misread"), found)
        yield from (Paragraph(_blank(_(left))) for left in part.left)
    yield from _law(basis)
    yield from _origin(parts, basis)
    yield Heading(plain(_("Evidence")))
    yield from answers.evidence(numbers)


def _first(headings: str, basis: Basis) -> Iterator[Block]:
    yield Paragraph(
        plain(
            _(
                "This annex assesses nothing. It sets down what was told of the system, word for word and with its "
                "evidence, and what was computed for the deployment “%(title)s”. The assessment is for people to "
                "write. It is no legal advice.",
                title=clean(basis.measured.deployment.title),
            )
        )
    )
    yield Paragraph(plain(f"{headings} {dated(basis)}"), small=True)
    silence = _("Silence is no breach of anything: it says what to ask.")
    yield Paragraph(plain(f"{answers.counted(basis.record)} {silence}"))


def dated(basis: Basis) -> str:
    """When a paper was written, and whose law of which day it holds.

    Parameters
    ----------
    basis : Basis
        What it is written from.
    """
    laws = "; ".join(
        _(
            "%(name)s as of %(as_of)s, last gone through on %(checked)s",
            name=place.name,
            as_of=day(place.law_as_of),
            checked=day(place.checked_on),
        )
        for place in basis.law.places
    )
    said = _("Written on %(on)s. Law on %(day)s: %(laws)s.", on=day(basis.today), day=day(basis.law.on), laws=laws)
    unseen = all(place.lawyer_review == "none" for place in basis.law.places)
    return f"{said} {_('No lawyer has reviewed it.')}" if unseen else said


def _origin(parts: tuple[Part, ...], basis: Basis) -> Iterator[Block]:
    yield Heading(plain(_("Where the numbers come from")))
    yield figures.origin(basis.measured, basis.command)
    yield Paragraph(
        plain(
            _(
                "The intervals say how far a value may be off because published figures rest on few faces, and over "
                "the ranges that the deployment states. They do not say that its assumptions are right: what is "
                "assumed is what to replace first by knowledge of the school."
            )
        )
    )
    yield from figures.rests_on(basis.measured.deployment)
    yield Heading(plain(_("What each finding means")), 3)
    yield figures.definitions(figure for part in parts for figure in computed(part, basis.measured))


def _blank(asked: str) -> Words:
    return (Run(asked, "strong"), Run(" " + "_" * 30))


def _law(basis: Basis) -> Iterator[Block]:
    yield Heading(plain(_("What the law says, as far as it is known here")))
    found = bearing(basis.law, basis.facts)
    if not found:
        yield Paragraph(plain(_("Nothing is recorded.")))
        return
    yield Paragraph(plain(marked()))
    yield Items(tuple((*cited(s), *_only_if(conditions(s, basis.facts))) for s in found))
    if judged := tuple(dict.fromkeys(question for s in found for question in s.entry.judgement)):
        yield Paragraph(plain(_("What no program answers about them:")))
        yield Items(tuple(map(plain, judged)))
    # Of a day to come it is told what will be old by then.
    when = max(basis.today, basis.law.on)
    yield Paragraph(plain(sentences(found, when)), small=True)
    yield from (Paragraph(plain(banner), small=True) for banner in basis.law.banners(when))


def _only_if(lacking: tuple[str, ...]) -> Words:
    return plain(_(" Only if: %(what)s.", what="; ".join(lacking))) if lacking else ()
