"""The report of several deployments compared, as one HTML file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from misread.deployment.model import Deployment
from misread.findings.table import Finding, Findings
from misread.report import words
from misread.report.drawn.pictures import Strip
from misread.report.page import story
from misread.report.page.html import limits, page, themes
from misread.report.studies.comparison.changes import MEASURES, Side, change, counted, difference, more_or_fewer
from misread.report.words import Band, amount, children, half_up, sources, tally
from misread.report.words.headlines import Headline, sent
from misread.report.words.lookup import Figures, clean, isolate, keys_of, quote, shorten
from misread.report.words.sources import Ground, Library, Sourced
from misread.study.compare import Difference

if TYPE_CHECKING:
    from misread.findings.definitions import Definition


def render_comparison(
    runs: Sequence[tuple[str, Findings, Deployment]],
    differences: Sequence[Difference],
    *,
    command: str,
    definitions: Mapping[str, Definition],
) -> str:
    """The report of a comparison as one self-contained HTML file.

    Parameters
    ----------
    runs : sequence of (name, Findings, Deployment)
        What is compared, the first with all others.
    differences : sequence of Difference
        What each of the others differs in, with intervals of their own.
    command : str
        The command that repeats the comparison.
    definitions : mapping
        Finding id → its definition.

    Returns
    -------
    str
        HTML: no script, nothing fetched, fonts embedded. The same input gives the same text.
    """
    library = Library.load()
    rule = shared_rule(runs)
    sides = tuple(_side(*run, rule, library) for run in runs)
    changes = tuple(c for m in MEASURES if (c := change(m, rule, sides, differences)) is not None)
    title, cannot = headline(sides, rule), limits([d for _, _, d in runs], drawn=runs[0][1].engine == "sampled")
    library.look_up(" ".join(cannot))
    drawn = most_different(sides)
    first = sides[0]

    def carried(ids: Sequence[str]) -> tuple[Ground, ...]:
        found = [g for side in sides for g in sources.carried(ids, side.parts)]
        return tuple({g.title: replace(g, id="rests") for g in found}.values())

    def value(side: Side, row: Difference) -> float | None:
        return side.figures.value(row.id, row.rule, row.group, **keys_of(row))

    context: dict[str, Any] = {
        "version": first.findings.version,
        "page_title": str(title),
        "headline": title,
        "kicker": "misread comparison · " + " · ".join(isolate(s.name) for s in sides),
        "lede": lede(sides, rule, differences),
        "rule": rule,
        "sides": sides,
        "others": {s.name: s for s in sides[1:]},
        "drawn": drawn,
        "moments": moments(sides),
        "caught": caught(sides, rule),
        "by_group": by_group(sides, rule),
        "changes": tuple(c for c in changes if c.dots is not None),
        "unchanged": tuple(c for c in changes if c.dots is None),
        "counted": counted(sides, differences),
        "apart": apart(sides),
        "carried": carried,
        "value": value,
        "themes": themes(differences, definitions),
        "limits": cannot,
        "runs": tuple((s.name, s.findings) for s in sides),
        "command": clean(command),
        "sampled": sampled_schools(first.findings),
        "pairings": pairings(differences) if first.findings.engine == "sampled" else (),
        "bibliography": library.bibliography(),
    }
    return page("studies/comparison.html.j2", context)


def sampled_schools(findings: Findings) -> str:
    """How many schools were drawn, as every finding says; empty where none was."""
    if findings.engine != "sampled":
        return ""
    found = re.search(r"[\d,]+ schools?", findings[0].method)
    return found[0] if found else "some schools"


def pairings(differences: Sequence[Difference]) -> tuple[str, ...]:
    """What each deployment has in common with the first, as its differences say."""
    found = {d.deployment: d.method.partition(";")[0] for d in differences}
    return tuple(f"{quote(name)}: {said}." for name, said in found.items())


def shared_rule(runs: Sequence[tuple[str, Findings, Deployment]]) -> str | None:
    """The first deployment's first rule that all of them have, and whose flags were counted in all."""
    for rule in runs[0][2].rules:
        if all(Figures(f).find("flag_ppv", rule.name) is not None for _, f, _ in runs):
            return rule.name
    return None


def _side(name: str, findings: Findings, deployment: Deployment, rule: str | None, library: Library) -> Side:
    people, figures = deployment.population, Figures(findings)
    size = (
        f"{words.plural(people.schools, 'school')}, {words.plural(people.school_years, 'year')}, a look "
        f"{words.every(deployment.camera.observe_every_seconds)}"
    )
    reader = deployment.classifier.reader
    told = next((story.tell(r, figures, people.school_years, reader) for r in deployment.rules if r.name == rule), None)
    parts = sources.grounds(sources.parameters(deployment), library)
    return Side(name, findings.title, size, findings, figures, told, parts)


def headline(sides: Sequence[Side], rule: str | None) -> Headline:
    """The answer in one sentence: how many alerts are wrong with each."""
    stories = [s.story for s in sides if s.story is not None]
    if rule is None or len(stories) < len(sides):
        return Headline("These deployments have ", "no rule in common", ", so their alerts cannot be compared.")
    noun = sent(stories[0].rule.notify)[0]
    named = [quote(shorten(s.name, 40)) for s in sides]
    wrong = [None if s.ppv is None or s.ppv.value is None else 1 - s.ppv.value for s in stories]
    known = [w for w in wrong if w is not None]
    if not known:
        return Headline("With none of these would there ", "ever", f" be one of these {noun}.")
    of = max(words.base(w) for w in known)
    start = f"Of {words.count(of)} {noun}, "
    if len(known) < len(sides):
        silent = words.listing([n for n, w in zip(named, wrong, strict=True) if w is None], "and")
        return Headline(start, _from_to(known, of), f" would be wrong; with {silent} there never are any.", "wrong")
    said = [tally(w, of) for w in known]
    if len(set(said)) == 1:
        whichever = f"with {named[0]} as with {named[1]}" if len(sides) == 2 else "whichever of these it is"
        return Headline(start, said[0], f" would be wrong, {whichever}.", "wrong")
    if len(sides) == 2:
        return Headline(start, said[0], f" would be wrong with {named[0]}, {said[1]} with {named[1]}.", "wrong")
    return Headline(start, _from_to(known, of), " would be wrong, depending on which of these it is.", "wrong")


