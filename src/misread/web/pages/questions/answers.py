"""The answers: three sentences each, their numbers computed for the deployment that is asked about."""

from __future__ import annotations

from functools import lru_cache

from misread.deployment import Deployment, load, looks_per_lesson, resolve_profiles
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.evidence import Matrix, Quantity, catalogue
from misread.findings.table import Findings
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.drawn.pictures import RIGHT, WRONG
from misread.report.words import Band, amount, every, half_up, listing, upper_first
from misread.report.words.lookup import quote
from misread.report.words.sources import EVIDENCE_ID
from misread.study.exact.run import measured
from misread.web.pages.questions.parts import Answer, Told, Way, bound, hundred, number, of, ten

KEPT = "keep-30-days"
"""A policy that a school could have, to show what one would change."""


def answers(name: str, deployment: Deployment, findings: Findings) -> tuple[Answer, ...]:
    """All questions, answered."""
    told = Told(findings, deployment.rules[0].name)
    made = (_work, _accurate, _collected, _why, _later, _parents, _mine)
    return tuple(make(name, deployment, told) for make in made)


def _work(name: str, deployment: Deployment, told: Told) -> Answer:
    rule, calendar = deployment.rules[0], deployment.calendar
    looks = looks_per_lesson(deployment) * calendar.lessons_per_day
    labels, years = told.band("labels_archived", rule=False), deployment.population.school_years
    return Answer(
        "work",
        _("How do the cameras work?"),
        (
            upper_first(
                _(
                    "%(often)s the camera looks at each face, and a program writes down one word for it; it compares "
                    "faces with stored ones, the press report says.",
                    often=every(deployment.camera.observe_every_seconds),
                )
            ),
            ngettext(
                "That makes %(looks)s looks on a school day and %(labels)s words about one child in %(n)s school year.",
                "That makes %(looks)s looks on a school day and %(labels)s words about one child in %(n)s school "
                "years.",
                years,
                looks=looks,
                labels=number(labels),
            ),
            _(
                "When %(when)s say %(words)s, a rule raises the flag %(flag)s: it claims to know what is behind the "
                "face.",
                when=_when(rule.flag),
                words=listing([quote(label) for label in rule.labels]),
                flag=quote(rule.name),
            ),
        ),
        told.taken(),
        (
            Way(_("Follow one child through it, stage by stage"), href=f"/stages?deployment={name}"),
            Way(_("What a look could see of a short movement"), code=f"misread micro {name}"),
        ),
    )


def _when(flag: str) -> str:
    """A rule's words in a sentence."""
    parsed = parse_flag(flag)
    if isinstance(parsed, ShareOver):
        return _("more than %(n)s of 100 words of a lesson", n=half_up(100 * float(parsed.share)))
    if not isinstance(parsed, KOfLast):
        return _("more words than of others in the class")
    if flag.startswith("run of "):
        return _("%(n)s words in a row", n=parsed.n)
    return _("%(k)s of the last %(n)s words", k=parsed.k, n=parsed.n)


def _accurate(name: str, deployment: Deployment, told: Told) -> Answer:
    wrong = told.band("flag_ppv").complement()
    missed = told.band("spells_missed")
    one = half_up(10 * wrong.value) == 1 and not wrong.ends
    test, source = _tested(deployment)
    return Answer(
        "accurate",
        _("Are they accurate?"),
        (
            ngettext(
                "Of ten alerts, %(wrong)s is wrong: the child was in none of the states that the alert claims.",
                "Of ten alerts, %(wrong)s are wrong: the child was in none of the states that the alert claims.",
                1 if one else 2,
                wrong=of(wrong, 10),
            ),
            _("And of 100 real spells in these states, %(n)s pass without any alert.", n=hundred(missed)),
            test,
        ),
        told.taken(),
        (
            Way(_("Ask it with other numbers"), href=f"/explore?deployment={name}"),
            Way(_("See the source of that: %(id)s", id=source), href=f"/evidence?q={source}"),
            Way(_("Read what was tested"), href="/evidence?topic=recognition"),
            Way(_("Search for the kindest setting"), code=f"misread stress {name}"),
        ),
        (ten(wrong.value, WRONG, _("ten alerts, the hatched ones wrong"), RIGHT),),
    )


