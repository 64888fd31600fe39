"""What is said about the project itself: version, licence, layout."""

from __future__ import annotations

import re
import tomllib

from misread import __version__
from misread.cli import COMMANDS
from misread.deployment import shipped
from misread.evidence import Matrix, catalogue

from .pages import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_is_of_this_version_and_licence():
    text = read("CITATION.cff")
    fields = dict(re.findall(r"^([a-z-]+): (.+)$", text, re.MULTILINE))
    assert fields["cff-version"] == "1.2.0"
    assert fields["version"] == __version__
    assert fields["license"] == PYPROJECT["project"]["license"]
    (name,) = re.findall(r"^  - name: (.+)$", text, re.MULTILINE)
    assert [name] == [a["name"] for a in PYPROJECT["project"]["authors"]]
    assert {"message", "title", "type"} <= set(fields)


def test_the_change_log_begins_with_this_version():
    found = re.findall(r"^## \[([^\]]+)\] - (unreleased|\d{4}-\d{2}-\d{2})$", read("CHANGELOG.md"), re.MULTILINE)
    assert found[0][0] == __version__


def test_the_change_log_names_what_there_is():
    text = read("CHANGELOG.md")
    assert [c for c in COMMANDS if f"`misread {c}`" not in text] == []
    assert [d for d in shipped() if f"`{d}`" not in text] == []
    (said,) = re.findall(r"(\d+) published confusion matrices", text)
    assert int(said) == sum(isinstance(e, Matrix) for e in catalogue().values())


def layout(text: str) -> list[str]:
    """Modules and folders in the table of CONTRIBUTING.md, from the bottom of the contract up."""
    return re.findall(r"^\| `([a-z_]+)(?:\.py|/)` \|", text, re.MULTILINE)


def test_the_layout_is_that_of_the_source_and_of_the_contract():
    text = read("CONTRIBUTING.md")
    source = ROOT / "src" / "misread"
    there = {p.stem for p in source.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert set(layout(text)) == there - {"__init__", "__main__"}
    (contract,) = (c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    upwards = [w for layer in reversed(contract["layers"]) for w in re.findall(r"\w+", layer)]
    assert layout(text) == [w for w in upwards if w != "__main__"]
    assert layout(text.replace("| `report/` |", "| `reports/` |")) != layout(text)


def test_every_module_named_is_there():
    source = ROOT / "src" / "misread"
    for named in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", read("CONTRIBUTING.md")):
        assert (source / named).exists() or (ROOT / named).exists(), named
    for named in re.findall(r"`((?:tests|docs|src)/[a-z_/]+)`", read("CONTRIBUTING.md")):
        assert (ROOT / named).exists(), named


def test_every_folder_of_tests_is_told_about():
    folders = {f"tests/{p.parent.name}" for p in (ROOT / "tests").glob("*/*.py")}
    assert folders == set(re.findall(r"^- `(tests/[a-z]+)`:", read("CONTRIBUTING.md"), re.MULTILINE))


def test_every_test_that_the_method_names_is_there():
    named = re.findall(r"`(tests/[a-z_/]+\.py)`", read("docs/method.md"))
    assert len(named) >= 5
    assert [n for n in named if not (ROOT / n).exists()] == []


def test_limits_shown_are_those_of_the_code():
    from misread.engine.chain.compile import MOST_LOOKS
    from misread.engine.chain.rules import MOST_STATES
    from misread.engine.exact.sizes import LIMIT

    text = " ".join(read("docs/method.md").split())
    for shown in (
        f"more than {LIMIT / 2**30:g} GiB",
        f"more than {MOST_LOOKS:,} looks",
        f"more than {MOST_STATES:,} windows",
    ):
        assert shown in text
