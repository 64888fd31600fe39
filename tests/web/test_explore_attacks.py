"""What is pasted into Explore is text and nothing else: on the page, in what is kept, in what is taken away."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import tomli_w

from misread.deployment import shipped_text
from misread.errors import MisreadError
from misread.web.pages.explore import numbers, taken, view
from misread.web.pages.explore.asked import read
from misread.web.server.parcels import STATIC
from misread.web.take import taken as alone
from misread.web.take.keep import kept

from .test_explore import page

HOSTILE = {
    "markup": """</code></textarea></svg>'"><x-evil on=1>]]>&lt;x-evil&gt;{{ 7*7 }} %s""",
    "formula": "=HYPERLINK(1)+x %s",
    "turned": "\u05d0\u05d1\u0627\u0301 %s",
    "long": "w" * 170 + " %s",
}
REFUSED = {**HOSTILE, "controls": "a\u0007b\u001bc\u202ed\u2066\ufffe %s", "longer": "w" * 3000 + "%s"}


def hostile(kind: str) -> str:
    """A deployment with all there is in it; every name and remark of it would do harm as anything but text."""
    tables = tomllib.loads(shipped_text("as-described-full"))
    for whole in ("feedback", "ages"):
        del tables[whole]
    tables["population"]["school_years"] = 1
    tables["traits"] = [{**tables["traits"][0], "levels": 2}]
    tables["situations"] = [{**tables["situations"][0], "share": 0.95}, tables["situations"][-1]]
    tables["classifier"]["reader"] = "a reader"
    tables["decisions"] = [{**decision, "after_year": 1} for decision in tables["decisions"]]
    parts = (tables["population"]["groups"], tables["camera"]["views"], tables["file"]["marks"])
    parts += tuple(tables[part] for part in ("rules", "traits", "situations", "decisions"))
    named = {one["name"] for part in parts for one in part} | {one["by"] for one in tables["decisions"]}
    named |= {*tables["pupil"]["states"], *tables["display"], *tables["classifier"]["confusion"], "frown", "away"}
    named |= {tables["title"], "a reader"}

    def renamed(value):
        if isinstance(value, dict):
            return {renamed(key): renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        return HOSTILE[kind] % value[:20] if isinstance(value, str) and value in named else value

    text = tomli_w.dumps({table: renamed(inner) for table, inner in tables.items()})
    remark = HOSTILE[kind] % "\u202eremark, M14"
    return re.sub(r"(?m)^(\w+ = [\d.]+)$", lambda found: f"{found[1]}  # {remark}", text)


class Seen(HTMLParser):
    """Names of all elements and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names |= {tag, *(name for name, _ in attrs)}


@pytest.fixture(scope="module", params=HOSTILE)
def attacked(request):
    return request.param, {"toml": hostile(request.param)}


def test_what_was_pasted_is_text_and_nothing_else(attacked):
    kind, asked = attacked
    told = view({**asked, "keep": "1" if kind == "markup" else "", "left": "keep-30-days"})
    assert told["wrong"] is None
    shown = page(told, query=None)
    for html in (shown, kept(shown, STATIC)):
        assert not {name for name in Seen(html).names if "evil" in name}
        visible = re.sub("(?s)<textarea.*?</textarea>|<input type=.hidden.*?>|<pre.*?</pre>", "", html)
        assert not re.search("[\u202a-\u202e\u0007\u001b]", visible)
    assert HOSTILE[kind] % "most pupils" in told["groups"][0].name
    assert told["policies"]


def test_what_is_taken_of_it_is_text_too(attacked):
    _, asked = attacked
    told = view(asked)
    found = numbers.figures(read(asked).deployment, read(asked).rule)
    shown = page(told, query=None)
    for id in taken.PICTURES:
        piece = taken.taken(id, told, found)
        drawn = alone("svg", piece, shown, 'source "<x-evil>"', STATIC).decode()
        tree = ElementTree.fromstring(drawn)
        assert not [e for e in tree.iter() if "evil" in e.tag or any("evil" in name for name in e.attrib)], id
    assert alone("png", piece, shown, "source", STATIC).startswith(b"\x89PNG")
    table = alone("csv", taken.taken("figures-table", told, found), shown, "source", STATIC).decode("utf-8-sig")
    assert not re.search(r"(?m)(^|,)\"?[=+@]", table)


@pytest.mark.parametrize("kind", REFUSED)
def test_nothing_of_what_is_wrong_does_harm_either(kind):
    name = json.dumps(REFUSED[kind] % "x")
    for text in (f"title = {name}\n{name} = 1\n[population]\nschools = {name}", REFUSED[kind], f"{name}\u0000"):
        told = view({"toml": text})
        assert told["wrong"].text == text
        shown = page(told, query=None)
        assert not {name for name in Seen(shown).names if "evil" in name}
        assert not re.search("[\u202a-\u202e\u0007]", re.sub("(?s)<textarea.*?</textarea>", "", shown))
    with pytest.raises(MisreadError) as refused:
        view({"set": f"population.groups.{name}.share = 1", "every": REFUSED[kind]})
    assert not re.search("[\u202a-\u202e\u0007]", str(refused.value.problems))


@pytest.mark.parametrize("source", ["evidence:/etc/passwd#x", "evidence:own.toml\\u0023x"])
def test_no_file_that_is_named_is_read(source):
    line = f'classifier.confusion.camera.from = "{source}"'
    for asked in ({"set": line}, {"toml": shipped_text("one-classroom").replace("evidence:M14", source)}):
        try:
            problems = (
                *(told := view(asked))["wrong"].elsewhere,
                *(p for s in told["wrong"].shown for x in s for p in x.problems),
            )
        except MisreadError as error:
            problems = error.problems
        assert [p.what for p in problems] == ["It names a file, and files are not read here."]


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["long"])
def test_what_was_pasted_fits_on_a_phone_and_can_be_taken(opened, kind):
    shown, heard = opened("/explore", 320)
    shown.fill("#toml", hostile(kind))
    shown.get_by_role("button", name="Open it", exact=True).click()
    shown.wait_for_selector("#keep-command:has-text('pasted.toml')")
    shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    with shown.expect_download() as download:
        shown.locator("button[formaction$='groups-picture.svg']").click()
    ElementTree.parse(download.value.path())
    assert heard == []
