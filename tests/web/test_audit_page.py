"""“Audit” in a browser: a file to an answer and away with it, by keyboard, on a phone, without scripts; a sentence."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from misread.web.server.posted import RAW

from .conftest import violations
from .test_audit import NAMED, ROWS, csv
from .test_school_disk import in_parts, no_disk, post  # noqa: F401
from .test_school_page import SMALL, overflows

pytestmark = pytest.mark.browser

FILE = {"name": "answers.csv", "mimeType": "text/csv", "buffer": csv().encode()}
MADE = "[name=made]"


@pytest.mark.long
def test_from_a_file_to_an_answer_by_keyboard(opened, served):
    page, heard = opened("/audit", width=320, scheme="dark")
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url.partition(served.base)[2])))
    page.set_input_files("#file", FILE)
    page.wait_for_selector("[data-columns]")
    assert page.evaluate("document.activeElement.id") == "columns"
    assert page.evaluate(SMALL) + overflows(page) + violations(page) == []
    # What is guessed is said to be a guess, and nothing was counted of it.
    assert page.locator(".guess").count() == 4
    assert page.locator("[data-found]").count() == 0
    page.select_option("#role-3", "person")
    page.locator("[data-send]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-found]")
    assert page.evaluate("document.activeElement.id") == "answer"
    assert page.input_value("#role-3") == "person"
    assert page.evaluate(SMALL) + overflows(page) == []
    assert page.evaluate("document.activeElement.closest('article').querySelectorAll('.report section').length") > 4
    with page.expect_download() as download:
        page.get_by_role("button", name="audit.json").click()
    assert json.loads(download.value.path().read_text())["source"]["rows"] == 240
    assert heard == []
    # What was sent stands in no address, no storage, and no cookie that a script could read.
    assert {url for method, url in asked if method == "POST"} == {"/audit", "/audit/take/audit.json"}
    assert page.url == f"{served.base}/audit"
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.long
def test_what_is_wrong_stands_beside_its_field_and_goes_when_it_is_mended(opened):
    page, heard = opened("/audit")
    page.set_input_files("#file", {**FILE, "buffer": b"\x89PNG\r\n\x1a\n0000"})
    page.wait_for_selector("#wrong-file")
    assert page.get_attribute("#file", "aria-describedby") == "wrong-file"
    assert "takes no pictures" in page.inner_text("#wrong-file")
    page.set_input_files("#file", FILE)
    page.wait_for_selector("[data-columns]")
    assert page.locator("#wrong-file").count() == 0
    page.select_option("#role-0", "")
    page.locator("[data-send]").click()
    page.wait_for_selector("#wrong-columns")
    page.select_option("#role-0", "truth")
    page.get_by_label("How common it is").fill("5")
    page.locator("[data-send]").click()
    page.wait_for_selector("#wrong-prevalence")
    assert page.get_by_label("How common it is").input_value() == "5"
    assert violations(page) == []
    page.get_by_label("How common it is").fill("5 %")
    page.locator("[data-send]").click()
    page.wait_for_selector("[data-found]")
    assert page.locator(".told-wrong").count() == 0
    assert [said for said in heard if "422" not in said] == []


@pytest.mark.long
def test_without_scripts_the_file_is_chosen_twice(opened):
    page, _heard = opened("/audit", java_script_enabled=False)
    page.set_input_files("#file", FILE)
    page.get_by_role("button", name="Look at its columns").click()
    for i, role in enumerate(NAMED.values()):
        page.select_option(f"#role-{i}", role)
    page.get_by_role("button", name="This is right: audit it").click()
    assert "your browser does not keep it" in page.inner_text("#wrong-file")
    page.set_input_files("#file", FILE)
    page.get_by_role("button", name="This is right: audit it").click()
    assert "answers" in page.inner_text("#answer")
    with page.expect_download() as download:
        page.get_by_role("button", name="audit.zip").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert {"audit.json", "report.html", "profile.toml"} <= set(archive.namelist())


@pytest.mark.long
def test_an_example_is_a_link_and_leaves_a_file_alone(opened, served):
    page, heard = opened("/audit")
    page.set_input_files("#file", FILE)
    page.wait_for_selector("[data-columns]")
    page.get_by_label("No file at hand?").select_option("M17")
    page.wait_for_selector("#answer")
    assert page.url == f"{served.base}/audit?example=M17"
    assert page.locator("[data-columns]").count() == 1
    assert "731" in page.inner_text(".kicker")
    assert violations(page) == []
    assert heard == []


@pytest.mark.long
def test_a_file_that_is_gone_meanwhile_is_missed_and_nothing_that_was_said_is_lost(opened, tmp_path):
    file = tmp_path / "answers.csv"
    file.write_text(csv())
    page, _heard = opened("/audit")
    page.set_input_files("#file", file)
    page.wait_for_selector("[data-columns]")
    page.select_option("#role-3", "person")
    file.unlink()
    page.locator("[data-send]").click()
    page.wait_for_function("document.activeElement.textContent.startsWith('It could not be sent.')")
    assert page.input_value("#role-3") == "person"
    assert page.locator("form[aria-busy]").count() == 0


def test_a_sentence_is_answered_as_it_is_typed(opened, served):
    page, heard = opened("/audit/claim", width=320)
    page.get_by_label("What was said").type("It is 95 % accurate")
    page.wait_for_selector(".headline")
    page.get_by_text("What you know beside it").click()
    page.get_by_label("How common is it?").fill("5")
    page.wait_for_selector("#wrong-prevalence")
    page.get_by_label("How common is it?").fill("5 %")
    page.wait_for_selector("text=0 to 50 times of 100")
    assert page.locator("#wrong-prevalence").count() == 0
    assert "claim=It+is+95" in page.url
    assert violations(page) + overflows(page) + page.evaluate(SMALL) == []
    page.get_by_role("button", name="Put these questions into a letter").click()
    page.wait_for_load_state()
    assert page.url == f"{served.base}/school/letter"
    assert "Where is the school?" in page.inner_text("main")
    assert [said for said in heard if "422" not in said] == []


@pytest.mark.long
def test_a_kept_example_stands_alone(kept_alone):
    alone, heard = kept_alone("/audit?example=M17")
    assert heard == []
    assert "misread serve, /audit?example=M17" in alone.inner_text("footer")
    assert alone.locator(f"{MADE}, form, button").count() == 0
    assert alone.locator(".report section").count() > 4


@pytest.mark.long
@pytest.mark.parametrize("way", ["form", "script"])
def test_a_table_of_megabytes_is_audited_in_memory(no_disk, way):  # noqa: F811
    first, home = no_disk
    content = csv(ROWS * 500).encode()
    assert len(content) > 2 * 2**20
    if way == "form":
        # A form names a field once for each column, which `in_parts` cannot: the columns are asked about.
        body, kind = in_parts({}, "answers.csv", content)
    else:
        fields = [["column", list(NAMED)], ["role", list(NAMED.values())]]
        head = json.dumps({"fields": fields, "name": "answers.csv"})
        body, kind = head.encode() + b"\n" + content, RAW
    status, _headers, shown = post(first, "/audit", body, kind)
    assert status == 200, shown[:2000]
    assert (b"data-columns" if way == "form" else b"120,000") in shown
    assert list(home.iterdir()) == []
