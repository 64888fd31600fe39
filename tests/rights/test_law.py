"""The law files that come with misread: schema, ids, history, sources, worked answers."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from importlib import resources

import jsonschema
import numpy as np
import pytest

from misread.rights import Circumstances, at, count, json_schema, law, read
from misread.rights.places.entries.words import FACTS, run_by
from tests.rights.pins import PINNED, broken, pins, written

FOLDER = resources.files("misread.rights.places") / "law"
FILES = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".toml"))
ENTRIES = [(p, e) for p in law().values() for e in (*p.provision, *p.deadline)]


def test_all_eight_places_are_there_each_in_its_file():
    assert set(law()) == {"br", "cn", "eu", "in", "uk", "us", "us-il", "us-ny"}
    assert {f"{id}.toml" for id in law()} == set(FILES)
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert f'\nid = "{name.removesuffix(".toml")}"\n' in text


# Every entry that the study works out, by its own id.
STUDIED = [
    "eu.aia.5-1-f",
    "eu.aia.50-3",
    "eu.aia.27",
    "eu.aia.85",
    "eu.gdpr.15",
    "eu.gdpr.12-3",
    "eu.gdpr.78-2",
    "uk.dpa2018.164a",
    "uk-eng-wls.pofa.26",
    "uk.dpa2018.164a.ack",
    "uk.foia.school",
    "uk.foia.other",
    "us.ferpa.99-10",
    "us.coppa.312-2",
    "us.ferpa.45",
    "us.ferpa.complaint",
    "us-il.sc.10-20-40",
    "us-il.bipa",
    "us-il.issra.10",
    "us-il.soppa.45",
    "us-il.biometric.destroy",
    "us-il.foia",
    "us-ny.stt.106-b",
    "us-ny.foil.ack",
    "us-ny.foil.appeal",
    "us-ny.2d.complaint",
    "cn.pipl.28-31",
    "cn.pipl.44-50",
    "cn.frt.2025",
    "cn.pipl.45",
    "cn.ogi.33",
    "br.lgpd.14",
    "br.lgpd.18-20",
    "br.lgpd.19",
    "br.lai.11",
    "in.dpdp.9-3",
    "in.dpdp.rule12.sch4",
    "in.dpdp.rule14",
    "in.rti.7",
]


def test_every_entry_of_the_study_is_there():
    assert set(STUDIED) <= {entry.id for _, entry in ENTRIES}
    assert {b.id for p in law().values() for b in p.pending} == {"omnibus-data", "il-sb415"}
    asked = {q.id for p in law().values() for q in p.open_question}
    assert asked == {"uk-aia", "us-ppra", "us-office", "br-eca-digital", "br-anpd"}


def test_the_schema_that_is_shipped_is_that_of_the_models_and_holds_for_all_files():
    import tomllib

    shipped = json.loads((FOLDER / "law.schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema()
    jsonschema.Draft202012Validator.check_schema(shipped)
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert text.startswith("#:schema ./law.schema.json\n")
        content = json.loads(json.dumps(tomllib.loads(text), default=str))
        jsonschema.validate(content, shipped)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**content, "verdict": "fine"}, shipped)


def test_ids_stay_and_histories_are_only_continued():
    pinned, now = json.loads(PINNED.read_text()), pins(law())
    assert broken(pinned, now) == []
    assert pinned == now, f"pin what is new, in {PINNED.name}:\n{written(now)}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("applies_from = 2025-02-02", "applies_from = 2025-02-03", "eu.aia.5-1-f: its history"),
        ('id = "eu.gdpr.15"', 'id = "eu.gdpr.15-1"', "eu.gdpr.15 is gone"),
        (
            "known_from = 2024-07-12\napplies_from = 2026-08-02\nsuperseded",
            "known_from = 2024-07-13\napplies_from = 2026-08-02\nsuperseded",
            "eu.aia.27: its history",
        ),
    ],
)
def test_an_overwritten_history_is_found(old, new, said):
    text = (FOLDER / "eu.toml").read_text(encoding="utf-8")
    assert old in text
    changed = read({"eu.toml": text.replace(old, new).replace('grounds = ["eu.gdpr.15"]', "grounds = []")})
    pinned = {id: entries for id, entries in json.loads(PINNED.read_text()).items() if id.startswith("eu.")}
    assert [line for line in broken(pinned, pins(changed)) if line.startswith(said)]


def test_an_entry_added_to_a_history_breaks_nothing():
    text = (FOLDER / "eu.toml").read_text(encoding="utf-8")
    more = 'applies_from = 2027-12-02\nset_by = "omnibus-ai-2026"\n[[provision.applies]]\nknown_from = 2027-06-01\napplies_from = 2028-12-02\nset_by = "omnibus-ai-2026"'
    changed = read({"eu.toml": text.replace('applies_from = 2027-12-02\nset_by = "omnibus-ai-2026"', more)})
    pinned = {id: entries for id, entries in json.loads(PINNED.read_text()).items() if id.startswith("eu.")}
    assert broken(pinned, pins(changed)) == []
    assert len(pins(changed)["eu.aia.27"]) == 3


@pytest.mark.parametrize(("place", "entry"), ENTRIES, ids=lambda x: x.id)
def test_every_entry_says_how_it_is_known(place, entry):
    mark = place.mark(entry)
    assert mark == {"official": "O", "secondary": "S", "recall": "K"}.get(
        max(
            (s.read for s in place.source if s.id in entry.sources),
            key=["official", "secondary", "recall"].index,
            default="recall",
        )
    )
    assert entry.confidence in ("high", "medium")
    checked = entry.last_checked_still_valid
    assert checked is None or checked <= place.checked_on


def test_marks_as_texts_were_read():
    marks = {entry.id: place.mark(entry) for place, entry in ENTRIES}
    for id, mark in {
        "eu.aia.5-1-f": "O", "eu.aia.85": "O", "eu.gdpr.15": "O", "uk.dpa2018.164a": "O", "uk.foia.school": "O",
        "us-il.sc.10-20-40": "O", "us-il.soppa.45": "O", "us-ny.2d.complaint": "O", "us-ny.stt.106-b": "S",
        "cn.frt.2025": "S", "cn.pipl.44-50": "S", "br.lgpd.14": "O", "in.dpdp.9-3": "O", "in.rti.7": "O",
        "us-il.issra.10": "S", "us-ny.foil.appeal": "S", "in.dpdp.rule14": "S", "uk-eng.pupil-information.15": "S",
    }.items():  # fmt: skip
        assert marks[id] == mark, id


def test_every_text_that_was_read_says_when_or_what_of_it():
    for place in law().values():
        for source in place.source:
            if source.read == "official":
                assert source.seen_on or source.note, (place.id, source.id)
                assert source.seen_on is None or source.seen_on >= date(2026, 11, 23), (place.id, source.id)


def test_no_source_stands_unused():
    for place in law().values():
        used = {id for e in (*place.provision, *place.deadline) for id in e.sources}
        used |= {one.set_by for e in place.provision for one in e.applies}
        assert {source.id for source in place.source} == used, place.id


def test_only_what_was_read_in_an_official_text_is_quoted_and_briefly():
    quoted = [(p, e) for p in law().values() for e in p.provision if e.quote]
    assert {e.id for _, e in quoted} == {"eu.aia.5-1-f", "eu.aia.85", "uk.dpa2018.164a", "us-il.sc.10-20-40"}
    for place, entry in quoted:
        assert place.mark(entry) == "O"
        assert len(entry.quote.split()) < 40


def test_no_file_holds_an_address_of_a_person_or_an_office():
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"[\w.]+@[\w.]+|\+\d{2}[ \d]{6,}", text), name


def test_nobody_claims_a_review_that_was_not():
    assert {place.lawyer_review for place in law().values()} == {"none"}
    assert all(place.next_check_due > place.checked_on >= place.law_as_of for place in law().values())


def test_every_kind_of_controller_has_words():
    types = {one for place in law().values() for entry in place.provision for one in entry.controller_types}
    assert types
    for one in types:
        assert re.match(r"it is run by an? [a-z]", run_by([one])), one
    assert run_by(["vendor", "private"]) == "it is run by a vendor or a private body"


def test_every_fact_has_words_and_is_used():
    used = {f for p in law().values() for e in p.provision for f in (*e.facts_all, *e.facts_none)}
    assert used == set(FACTS)


VECTORS = [(d, v) for p in law().values() for d in p.deadline for v in d.vector]


@pytest.mark.parametrize(("deadline", "vector"), VECTORS, ids=lambda x: getattr(x, "id", ""))
def test_the_worked_answers_of_the_files(deadline, vector):
    given = Circumstances(calendar=vector.calendar, closed=frozenset(vector.closed), terms=vector.terms)
    assert count(deadline, vector.received, given).due == vector.due


def test_every_deadline_has_answers_worked_out_by_hand():
    for deadline in (d for p in law().values() for d in p.deadline if d.lengths and not d.readings):
        assert len(deadline.vector) >= 3, deadline.id
        assert any((v.received + timedelta(days=1)).day == 1 or v.received.day > 28 for v in deadline.vector), (
            deadline.id
        )
        if any("working" in length or "business" in length for length in deadline.lengths):
            weekdays = [np.busday_count(v.received, v.due) for v in deadline.vector]
            assert any(n != int(deadline.lengths[-1].split()[0]) for n in weekdays), f"{deadline.id}: over a holiday"


READINGS = [(d, i, r) for p in law().values() for d in p.deadline for i, r in enumerate(d.readings)]


@pytest.mark.parametrize(("deadline", "i", "reading"), READINGS)
def test_the_worked_answers_of_rival_readings(deadline, i, reading):
    assert count(deadline, reading.received).counted[i].due == reading.due


def test_what_may_be_extended_is_in_the_unit_of_its_length():
    extended = {d.id: d.extend.by for p in law().values() for d in p.deadline if d.extend}
    assert extended["eu.gdpr.12-3"] == extended["uk.gdpr.12-3"] == "2 calendar-month"
    start = date(2026, 11, 23)
    for id, place in (("eu.gdpr.12-3", "eu"), ("uk.gdpr.12-3", "uk")):
        (known,) = at(place, start).deadline(id)
        assert count(known.entry, start, Circumstances(extended=True)).due == date(2027, 2, 23)


# The answers of the study, typed once more: a file that is changed cannot change them with it.
ANSWERS = [
    ("uk", "uk.foia.other", "2026-11-02", "2026-12-01", {}),
    ("uk", "uk.foia.other", "2026-11-30", "2026-12-30", {}),
    ("eu", "eu.gdpr.12-3", "2026-08-31", "2026-09-30", {}),
    ("eu", "eu.gdpr.12-3", "2027-01-29", "2027-03-01", {"calendar": "IE"}),
    ("eu", "eu.gdpr.12-3", "2026-03-05", "2026-04-07", {"calendar": "IE"}),
    ("us-il", "us-il.issra.10", "2026-11-12", "2026-11-27", {}),
    ("us-il", "us-il.issra.10", "2026-11-12", "2026-11-30", {"closed": frozenset({date(2026, 11, 27)})}),
    ("us-ny", "us-ny.foil.ack", "2026-11-20", "2026-11-30", {}),
    ("cn", "cn.ogi.33", "2026-09-21", "2026-10-26", {}),
    ("br", "br.lgpd.19", "2026-12-01", "2026-12-16", {}),
    ("br", "br.lai.11", "2026-12-01", "2026-12-21", {}),
    ("in", "in.rti.7", "2026-12-01", "2026-12-31", {}),
    ("us", "us.ferpa.45", "2026-11-23", "2027-01-07", {}),
    ("uk", "uk.dpa2018.164a.ack", "2026-11-23", "2026-12-23", {}),
]


@pytest.mark.parametrize(("place", "id", "received", "due", "given"), ANSWERS)
def test_the_worked_answers_of_the_study(place, id, received, due, given):
    start = date.fromisoformat(received)
    (known,) = at(place, start).deadline(id)
    assert count(known.entry, start, Circumstances(**given)).due == date.fromisoformat(due)
