"""`misread rights where` and `misread rights schema`: what they print, and what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import jsonschema
import pytest

from misread.rights import at, json_schema, law
from tests.cli.calls import call, mistake

ON = ("--on", "2026-11-23")


def answer(*args):
    return json.loads(call("rights", "where", *args, "--json"))


def ids(rules):
    return {rule["id"] for rule in rules}


def test_the_ban_of_the_union_in_plain_words():
    shown = " ".join(call("rights", "where", "eu", *ON, "--emotion", "--pupils").split())
    for said in (
        "European Union, on 23 November 2026",
        "This is no legal advice.",
        "reviewed by no lawyer",
        "Art. 5(1)(f) AI Act [eu.aia.5-1-f]",
        "When: from 2 February 2025 on, by Regulation (EU) 2024/1689 (AI Act).",
        "Not if: its purpose is medical; its purpose is safety.",
        "To judge: Is attention or engagement an emotion here?",
        "Mind: It is not sure that Art. 26(8) with Art. 49 AI Act (registration) is rendered rightly here.",
        "(O, confidence high, last checked to be in force on 13 September 2026)",
        "from 2 August 2026 on, by Regulation (EU) 2024/1689 (AI Act); no longer since 27 July 2026.",
        "K: from general knowledge",
    ):
        assert said in shown, said


@pytest.mark.parametrize("place", sorted(law()))
def test_every_place_prints_and_its_json_has_the_same_rules(place):
    shown, found = (
        call("rights", "where", place, *ON, "--emotion", "--pupils"),
        answer(place, *ON, "--emotion", "--pupils"),
    )
    assert (found["format"], found["place"], found["on"]) == ("misread-rights-where/1", place, "2026-11-23")
    rules = [r for key in ("applies", "conditional", "excepted", "not_yet", "over") for r in found[key]]
    assert ids(rules) == {s.entry.id for s in at(place, date(2026, 11, 23)).provisions}
    assert all(f"[{rule['id']}]" in shown for rule in rules)
    assert all(line == line.rstrip() and (len(line) <= 96 or "http" in line) for line in shown.splitlines())
    assert set(found["marks"]) == {"R", "O", "S", "K"}


def test_what_is_said_of_the_system_changes_what_applies():
    plain, emotion = answer("eu", *ON), answer("eu", *ON, "--emotion")
    assert "eu.aia.5-1-f" in ids(plain["conditional"]) - ids(plain["applies"])
    assert "eu.aia.5-1-f" in ids(emotion["applies"])
    named = answer("us-ny", *ON, "--identifies")
    assert "us-ny.stt.106-b" in ids(named["applies"])
    assert "us-ny.stt.106-b" in ids(answer("us-ny", *ON, "--emotion")["conditional"])


def test_a_day_says_what_was_known_then():
    assert ids(answer("eu", "--on", "2026-07-01")["not_yet"]) == {
        *("eu.aia.26-7", "eu.aia.26-8", "eu.aia.26-11", "eu.aia.27", "eu.aia.50-3", "eu.aia.85"),
    }
    assert "eu.aia.5-1-f" not in json.dumps(answer("eu", "--on", "2024-01-01")["applies"])


def test_old_checks_carry_a_banner():
    shown = " ".join(call("rights", "where", "in", "--on", "2027-05-24").split())
    assert "India was last gone through on 23 November 2026, more than six months ago" in shown
    assert "what changed after that day is not in here" in shown


def test_danger_is_told_before_anything_else():
    shown = call("rights", "where", "cn", *ON)
    assert shown.index("Read this first.") < shown.index("Applies")
    assert "the danger that a letter is held against the family is\n  elevated" in shown


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("where", "us-ill"), "did you mean `us-il`?"),
        (("where", "atlantis"), "us-ny (New York)"),
        (("where", "eu", "--on", "yesterday"), "write it as 2026-11-23"),
        (("where", "eu", "--on", "2026-W48-5"), "write it as 2026-11-23"),
        (("where", "eu", "--on", "2026-02-30"), "write it as 2026-11-23"),
        (("where",), "PLACE"),
        (("wher", "eu"), "No such command 'wher'"),
    ],
)
def test_a_mistake_is_named_with_exit_code_2(args, said):
    assert said in mistake("rights", *args)


def test_the_schema_is_that_of_the_files():
    shown = json.loads(call("rights", "schema"))
    assert shown == json_schema()
    jsonschema.Draft202012Validator.check_schema(shown)


def test_it_starts_without_numerics():
    code = (
        "import sys\nfrom misread.cli import main\nsys.argv = ['misread', 'rights', 'where', 'eu']\n"
        "try:\n main()\nexcept SystemExit as done:\n assert not done.code\n"
        "print({'numpy', 'numba', 'scipy', 'holidays'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"
