"""The evidence on a page: every entry, found by words, with where it is used."""

from __future__ import annotations

import csv
import io
import math
import pickle

import pytest

from misread.deployment import shipped, shipped_text
from misread.errors import MisreadError
from misread.evidence import STATUSES, catalogue
from misread.evidence.pooling.studies import QUANTITIES
from misread.web.pages.evidence import FIRST, view

from .conftest import violations


def ids(told):
    return [entry.id for _, _, entries in told["sections"] for entry in entries]


def test_every_entry_is_there_once():
    told = view({"show": "all"})
    assert sorted(ids(told)) == sorted(catalogue())
    assert told["all"] == told["found"] == len(catalogue())
    assert sum(n for _, _, n in told["counts"]) == len(catalogue())
    assert pickle.loads(pickle.dumps(told)) == told


def test_only_the_first_are_shown_unless_all_are_asked_for():
    from urllib.parse import parse_qsl, urlsplit

    for asked in ({}, {"topic": "recognition", "q": "of"}):
        first = view(asked)
        all_of_them = view(dict(parse_qsl(urlsplit(first["show_all"]).query)))
        assert len(ids(first)) == FIRST
        assert ids(all_of_them)[:FIRST] == ids(first)
        assert first["left"] == len(ids(all_of_them)) - FIRST > 0
        assert (all_of_them["left"], all_of_them["found"]) == (0, first["found"])
        # What is taken away is what was found, shown or not.
        assert view({**asked, "take": "entries"})["taken"].count("<tr>") == first["found"] + 1
    assert view({"q": "M14"})["left"] == 0


def test_what_this_project_measured_is_never_called_published_or_quoted():
    told = view({"topic": "rendered-heads"})
    (_, title, entries), *none = told["sections"]
    assert not none
    assert title != "rendered-heads"
    assert {e.status for e in entries} == {"rendered"}
    assert all("this project" in e.no_source for e in entries)
    assert "not published" in told["meaning"]["rendered"]


def test_words_topic_and_status_narrow_it_together():
    told = view({"q": "Stockli KAPPA", "topic": "recognition", "status": "verified"})
    found = ids(told)
    assert "A01" in found
    known = catalogue()
    for id in found:
        assert (known[id].topic, known[id].status) == ("recognition", "verified")
        assert "Stöckli" in known[id].citation
    for status in STATUSES:
        assert all(known[id].status == status for id in ids(view({"status": status, "show": "all"})))
    assert ids(view({"q": "no such word anywhere"})) == []


def test_where_an_entry_is_used_is_where_files_name_it():
    entries = {e.id: e for _, _, some in view({"show": "all"})["sections"] for e in some}
    for id in ("M14", "F05", "B08", "C10"):
        named = {name for name in shipped() if id in shipped_text(name)}
        assert {u.name for u in entries[id].uses if not u.policy} == named
    (use,) = (u for u in entries["M14"].uses if u.name == "as-described")
    assert "classifier.confusion.camera.from" in use.keys
    assert any(u.policy for u in entries["E10"].uses)


@pytest.mark.parametrize("name", ["programs-anger", "annotators-agree"])
def test_pooled_studies_are_drawn_with_wilsons_intervals(name):
    from misread.evidence.pooling.studies import studies

    forest = view({"pool": name})["forest"]
    *dots, together = forest.dots
    assert together.pooled
    assert min(d.at for d in dots) <= together.at <= max(d.at for d in dots)
    assert together.low <= together.at <= together.high
    for dot, study in zip(dots, studies(QUANTITIES[name].refs), strict=True):
        z2, n, p = 1.959964**2, study.units, study.share
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = math.sqrt(z2 * p * (1 - p) / n + z2**2 / (4 * n * n)) / (1 + z2 / n)
        assert (dot.at, dot.low, dot.high) == pytest.approx((100 * p, 100 * (middle - half), 100 * (middle + half)))


def test_pooled_studies_are_one_drawing_to_be_taken_away():
    told = view({"pool": "programs-anger", "take": "forest"})
    assert told["taken"].count('class="open"') == len(told["forest"].dots)
    assert all(dot.said in told["taken"] for dot in told["forest"].dots)
    assert "taken" not in view({"take": "forest"})


def test_entries_that_are_found_are_one_table_to_be_taken_away():
    from misread.web.take.sheet import rows

    told = view({"status": "verified", "topic": "groups", "take": "entries"})
    table = list(csv.reader(io.StringIO(rows(told["taken"], "source").decode("utf-8-sig"))))
    assert [row[0] for row in table[1:-1]] == ids(told)
    assert {row[5] for row in table[1:-1]} == {"verified"}


@pytest.mark.parametrize("key", ["topic", "status", "pool"])
def test_what_is_not_there_is_refused(key):
    with pytest.raises(MisreadError) as refused:
        view({key: "<script>"})
    assert refused.value.problems[0].key == key


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(opened, width, scheme):
    page, heard = opened("/evidence?topic=claims&pool=annotators-agree", width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert heard == []


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_it_is_searched_with_and_without_script(opened, script):
    page, _ = opened("/evidence", java_script_enabled=script)
    page.fill("#q", "<b>M14</b>")
    if not script:
        page.click("text=Search")
    page.wait_for_selector("text=No entry holds all of these words")
    page.fill("#q", "F05")
    if not script:
        page.click("text=Search")
    page.wait_for_selector("#F05")
    assert page.locator("article").count() == len(ids(view({"q": "F05"})))
