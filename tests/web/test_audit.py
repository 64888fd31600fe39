"""The page “Audit” without a browser: files in memory, what is guessed, what is wrong, what is taken away."""

from __future__ import annotations

import gzip
import io
import json
import re
import resource
import shlex
import subprocess
import sys
import tomllib
import zipfile
from base64 import b64decode, b64encode
from html import unescape
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from misread.audit.reading import Ask
from misread.audit.result import Audit
from misread.audit.table import from_matrix
from misread.errors import MisreadError
from misread.evidence import matrix
from misread.web.pages.audit.asked import share_of
from misread.web.pages.audit.file import answered, example, matrices, view
from misread.web.pages.audit.held import Column, counted, held
from misread.web.pages.audit.made import ALL, PUBLISHED, packed, taken
from misread.web.pages.audit.roles import NAMED as NAMED_AS
from misread.web.pages.audit.roles import ROLES, guesses
from misread.web.render import rendered
from misread.web.server.app import AUDIT, LISTED
from misread.web.server.parcels import STATIC
from tests.cli.calls import call

WORDS = ("anger", "fear", "sad")
ROWS = [
    {"truth": WORDS[i % 3], "answer": WORDS[(i * i // 5) % 3] if i % 11 else None, "age": i % 4 * 3, "who": f"p{i // 20}",
     "score": round(0.1 + i % 9 / 10, 2)}
    for i in range(240)
]  # fmt: skip
NAMED = {"truth": "truth", "answer": "prediction", "age": "groups", "who": "person", "score": "score"}


def csv(rows=ROWS, between=","):
    lines = [between.join(rows[0])]
    lines += [between.join("" if cell is None else str(cell) for cell in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def sent(text, roles, **typed):
    """A file and a form that were sent together, as the page answers them."""
    content = text if isinstance(text, bytes) else text.encode()
    fields = {"column": tuple(roles), "role": tuple(roles.values())}
    return answered(fields | {name: (value,) for name, value in typed.items()}, ("answers.csv", content))


def page_of(told, here=AUDIT):
    return rendered(f"pages/{here.module}.html.j2", {**told, "pages": LISTED, "here": here, "query": None})


def arrow(write):
    made = io.BytesIO()
    write(pa.Table.from_pylist(ROWS), made)
    return made.getvalue()


FORMS = {
    "a.csv": csv().encode(),
    "semicolons.csv": csv(between=";").replace(".", ",").encode(),
    "utf16.csv": csv().encode("utf-16"),
    "packed.csv.gz": gzip.compress(csv().encode()),
    "a.jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
    "a.parquet": arrow(pq.write_table),
    "a.feather": arrow(lambda table, out: feather.write_feather(table, out, compression="uncompressed")),
}


def test_columns_come_with_guesses_and_nothing_is_counted_of_them():
    told = answered({}, ("answers.csv", csv().encode()))
    assert told["shown"] is None
    assert told["problems"] == ()
    assert {row.name: row.role for row in told["rows"]} == NAMED | {"who": ""}
    assert [row.name for row in told["rows"] if row.guessed] == ["truth", "answer", "age", "score"]
    said = page_of(told)
    assert said.count("a guess") == 4 + said.count("as a guess")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("expression", "prediction", "actor", "product"), ("truth", "prediction", "person", "model")),
        (("ground_truth", "y_pred", "gender", "image"), ("truth", "prediction", "groups", "")),
        # Two names of a truth: the first is taken, and the other is not made a second one.
        (("truth", "expression", "answer", "x"), ("truth", "", "prediction", "")),
        (("a", "b", "c", "d"), ("", "", "", "")),
    ],
)
def test_guesses_by_name(names, expected):
    assert guesses([Column(name, ("sad", "fear"), False, True) for name in names]) == expected


def test_whoever_comes_once_is_no_person_who_comes_again():
    assert guesses([Column("actor", ("a", "b"), False, False)]) == ("",)
    assert guesses([Column("score", ("high",), False, True)]) == ("",)


NAMES = ("truth", "expression", "y_pred", "label", "model_label", "model", "subject_id", "age_group", "gender", "set",
         "score", "probability", "weight", "skin_tone", "dataset", "identity", "product", "condition", "actual")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_of_two_meanings(name):
    assert sum(re.fullmatch(called, name) is not None for _role, called in NAMED_AS) <= 1


@pytest.mark.parametrize(
    ("text", "share"), [("5 %", 0.05), ("0.05", 0.05), ("5 of 100", 0.05), ("", None), (" ", None)]
)
def test_a_share_as_one_types_it(text, share):
    assert share_of(text) == (share if share is None else pytest.approx(share))


@pytest.mark.parametrize("text", ["5", "0", "100 %", "0.5 seconds", "over 5 %", "5 to 9 %", "5 % or 6 %", "x", "-5 %"])
def test_what_is_no_share(text):
    with pytest.raises(MisreadError, match="is no share"):
        share_of(text)


def test_guesses_by_words():
    truth = Column("emotion", ("sad", "fear"), False, True)
    votes = [Column(word, ("0", "3"), True, True) for word in ("sad", "fear")]
    assert guesses([truth, *votes]) == ("truth", "votes", "votes")
    other = Column("network_2", ("fear", "sad"), False, True)
    assert guesses([Column("note", ("x", "y"), False, True), truth, other]) == ("", "truth", "prediction")


def test_the_answer_is_that_of_the_audit():
    told = sent(csv(), NAMED)
    shown = told["shown"]
    assert not any(row.guessed for row in told["rows"])
    ask = Ask(truth="truth", prediction="answer", groups=("age",), person="who", score="score")
    found = Audit(counted(held("answers.csv", csv().encode()), ask))
    written = json.loads(taken(shown.made, "audit.json")[0])
    [accuracy] = [e for e in written["estimates"] if e["statistic"] == "accuracy" and not e["group"]]
    known = found.rates().find(0, "accuracy")
    right = sum(row["truth"] == row["answer"] for row in ROWS)
    assert accuracy["value"] == known.value == right / 240
    assert (accuracy["low"], accuracy["high"]) == (known.low, known.high)
    said = page_of(told)
    assert 'style="' not in said.partition('<div class="report">')[2], "the page may have no inline styles"
    assert "--truth truth --prediction answer --group age --person who --score score" in said


@pytest.mark.parametrize(
    ("typed", "open"), [({}, False), ({"duplicates": "refuse"}, False), ({"duplicates": "first"}, True)]
)
def test_further_questions_stay_folded_unless_something_was_answered(typed, open):
    said = page_of(sent(csv().encode(), NAMED, **typed))
    assert ("<details open><summary>How words and numbers are read" in said) is open


def test_what_is_taken_away_holds_no_line_about_a_person():
    rows = [{**row, "who": f"Zebulon-{row['who']}"} for row in ROWS]
    shown = sent(csv(rows), NAMED, for_publication="1")["shown"]
    names = [name for name, _said in shown.files]
    assert names == ["report.html", "audit.json", "estimates.csv", "card.md", "profile.toml", PUBLISHED, ALL]
    with zipfile.ZipFile(io.BytesIO(b64decode(shown.made))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in texts.items() if "Zebulon" in text]
    assert texts["report.html"].startswith("<!doctype html>")
    assert tomllib.loads(texts["profile.toml"])
    for name in names:
        content, kind = taken(shown.made, name)
        assert content
        assert kind.split("/")[1] in ("html", "json", "csv", "markdown", "toml", "zip")
    with zipfile.ZipFile(io.BytesIO(taken(shown.made, PUBLISHED)[0])) as archive:
        assert all(name.startswith("publication/") for name in archive.namelist())
    assert taken(shown.made, "../secret") is None
    assert taken(shown.made, "publication/counts.csv") is None
    assert packed(texts) == shown.made


def damaged():
    """An archive of which a byte was changed on the way."""
    made = bytearray(b64decode(packed({"audit.json": "x" * 1000 + "y" * 1000})))
    made[42] ^= 255
    return b64encode(made).decode()


@pytest.mark.parametrize("made", ["", "no archive", b64encode(b"PK\x03\x04 cut").decode(), damaged()])
def test_nothing_is_taken_of_what_is_no_archive(made):
    with pytest.raises(MisreadError, match="nothing to take away"):
        taken(made, "audit.json")


def test_an_archive_that_unpacks_to_gigabytes_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("audit.json", "w") as out:
        for _piece in range(65):
            out.write(bytes(2**20))
    with pytest.raises(MisreadError, match="nothing to take away"):
        taken(b64encode(made.getvalue()).decode(), "audit.json")


PLAIN = {"truth": "truth", "answer": "prediction"}
TWO = "truth,answer\nsad,sad\nfear,sad\n"
WRONG = {
    "no truth": (csv(), NAMED | {"truth": ""}, {}, "columns", "No column says what the faces show."),
    "one meaning twice": (csv(), NAMED | {"who": "truth"}, {}, "role-0", "one column can mean that"),
    "no rows": ("truth,answer\n", PLAIN, {}, "file", "0 rows"),
    "truth empty": ("truth,answer\n,sad\n,fear\n", PLAIN, {}, "role-0", "is empty in all 2 rows"),
    "two spellings": ("truth,answer\nHappy,happy\nsad,sad\n", PLAIN, {}, "role-1", '"Happy"'),
    "nothing in common": ("truth,answer\nsad,0\nfear,1\n", PLAIN, {}, "role-1", 'no word of "answer" occurs'),
    "a column of ids": (
        "truth,answer\n" + "".join(f"w{i},w{i}\n" for i in range(300)), PLAIN, {}, "role-0", "300 different values",
    ),
    "a group of numbers": (
        "truth,answer,age\n" + "".join(f"sad,sad,{i / 7:.3f}\n" for i in range(60)),
        PLAIN | {"age": "groups"}, {}, "role-2", "60",
    ),
    "a reserved level": ("truth,answer,g\nsad,sad,all\n", PLAIN | {"g": "groups"}, {}, "role-2", '"all"'),
    "percent": ("truth,answer,s\nsad,sad,97\nfear,sad,20\n", PLAIN | {"s": "score"}, {}, "role-2", "outside 0…1"),
    "no scores": ("truth,answer,s\nsad,sad,high\n", PLAIN | {"s": "score"}, {}, "role-2", "s"),
    "a picture twice": ("truth,answer,i\nsad,sad,1\nfear,sad,1\n", PLAIN | {"i": "id"}, {}, "role-2", "more than once"),
    "lines of other widths": ("truth,answer\nsad,sad\nfear,sad,x\n", PLAIN, {}, "file", "A line has 3 cells"),
    "truncated": (FORMS["a.parquet"][:200], NAMED, {}, "file", "cannot be read"),
    "a picture": (b"\x89PNG\r\n\x1a\n0000", NAMED, {}, "file", "It is a picture"),
    "a workbook": (b"PK\x03\x04" + bytes(40), NAMED, {}, "file", "a ZIP or a workbook"),
    "packed and damaged": (
        FORMS["packed.csv.gz"][:20] + b"\xff\xff\xff" + FORMS["packed.csv.gz"][23:], NAMED, {}, "file", "cannot be unpacked",
    ),
    "nothing": (b"", PLAIN, {}, "file", "It is empty."),
    "no such encoding": (TWO, PLAIN, {"encoding": "klingon"}, "encoding", "klingon"),
    "no pairs": (TWO, PLAIN, {"map_labels": "joy: happy"}, "map_labels", "joy: happy"),
    "no edges": (TWO, PLAIN, {"bands": "age = young"}, "bands", "age = young"),
    "bands of no group": (TWO, PLAIN, {"bands": "age = 0, 6"}, "bands", "is no group"),
    "no scale": (TWO, PLAIN, {"score_scale": "percent"}, "score_scale", "percent"),
    "no share": (TWO, PLAIN, {"prevalence": "5"}, "prevalence", "“5” is no share"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_where_it_was_typed_and_all_stays(case):
    text, roles, typed, where, says = WRONG[case]
    told = sent(text, roles, **typed)
    assert told["http"] == 422
    assert told["shown"] is None
    problems = told["wrong"][where]
    assert any(says in problem.what for problem in problems), told["wrong"]
    whole = " ".join(f"{p.what} {p.expected} {p.mend} {p.key}" for p in problems)
    assert not re.search("--|[={]\\{|%%|““", whole), "no option of a command, no argument of Python"
    # All that was said is still there.
    assert [(row.name, row.role) for row in told["rows"]] == list(roles.items())
    said = page_of(told)
    assert f'id="wrong-{where}"' in said
    for value in typed.values():
        assert value in said


MENDED = {
    "two spellings": ({"fold_case": "1"}, {}),
    "nothing in common": ({"map_labels": "0 = sad\n1 = fear"}, {}),
    "a group of numbers": ({"bands": "age = 0, 3, 6"}, {}),
    "percent": ({"score_scale": "100"}, {}),
    "a picture twice": ({"duplicates": "keep"}, {}),
}


@pytest.mark.parametrize("case", MENDED)
def test_and_can_be_mended_on_the_page(case):
    text, roles, typed, _where, _says = WRONG[case]
    told = sent(text, roles, **typed, **MENDED[case][0])
    assert told["problems"] == ()
    assert told["shown"] is not None
    assert ("labels.toml" in dict(told["shown"].files)) is (case == "nothing in common")


def test_pictures_in_a_table_are_refused():
    made = io.BytesIO()
    pq.write_table(
        pa.table({"truth": ["sad", "fear"], "answer": ["sad", "sad"], "image": [b"\x89PNG", b"\x89PNG"]}), made
    )
    told = sent(made.getvalue(), PLAIN | {"image": ""})
    assert told["shown"] is not None, "what nobody asks for is not read"
    told = sent(made.getvalue(), PLAIN | {"image": "groups"})
    assert "binary data" in told["problems"][0].what


def test_another_file_is_asked_about_anew():
    told = sent("expression,label\nsad,sad\n", PLAIN)
    assert (told["shown"], told["problems"]) == (None, ())
    assert [(row.name, row.role, row.guessed) for row in told["rows"]] == [
        ("expression", "truth", True), ("label", "prediction", True),
    ]  # fmt: skip


def test_without_a_file_what_was_said_stays():
    told = answered({"column": ("truth", "answer"), "role": ("truth", "prediction")})
    assert "No file was chosen." in told["wrong"]["file"][0].what
    assert [row.role for row in told["rows"]] == ["truth", "prediction"]


def test_the_first_example_is_the_published_table():
    shown, one = example("M17"), matrix("M17")
    assert matrices()[0].id == "M17"
    table = from_matrix(one)
    right = table.counts[0][table.right].sum() / table.counts.sum()
    written = json.loads(taken(shown.made, "audit.json")[0])
    found = next(e for e in written["estimates"] if e["statistic"] == "accuracy")
    assert found["value"] == right
    assert found["n"] == 731
    said = page_of(view({"example": "M17"}))
    assert one.citation in said.replace("&amp;", "&").replace("&#39;", "'")
    assert "misread audit --counts evidence:M17" in said
    with pytest.raises(MisreadError, match="no such example"):
        view({"example": "M99"})


@pytest.mark.long
@pytest.mark.parametrize("id", [one.id for one in matrices()])
def test_every_example_can_be_shown(id):
    assert "answer" in page_of(view({"example": id}))


SMALL = """
import resource, sys
sys.path.insert(0, {root!r})
from misread.web.pages.audit.file import answered
from tests.web.test_audit import FORMS, NAMED
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
for name in ("utf16.csv", "a.parquet"):
    fields = {{"column": tuple(NAMED), "role": tuple(NAMED.values()), "for_publication": ("1",)}}
    assert answered(fields, (name, FORMS[name]))["shown"] is not None, name
"""


def test_no_byte_is_written(tmp_path):
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-B", "-c", SMALL.format(root=root)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0


def test_all_meanings_are_arguments_of_the_audit():
    assert set(ROLES) - {""} <= set(Ask.__dataclass_fields__)


def test_the_command_that_it_names_writes_the_same_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [{**row, "age": 5 + i % 9} for i, row in enumerate(ROWS)]
    text = csv(rows, between=";").replace("anger", "angry", 5).replace("fear", "Fear", 3)
    Path("answers.csv").write_text(text)
    typed = {
        "bands": "age = 5, 8.1234567, 11",
        "fold_case": "1",
        "map_labels": "angry = anger",
        "prevalence": "5.1234567 %",
        "missing": "sad",
        "duplicates": "refuse",
        "max_levels": "40",
    }
    # Without scores: their sums may differ in the last digit, since another library adds them in another order.
    told = sent(text, NAMED | {"score": "", "age": "groups"}, **typed)
    assert told["problems"] == ()
    command = page_of(told).partition('<code class="command">misread audit')[2].partition("</code>")[0]
    assert "--max-levels 40" in command
    assert "--duplicates" not in command
    Path("labels.toml").write_bytes(taken(told["shown"].made, "labels.toml")[0])
    call("audit", *shlex.split(unescape(command)), "--out", "out")
    for name in ("audit.json", "estimates.csv", "card.md", "profile.toml", "report.html"):
        assert Path("out", name).read_bytes() == taken(told["shown"].made, name)[0], name


def test_what_a_picture_is_made_of_is_drawn_as_in_the_report():
    """A `<use>` looks its parts up by rules that name nothing around them, so that those within `.report` miss them."""
    report = (files("misread.report") / "assets" / "templates" / "style.css").read_text()
    page = STATIC["audit.css"][0].decode()
    rules = re.findall(r"^(?:.*,)?(#[\w-]+ \.[\w-]+\{[^}]*\})", report, re.MULTILINE)
    assert len(rules) == 3
    for rule in rules:
        assert rule in page
