"""The commands of docs/audit/worked.md, run as they stand there; `python -m tests.audit.real.page` writes the page anew.

A block of output follows the block of commands that prints it. Runs of a school are minutes, not seconds, together: the
quick tests leave those blocks as they are.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path

from tests.audit.real.files import DATA
from tests.cli.calls import call

PAGE = Path(__file__).parents[3] / "docs" / "audit" / "worked.md"
BLOCK = re.compile(
    r"(?P<head>```sh\n(?P<commands>(?:(?!```).)+?)```\n)(?P<told>\n```text\n(?P<output>(?:(?!```).)*?)```\n)?", re.S
)
TABLE = re.compile(r"(?P<head><!-- (?P<mark>[a-z-]+) -->\n(?:\|.*\n){2})(?P<rows>(?:\|.*\n)*)")


def commands(page: str) -> Iterator[tuple[list[str], str | None]]:
    """Of each block: its commands, and what they print; None where the page shows nothing of it."""
    for found in BLOCK.finditer(page):
        yield found["commands"].strip().splitlines(), found["output"]


def printed(line: str, folder: Path) -> str:
    """What a command prints in a folder that holds the data."""
    if line.startswith("misread "):
        with chdir(folder):
            return call(*shlex.split(line)[1:])
    return subprocess.run(line, shell=True, cwd=folder, check=True, capture_output=True, text=True).stdout


def is_run(lines: list[str]) -> bool:
    """Whether a block runs a school."""
    return any(line.startswith("misread run") for line in lines)


def laid_out(folder: Path) -> Path:
    """A folder with the data in it, as the page's reader has it."""
    for path in DATA.glob("*.csv"):
        (folder / path.name).symlink_to(path)
    return folder


def outputs(page: str, folder: Path, *, runs: bool) -> list[str | None]:
    """What each block prints; None where nothing of it is shown, or it is a run and runs are not wanted."""
    told: list[str | None] = []
    for lines, shown in commands(page):
        skipped = is_run(lines) and not runs
        found = None if skipped else "".join(printed(line, folder) for line in lines)
        told.append(None if shown is None else found)
    return told


def with_outputs(page: str, told: list[str | None]) -> str:
    """The page with these outputs in their places."""
    following = iter(told)

    def again(found: re.Match[str]) -> str:
        output = next(following)
        if output is None:
            return found[0]
        lines = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
        return f"{found['head']}\n```text\n{lines}\n```\n"

    return BLOCK.sub(again, page)


def with_tables(page: str, rows: Mapping[str, list[str]]) -> str:
    """The page with these rows in the tables that are marked so."""
    return TABLE.sub(lambda found: found["head"] + "".join(f"{row}\n" for row in rows[found["mark"]]), page)


def main_again() -> None:
    """Write outputs and tables of the page anew."""
    from tests.audit.real.tables import tables

    with tempfile.TemporaryDirectory() as name:
        folder = laid_out(Path(name))
        page = PAGE.read_text(encoding="utf-8")
        page = with_outputs(page, outputs(page, folder, runs="--quick" not in sys.argv))
        PAGE.write_text(with_tables(page, tables()), encoding="utf-8")


if __name__ == "__main__":
    main_again()
