"""Work on several processes comes back in order, and no process outlives the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from misread.closed.workers import each


def test_in_order_whatever_takes_how_long():
    assert list(each(pow, [2, 3, 4], [3, 2, 1], at_once=2)) == [8, 9, 4]


def test_a_mistake_in_the_work_comes_through():
    with pytest.raises(ValueError, match="invalid literal"):
        list(each(int, ["1", "one"], at_once=1))


ASLEEP = """
import multiprocessing, time
from misread.closed.workers import each
if __name__ == "__main__":
    of = each(time.sleep, [0.0, 60.0], at_once=1)
    next(of)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    next(of)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
        return file.read().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_a_command_that_is_ended(tmp_path, by):
    script = tmp_path / "asleep.py"
    script.write_text(ASLEEP, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as command:
        workers = [int(pid) for pid in command.stdout.readline().split()]
        assert workers
        assert all(map(alive, workers))
        command.send_signal(by)
        command.wait(30)
        patience = time.monotonic() + 20
        while any(map(alive, workers)) and time.monotonic() < patience:
            time.sleep(0.1)
        assert not any(map(alive, workers))
