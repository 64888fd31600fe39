"""The report of an audit in a real browser: nothing fetched, nothing cut off, nothing that axe-core finds fault with."""

from __future__ import annotations

import pytest

from tests.report.audit import made_up

pytestmark = pytest.mark.browser

OPEN = "document.querySelectorAll('details').forEach(d => { d.open = %s })"


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Two reports, each opened once; gives both pages, and everything they asked for or complained of."""
    folder = tmp_path_factory.mktemp("audits")
    context, pages, heard = browser.new_context(), {}, []
    reports = {"small": made_up.small(), "large": made_up.large(), "many": made_up.large(words=40, groups=5)}
    for name, text in reports.items():
        file = folder / f"{name}.html"
        file.write_text(text, encoding="utf-8")
        page = pages[name] = context.new_page()
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.append(request.url))
        page.goto(file.as_uri())
    yield pages, heard
    context.close()


@pytest.fixture
def show(opened):
    """A report at a width, in a scheme, on a medium, with what is folded open or not."""

    def show_(name, width, scheme="light", *, media="screen", open_all=False):
        page = opened[0][name]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media=media)
        page.evaluate(OPEN % str(open_all).lower())
        return page

    return show_


@pytest.mark.parametrize(("width", "scheme", "open_all"), [(320, "dark", True), (1280, "light", False)])
def test_axe_finds_nothing(show, width, scheme, open_all):
    from axe_playwright_python.sync_playwright import Axe

    page = show("small", width, scheme, open_all=open_all)
    found = Axe().run(page).response["violations"]
    told = [f"{v['id']}: {v['help']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"][:3]]
    assert told == []


@pytest.mark.parametrize(("name", "width"), [("small", 320), ("large", 320), ("large", 1280)])
def test_only_what_scrolls_by_itself_is_wider_than_the_page(show, name, width):
    page = show(name, width, open_all=True)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    # Whatever scrolls can be reached by keyboard.
    stuck = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0).length"
    )
    assert stuck == 0


@pytest.mark.parametrize(("width", "some"), [(320, {True}), (1280, {True, False})])
def test_what_holds_more_than_it_shows_says_so_and_nothing_else_does(show, width, some):
    page = show("small", width, open_all=True)
    # That there is more is known a frame later.
    page.wait_for_function(
        """[...document.querySelectorAll('.scroll')].every(e => (e.scrollWidth > e.clientWidth)
        === (parseFloat(getComputedStyle(e, '::before').maxBlockSize) > 0))"""
    )
    more = "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth > e.clientWidth)"
    assert set(page.evaluate(more)) == some


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_no_line_runs_into_another_and_none_leaves_the_page(show, width):
    page = show("small", width)
    boxes = page.evaluate(
        """[...document.querySelectorAll('section > figure.lines .line, .small-story > figure.lines .line')].map(l =>
        ['.line-name', '.line-plot', '.line-said'].map(s => l.querySelector(s)).filter(Boolean)
        .map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom]))"""
    )
    assert len(boxes) > 20
    for parts in boxes:
        assert all(left >= 0 and right <= width for left, _top, right, _bottom in parts)
        for i, a in enumerate(parts):
            for b in parts[i + 1 :]:
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                assert apart


@pytest.mark.long
def test_marks_keep_their_colours_apart_from_the_ground_in_both_schemes(show):
    seen = set()
    for scheme in ("light", "dark"):
        page = show("small", 1280, scheme)
        ground, dot, cell = page.evaluate(
            """[['body', 'backgroundColor'], ['.line .dot', 'fill'], ['.cell.is-right', 'backgroundColor']]
            .map(([e, what]) => getComputedStyle(document.querySelector(e))[what])"""
        )
        assert len({ground, dot, cell}) == 3
        seen.add((ground, dot))
    assert len(seen) == 2


def test_a_map_of_forty_words_keeps_to_the_paper(show):
    page = show("many", 673, media="print")
    heat = page.locator("table.heat").first
    assert heat.locator("thead .answer").count() == 41
    assert heat.locator("td").last.bounding_box()["width"] > 0
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 673


def test_print_keeps_to_the_page(show):
    page = show("small", 673, "dark", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 673
    # What is folded is printed; what stands in a table behind a drawing is not.
    assert page.locator("details.section figure").first.bounding_box()["height"] > 100
    assert not page.locator("details.data table").first.is_visible()


def test_the_pages_ask_for_nothing_and_complain_of_nothing(opened):
    pages, heard = opened
    files = {page.url for page in pages.values()}
    assert [h for h in heard if h not in files and not h.startswith("data:font/woff2")] == []
