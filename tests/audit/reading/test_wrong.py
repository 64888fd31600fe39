"""What is wrong with a table is said once: what, where, what was expected, how to mend it."""

from __future__ import annotations

from dataclasses import replace
from shlex import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.errors import MisreadError

FACE = ["sad", "happy", "fear", "sad"]
TABLE = {"face": FACE, "said": ["sad", "sad", "fear", "happy"], "age": ["9-12", "13-15", "9-12", "9-12"]}


def wrong(table, spoken="python", **asked):
    """The problem that a table and what is asked of it make."""
    ask = Ask(**({"truth": "face", "prediction": "said"} | asked), spoken=spoken)
    with pytest.raises(MisreadError) as caught:
        count(table if not isinstance(table, dict) else pa.table(table), ask)
    (problem,) = caught.value.problems
    return problem


def said(table, **asked):
    """What is said of a table that is counted."""
    ask = Ask(**({"truth": "face", "prediction": "said"} | asked))
    return count(pa.table(table), ask).facts.warnings


def test_1_a_column_that_is_not_there():
    problem = wrong(TABLE, truth="Face", spoken="options")
    assert problem.what == 'There is no column "Face" in the pyarrow table.'
    assert problem.expected == "one of face, said, age."
    assert problem.mend == 'did you mean "face"?'
    assert problem.key == "--truth"
    assert wrong(TABLE, groups=("zzz",)).mend == "name another with groups."
    # A letter or two are like too much.
    assert wrong({**TABLE, "sha": FACE}, groups=("a",)).mend == "name another with groups."
    assert wrong({**TABLE, "sha": FACE}, groups=("aged",)).mend == 'did you mean "age"?'
    assert wrong(TABLE, groups=("zzz",), spoken="options").key == "--group"
    many = {f"c{i}": [1] for i in range(40)}
    assert wrong(many).expected.endswith("c19 and 20 more.")


def test_2_one_column_for_truth_and_prediction():
    problem = wrong(TABLE, prediction="face", spoken="options")
    assert problem.what == '--truth and --prediction both name "face": the model would agree with itself.'
    assert wrong(TABLE, prediction="face").what.startswith('truth and prediction both name "face"')


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"groups": ("face",)}, "truth"),
        ({"groups": ("age", "age")}, "groups"),
        ({"person": "age", "groups": ("age",)}, "groups"),
        ({"paired": ("said",)}, "prediction"),
    ],
)
def test_2_a_column_means_one_thing(asked, key):
    problem = wrong(TABLE, **asked)
    assert "is named 2 times" in problem.what
    assert problem.key == key


def test_3_truth_and_answer_are_the_same_everywhere():
    assert said({"face": FACE, "said": FACE}) == ('"face" and "said" agree in all 4 rows; is one a copy?',)
    # Missing truth agrees with nothing.
    assert "agree in all 3 rows" in said({"face": [None, *FACE[1:]], "said": FACE})[-1]
    assert said(TABLE) == ()


def test_4_no_rows():
    empty = pa.table({"face": pa.array([], pa.string()), "said": pa.array([], pa.string())})
    assert wrong(empty).what == "the pyarrow table has 0 rows; there is nothing to audit."
    import polars as pl

    lazy = pl.LazyFrame({"face": [], "said": []}, schema={"face": pl.String, "said": pl.String})
    assert wrong(lazy).what == "the polars table has 0 rows; there is nothing to audit."
    assert wrong(lazy, score=None, person=None, votes=()).mend == ""


def test_5_truth_missing_in_some_rows():
    counted = count(pa.table({**TABLE, "face": ["sad", None, "fear", ""]}), Ask(truth="face", prediction="said"))
    assert counted.facts.missing_truth == 2
    assert counted.table.untold.sum() == 2
    assert counted.table.counts.sum() == 2
    assert counted.facts.warnings[0] == "2 of 4 rows have no truth; they are counted, and in no rate."


def test_6_truth_missing_everywhere():
    assert wrong({**TABLE, "face": [None, "", " ", None]}).what == '"face" is empty in all 4 rows.'
    assert wrong({**TABLE, "face": pa.nulls(4)}).what == '"face" is empty in all 4 rows.'


def test_7_and_8_answers_missing():
    assert said({**TABLE, "said": [None, "sad", "", "sad"]})[0] == (
        '2 of 4 answers are missing, counted as "none" (50.0 %).'
    )
    counted = count(pa.table({**TABLE, "said": pa.nulls(4, pa.string())}), Ask(truth="face", prediction="said"))
    assert counted.facts.warnings == ('all 4 answers are missing and counted as "none": nothing was answered at all.',)
    assert counted.table.labels == ("none",)
    assert counted.table.counts.sum() == 4
    assert counted.table.right.sum() == 0


