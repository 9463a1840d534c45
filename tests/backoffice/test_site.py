"""The HTTP front on a test transport: limits, routes, and a log without secrets."""

import socket
from typing import Any

import pytest
import structlog
from pytest_twisted import ensureDeferred
from twisted.internet import reactor
from twisted.internet.testing import StringTransport
from twisted.internet.threads import deferToThread
from twisted.web.resource import Resource

from backoffice.site import OfficeSite, Root
from backoffice.toolarge import LINE_LIMIT, Refusal
from backoffice.words import Words
from conf.settings import Settings

REFUSAL = Refusal(Settings(), Words.read())


class Page(Resource):
    isLeaf = True

    def __init__(self, name: bytes) -> None:
        super().__init__()
        self.name = name
        self.seen: list[tuple[list[bytes], list[bytes]]] = []

    def render(self, request: Any) -> bytes:
        self.seen.append((list(request.prepath), list(request.postpath)))
        return self.name + b":" + request.content.read()[:20]


@pytest.fixture
def site() -> Any:
    site = OfficeSite(Root(Page(b"feed"), Page(b"pages"), Page(b"events")), REFUSAL)  # type: ignore[arg-type]
    site.startFactory()
    yield site
    site.stopFactory()


class Line(StringTransport):
    """A transport whose one half can be closed."""

    def loseWriteConnection(self) -> None:
        self.half_closed = True


def ask(site: Any, data: bytes) -> bytes:
    transport = Line()
    channel = site.buildProtocol(None)
    channel.makeConnection(transport)
    channel.dataReceived(data)
    answer: bytes = transport.value()
    channel._channel.setTimeout(None)
    return answer


def get(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_the_feed_is_native_and_the_rest_is_the_pages(site: Any) -> None:
    assert b"feed:" in ask(site, get(b"/feed?contact=x"))
    assert b"events:" in ask(site, get(b"/api/v1/events?after=7"))
    for path in (b"/", b"/feed/more", b"/cases/ZW-1/part", b"/api/v1/events/x"):
        assert b"pages:" in ask(site, get(path))
    root = site.resource
    assert root._pages.seen == [
        ([], [b""]), ([], [b"feed", b"more"]), ([], [b"cases", b"ZW-1", b"part"]),
        ([], [b"api", b"v1", b"events", b"x"]),
    ]  # fmt: skip


def test_a_body_within_the_limit_comes_through(site: Any) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"
    assert b"pages:hello" in ask(site, head + b"hello")


def test_a_body_announced_too_large_is_refused_before_it_is_read(site: Any) -> None:
    answer = ask(site, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (LINE_LIMIT + 1))
    assert answer.startswith(b"HTTP/1.1 413 ") and site.resource._pages.seen == []


def test_a_body_that_grows_too_large_in_chunks_is_refused(site: Any) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = ask(site, head + chunk * 9 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ") and site.resource._pages.seen == []


def test_who_waits_to_be_asked_for_a_large_body_is_not_asked_and_the_log_has_the_refusal(site: Any) -> None:
    head = b"POST /x?secret HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with structlog.testing.capture_logs() as lines:
        answer = ask(site, head % (LINE_LIMIT + 1))
    assert answer.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in answer
    (line,) = [line for line in lines if line["event"] == "web"]
    assert (line["path"], line["status"], line["method"]) == ("/x", 413, "POST")


@ensureDeferred
async def test_who_sends_all_of_it_before_reading_sees_the_whole_answer_and_the_end(site: Any) -> None:
    """Over a real socket: one that is closed with bytes unread is reset, and the answer is lost with it."""
    port = reactor.listenTCP(0, site, interface="127.0.0.1")

    def send() -> bytes:
        with socket.create_connection(("127.0.0.1", port.getHost().port), timeout=20) as line:
            line.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nContent-Length: 3000000\r\n\r\n"
            )
            line.sendall(b"x" * 3_000_000)
            with line.makefile("rb") as back:
                return back.read()

    try:
        answer = await deferToThread(send)
    finally:
        await port.stopListening()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ") and b"Connection: close" in head
    assert b"Content-Length: %d" % len(body) in head and b"at most 512 KB" in body
    assert site.resource._pages.seen == []


def test_the_log_has_the_path_and_never_the_query(site: Any) -> None:
    with structlog.testing.capture_logs() as lines:
        ask(site, get(b"/login?next=/secret&token=secret"))
    (line,) = [line for line in lines if line["event"] == "web"]
    assert (line["path"], line["status"], line["method"]) == ("/login", 200, "GET")
    assert "secret" not in str(lines)
