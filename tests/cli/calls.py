"""Commands as a user types them: in this process where they succeed, in one of their own where they are mistaken."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner, Result

from misread.cli import cli


def done(*args: object) -> Result:
    """What a command does that must succeed."""
    result = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result


def call(*args: object) -> str:
    """Standard output of a command that must succeed."""
    return done(*args).stdout


def mistake(*args: object) -> str:
    """What a command says of a user's mistake, in a process of its own: message, exit code 2, no traceback."""
    process = subprocess.run(
        [sys.executable, "-m", "misread", *map(str, args)], capture_output=True, text=True, check=False
    )
    assert process.returncode == 2, process
    assert process.stdout == ""
    assert "Traceback" not in process.stderr
    return process.stderr