def test_9_one_word_in_several_ways():
    problem = wrong({**TABLE, "said": ["Happy", "happy ", "sad", "sad"]}, spoken="options")
    assert problem.what == 'One word is written in several ways: "said" has "Happy", "happy "; "face" has "happy".'
    assert problem.mend == "map them with --map-labels, or put them together with --fold-case."
    assert problem.key == "--prediction"
    assert wrong({**TABLE, "said": ["Happy", "sad", "sad", "sad"]}).mend.endswith("fold_case=True.")
    problem = wrong({**TABLE, "age": ["f", "F", "m", "m"]}, groups=("age",))
    assert problem.what == 'One word is written in several ways: "age" has "F", "f".'


def test_10_nothing_in_common():
    problem = wrong({**TABLE, "said": [0, 1, 2, 0]})
    assert problem.what == 'no word of "said" occurs in "face": "0", "1", "2" against "fear", "happy", "sad".'
    assert "map_labels" in problem.mend


def test_11_an_id_is_no_label():
    rows = 300
    table = {"face": ["sad"] * rows, "said": [f"img{i}" for i in range(rows)]}
    problem = wrong(table, spoken="options")
    assert problem.what == '"said" has 300 different values in 300 rows; that is no label.'
    assert problem.mend == "name another column, or allow more with --max-labels N."
    assert wrong({"face": table["said"], "said": table["face"]}).key == "truth"


def test_11_an_id_is_refused_before_a_large_table_is_grouped(monkeypatch):
    from misread.audit.reading.doubts import refused

    monkeypatch.setattr(refused, "LARGE", 100)
    rows = 3_000
    problem = wrong({"face": ["sad"] * rows, "said": [f"img{i}" for i in range(rows)]})
    assert problem.what == '"said" has 3,000 different values in 3,000 rows; that is no label.'


def test_12_a_group_of_many_values():
    table = {"face": ["sad"] * 71, "said": ["sad"] * 71, "age": list(range(71))}
    problem = wrong(table, groups=("age",), spoken="options")
    assert problem.what == '"age" has 71 values.'
    assert problem.mend == "give bands: --bands age=0,6,9,12,15,18, or allow more with --max-levels 71."
    assert 'bands={"age": (0, 6, 9, 12, 15, 18)}' in wrong(table, groups=("age",)).mend
    names = {**table, "age": [f"site {i} of 300" for i in range(71)]}
    assert len(count(pa.table(names), Ask(truth="face", prediction="said", groups=("age",))).table.strata) == 71
    assert wrong(names, groups=("age",), max_labels=70).expected == "at most 70 words in a group."
    assert (
        len(count(pa.table(table), Ask(truth="face", prediction="said", groups=("age",), max_levels=80)).table.strata)
        == 71
    )


def test_13_strata_of_single_faces():
    rows = 400
    generator = np.random.default_rng(1)
    table = {"face": ["sad"] * rows, "said": ["sad"] * rows}
    table |= {f"g{i}": [f"l{x}" for x in generator.integers(0, 12, rows)] for i in range(3)}
    problem = wrong(table, groups=("g0", "g1", "g2"))
    assert problem.what.startswith("3 groups give 3")
    assert problem.what.endswith("strata for 400 rows (median 1 row).")
    assert "tells of a person" in problem.expected


def test_14_a_missing_group_is_a_level():
    table = count(
        pa.table({**TABLE, "age": ["9-12", None, "  ", "9-12"]}), Ask(truth="face", prediction="said", groups=("age",))
    ).table
    assert table.levels == (("9-12", "(missing)"),)
    assert table.counts.sum(axis=(1, 2)).tolist() == [2, 2]


def test_15_every_row_its_own_person():
    counted = count(
        pa.table({**TABLE, "who": ["a", "b", "c", "d"]}), Ask(truth="face", prediction="said", person="who")
    )
    assert counted.facts.warnings == ('every row has its own "who": intervals treat rows as independent.',)
    assert counted.table.people is None
    assert counted.facts.persons is None


@pytest.mark.parametrize(("who", "what"), [("aaaa", "one person only in 'who'"), ("aabb", "2 persons only in 'who'")])
def test_16_one_person_and_17_few(who, what):
    with pytest.raises(MisreadError) as caught:
        Audit(count(pa.table({**TABLE, "who": list(who)}), Ask(truth="face", prediction="said", person="who")))
    (problem,) = caught.value.problems
    assert problem.what == f"{what}: nothing is told of so few."
    assert "leave out who is shown" in problem.mend


