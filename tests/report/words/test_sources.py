"""What figures rest on: published figures, assumptions, and what the file leaves out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from misread.deployment import load
from misread.report.words.sources import RESTS_ON, Library, Parameter, carried, changed, grounds, matrices, parameters
from tests.deployment.samples import SMALL
from tests.report import made_up

CATALOGUE = {
    "B08": SimpleNamespace(short="Observers (2014)", citation="A paper", doi="10.1/x(1)", status="computed", quantity="q"),
    "F02": SimpleNamespace(short="A report", citation="The press", doi=None, status="unsourced", quantity="schools"),
}  # fmt: skip


def one(key, value, note=""):
    (part,) = grounds([Parameter(key, value, note)], Library(CATALOGUE))
    return part.parameters[0]


@pytest.mark.parametrize(
    ("key", "value", "note", "kind"),
    [
        ("pupil.mean_minutes.bored", "7.0", "B08", "evidence"),
        ("pupil.mean_minutes.bored", "7.0", "assumption: as B08 would have it", "assumption"),
        ("pupil.mean_minutes.bored", "7.0", "we assumed so", "assumption"),
        ("pupil.mean_minutes.bored", "7.0", "", "none"),
        ("pupil.mean_minutes.bored", "7.0", "my own notes", "comment"),
        ("population.schools", "967", "F02: the press report's number", "unchecked"),
        ("population.schools", "967", "Q99", "unchecked"),
        ("rules.x.labels", '["sad"]', "", "names"),
        ("population.groups.x.name", '"x"', "", "names"),
        ("display.default.label", "{ neutral = 1 }", "", "none"),
        ("classifier.confusion.c.expressions.frown", '"anger"', "", "names"),
        ("classifier.confusion.c.expressions.frown", '"anger"', "assumption", "assumption"),
        ("rules.x.flag", '"3 of last 6"', "", "none"),
    ],
)
def test_what_a_parameter_rests_on(key, value, note, kind):
    assert one(key, value, note).kind == kind


def test_a_part_says_how_many_of_its_parameters_are_assumed():
    (part,) = grounds(
        [
            Parameter("pupil.states", '["a"]'),
            Parameter("pupil.mean_minutes.a", "1", "B08"),
            Parameter("pupil.mean_minutes.b", "1", "assumption"),
            Parameter("pupil.mean_minutes.c", "1"),
        ],
        Library(CATALOGUE),
    )
    assert part.title == "What children go through"
    assert part.words == "1 assumed, 1 assumed, since the file gives no source and 1 from published figures."
    assert (part.assumed, len(part.parameters)) == (2, 4)
    assert [e.id for e in part.evidence] == ["B08"]


def test_an_unknown_table_is_shown_all_the_same():
    (part,) = grounds([Parameter("weather.rain", "1")], Library({}))
    assert part.title == "Further settings"


def test_figures_carry_the_assumptions_of_the_parts_they_are_computed_from():
    parts = grounds([Parameter(f"{table}.x", "1") for table in ("pupil", "display", "rules", "file")], Library({}))
    titles = [p.title for p in parts]
    assert [p.title for p in carried(["flag_ppv"], parts)] == titles[:3]
    assert [p.title for p in carried(["p_mark"], parts)] == titles
    assert [p.title for p in carried(["claimed_share"], parts)] == [titles[0], titles[2]]
    assert [p.title for p in carried(["label_share"], parts)] == titles[:2]
    assert carried(["labels_archived"], parts) == ()
    sourced = grounds([Parameter("pupil.x", "1", "B08")], Library(CATALOGUE))
    assert carried(["flag_ppv"], sourced) == ()


def test_every_table_that_figures_rest_on_is_a_table_of_the_deployment():
    from misread.deployment import Deployment

    assert {table for tables in RESTS_ON.values() for table in tables} <= set(Deployment.model_fields)


def test_the_library_remembers_what_was_named():
    library = Library(CATALOGUE)
    found = library.look_up("B08 and F02, not xB08 or B8")
    assert [e.id for e in found] == [e.id for e in library.bibliography()] == ["B08", "F02"]
    assert found[0].href == "https://doi.org/10.1/x(1)"
    assert (found[1].href, found[1].word) == ("", "unsourced")
    (missing,) = library.look_up("Z77")
    assert missing.citation == "Not in the catalogue that comes with this version."
    assert missing.word == "unverified"


def test_the_catalogue_that_comes_with_misread_can_be_looked_up():
    (entry,) = Library.load().look_up("H03")
    assert entry.citation
    assert entry.word in {"verified", "secondary", "computed", "unverified", "unsourced"}


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return load(path, settings=["camera.observe_every_seconds=30"])


def test_parameters_have_the_authors_comments_and_what_changed_them(small):
    found = {p.key: p for p in parameters(small)}
    assert found["population.schools"].note == "assumption: two"
    assert found["pupil.mean_minutes.engaged"].note.endswith("B08")
    assert "camera.observe_every_seconds" in found["camera.observe_every_seconds"].changed_by
    assert changed(parameters(small)) == (found["camera.observe_every_seconds"].changed_by,)


def test_defaults_that_the_file_leaves_out_are_parameters_and_assumptions(small):
    found = {p.key: p for p in parameters(small)}
    for key, value in (
        ("population.class_size", "30"),
        ('rules."glum lesson".notify', '["teacher"]'),
        ("file.marks.resistant.within", '"year"'),
    ):
        assert (found[key].value, found[key].note) == (
            value,
            "assumption: the default of misread; the file does not say",
        )
    assert 'rules."glum lesson".after_flag' not in found
    assert 'rules."negative affect".after_flag' in found
    assert found['rules."negative affect".after_flag'].note == ""
    assert not {"population.opt_out", "title"} & (found.keys() - {"title"})


def test_a_deployment_made_in_python_has_no_parameters_to_show():
    assert parameters(made_up.deployment()) == ()


def test_a_matrix_says_what_its_rows_rest_on():
    (matrix,) = matrices(made_up.profiles(), Library(CATALOGUE))
    assert [units for _, _, units in matrix.rows] == ["200", "200", "not stated"]
    assert matrix.rows[0][1] == ("0.860", "0.090", "0.030", "0.020")
    assert [e.id for e in matrix.evidence] == ["M02"]
