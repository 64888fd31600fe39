"""`misread serve` as one starts and stops it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.cli.calls import mistake

COMMAND = [sys.executable, "-u", "-m", "misread", "serve"]


def test_the_address_is_the_first_line_and_ctrl_c_ends_it():
    with subprocess.Popen(
        [*COMMAND, "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        first = process.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}\n", first)
        port = int(first.split(":")[2].split("/")[0])
        # It listens before it says so.
        socket.create_connection(("127.0.0.1", port), timeout=20).close()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "Stopped. Nothing was kept."


def test_it_opens_a_browser_unless_told_not_to(tmp_path):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    env = {**os.environ, "BROWSER": f"{browser} %s"}
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as process:
        first = process.stdout.readline().strip()
        for _ in range(200):
            if opened.exists() and opened.read_text():
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert opened.read_text().strip() == first


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = mistake("serve", "--no-open", "--port", taken.getsockname()[1])
    assert "is taken" in said
    assert "leave --port out" in said


@pytest.mark.parametrize("port", ["70000", "-1", "eighty"])
def test_a_port_that_is_none(port):
    assert "--port" in mistake("serve", "--no-open", "--port", port)
