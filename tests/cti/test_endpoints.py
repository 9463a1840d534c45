"""Seats at the PBX: what makes one, and the client against a PBX that is away, slow, or says no."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conf.settings import Settings
from cti.endpoints import EndpointRefused, Endpoints, PbxAway, SeatAtPbx, seat_objects, shown
from cti.speaks import Unspeakable
from tests.real.pbx import ha1, real_pbx, run

DIGEST = "0" * 32


class Ari(BaseHTTPRequestHandler):
    """Answers with what the test put into `answers` ("METHOD path" → status, body); keeps what was asked."""

    answers: dict[str, tuple[int, object]]
    asked: list[str]

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = f"{self.command} {self.path}"
        self.asked.append(line)
        assert self.headers["Authorization"] == "Basic Z3JpZGxpbmU6c2VjcmV0"
        status, body = self.answers.get(line, (404, {"message": "Resource not found"}))
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def ari(answers: dict[str, tuple[int, object]]) -> Iterator[tuple[Endpoints, list[str]]]:
    """A scripted ARI, and what it was asked."""
    asked: list[str] = []
    handler = type("Scripted", (Ari,), {"answers": answers, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Endpoints("127.0.0.1", server.server_port, "secret", timeout=1), asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_seat_is_three_objects_and_its_secret_is_only_a_digest() -> None:
    made = seat_objects("101", "f" * 32, "王小明")
    assert list(made) == ["auth", "aor", "endpoint"]
    assert made["auth"] == {
        "auth_type": "md5",
        "username": "seat101",
        "md5_cred": "f" * 32,
        "realm": "gridline",
    }
    assert (made["aor"]["max_contacts"], made["aor"]["remove_existing"]) == ("1", "yes")
    endpoint = made["endpoint"]
    assert (endpoint["context"], endpoint["identify_by"]) == ("from-seat", "auth_username")
    assert (endpoint["webrtc"], endpoint["allow_transfer"]) == ("yes", "no")
    assert endpoint["callerid"] == '"王小明" <101>'
    assert endpoint["rtp_timeout"] == "4", "a browser always sends"
    assert seat_objects("101", DIGEST, "Wang", silence=9)["endpoint"]["rtp_timeout"] == "9"
    telephone = seat_objects("101", DIGEST, "Wang", webrtc=False)["endpoint"]
    assert "webrtc" not in telephone and telephone["rtp_timeout"] == "30"


def test_a_name_cannot_leave_its_quotes() -> None:
    assert shown('Eve" <999>\r\n;x, \\ Y') == "Eve 999x  Y"
    assert len(shown("x" * 100)) == 60
    assert seat_objects("101", DIGEST, '"<>')["endpoint"]["callerid"] == '"101" <101>'


@pytest.mark.parametrize("seat", ["", "1", "1/../..", "101?x", "seat101", "101\n", "1" * 9])
def test_what_is_no_seat_is_asked_of_nobody(seat: str) -> None:
    nobody = Endpoints("127.0.0.1", 1, "secret")
    for doing in (nobody.open(seat, DIGEST, "x"), nobody.close(seat), nobody.exists(seat)):
        with pytest.raises(Unspeakable):
            run(doing)


@pytest.mark.parametrize("digest", ["", "secret", "F" * 32, "f" * 31, "f" * 33])
def test_what_is_no_digest_is_refused(digest: str) -> None:
    with pytest.raises(EndpointRefused):
        run(Endpoints("127.0.0.1", 1, "secret").open("101", digest, "x"))


def test_a_pbx_that_is_away_is_said_to_be() -> None:
    with pytest.raises(PbxAway):
        run(Endpoints("127.0.0.1", 1, "secret").list())
    assert issubclass(PbxAway, OSError)


ROOT = "/ari/asterisk/config/dynamic/res_pjsip"
KNOWN = "GET /ari/endpoints/PJSIP/seat101"
PUTS = {f"PUT {ROOT}/{kind}/seat101": (200, []) for kind in ("auth", "aor", "endpoint")}


def told(asked: list[str]) -> list[str]:
    """What was changed."""
    return [line.replace(ROOT, "") for line in asked if not line.startswith("GET")]


def test_closing_ends_everything_that_hangs_on_the_seat() -> None:
    with ari({KNOWN: (200, {"resource": "seat101", "channel_ids": ["17.1", "17.2"]})}) as (endpoints, asked):
        run(endpoints.close("101"))
    assert told(asked) == [
        "DELETE /endpoint/seat101",
        "DELETE /auth/seat101",
        "DELETE /aor/seat101",
        "DELETE /ari/channels/17.1",
        "DELETE /ari/channels/17.2",
    ]


def test_opening_changes_what_is_there_and_makes_nothing_anew() -> None:
    with ari({KNOWN: (200, {"state": "offline", "channel_ids": ["17.1"]}), **PUTS}) as (endpoints, asked):
        run(endpoints.open("101", DIGEST, "x"))
    assert told(asked) == [
        "PUT /auth/seat101",
        "PUT /aor/seat101",
        "PUT /endpoint/seat101",
        "DELETE /ari/channels/17.1",
    ]


def test_who_is_registered_is_gone_before_the_next_can_register() -> None:
    states = iter(["online", "online", "online", "offline"])
    with ari(dict(PUTS)) as (endpoints, asked):
        ask = endpoints._ask

        def answered(method: str, path: str, body: object = None, *, missing_ok: bool = False) -> object:
            found = ask(method, path, body, missing_ok=missing_ok)
            return {"state": next(states)} if f"{method} {path}" == KNOWN else found

        endpoints._ask = answered  # type: ignore[method-assign]
        run(endpoints.open("101", DIGEST, "x"))
    assert next(states, "") == "", "looked at until it was so"
    assert told(asked) == [
        "PUT /auth/seat101",
        "DELETE /aor/seat101",
        "PUT /aor/seat101",
        "PUT /endpoint/seat101",
    ]


def test_what_the_pbx_says_no_to_raises_with_its_words() -> None:
    with (
        ari({"GET /ari/endpoints/PJSIP": (403, {"message": "Forbidden by me"})}) as (endpoints, _),
        pytest.raises(EndpointRefused, match="403 Forbidden by me"),
    ):
        run(endpoints.list())
    with (
        ari({"PUT /ari/asterisk/config/dynamic/res_pjsip/auth/seat101": (500, b"<html>")}) as (endpoints, _),
        pytest.raises(EndpointRefused, match="500"),
    ):
        run(endpoints.open("101", DIGEST, "x"))


def test_the_list_has_seats_alone_and_only_those_still_there() -> None:
    known = [
        {"resource": "carrier", "state": "online", "channel_ids": []},
        {"resource": "seat102", "state": "offline", "channel_ids": []},
        {"resource": "seat101", "state": "online", "channel_ids": ["17.1"]},
        {"resource": "seat103", "state": "offline", "channel_ids": []},
        {"resource": "seatbelt", "state": "online", "channel_ids": []},
    ]
    root = "/ari/asterisk/config/dynamic/res_pjsip/endpoint"
    there = {f"GET {root}/seat{n}": (200, []) for n in ("101", "102")}
    asked_of = f"GET {root}/seat"
    with ari({"GET /ari/endpoints/PJSIP": (200, known), **there}) as (endpoints, asked):
        seats = (SeatAtPbx("101", True, ("17.1",)), SeatAtPbx("102", False, ()))
        assert run(endpoints.list()) == seats
        first = len(asked)
        assert run(endpoints.list()) == seats
        # Three hundred seats with their softphones on cost one question, not three hundred, once they are known.
        again = str(asked[first:])
        assert f"{asked_of}101" not in again and f"{asked_of}102" in again
        assert run(endpoints.exists("101")) and not run(endpoints.exists("103"))


@pytest.mark.real
def test_the_real_pbx_makes_and_drops_seats_without_a_reload(site: Settings) -> None:
    with real_pbx(site) as pbx:
        for seat in ("102", "101"):
            run(pbx.endpoints.open(seat, ha1(seat, "the-secret"), "王小明"))
        assert [s.seat for s in run(pbx.endpoints.list())] == ["101", "102"]
        assert "webrtc                             : yes" in pbx.cli("pjsip show endpoint seat101")
        assert run(pbx.endpoints.exists("101"))
        run(pbx.endpoints.open("101", ha1("101", "another"), "王小明"))
        run(pbx.endpoints.close("102"))
        assert [s.seat for s in run(pbx.endpoints.list())] == ["101"]
        assert "ERROR" not in pbx.log
        with pytest.raises(EndpointRefused, match="401"):
            run(Endpoints("127.0.0.1", site.pbx.http_port, "a guess").list())
