"""Who, the map of lessons, what files measure, decisions and hiding, as blocks."""

from __future__ import annotations

from collections.abc import Iterator

from misread.report.further.decisions import Decided
from misread.report.further.lessons import Map
from misread.report.further.levels import Levels
from misread.report.pdf import drawings
from misread.report.pdf.blocks import Block, Run, figure, heading, para, strip
from misread.report.pdf.further import pictures
from misread.report.pdf.notes import Told, assumed, cites, origin, reading
from misread.report.words import upper_first
from misread.report.words.lookup import quote

TRAITS = (
    "A trait is a scale on which every child has its place for good, and none has any say in it. Children on one step "
    "differ in all else, as all children do."
)


def after_the_story(told: Told) -> Iterator[Block]:
    """What follows the main rule's story: who, and in which lessons."""
    yield from _levels(told)
    yield from _lessons(told)


def of_the_file(told: Told) -> Iterator[Block]:
    """What follows the file: what it measures, what is decided on it, and whose faces it makes hide."""
    yield from _measures(told)
    yield from _decisions(told)
    yield from _hiding(told)


def _ends(told: Told, name: str, rests_on: str, *said: str) -> Iterator[Block]:
    """What stands under every section: what it leaves open, and what it rests on."""
    for text in filter(None, said):
        yield para(text, style="note")
    stated = told["further"].stated[name]
    named = cites(stated.evidence, ", ")[1:]
    beside: list[str | Run] = [" Named beside them: ", *named, "."] if named else []
    yield para(stated.words, *beside, style="note")
    yield from assumed(told, [rests_on])


def _levels(told: Told) -> Iterator[Block]:
    rules: tuple[Levels, ...] = told["further"].levels
    if not rules:
        return
    yield heading("Which faces, and at which age")
    for i, rule in enumerate(rules):
        if i:
            yield heading(f"The same for the rule {quote(rule.rule)}", 2)
        yield para(rule.sentence, style="before")
        for block in rule.blocks:
            yield para([upper_first(block.title), "strong"], f"  {block.what}", style="before")
            yield figure(pictures.levels(block, rule.most), f"{block.said}.")
        from_ids = origin(told, ["false_flags_per_pupil_year", "flag_ppv"])
        yield para(reading(rule.table), *from_ids, style="note")
    yield from _ends(told, "levels", "flag_ppv", TRAITS, rules[0].chance, rules[0].without)


def _lessons(told: Told) -> Iterator[Block]:
    lessons = told["further"].lessons
    if lessons is None:
        return
    yield heading("The map, lesson by lesson")
    for i, one in enumerate(lessons.maps):
        if i:
            yield heading(f"The map of the rule {quote(one.rule)}", 2)
        yield from _map(told, one)
    yield from _ends(told, "lessons", "flags_per_lesson", lessons.open, lessons.chance, lessons.without)


def _map(told: Told, one: Map) -> Iterator[Block]:
    yield para(one.sentence, style="before")
    for kind in one.kinds:
        marks = one.marks if kind is one.kinds[-1] else ()
        who = f"{upper_first(kind.name)}, {kind.share}"
        yield strip(who, kind.words, pictures.lesson(kind, marks), f"Flags in 100 lessons. {kind.name}: {kind.words}.")
    pale = " The pale bars: what the evidence leaves open." if one.kinds[0].total_lane else ""
    yield para(
        ["Hatched", "wrong"], ", and the upper dot: wrong flags. ", ["Solid", "right"],
        f": right ones. The lower dot: all flags.{pale}",
        *origin(told, ["flags_per_lesson", "false_flags_per_lesson"]), style="note",
    )  # fmt: skip
    if one.agreement:
        yield para(one.agreement.sentence, style="before")
        yield figure(pictures.agreement(one.agreement), one.agreement.sentence, origin(told, ["map_reliability"])[1:])


def _measures(told: Told) -> Iterator[Block]:
    measures = told["further"].measures
    if measures is None:
        return
    yield heading("What the file measures")
    from_ids = origin(told, ["file_variance_share"])
    yield para(measures.sentence, *(() if measures.bars else from_ids))
    for bar in measures.bars:
        yield strip(upper_first(bar.rule), "", pictures.shares(bar), f"{bar.rule}: {bar.said}")
    if measures.bars:
        first = measures.bars[0]
        shown = {s.source.key: s.shown for s in first.segments}
        rows = [[pictures.swatch(k.key), upper_first(k.long), shown.get(k.key, "")] for k in measures.keys]
        caption = "Parts of 100 of what sets one child’s flags of a year apart from another’s."
        if len(measures.bars) > 1:
            caption += f" Figures: the rule {quote(first.rule)}."
        yield {"kind": "keyed", "caption": caption, "head": ["mark", "part", "of 100"], "rows": rows}
        dot = "The dot marks the first part; the pale bar, what the evidence leaves open about it."
        yield para(dot if first.interval else "", *(from_ids if first.interval else from_ids[1:]), style="note")
    yield from _ends(told, "measures", "file_variance_share", measures.open, measures.chance, measures.without)


def _decisions(told: Told) -> Iterator[Block]:
    decisions = told["further"].decisions
    if decisions is None:
        return
    yield heading("What is decided on the file")
    yield para(decisions.sentence)
    if decisions.decided:
        yield {
            "kind": "key",
            "rows": [
                [
                    drawings.child("wrong"),
                    "Hatched",
                    "wrong",
                    "treated differently than right alerts would have them treated",
                ],
                [drawings.child("none"), "Pale", "strong", "treated alike"],
            ],
        }
    for one in decisions.decided:
        yield from _decided(told, one)
    yield from _ends(told, "decisions", "decision_wrong", decisions.open, decisions.chance, decisions.without)


def _decided(told: Told, one: Decided) -> Iterator[Block]:
    yield heading(upper_first(one.name), 2)
    said = [para(one.what), para(one.sentence)]
    from_ids = origin(told, ["decision_wrong", "decision_lottery"])
    said.append(para(one.groups, *(from_ids if one.groups else from_ids[1:]), style="note"))
    rows = [
        {
            "title": upper_first(side.title),
            "svg": drawings.hundred(side.children),
            "alt": side.said,
            "big": side.figure,
            "what": "of 100 treated differently",
            "interval": side.interval,
            "rest": "",
        }
        for side in one.sides
    ]
    yield {"kind": "sides", "said": said, "rows": rows}


def _hiding(told: Told) -> Iterator[Block]:
    hiding = told["further"].hiding
    if hiding is None:
        return
    yield heading("Faces that hide")
    yield para(hiding.sentence)
    for bar in hiding.strips:
        yield strip(bar.who, bar.words, drawings.strip(bar))
    filled = "Filled: the share of looks, of 100, at which a face hides on the last day."
    yield para(f"{filled} {reading(hiding.table)}", *origin(told, ["masking_end"]), style="note")
    yield from _ends(told, "hiding", "masking_end", hiding.open, hiding.chance, hiding.without)