@pytest.mark.parametrize(("persons", "levels"), [(4, ("m + (few)",)), (5, ("f", "m"))])
def test_17_fewer_than_five_persons_in_a_stratum(persons, levels):
    who = [f"{sex}{i}" for sex, n in (("f", persons), ("m", 6)) for i in range(n) for _ in range(2)]
    table = {
        "face": ["sad"] * len(who),
        "said": ["fear", "sad"] * (len(who) // 2),
        "who": who,
        "sex": [w[0] for w in who],
    }
    found = Audit(count(pa.table(table), Ask(truth="face", prediction="said", person="who", groups=("sex",))))
    assert found.table.levels == (levels,)
    assert len(found.facts.warnings) == (len(levels) == 1)
    assert all("fewer than 5 persons" in warning for warning in found.facts.warnings)


def test_18_and_19_persons_missing_or_in_two_groups():
    warnings = said({**TABLE, "who": ["a", "a", None, "b"]}, person="who", groups=("age",))
    assert '1 row without "who": each is taken as a person of its own.' in warnings
    # Of one to four not even the number is told.
    assert 'fewer than 5 of 2 persons occur in more than one level of "age".' in warnings
    many = {"face": FACE * 6, "said": FACE * 6, "who": [f"p{i % 8}" for i in range(24)], "age": ["a", "b", "c"] * 8}
    assert '8 of 8 persons occur in more than one level of "age".' in said(many, person="who", groups=("age",))


def test_20_scores_that_are_no_certainty():
    problem = wrong({**TABLE, "sure": [0.5, 97.2, 3.0, None]}, score="sure", spoken="options")
    assert problem.what == '"sure" is outside 0…1 in 2 rows (least 0.5, largest 97.2).'
    assert problem.mend == "if it is percent, say so: --score-scale 100."
    assert "say what certainty is" in wrong({**TABLE, "sure": [0.5, -0.1, 1.0, 1.0]}, score="sure").mend
    assert "outside 0…100 in 1 row" in wrong({**TABLE, "sure": [50, 101, 0, 0]}, score="sure", score_scale=100).what
    assert wrong({**TABLE, "sure": ["0.5", "x", "1", "1"]}, score="sure").what == '"sure" holds text.'


def test_20_and_21_scores_missing_or_always_the_same():
    warnings = said({**TABLE, "sure": [1.0, 1.0, float("nan"), 1.0]}, score="sure")
    assert '1 row without "sure": left out of calibration alone.' in warnings
    assert '"sure" is 1 in every row; is it the certainty of the answer given?' in warnings
    nothing = pa.nulls(4, pa.float64())
    assert '4 rows without "sure": left out of calibration alone.' in said({**TABLE, "sure": nothing}, score="sure")


TWICE = {**TABLE, "image": ["i1", "i2", "i1", "i3"]}


def test_22_a_picture_that_occurs_twice():
    problem = wrong({**TWICE, "said": ["sad", "sad", "sad", "happy"]}, id="image", spoken="options")
    assert problem.what == '1 picture occurs more than once in "image".'
    assert problem.mend == "keep all, or the first of each, with --duplicates keep or --duplicates first."
    asked = {"truth": "face", "prediction": "said", "id": "image"}
    assert count(pa.table(TWICE), Ask(**asked, duplicates="keep")).table.total == 4
    for make in (pa.table, pd.DataFrame):
        first = count(make(TWICE), Ask(**asked, duplicates="first"))
        assert first.table.counts[0].tolist() == [[0, 1, 0], [1, 1, 0]]
        assert first.facts.rows == 4
        assert first.facts.left_out == (("a picture that came before", 1),)
        # The third row, "fear" for the first picture, is gone.
        assert first.table.expressions == ("happy", "sad")
    assert wrong({**TWICE, "image": ["a", "b", None, "c"]}, id="image").what == '"image" is missing in 1 row.'
    import duckdb

    problem = wrong(duckdb.connect().from_arrow(pa.table(TWICE)), id="image", duplicates="first")
    assert problem.what == "A relation of DuckDB has no first row."


def test_23_two_models_in_one_table():
    problem = wrong(TWICE, id="image", spoken="options")
    assert "The answers differ for 1 of them: if they are of several models" in problem.what
    assert "--model COLUMN" in problem.what
    table = {**TWICE, "model": ["A", "A", "B", "B"]}
    counted = count(pa.table(table), Ask(truth="face", prediction="said", id="image", model="model", groups=("age",)))
    assert counted.table.columns == ("model", "age")
    assert ("model", "model") in counted.facts.columns


@pytest.mark.parametrize("library", [pa.table, pd.DataFrame])
def test_28_pictures_are_refused(library):
    picture = [b"\x89PNG"] * 4
    problem = wrong(library({**TABLE, "image": picture}))
    assert problem.what == 'The column "image" holds binary data. misread takes no pictures.'
    assert problem.mend == "leave that column out of the table."


def test_28_pictures_within_lists_and_objects():
    nested = pa.array([{"bytes": b"x", "path": "a.png"}] * 4)
    assert "binary" in wrong(pa.table({**TABLE, "image": nested})).what
    assert "binary" in wrong(pa.table({**TABLE, "image": pa.array([[b"x"]] * 4)})).what
    arrays = pd.DataFrame({**TABLE, "image": pd.Series([np.zeros((2, 2))] * 4, dtype=object)})
    assert "binary" in wrong(arrays).what


def test_28_lists_and_records():
    assert wrong({**TABLE, "said": [["sad"]] * 4}).what == '"said" holds lists or records.'
    # One that is not needed may hold them.
    assert said({**TABLE, "box": [[1, 2]] * 4}) == ()
    assert wrong({**TABLE, "age": ['{"a": 1}'] * 4}, groups=("age",)).what == '"age" holds lists or records.'


@pytest.mark.parametrize("name", ["a.png", "x/y.JPG", "data:image/png;base64,AAAA", "clip.mp4"])
def test_28_names_of_pictures_are_no_words(name):
    assert "names of pictures" in wrong({**TABLE, "age": [name] * 4}, groups=("age",)).what
    assert "names of pictures" in wrong({**TABLE, "said": [name, *TABLE["said"][1:]]}).what


@pytest.mark.parametrize("level", ["all", "overall", "(missing)"])
def test_29_reserved_levels(level):
    problem = wrong({**TABLE, "age": [level, "b", "b", "b"]}, groups=("age",))
    assert problem.what.startswith(f'"age" has the level "{level}"')


def test_29_none_is_no_expression():
    problem = wrong({**TABLE, "face": ["none", "sad", "sad", "sad"]})
    assert problem.what == '"face" says "none", which stands for a missing answer here.'
    assert "missing=none" in problem.mend
    mapped = count(
        pa.table({**TABLE, "face": ["none", "sad", "sad", "fear"]}),
        Ask(truth="face", prediction="said", map_labels={"none": "neutral"}),
    )
    assert mapped.table.expressions == ("fear", "neutral", "sad")


def test_30_a_table_that_lost_rows_is_a_bug(monkeypatch):
    from misread.audit.table import build

    added = build._added
    monkeypatch.setattr(build, "_added", lambda at, values, shape: added(at[1:], values[1:], shape))
    with pytest.raises(AssertionError, match="4 were read, and the table holds 3"):
        count(pa.table(TABLE), Ask(truth="face", prediction="said"))


@pytest.mark.parametrize("name", ["pyarrow", "pandas", "polars", "duckdb"])
def test_30_a_library_that_loses_rows_is_seen(name, monkeypatch):
    from misread.audit.reading import counting, frames
    from tests.audit.reading.makers import MAKERS

    source_of = frames.source_of
    # As if it had dropped the rows whose key is null.
    monkeypatch.setattr(counting, "source_of", lambda data, ask: replace(source_of(data, ask), rows=5))
    with pytest.raises(AssertionError, match="4 rows were counted, of 5 in the"):
        count(MAKERS[name](TABLE), Ask(truth="face", prediction="said"))


@pytest.mark.parametrize("weights", [[0.0] * 4, [0.0, 3.0, 0.0, 0.0]])
def test_weights_that_are_all_0(weights):
    table = {**TABLE, "face": ["sad", None, "fear", "sad"], "w": weights}
    assert wrong(table, weights="w").what == '"w" is 0 in every row that has a truth.'


def test_votes_have_no_weights():
    problem = wrong({**TABLE, "w": [1.0] * 4, "sad": [1] * 4}, weights="w", votes=("sad",), spoken="options")
    assert problem.mend == "leave out --weights, or --votes."


@pytest.mark.parametrize("word", ["None", "none ", "NONE"])
def test_9_what_may_be_a_missing_answer_is_not_guessed(word):
    problem = wrong({**TABLE, "said": [word, "sad", "fear", "happy"]}, spoken="options")
    assert problem.what.startswith(f'"said" has "{word}", which differs in case or blanks alone from "none"')
    assert f"--missing {quote(word)}" in problem.mend
    assert wrong({**TABLE, "dark": [word, "sad", "fear", "happy"]}, paired=("dark",)).key == "paired"
    assert wrong({**TABLE, word: [1] * 4, "sad": [2] * 4}, prediction=None, votes=(word, "sad")).key == "votes"
    for asked in ({"missing": (word,)}, {"fold_case": True}):
        table = count(pa.table({**TABLE, "said": [word, *FACE[1:]]}), Ask(truth="face", prediction="said", **asked))
        assert table.table.labels == ("fear", "happy", "sad", "none")
        assert sum(n for _, n in table.facts.missing_answers) == 1
    # A group may be called so: it is a level as any other.
    assert count(
        pa.table({**TABLE, "age": [word] * 4}), Ask(truth="face", prediction="said", groups=("age",))
    ).table.levels == ((word,),)


@pytest.mark.parametrize(
    ("weights", "what"),
    [
        ([1.0, -2.0, 1.0, 1.0], '"w" is missing, negative or no number in 1 row (least -2).'),
        ([1.0, None, float("nan"), 1.0], '"w" is missing, negative or no number in 2 rows.'),
        ([1.0, float("inf"), 1.0, 1.0], '"w" is missing, negative or no number in 1 row.'),
    ],
)
def test_weights_that_are_none(weights, what):
    assert wrong({**TABLE, "w": weights}, weights="w").what == what


def test_what_is_no_table():
    assert wrong([1, 2]).what == "It is a list, and no table."
    assert wrong(np.zeros(3)).what == "It is a ndarray, and no table."
    assert "text" in wrong(pd.DataFrame({0: [1], 1: [2]})).expected
    doubled = pd.DataFrame([[1, 2]], columns=["face", "face"])
    assert "name of its own" in wrong(doubled, prediction="other").mend


def test_what_makes_no_sense_whatever_the_table():
    assert wrong(TABLE, truth=None).what == "No column says what the faces show."
    assert wrong(TABLE, prediction=None).what == "No column says what was answered."
    assert wrong(TABLE, bands={"age": (1, 2)}).what == '"age" is no group.'
    assert "each above the one before" in wrong(TABLE, groups=("age",), bands={"age": (2, 1)}).expected
    assert wrong(TABLE, groups=("age",), bands={"age": (1, 2)}).what == '"age" holds text.'
    assert wrong(TABLE, score_scale=0.0).key == "score_scale"
    assert wrong(TABLE, max_labels=1, spoken="options").key == "--max-labels"
    assert wrong(TABLE, duplicates="all").expected == "refuse, keep or first."
    assert wrong(TABLE, prediction=None, votes=("said",), score="age").key == "score"
    assert wrong(TABLE, map_labels={"a": 1}).key == "map_labels"
    assert "control characters" in wrong({**TABLE, "age": ["a\x1b[31m"] * 4}, groups=("age",)).what
    assert wrong({**TABLE, "age": ["x" * 101] * 4}, groups=("age",)).what == '"age" holds text of 101 letters.'


def test_bands_hold_numbers():
    table = {**TABLE, "years": [1.0, float("inf"), 2.0, 3.0]}
    assert wrong(table, groups=("years",), bands={"years": (0, 2)}).what == '"years" holds what is no finite number.'


def test_words_that_look_missing_are_taken_at_their_word():
    warnings = said({**TABLE, "said": ["NA", "sad", "nan", "sad"]})
    assert warnings == ('"said" has the word "NA", "nan"; if it means "missing", say missing=NA.',)


def test_paired_answers_of_another_kind():
    assert wrong({**TABLE, "dark": [1, 2, 3, 4]}, paired=("dark",)).key == "paired"
    assert "several ways" in wrong({**TABLE, "dark": ["Sad"] * 4}, paired=("dark",)).what


def test_no_path_and_no_word_of_a_row_is_in_the_facts(tmp_path):
    path = tmp_path / "Jane Doe" / "answers.csv"
    path.parent.mkdir()
    path.write_text("face,said,who,image\nsad,sad,Jane Doe,/home/x/1.png\nsad,sad,Jane Doe,/home/x/2.png\n")
    counted = count(path, Ask(truth="face", prediction="said", person="who", id="image"))
    assert "Jane" not in repr(counted)
    assert ".png" not in repr(counted)
