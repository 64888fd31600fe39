"""Questions for the bench that end well, badly, or not at all."""

from __future__ import annotations

import os
import signal
import time

from misread.errors import MisreadError, Problem


def double(n):
    return 2 * n


def forever():
    while True:
        time.sleep(1)


def mistaken():
    raise MisreadError([Problem("One.", "two.", "three.", "file", "key", 4), Problem("Five.")])


def broken():
    raise ZeroDivisionError("a made-up bug")


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def pid():
    return os.getpid()


def niceness():
    return os.nice(0)
