"""The page on the deployment file: its examples run, its numbers are right, what it says is refused is refused."""

from __future__ import annotations

import re
import typing
from typing import get_args

import pytest
from pydantic import BaseModel

import misread as mr
from misread.deployment import load, looks_per_lesson, unsupported, warnings
from misread.deployment.load import load_all
from misread.deployment.model import Deployment, ProfileFrom
from misread.deployment.model.flags import LONGEST
from misread.deployment.text.source import LIMIT
from misread.errors import MisreadError

from .pages import DOCS, codes, fences, table_after

TEXT = (DOCS / "deployment-file.md").read_text(encoding="utf-8")
BLOCKS = {f.note.partition(":")[0]: f.text for f in fences(TEXT) if f.note}
REFUSED = table_after(TEXT, "refused: small.toml")


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(BLOCKS["whole"], encoding="utf-8")
    return path


def laid(small, name):
    path = small.parent / f"{name}.toml"
    path.write_text(BLOCKS[name], encoding="utf-8")
    return path


def test_the_small_example_is_valid_and_computed(small):
    deployment = load(small)
    assert unsupported(deployment) == ()
    assert warnings(deployment) == ()
    looks = looks_per_lesson(deployment)
    a_year = looks * deployment.calendar.lessons_per_day * deployment.calendar.days_per_year
    assert f"`misread check` says {looks} looks a lesson and {a_year:,} a year." in TEXT


def test_the_numbers_shown_are_those_found(small):
    found = mr.run(load(small)).findings
    rows = table_after(TEXT, "values: small.toml")
    assert len(rows) >= 5
    for id, *shown in rows:
        (row,) = (f for f in found[id.strip("`")] if f.group == "all" and f.reader is None)
        low, high = shown[1].split(" to ")
        for text, value in ((shown[0], row.value), (low, row.low), (high, row.high)):
            decimals = len(text.partition(".")[2])
            assert text.replace(",", "") == f"{value:.{decimals}f}", id


def test_the_policy_shown_is_one(small):
    policy = laid(small, "policy")
    changed = load(small, policies=[policy])
    assert changed.camera.observe_every_seconds == 600
    assert changed.rules[0].notify == ("teacher",)
    assert changed.file.marks == ()
    # `compare` takes it for a policy by itself.
    assert load_all(small, [policy])[1] == changed


def test_every_setting_shown_is_valid(small):
    settings = re.findall(r"^misread run small\.toml --set '?([^'\n]+)'?$", TEXT, re.MULTILINE)
    assert len(settings) == 2
    for setting in settings:
        assert load(small, settings=[setting]) != load(small)


def test_the_further_tables_are_computed(small):
    shorter = ["calendar.days_per_year=4", "population.schools=2", "feedback.saturates_at=2"]
    deployment = load(small, policies=[laid(small, "further")], settings=shorter)
    assert unsupported(deployment) == ()
    found = mr.run(deployment, draws=0).findings
    assert found.engine == "both"
    ids = {f.id for f in found}
    assert {"flags_per_lesson", "map_reliability", "decision_wrong", "decision_lottery", "masking_end"} <= ids
    assert {f.rule for f in found["flag_ppv"]} == {r.name for r in deployment.rules}
    assert {f.mark for f in found["p_mark"]} == {m.name for m in deployment.file.marks}
    assert {f.trait for f in found["label_share"]} - {None}
    assert {f.age for f in found["label_share"]} - {None}


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row[0])
def test_what_is_said_to_be_refused_is_refused(small, row):
    *before, last = codes(row[1].replace(r"\|", "|"))
    load(small, settings=before)
    with pytest.raises(MisreadError) as error:
        load(small, settings=[*before, last])
    # One mistake, so that it is this one that is refused.
    assert len(error.value.problems) == 1


def test_refusals_are_of_many_kinds():
    assert len(REFUSED) >= 30


def keys_of(table: type[BaseModel], seen: set[type]) -> set[str]:
    """Every key of a table and of the tables within it."""
    found: set[str] = set()
    if table in seen:
        return found
    seen.add(table)
    for name, info in table.model_fields.items():
        found.add(info.alias or name)
        for inner in _tables(info.annotation):
            found |= keys_of(inner, seen)
    return found


def _tables(kind: object) -> typing.Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _tables(inner)


def test_every_key_is_on_the_page():
    keys = keys_of(Deployment, set()) | keys_of(ProfileFrom, set())
    assert {"observe_every_seconds", "loss_to", "saturates_at", "within"} <= keys
    words = set(re.findall(r"\w+", " ".join([*codes(TEXT), *(f.text for f in fences(TEXT))])))
    assert keys - words == set()


def test_limits_shown_are_those_of_the_code():
    assert f"at most {LIMIT:,} bytes" in TEXT
    assert f"*k* ≤ *n* ≤ {LONGEST}" in TEXT


@pytest.mark.parametrize(
    ("name", "key", "default"),
    [
        ("class_size", "population", 30),
        ("after_flag", "rule", "clear"),
        ("true_if", "rule", "in_window"),
        ("keep_days", "file", "forever"),
        ("within", "mark", "year"),
    ],
)
def test_defaults_shown_are_those_of_the_code(name, key, default):
    from misread.deployment import model

    assert getattr(model, key.capitalize()).model_fields[name].default == default
    shown = str(default) if isinstance(default, int) else f'`"{default}"`'
    row = next(line for line in TEXT.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1])
    assert row.split("|")[-2].strip() == shown
