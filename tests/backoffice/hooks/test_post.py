"""One POST, bounded in time and size, to nobody but whom it may reach."""

import ssl
import time

from backoffice.hooks.post import Post
from tests.backoffice.hooks.receiver import Receiver

ALLOWED = ("127.0.0.1",)


def test_an_answer_is_an_outcome_with_its_beginning(receiver: Receiver) -> None:
    receiver.answers = [receiver.flood]
    found = Post(ALLOWED, 5.0).send(receiver.url, b"{}", {"X-A": "1"})
    assert found.status == 200 and found.excerpt.startswith("x") and len(found.excerpt) <= 500
    assert "\x00" not in found.excerpt and receiver.got[0][1]["X-A"] == "1"


def test_who_hangs_or_drips_is_let_go_in_time(receiver: Receiver) -> None:
    for answer in (receiver.hang, receiver.drip):
        receiver.answers = [answer]
        began = time.monotonic()
        found = Post(ALLOWED, 0.5).send(receiver.url, b"{}", {})
        assert (found.status, found.reason) == (None, "no answer within 0.5 s")
        assert time.monotonic() - began < 20


def test_who_is_not_there_is_told_in_words(receiver: Receiver) -> None:
    url = receiver.url
    assert "no public address" in Post((), 1.0).send(url, b"", {}).reason and receiver.got == []
    refused = Post(ALLOWED, 1.0).send("http://127.0.0.1:1/", b"", {})
    assert refused.status is None and "refused" in refused.reason
    unknown = Post((), 1.0, resolve=_no_such_name).send("https://nowhere.example/", b"", {})
    assert "no such name" in unknown.reason


def test_a_certificate_is_looked_at(receiver: Receiver) -> None:
    plain = Post(ALLOWED, 2.0).send(receiver.url.replace("http:", "https:"), b"", {})
    assert plain.status is None and plain.reason
    context = Post(ALLOWED, 2.0)._tls
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname


def _no_such_name(*_: object) -> list[str]:
    raise OSError("no such name")
