"""The report as blocks: the same stories as on the page, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from misread.report import words
from misread.report.page.school import Carriers, Dots, Fact, MarkStory
from misread.report.page.seats import SeatPlan
from misread.report.page.story import Question, RuleStory
from misread.report.pdf import drawings
from misread.report.pdf.blocks import Block, Run, figure, heading, items, para, runs, strip, table
from misread.report.pdf.further import after_the_story, of_the_file
from misread.report.pdf.notes import Told, assumed, cites, origin, reading
from misread.report.studies.micro.section import MicroStory
from misread.report.studies.stress import StressStory
from misread.report.words.lookup import clean, keys_of, quote
from misread.report.words.sources import EVIDENCE_ID, Evidence


def content(told: Told) -> dict[str, Any]:
    """All that the PDF says.

    Parameters
    ----------
    told : mapping
        As `misread.report.page.html.told` gives it.

    Returns
    -------
    dict
        What the template reads: title, headline, and blocks; findings and sources apart, which lie across.
    """
    head = told["headline"]
    blocks = [
        *_opening(told), *_story(told), *after_the_story(told), *_file(told), *of_the_file(told), *_others(told),
        *_seats(told), *_micro(told), *_stress(told), *_rests(told), *_limits(told),
    ]  # fmt: skip
    # What stands here only: the page may name more.
    named = {*_named(blocks), *EVIDENCE_ID.findall(" ".join(told["limits"]))}
    return {
        "title": clean(told["page_title"]),
        "kicker": told["kicker"],
        "version": clean(told["version"]),
        "headline": runs(head.before, [head.answer, head.tone or "strong"], head.after),
        "blocks": blocks,
        "findings": [*_findings(told)],
        "sources": [_reference(e) for e in told["bibliography"] if e.id in named],
    }


def _named(blocks: Iterable[Block]) -> Iterator[str]:
    """Ids of the evidence that blocks lead to."""
    for block in blocks:
        for _, style in block.get("runs", ()):
            if style.startswith("to:evidence-"):
                yield style.removeprefix("to:evidence-")


def _opening(told: Told) -> Iterator[Block]:
    main: RuleStory | None = told["main"]
    if main is None:
        made = "This engine has no figures for the rules of this deployment."
        none = f"The deployment has no rule that makes an alert of what {told['reader']} would write down."
        yield para(made if told["deployment"].rules else f"{none} It would be kept all the same.", style="lede")
        return
    if main.silent:
        never = "In this deployment what sets it off never comes together: no child is flagged, rightly or wrongly."
        yield para(f"{never} What {told['reader']} would write down would be kept all the same.", style="lede")
    else:
        yield para(told["opening"][0], style="lede")
    wrong = "" if main.silent else f"{main.wrong_means} "
    between = "“Between” is a 95 % interval throughout." if main.ppv is not None and main.ppv.low is not None else ""
    bare = "" if main.silent else told["opening"][1]
    rule = f"{wrong}The rule is {quote(main.name)}: it fires {main.what}. {between}{bare}"
    yield para(rule, *origin(told, ["flag_ppv"]), style="note")
    yield from assumed(told, ["flag_ppv"])
    if told["skipped"]:
        yield para(f"Not counted by this engine: {', '.join(map(clean, told['skipped']))}.", style="note")


def _story(told: Told) -> Iterator[Block]:
    main: RuleStory | None = told["main"]
    if main is None:
        return
    if main.panels:
        yield heading("Follow 100 children")
        yield para("Each figure is one child, in the same place throughout.", style="note")
        yield {
            "kind": "key",
            "rows": [
                [drawings.child("wrong"), "Hatched", "wrong", "wrongly flagged at least once"],
                [drawings.child("right"), "Solid", "right", "flagged, rightly every time"],
                [drawings.child("none"), "Pale", "strong", "not flagged"],
            ],
        }
        yield _panels(told, main)
        yield from assumed(told, ["p_false_flag_by_end"])
    if main.precision:
        yield heading("How many are right, and how many would be anyway")
        yield para(f"{main.precision.sentence} {main.precision.lift}")
        for row in main.precision.rows:
            alt = f"{row.who}: {row.said}"
            yield figure(drawings.slips(row.kinds), alt, [[row.who, "strong"], f": {row.said}"], 74)
        ticked: list[str | Run] = [["Ticked", "right"], ": the child was in a state the alert claims. "]
        yield para(
            *ticked, ["Crossed", "wrong"], ": it was not.", *origin(told, ["flag_ppv", "flag_lift"]), style="note"
        )
        if main.precision.why:
            yield para(main.precision.why, *origin(told, ["claimed_share", "lesson_prevalence"]), style="note")
        yield from _fall_on(told, main.name)
        yield from assumed(told, ["flag_ppv", "flag_lift", "flag_state_share"])
    if main.questions and not main.silent:
        yield heading("What one would get for it")
        yield para(
            "Those who want this want children’s bad moments to be noticed. This is how many would be, beside a "
            "perfect reader: the same rule, told each child’s true state at each look. What a perfect reader misses, "
            "the rule misses by itself."
        )
        for question in main.questions:
            yield from _question(told, question)
        yield from assumed(told, ["spells_missed"])
    carriers: Carriers | None = told["carriers"]
    if carriers and not main.silent:
        yield heading("Who carries the wrong flags")
        yield para(carriers.sentence, *origin(told, carriers.ids))
        for chart in carriers.charts:
            yield _dots(told, chart)
        yield from assumed(told, ["false_flags_per_pupil_year"] if carriers.charts else [])


def _panels(told: Told, main: RuleStory) -> Block:
    first, last = main.panels[0], main.panels[-1]
    said = f"{first.when}, {first.children.wrong} of 100 children are wrongly flagged"
    if len(main.panels) > 1:
        said += f"; {last.when[:1].lower()}{last.when[1:]}, {last.children.wrong}"
    caption = runs(f"{said}. {main.without}", *origin(told, [f"p_false_flag_by_{p.key}" for p in main.panels]))
    return {
        "kind": "panels",
        "caption": caption,
        "rows": [
            {
                "title": p.title,
                "svg": drawings.hundred(p.children),
                "alt": f"{p.title}: of 100 children, {p.children.said}",
                "big": str(p.children.wrong),
                "what": f"wrongly flagged{': ' if p.finer else ''}{p.finer}",
                "interval": p.interval,
                "rest": f"{p.children.right} rightly every time, {p.children.none} not flagged",
            }
            for p in main.panels
        ],
    }


def _question(told: Told, question: Question) -> Iterator[Block]:
    yield heading(question.title, 2)
    for bar in question.strips:
        yield strip(bar.who, bar.words, drawings.strip(bar))
    yield para(question.sentence, *origin(told, [question.strips[0].id]), style="note")


def _dots(told: Told, chart: Dots) -> Block:
    caption = runs(f"{chart.summary} {reading(chart.rows)}", *origin(told, [chart.id]))
    return figure(drawings.chart(chart.svg), f"{chart.title}. {chart.summary}", caption)


def _facts(told: Told, facts: Iterable[Fact]) -> Block:
    rows = [
        {"figure": f.figure, "tone": f.tone, "what": f.what, "interval": f.interval, "from": origin(told, [f.id])}
        for f in facts
    ]
    return {"kind": "facts", "rows": rows}


def _file(told: Told) -> Iterator[Block]:
    yield heading("What the file holds when they leave")
    main: RuleStory | None = told["main"]
    if told["file"]:
        picture, _ = told["file"]
        each = f"Each stroke stands for {picture.each:,} flags." if picture.each > 1 else "Each stroke is a flag."
        before: list[str | Run] = [f"An average file, a row for each school year. {each} ", ["Up, barbed", "wrong"]]
        after = ": a right one. The strokes are evenly laid: it is an average, no child’s."
        yield para(*before, ": a wrong one. ", ["Down", "right"], after, style="before")
        years = words.plural(len(picture.rows), "school year")
        amounts = f"{words.amount(picture.wrong)} wrong flags and {words.amount(picture.right)} right ones"
        said = f"Over {years}, about {amounts} are given to an average child."
        caption: list[str | Run] = [said, *origin(told, ["flags_per_pupil_year", "false_flags_per_pupil_year"])]
        yield figure(drawings.years(picture), f"An average file. {said}", caption, 72)
    if main is not None and not main.silent:
        yield para(f"{told['kept'][:1].upper()}{told['kept'][1:]}.")
    if told["file_facts"]:
        yield _facts(told, told["file_facts"])
    for mark in told["marks"]:
        yield from _mark(told, mark)
    yield from assumed(told, ["flags_on_file_end"] if main is not None else ["labels_archived"])
    if told["labels"]:
        yield heading("What is written down at each look", 2)
        yield _dots(told, told["labels"])
        yield from assumed(told, ["label_share"])
    if told["workload"]:
        yield heading("What it asks of teachers and families")
        yield _facts(told, told["workload"])
        yield from assumed(told, ["alerts_per_teacher_day"])


def _mark(told: Told, mark: MarkStory) -> Iterator[Block]:
    yield heading(f"The word {quote(mark.name)}, earned under the rule {quote(mark.rule)}", 2)
    yield strip(mark.strip.who, mark.strip.words, drawings.strip(mark.strip, mark.unearned))
    hatched: list[str | Run] = [f"{mark.sentence} ", ["Hatched", "wrong"]]
    meant = ": earned on flags of which at least half were wrong."
    yield para(*hatched, meant, *origin(told, ["p_mark", "p_mark_unearned"]), style="note")


def _others(told: Told) -> Iterator[Block]:
    others: Sequence[RuleStory] = told["others"]
    if not others:
        return
    yield heading("The other rule" if len(others) == 1 else "The other rules")
    for story in others:
        yield heading(story.name, 2)
        yield para(f"{story.headline} {story.interval}")
        yield para(f"It fires {story.what}. {'' if story.silent else story.wrong_means}", style="note")
        if story.precision:
            row = story.precision.rows[0]
            yield figure(drawings.slips(row.kinds), f"{row.who}: {row.said}", (), 60)
            said = f"{story.precision.sentence} {story.precision.lift}"
            yield para(said, *origin(told, ["flag_ppv", "flag_lift"]), style="note")
        yield from _fall_on(told, story.name)
        if story.panels and not story.silent:
            counted = "; ".join(
                f"{p.title}: {p.children.wrong}{f' ({p.interval})' if p.interval else ''}" for p in story.panels
            )
            yield para(f"Of 100 children, wrongly flagged at least once {counted}. {story.without}")
    yield from assumed(told, ["flag_ppv"])


def _fall_on(told: Told, rule: str) -> Iterator[Block]:
    if said := told["fall_on"](rule):
        yield para(said, *origin(told, ["flag_state_share"]))


def _seats(told: Told) -> Iterator[Block]:
    seats: SeatPlan | None = told["seats"]
    if seats is None:
        return
    yield heading("What the camera sees, seat by seat")
    yield para(f"{seats.sentence} {seats.average}")
    yield figure(drawings.plan(seats), seats.said, [seats.reading], 46)
    yield items([f"{k.letter} {k.name}: {k.words}" for k in seats.keys])
    caption, head, rows = seats.views
    widths = [1.5] + [1.0] * (len(head) - 1)
    yield table(caption, head, [[name, *cells] for name, cells in rows], widths) | {"plain": True}
    yield para(seats.note, style="note")
    yield para(["Assumptions", "strong"], f" of this part: {'; '.join(seats.assumptions)}.", style="note")
    yield para("Figures: ", *cites(seats.evidence)[1:], style="note")


def _micro(told: Told) -> Iterator[Block]:
    micro: MicroStory | None = told["micro"]
    if micro is None:
        return
    yield heading("What it could see of micro-expressions")
    yield para(f"{micro.sentence} {micro.picture_note}")
    yield heading("How many fall on a look at all?", 2)
    for s in micro.shares:
        yield strip(s.who, s.words, drawings.share(s.filled))
    said = f"The whole bar: all movements of that length. Filled: those that fall on a look. {micro.open} "
    yield para(said, ["", "break"], ["from ", "soft"], ["misread micro", "code"], style="note")
    yield para(f"{micro.filmed} {micro.errors}".strip())
    yield para(micro.better, style="note")
    caption, head, rows = micro.needs
    yield table(caption, head, [[name, *cells] for name, cells in rows], [1.0] * len(head)) | {"plain": True}
    yield para(["Assumptions", "strong"], f" of this part: {'; '.join(micro.assumptions)}.", style="note")
    yield para("Published figures: ", *cites(micro.evidence)[1:], style="note")


def _stress(told: Told) -> Iterator[Block]:
    stress: StressStory | None = told["stress"]
    if stress is None:
        return
    yield heading("What is certain, what depends, and on what")
    yield para(stress.headline)
    for rule in stress.rules:
        yield heading(f"Alerts by the rule “{rule.rule}”", 2)
        for claim in rule.claims:
            yield para([claim.words, "strong"], f" ({claim.mark}) {claim.sentence}")
            if claim.settings:
                yield items(claim.settings)
        yield para(rule.needed)
    if stress.evidence:
        yield para("Published figures: ", *cites(stress.evidence)[1:], style="note")
    if stress.questions:
        yield heading("Questions for the vendor", 2)
        yield items([f"{q.words} {'; '.join(q.turns)}." for q in stress.questions])


def _rests(told: Told) -> Iterator[Block]:
    yield heading("What this rests on")
    for matrix in told["matrices"]:
        published = cites(matrix.evidence)
        yield para([f"Labels of faces, profile {quote(matrix.name)}. ", "strong"], matrix.source, *published)
    for ground in told["parts"]:
        said = "an assumption" if ground.assumed == 1 else "assumptions"
        title = f"{ground.title}: {said}. " if ground.assumed else f"{ground.title}. "
        yield para([title, "strong"], ground.words, *cites(ground.evidence))
    if not told["parts"]:
        yield para(
            "The deployment was not read from a file with comments, so this report cannot say where its parameters "
            "come from: take them as ",
            ["assumptions", "strong"],
            ".",
        )
    if told["changed"]:
        yield para(f"Changed for this run by {', '.join(map(clean, told['changed']))}.")
    yield para("Every parameter by itself, the method and its formulas stand in report.html, made with this file.")
    yield para("Repeat this report:")
    yield {"kind": "code", "text": told["command"]}
    findings = told["findings"]
    yield para("Digest of everything in the deployment that can change a number (SHA-256):")
    yield {"kind": "code", "text": clean(findings.sha256)}


def _limits(told: Told) -> Iterator[Block]:
    yield heading("What this cannot tell")
    yield items(told["limits"])


def _findings(told: Told) -> Iterator[Block]:
    sampled = any(f.se is not None for f in told["findings"])
    yield heading("All findings")
    yield para(
        "value: at the figures as stated. from, to: 95 % equal-tailed interval.",
        " se: sampling standard error." if sampled else "",
        " A dash: none. The number in the last column names the method, listed at the end.",
        style="note",
    )
    number: Callable[[str], str] = lambda method: str(told["methods"].index(clean(method)) + 1)  # noqa: E731
    heads = ["id", "rule", "group", "about", "value", "from", "to", *(["se"] if sampled else []), "unit", "method"]
    widths = [4.2, 2.2, 2.2, 2.6, *[1.3] * (4 if sampled else 3), 2.1, 1]
    for title, meanings, rows in told["themes"]:
        yield heading(title, 2)
        yield {"kind": "meanings", "rows": [[f"finding-{id}", clean(id), meaning] for id, meaning in meanings]}
        cells = [
            [
                f.id,
                f.rule or "",
                f.group,
                ", ".join(f"{k} {v}" for k, v in keys_of(f).items()),
                *(words.exact(x) for x in (f.value, f.low, f.high, *((f.se,) if sampled else ()))),
                f.unit,
                number(f.method),
            ]
            for f in rows
        ]
        yield table(title, heads, cells, widths, [*range(4, 8 if sampled else 7), len(heads) - 1])
    yield heading("Methods named in the tables", 2)
    yield {"kind": "numbered", "rows": list(told["methods"])}


def _reference(e: Evidence) -> dict[str, str]:
    short = f" {e.short}" if e.short != e.id else ""
    what = f"{short} · {e.quantity}" if e.quantity else short
    return {
        "label": f"evidence-{e.id}",
        "id": e.id,
        "what": what,
        "citation": e.citation,
        "href": e.href,
        "doi": e.doi,
        "meaning": e.meaning,
    }
