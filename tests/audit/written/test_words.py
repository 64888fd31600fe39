"""Words from a file that anybody may have made: in the card, in the table, on the terminal."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.audit.written.build import write
from misread.audit.written.model import Written
from misread.audit.written.told.card import card
from misread.audit.written.told.estimates import to_csv
from misread.audit.written.told.facts import percent
from misread.cli.audit.lines import lines

ODD = ("a|b", "<script>x", "red [bold]", "*x* `y`", 'q"u,o\\te', "\u202eabc", "1+1=2", "\u0634\u0627\u062f")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """An audit whose words are odd."""
    path = tmp_path_factory.mktemp("odd") / "odd|file.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["t", "p", "g|1"])
        for i in range(240):
            rows.writerow([ODD[i % 8], ODD[(i + (i % 5 == 0)) % 8], ODD[i % 3]])
    return write(Audit(count(path, Ask(truth="t", prediction="p", groups=("g|1",)))))


def test_the_card_stays_a_card(odd):
    text = card(odd, "misread audit `x`\n```\nrm")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert tables
    for line in tables:
        bars = line.replace("\\\\", "").replace("\\|", "").count("|")
        assert bars in (4, 7), line
    assert "<script>" not in text
    assert "\u202e" not in text
    assert text.count("```") == 2


def test_the_table_is_read_back(odd):
    rows = list(csv.DictReader(io.StringIO(to_csv(odd.estimates, ["g|1"]))))
    assert {row["expression"] for row in rows if row["statistic"] == "recall"} == set(ODD)
    assert {row["group_g|1"] for row in rows} == {"", *ODD[:3]}


def test_audit_json_is_read_back(odd):
    assert Written.model_validate_json(odd.text()) == odd


def test_lines_are_printable_and_few(odd):
    said = lines(odd, ())
    assert len(said) <= 25
    assert all(line.isprintable() for line in said)


def test_at_most_25_lines_whatever_there_is(written, tmp_path):
    names = [tmp_path / name for name in ("audit.json", "publication/README.md", "card.md", "report.html")]
    inside = tuple(replace(d, within=(("tone", "dark"),)) for d in written.disparities)
    both = {"disparities": (*written.disparities, *inside), "warnings": tuple(f"warning {i}" for i in range(50))}
    more = written.model_copy(update=both)
    said = lines(more, names, "words")
    assert len(said) <= 25
    assert "Note: 47 more in audit.json." in said


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "50.0 %"), (0.0123, "1.2 %"), (0.00123, "0.12 %"), (0.0, "0.0 %"), (1.0, "100.0 %")]
)
def test_percent(share, said):
    assert percent(share) == said
