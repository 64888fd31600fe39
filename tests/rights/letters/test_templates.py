"""Templates: which there are, what may be in one, and that each can be written whatever was told."""

from __future__ import annotations

import contextlib
import itertools
import re
import warnings
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread import rights
from misread.errors import MisreadError
from misread.rights.letters.facts import NAMES
from misread.rights.letters.questions import Question
from misread.rights.letters.template import Fact, choose, read_template, templates
from misread.rights.letters.template.checks import LONGEST
from misread.rights.letters.words import WHY
from misread.rights.paper.blocks import Lines, Paragraph, said
from misread.rights.paper.markdown import to_markdown
from misread.rights.places.entries.load import law
from tests.rights.letters.samples import facts, written

PLACES = ("eu", "uk", "us", "us-il", "us-ny", "cn", "br", "in")
ENGLISH = {id: template for id, template in templates().items() if template.head.language == "en"}

# The study's table: + in force, ? doubtful or partial, - not in force yet, . none found.
STUDIED = {
    "access": "+++++++-",
    "objection": "++?+?++-",
    "erasure": "++.+?++-",
    "records": ".+.++?++",
    "impact-assessment": "??.?????",
    "complaint": "+++++++?",
}
# Which letter answers a cell: of the place itself, or of the place whose law it has.
OF_ANOTHER = {("access", "us-ny"): "access.us.en"}
# Doubtful cells that have a letter, which then says so.
DOUBTFUL = {("objection", "us"), ("objection", "us-ny"), ("impact-assessment", "eu"), ("impact-assessment", "uk")}
# Letters that the table has no row for.
BESIDE = {"ai-complaint.eu.en", "internal-complaint.uk.en", "stop-request.eu.en"}


def cells():
    for kind, row in STUDIED.items():
        for place, mark in zip(PLACES, row, strict=True):
            if mark == "+" or (kind, place) in DOUBTFUL:
                yield kind, place, OF_ANOTHER.get((kind, place), f"{kind}.{place}.en")


def test_every_cell_in_force_has_a_letter_and_no_other_has():
    assert {id for *_, id in cells()} | BESIDE == set(ENGLISH)
    for kind, place, id in cells():
        assert choose(place, kind, "en").id == id


@pytest.mark.parametrize(("kind", "place"), sorted(DOUBTFUL))
def test_a_doubtful_letter_says_plainly_that_it_is(kind, place):
    template = templates()[f"{kind}.{place}.en"]
    assert template.head.standing == "doubtful"
    letter = written(template)
    assert "doubt" in letter.why
    assert "doubtful whether the law gives" in to_markdown(letter.covering)


def test_where_there_is_none_it_says_why_and_since_when_there_will_be():
    with pytest.raises(MisreadError, match=r"India yet: .* s\. 11 applies from 13 May 2027"):
        choose("in", "access", "en")
    with pytest.raises(MisreadError, match="no law of the Union opens"):
        choose("eu", "records", "en")
    with pytest.raises(MisreadError, match="did you mean `access`"):
        choose("eu", "acess", "en")
    with pytest.raises(MisreadError, match="language `xx`"):
        choose("eu", "access", "xx")
    with pytest.raises(MisreadError, match="no place"):
        choose("nowhere", "access", "en")


@pytest.mark.parametrize("id", templates())
def test_each_can_be_written_whatever_was_told(id):
    template = templates()[id]
    head = template.head
    questions = [Question("a", "Q?", "s"), Question("b", "W?", "s", wish=True)]
    absent = [(), head.optional, *((name,) for name in head.optional)]
    flags = [c for n in range(len(head.flags) + 1) for c in itertools.combinations(head.flags, n)]
    seen = set()
    for chosen, without, asked in [
        *((chosen, without, ()) for chosen in flags for without in absent[:2]),
        *((tuple(head.flags), without, questions) for without in absent),
        *(((), (), [one]) for one in questions),
    ]:
        letter = written(template, facts(*chosen, without=without), questions=asked)
        blocks = [block for block in letter.paper.blocks[3:] if isinstance(block, (Paragraph, Lines))]
        ids = [block.id for block in blocks]
        assert "" not in ids
        assert len(ids) == len(set(ids))
        assert set(letter.why) == set(ids)
        seen |= set(ids)
        text = to_markdown(letter.paper)
        assert not re.search(r"\{[{%]|[\ue000\ue001]|\[#| ,|,\.|\.\.|  |\bNone\b", text), text
        assert text.count("A. Example") >= 2
    due = {"due"} if letter.due is None or letter.due.due is None else set()
    assert set(template.ids) - seen <= due


