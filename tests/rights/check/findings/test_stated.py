"""X22, and the boundary: no row of an export ever reaches the engine."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import misread.rights.check as package
from misread.deployment import load
from misread.rights.check.findings import stated
from misread.rights.check.findings.seen.promised import Promise
from misread.study.exact.run import measured
from tests.rights.check.findings.samples import log, moments, one, record, school_days

TABLE = log(moments(school_days(3)))
FOLDER = Path(package.__file__).parent
MAY_COMPUTE = "findings/stated.py"


def test_alerts_that_are_right_at_the_stated_accuracy() -> None:
    finding = one("X22", TABLE, record=record(acc__claim={"metric": "accuracy", "number": 0.9}))
    own = measured(load("vendor-claim", settings=["classifier.confusion.camera.accuracy=0.9"]), draws=0).findings
    expected = [
        {"rule": row.rule, "right": round(row.value or 0, 4)}
        for row in own["flag_ppv"]
        if row.group == "all" and row.reader is None
    ]
    assert finding.saw["rules"] == expected
    assert len(expected) == 2
    assert finding.verdict == "cannot tell"
    assert finding.saw["finding"] == "flag_ppv"


def test_a_better_reader_makes_better_alerts() -> None:
    low, high = stated.right(0.2), stated.right(0.8)
    assert [one.rule for one in low] == [one.rule for one in high]
    assert all(a.ppv < b.ppv for a, b in zip(low, high, strict=True))


@pytest.mark.parametrize("claim", ["very accurate", "0.9 on adults, 0.7 on children", 0.01])
def test_what_is_no_accuracy(claim: object) -> None:
    assert one("X22", TABLE, record=record(acc__claim=claim)).verdict == "cannot tell"


def test_no_accuracy_was_disclosed() -> None:
    assert one("X22", TABLE, record=record()).verdict == "not mentioned"
    assert one("X22", TABLE).verdict == "cannot tell"


def test_the_number_is_the_same_whatever_the_file_holds() -> None:
    told = record(acc__claim=0.9)
    other = log(moments(school_days(9)), labels=("angry", "sad"), seed=5)
    assert one("X22", TABLE, record=told) == one("X22", other, record=told)


def test_it_is_given_nothing_but_what_was_said() -> None:
    assert [p.annotation for p in inspect.signature(stated.x22).parameters.values()] == ["Promise"]
    assert [p.annotation for p in inspect.signature(stated.right).parameters.values()] == ["float"]
    assert Promise.__slots__ == ("field", "status", "value", "evidence")


FORBIDDEN = ("engine", "study", "findings", "profile", "closed", "report", "evidence.pooling")
"""Parts of misread that compute what a system does: none may be near rows of a real child."""
COMPUTES_OF_DEPLOYMENT = ("misread.deployment", "misread.deployment.load", "misread.deployment.profiles")


def imports(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_nothing_that_sees_rows_can_compute_rules_or_profiles() -> None:
    files = sorted(FOLDER.rglob("*.py"))
    assert len(files) > 15
    bad = {
        (str(file.relative_to(FOLDER)), name)
        for file in files
        if str(file.relative_to(FOLDER)) != MAY_COMPUTE
        for name in imports(file)
        if name.startswith(tuple(f"misread.{part}" for part in FORBIDDEN)) or name in COMPUTES_OF_DEPLOYMENT
    }
    assert bad == set()


def test_what_computes_sees_no_rows() -> None:
    rows = ("misread.rights.check.reading", "misread.rights.check.dictionary")
    looks = [f"misread.rights.check.findings.seen.{name}" for name in ("look", "parts", "streams", "moments")]
    assert not [name for name in imports(FOLDER / MAY_COMPUTE) if name.startswith((*rows, *looks))]


@pytest.mark.long
def test_the_engine_is_not_even_loaded_where_no_accuracy_was_told() -> None:
    code = (
        "import sys\n"
        "from tests.rights.check.findings.samples import *\n"
        "one('X03', log(moments(school_days(3))), record=record(output__labels=['happy']))\n"
        "print([m for m in sys.modules if m.startswith(('misread.engine', 'misread.study', 'misread.findings'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
