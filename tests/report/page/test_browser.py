"""The reports in a real browser: nothing fetched, nothing cut off, nothing that axe-core finds fault with."""

from __future__ import annotations

import pytest

from tests.report import made_up

pytestmark = pytest.mark.browser

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    long = "Group whose name goes on and on, as the names that people give do"
    texts = {
        "run": made_up.report(),
        "comparison": made_up.comparison(long),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in texts}


@pytest.fixture
def opened(browser, files):
    """Open a report; gives the page, and a list of everything it asked for or complained of."""
    contexts = []

    def open_(name, width, scheme, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page, heard = context.new_page(), []
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.append(request.url))
        page.goto(files[name])
        return page, heard

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("name", ["run", "comparison"])
def test_axe_finds_nothing(opened, name, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, _ = opened(name, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(page).response["violations"]
    told = [f"{v['id']}: {v['help']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"][:3]]
    assert told == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["run", "comparison"])
def test_the_page_asks_for_nothing_and_complains_of_nothing(opened, files, name, scheme):
    page, heard = opened(name, 1280, scheme)
    page.wait_for_load_state("networkidle")
    assert [h for h in heard if h != files[name] and not h.startswith("data:font/woff2")] == []


@pytest.mark.parametrize("open_all", [False, True])
@pytest.mark.parametrize("name", ["run", "comparison"])
def test_the_page_never_scrolls_sideways(opened, name, open_all):
    page, _ = opened(name, 320, "light")
    if open_all:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 320


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["run", "comparison"])
def test_one_drawing_of_each_chart_is_shown_and_none_is_cut_off(opened, name, width):
    page, _ = opened(name, width, "light")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].filter(s => getComputedStyle(s).display !== 'none')
        .map(s => [s, ...s.querySelectorAll('text')].map(e => e.getBoundingClientRect()).map(r => [r.left, r.right]))"""
    )
    drawn = page.locator("svg.chart").count() // 2
    assert len(boxes) == drawn > 0
    for (left, right), *texts in boxes:
        assert left >= 0
        assert right <= width
        assert texts
        assert min(start for start, _ in texts) >= left - 1
        assert max(end for _, end in texts) <= right + 1


def test_it_is_read_without_script(opened):
    page, _ = opened("run", 1280, "light", java_script_enabled=False)
    assert page.locator("h1").inner_text().startswith("Of ten alerts")
    assert page.locator("details").first.get_attribute("open") is None
    page.locator("summary").first.click()
    assert page.locator("details").first.get_attribute("open") is not None


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_the_colours_follow_the_scheme_in_charts_too(opened, name):
    seen = set()
    for scheme in SCHEMES:
        page, _ = opened(name, 1280, scheme)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = page.evaluate("getComputedStyle(document.querySelector('svg.chart.wide text')).fill")
        assert ground != ink
        seen.add((ground, ink))
    assert len({g for g, _ in seen}) == len({i for _, i in seen}) == 2


def test_print_opens_what_is_folded_and_keeps_to_the_page(opened):
    page, _ = opened("run", 673, "dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("details.section table").first.bounding_box()["height"] > 100
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 673