@pytest.mark.parametrize("id", templates())
def test_each_deadline_is_that_of_a_way_to_ask(id):
    head = templates()[id].head
    routes = rights.at(head.place, head.retire_after).routes
    kind = {"ai-complaint": "complaint", "impact-assessment": "records"}.get(head.kind, head.kind)
    known = {route.deadline for route in routes if route.kind == kind}
    assert {id for id in (head.deadline, *head.deadlines.values()) if id} <= known
    if head.to == "authority":
        assert head.kind in ("complaint", "ai-complaint")


@pytest.mark.parametrize("id", ENGLISH)
def test_the_tone_is_calm(id):
    template = templates()[id]
    body = template.body.replace("I do not say that the use breaks the law", "")
    assert not re.search(r"(?i)illegal|unlawful|violat|breaks the law|criminal|lawsuit|\bsue\b|guilty|threat|!", body)
    assert "in writing" in body or "acknowledge" in body
    # Other grounds stay open wherever one is named.
    if template.head.rests and template.head.kind not in ("stop-request", "impact-assessment", "objection"):
        assert re.search(r"(?i)in\s+particular", body)


@pytest.mark.parametrize("id", [id for id in ENGLISH if id.startswith("access.")])
def test_access_asks_for_a_copy_in_so_many_words(id):
    assert "copy" in written(id).why
    assert "copy" in templates()[id].body


@pytest.mark.parametrize("id", templates())
def test_no_address_of_anybody_is_in_it(id):
    template = templates()[id]
    text = template.body + " ".join([template.head.addressee, template.head.note, *template.head.flags.values()])
    assert not re.search(r"@|https?:|www\.|\b\d{5}\b|Street|Avenue", text)


@pytest.mark.parametrize("id", templates())
def test_quotations_are_short_official_and_the_stored_words(id):
    template = templates()[id]
    quotes = re.findall("“([^”]*)”", template.body)
    assert bool(quotes) == bool(template.head.may_quote)
    for quote, ground in zip(quotes, template.head.may_quote, strict=True):
        (place,) = [p for p in law().values() if ground in {e.id for e in p.provision}]
        (entry,) = [e for e in place.provision if e.id == ground]
        assert " ".join(quote.split()) == entry.quote
        assert len(quote.split()) < 40
        assert {s.read for s in place.source if s.id in entry.sources} <= {"official", "origin"}


def test_every_id_of_a_paragraph_is_used_and_explained():
    used = {id for template in templates().values() for id in template.ids}
    assert used == set(WHY)


def test_every_fact_has_a_name():
    assert set(Fact.__args__) == set(NAMES)


HEAD = """+++
format = "misread-letter/1"
id = "access.eu.en"
version = "2026.11.1"
kind = "access"
place = "eu"
language = "en"
standing = "in-force"
addressee = "the controller"
needs = ["sender.name", "controller.name"]
optional = [OPTIONAL]
retire_after = 2027-06-30
MORE
+++
"""


def read(body, optional="", more=""):
    return read_template("t.md", HEAD.replace("OPTIONAL", optional).replace("MORE", more) + body)


