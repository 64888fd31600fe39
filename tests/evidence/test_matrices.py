"""The confusion matrices, against what their sources, and entries beside them, say of them."""

from __future__ import annotations

import pytest

from misread.evidence import Matrix, catalogue, matrix

MATRICES = [e for e in catalogue().values() if isinstance(e, Matrix)]
IDS = [m.id for m in MATRICES]

COLUMNS = {
    "M01": [54, 73, 103, 2, 91, 101, 176],
    "M02": [90, 61, 93, 80, 90, 87, 99],
    "M03": [54, 70, 88, 2, 93, 111, 182],
    "M04": [85, 57, 93, 76, 98, 87, 104],
    "M05": [93, 172, 152, 3, 125, 68, 157],
    "M06": [138, 60, 114, 19, 181, 53, 205],
    "M07": [77, 183, 207, 0, 104, 55, 144],
    "M08": [142, 137, 110, 15, 140, 94, 132],
    "M09": [444, 465, 564, 553, 566, 493, 415],
    "M10": [446, 569, 555, 483, 465, 483, 514, 485],
    "M11": [468, 469, 353, 602, 473, 530, 486, 618],
    "M12": [743, 329, 135, 1770, 969, 724],
    "M13": [84468, 5346, 8294, 3669, 62623, 20702, 19334, 76096],
    "M14": [77566, 15763, 22475, 15700, 67411, 55112, 20873, 5632],
    "M16": [15, 99, 91, 1, 104, 74, 171, 168, 8],
    "M17": [89, 68, 93, 82, 113, 84, 99, 103],
    "M18": [47, 100, 141, 2, 91, 105, 197, 7],
    "M19": [10005, 12428, 9149, 12152, 18628, 9292],
    "M20": [10220, 12197, 11849, 11139, 18688, 7685],
    "M21": [91027, 87687, 34908, 36782, 20870, 2953, 8325, 3905, 11296, 132],
}
"""How often each label was given, from the source's own totals (three misprints in M01, M04 and M06 corrected)."""

TOTAL = {
    "M01": 600, "M02": 600, "M03": 600, "M04": 600, "M05": 770, "M06": 770, "M07": 770, "M08": 770,
    "M09": 3500, "M10": 4000, "M11": 3999, "M12": 4670, "M13": 280_532, "M14": 280_532,
    "M16": 731, "M17": 731, "M18": 690, "M19": 71_654, "M20": 71_778, "M21": 297_885,
}  # fmt: skip


def total(m):
    return sum(m.row_n.values())


def given(m, column, rows=None):
    return sum(m.counts[row][column] for row in rows or m.rows)


def accuracy(m):
    return sum(m.counts[row].get(row, 0) for row in m.rows) / total(m)


def kappa(m):
    chance = sum(m.row_n[row] * given(m, row) for row in m.rows) / total(m) ** 2
    return (accuracy(m) - chance) / (1 - chance)


def macro_f1(m):
    f1 = [2 * m.counts[row][row] / (m.row_n[row] + given(m, row)) for row in m.rows]
    return sum(f1) / len(f1)


def recall(m, row):
    return m.counts[row][row] / m.row_n[row]


def test_there_are_21():
    assert [f"M{i:02}" for i in range(1, 22)] == IDS


@pytest.mark.parametrize("m", MATRICES, ids=IDS)
def test_counts_are_whole_numbers_that_add_to_row_n(m):
    assert list(m.counts) == list(m.rows) == list(m.row_n)
    for row, line in m.counts.items():
        assert tuple(line) == m.columns
        if m.cells == "counts":
            assert all(type(count) is int for count in line.values())
            assert sum(line.values()) == m.row_n[row]
    assert (m.cells == "proportions") == (m.id == "M15")


@pytest.mark.parametrize("id", sorted(COLUMNS))
def test_totals(id):
    m = matrix(id)
    assert [given(m, column) for column in m.columns] == COLUMNS[id]
    assert total(m) == TOTAL[id] == sum(COLUMNS[id])


def test_proportions_are_kept_as_printed():
    m = matrix("M15")
    assert m.as_printed["happiness"]["happiness"] == 0.5335
    assert m.row_n["anger"] == 137_028
    for row, line in m.as_printed.items():
        assert sum(line.values()) == pytest.approx(1, abs=7 * 0.00005)
        assert all(len(f"{p:.10f}".rstrip("0").partition(".")[2]) <= 4 for p in line.values())
        assert m.counts[row]["fear"] == line["fear"] * m.row_n[row]
    # What the notebook prints beside the table: 38,923 of 174,669 frames of fear, 92,003 of 172,458 of happiness.
    assert round(38_923 / 174_669, 4) == m.as_printed["fear"]["fear"]
    assert round(92_003 / 172_458, 4) == m.as_printed["happiness"]["happiness"]