def _tested(deployment: Deployment) -> tuple[str, str]:
    """What is known about the reader, and where: the evidence its profile names; F05 is a claim without a test."""
    name, profile = next(iter(resolve_profiles(deployment).items()))
    dropped = frozenset(getattr(deployment.classifier.confusion[name], "drop", ()))
    known = catalogue()
    named = EVIDENCE_ID.findall(profile.source)
    entry = next((known[id] for id in named if id in known), None)
    if isinstance(entry, Matrix):
        said = _(
            "No test on children in class was found; the test that stands in for it, %(id)s (%(short)s), was right in "
            "%(n)s of 100 %(counted)s.",
            id=entry.id,
            short=entry.short,
            n=half_up(100 * _right(entry, dropped)),
            counted=entry.counted,
        )
        return said, entry.id
    claim = known["F05"]
    assert isinstance(claim, Quantity)
    quantity = f"{claim.quantity[:1].lower()}{claim.quantity[1:]}"
    said = _("This takes a claim at its word (%(id)s: %(claim)s); no test stands behind it.", id="F05", claim=quantity)
    return said, claim.id


def _right(matrix: Matrix, dropped: frozenset[str]) -> float:
    """Share that is right of what a matrix counts, classes that the profile drops left out of rows and columns."""
    cells = [
        (row == column, n)
        for row, line in matrix.counts.items()
        for column, n in line.items()
        if not dropped & {row, column}
    ]
    return sum(n for right, n in cells if right) / sum(n for _right, n in cells)


def _collected(name: str, deployment: Deployment, told: Told) -> Answer:
    labels = told.band("labels_archived", rule=False)
    flags = told.band("flags_per_pupil_year")
    home = told.band("alerts_per_family_year", rule=False)
    return Answer(
        "data",
        _("What is collected?"),
        (
            _("Pictures, and from them %(n)s words about one child, each with its time.", n=number(labels)),
            _(
                "Each school year %(flags)s flags %(flag)s go into its file, and its family gets %(home)s messages.",
                flags=number(flags),
                flag=quote(deployment.rules[0].name),
                home=number(home),
            ),
            _kept(deployment),
        ),
        told.taken(),
        (
            Way(_("See twelve years of one child"), href=f"/map?deployment={name}"),
            Way(_("Read a whole file as a system would give it out"), code=f"misread file {name} --as-export csv"),
        ),
    )


def _kept(deployment: Deployment) -> str:
    keep = deployment.file.keep_days
    if keep == "forever":
        return _("Flags are kept for ever; the press report does not say whether the pictures are kept too.")
    return ngettext(
        "Flags are kept for %(n)s school day; the press report does not say whether the pictures are kept too.",
        "Flags are kept for %(n)s school days; the press report does not say whether the pictures are kept too.",
        keep,
        n=f"{keep:,}",
    )


def _why(name: str, _deployment: Deployment, told: Told) -> Answer:
    lift = told.band("flag_lift")
    caught, alarmed = told.band("lesson_sensitivity"), told.band("lesson_false_positive_rate")
    return Answer(
        "why",
        _("Why are they installed?"),
        (
            _(
                "To help children to pay attention, to feel well and to be safe, it is said; the press report names no "
                "test that shows it."
            ),
            _(
                "Of 100 lessons in which a child really is in such a state, %(caught)s bring a right alert; of 100 "
                "others, %(alarmed)s bring an alert all the same.",
                caught=hundred(caught),
                alarmed=hundred(alarmed),
            ),
            _(
                "An alert is right %(n)s times as often as a finger pointed at any child at any time; 1 would be no "
                "better.",
                n=number(lift),
            ),
        ),
        told.taken(),
        (
            Way(_("What is known about being watched"), href="/evidence?topic=consequences"),
            Way(
                _("The same with a teacher in place of the cameras"),
                code=f"misread compare {name} a-teacher-instead",
            ),
        ),
        (
            ten(caught.value, RIGHT, _("ten lessons with trouble, a right alert in the solid ones")),
            ten(alarmed.value, WRONG, _("ten lessons without, a wrong alert in the hatched ones")),
        ),
    )