def test_the_smallest_template_is_read():
    assert read("# T\n\n[#close] Yours").ids == ("close",)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("# T\n\n[#close] {{ child.name }}", "`child.name` is not told to it"),
        ("# T\n\n[#close] {{ sender.nme }}", "did you mean `sender.name`"),
        ("# T\n\n[#close] {{ sender.name | upper }}", "filter `upper`"),
        ("# T\n\n[#close] {{ sender.name.upper() }}", "Call"),
        ("# T\n\n[#close] {{ sender['name'] }}", "Getitem"),
        ("# T\n\n[#close] {{ 1 + 1 }}", "Add"),
        ("# T\n\n[#close] {{ ''.__class__ }}", "Const"),
        ("# T\n\n[#close] {% set x = sender %}a", "Assign"),
        ("# T\n\n[#close] {% include 'x' %}", "Include"),
        ("# T\n\n[#close] {% macro x() %}{% endmacro %}", "Macro"),
        ("# T\n\n{% for x in sender %}\n- {{ x }}\n{% endfor %}\n\n[#close] a", "goes through a list"),
        ("# T\n\n[#close] {% if %}", "cannot be read"),
        ("# T\n\nno id", "has no id"),
        ("# T\n\n[#nothing] a", "Nobody says why"),
        ("# T\n\n[#close] a\n\n[#close] b", "Two paragraphs"),
        ("[#close] a", "not exactly one line"),
        ("# T\n\n[#close] “quoted”", "no wording of a provision"),
        ("# T\n\n[#close] „quoted“", "no wording of a provision"),
        ("# T\n\n[#close] " + "a" * LONGEST, "characters"),
    ],
)
def test_what_no_letter_may_hold_is_refused(body, what):
    with pytest.raises(MisreadError, match=what):
        read(body)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ('deadline = "eu.gdpr.12"', "did you mean `eu.gdpr.12-3`"),
        ('[rests]\nclose = ["eu.gdpr.99"]', "not in the law of eu"),
        ('[rests]\nask = ["eu.gdpr.15"]', "No paragraph is called `ask`"),
        ('[rests]\nclose = ["omnibus-data"]', "not in the law of eu"),
        ('[flags]\nmore = "says more"', "makes no difference"),
        ("unknown = 1", "unknown"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(more, what):
    with pytest.raises(MisreadError, match=what):
        read("# T\n\n[#close] Yours", more=more)


def test_a_head_of_another_place_is_refused():
    with pytest.raises(MisreadError, match="begin with a head"):
        read_template("t.md", "# T\n\n[#close] a")


def test_the_page_tells_which_letters_there_are():
    page = (Path(__file__).parents[3] / "docs" / "rights" / "letters.md").read_text(encoding="utf-8")
    words = {"yes": "in-force", "doubtful": "doubtful"}
    told = {}
    for line in page.splitlines():
        if found := re.match(r"\| `([a-z-]+)` \| (.*) \|$", line):
            for place, word in zip(PLACES, found[2].split(" | "), strict=True):
                if word in words:
                    told[f"{found[1]}.{place}.en"] = words[word]
    assert told == {id: template.head.standing for id, template in ENGLISH.items()}


@pytest.mark.parametrize("id", ENGLISH)
def test_it_can_be_read_by_many(id):
    """Eight or nine years of school, by a formula that counts syllables and words."""
    with warnings.catch_warnings():
        # It still loads pkg_resources, which says that it will go.
        warnings.simplefilter("ignore", UserWarning)
        import textstat

    blocks = [block for block in written(id).paper.blocks if isinstance(block, Paragraph)]
    text = " ".join(said(block.words) for block in blocks if block.id not in ("greeting", "close", "view", "events"))
    assert textstat.flesch_kincaid_grade(text) < 9


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(templates())), st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.booleans())
def test_on_any_day_a_letter_says_what_it_rests_on_or_is_not_written(id, day, flags):
    head = templates()[id].head
    told = facts(*(head.flags if flags else ()), date=str(day))
    known = {standing.entry.id for standing in rights.at(head.place, day).provisions}
    if not known.issuperset(head.grounds):
        # Perhaps it lacks only what another paragraph would rest on.
        with contextlib.suppress(MisreadError):
            assert known.issuperset(ground.standing.entry.id for ground in written(id, told, today=day).grounds)
        return
    letter = written(id, told, today=day)
    note = to_markdown(letter.covering).replace("\\", "")
    for ground in letter.grounds:
        assert all(sentence in note for sentence in ground.sentences)
        if ground.standing.state == "not-yet":
            assert f"{ground.standing.entry.pinpoint} applies only from" in note


@pytest.mark.parametrize("id", [id for id in templates() if id not in ENGLISH])
def test_in_another_language_a_letter_is_the_same_letter(id):
    kind, place, _language = id.split(".")
    other, english = templates()[id], templates()[f"{kind}.{place}.en"]
    assert other.ids == english.ids
    for key in ("standing", "to", "needs", "optional", "flags", "rests", "deadline", "deadlines", "addressee"):
        assert getattr(other.head, key) == getattr(english.head, key), key
    # Nobody whose language it is has reviewed it, and the note says so.
    assert other.head.translation == "unreviewed"
    assert "nobody whose language it is has reviewed" in to_markdown(written(other).covering)


@pytest.mark.parametrize("place", ["eu", "br", "cn", "in"])
def test_where_offices_read_another_language_every_letter_is_there_in_it(place):
    spoken = {"eu": ["de", "fr"], "br": ["pt-BR"], "cn": ["zh-Hans"], "in": ["hi"]}[place]
    for template in ENGLISH.values():
        if template.head.place == place:
            for language in spoken:
                assert f"{template.head.kind}.{place}.{language}" in templates()


def test_a_note_that_begins_with_an_abbreviation_keeps_it():
    with pytest.raises(MisreadError, match=r"United States \(federal law\): FERPA lets"):
        choose("us", "erasure", "en")
