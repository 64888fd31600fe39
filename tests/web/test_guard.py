"""Who is answered, and who is not; what every answer carries."""

from __future__ import annotations

import asyncio
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from misread.web.server import guard
from misread.web.server.guard import HEADERS, MOST_BYTES


class Asker:
    """A client of the server that has no manners of its own."""

    def __init__(self, served) -> None:
        self.host, self.port = urlsplit(served.base).hostname, urlsplit(served.base).port
        self.token = served.first.partition("token=")[2]
        self.cookie = self.ask("GET", f"/?token={self.token}")[1]["set-cookie"].partition(";")[0]

    def ask(self, method, path, body=None, **headers):
        line = http.client.HTTPConnection(self.host, self.port, timeout=60)
        line.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        got = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        line.close()
        return got

    def inside(self, method, path, body=None, **headers):
        return self.ask(method, path, body, cookie=self.cookie, **headers)

    @property
    def origin(self):
        return f"http://{self.host}:{self.port}"


@pytest.fixture(scope="module")
def asker(served):
    return Asker(served)


def test_the_key_is_taken_once_out_of_the_address_and_becomes_a_strict_cookie(asker):
    status, headers, _ = asker.ask("GET", f"/?token={asker.token}")
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"]
    assert asker.token not in cookie
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize("path", ["/", "/explore", "/static/page.css", "/nothing", "/?token=wrong", "/?token="])
def test_without_the_key_nothing_is_shown(asker, path):
    status, _, said = asker.ask("GET", path)
    assert status == 403
    assert "<" not in said
    assert asker.ask("GET", path, cookie="misread=wrong")[0] == 403
    assert asker.ask("GET", path, cookie="misread")[0] == 403


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "127.0.0.1:1", "localhost", "", "127.0.0.1.example.org"])
def test_other_names_of_this_machine_are_refused(asker, host):
    # A site whose name leads to this machine (DNS rebinding) sends its own name.
    status, _, said = asker.ask("GET", "/explore", host=host, cookie=asker.cookie)
    assert (status, "<" in said) == (400, False)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://example.org"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"sec_fetch_site": "cross-site"},
        {"origin": "null", "sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://example.org", "sec_fetch_site": "same-origin"},
    ],
)
@pytest.mark.parametrize("path", ["/explore", "/runs"])
def test_forms_of_other_sites_are_refused(asker, path, headers):
    assert asker.inside("POST", path, "a=b", **headers)[0] == 403


def test_a_form_of_its_own_is_taken(asker):
    for headers in (
        {"origin": asker.origin},
        {"sec_fetch_site": "same-origin"},
        {"origin": "null", "sec_fetch_site": "same-origin"},
    ):
        status, _, said = asker.inside("POST", "/explore", "deployment=nowhere", **headers)
        assert status == 422
        assert "nowhere" in said or "deployment" in said


def test_other_methods_are_refused(asker):
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert asker.inside(method, "/explore", origin=asker.origin)[0] == 405


def test_every_answer_says_what_it_may_do_and_nobody_else_may_read_it(asker):
    for status, headers, _ in (
        asker.inside("GET", "/explore"),
        asker.inside("GET", "/nothing"),
        asker.inside("GET", "/static/page.js"),
        asker.ask("GET", "/explore"),
        asker.ask("GET", "/explore", host="example.org"),
        asker.ask("GET", f"/?token={asker.token}"),
    ):
        assert status in {200, 303, 400, 403, 404}
        for name, value in HEADERS.items():
            assert headers[name] == value
        assert not any(name.startswith("access-control") for name in headers)
        assert "server" not in headers
    assert "unsafe" not in HEADERS["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/",
    ],
)
def test_no_path_leads_to_a_file_that_is_not_ours(asker, path):
    status, _, said = asker.inside("GET", path)
    assert status == 404
    assert "import" not in said


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../../etc/passwd", "school.toml", "file:///etc/passwd"])
def test_no_page_reads_a_file_that_is_named_to_it(asker, name):
    status, _, said = asker.inside("GET", f"/explore?deployment={name}")
    assert status == 422
    assert "root:" not in said


def test_a_body_that_is_too_large_is_refused(asker):
    own = {"origin": asker.origin}
    assert asker.inside("POST", "/explore", "a" * (MOST_BYTES + 1), **own)[0] == 413
    assert asker.inside("POST", "/explore", None, content_length=str(10**12), **own)[0] == 413
    assert asker.inside("POST", "/explore", None, content_length="-1", **own)[0] in {400, 413}
    pieces = (b"a" * 2**16 for _ in range(2 * MOST_BYTES // 2**16))
    assert asker.inside("POST", "/explore", pieces, **own)[0] == 413


def test_a_body_that_does_not_come_ends(monkeypatch):
    monkeypatch.setattr(guard, "PATIENCE", 0.2)
    keys, said = guard.Keys(), []

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass

    async def run():
        pieces = iter([{"type": "http.request", "body": b"half", "more_body": True}])

        async def receive():
            for piece in pieces:
                return piece
            return await asyncio.sleep(60)

        async def send(message):
            said.append(message)

        headers = [(b"host", b"here"), (b"cookie", f"misread={keys.cookie}".encode()), (b"origin", b"http://here")]
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
        await guard.Guard(app, keys, frozenset({"here"}))(scope, receive, send)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result(30)
    assert [message["status"] for message in said if "status" in message] == [408]


def test_it_listens_on_this_machine_only(served):
    port = urlsplit(served.base).port
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in others:
        with pytest.raises(OSError, match=r"refused|timed out"):
            socket.create_connection((address, port), timeout=2)


def test_a_thousand_requests_at_once_are_answered(asker):
    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(lambda _: asker.inside("GET", "/static/page.css")[0], range(1000)))
    assert found == [200] * 1000