def _later(name: str, deployment: Deployment, told: Told) -> Answer:
    rule = deployment.rules[0].name
    lived = told.band("file_variance_share", source="within")
    held = told.band("flags_on_file_end")
    mark = next((m for m in deployment.file.marks if m.rule == rule), None)
    if mark is None:
        word = _("No word is given for flags here; nothing keeps a school from giving one.")
    else:
        bear, unearned = told.band("p_mark", mark=mark.name), told.band("p_mark_unearned", mark=mark.name)
        word = _(
            "Of 100 children, %(bear)s leave with the word %(word)s, and for %(unearned)s of the 100 at least half of "
            "the flags behind it were wrong.",
            bear=hundred(bear),
            word=quote(mark.name),
            unearned=hundred(unearned),
        )
    return Answer(
        "later",
        _("Can it be used against a child later?"),
        (
            _(
                "Yes: the file holds %(n)s such flags when the child leaves, and whoever has it can rank children by "
                "them.",
                n=number(held),
            ),
            word,
            _(
                "If the figures behind it are as stated, at most %(n)s of 100 parts of what makes files differ come "
                "from what the child went through.",
                n=bound(lived),
            ),
        ),
        told.taken(),
        (
            Way(
                _("What decisions on such files get wrong, in the full description"),
                href="/map?deployment=as-described-full&count=all",
            ),
            Way(_("How the file differs from child to child"), href=f"/map?deployment={name}"),
        ),
    )


@lru_cache(maxsize=8)
def _with(name: str, policy: str) -> Findings:
    """The same schools under another policy."""
    return measured(load(name, policies=[policy]), draws=0).findings


def _parents(name: str, deployment: Deployment, told: Told) -> Answer:
    held = told.band("flags_on_file_end")
    rule = deployment.rules[0].name
    less = Band.of(_with(name, KEPT).one("flags_on_file_end", rule=rule))
    assert less is not None
    teacher = told.band("alerts_per_teacher_day", rule=False)
    return Answer(
        "parents",
        _("What can parents do?"),
        (
            _(
                "Ask the school in writing: what reads faces, how often, by which rule, who is told, how long is it "
                "kept, and who tested it on children?"
            ),
            _(
                "Each answer changes a number: were flags forgotten after thirty school days, the file would hold "
                "%(less)s when the child leaves, not %(held)s.",
                less=amount(less.value),
                held=amount(held.value),
            ),
            _(
                "Teachers are on the same side: each class would send its teacher %(n)s alerts a day.",
                n=number(teacher),
            ),
        ),
        told.taken(),
        (
            Way(_("Change one rule, and compare"), code=f"misread compare {name} {KEPT} opt-out-30-percent"),
            Way(_("What was banned, and where"), href="/evidence?topic=claims"),
        ),
    )


def _mine(name: str, deployment: Deployment, told: Told) -> Answer:
    engaged = _untroubled(deployment, told)
    return Answer(
        "mine",
        _("What can I do?"),
        (
            _("Talk about it: a word read off a face is a guess, and you are the one who knows how you feel."),
            _(
                "Of 100 flags %(flag)s, %(n)s come at a moment when the child is in no state that they claim.",
                flag=quote(deployment.rules[0].name),
                n=hundred(engaged),
            ),
            _("Then check it: you can compute every number here again, with other inputs, in a file of your own."),
        ),
        told.taken(),
        (
            Way(_("See a made-up class, and what is written down about it"), href=f"/classroom?deployment={name}"),
            Way(_("Start a file of your own"), code=f"misread deployments {name} > mine.toml"),
            Way(_("Run it"), code="misread run mine.toml"),
            Way(_("Check any number"), href=f"/numbers?deployment={name}"),
        ),
    )


def _untroubled(deployment: Deployment, told: Told) -> Band:
    """Share of the flags that are raised in a state that the rule does not claim, at the look that fires."""
    rule = deployment.rules[0]
    others = [state for state in deployment.pupil.states if state not in rule.claims]
    shares = [told.band("flag_state_share", state=state).value for state in others]
    return Band(sum(shares))
