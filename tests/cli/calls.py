"""Commands as a user types them, in this process."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest
from click.testing import CliRunner, Result

from misread.cli import cli, main


def done(*args: object) -> Result:
    """What a command does that must succeed."""
    result = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result


def call(*args: object) -> str:
    """Standard output of a command that must succeed."""
    return done(*args).stdout


def mistake(*args: object) -> str:
    """What a command says of a user's mistake: message, exit code 2, nothing on standard output."""
    typed, said, out = sys.argv, io.StringIO(), io.StringIO()
    sys.argv = ["misread", *map(str, args)]
    try:
        with redirect_stdout(out), redirect_stderr(said), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = typed
    assert ended.value.code == 2, said.getvalue()
    assert out.getvalue() == ""
    return said.getvalue()
