"""“Your school”, once something came back: answers, the case that is kept, the file that the school sends."""

from __future__ import annotations

import csv
import io

import pytest
from docx import Document

from misread.rights.case.model import read_case
from misread.web.pages.school.kept import kept_of

from .school import LETTER, Person, in_europe, page_of


def answered(text, **more):
    person = in_europe()
    person.go("answer")
    person.go("answer", kind="access", on="2026-10-01")
    return person, person.go("answer", reply=text, came="2026-10-20", **more)


def test_an_answer_is_recognised_by_its_own_words_and_changes_the_record_only_when_it_is_noted():
    person, told = answered("We do not store any images.")
    (one,) = told["reading"]
    assert (one.id, one.quote) == ("no-images-are-stored", "We do not store any images.")
    assert kept_of(told["kept"]).case.replies == ()
    body = "\n".join(text for row in told["followup"].rows for line in row.lines for text, _ in line)
    assert "We do not store any images." in body
    told = person.go("answer", reply="We do not store any images.", came="2026-10-20", noted="1")
    (reply,) = kept_of(told["kept"]).case.replies
    assert (reply.to, str(reply.on), reply.said[0].module) == (1, "2026-10-20", "no-images-are-stored")
    assert told["next"]
    letter = Document(io.BytesIO(person.take("followup", "docx")))
    assert "We do not store any images." in "\n".join(one.text for one in letter.paragraphs)


def test_an_answer_that_is_not_known_is_asked_about_and_never_guessed():
    _person, told = answered("The weather has been fine.")
    assert told["nothing"]
    assert told["reading"] == ()
    assert told["choices"]
    assert told["followup"] is None
    person, told = answered("The weather has been fine.", module=("trade-secret",))
    assert [one.id for one in told["reading"]] == ["trade-secret"]
    told = person.go("answer", reply="We do not store any images.", came="2026-10-20", drop=("no-images-are-stored",))
    assert told["reading"] == ()


def test_a_case_is_saved_and_opened_and_nothing_is_asked_twice():
    person = in_europe()
    person.go("letter")
    person.go("deadline", **LETTER)
    person.go("answer", kind="access", on="2026-10-01", note="1")
    person.go("case", reply="We do not store any images.", came="2026-10-20", noted="1")
    saved = person.take("case", "json")
    case = read_case(saved)
    assert (len(case.letters), len(case.replies), case.facts.child.name) == (1, 1, "Child A")
    other = Person()
    other.go("case")
    told = other.go("case", file=("case.json", saved))
    assert (told["place"], len(told["letters"]), len(told["replies"])) == ("eu", 1, 1)
    fields = {one["name"]: one["value"] for one in other.go("letter")["fields"]}
    assert fields == {name: LETTER[name] for name in fields}
    assert other.go("case")["facts"] == told["facts"]
    assert other.take("case", "json") == saved


def test_a_case_of_a_later_version_is_refused_as_a_case():
    person = Person()
    person.go("case")
    told = person.go("case", file=("case.json", b'{"format": "misread-case/2", "place": "eu"}'))
    assert [(problem.file, problem.mend) for problem in told["problems"]] == [
        ("case.json", "read it with the version of misread that wrote it.")
    ]
    assert told["place"] == ""


def test_what_speaks_of_a_court_is_never_put_into_a_file():
    person = in_europe()
    person.go("letter")
    told = person.go("case", **LETTER | {"f:child.view": "There is a restraining order by the court."})
    assert told["left_out"] == ("child.view",)
    assert b"restraining" not in person.take("case", "json")
    # The letter may say so: it is the person's own.
    assert "restraining" in kept_of(person.kept).facts.child.view


def test_another_place_has_other_letters():
    person = Person()
    person.go("place", place="uk")
    person.go("letter")
    assert person.go("letter", kind="internal-complaint")["head"].id.startswith("internal-complaint.uk")
    person.go("place")
    person.go("place", place="eu")
    assert person.go("letter")["head"].place == "eu"


