"""The page on what an audit writes, against the code."""

from __future__ import annotations

import re

from misread.audit.written.failif import DISPARITY, FIELDS, fired, parse
from misread.audit.written.model import Written
from misread.deployment.profiles.laid import KEPT
from tests.docs.pages import DOCS, codes

TEXT = (DOCS / "audit" / "outputs.md").read_text(encoding="utf-8")


def section(heading):
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_every_key_of_the_file_is_on_the_page():
    rows = re.findall(r"^\| (`[^|]+) \|", section("audit.json"), re.MULTILINE)
    assert {key for row in rows for key in codes(row)} == set(Written.model_fields)


def test_the_conditions_shown_can_be_read():
    text = section("For pipelines")
    shown = re.findall(r"^\| `([^`|]+)` \|", text, re.MULTILINE) + re.findall(r'--fail-if "([^"]+)"', text)
    assert len(shown) == 7
    for condition in shown:
        parse(condition)
    named = set(codes(text))
    assert {*FIELDS, *DISPARITY} <= named


def test_what_stays_is_named():
    said = set(codes(section("From an audit to a school")))
    assert {"odds", "regardless", "diagonal", "loss_to", "units", "alternatives"} <= said
    assert set(KEPT) == {"odds", "odds_on", "regardless"}


def test_a_page_would_show_a_condition_that_fires(written):
    (one,) = fired([parse("accuracy.low < 0.999")], written.estimates, written.disparities)
    assert str(one).startswith("accuracy.low < 0.999: low of accuracy is 0.")
