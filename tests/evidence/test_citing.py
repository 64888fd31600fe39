"""Sources as BibTeX and CSL-JSON, read again by others' parsers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from pybtex import PybtexEngine
from pybtex.database import parse_string
from pybtex.richtext import Text

from misread.cli import cli
from misread.evidence import catalogue, cite, find, read

ENTRIES = catalogue()
CITED = [e for e in ENTRIES.values() if e.citation]
SCHEMA = json.loads((Path(__file__).parent / "csl" / "csl-data.json").read_text(encoding="utf-8"))
ALL = cite.records(ENTRIES.values(), ENTRIES)


def run(*args):
    done = CliRunner().invoke(cli, ["evidence", *args])
    assert done.exit_code == 0, done.output
    return done


def text_of(latex):
    """What a LaTeX text shows, by pybtex's decoder."""
    return str(Text.from_latex(latex))


def test_references_hold_nothing_that_the_citation_does_not_say():
    checked = 0
    for entry in CITED:
        known = entry.reference
        if known is None:
            continue
        pieces = [p for author in known.authors for p in author.split(", ")]
        pieces += [
            known.organisation,
            known.title,
            known.container,
            known.volume,
            known.issue,
            known.pages,
            known.arxiv,
        ]
        pieces += [str(known.year or "")]
        for piece in filter(None, pieces):
            assert piece in entry.citation, (entry.id, piece)
            checked += 1
        if known.others:
            assert re.search("et al|and colleagues", entry.citation), entry.id
    assert checked > 400


def test_every_source_is_one_record():
    assert len(ALL) == len({(e.citation, e.doi) for e in CITED})
    assert [r.key for r in ALL] == sorted({r.key for r in ALL})
    assert sorted(e.id for r in ALL for e in r.entries) == [e.id for e in CITED]
    (stoeckli,) = [r for r in ALL if r.key == "stockli-et-al-2018"]
    assert {"dmello-2013", "doherty-sneddon-et-al-2002", "ucar-ozdemir-2022"} <= {r.key for r in ALL}
    assert {"A01", "M01", "M17", "H04"} <= {e.id for e in stoeckli.entries}


def test_a_short_name_is_one_source():
    # Else keys would depend on ids.
    shorts = {}
    for entry in CITED:
        shorts.setdefault(entry.short, set()).add(entry.citation)
    assert [s for s, citations in shorts.items() if len(citations) > 1] == []


def test_keys_stay_whatever_is_chosen():
    keys = {e.id: r.key for r in ALL for e in r.entries}
    for topic in ("gaze", "groups"):
        for record in cite.records(find(ENTRIES, topic=topic), ENTRIES):
            assert {keys[e.id] for e in record.entries} == {record.key}


def test_two_sources_of_one_short_name_are_told_apart():
    entry = '[{}]\nshort = "Same (2020)"\ncitation = "{}"\nstatus = "verified"\nquantity = "q"\nvalue = 1\n'
    known = read({"a.toml": 'topic = "t"\n' + entry.format("X01", "One.") + entry.format("X02", "Two.")})
    assert [r.key for r in cite.records(known.values(), known)] == ["same-2020-x01", "same-2020-x02"]


def test_bibtex_is_read_by_pybtex():
    found = parse_string(cite.bibtex(ALL), "bibtex").entries
    assert list(found) == [r.key for r in ALL]
    for record in ALL:
        read_again = found[record.key]
        known = record.reference
        assert text_of(read_again.fields["title"]) == record.title
        assert text_of(read_again.fields["note"]) == record.note
        assert read_again.fields.get("doi", "") == record.doi
        assert read_again.fields.get("eprint", "") == known.arxiv
        people = read_again.persons.get("author", [])
        families = [text_of(" ".join([*p.prelast_names, *p.last_names])) for p in people]
        assert families == [*(a.split(", ")[0] for a in known.authors), *filter(None, [known.organisation])] + (
            ["others"] if known.others else []
        )


def test_bibtex_has_what_its_kinds_require(tmp_path):
    kinds = {e.key: e.type for e in parse_string(cite.bibtex(ALL), "bibtex").entries.values()}
    assert set(kinds.values()) == {"article", "inproceedings", "misc"}
    file = tmp_path / "all.bib"
    file.write_text(cite.bibtex(ALL), encoding="utf-8")
    # In strict mode a style stops at a field that is not there.
    shown = PybtexEngine().format_from_files(
        [str(file)], style="plain", output_backend="plaintext", bib_encoding="utf8"
    )
    assert shown.count("In the catalogue of misread:") == len(ALL)
    assert "Memory & Cognition, 26(4):651–658" in shown


