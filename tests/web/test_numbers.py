"""Check this number: meaning, value, inputs and command of every finding."""

from __future__ import annotations

import pickle

import pytest

from misread.deployment import load, shipped
from misread.errors import MisreadError
from misread.findings.definitions import DEFINITIONS
from misread.report.words import exact
from misread.study.exact.run import measured
from misread.web.pages.numbers import SAMPLED, address, view
from tests.cli.calls import call

from .conftest import violations


def test_values_are_those_of_a_run():
    told = view({"deployment": "one-classroom", "finding": "flag_ppv", "rule": "negative affect"})
    found = measured(load("one-classroom"), draws=0).findings
    first = told["rows"][0]
    assert first.about == "negative affect"
    assert first.value == exact(found.one("flag_ppv", rule="negative affect").value)
    assert len(told["rows"]) == len([f for f in found if (f.id, f.rule) == ("flag_ppv", "negative affect")])


def test_intervals_when_asked_for():
    plain, sure = (view({"deployment": "one-classroom", "finding": "flag_ppv", "sure": s}) for s in ("", "1"))
    assert {row.interval for row in plain["rows"]} == {""}
    assert " to " in sure["rows"][0].interval


@pytest.mark.parametrize("id", DEFINITIONS)
def test_every_finding_has_a_page(id):
    told = view({"deployment": "one-classroom", "finding": id})
    assert told["definition"].meaning
    assert told["parts"]
    assert told["command"].startswith("misread run one-classroom")
    assert (
        bool(told["rows"]) or not told["counted"] or id in ("flags_per_lesson", "false_flags_per_lesson", "masking_end")
    )
    assert told["counted"] is (id not in SAMPLED)
    assert pickle.loads(pickle.dumps(told)) == told


def test_inputs_are_those_of_the_file():
    told = view({"finding": "labels_archived"})
    keys = {p.key: p for part in told["parts"] for p in part.parameters}
    assert keys["camera.observe_every_seconds"].value.startswith("{ value = 300")
    # No word of the profile changes how many labels there are.
    assert not told["profiles"]
    assert not any(key.startswith("classifier") for key in keys)
    told = view({"finding": "flag_ppv"})
    assert [e.id for _, _, found in told["profiles"] for e in found][:1] == ["M14"]


def test_what_rests_on_rendered_heads_alone_is_not_called_published():
    parts = view({"deployment": "as-described-full", "finding": "flag_ppv"})["parts"]
    lost = [p for part in parts for p in part.parameters if p.key.endswith(".lost") and "R01, R02" in p.source.note]
    assert lost
    assert {p.kind for p in lost} == {"rendered"}
    assert any("rendered itself" in part.words for part in parts)


@pytest.mark.parametrize("name", shipped())
def test_every_deployment_has_its_numbers_or_says_how(name):
    told = view({"deployment": name, "finding": "flag_lift"})
    assert bool(told["rows"]) is told["counted"] is (name != "as-described-full")


@pytest.mark.parametrize(("key", "text"), [("finding", "no_such"), ("deployment", "mine.toml"), ("rule", "abc")])
def test_what_is_not_there_is_refused(key, text):
    with pytest.raises(MisreadError) as refused:
        view({key: text})
    assert refused.value.problems[0].key == key
    # A rule that was chosen under other cameras is no mistake.
    assert view({"rule": "abc", "was": "best-case"})["rule"] == ""


def test_what_only_rounding_made_is_none_and_what_is_rare_is_not():
    told = view({"deployment": "one-classroom", "finding": "file_variance_share", "rule": "not attentive"})
    found = measured(load("one-classroom"), draws=0).findings
    raw = [f.value for f in found if (f.id, f.rule) == ("file_variance_share", "not attentive")]
    assert any(0 < abs(value) < 1e-20 for value in raw)
    assert not any("e-" in row.value for row in told["rows"])
    rare = view({"deployment": "one-classroom", "finding": "p_only_true_flags_by_year_1"})["rows"]
    assert any("e-" in row.value for row in rare)


def test_addresses_come_back():
    from urllib.parse import parse_qsl, urlsplit

    told = view(dict(parse_qsl(urlsplit(address("best-case", "flag_ppv", "not attentive")).query)))
    assert (told["name"], told["definition"].id, told["rule"]) == ("best-case", "flag_ppv", "not attentive")


@pytest.mark.parametrize("sure", ["", pytest.param("1", marks=pytest.mark.long)])
def test_the_command_prints_the_numbers_that_are_shown(sure):
    import json
    import shlex

    told = view({"deployment": "one-classroom", "finding": "flag_ppv", "sure": sure})
    printed = json.loads(call(*shlex.split(told["command"])[1:]))
    rows = [f for f in printed["findings"] if f["id"] == "flag_ppv"]
    assert {exact(row["value"]) for row in rows} == {row.value for row in told["rows"]}
    ends = {f"{exact(row['low'])} to {exact(row['high'])}" for row in rows if row["low"] is not None}
    assert ends == {row.interval for row in told["rows"] if row.interval}
    assert bool(ends) is bool(sure)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(opened, width, scheme):
    page, heard = opened("/numbers?deployment=one-classroom&finding=p_mark", width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert heard == []


@pytest.mark.browser
def test_a_number_is_chosen_without_script(opened):
    page, _ = opened("/numbers", java_script_enabled=False)
    page.select_option("#finding", "labels_archived")
    page.select_option("#deployment", "one-classroom")
    page.click("text=Check it")
    assert "8640" in page.inner_text("table")
    answer = page.request.get(page.url.replace("/numbers", "/take/numbers/values.csv"))
    assert "8640" in answer.text()
    assert answer.headers["content-type"].startswith("text/csv")
