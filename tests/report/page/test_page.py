"""The report as a file: it needs nothing else, names where every figure comes from, and trusts no text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from misread.findings.definitions import DEFINITIONS
from misread.report.words.sources import Parameter
from tests.report import made_up
from tests.report.made_up import finding
from tests.report.pages import Element, read

FETCHING = {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "source", "base", "form", "input"}


@pytest.fixture(params=["run", "comparison"])
def any_page(request):
    return request.getfixturevalue({"run": "page", "comparison": "compared"}[request.param])


def test_nothing_is_fetched_and_nothing_runs(any_page):
    tags = {e.tag for e in any_page.all()}
    assert not tags & FETCHING
    for element in any_page.all():
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            if name in {"href", "src", "data", "action"}:
                assert value.startswith("#") or (element.tag == "a" and value.startswith("https://doi.org/"))
    (style,) = any_page.all("style")
    addresses = re.findall(r"url\(([^)]*)", style.text)
    assert [a for a in addresses if not a.startswith(("#", "data:font/woff2;base64,"))] == []
    assert "@import" not in style.text


def test_every_link_within_the_page_leads_somewhere_and_ids_are_unique(any_page):
    ids = [e.attributes["id"] for e in any_page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = {e.attributes["href"][1:] for e in any_page.all() if e.attributes.get("href", "").startswith("#")}
    named = {v for e in any_page.all() for k, v in e.attributes.items() if k in {"aria-labelledby", "for"}}
    assert targets | named <= set(ids)


def linked(page: Element) -> set[str]:
    start = "#finding-"
    hrefs = (a.attributes.get("href", "") for a in page.all("a"))
    return {h.removeprefix(start) for h in hrefs if h.startswith(start)}


def test_every_id_shown_exists_and_every_section_of_the_story_names_some(page):
    existing = {f.id for f in made_up.findings()}
    shown = linked(page)
    assert shown <= existing
    assert {"flag_ppv", "flag_lift", "spells_missed", "p_false_flag_by_end", "p_mark", "labels_archived"} <= shown
    for section in page.all("section"):
        if section.attributes.get("class") not in {"rests", "engineer"}:
            assert linked(section), section.attributes["aria-labelledby"]


def test_every_id_of_a_comparison_exists(compared):
    assert {"flag_ppv", "false_flags_per_pupil_year", "p_false_flag_by_week_1"} <= linked(compared)
    assert linked(compared) <= {f.id for f in made_up.findings()}


def test_all_findings_are_in_the_engineers_tables_with_their_definitions(page):
    (engineer,) = page.all("section", class_="engineer")
    rows = [r.text for t in engineer.all("details") if not t.attributes.get("id") for r in t.all("tr")[1:]]
    assert len(rows) == len(made_up.findings())
    defined = {e.text for e in engineer.all("dd")}
    for id in {f.id for f in made_up.findings()}:
        assert DEFINITIONS[id].meaning in defined


def test_every_picture_says_in_words_what_it_shows_and_has_its_figures_as_a_table(any_page):
    pictures = any_page.all(role="img")
    assert len(pictures) >= 8
    assert all(len(p.attributes.get("aria-label", "")) > 20 for p in pictures)
    for figure in any_page.all("figure"):
        around = figure.all("details", class_="data") or figure.within("section").all("table")
        assert around
        assert figure.all("figcaption") or figure.within("section").all("table", class_="shown")
    charts = any_page.all("svg", class_="chart")
    assert charts
    for chart in charts:
        assert chart.within("figure").all("details", class_="data")


def test_the_answer_the_hundred_children_and_the_ten_alerts(page):
    assert page.all("h1")[0].text == "Of ten alerts that this school would send home, seven would be wrong."
    assert page.all("title")[0].text == page.all("h1")[0].text
    lede = page.all("p", class_="lede")[0].text
    assert lede == (
        "Between six and eight, given what is known. 93 of 100 children would be wrongly flagged "
        "at least once in the first school year, and every flag stays on file for good."
    )
    hundreds = page.all("svg", class_="hundred")
    assert [len(h.all("use", class_="wrong")) for h in hundreds] == [5, 22, 93, 100]
    assert [len(h.all("use")) for h in hundreds] == [100] * 4
    assert [b.text for b in page.all("p", class_="big")] == ["5", "22", "93", "100"]
    cameras, blind = page.all("dl", class_="alerts")[0].all("div", role="img")
    assert [len(r.all("svg", class_="right")) for r in (cameras, blind)] == [3, 3]


def test_why_there_is_no_interval_stands_in_the_note():
    method = "exact; no interval: no draws were asked for"
    rows = tuple(replace(f, low=None, high=None, method=method) for f in made_up.findings())
    told = read(made_up.report(made_up.findings(rows=rows)))
    assert told.all("p", class_="lede")[0].text.startswith("93 of 100 children would be wrongly flagged")
    assert "Without an interval: no draws were asked for." in told.all("p", class_="note")[0].text


def test_assumptions_are_named_wherever_figures_are_shown_and_only_where_there_are_some():
    told = read(made_up.report())
    for section in told.all("section"):
        if section.attributes.get("class") not in {"rests", "engineer"}:
            assert section.all("p", class_="assumed"), section.attributes["aria-labelledby"]
    first = told.all("header")[0].all("p", class_="assumed")[0].text
    assert first.startswith("Rests on assumptions about what children go through; what their faces show;")
    sourced = read(made_up.report(provenance=[Parameter("pupil.mean_minutes.bored", "7", "B08")]))
    assert sourced.all("p", class_="assumed") == []
    silent = read(made_up.report(provenance=()))
    assert "take them as assumptions" in silent.all("section", class_="rests")[0].text


def test_every_parameter_is_listed_with_its_source(page):
    cells = {
        r.all("th")[0].text: r.all("td") for r in page.all("tr") if r.all("th", class_="key") and len(r.all("td")) == 4
    }
    assert {p.key for p in made_up.provenance()} <= set(cells)
    assert cells["population.groups[1].share"][1].text == "assumption"
    assert cells["calendar.days_per_year"][1].text == "assumption: no source given"
    assert cells["pupil.mean_minutes.engaged"][1].text.startswith("B08 (")
    assert cells["camera.observe_every_seconds"][3].text == "slower.toml"


def test_the_command_and_the_digest_repeat_it(page):
    assert [c.text for c in page.all("code", class_="command")] == ["misread run made-up"] * 2
    assert "0" * 64 in page.text
    assert "None" not in page.all("section", class_="engineer")[0].text


def test_the_same_run_gives_the_same_bytes():
    assert made_up.report() == made_up.report()
    assert made_up.comparison() == made_up.comparison()


HOSTILE = '</title></style></svg><script>alert(1)</script><img src=x onerror="x()"> {{ 7 * 7 }} /*fonts*/ ילדים'
TURNED = f"\u202e{HOSTILE}\x00"


def hostile_run() -> str:
    """The made-up run with markup for every name that a user can give."""
    usual = made_up.deployment()
    population = {**usual.population.model_dump(), "groups": ({"name": HOSTILE, "share": 1.0, "profile": "adults"},)}
    rules = tuple({**r.model_dump(), "name": HOSTILE} for r in usual.rules[:1])
    marks = ({"name": HOSTILE, "rule": HOSTILE, "flags": 20},)
    deployment = made_up.deployment(population=population, rules=rules, file={"marks": marks})

    def renamed(f):
        keys = {k: HOSTILE for k in ("rule", "mark", "label") if getattr(f, k)}
        return replace(f, **keys, group=f.group if f.group == "all" else HOSTILE + f.group)

    findings, profile = made_up.findings(), made_up.profiles()["adults"]
    rows = tuple(renamed(f) for f in findings if f.rule != "anger")
    return made_up.report(
        replace(findings, rows=rows, title=TURNED),
        deployment,
        command=TURNED,
        provenance=[Parameter(TURNED, TURNED, TURNED, TURNED), *made_up.provenance()],
        profiles={"adults": replace(profile, name=TURNED, source=TURNED, labels=(*profile.labels[:3], TURNED))},
    )


def test_names_cannot_break_out_of_the_page(page):
    told = read(hostile_run())
    assert {e.tag for e in told.all()} <= {e.tag for e in page.all()}
    assert {k for e in told.all() for k in e.attributes} <= {k for e in page.all() for k in e.attributes}
    shown = told.all("body")[0].text
    assert "<script>alert(1)</script>" in shown
    assert "{{ 7 * 7 }} /*fonts*/" in shown
    assert "49 /*fonts*/" not in shown
    assert not {"\u202e", "\x00"} & set(shown)
    assert len(told.all("style")) == 1
    assert "@font-face" in told.all("style")[0].text


def test_letters_of_further_alphabets_bring_their_fonts():
    plain, further = made_up.report(), made_up.report(replace(made_up.findings(), title="Škola č. 5"))
    assert "unicode-range" not in plain
    assert further.count("unicode-range") == 4


def silent_findings():
    none = {"flag_ppv", "flag_lift"}
    zero = {"flags_per_pupil_year", "false_flags_per_pupil_year", "p_mark", "p_mark_unearned"}
    rows = []
    for f in made_up.findings():
        if f.id in none:
            f = replace(f, value=None, low=None, high=None)
        elif f.id in zero or f.id.startswith(("p_false", "p_only", "false_flags_end")):
            f = replace(f, value=0.0, low=0.0, high=0.0)
        rows.append(f)
    return replace(made_up.findings(), rows=tuple(rows))


def test_a_rule_that_never_fires_is_told_as_such():
    told = read(made_up.report(silent_findings()))
    assert told.all("h1")[0].text == "This rule would never raise an alert."
    assert "no child is flagged, rightly or wrongly" in told.all("header")[0].text
    assert "stays on file for good" not in told.all("header")[0].text
    headings = {h.text for h in told.all("h2")}
    assert "Who carries the wrong flags" not in headings
    assert "How many are right, and how many would be anyway" not in headings
    assert "0 of 100 children" in told.text


def test_without_rules_the_report_tells_what_is_written_down():
    rows = tuple(f for f in made_up.findings() if f.rule is None)
    deployment = made_up.deployment(rules=(), file={})
    told = read(made_up.report(replace(made_up.findings(), rows=rows), deployment))
    assert told.all("h1")[0].text.startswith("Nobody would be flagged, and still 116,640 guesses")
    assert [h.text for h in told.all("h2")] == [
        "What the file holds when they leave",
        "What it could see of micro-expressions",
        "What this rests on",
        "For those who check",
    ]
    assert told.all("svg", class_="chart")


def test_rules_without_figures_are_named():
    rows = tuple(f for f in made_up.findings() if f.rule != "anger")
    told = read(made_up.report(replace(made_up.findings(), rows=rows)))
    assert "Not counted by this engine: anger." in told.all("header")[0].text
    rows = tuple(f for f in rows if f.rule is None)
    told = read(made_up.report(replace(made_up.findings(), rows=rows)))
    assert told.all("h1")[0].text == "No rule of this deployment was counted."


def test_a_value_outside_its_interval_is_said_to_be():
    rows = tuple(replace(f, low=0.4, high=0.5) if f.id == "flag_ppv" else f for f in made_up.findings())
    told = read(made_up.report(replace(made_up.findings(), rows=rows)))
    assert "with the published figures taken as they stand" in told.all("p", class_="lede")[0].text
    assert "as they stand; with their uncertainty counted" in told.all("section")[1].text


@pytest.mark.parametrize("ppv", [0.0, 1.0, 0.0001, 0.9999])
def test_all_and_none_read_well(ppv):
    rows = tuple(
        finding("flag_ppv", ppv, 0, rule="negative affect") if f.id == "flag_ppv" and f.rule == "negative affect" else f
        for f in made_up.findings()
    )
    told = read(made_up.report(replace(made_up.findings(), rows=rows)))
    said = told.all("h1")[0].text
    assert said.startswith({0.0: "Every alert", 1.0: "No alert"}.get(ppv, "Of 1,000 alerts"))


def test_a_pale_bar_is_spoken_of_only_where_there_is_one(page):
    rows = tuple(replace(f, low=None, high=None) for f in made_up.findings())
    told = read(made_up.report(replace(made_up.findings(), rows=rows))).text
    assert "pale bar" not in told
    assert "there is no interval" in told
    assert "there is no interval" not in page.text
    assert "pale bar" in page.text


def test_huge_counts_have_separators():
    rows = tuple(
        replace(f, value=1.2e9, low=1e9, high=1.4e9) if f.id == "flags_on_file_end" else f for f in made_up.findings()
    )
    told = read(made_up.report(replace(made_up.findings(), rows=rows)))
    assert "1,200,000,000" in told.text
    assert "1.2e+09" not in told.text


def test_limits_fall_away_where_the_deployment_has_what_they_miss():
    told = read(made_up.report()).text
    assert "all children are alike here" in told
    assert "read afresh at each look" in told
    held = read(made_up.report(of=made_up.deployment(face={"hold_minutes": 2.0}))).text
    assert "read afresh at each look" not in held