def test_what_latex_would_read_as_marks():
    nasty = r"50 % of {a_b} & c# $5 ~ ^ \input{x} <|>"
    entry = ENTRIES["B03"].model_copy(
        update={"citation": nasty, "reference": ENTRIES["B03"].reference.model_copy(update={"title": nasty})}
    )
    (record,) = cite.records([entry], {"B03": entry})
    text = cite.bibtex([record])
    for mark in ("%", "&", "#", "$", "_"):
        assert len(re.findall(rf"(?<!\\){re.escape(mark)}", text)) == 0, mark
    assert r"\input" not in text
    (again,) = parse_string(text, "bibtex").entries.values()
    assert again.fields["title"].count("{") == again.fields["title"].count("}")
    for sign in (r"\%", r"\{", r"\}", r"\_", r"\&", r"\#", r"\$", r"\textasciitilde{}", r"\textasciicircum{}"):
        assert sign in again.fields["title"]
    assert r"\textbackslash{}input" in again.fields["title"]


def test_a_doi_cannot_break_a_record():
    entry = ENTRIES["B03"].model_copy(update={"doi": r"10.1000/a{b\c}%d_e"})
    (again,) = parse_string(cite.bibtex(cite.records([entry], {"B03": entry})), "bibtex").entries.values()
    assert again.fields["doi"] == "10.1000/a%7Bb%5Cc%7D%25d_e"


def test_families_of_two_words_stay_together():
    reference = ENTRIES["B03"].reference.model_copy(update={"authors": ("Canton Ferrer", "den Uyl", "Salt and Sons")})
    entry = ENTRIES["B03"].model_copy(update={"reference": reference})
    (again,) = parse_string(cite.bibtex(cite.records([entry], {"B03": entry})), "bibtex").entries.values()
    people = again.persons["author"]
    assert [p.last_names for p in people] == [["{Canton Ferrer}"], ["Uyl"], ["{Salt and Sons}"]]
    assert people[1].prelast_names == ["den"]


def test_csl_fits_its_schema():
    rows = cite.csl(ALL)
    jsonschema.Draft7Validator(SCHEMA).validate(rows)
    assert [row["id"] for row in rows] == [r.key for r in ALL]
    for row, record in zip(rows, ALL, strict=True):
        assert row["title"]
        assert row.get("DOI", "") == record.doi
        assert ("issued" in row) == (record.year is not None)
    by = {row["id"]: row for row in rows}
    cao = by["cao-et-al-2014-crema-d"]
    assert cao["type"] == "article-journal"
    assert cao["author"][1] == {"family": "Cooper", "given": "D. G."}
    assert cao["issued"] == {"date-parts": [[2014]]}
    assert (cao["volume"], cao["issue"], cao["page"]) == ("5", "4", "377-390")
    assert cao["DOI"] == "10.1109/TAFFC.2014.2336244"
    assert by["li-et-al-arxiv-1812-10306"]["issued"] == {"date-parts": [[2018]]}
    assert by["adams-et-al-2022"]["author"][-1] == {"literal": "others"}


def test_that_schema_can_fail():
    (row,) = cite.csl(cite.records([ENTRIES["B03"]], ENTRIES))
    for wrong in ({"type": "papyrus"}, {"issued": 2018}, {"author": "Durán"}, {"colour": "red"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft7Validator(SCHEMA).validate([{**row, **wrong}])


def test_titles_nobody_has_seen_are_not_made_up():
    untitled = [r for r in ALL if not r.reference.title]
    assert len(untitled) > 50
    assert {r.title for r in untitled} - {cite.UNTITLED} == {
        f"[{r.entries[0].short}]" for r in untitled if not (r.reference.authors or r.reference.organisation)
    }


def test_notes_say_how_sure_each_entry_is():
    for record in ALL:
        for entry in record.entries:
            assert f"{entry.id} ({entry.status})" in record.note
    (kim,) = cite.records([ENTRIES["A19"]], ENTRIES)
    assert "DOI from memory" in kim.note


def test_the_commands():
    done = run("--topic", "micro-expressions", "--bibtex")
    assert list(parse_string(done.stdout, "bibtex").entries) == [
        r.key for r in cite.records(find(ENTRIES, topic="micro-expressions"), ENTRIES)
    ]
    assert done.stderr.splitlines() == ["Left out: D02 has no source to cite (Arithmetic: it needs no source.)."]
    (row,) = json.loads(run("M14", "--csl").stdout)
    assert "M14 (verified)" in row["note"]
    assert "A36" not in row["note"]
    assert json.loads(run("N01", "--csl").stdout) == []
    assert run("N01", "--bibtex").stdout == ""


@pytest.mark.parametrize("two", [("--json", "--csl"), ("--bibtex", "--csl"), ("--bibtex", "--json", "M14")])
def test_one_format_at_a_time(two):
    done = CliRunner().invoke(cli, ["evidence", *two])
    assert done.exit_code == 2
    assert "Only one of" in done.stderr
