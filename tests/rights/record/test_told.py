"""Stories and views: what they say of a record, and that they leave nothing out."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from datetime import date

import docx
import pypdf
import pytest
from hypothesis import given, settings

from misread.errors import MisreadError
from misread.evidence import catalogue
from misread.rights import at
from misread.rights.paper.blocks import Heading, Items, Paper, Paragraph, Table
from misread.rights.paper.markdown import to_blocks, to_markdown
from misread.rights.paper.write import paper_bytes
from misread.rights.record.change import asked, disputed, entered, new
from misread.rights.record.fields import FIELDS, MAPS
from misread.rights.record.gaps import gaps
from misread.rights.record.model import Dispute, Evidence, Record
from misread.rights.record.store import record_text
from misread.rights.record.told.gaps import gaps_paper
from misread.rights.record.told.story import story
from misread.rights.record.told.words import in_words, told
from misread.rights.record.views import view, view_paper
from misread.rights.record.worked import names, worked
from tests.rights.record.test_change import STEPS, taken

ON = date(2026, 11, 30)
"""The day on which the worked record was written down."""


def text(paper: Paper) -> str:
    """All that a paper says, a block a line."""
    said = []
    for block in paper.blocks:
        match block:
            case Heading() | Paragraph():
                said.append("".join(run.text for run in block.words))
            case Items():
                said += ["".join(run.text for run in item) for item in block.items]
            case Table():
                said += [
                    block.caption,
                    *(" | ".join("".join(r.text for r in cell) for cell in row) for row in block.rows),
                ]
    return "\n".join(said)


def told_in_many_ways() -> Record:
    """A record that has a field of every status."""
    record = new("School A", "uk", on=ON)
    notice = Evidence(kind="notice", title="Privacy notice", quote="Kept for 30 days.", retrieved=ON, sha256="a" * 64)
    export = Evidence(kind="export", title="export.csv", quote="The oldest is 812 days old.")
    press = Evidence(kind="press", title="A newspaper", quote="They keep it for good.")
    steps = {
        "ret.labels": ("contradicted", {"evidence": (notice, export), "note": "Seen in November"}),
        "ret.raw": ("disclosed", {"value": "30 days", "said_by": "school", "as_of": ON}),
        "output.labels": ("partly", {"value": ["happy", "bored"], "said_by": "vendor"}),
        "acc.claim": ("unsourced", {"value": {"metric": "accuracy", "number": 0.95}, "evidence": (press,)}),
        "input.sensors": ("not_applicable", {"note": "It has none"}),
    }
    for field, (status, parts) in steps.items():
        record = entered(record, field, status, on=ON, why="told", **parts)
    for field, status in (("legal.dpia", "pending"), ("legal.fria", "refused"), ("legal.cost", "no_answer")):
        record = asked(record, [field], "records.uk.en", ON, date(2026, 12, 30))
        record = entered(record, field, status, on=ON, why="a reply")
    return disputed(record, "ret.labels", Dispute(by="school", on=ON, says="The old rows are a test."))


def test_a_story_tells_every_field_and_everything_about_it():
    record = told_in_many_ways()
    said = text(story(record))
    for field in FIELDS.values():
        assert said.count(field.question) == 1, field.id
    for expected in (
        "Told in two ways that do not go together. Seen in November. Disputed by school on 30 November 2026: “The old rows "
        "are a test.” [",
        "Privacy notice (a notice to families, such as a privacy notice), seen on 30 November 2026, SHA-256 "
        + "a" * 16
        + "… | “Kept for 30 days.”",
        "export.csv (the data that the school gave back) | “The oldest is 812 days old.”",
        "School: 30 days (as of 30 November 2026).",
        "Vendor: happy, bored. That is a part of the answer.",
        "It is said: metric: accuracy; number: 0.95. [",
        "It has none.",
        "Not told to us: asked, and there is still time to answer. Asked on 30 November 2026 (records.uk.en): nothing has "
        "come so far. The last day for an answer: 30 December 2026.",
        "Not told to us: asked, and refused. Asked on 30 November 2026 (records.uk.en): refused.",
        "Not told to us: asked, and nobody answered in time.",
        "There are 41 questions more.",
    ):
        assert expected in said, expected


def test_a_card_tells_only_what_can_be_read_in_a_minute():
    record = told_in_many_ways()
    said = text(story(record, "card"))
    for field in FIELDS.values():
        assert (field.question in said) == (field.tier == "card"), field.id
    assert len(said.split()) < 400


def test_numbers_of_sources_lead_to_them():
    blocks = story(told_in_many_ways()).blocks
    (sources,) = (block for block in blocks if isinstance(block, Items) and block.numbered)
    (paragraph,) = (b for b in blocks if isinstance(b, Paragraph) and b.id == "acc.claim")
    number = int("".join(run.text for run in paragraph.words).rsplit("[")[-1].rstrip("]"))
    assert "".join(run.text for run in sources.items[number - 1]).startswith("A newspaper (a report in the press).")


def test_a_claim_that_was_asked_about_is_still_told_as_one_that_goes_round():
    press = Evidence(kind="press", title="A newspaper", quote="They keep it for good.")
    record = entered(new("A", on=ON), "ret.labels", "unsourced", on=ON, why="read", value="for good", evidence=(press,))
    record = asked(record, ["ret.labels"], "access.eu.en", ON, None)
    said = " ".join(told(record.answer("ret.labels")))
    assert said.startswith("Not told to us: asked, and there is still time to answer. What goes round: for good.")
    assert "A newspaper: “They keep it for good.”" in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("30 days", "30 days"),
        (True, "yes"),
        (False, "no"),
        (0.93, "0.93"),
        (["happy", "bored"], "happy, bored"),
        ({"metric": "accuracy", "n": 12, "of": ["a", "b"]}, "metric: accuracy; n: 12; of: a, b"),
    ],
)
def test_values_in_words(value, said):
    assert in_words(value) == said


@pytest.mark.parametrize("name", list(MAPS))
def test_a_view_has_each_field_at_each_of_its_entries(name):
    rows = view(worked("967-schools"), name)
    pairs = [(row.key, row.field) for row in rows]
    assert sorted(pairs) == sorted((key, id) for id, field in FIELDS.items() for key in field.mapped(name))
    keys = [row.key for row in rows]
    assert keys == [key for key in dict.fromkeys(keys) for _ in range(keys.count(key))], "an entry stands once"
    order = list(FIELDS)
    for key in keys:
        fields = [order.index(row.field) for row in rows if row.key == key]
        assert fields == sorted(fields), "its fields stand in their own order"


def test_articles_stand_in_the_order_of_the_law():
    keys = list(dict.fromkeys(row.key for row in view(worked("967-schools"), "gdpr")))
    assert keys.index("4(14)") < keys.index("5(1)(b)") < keys.index("9(2)") < keys.index("15(1)(b)")
    keys = list(dict.fromkeys(row.key for row in view(worked("967-schools"), "ai-act")))
    fria = [key for key in keys if key.startswith("27(1)(")]
    assert fria == [f"27(1)({letter})" for letter in "abcdef"]
    assert keys.index("86") < keys.index("Annex IV")


@pytest.mark.parametrize("name", list(MAPS))
def test_a_view_says_how_its_names_are_known(name):
    said = text(view_paper(worked("967-schools"), name))
    assert f"How the names are known: {MAPS[name].mark}," in said
    assert MAPS[name].note in said
    without = [id for id, field in FIELDS.items() if not field.mapped(name)]
    assert f"It does not ask about: {', '.join(without)}." in said


def test_a_view_that_there_is_not_is_refused():
    with pytest.raises(MisreadError, match="one of atrs, gdpr, ai-act, card, us"):
        view(worked("967-schools"), "hippa")


def test_nearly_everything_about_967_schools_is_unsourced_or_was_never_asked():
    record = worked("967-schools")
    statuses = [record.answer(id).status for id in FIELDS]
    assert set(statuses) == {"unsourced", "never_asked"}
    assert statuses.count("unsourced") >= 15
    assert (record.place, record.visibility) == ("cn", "public")


def test_its_quotations_are_those_of_the_evidence():
    entries = catalogue()
    quotes = {one for answer in worked("967-schools").answers.values() for one in answer.evidence if one.quote}
    assert len(quotes) == 2
    for one in quotes:
        id = one.title.split("misread evidence ")[1].rstrip(")")
        assert one.quote in json.dumps(plain_text(entries[id]), ensure_ascii=False)


def plain_text(entry: object) -> str:
    return str(entry).replace('\\"', '"').replace("\\'", "'")


def test_what_it_names_is_there():
    from misread.cli import COMMANDS
    from tests.docs.pages import DOCS

    said = record_text(worked("967-schools"))
    commands = re.findall(r"\(misread ([a-z]+)([^)]*)\)", said)
    assert len(commands) >= 5
    for command, rest in commands:
        assert command in COMMANDS
        if command == "evidence":
            assert set(re.findall(r"F\d\d", rest)) <= set(catalogue())
    headings = (DOCS / "from-the-article.md").read_text(encoding="utf-8")
    points = set(re.findall(r"\bA\d+\b", said))
    assert len(points) >= 8
    for point in points:
        assert f"### {point}. " in headings


def test_its_story_begins_with_the_point():
    said = text(story(worked("967-schools"))).splitlines()
    assert said[0] == "967 schools"
    assert "Not one is answered. 18 have a claim instead of an answer" in said[2]


def test_worked_records_by_name():
    assert names() == ("967-schools",)
    with pytest.raises(MisreadError, match="did you mean `967-schools`"):
        worked("967-school")


def papers() -> dict[str, Paper]:
    record = told_in_many_ways()
    report = gaps(record, at("uk", ON), ON, ("output.emotion", "subject.pupil"))
    return {
        "worked": story(worked("967-schools")),
        "story": story(record),
        "gaps": gaps_paper(report, record),
        "view": view_paper(record, "ai-act"),
    }


@pytest.mark.parametrize("name", ["worked", "story", "gaps", "view"])
def test_every_paper_can_be_written_and_read_back(name):
    paper = papers()[name]
    assert to_blocks(to_markdown(paper)) == tuple(replaced(block) for block in paper.blocks)
    document = docx.Document(io.BytesIO(paper_bytes(paper, ".docx")))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings == ["".join(r.text for r in b.words) for b in paper.blocks if isinstance(b, Heading)]
    assert len(document.tables) == sum(isinstance(block, Table) for block in paper.blocks)
    assert document.core_properties.title == paper.title


def replaced(block: object) -> object:
    """A block as Markdown keeps it: ids and small print are no part of it."""
    return dataclasses.replace(block, id="", small=False) if isinstance(block, Paragraph) else block


def test_the_story_is_a_tagged_pdf():
    reader = pypdf.PdfReader(io.BytesIO(paper_bytes(story(worked("967-schools")), ".pdf")))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Another source was looked for, and none was found." in said


@given(STEPS)
@settings(max_examples=30)
def test_whatever_was_done_the_story_and_the_report_tell_it(steps):
    record = new("School A", "eu", on=ON)
    for step in steps:
        record = taken(record, step)
    said = text(story(record))
    report = gaps_paper(gaps(record, at("eu", ON), ON), record)
    for id, field in FIELDS.items():
        assert field.question in said
        answer = record.answer(id)
        assert answer.answered or field.ask in text(report) or field.question in text(report)
        for evidence in answer.evidence:
            assert evidence.quote in said
        for one in answer.dispute:
            assert one.says in said
            assert one.says in text(report)
