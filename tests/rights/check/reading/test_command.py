"""`misread rights check`: as a user types it; and that it writes nothing and speaks to nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from misread.cli.rights.check import check
from misread.errors import MisreadError
from misread.rights.check.findings.seen.checks import CHECKS
from tests.cli.calls import mistake
from tests.rights.check.reading.makers import HEAD, ROWS, csv_of, every_form

FORMS = every_form()
LABELS = ("happy", "sad", "neutral", "bored", "none")
CALENDAR = "terms = [[2026-09-01, 2026-12-18]]\n"


def run(*typed, code=0):
    result = CliRunner().invoke(check, [*map(str, typed)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def file(tmp_path):
    def made(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_is_told_in_words_and_in_json(name, file):
    path = file(name, FORMS[name])
    told = json.loads(run(path, "--json"))
    assert told["format"] == "misread-export-check/1"
    assert sorted(finding["code"] for finding in told["findings"]) == sorted(CHECKS)
    words = " ".join(run(path).split())
    for finding in told["findings"]:
        assert finding["code"] in words
        assert " ".join(finding["says"].split()) in words


def test_another_child_stops_it_and_pupil_goes_on(file):
    rows = (*ROWS, ("B", "2026-09-02 08:00:00", "sad"))
    path = file("a.csv", csv_of((HEAD, *rows)))
    told = json.loads(run(path, "--json", code=2))
    assert told["stop"] is True
    assert [question["option"] for question in told["questions"]] == ["--pupil", "--column"]
    told = json.loads(run(path, "--pupil", "A", "--json"))
    assert told["stop"] is False


def test_what_is_asked_can_be_answered(file):
    rows = [("A", f"0{day}/0{month}/2026 08:00", "head down") for day, month in ((2, 3), (3, 4), (4, 5))]
    path = file("a.csv", csv_of((("pupil", "timestamp", "state"), *rows)))
    asked = {question["option"] for question in json.loads(run(path, "--json"))["questions"]}
    assert "--dates" in asked
    answered = json.loads(run(path, "--dates", "dmy", "--column", "state=behaviour", "--word", "head down=behaviour", "--on", "2026-06-01", "--json"))  # fmt: skip
    assert "--dates" not in {question["option"] for question in answered["questions"]}


def test_record_calendar_and_case_are_taken(file, tmp_path):
    path = file("a.csv", FORMS["a.csv"])
    calendar = file("c.toml", CALENDAR)
    told = json.loads(run(path, "--record", "967-schools", "--calendar", calendar, "--json"))
    assert len(told["findings"]) == len(CHECKS)
    with pytest.raises(MisreadError):
        run(path, "--case", file("case.json", "{}"))
    with pytest.raises(MisreadError):
        run(path, "--record", tmp_path / "none.json")
    with pytest.raises(MisreadError):
        run(path, "--calendar", file("bad.toml", "terms = 3"))


@pytest.mark.parametrize("typed", ["label", "=emotion", "label="])
def test_an_answer_without_its_two_parts_is_refused(typed, file):
    run(file("a.csv", FORMS["a.csv"]), "--column", typed, code=2)


@pytest.mark.parametrize(
    ("path", "what"),
    [("none.csv", "cannot be read"), (".", "cannot be read")],
)
def test_what_is_no_file_is_refused(path, what, tmp_path):
    with pytest.raises(MisreadError, match=what):
        run(tmp_path / path)


def test_a_file_that_is_too_large_is_not_read(file, tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(513 * 2**20)
    with pytest.raises(MisreadError, match="too large"):
        run(path)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.pdf", b"%PDF-1.7", "It is a PDF: pages to look at, not data."),
        ("a.csv", b"", "There is nothing in it that is read here."),
        ("a.json", b'{"a": ', "It ends in the middle"),
    ],
)
def test_a_refusal_is_one_message_and_exit_code_2(name, content, what, file):
    said = mistake("rights", "check", file(name, content))
    assert what in said
    assert said.count("Mend:") == 1
    assert "Traceback" not in said


@pytest.mark.long
def test_a_million_rows_fit_into_half_a_gigabyte(tmp_path):
    path = tmp_path / "looks.csv"
    with path.open("w") as out:
        out.write("pupil,date,time,emotion,confidence\n")
        for i in range(1_000_000):
            second = i % 4500 * 4
            day = date(2025, 9, 1) + timedelta(i // 4500)
            out.write(
                f"A,{day},{8 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02},{LABELS[i * 7 % 5]},0.{i % 1000:03}\n"
            )
    # The most that it took by its own account: what the system says of a child counts the parent that it was split from.
    program = (
        "import sys; from misread.cli.rights.check import check; check(sys.argv[1:], standalone_mode=False);"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path), "--json"], capture_output=True, text=True)
    assert done.returncode == 0
    assert int(done.stderr.split()[-2]) / 1024 < 500


WATCH = """
import os, sys
allowed = (os.devnull,)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
QUIET = ("socket.", "tempfile.", "shutil.", "subprocess.", "ftplib.", "urllib.", "smtplib.", "webbrowser.")
NAMED = ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.truncate", "os.system", "os.exec", "os.posix_spawn", "os.fork")
def watch(event, args):
    if event == "open":
        path, mode, flags = args
        if flags & WRITING and path not in allowed:
            print("WROTE", path, mode, flags, file=sys.stderr); os._exit(99)
    elif event.startswith(QUIET) or event in NAMED:
        print("DID", event, args, file=sys.stderr); os._exit(99)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
"""
RUN = """
from misread.cli.rights.check import check
for name in sys.argv[1:]:
    check([name, "--json"], standalone_mode=False)
check([name], standalone_mode=False)
print("DONE", file=sys.stderr)
"""


def watched(program: str, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WATCH + program, *map(str, files)], capture_output=True, text=True, check=False)  # fmt: skip


def test_nothing_is_written_and_nobody_is_spoken_to(file, tmp_path):
    files = [file(name, content) for name, content in FORMS.items()]
    before = sorted(tmp_path.iterdir())
    result = watched(RUN, *files)
    assert result.returncode == 0, result.stderr[-2000:]
    assert "DONE" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "program",
    [
        "open('x', 'w')",
        "import socket; socket.socket()",
        "import tempfile; tempfile.TemporaryFile()",
        "import os; os.mkdir('x')",
    ],
)
def test_the_watch_sees_what_it_is_there_for(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert watched(program).returncode == 99