def _from_to(shares: Sequence[float], of: int) -> str:
    low, high = tally(min(shares), of), tally(max(shares), of)
    return low if low == high else f"from {low} to {high}"


def lede(sides: Sequence[Side], rule: str | None, differences: Sequence[Difference]) -> tuple[str, ...]:
    """What follows the headline: how sure the difference is, and the first school year."""
    found = []
    if rule is not None and len(sides) == 2:
        band = Band.of(difference(differences, sides[1].name, "flag_ppv", rule))
        if band is not None:
            said = more_or_fewer(band.times(100), MEASURES[0].noun)
            found.append(f"With {quote(sides[1].name)} there are {said}.")
    years = [s.figures.value("p_false_flag_by_year_1", rule) for s in sides]
    known = [y for y in years if y is not None]
    if rule is not None and len(known) == len(sides):
        who = [children(y) for y in known]
        if len(set(who)) == 1:
            found.append(f"{who[0]} would be wrongly flagged in the first school year, whichever it is.")
        else:
            each = [f"{t[:1].lower() + t[1:]} with {quote(s.name)}" for s, t in zip(sides, who, strict=True)]
            found.append(f"Wrongly flagged at least once in the first school year: {'; '.join(each)}.")
    return tuple(found)


def most_different(sides: Sequence[Side]) -> tuple[str, tuple[tuple[Side, story.Panel], ...]] | None:
    """The moment at which the shares of wrongly flagged children lie furthest apart, and each one's picture."""
    best: tuple[float, str, tuple[tuple[Side, story.Panel], ...]] | None = None
    for key, title, _ in story.PERIODS:
        found = tuple((s, p) for s in sides if s.story for p in s.story.panels if p.key == key)
        if len(found) < len(sides):
            continue
        shares = [p.wrong.value or 0.0 for _, p in found]
        apart = max(shares) - min(shares)
        if best is None or apart > best[0]:
            best = (apart, title, found)
    if best is None:
        return None
    furthest = (
        "Drawn is the moment at which they lie furthest apart" if best[0] > 0 else "They never lie apart; drawn is"
    )
    return f"{furthest}{':' if best[0] > 0 else ''} {best[1]}.", best[2]


def moments(sides: Sequence[Side]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Wrongly flagged children of 100: for each deployment the four moments, with intervals."""
    found = []
    for side in sides:
        cells = []
        for key, _, _ in story.PERIODS:
            band = None if side.story is None else Band.of(side.figures.find(f"p_false_flag_by_{key}", side.story.name))
            cells.append("–" if band is None else _cell(band, 100))
        found.append((side.name, tuple(cells)))
    return tuple(found)


def _cell(band: Band, of: float = 1) -> str:
    band = band.times(of)
    shown = f"{half_up(band.value)}" if of == 100 else amount(band.value)
    if band.ends is None:
        return shown
    low, high = (f"{half_up(e)}" if of == 100 else amount(e) for e in band.ends)
    return shown if low == high == shown else f"{shown} ({low} to {high})"


def caught(sides: Sequence[Side], rule: str | None) -> tuple[tuple[Strip, ...], tuple[story.Row, ...]] | None:
    """Spells caught by each, beside the perfect reader."""
    ideal = {s.figures.value("spells_missed", rule, reader="perfect") for s in sides}
    found = [(s.name, s.figures.find("spells_missed", rule)) for s in sides]
    for side in sides[:1] if len(ideal) == 1 else sides:
        name = "Perfect reader" if len(ideal) == 1 else f"Perfect reader, {side.name}"
        found.append((name, side.figures.find("spells_missed", rule, reader="perfect")))
    rows = tuple((name, f) for name, f in found if f is not None and f.value is not None)
    strips = tuple(_caught(name, band.complement()) for name, f in rows if (band := Band.of(f)) is not None)
    return (strips, rows) if strips else None


def _caught(name: str, share: Band) -> Strip:
    said = ", ".join(p for p in (f"{story.tally_100(share.value)} caught", words.share_span(share)) if p)
    return Strip(clean(name), share, "right", said, "spells_missed")


def by_group(sides: Sequence[Side], rule: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Wrong flags per child and school year: for each group, what it is with each deployment."""
    found = [{f.group: f for f in s.figures.groups("false_flags_per_pupil_year", rule)} for s in sides]
    names = dict.fromkeys(name for groups in found for name in groups)
    if len(names) < 2:
        return ()
    return tuple((name, tuple(_of_group(groups.get(name)) for groups in found)) for name in names)


def _of_group(finding: Finding | None) -> str:
    band = Band.of(finding)
    return "–" if band is None else _cell(band)


def apart(sides: Sequence[Side]) -> tuple[tuple[str, tuple[Sourced | None, ...]], ...]:
    """The parameters in which the deployments differ: key, and what each says."""
    tables = [{p.key: p for g in s.parts for p in g.parameters} for s in sides]
    if not all(tables):
        return ()
    keys = dict.fromkeys(key for table in tables for key in table)
    rows = ((key, tuple(table.get(key) for table in tables)) for key in keys)
    return tuple((key, row) for key, row in rows if len({p.value if p else None for p in row}) > 1)
