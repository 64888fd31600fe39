"""How a command begins and ends: it loads what it needs, and goes without putting everything away first."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from misread.cli.child.pupil import all_kept


def ended(*args: str) -> str:
    """What a command of its own process says at the very end: objects that were left as they are, modules loaded."""
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print('\\n', gc.get_freeze_count(), *sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['misread', *{args!r}]\n"
        "from misread.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    return done.stderr.rpartition("\n ")[2]


def test_what_was_loaded_is_not_looked_through_at_the_end_and_who_waits_for_the_end_is_called():
    left = int(ended("check", "as-described").split()[0])
    assert left > 10_000


@pytest.mark.parametrize(
    ("args", "without"),
    [
        (("--help",), {"numpy", "numba", "pydantic", "rich"}),
        (("check", "as-described"), {"numpy", "numba", "scipy", "pyarrow"}),
        (("run", "as-described", "--json", "--draws", "0"), {"numba", "scipy", "pyarrow", "altair"}),
        (("file", "one-classroom"), {"scipy.stats", "scipy.sparse", "scipy.optimize", "pyarrow", "altair"}),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_a_command_loads_no_more_than_it_needs(args, without):
    loaded = set(ended(*args).split()[1:])
    assert "misread.cli" in loaded
    assert not loaded & without


def test_nothing_is_looked_through_while_what_stays_is_made():
    assert gc.isenabled()
    with all_kept():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), all_kept():
        raise ZeroDivisionError
    assert gc.isenabled()
