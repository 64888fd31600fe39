"""Published confusion matrices from files."""

from __future__ import annotations

import pytest

from misread.audit.reading import Ask, of_matrix, read_counts
from misread.audit.table import same
from misread.errors import MisreadError
from misread.evidence import Matrix, catalogue

WIDE = "expression,anger,sad,none\nanger,8,1,1\nsad,3,6,0\n"
LONG = "expression,label,count\nanger,anger,8\nanger,sad,1\nanger,none,1\nsad,anger,3\nsad,sad,6\n"
GROUPED = "sex,expression,anger,sad\nf,anger,8,2\nf,sad,1,9\nm,anger,5,5\nm,sad,0,4\n"
LONG_GROUPED = "sex;face;said;n\nf;anger;anger;8\nf;anger;sad;2\nf;sad;anger;1\nf;sad;sad;9\nm;anger;anger;5\nm;anger;sad;5\nm;sad;sad;4\n"


@pytest.fixture
def file(tmp_path):
    def written(text, name="m.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def wrong(path, ask=None, **more):
    with pytest.raises(MisreadError) as caught:
        read_counts(path, ask or Ask(spoken="options"), **more)
    (problem,) = caught.value.problems
    return problem


def test_a_matrix_and_a_line_for_each_cell_are_the_same(file):
    wide, long = read_counts(file(WIDE)), read_counts(file(LONG, "l.csv"))
    assert wide.table.counts[0].tolist() == [[8, 1, 1], [3, 6, 0]]
    assert wide.table.labels == ("anger", "sad", "none")
    assert same(wide.table, long.table)
    assert wide.facts.kind == "matrix"
    assert wide.facts.rows == 19
    assert wide.facts.missing_answers == (("none", 1),)
    assert wide.facts.warnings == ("persons are not known: intervals treat faces as independent.",)
    assert long.facts.columns == (("truth", "expression"), ("prediction", "label"))


def test_groups_come_first(file):
    wide = read_counts(file(GROUPED), Ask(groups=("sex",)))
    long = read_counts(file(LONG_GROUPED, "l.csv"), Ask(groups=("sex",), truth="face", prediction="said"))
    assert same(wide.table, long.table)
    assert wide.table.levels == (("f", "m"),)
    assert wide.table.counts[1].tolist() == [[5, 5, 0], [0, 4, 0]]
    missing = read_counts(file(GROUPED.replace("m,", ",")), Ask(groups=("sex",)))
    assert missing.table.levels == (("f", "(missing)"),)


def test_truth_in_the_columns(file):
    turned = "label,anger,sad\nanger,8,3\nsad,1,6\nnone,1,0\n"
    assert "--transpose" in wrong(file(turned)).mend
    assert same(read_counts(file(turned), transpose=True).table, read_counts(file(WIDE)).table)


def test_rates_with_the_faces_behind_them(file):
    rates = "e;anger;sad\nanger;0,8;0,2\nsad;0,25;0,75\n"
    assert wrong(file(rates)).mend == (
        "if these are rates, say how many faces stand behind each row: --faces-per-row N."
    )
    table = read_counts(file(rates), faces_per_row=20).table
    assert table.counts[0].tolist() == [[16, 4, 0], [5, 15, 0]]
    percent = read_counts(file("e,anger,sad\nanger,80%,20%\nsad,25%,75%\n"), faces_per_row={"anger": 20, "sad": 20})
    assert same(percent.table, table)


def test_words_are_mapped(file):
    text = "e,Wut,sad,no face\nanger,8,1,1\nsad,3,6,0\n"
    counted = read_counts(file(text), Ask(map_labels={"Wut": "anger"}, missing=("no face",)))
    assert same(counted.table, read_counts(file(WIDE)).table)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("e,a,b\na,1,x\nb,1,2\n", "'x' in 'b' is no number."),
        ("e,a,b\na,1,-3\nb,1,2\n", 'row "a" holds -3 under "b".'),
        ("e,a,b\na,1,\nb,1,2\n", 'row "a" holds nothing under "b".'),
        ("e,a,b\na,1.5,2\nb,1,2\n", 'row "a" holds 1.5 under "a".'),
        ("e,a,b\na,1\nb,1,2\n", "A line has 2 cells, and the first one 3."),
        ("e,a,b\na,1,2\na,1,2\n", 'row "a" stands there twice.'),
        ("e,a,b,total\na,1,2,3\nb,1,2,3\n", 'The column "total" seems to be a total.'),
        ("e,a,b\n", "It holds no matrix."),
        ("e,a,b\na,0,0\nb,0,0\n", "All cells are 0; there is nothing to audit."),
        ("e,a,b\na,1e300,0\nb,0,0\n", 'row "a" holds 1e+300 under "a".'),
        ("e,x,y\na,1,0\nb,0,0\n", "No label is an expression: x, y against a, b."),
    ],
)
def test_24_what_is_no_matrix(file, text, what):
    assert wrong(file(text)).what == what


def test_a_level_that_adds_up_others(file):
    problem = wrong(file(GROUPED.replace("m,", "all,")), Ask(groups=("sex",), spoken="options"))
    assert problem.what.startswith('"sex" has the level "all"')
    assert wrong(file(GROUPED), Ask(groups=("age",), spoken="options")).key == "--group"


def test_which_column_holds_counts_is_asked(file):
    problem = wrong(file("e,l,count,share\na,a,1,1\n"), Ask(prediction="l"))
    assert problem.what == "Which column holds the counts is not plain: count, share."


@pytest.mark.parametrize("id", [entry.id for entry in catalogue().values() if isinstance(entry, Matrix)])
def test_a_matrix_of_the_catalogue_is_counted_cell_by_cell(id):
    entry = catalogue()[id]
    counted = of_matrix(entry)
    table, facts = counted.table, counted.facts
    unanswered, whole = 0.0, 0.0
    for e, (expression, cells) in enumerate(entry.table.items()):
        told = dict.fromkeys(table.labels, 0.0)
        for label, cell in zip(entry.columns, cells, strict=True):
            told["none" if label == "no_face" else label] += (
                cell if entry.cells == "counts" else cell * entry.row_n[expression]
            )
        assert table.expressions[e] == expression
        assert table.counts[0, e].tolist() == pytest.approx(list(told.values()), rel=1e-12)
        unanswered, whole = unanswered + told["none"], whole + sum(told.values())
    assert facts.source == f"{id}, {entry.short}"
    assert facts.rows == round(whole)
    assert facts.missing_answers == ((("none", round(unanswered)),) if round(unanswered) else ())
    (warning,) = facts.warnings
    assert (entry.units_note in warning) if table.weighted else warning.startswith("persons are not known")