def export(rows):
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["pupil", "date", "time", "label"])
    out.writerows(rows)
    return text.getvalue().encode()


ROWS = [
    ("child a", f"2026-{9 + n // 20:02d}-{1 + n % 20:02d}", f"08:{n % 60:02d}:00", ("happy", "bored")[n % 2])
    for n in range(40)
]


def test_a_file_is_held_against_what_was_told():
    person = in_europe()
    person.go("record")
    person.go("export", **{"v:output.labels": "happy, neutral", "h:output.labels": "reply"})
    told = person.go("export", file=("export.csv", export(ROWS)))
    groups = {verdict: {card.code for card in cards} for verdict, _said, _folded, cards in told["groups"]}
    assert "X04" in groups["contradicts"]
    assert sum(map(len, groups.values())) == 22
    assert not told["stop"]
    shown = page_of(told)
    assert "bored" in shown
    assert not {"illegal", "unlawful"} & set(shown.casefold().split())
    told = person.go("case", keep="1", verdicts=told["verdicts"])
    (seen,) = read_case(person.take("case", "json")).exports
    assert seen.verdicts["X04"] == "contradicts"
    assert told["exports"][0][0] == "23 November 2026"
    # Words of the file are in no case.
    assert b"bored" not in person.take("case", "json")


def test_other_children_in_it_stop_everything_and_are_not_shown():
    rows = [*ROWS, *((f"zebulon {n}", "2026-09-01", "08:00:00", "grumpy-label") for n in range(3))]
    person = in_europe()
    person.go("export")
    told = person.go("export", file=("export.csv", export(rows)))
    assert told["stop"]
    shown = page_of(told)
    assert "Stop: there are other people in this file" in shown
    assert "zebulon" not in shown
    assert "grumpy-label" not in shown
    told = person.go("export", file=("export.csv", export(rows)), **{"q:--pupil:": "child a"})
    assert not told["stop"]
    shown = page_of(told)
    assert "zebulon" not in shown
    assert "grumpy-label" not in shown


def test_a_column_that_says_something_else_than_whose_a_row_is_can_be_told_so():
    person = in_europe()
    person.go("export")
    table = b"student,date,label\n1,2026-09-01,bored\n2,2026-09-01,happy\n"
    told = person.go("export", file=("export.csv", table))
    assert told["stop"]
    assert "--" not in " ".join(told["checked"])
    told = person.go("export", file=("export.csv", table), **{told["questions"][1].name: "code"})
    assert not told["stop"]


def test_what_was_answered_about_another_file_is_refused_in_words_of_the_page():
    person = in_europe()
    person.go("export")
    told = person.go("export", file=("export.csv", export(ROWS)), **{"q:--word:wibble": "emotion"})
    (problem,) = told["problems"]
    assert "wibble" in problem.what
    assert not any("--" in said for said in (problem.key, problem.mend))
    told = person.go("export", file=("export.csv", b"a;b,c\n1;2,3\n4;5,6\n"))
    (problem,) = told["problems"]
    assert problem.mend == "use the command, misread rights check FILE: say which with --delimiter."


def test_what_cannot_be_read_says_why():
    person = in_europe()
    person.go("export")
    told = person.go("export", file=("scan.pdf", b"%PDF-1.7 and so on"))
    assert told["http"] == 422
    assert told["problems"][0].what
    assert person.go("export")["http"] == 200


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"X04": "illegal"}', '{"X04": 1}', '{"name": "matches"}', "null"])
def test_verdicts_that_the_page_did_not_send_are_refused(text):
    person = in_europe()
    person.go("export")
    assert person.go("export", keep="1", verdicts=text)["http"] == 422


def test_what_was_typed_beside_a_file_stays_where_it_is_refused():
    person = in_europe()
    person.go("export")
    told = person.go("export", left_on="soon", terms="2026-09-02 to 2026-12-18", hours="8 to 3")
    assert told["http"] == 422
    assert {told["days"][name] for name in ("left_on", "terms", "hours")} == {
        "soon",
        "2026-09-02 to 2026-12-18",
        "8 to 3",
    }
