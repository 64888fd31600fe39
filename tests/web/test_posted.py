"""Forms, with files and without: the same fields by every way, nothing spooled, and what is no form refused."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from misread.errors import MisreadError
from misread.web.pages.school.routes import LARGER
from misread.web.pages.school.way import MOST_FILE
from misread.web.server import guard
from misread.web.server.guard import MOST_BYTES
from misread.web.server.posted import RAW, File, Posted, posted

from .test_school_disk import in_parts

NAMES = st.text("abcdefgh:._", min_size=1, max_size=12)
FIELDS = st.dictionaries(NAMES, st.text(max_size=40).map(lambda text: text.replace("\r", "")), max_size=6)


def read(kind: str, body: bytes, piece: int = 1000) -> Posted:
    """What comes of a body that arrives in pieces."""
    pieces = [body[n : n + piece] for n in range(0, len(body), piece)] or [b""]
    last = len(pieces) - 1
    messages = iter({"type": "http.request", "body": one, "more_body": n < last} for n, one in enumerate(pieces))

    async def receive():
        return next(messages)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", kind.encode())]}
    # A browser that another test has opened keeps a loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(posted(Request(scope, receive)))).result(60)


def raw(fields: dict[str, str], file: File) -> bytes:
    head = {"fields": [[name, [value]] for name, value in fields.items()], "name": file.name}
    return json.dumps(head).encode() + b"\n" + file.content


@settings(max_examples=40)
@given(FIELDS, st.binary(max_size=400), st.integers(1, 97))
def test_the_same_comes_of_every_way(fields, content, piece):
    expected = {name: (value,) for name, value in fields.items()}
    plain = read("application/x-www-form-urlencoded", urlencode(fields).encode(), piece)
    assert plain == Posted(expected)
    body, kind = in_parts(fields, "export.csv", content)
    assert read(kind, body, piece) == Posted(expected, File("export.csv", content))
    assert read(RAW, raw(fields, File("export.csv", content)), piece) == Posted(expected, File("export.csv", content))


def test_several_values_of_a_field_stay_in_order():
    assert read("application/x-www-form-urlencoded", b"a=1&a=2&a=1").fields == {"a": ("1", "2", "1")}


def test_a_field_for_a_file_that_was_not_chosen_is_none():
    edge = "x"
    body = b'--x\r\ncontent-disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'
    assert read(f"multipart/form-data; boundary={edge}", body) == Posted({})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (RAW, b""),
        (RAW, b"[]\nabc"),
        (RAW, b'{"fields": [1], "name": "a"}\n'),
        (RAW, b'{"fields": {}}\n'),
        (RAW, b"[" * 100_000 + b"\n"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"no part at all"),
        ("multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data\r\n\r\nno name\r\n--x--\r\n"),
    ],
)
def test_what_is_no_form_is_refused(kind, body):
    with pytest.raises(MisreadError, match="not what a form of this page sends"):
        read(kind, body)


def test_a_file_is_never_spooled(monkeypatch):
    """It fails where a file goes to a disk, as those of a megabyte do elsewhere."""
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *_a, **_k: pytest.fail("a file on a disk"))
    monkeypatch.setattr("tempfile.mkstemp", lambda *_a, **_k: pytest.fail("a file on a disk"))
    body, kind = in_parts({}, "export.csv", b"a" * 5 * 2**20)
    found = read(kind, body, 2**16)
    assert found.file is not None
    assert len(found.file.content) == 5 * 2**20


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/explore", MOST_BYTES),
        ("/schools", MOST_BYTES),
        ("/school", LARGER["/school"]),
        ("/school/letter/letter.docx", LARGER["/school"]),
        ("/school/export", LARGER["/school/export"]),
        ("/static/../school/export", MOST_BYTES),
    ],
)
def test_only_your_school_takes_more(path, most):
    stands = guard.Guard(None, guard.Keys(), frozenset(), LARGER)
    assert stands._most({"path": path}) == most
    assert LARGER["/school/export"] > MOST_FILE > LARGER["/school"] > MOST_BYTES
