"""The model policies: texts a board can adopt, overlays that say the same, provisions that are there."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.deployment import digest, load, load_all, shipped, shipped_policies
from misread.deployment.text.overlay import Merged
from misread.deployment.text.source import Document
from misread.errors import MisreadError
from misread.rights import at, law
from misread.rights.board.overlays import Change, changes, overlay, overlay_for
from misread.rights.board.policies import IDS, policies, policy, policy_paper
from misread.rights.paper.blocks import Heading, Items, Paragraph, said
from misread.rights.paper.markdown import to_blocks, to_markdown

TODAY = date(2026, 11, 30)


def paper(id, *places):
    return policy_paper(id, [at(place, TODAY) for place in places or law()], TODAY)


def told(id, *places):
    """All that a policy says, as plain text."""
    blocks = paper(id, *places).titled
    lines = [item for b in blocks if isinstance(b, Items) for item in b.items]
    return " ".join([*(said(b.words) for b in blocks if isinstance(b, Heading | Paragraph)), *map(said, lines)])


def clauses(id):
    return [said(b.words) for b in paper(id).blocks if isinstance(b, Paragraph) and re.match(r"\d", said(b.words))]


@pytest.mark.parametrize("id", IDS)
def test_clauses_are_numbered_in_order_under_their_headings(id):
    section, found = 0, []
    for block in paper(id, "eu").blocks:
        if isinstance(block, Heading) and (n := re.match(r"(\d+)\. ", said(block.words))):
            assert int(n[1]) == section + 1
            section, number = section + 1, 0
        elif isinstance(block, Paragraph) and (n := re.match(r"(\d+)\.(\d+) ", said(block.words))):
            assert (int(n[1]), int(n[2])) == (section, number + 1)
            number += 1
            found.append(f"{n[1]}.{n[2]}")
    assert len(found) >= 18
    # What one clause says of another is there.
    for named in re.findall(r"(?:\(|of |under |if |and )(\d\.\d)\b", told(id, "eu")):
        assert named in found, named
    for named in re.findall(r"section (\d)", told(id, "eu")):
        assert int(named) <= section


@pytest.mark.parametrize("id", IDS)
def test_each_covers_renamed_labels_exceptions_vendors_audit_review_and_who_answers(id):
    text = told(id, "eu")
    for word in ("engagement", "attention", "“apparent expression”", "“head down”", "A new name for an old output"):
        assert word in text, word
    headings = " ".join(said(b.words) for b in paper(id, "eu").blocks if isinstance(b, Heading))
    for word in ("Words", "Scope", "Vendors", "udit", "Who answers for it", "eview", "What the numbers do not show"):
        assert word in headings, word
    assert re.search(r"[Nn]o legal advice", text)
    assert "law is stricter, the law goes first" in text
    assert re.search(r"\[\d+\]|\[two\]|\[date\]", text)


@pytest.mark.parametrize("id", ["ban", "moratorium", "opt-in"])
def test_exceptions_are_narrow(id):
    exception = next(c for c in clauses(id) if "reasons of safety that the law itself" in c)
    assert "medical" in exception
    whole = " ".join(clauses(id))
    assert re.search(r"attention, engagement, discipline, marking", whole, re.IGNORECASE)
    assert "[90] days" in exception


@pytest.mark.parametrize("id", IDS)
def test_what_it_leans_on_is_recorded_and_marked(id):
    for place, ids in policy(id).head.leans_on.items():
        known = {s.entry.id: s for s in at(place, TODAY).provisions}
        assert ids, place
        shown = told(id, place)
        for provision in ids:
            standing = known[provision]
            assert f"[{standing.mark}, {standing.entry.confidence}; " in shown[shown.index(standing.entry.summary) :]
            standing.ground(TODAY).require(shown)


def test_every_place_has_something_to_lean_on():
    assert all(set(p.head.leans_on) == set(law()) for p in policies().values())


def test_the_law_of_a_country_is_told_once():
    text = to_markdown(paper("ban"))
    assert text.count("`us.coppa.312-2`") == 1
    assert text.count("### New York") == 1


def test_only_the_place_that_was_named():
    text = told("ban", "us-il")
    assert "ILCS" in text
    assert "COPPA" in text or "16 CFR" in text
    assert "GDPR" not in text


@pytest.mark.parametrize("id", IDS)
def test_it_comes_back_from_markdown(id):
    once = paper(id, "eu")
    assert to_blocks(to_markdown(once))[1:] == tuple(
        Paragraph(b.words) if isinstance(b, Paragraph) else b for b in once.blocks
    )


def test_an_unknown_policy():
    with pytest.raises(MisreadError, match="did you mean `moratorium`"):
        policy("moratoriun")


# Overlays.


@pytest.mark.parametrize("id", IDS)
def test_the_shipped_overlay_is_what_the_policy_means(id):
    plain = load("as-described")
    assert id in shipped_policies()
    assert tomllib.loads(overlay(id)) == tomllib.loads(overlay_for(id, plain))
    by_name, (_, compared) = load("as-described", policies=[id]), load_all("as-described", [id])
    by_settings = load("as-described", settings=[change.setting for change in changes(id, plain)])
    assert digest(by_name) == digest(by_settings) == digest(compared) != digest(plain)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("name", shipped())
def test_an_overlay_fits_every_deployment(id, name, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(overlay_for(id, load(name)), encoding="utf-8")
    changed = load(name, policies=[file])
    if id in ("ban", "moratorium"):
        assert (changed.rules, changed.file.marks, changed.decisions) == ((), (), ())
        assert changed.population.opt_out == 1
    elif id == "opt-in":
        assert changed.rules == load(name).rules
        assert (changed.population.opt_out, changed.population.opt_out_rank) == (0.7, "left out")
    else:
        assert changed.rules == load(name).rules
        assert (changed.file.marks, changed.decisions, changed.file.keep_days) == ((), (), 30)


@pytest.mark.parametrize("id", IDS)
def test_what_is_set_names_the_clause_that_says_so(id):
    for setting in policy(id).head.set:
        number = re.match(r"clause (\d\.\d): ", setting.why)[1]
        (clause,) = (c for c in clauses(id) if re.match(rf"{re.escape(number)}\b", c))
        assert f"clause {number}" in overlay(id)
        words = {
            "population.opt_out": "Nobody|[Nn]o school",
            "population.opt_out_rank": "left out",
            "file.keep_days": r"\[30\]",
        }
        assert re.search(words[setting.key], clause), setting.key


def test_how_long_flags_are_kept_is_one_number():
    (clause,) = (c for c in clauses("retention-and-audit") if c.startswith("3.3"))
    days = int(re.search(r"\[(\d+)\] school days", clause)[1])
    assert tomllib.loads(overlay("retention-and-audit"))["file"]["keep_days"] == days


@cache
def small():
    return load("one-classroom")


names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(names)
def test_any_name_is_taken_out(name):
    change = Change("rules", name, "off", "true")
    merged = Merged(Document("x", {"rules": [{"name": name}, {"name": f"{name} too"}]}, {}))
    merged.set(change.setting)
    assert merged.problems == []
    assert [rule["name"] for rule in merged.data["rules"]] == [f"{name} too"]


@given(names)
def test_any_name_is_written_as_toml(name):
    plain = small()
    rule = plain.rules[0].model_copy(update={"name": name})
    named = plain.model_copy(update={"rules": (rule,), "decisions": ()})
    assert [r["name"] for r in tomllib.loads(overlay_for("ban", named))["rules"]] == [name]