FIGURES = {"accuracy": accuracy, "kappa": kappa, "macro_f1": macro_f1}
PRINTED = [(m, key) for m in MATRICES for key in m.printed]


@pytest.mark.parametrize(("m", "key"), PRINTED, ids=[f"{m.id}-{key}" for m, key in PRINTED])
def test_the_source_s_own_figures_come_out_again(m, key):
    said = m.printed[key]
    half = 0.5 * 10.0 ** -len(repr(said).partition(".")[2])
    assert FIGURES[key](m) == pytest.approx(said, abs=half + 1e-9)


def test_figures_that_other_entries_give_of_a_matrix():
    catalogued = {
        ("A01", "AFFDEX"): accuracy(matrix("M01")),
        ("A01", "FACET"): accuracy(matrix("M02")),
        ("A01", "AFFDEX, kappa"): kappa(matrix("M01")),
        ("A01", "FACET, kappa"): kappa(matrix("M02")),
        ("A02", "AFFDEX"): accuracy(matrix("M05")),
        ("A02", "FACET"): accuracy(matrix("M06")),
        ("A02", "AFFDEX, kappa"): kappa(matrix("M05")),
        ("A02", "FACET, kappa"): kappa(matrix("M06")),
        ("A16", "silent"): 100 * accuracy(matrix("M19")),
        ("A16", "with voice"): 100 * accuracy(matrix("M20")),
    }
    for (id, name), counted in catalogued.items():
        (figure,) = [f for f in catalogue()[id].figures if f.name == name]
        assert counted == pytest.approx(figure.value, abs=0.0500001 if figure.unit == "%" else 0.0050001), (id, name)


def test_what_a_label_is_worth():
    checked = 0
    for figure in catalogue()["A36"].figures:
        what, _, id = figure.name.partition(", M")
        m = matrix(f"M{id}")
        label, _, without = what.partition(" without")
        rows = [row for row in m.rows if not (without and row == "other")]
        worth = m.counts[label][label] / given(m, label, rows)
        assert round(100 * worth, 1) == figure.value, figure.name
        checked += 1
    assert checked == 16


def test_neutral_faces():
    m13, m14, m21 = matrix("M13"), matrix("M14"), matrix("M21")
    assert round(recall(m14, "neutral"), 2) == 0.46
    assert round(recall(m13, "neutral"), 2) == 0.61
    negative = sum(m14.counts["neutral"][label] for label in ("anger", "disgust", "fear", "sadness"))
    assert round(negative / m14.row_n["neutral"], 2) == 0.29
    assert round(recall(m14, "anger"), 2) == 0.15
    assert round(recall(m13, "anger"), 3) == 0.175
    shares = {label: m21.counts["neutral"][label] / m21.row_n["neutral"] for label in ("sadness", "anger")}
    assert (round(shares["sadness"], 2), round(shares["anger"], 2)) == (0.11, 0.03)


def test_neutral_photographs():
    m16, m17 = matrix("M16"), matrix("M17")
    labelled = 90 - m16.counts["neutral"]["none<50"] - m16.counts["neutral"]["no_face"]
    assert (labelled, m16.counts["neutral"]["contempt"]) == (13, 11)
    assert m17.counts["neutral"]["neutral"] == 89


def test_no_face_was_booked_as_anger():
    m01, m18 = matrix("M01"), matrix("M18")
    lost = {row: m18.counts[row]["no_face"] for row in m01.rows}
    assert lost == {
        "anger": 1, "contempt": 0, "disgust": 3, "fear": 1, "happiness": 0, "sadness": 0, "surprise": 2,
    }  # fmt: skip
    for row in m01.rows:
        for column in m01.columns:
            booked = lost[row] if column == "anger" else 0
            assert m01.counts[row][column] == m18.counts[row][column] + booked


@pytest.mark.parametrize("m", MATRICES, ids=IDS)
def test_units_are_independent_and_explained(m):
    assert m.unit_of
    assert m.units_note
    for row, units in m.row_units.items():
        assert 0 < units <= m.row_n[row]
        if m.counted == "frames":
            assert units <= 70
    if m.counted in {"frames", "votes"}:
        # Frames of one video and votes on one face are not independent.
        assert max(m.row_units.values()) <= max(m.row_n.values()) / 10
    if m.id in {"M12", "M13", "M14"}:
        assert "assumption" in m.units_note


def test_units():
    assert matrix("M14").row_units["anger"] == 6.126
    assert matrix("M14").row_units["neutral"] == 70
    assert set(matrix("M15").row_units.values()) == {10}
    assert matrix("M02").row_units["contempt"] == 61
    assert set(matrix("M06").row_units.values()) == {110}
    assert set(matrix("M19").row_units.values()) == {91}
    assert matrix("M21").row_units["disgust"] == 107.5
