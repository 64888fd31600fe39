"""What a family gives to the page never reaches a disk: the server does all of it where no file may have a byte."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import resource
import subprocess
import sys
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from misread.web.server.posted import RAW

KEPT = json.dumps({"place": "eu", "warned": True})


@pytest.fixture(scope="module")
def no_disk(tmp_path_factory):
    """A server that cannot write a byte into any file, in folders of its own."""
    home = tmp_path_factory.mktemp("nowhere")
    env = {**os.environ, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}

    def no_bytes():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    command = [sys.executable, "-u", "-m", "misread", "serve", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=home, preexec_fn=no_bytes
    ) as process:
        first = process.stdout.readline().strip()
        try:
            yield first, home
        finally:
            process.terminate()
            process.wait(20)


def post(first, path, body, kind):
    parts = urlsplit(first)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
    line.request("GET", first.partition(f":{parts.port}")[2])
    answer = line.getresponse()
    answer.read()
    cookie = answer.headers["set-cookie"].partition(";")[0]
    line.request("POST", path, body, {"content-type": kind, "cookie": cookie, "sec-fetch-site": "same-origin"})
    answer = line.getresponse()
    return answer.status, answer.headers, answer.read()


def in_parts(fields, name="", content=b""):
    edge = uuid4().hex
    body = b"".join(
        f'--{edge}\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    )
    if name:
        body += f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body += content + b"\r\n"
    return body + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def export(rows):
    """An export of one made-up child, of more than the megabyte from which forms are spooled to a disk elsewhere."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["pupil_id", "timestamp", "emotion"])
    for n in range(rows):
        stamp = f"2026-10-{1 + n // 4000 % 28:02d}T{8 + n // 720 % 6:02d}:{n // 12 % 60:02d}:{n * 5 % 60:02d}"
        out.writerow(["child-a", stamp, ("happy", "bored", "neutral")[n % 3]])
    return text.getvalue().encode()


LETTER = {
    "kept": KEPT,
    "step": "letter",
    "f:sender.name": "A. Example",
    "f:sender.contact": "1 Example Road",
    "f:child.name": "Child A",
    "f:child.birth_year": "2014",
    "f:child.school_class": "5b",
    "f:controller.name": "The board",
}


@pytest.mark.parametrize("kind", ["docx", "pdf", "md"])
def test_a_letter_is_made_in_memory(no_disk, kind):
    first, home = no_disk
    status, headers, content = post(first, f"/school/letter/letter.{kind}", *in_parts(LETTER))
    assert status == 200, content[content.find(b"problems") :][:2000]
    assert headers["content-disposition"] == f'attachment; filename="letter.{kind}"'
    assert content[:4] == {"docx": b"PK\x03\x04", "pdf": b"%PDF", "md": content[:4]}[kind]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("way", ["form", "script"])
def test_an_export_of_megabytes_is_read_in_memory(no_disk, way):
    first, home = no_disk
    content = export(60_000)
    assert len(content) > 2 * 2**20
    fields = {"kept": KEPT, "step": "export"}
    if way == "form":
        body, kind = in_parts(fields, "export.csv", content)
    else:
        head = json.dumps({"fields": [[name, [value]] for name, value in fields.items()], "name": "export.csv"})
        body, kind = head.encode() + b"\n" + content, RAW
    status, _headers, shown = post(first, "/school/export", body, kind)
    assert status == 200, shown[:2000]
    assert b"60,000" in shown
    assert list(home.iterdir()) == []
