"""Deployments side by side: what changes, how sure that is, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from misread.findings.definitions import DEFINITIONS
from misread.report.studies.comparison import changes, render_comparison
from misread.report.studies.comparison.changes import CHANGED, OPEN, SAME, more_or_fewer, verdict
from misread.report.words import Band
from misread.study.compare import Difference
from tests.deployment.samples import SMALL
from tests.report import made_up
from tests.report.pages import read


def differing(value, low=None, high=None):
    return Difference(
        deployment="b",
        id="flag_ppv",
        rule="r",
        group="all",
        value=value,
        low=low,
        high=high,
        unit="1",
        method="made up",
    )


@pytest.mark.parametrize(
    ("difference", "reference", "kind"),
    [
        (differing(0.1, 0.05, 0.2), 0.3, CHANGED),
        (differing(0.1, -0.05, 0.2), 0.3, OPEN),
        (differing(0.1, 0.0, 0.2), 0.3, OPEN),
        (differing(0.0, 0.0, 0.0), 0.3, SAME),
        (differing(1e-16, -1e-16, 1e-16), 0.3, SAME),
        (differing(1e-7, 1e-7, 1e-7), 1e3, SAME),
        (differing(1e-7, 0.9e-7, 1.1e-7), 1e-6, CHANGED),
        (differing(0.1), 0.3, CHANGED),
        (differing(0.0), 0.3, SAME),
        (differing(0.0, -0.1, 0.1), 0.3, OPEN),
    ],
)
def test_whether_a_figure_differs(difference, reference, kind):
    assert verdict(difference, reference) == kind


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band(3.2, 1.1, 5), "3.2 more flags (between 1.1 and 5.0 more)"),
        (Band(-3.2, -5, -1.1), "3.2 fewer flags (between 1.1 and 5.0 fewer)"),
        (Band(3.2, -1.1, 5), "3.2 more flags (anything from 1.1 fewer to 5.0 more)"),
        (Band(3.2), "3.2 more flags"),
        (Band(0.0, 0.0, 0.0), "neither more nor fewer flags"),
        (Band(0.0), "neither more nor fewer flags"),
        (Band(0.0, -1, 2), "as many flags (anything from 1.0 fewer to 2.0 more)"),
        (Band(3.2, 3.2, 3.2), "3.2 more flags (3.2 more throughout the interval)"),
        (Band(3.2, 4, 5), "3.2 more flags (between 4.0 and 5.0 more, uncertainty counted)"),
        (Band(0.5, 0.0, 1.0), "0.50 more flags (between 0 and 1.0 more)"),
    ],
)
def test_a_difference_in_words(band, said):
    assert more_or_fewer(band, "flags") == said


def test_two_are_compared_in_one_sentence():
    told = read(made_up.comparison())
    assert told.all("h1")[0].text == "Of ten alerts, seven would be wrong with “made-up”, five with “stricter”."
    lede = told.all("p", class_="lede")[0].text
    assert lede.startswith("With “stricter” there are 15 more right alerts of 100 (between 14 and 17 more).")
    assert lede.endswith("93 of 100 children would be wrongly flagged in the first school year, whichever it is.")


def test_three_are_compared_from_best_to_worst(compared):
    assert compared.all("h1")[0].text == (
        "Of ten alerts, from three to seven would be wrong, depending on which of these it is."
    )


def compare(first, other, deployment=None, differences=None):
    of = made_up.deployment()
    found = made_up.differences("other", first, other) if differences is None else differences
    return read(
        render_comparison(
            (("first", first, of), ("other", other, deployment or of)), found, command="c", definitions=DEFINITIONS
        )
    )


def test_what_is_the_same_is_said_to_be():
    run = made_up.findings()
    same = tuple(replace(d, low=0.0, high=0.0) for d in made_up.differences("other", run, run))
    told = compare(run, run, differences=same)
    assert told.all("h1")[0].text == "Of ten alerts, seven would be wrong, with “first” as with “other”."
    assert "What changes" not in {h.text for h in told.all("h2")}
    assert "They never lie apart; drawn is after 1 day." in told.text
    assert "Alerts that are right: 31 right alerts of 100 with each." in told.text
    assert f"Of {len(same)} figures that they share, {len(same)} are the same." in told.text


def test_one_that_never_fires():
    first = made_up.findings()
    none = {"flag_ppv", "flag_lift"}
    other = replace(
        first, rows=tuple(replace(f, value=None, low=None, high=None) if f.id in none else f for f in first)
    )
    told = compare(first, other)
    assert told.all("h1")[0].text == "Of ten alerts, seven would be wrong; with “other” there never are any."
    assert "It never fires: no child is flagged, rightly or wrongly." in told.text
    told = compare(other, other)
    assert told.all("h1")[0].text == "With none of these would there ever be one of these alerts."


def test_without_a_rule_in_common_only_the_rest_is_compared():
    first = made_up.findings()
    other = replace(first, rows=tuple(f for f in first if f.rule is None))
    told = compare(first, other, made_up.deployment(rules=(), file={}))
    assert told.all("h1")[0].text.startswith("These deployments have no rule in common")
    assert "Follow 100 children" not in {h.text for h in told.all("h2")}
    assert "Words about each child’s face" in told.text


def test_the_first_rule_that_all_have_is_compared():
    first = made_up.findings()
    other = replace(first, rows=tuple(f for f in first if f.rule != "negative affect"))
    told = compare(first, other)
    assert "The rule compared is “anger”." in told.all("header")[0].text


def test_a_hundred_children_are_drawn_when_they_lie_furthest_apart(compared):
    (section,) = compared.all("section", aria_labelledby="follow")
    assert section.all("p")[0].text.startswith("Drawn is the moment at which they lie furthest apart: after 1 week.")
    assert [b.text for b in section.all("p", class_="big")] == ["22", "9", "4"]
    rows = section.all("table", class_="shown")[0].all("tr")[1:]
    assert [[c.text for c in r.all("td")][:2] for r in rows] == [
        ["5 (4 to 6)", "22 (18 to 26)"],
        ["5 (4 to 6)", "9 (7 to 11)"],
        ["5 (4 to 6)", "4 (3 to 4)"],
    ]


def test_each_chart_draws_the_difference_against_zero(compared):
    charts = compared.all("section", aria_labelledby="changes")[0].all("svg", class_="wide")
    titles = [h.text for h in compared.all("section", aria_labelledby="changes")[0].all("h3")]
    assert titles == ["Alerts that are right", "Children wrongly flagged at least once", "Wrong flags", "Spells missed"]
    assert len(charts) == len(titles)
    assert "+15" in charts[0].text
    assert "−" in charts[2].text


def test_a_difference_that_may_go_either_way_is_told_so(compared):
    section = compared.all("section", aria_labelledby="changes")[0]
    said = [c.text for c in section.all("figcaption")][-1]
    assert "With “stricter”: 1.8 more spells of 100 missed (anything from 3.4 fewer to 7.0 more)." in said


def test_what_does_not_change_is_listed(compared):
    listed = [li.text for li in compared.all("section", aria_labelledby="same")[0].all("li")]
    assert any(li.startswith("Flags on file when a child leaves: 245 flags on file with each.") for li in listed)


def test_all_differences_are_in_the_engineers_table(compared):
    run = made_up.findings()
    rows = compared.all("section", class_="engineer")[0].all("details", class_="section")
    cells = [r.all("td") for t in rows for r in t.all("tr")[1:]]
    assert len(cells) == 2 * len(made_up.differences("stricter", run, run))
    by_group = [c for c in cells if c[0].text == "stricter" and c[2].text == "reference" and c[1].text == "anger"]
    (row,) = by_group
    assert [c.text for c in row[4:9]] == ["2.2", "1.1", "-1.1", "-1.21", "-0.99"]


def test_digests_and_command_of_all_are_given(compared):
    (engineer,) = compared.all("section", class_="engineer")
    assert engineer.text.count("0" * 64) == 3
    assert engineer.all("code", class_="command")[0].text == "misread compare made-up stricter"


def test_names_cannot_break_out():
    hostile = "</svg><script>alert(1)</script> {{ 7 * 7 }} ילדים"
    told = read(made_up.comparison("stricter", hostile))
    assert not told.all("script")
    assert "<script>alert(1)</script> {{ 7 * 7 }} ילדים" in told.text


def test_a_measure_names_findings_that_exist():
    assert {id for m in changes.MEASURES for id, _ in m.lines} <= set(DEFINITIONS)


def test_real_deployments_show_what_sets_them_apart(tmp_path):
    import misread as mr

    (tmp_path / "a.toml").write_text(SMALL, encoding="utf-8")
    often = SMALL.replace("observe_every_seconds = 300 ", "observe_every_seconds = 600 ")
    (tmp_path / "b.toml").write_text(often, encoding="utf-8")
    told = read(mr.compare(tmp_path / "a.toml", tmp_path / "b.toml", draws=4).report_html())
    apart = told.all("section", aria_labelledby="apart")[0].all("tr")[1:]
    assert [r.all("th")[0].text for r in apart] == ["camera.observe_every_seconds"]
    assert [c.all("bdi")[0].text for c in apart[0].all("td")] == ["300", "600"]
    assert "assumptions" in told.all("section", class_="rests")[0].text
