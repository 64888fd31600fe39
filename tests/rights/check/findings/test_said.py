"""How it is told: what stands in the JSON stands in the lines, and the other way round; four verdicts, no word more."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from misread.cli.rights.check import check as command
from misread.errors import MisreadError
from misread.rights.check import words
from misread.rights.check.check import check
from misread.rights.check.dictionary.entries import CLASSES, dictionary
from misread.rights.check.findings import others
from misread.rights.check.findings.seen.checks import CHECKS
from misread.rights.check.model import Answers, Checked, Note, Verdict
from misread.rights.check.said import as_json, lines
from misread.rights.record.worked import worked
from tests.rights.check.findings.samples import calendar, export, log, moments, record, school_days, sheet
from tests.rights.check.findings.test_others import two_children


def rich() -> Checked:
    """An export in which most checks have something to say."""
    at = moments(school_days(20))
    n = len(at)
    table = log(at) | {
        "confidence": [str(0.5 + (i % 10) / 20) for i in range(n)],
        "model_version": ["2.1"] * (n // 2) + ["2.2"] * (n - n // 2),
        "face_vec": [json.dumps([0.5] * 64)] * n,
        "notes": ["A remark."] + [""] * (n - 1),
        "grades": ["3"] * n,
        "sent_to": ["teacher, parent"] * n,
        "teacher": ["Mx Example"] * n,
        "status_code": ["A7"] * n,
        "zorbik": ["quux"] * n,
        "webhook": ["https://vendor.example"] * n,
    }
    table["emotion"][3::7] = ["head down"] * len(table["emotion"][3::7])
    table["emotion"][5] = "blarg"
    told = record(
        output__labels=["neutral", "happy", "sad", "angry", "bored"],
        output__interval="every 10 minutes",
        output__live_recipients=["teacher"],
        ret__labels="7 days",
        acc__claim=0.9,
        hist__changes="none",
        input__joined_data="none",
    )
    notes = [Note("hidden-column", "A column is hidden.", "table", None, 4), Note("encoding", "UTF-8.", "table")]
    return check(export(sheet(table), notes=notes), record=told, calendar=calendar())


RICH = rich()


def scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from scalars(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from scalars(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


HEADINGS = {"format", "stop", "headline", "findings", "questions", "notes", "code", "asks", "verdict", "field", "saw"}
HEADINGS |= {
    "promised",
    "says",
    "why",
    "cannot_tell",
    "next",
    "id",
    "options",
    "option",
    "kind",
    "text",
    "sheet",
    "count",
}
HEADINGS |= {"misread-export-check/1", "row"}
"""Keys that name a part of the document, and are headings on a terminal."""


@pytest.mark.parametrize("checked", [RICH, check(export(sheet(two_children())))], ids=["rich", "stopped"])
def test_what_is_in_the_json_is_in_the_lines(checked: Checked) -> None:
    shown = "\n".join(lines(checked, everything=True))
    document = json.loads(json.dumps(as_json(checked), ensure_ascii=False))
    ids = {question["id"] for question in document["questions"]}
    verdicts = set(get_args(Verdict))
    missing = {
        text
        for text in scalars(document)
        if text not in HEADINGS | ids and (text.upper() if text in verdicts else text) not in shown
    }
    # A note that stands once needs no number.
    assert missing - {"1"} == set()


@pytest.mark.parametrize("everything", [True, False])
def test_numbers_in_the_lines_are_in_the_json(everything: bool) -> None:
    document = json.dumps(as_json(RICH), ensure_ascii=False)
    for line in lines(RICH, everything):
        for number in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", line):
            assert number in document or number.replace(",", "") in document, line


def test_what_one_reads_first_is_short_and_leaves_no_check_out() -> None:
    shown = lines(RICH)
    assert len(shown) < len(lines(RICH, everything=True)) / 2
    for finding in RICH.findings:
        assert any(line.lstrip().startswith(finding.code) for line in shown)
        assert any(finding.says in line for line in shown)
    # What contradicts comes first, and what it is held against stands beside it.
    order = [line.split()[0] for line in shown if re.match(r" +X\d\d  ", line)]
    against = [finding.code for finding in RICH.findings if finding.verdict == "contradicts"]
    assert order[: len(against)] == against
    assert "    What was said: every 10 minutes (school)" in shown
    # No id of a field is left for somebody to look up.
    assert not any(re.search(r"\b(output|ret|input|acc|hist|sys|share|rights)\.\w+", line) for line in shown)


def test_every_class_field_and_point_has_words() -> None:
    known = dictionary()
    assert set(words.CLASSES) == {*CLASSES, "nothing", "unknown"}
    assert set(words.FIELDS) == {field.record_field for field in known.fields.values()} - {""}
    source = "".join(path.read_text(encoding="utf-8") for path in Path(others.__file__).parent.glob("*.py"))
    against = set(re.findall(r'finding\(\s*"(X\d\d)",\s*"contradicts"', source))
    # These two take the worst of several verdicts.
    assert set(words.POINTS) == against | {"X09", "X13"}


def test_several_words_of_a_column_are_one_question() -> None:
    table = log(moments(school_days(2)))
    table["emotion"][:2] = ["it's so", "blarg"]
    checked = check(export(sheet(table)))
    assert len(checked.questions) == 2
    shown = lines(checked)
    assert "  What kind of word is each of these, in column “emotion”: “it's so”, “blarg”?" in shown
    assert sum("A CLASS is one of" in line for line in shown) == 1


def test_an_answer_is_written_as_a_shell_takes_it() -> None:
    checked = check(export(sheet(log(moments(school_days(2))) | {"zo rb": ["q", "u"] * 16})))
    assert "    --column 'zo rb'=CLASS" in lines(checked)


def test_one_finding_a_check_and_four_verdicts() -> None:
    assert sorted(finding.code for finding in RICH.findings) == list(CHECKS)
    assert {finding.verdict for finding in RICH.findings} <= set(get_args(Verdict))
    against = {finding.code for finding in RICH.findings if finding.verdict == "contradicts"}
    assert against >= {"X04", "X08", "X09", "X13", "X14", "X18"}
    for finding in RICH.findings:
        assert finding.asks.endswith("?")
        assert finding.says
        assert finding.why
        assert finding.cannot_tell


def test_words_that_are_never_said() -> None:
    shown = ("\n".join(lines(RICH)) + json.dumps(as_json(RICH))).casefold()
    for word in ("illegal", "unlawful", "violat", "breach", "guilty", "score card", "grade a"):
        assert word not in shown


def test_what_can_be_done_is_of_a_known_kind() -> None:
    from misread.rights.record.fields import FIELDS

    letters = {
        "access",
        "objection",
        "erasure",
        "records",
        "complaint",
        "internal-complaint",
        "stop-request",
        "impact-assessment",
    }
    options = {"--column", "--word", "--dates", "--pupil", "--calendar", "--case", "--record", "--on"}
    for finding in RICH.findings:
        assert finding.field in {"", *FIELDS}
        for step in finding.next:
            kind, what = step.split(":", 1)
            assert what in {"letter": letters, "question": set(FIELDS), "answer": options}[kind], step


def test_the_headline_is_in_words() -> None:
    head = " ".join(RICH.headline)
    assert "rows about your child from 1 September 2025 to 26 September 2025" in head
    assert "usually every 300 seconds" in head
    assert "things that nobody told you of: whether it writes about each pupil" in head.replace(
        "how it knows who a pupil is, ", ""
    )
    assert "X04" in head


def test_where_nothing_was_told_nothing_is_said_to_agree_with_it() -> None:
    table = sheet(log(moments(school_days(2))))
    told, blank = (
        check(export(table), record=one).headline[-1] for one in (record(acc__claim="95 % accurate"), record())
    )
    assert told.startswith("Nothing in it contradicts what was said")
    assert blank.startswith("You noted nothing yet that the school told you")


def test_the_same_input_gives_the_same_answer() -> None:
    assert as_json(rich()) == as_json(RICH)


def test_questions_and_their_answers() -> None:
    asked = {(q.option, q.word or q.column) for q in RICH.questions}
    assert asked == {("--column", "zorbik"), ("--word", "blarg")}


def test_an_entry_of_an_unknown_kind_is_asked_about() -> None:
    at = moments(school_days(2))
    table = log(at) | {"type": ["reading", "wibble"] * (len(at) // 2)}
    (question,) = check(export(sheet(table))).questions
    assert (question.option, question.word) == ("--word", "wibble")
    answered = check(export(sheet(table)), answers=Answers(words={"wibble": "alert"}))
    assert answered.questions == ()
    from tests.rights.check.findings.samples import found

    assert found(answered, "X06").saw["rows"] == len(at) // 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers(dates="ydm"), "--dates says 'ydm'"),
        (Answers(columns={"emotion": "emotions"}), "did you mean 'emotion'?"),
        (Answers(columns={"zorbik": "emotion"}), "No column is called 'zorbik'"),
        (Answers(words={"happy": "hapiness"}), "--word says 'hapiness'"),
        (Answers(words={"happy": "emotion", "hapy": "emotion"}), "No label and no kind of entry is 'hapy'"),
        (Answers(pupil="S99"), "No row of the export is of a child that is called so"),
    ],
)
def test_answers_that_fit_nothing_are_refused(answers: Answers, said: str) -> None:
    with pytest.raises(MisreadError) as refused:
        check(export(sheet(log(moments(school_days(1))))), answers=answers)
    assert said in str(refused.value)


def test_a_pupil_without_a_column_of_pupils_is_refused() -> None:
    with pytest.raises(MisreadError, match="No column of the export says whose a row is"):
        check(export(sheet({"emotion": ["happy"]})), answers=Answers(pupil="S17"))


def test_an_export_of_nothing_has_22_findings_too() -> None:
    checked = check(export(sheet({"emotion": []})))
    assert len(checked.findings) == 22
    assert len(check(export()).findings) == 22


def test_what_is_in_circulation_is_not_told_as_said_by_the_school() -> None:
    checked = check(export(sheet(log(moments(school_days(2))))), record=worked("967-schools"))
    shown = "\n".join(lines(checked))
    assert "In circulation, and nobody has shown it: " in shown
    assert "What was said: " not in shown


def test_the_command_tells_all_of_it_where_it_is_asked_to(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    rows = log(moments(school_days(2)))
    file.write_text("\n".join(",".join(map(str, row)) for row in [list(rows), *zip(*rows.values(), strict=True)]))
    short, whole = (CliRunner().invoke(command, [str(file), *more]).stdout for more in ([], ["--all"]))
    assert "Seen: minutes_east_of_utc: –" in whole
    assert "Seen:" not in short
    assert "WHAT IS IN IT" in short
    assert len(short.splitlines()) < 60
