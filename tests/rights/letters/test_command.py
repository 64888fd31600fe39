"""`misread rights letter` as a user types it."""

from __future__ import annotations

import io
import json
import tomllib
from datetime import date

import docx
import icalendar
import pypdf
import pytest
from click.testing import CliRunner

from misread import rights
from misread.cli.rights.letter import letter
from misread.errors import MisreadError
from misread.rights.places.entries.words import MARKS

FACTS = """
date = 2026-11-30
[sender]
name = "A. Example"
contact = "1 Example Road"
[child]
name = "Child A"
birth_year = 2014
school_class = "5b"
[controller]
name = "School Board of Exampletown"
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(FACTS)
    return tmp_path


def call(*words):
    result = CliRunner().invoke(letter, [str(word) for word in words])
    if isinstance(result.exception, MisreadError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_first_comes_what_to_read_then_what_was_told_then_the_letter(told):
    text = call("eu", "access", "--facts", "facts.toml")
    order = ["Read this before you send a letter", "separated", "You told it", "Child A", "What the letter rests on",
             "# Access to my child’s personal data", "in particular under Article 15 GDPR"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert sorted(path.name for path in told.iterdir()) == ["facts.toml"]


@pytest.mark.parametrize("suffix", [".md", ".docx", ".pdf"])
def test_letter_and_note_are_two_files(told, suffix):
    text = call("eu", "access", "--facts", "facts.toml", "--out", f"letter{suffix}")
    assert f"letter-read-first{suffix}" in text
    ours, note = (told / f"letter{suffix}").read_bytes(), (told / f"letter-read-first{suffix}").read_bytes()
    assert "Article 15 GDPR" in words(ours, suffix)
    known = rights.at("eu", date.today())["eu.gdpr.15"].mark
    assert f"{known}: {MARKS[known]}" in words(note, suffix)
    assert MARKS[known] not in words(ours, suffix)


def words(content, suffix):
    if suffix == ".md":
        return content.decode()
    if suffix == ".pdf":
        return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(p.text for p in document.paragraphs), *cells])


def test_nothing_that_is_there_is_written_over(told):
    (told / "letter-read-first.md").write_text("mine")
    with pytest.raises(MisreadError, match="is not written over"):
        call("eu", "access", "--facts", "facts.toml", "--out", "letter.md")
    assert (told / "letter-read-first.md").read_text() == "mine"
    assert not (told / "letter.md").exists()


def test_where_it_is_risky_nobody_goes_on_without_having_read_it(told):
    with pytest.raises(MisreadError, match="consequences for your family") as error:
        call("cn", "access", "--facts", "facts.toml")
    assert "--i-have-read-this" in str(error.value)
    assert "Personal Information Protection Law" in call("cn", "access", "--facts", "facts.toml", "--i-have-read-this")


def test_json_has_all_of_it_and_the_questions(told):
    stress = {
        "format": "misread-stress/1", "title": "T", "questions": [],
        "verdicts": [{"settings": [{"kind": "range", "name": "camera.observe_every_seconds"}]}],
    }  # fmt: skip
    (told / "stress.json").write_text(json.dumps(stress))
    found = json.loads(
        call("eu", "access", "--facts", "facts.toml", "--flag", "keep", "--record", "967-schools", "--most", 3,
             "--stress", "stress.json", "--json")
    )  # fmt: skip
    assert found["format"] == "misread-rights-letter/1"
    assert [q["id"] for q in found["questions"]][:1] == ["model.interval"]
    assert len(found["questions"]) == 4
    assert "keep" in {p["id"] for p in found["paragraphs"]}
    assert found["safety"]


def test_the_days_are_written_for_a_calendar(told):
    call("eu", "access", "--facts", "facts.toml", "--ics", "answer.ics")
    calendar = icalendar.Calendar.from_ical((told / "answer.ics").read_bytes())
    days = [str(event["DTSTART"].dt) for event in calendar.walk("VEVENT")]
    assert days == ["2026-12-30", "2026-12-31"]


def test_without_a_last_day_there_is_no_calendar_and_no_letter_either(told):
    with pytest.raises(MisreadError, match="no last day"):
        call("us-il", "objection", "--facts", "facts.toml", "--ics", "answer.ics", "--out", "letter.md")
    assert sorted(path.name for path in told.iterdir()) == ["facts.toml"]


def test_the_date_of_the_letter_may_be_another(told):
    text = call("eu", "access", "--facts", "facts.toml", "--on", "2027-01-29", "--calendar", "IE")
    assert "29 January 2027" in text
    assert "the last day is 1 March 2027" in text


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--out", "letter.doc"], "in no form"),
        (["--font", "x.ttf"], "Fonts are for PDF"),
        (["--most", "3"], "no record to ask from"),
        (["--flag", "nothing"], "nothing that access.eu.en can hold"),
        (["--stress", "missing.json"], "cannot be read"),
        (["--stress", "facts.toml"], "it is no JSON"),
        (["--stated", "0.05"], "no accuracy"),
        (["--language", "xx"], "in the language"),
        (["--case", "case.json"], "no such file"),
        (["--received", "2026-11-29"], "after the day of receipt"),
    ],
)
def test_what_cannot_be_is_refused(told, more, what):
    with pytest.raises(MisreadError, match=what):
        call("eu", "access", "--facts", "facts.toml", *more)
    assert sorted(path.name for path in told.iterdir()) == ["facts.toml"]


def test_without_facts_it_says_how_to_begin():
    with pytest.raises(MisreadError, match="--blank > facts"):
        call("eu", "access")


@pytest.mark.parametrize("typed", ["much", "95%x", "%"])
def test_what_is_no_share_is_refused(typed):
    result = CliRunner().invoke(letter, ["eu", "access", "--stated", typed])
    assert result.exit_code == 2
    assert "no share" in result.output


@pytest.mark.parametrize("typed", ["0.95", "95%", " 95 % "])
def test_a_share_may_be_typed_in_two_ways(typed):
    assert letter.make_context("letter", ["eu", "access", "--stated", typed]).params["stated"] == 0.95


def test_a_blank_names_what_is_needed_and_can_be_filled_in(told):
    blank = call("eu", "complaint", "--blank")
    found = tomllib.loads(blank)
    assert set(found["sender"]) == {"name", "contact"}
    assert found["authority"] == {"name": ""}
    (told / "blank.toml").write_text(blank)
    with pytest.raises(MisreadError) as error:
        call("eu", "complaint", "--facts", "blank.toml")
    assert {"sender.name", "child.birth_year", "authority.name", "events"} <= {p.key for p in error.value.problems}
    filled = blank.replace('""', '"x"').replace("# birth_year", "birth_year")
    (told / "filled.toml").write_text(filled)
    assert "Article 77 GDPR" in call("eu", "complaint", "--facts", "filled.toml")


def test_a_case_brings_facts_days_and_the_date_of_the_letter_before(told):
    from misread.rights.case.change import begun, sent
    from misread.rights.case.model import case_text
    from misread.rights.letters.facts import facts_of

    # A flag that only another letter of the case knows, and that letter's date, are left out of this one.
    complaint = {"events": "x", "authority": {"name": "Authority of Examplestate"}}
    facts = facts_of({**tomllib.loads(FACTS), **complaint, "flags": ["keep", "copy_first"]})
    case = begun("eu", facts, on=facts.date, given=rights.Circumstances(calendar="IE"))
    case = sent(case, "access.eu.en", "access", on=facts.date, law=rights.at("eu", facts.date))
    (told / "case.json").write_text(case_text(case))
    text = call("eu", "access", "--case", "case.json", "--on", "2027-01-29")
    assert "the last day is 1 March 2027" in text
    assert "Please erase nothing" in text
    text = call("eu", "complaint", "--case", "case.json", "--on", "2027-01-04")
    assert "I wrote to School Board of Exampletown on 30 November 2026." in text
    assert "4 January 2027" in text


def test_from_a_case_to_a_complaint_nothing_is_told_twice(told):
    from misread.rights.case.change import begun, replied, sent
    from misread.rights.case.model import case_text
    from misread.rights.case.modules import module
    from misread.rights.case.reading import Hit
    from misread.rights.letters.facts import facts_of
    from misread.rights.record.change import new

    facts = facts_of(tomllib.loads(FACTS))
    case = begun("eu", facts, on=facts.date, record=new("School A", "eu", on=facts.date))
    (told / "case.json").write_text(case_text(case))
    text = call("eu", "access", "--case", "case.json", "--most", "1")
    (field,) = json.loads(call("eu", "access", "--case", "case.json", "--most", "1", "--json"))["questions"]
    typed = f"misread rights case sent case.json --letter access.eu.en --field {field['field']} --on DATE"
    assert f"When you have sent it: {typed}" in text

    with pytest.raises(MisreadError, match="about `eu`, and the letter goes to `uk`"):
        call("uk", "access", "--case", "case.json")
    case = sent(case, "access.eu.en", "access", on=facts.date, law=rights.at("eu", facts.date))
    case = replied(case, [Hit(module("no-images-are-stored"), "We store no images.")], to=1, on=facts.date).case
    (told / "case.json").write_text(case_text(case))
    blank = call("eu", "complaint", "--case", "case.json", "--blank")
    assert {key: value for key, value in tomllib.loads(blank).items() if value} == {"authority": {"name": ""}}
    assert "events" in tomllib.loads(call("eu", "objection", "--case", "case.json", "--blank"))
    (told / "more.toml").write_text(blank.replace('""', '"Authority of Examplestate"'))
    text = call("eu", "complaint", "--case", "case.json", "--facts", "more.toml")
    assert "Dear Authority of Examplestate" in text
    assert "What happened: " in text
    assert "Annex to my letter" not in text
    with pytest.raises(MisreadError, match="goes to an authority"):
        call("eu", "complaint", "--case", "case.json", "--facts", "more.toml", "--record", "967-schools")


def test_what_names_a_child_can_be_read_by_its_owner_only(told):
    call("eu", "access", "--facts", "facts.toml", "--out", "letter.md", "--ics", "letter.ics")
    assert {path.stat().st_mode & 0o077 for path in told.glob("letter*")} == {0}
