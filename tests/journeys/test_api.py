"""Another program runs a hotline over the API alone, on the real PBX, and the event stream tells it all in order."""

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest

from schema.desk import tokens
from schema.ids import uuid7
from tests.journeys.callsite import running
from tests.journeys.party import TONES, People
from tests.journeys.seathouse import PageSite
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN, EXPERT = "13800138000", "13900139000"
TOLD = [
    "SeatOpened", "SeatReachable", "SeatReady", "CallEntered", "NoticePlayed", "LanguageChosen", "CallQueued",
    "CallOffered", "CallAnswered", "LegHeld", "LegJoined", "LegRang", "LegAnswered", "CallTransferred", "CallEnded",
]  # fmt: skip
"""What the stream says, among other things, in this order."""


class Client:
    """A program with a token and nothing but HTTP; `events` is what its stream has told."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret
        self.events: list[dict[str, Any]] = []
        self._ids: list[int] = []
        self._news = threading.Condition()
        self._stream = http.client.HTTPConnection("127.0.0.1", port)
        self._stream.request("GET", "/api/v1/events?after=0", headers={"Authorization": f"Bearer {secret}"})
        self._lines = self._stream.getresponse()
        assert self._lines.status == 200
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def ask(self, method: str, path: str, body: Any = None, key: str = "", **headers: str) -> tuple[int, Any]:
        """One request; its status and JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        send = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json", **headers}
        if method == "POST":
            send["Idempotency-Key"] = key or str(uuid7())
        connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, send)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if "json" in (answer.headers["Content-Type"] or "") else text

    def get(self, path: str) -> Any:
        """What is there."""
        status, told = self.ask("GET", path)
        assert status == 200, told
        return told

    def done(self, path: str, body: Any = None) -> Any:
        """Give an order and wait until it was seen done."""
        status, told = self.ask("POST", f"{path}?wait=20", body)
        assert status == 202 and told["state"] == "observed", told
        return told

    def until(self, kind: str, **body: Any) -> dict[str, Any]:
        """Wait until the stream has told of it."""

        def there() -> dict[str, Any] | None:
            fits = (one for one in self.events if one["kind"] == kind and body.items() <= one["body"].items())
            return next(fits, None)

        with self._news:
            assert self._news.wait_for(there, 60), (kind, body, [one["kind"] for one in self.events])
            found = there()
        assert found is not None
        return found

    def close(self) -> None:
        """Hear no more; the server ends the stream."""
        self._thread.join(20)
        self._stream.close()
        assert self._ids == sorted(set(self._ids))

    def _listen(self) -> None:
        for line in self._lines:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                with self._news:
                    self.events.append(event)
                    self._ids.append(event["seq"])
                    self._news.notify_all()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSite]:
    with running(PageSite(tmp_path_factory.mktemp("api"))) as found:
        assert isinstance(found, PageSite)
        yield found


@pytest.fixture(scope="module")
def client(site: PageSite) -> Iterator[Client]:
    with site.store.work() as work:
        secret = tokens.add(work, name="crm", login="supervisor1", rights=["*"], lasts=timedelta(days=1))
    made = Client(site.settings.web.port, secret)
    yield made
    site.bridge.stop()
    made.close()


@pytest.fixture(scope="module")
def house(site: PageSite) -> People:
    people = People(site)
    people.outside("citizen", CITIZEN)
    people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
    return people


def test_a_day_of_an_agent_over_the_api(client: Client, house: People) -> None:
    phone = client.done("/agents/by-number/101/login", {"telephone": "sip"})["telephone"]
    auth = (phone["user"], phone["secret"])
    house.phones["agent"] = house.site.phone(
        "seat101", auth, registers=True, answers="auto", tone=TONES["agent"]
    )
    client.until("SeatReachable", seat="101")
    client.done("/agents/by-number/101/ready")
    client.until("SeatReady", seat="101")

    house.phones["citizen"].dial("12345")
    call = client.until("CallEntered", number=CITIZEN)["body"]["call"]
    client.until("NoticePlayed", call=call)
    house.phones["citizen"].press("1")
    client.until("CallAnswered", call=call, seat="101")
    house.hear(citizen={"agent"}, agent={"citizen"})

    client.done(f"/calls/{call}/hold/start")
    house.hear(citizen=set(), agent=set())
    (agent,) = client.get(f"/calls/{call}")["agents"]
    assert (agent["number"], agent["citizen"]) == ("101", "hold")
    client.done(f"/calls/{call}/hold/stop")
    house.hear(citizen={"agent"}, agent={"citizen"})

    transfer = client.done("/transfers", {"call": call, "target": f"number:{EXPERT}"})["transfer"]
    client.until("LegAnswered", call=call, why="consult")
    house.hear(citizen=set(), agent={"expert"}, expert={"agent"})
    assert client.get(f"/transfers/{transfer}")["state"] == "talking"
    client.done(f"/transfers/{transfer}/complete")
    house.hear(citizen={"expert"}, expert={"citizen"})
    client.until("CallTransferred", call=call, how="consulted")
    assert client.get(f"/transfers/{transfer}")["state"] == "completed"

    house.phones["citizen"].hang_up()
    client.until("CallEnded", call=call, outcome="answered")
    recording = client.until("RecordingKept", call=call)["body"]["recording"]
    kinds = [one["kind"] for one in client.events]
    place = -1
    for kind in TOLD:
        place = kinds.index(kind, place + 1)

    whole = client.get(f"/calls/{call}")
    assert (whole["outcome"], whole["agent"], whole["queue_entries"][0]["result"]) == (
        "answered",
        "101",
        "answered",
    )
    assert [one["how"] for one in whole["transfers"]] == ["consulted"]
    assert {"talk", "hold", "consult"} <= {one["kind"] for one in whole["segments"]}
    assert client.get("/calls?number=" + CITIZEN)["items"][0]["id"] == call
    assert recording in whole["recordings"]
    status, sound = client.ask("GET", f"/recordings/{recording}/audio", Range="bytes=0-3")
    assert (status, sound) == (206, b"OggS")


def test_a_call_that_is_ordered_twice_under_one_key_is_placed_once(client: Client, house: People) -> None:
    client.until("WrapUpEnded", seat="101")
    answers: list[tuple[int, Any]] = []
    body, key = {"agent": "101", "target": f"number:{EXPERT}"}, str(uuid5(uuid7(), "order"))
    threads = [
        threading.Thread(target=lambda: answers.append(client.ask("POST", "/calls?wait=20", body, key)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = {told["id"] for status, told in answers if status == 202}
    assert len(taken) == 1 and {status for status, _ in answers} <= {202, 409}
    (call,) = taken
    client.until("CallAnswered", call=call)
    house.hear(agent={"expert"}, expert={"agent"})
    client.done(f"/calls/{call}/hangup")
    client.until("CallEnded", call=call)
    assert [one["id"] for one in client.get(f"/calls?number={EXPERT}")["items"]] == [call]
    client.done("/agents/by-number/101/logout")
    until(lambda: client.get("/agents/by-number/101")["state"] in ("closed", "unreachable"))
