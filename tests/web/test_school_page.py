"""“Your school” in a browser: the whole way, with and without scripts, as somebody who must not be seen walks it."""

from __future__ import annotations

import io
import json

import pytest
from pypdf import PdfReader

from misread.deployment import load
from misread.language import LONG, speak
from misread.report.words import half_up, tally
from misread.study.exact.run import measured
from misread.web.pages.school.way import STEPS

from .conftest import violations
from .school import LETTER, Person, page_of
from .test_language import UNSAID
from .test_school_disk import export

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll('main :is(a, button, input, select, textarea, summary)')]
  .filter(one => one.checkVisibility() && one.type !== 'hidden' && one.tabIndex >= 0)
  .map(one => [one, (one.type === 'checkbox' && one.closest('label') || one).getBoundingClientRect()])
  .filter(([one, box]) => (box.width < 24 || box.height < 24) && getComputedStyle(one).display !== 'inline')
  .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`)"""
REPLY = "Dear parent, we do not store any images. The list of labels is a trade secret of our supplier."


def overflows(page):
    """What scrolls it sideways; empty where nothing does. Letters are waited for: others are wider."""
    return page.evaluate(
        """async () => {
          await document.fonts.ready
          const wide = document.scrollingElement.scrollWidth
          return wide <= innerWidth ? [] : [wide, ...[...document.querySelectorAll('body *')]
            .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
            .map(one => one.outerHTML.slice(0, 120))] }"""
    )


def walk(page, look=lambda _step: None):
    """From nothing to a saved case, through every step, by what is written on the buttons."""

    def there(step):
        # A page can be asked for its size before its styles have come.
        page.wait_for_load_state()
        look(step)

    page.get_by_label("Where is the school?").select_option("eu")
    if page.get_by_role("button", name="Show what applies").is_visible():
        page.get_by_role("button", name="Show what applies").click()
    page.wait_for_selector("#headline")
    there("place")
    page.get_by_role("button", name="Note first what you know").click()
    page.wait_for_selector("[id='v:output.labels']")
    page.fill("[id='v:output.labels']", "happy, neutral")
    page.select_option("[id='h:output.labels']", "reply")
    page.get_by_role("button", name="Note this").first.click()
    page.wait_for_selector("text=1 of 49 told")
    there("record")
    page.get_by_role("button", name="See what is missing").click()
    page.wait_for_selector("#headline")
    page.check("input[value='output.actions']")
    there("gaps")
    page.get_by_role("button", name="Put these into a letter").click()
    page.wait_for_selector(".sheet")
    for name, text in LETTER.items():
        page.fill(f"[id='{name}']", text)
    if page.get_by_role("button", name="Show the letter").is_visible():
        page.get_by_role("button", name="Show the letter").click()
    page.wait_for_selector("text=Nothing is missing.")
    there("letter")
    page.get_by_role("button", name="I have sent it").click()
    page.wait_for_selector("#on")
    page.fill("#on", "2026-10-01")
    page.get_by_role("button", name="Note it, and count").click()
    page.wait_for_selector(".sent")
    there("deadline")
    page.get_by_role("button", name="They have answered").click()
    page.wait_for_selector("#reply")
    page.fill("#reply", REPLY)
    page.fill("#came", "2026-10-20")
    page.get_by_role("button", name="Read it").click()
    page.wait_for_selector("#found")
    there("answer")
    page.get_by_role("button", name="Note it in your case").click()
    page.wait_for_selector("text=The answer is noted in your case.")
    page.get_by_role("button", name="Their file").click()
    page.wait_for_selector("[data-raw]")
    page.set_input_files("#file", {"name": "Child A.csv", "mimeType": "text/csv", "buffer": export(2000)})
    page.get_by_role("button", name="Look through it").click()
    page.wait_for_selector("[data-found]")
    there("export")
    page.get_by_role("button", name="Note the verdicts").click()
    page.wait_for_selector("text=The verdicts are noted in your case")
    page.get_by_role("button", name="Your case", exact=True).click()
    page.wait_for_selector("text=Files that were checked")
    there("case")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the case").click()
    return download.value


def test_the_whole_way_says_nothing_to_anybody_and_leaves_nothing_behind(opened, served):
    page, heard = opened("/school")
    asked, wrong = [], {}
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("addEventListener('securitypolicyviolation', event => console.log(event.violatedDirective))")

    def look(step):
        # Where most is: axe goes through every step, in every dress, in the long test below.
        found = (violations(page) if step in {"letter", "export"} else []) + page.evaluate(SMALL)
        found += overflows(page)
        wrong.update({step: found} if found else {})

    saved = walk(page, look)
    assert wrong == {}
    assert heard == []
    # What was told stands in no address, no storage, and no cookie that a script could read.
    assert {url.partition(served.base)[2] for url in asked if "/static/" not in url} <= {
        *(step.path for step in STEPS),
        "/school/case/case.json",
    }
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    case = json.loads(saved.path().read_text())
    assert saved.suggested_filename == "case.json"
    assert [len(case[part]) for part in ("letters", "replies", "exports")] == [1, 1, 1]
    assert case["facts"]["child"]["name"] == "Child A"
    assert "neutral" not in json.dumps(case["exports"])


@pytest.mark.long
def test_every_sentence_of_every_step_passes_through_the_catalogue(browser):
    page = browser.new_page()
    unsaid = {}
    speak(LONG)
    try:
        person = Person()
        person.go("place", place="eu", fact=("subject.pupil", "output.emotion"))
        person.go("record")
        person.go("gaps", **{"v:output.labels": "happy, neutral", "h:output.labels": "reply"})
        person.go("letter", picks="1", pick=("output.actions",))
        person.go("deadline", **LETTER)
        person.go("answer", kind="access", on="2026-10-01", note="1")
        person.go("export", reply=REPLY, came="2026-10-20", noted="1")
        file = ("export.csv", export(2000))
        for told in (
            person.go("export", file=file),
            person.go("place"),
            person.go("record"),
            person.go("gaps"),
            person.go("letter"),
            person.go("deadline"),
            person.go("deadline", which="eu.gdpr.12-3", **{"from": "2026-10-01"}),
            person.go("answer"),
            person.go("answer", reply=REPLY, came="2026-10-21"),
            person.go("case"),
        ):
            page.set_content(page_of(told))
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            if found := page.evaluate(UNSAID):
                unsaid[told["step"].name] = found
    finally:
        speak("en")
        page.close()
    assert unsaid == {}


@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "options"),
    [
        (320, {"scheme": "dark"}),
        (1280, {"scheme": "light"}),
        (640, {"forced_colors": "active"}),
    ],
)
def test_axe_finds_nothing_in_any_step_in_any_dress(opened, width, options):
    page, heard = opened("/school", width=width, **options)
    wrong = {}

    def look(step):
        for detail in page.locator("main details").all():
            detail.evaluate("one => { one.open = true }")
        found = violations(page, colours="forced_colors" not in options)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if overflows(page):
            found.append(f"text at twice its size scrolls sideways: {overflows(page)}")
        page.evaluate("document.documentElement.style.fontSize = ''")
        found += overflows(page)
        page.emulate_media(media="print")
        if not page.inner_text("main").strip():
            found.append("nothing is printed")
        page.emulate_media(media="screen")
        wrong.update({step: found} if found else {})

    walk(page, look)
    assert wrong == {}
    assert heard == []


@pytest.mark.long
def test_the_same_way_without_a_script(opened):
    page, heard = opened("/school", width=320, java_script_enabled=False)
    wide = []
    saved = walk(page, lambda step: wide.extend((step, one) for one in overflows(page)))
    assert wide == []
    assert heard == []
    case = json.loads(saved.path().read_text())
    assert [len(case[part]) for part in ("letters", "replies", "exports")] == [1, 1, 1]


def test_who_shares_the_computer_is_not_given_away(opened):
    page, _heard = opened("/school")
    assert page.title() == "Where you are · misread"
    page.get_by_label("Others use this computer too").check()
    assert page.title() == "Notes"
    page.get_by_label("Where is the school?").select_option("eu")
    page.wait_for_selector("#headline")
    page.get_by_role("button", name="Write a letter").click()
    page.wait_for_selector(".sheet")
    assert page.title() == "Notes"
    assert page.get_by_label("Others use this computer too").is_checked()
    assert page.locator("[id='f:sender.name']").get_attribute("autocomplete") == "off"
    page.fill("[id='f:child.name']", "Child A")
    # Escape once is a slip; twice is meant.
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert page.url.endswith("/school/letter")
    page.keyboard.press("Escape")
    page.wait_for_url("**/calendar")
    assert page.title() == "Calendar"
    assert "misread" not in page.inner_text("body")
    assert page.locator("td[aria-current=date]").count() == 1
    assert violations(page) == []
    page.go_back()
    page.wait_for_load_state()
    assert "Child A" not in page.content()


@pytest.mark.parametrize("address", ["/school/case", "/school/letter/letter.md"])
def test_what_was_sent_before_the_page_was_left_is_not_answered_any_more(opened, served, address):
    page, _heard = opened("/school/letter")
    kept = Person()
    kept.go("letter", place="eu")
    kept.go("case", **LETTER)
    form = {"kept": kept.kept, "step": "case", "visit": page.locator("[name=visit]").get_attribute("value")}
    headers = {"sec-fetch-site": "same-origin"}
    assert "Child A" in page.request.post(served.base + address, form=form, headers=headers).text()
    # A browser can send it again for whoever goes back, also with the scripts switched off.
    page.goto(served.base + "/calendar")
    again = page.request.post(served.base + address, form=form, headers=headers)
    assert again.url == served.base + "/calendar"
    assert "Child A" not in again.text()


def test_what_changes_is_said_aloud_once_and_what_is_wrong_has_the_focus(opened):
    page, heard = opened("/school")
    aloud = page.locator("[data-aloud]")
    assert aloud.inner_text() == ""
    page.get_by_label("Where is the school?").select_option("eu")
    page.wait_for_selector("#headline")
    assert aloud.text_content() == page.locator("#headline").text_content().strip()
    page.get_by_role("button", name="By when").click()
    page.wait_for_selector("#on")
    page.fill("#on", "")
    page.get_by_role("button", name="Note it, and count").click()
    page.wait_for_selector(".problems")
    assert "is missing" in page.evaluate("document.activeElement.innerText")
    page.fill("#on", "2026-10-01")
    page.get_by_role("button", name="Note it, and count").click()
    page.wait_for_selector(".sent")
    assert "Their last day was" in page.evaluate("document.activeElement.innerText")
    assert heard in (
        [],
        ["error: Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"],
    )


def test_leaving_by_its_button_asks_nothing(opened):
    page, _heard = opened("/school/letter")
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog) or dialog.accept())
    page.get_by_label("Where is the school?").select_option("eu")
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("**/calendar")
    assert dialogs == []


def test_who_goes_elsewhere_with_something_unsaved_is_asked(opened):
    page, _heard = opened("/school/letter")
    page.get_by_label("Where is the school?").select_option("eu")
    page.get_by_role("button", name="Go on").last.click()
    page.wait_for_selector(".sheet")
    page.get_by_label("Your name").fill("A. Example")
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.type) or dialog.dismiss())
    page.get_by_role("link", name="Evidence").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert dialogs == ["beforeunload"]
    assert page.url.endswith("/school/letter")


def test_who_types_keeps_the_place_while_the_letter_grows(opened):
    page, _heard = opened("/school/letter")
    page.get_by_label("Where is the school?").select_option("eu")
    page.get_by_role("button", name="Go on").last.click()
    page.get_by_label("Your name").press_sequentially("A. Ex")
    page.wait_for_selector(".sheet >> text=A. Ex")
    assert page.evaluate("[document.activeElement.name, document.activeElement.selectionStart]") == ["f:sender.name", 5]
    page.keyboard.type("ample")
    page.wait_for_selector(".sheet >> text=A. Example")
    assert page.get_by_label("Your name").input_value() == "A. Example"
    # Another letter has other fields, and takes along what was told.
    page.get_by_label("What do you want?").select_option("objection")
    page.wait_for_selector("text=It goes to")
    page.wait_for_selector("[data-shape^=objection]")
    assert page.get_by_label("Your name").input_value() == "A. Example"


def test_what_is_typed_before_the_script_comes_is_answered_too(opened):
    page, _heard = opened("/school/letter")
    held = []
    page.route("**/school.js*", lambda route: held.append(route))
    page.get_by_label("Where is the school?").select_option("eu")
    page.get_by_role("button", name="Go on").last.click()
    page.get_by_label("Your name").fill("A. Example")
    assert page.locator(".sheet").get_by_text("A. Example").count() == 0
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_selector(".sheet >> text=A. Example")


@pytest.mark.long
def test_enter_in_a_field_sends_the_step_one_is_at(opened):
    page, _heard = opened("/school/record", java_script_enabled=False)
    page.fill("[id='v:sys.name']", "Some system")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Some system")
    assert page.url.endswith("/school/record")


@pytest.mark.long
def test_what_has_the_focus_is_never_covered(opened):
    """WCAG 2.4.11: also on the way back up, under what sticks to the edge."""
    page, _heard = opened("/school/record", width=320)
    hidden = """() => { const one = document.activeElement, box = one.getBoundingClientRect()
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2)
      return one.contains(top) || top?.contains(one) || top?.closest('label')?.contains(one) ? '' : one.outerHTML }"""
    for key, times in (("Tab", 40), ("Shift+Tab", 25)):
        for _ in range(times):
            page.keyboard.press(key)
            assert page.evaluate(hidden) == ""


def test_the_guide_is_one_page_of_paper(opened):
    page, heard = opened("/guide")
    assert violations(page) == []
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    text = paper.pages[0].extract_text()
    assert "Five questions for the school" in text
    assert text.count("flag_ppv") == 2
    assert "a value is assumed that is kind to the cameras" in " ".join(text.split())
    assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]
    assert heard == []
    assert page.evaluate("[...document.querySelectorAll('.guide a.from')].every(a => a.href.includes('/numbers?'))")
    for figure, name in zip(page.locator(".guide figure").all(), ("as-described", "vendor-claim"), strict=True):
        right = measured(load(name), draws=0).findings.one("flag_ppv", rule="negative affect").value
        assert f"{tally(right, 10)} (between" in figure.inner_text()
        assert figure.locator("rect.right").count() == half_up(10 * right)
