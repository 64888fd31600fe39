"""The shipped card: its form, its sums, what it says and what it must never say; and its profiles in a deployment."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from itertools import combinations

import pytest

from misread.closed import card
from misread.closed.card.counted.power import seen
from misread.closed.card.grid import CONDITIONS, DETECTORS, FACTORS, FAMILIES, LANDMARKS, LEVELS, POSES, READERS
from misread.closed.card.made.make import mesh_digest, weights
from misread.closed.card.model import LEAST, parsed, shipped
from misread.closed.card.profile import GRADE, section
from misread.closed.card.words import BASE, NOTES, WHAT
from misread.closed.heads import GATED
from misread.closed.readers.networks.table import NETWORKS, WORDS
from misread.deployment import load
from misread.deployment.profiles import resolve_profiles
from misread.errors import MisreadError
from tests.cli.calls import call

KEPT = shipped()
TEXT = files(card).joinpath("data/card.json").read_text(encoding="utf-8")


def shares(value: object):
    """Every share with its count, anywhere in the card."""
    if isinstance(value, dict):
        if {"count", "of"} <= value.keys():
            yield value
        for part in value.values():
            yield from shares(part)
    elif isinstance(value, list):
        for part in value:
            yield from shares(part)


def test_it_is_small_and_says_what_it_is_not() -> None:
    assert len(TEXT.encode()) < 100 * 1024
    assert KEPT.says == "Rendered faces: not evidence that a product works or fails on children. No overall score."
    assert "passed" not in TEXT
    assert json.loads(TEXT).keys() == type(KEPT).model_fields.keys()
    assert parsed(TEXT, "card.json").text() == TEXT, "as it would be written again"


def test_no_row_rests_on_fewer_than_twenty_pictures() -> None:
    found = list(shares(json.loads(TEXT)))
    assert len(found) > 300
    assert min(share["of"] for share in found) >= LEAST
    assert all(share["count"] <= share["of"] for share in found)
    assert all(share["low"] < share["high"] for share in found)
    assert all(sum(row.values()) >= LEAST for table in KEPT.profile.values() for row in table.values())
    assert KEPT.sample.pictures >= LEAST


def test_every_factor_stands_beside_every_control() -> None:
    heads = KEPT.heads.count
    for reader in READERS:
        rows = [row for row in KEPT.changes if row.reader == reader]
        assert [row.factor for row in rows if row.control] == list(FAMILIES)
        assert {row.factor for row in rows if not row.control} == set(FACTORS)
        assert len(rows) == len(FAMILIES) + len(LEVELS) + 1
        for row in rows:
            assert (row.beyond is None) == row.control
            assert (row.distance is None) == (reader == LANDMARKS)
            assert row.flips.of == heads * len(GATED) * {"box moved": 4, "taken again": 2}.get(row.factor, 1)
    assert WHAT.keys() == {*FAMILIES, *FACTORS}
    assert (KEPT.base, KEPT.notes, KEPT.poses) == (BASE, NOTES, GATED)


def test_differences_are_those_to_the_largest_control() -> None:
    for floor in KEPT.floors:
        own = [row for row in KEPT.changes if row.reader == floor.reader]
        control = max(row.flips.share for row in own if row.control)
        for row in own:
            if row.beyond is not None:
                assert row.beyond.value == pytest.approx(row.flips.share - control, abs=6e-4)


def test_neutral_faces_are_called_something_and_pairs_of_readers_are_all_there() -> None:
    for row in KEPT.neutral:
        assert row.words.keys() == set(WORDS)
        assert sum(share.count for share in row.words.values()) == row.words["neutral"].of
        assert sum(share.share for share in row.words.values()) == pytest.approx(1)
    assert [row.readers for row in KEPT.agreement if row.where == "base"] == list(combinations(READERS, 2))
    assert len(KEPT.agreement) == 2 * 15


def test_hits_neutral_and_profile_agree() -> None:
    for reader in READERS:
        base = next(row for row in KEPT.hits if (row.reader, row.factor) == (reader, "base"))
        called = next(row for row in KEPT.neutral if (row.reader, row.where) == (reader, "base"))
        assert base.by_pose[0] == called.words["neutral"].count
        assert sum(row.reader == reader for row in KEPT.hits) == 1 + len(LEVELS)
        for named, pose in zip(base.by_pose, GATED, strict=True):
            row = KEPT.profile[reader][pose]
            # Where the detector found no face the profile has no label.
            assert row[pose] <= named <= row[pose] + row.get("none", 0)


def test_no_number_stands_for_a_reader_over_all_poses() -> None:
    for row in json.loads(TEXT)["hits"]:
        assert row.keys() == {"factor", "level", "reader", "by_pose"}
        assert len(row["by_pose"]) == len(GATED)
        assert all(0 <= count <= KEPT.heads.count for count in row["by_pose"])


def test_profiles_have_every_head_once_and_no_face_only_where_the_detector_is_the_readers() -> None:
    (found,) = [row.found for row in KEPT.found if (row.detector, row.factor) == ("kind", "base")]
    for reader, table in KEPT.profile.items():
        assert list(table) == [*POSES, "away"]
        assert {sum(row.values()) for row in table.values()} == {KEPT.heads.count}
        finding = ["none"] if reader in ("fer", "facex") else []
        assert all(list(row) == [*WORDS, *finding] for row in table.values())
        if finding:
            assert sum(table[pose]["none"] for pose in GATED) == found.of - found.count


def test_faces_are_found_no_less_often_with_the_kind_setting() -> None:
    rows = {(row.factor, row.level, row.detector): row.found.count for row in KEPT.found}
    for (factor, level, detector), count in rows.items():
        assert detector in DETECTORS
        assert rows[factor, level, "kind"] >= count or detector == "kind"


def test_it_was_made_of_what_is_pinned() -> None:
    assert list(KEPT.weights) == list(weights())
    assert {row.reader for row in KEPT.weights} == {*NETWORKS, "detector"}
    assert KEPT.heads.sha256 == mesh_digest()
    assert set(KEPT.made_with) == {"misread", "numpy", "vtk", "onnxruntime", "ai-edge-litert"}
    assert KEPT.sample.scores.keys() == NETWORKS.keys()
    for row in KEPT.sample.scores.values():
        assert sum(row.values()) == pytest.approx(1, abs=1e-4)
    conditions = 1 + sum(c.factor in KEPT.sample.factors for c in CONDITIONS)
    assert len(KEPT.sample.sha256) == conditions * len(KEPT.sample.heads)
    assert KEPT.sample.pictures == conditions * len(KEPT.sample.heads) * len(GATED)


def test_its_power_is_what_the_plan_says() -> None:
    kept = {(s.control, s.alike): s.difference for s in KEPT.power.seen}
    assert seen(KEPT.heads.count, len(GATED), 0.1, 0.2).difference == kept[0.1, 0.2]
    assert len(kept) == 9


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"format": "misread-closed-card/2"}, "format"),
        ({"says": "It works."}, "says"),
        ({"score": 1.0}, "score"),
        ({"heads": {"count": 3, "sha256": "0" * 64}}, "heads.count"),
    ],
    ids=["format", "says", "a score", "few heads"],
)
def test_what_is_no_card_is_refused(change: dict[str, object], key: str) -> None:
    text = json.dumps({**json.loads(TEXT), **change})
    with pytest.raises(MisreadError, match=f"other.json: {key}"):
        parsed(text, "other.json")


def test_a_share_outside_of_its_interval_is_refused() -> None:
    content = json.loads(TEXT)
    content["changes"][0]["flips"] |= {"low": 0.9, "high": 0.95, "count": 1}
    with pytest.raises(MisreadError, match="lies within its interval"):
        parsed(json.dumps(content), "other.json")


@pytest.mark.parametrize("reader", READERS)
def test_a_profile_can_be_pasted_into_a_deployment(reader: str, tmp_path) -> None:
    text = section(KEPT, reader)
    assert GRADE in text
    assert KEPT.says in text
    table = tomllib.loads(text)["classifier"]["confusion"][f"rendered faces: {reader}"]
    assert table["faces_per_row"] == KEPT.heads.count
    # As its comments say: pasted at the end, groups pointed to it, and the rule on “away” alone taken out.
    own = call("deployments", "as-described").replace('profile = "camera"', f'profile = "rendered faces: {reader}"')
    rest, inattention = own.split('[[rules]]\nname = "not attentive"')
    assert "[[rules]]" not in inattention
    path = tmp_path / "own.toml"
    path.write_text(rest + text, encoding="utf-8")
    checked = call("check", path)
    assert "is valid" in checked
    assert "can never fire" not in checked
    deployment = load(str(path))
    profile = resolve_profiles(deployment)[f"rendered faces: {reader}"]
    row = KEPT.profile[reader]["neutral"]
    at = profile.expressions.index("neutral")
    for label, count in row.items():
        assert profile.p[at, profile.labels.index(label)] == pytest.approx(count / sum(row.values()), abs=1e-4)
    assert profile.n[at] == KEPT.heads.count
    written = [one for one in deployment.origin.parameters() if f"rendered faces: {reader}" in one.key]
    assert len(written) == 1 + len(POSES) + 3
    assert all("lowest grade" in one.comment for one in written), "what reports show as the source"


@pytest.mark.parametrize("reader", READERS)
def test_a_profile_begins_with_what_to_do(reader: str) -> None:
    told = section(KEPT, reader).partition("[classifier.confusion")[0]
    assert all(line.startswith("#") for line in told.splitlines())
    assert f'profile = "rendered faces: {reader}"' in told
    assert all(label in told for label in KEPT.profile[reader]["neutral"])
    assert "Take out the rules" in told
    assert "“away”" in told
    assert ("“away” or “none”" in told) == (reader not in ("fer", "facex"))


def test_rows_of_a_profile_add_to_one() -> None:
    for reader in READERS:
        table = tomllib.loads(section(KEPT, reader))["classifier"]["confusion"][f"rendered faces: {reader}"]
        rows = {name: row for name, row in table.items() if name != "faces_per_row"}
        assert {*POSES, "away", "angry", "frown"} == rows.keys()
        assert all(sum(row.values()) == pytest.approx(1, abs=1e-9) for row in rows.values())


def test_a_reader_that_is_not_on_the_card() -> None:
    with pytest.raises(MisreadError, match="no reader called 'deepface'"):
        section(KEPT, "deepface")
