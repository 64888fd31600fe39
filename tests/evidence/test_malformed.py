"""Entries that are not as they should be: what is said of them."""

from __future__ import annotations

import pytest

from misread.errors import MisreadError
from misread.evidence import read

GOOD = """topic = "gaze"
[sources.a]
short = "Nobody (2020)"
citation = "Nobody, N. (2020). A study."
doi = "10.1000/1"

[C90]
source = "a"
status = "verified"
quantity = "How often"
value = 12.5
unit = "%"
hits = 1
n = 8

[C91]
source = "a"
status = "secondary"
quantity = "How often, by group"
value = [
  { name = "young", value = 0.5, low = 0.4, high = 0.6, n = 20 },
  { name = "old", value = "rarely", status = "verified" },
]
unit = "1"

[M90]
source = "a"
status = "computed"
quantity = "What was labelled as what"
counted = "frames"
unit_of = "people"
units_note = "assumption: ten frames a person"
design_effect = 10
columns = ["sad", "happy"]
row_n = { sad = 30, happy = 20 }
[M90.table]
sad = [20, 10]
happy = [0, 20]
"""


def said(text, **more):
    with pytest.raises(MisreadError) as caught:
        read({"mine.toml": text, **more})
    return {p.key: p for p in caught.value.problems}


def test_what_is_right_is_read():
    entries = read({"mine.toml": GOOD})
    assert list(entries) == ["C90", "C91", "M90"]
    assert entries["C90"].citation == "Nobody, N. (2020). A study."
    young, old = entries["C91"].figures
    assert (young.unit, young.status, young.n) == ("1", "secondary", 20)
    assert (old.unit, old.status, old.n) == ("", "verified", None)
    assert dict(entries["M90"].row_units) == {"sad": 3.0, "happy": 2.0}


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "says"),
    [
        ('status = "verified"\n', "", "C90.status", 7, "`status` is missing"),
        ('status = "verified"\nq', 'status = "verifed"\nq', "C90.status", 9, "one of verified, computed, secondary"),
        ('unit = "%"', 'unitt = "%"', "C90.unitt", 12, "did you mean `unit`?"),
        ("value = 12.5", "value = true", "C90.value", 11, "a number, words in quotes, or a list"),
        ("value = 12.5", "value = nan", "C90.value", 11, "a number, words in quotes, or a list"),
        ("hits = 1\n", 'hits = "1"\n', "C90.hits", 13, "a whole number"),
        ("n = 8", "n = 0", "C90.n", 14, "a whole number from 1"),
        ("hits = 1\n", "hits = 9\n", "C90", 7, "`hits` needs an `n`"),
        ("value = 12.5", "value = 12.5\nlow = 13", "C90", 7, "out of order"),
        ('source = "a"\nstatus = "v', 'source = "b"\nstatus = "v', "C90.source", 8, "No source is called `b`"),
        ('source = "a"\nstatus = "v', 'source = ["a"]\nstatus = "v', "C90.source", 8, "No source is called"),
        ('source = "a"\nstatus = "v', 'status = "v', "C90", 7, "either a source or, in `no_source`"),
        ('doi = "10.1000/1"', 'doi = "doi:10.1000/1"', "sources.a.doi", 5, "a DOI such as"),
        ('quantity = "How often"', 'quantity = "How\\u001b[31m often"', "C90.quantity", 10, "control characters"),
        ("low = 0.4", "lo = 0.4", "C91.value[0].lo", 20, "did you mean `low`?"),
        ("low = 0.4", 'low = "0.4"', "C91.value[0].low", 20, "a number: the lower end"),
        ('name = "young", ', "", "C91", 16, "a `name` of its own"),
        ('value = "rarely"', 'value = "rarely", high = 1', "C91.value[1]", 20, "no `low` or `high`"),
        ('status = "secondary"', 'status = "verified"\nunits = -1', "C91.units", 19, "above 0"),
        ('status = "verified" },', 'status = "unverified" },', "C91", 16, "the least sure figure: unverified"),
        ("sad = [20, 10]", "sad = [20, 11]", "M90", 26, "adds to 31, and `row_n` says 30"),
        ("sad = [20, 10]", "sad = [20.5, 9.5]", "M90", 26, "no whole numbers"),
        ("sad = [20, 10]", "sad = [20, 10, 0]", "M90", 26, "3 cells for 2 columns"),
        ("sad = [20, 10]", "sad = [40, -10]", "M90", 26, "below 0"),
        ("happy = [0, 20]\n", "", "M90", 26, "the same rows"),
        ('columns = ["sad", "happy"]', 'columns = ["sad", "sad"]', "M90", 26, "each label once"),
        ('units_note = "assumption: ten frames a person"\n', "", "M90", 26, "units_note"),
        ("design_effect = 10", "design_effect = 0.5", "M90.design_effect", 33, "a number from 1 up"),
        ("[C91]", "[C9]", "C9", 16, "a letter and two digits"),
        ('topic = "gaze"\n', "", "topic", None, "no topic"),
    ],
)  # fmt: skip
def test_malformed(old, new, key, line, says):
    assert GOOD.count(old) == 1, old
    found = said(GOOD.replace(old, new))
    assert says in str(found[key])
    assert (found[key].file, found[key].line) == ("mine.toml", line)
    assert found[key].mend
    assert len(found) == 1


def test_proportions_must_add_to_one_within_rounding():
    table = GOOD.replace('counted = "frames"', 'counted = "frames"\ncells = "proportions"')
    rounded = table.replace("[20, 10]", "[0.667, 0.334]").replace("[0, 20]", "[0.0, 1.0]")
    assert read({"mine.toml": rounded})["M90"].counts["sad"]["sad"] == 0.667 * 30
    wrong = rounded.replace("0.334", "0.344")
    assert "rounding does not explain" in str(said(wrong)["M90"])


def test_everything_wrong_is_said_at_once():
    found = said(GOOD.replace("n = 8", "n = 0").replace("low = 0.4", "lo = 0.4").replace('"computed"', '"x"'))
    assert set(found) == {"C90.n", "C91.value[0].lo", "M90.status"}


def test_not_toml():
    (problem,) = said("topic = ").values()
    assert "not TOML" in problem.what
    assert problem.line == 1


def test_ids_and_sources_are_used_once():
    again = 'topic = "gaze"\n[sources.a]\nshort = "B"\ncitation = "B"\n[C90]\nsource = "a"\nstatus = "verified"\n'
    found = said(GOOD, **{"yours.toml": again + 'quantity = "x"\nvalue = 1\n'})
    assert "used twice" in found["C90"].what
    assert found["C90"].file == "yours.toml"
    assert "named twice" in found["sources.a"].what
