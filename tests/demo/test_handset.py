"""The handset without a network: everything is kept, nothing is let go, and it all is there after a restart."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.handset import Handset
from schema.ids import uuid7
from tests.patience import LONG

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Air:
    """Stands in for `demo.wire.Wire`: what was sent, and a way to answer."""

    def __init__(self, handset: Handset) -> None:
        self.sent: list[tuple[str, bytes, int | None]] = []
        self.is_connected = False
        self.refusal = ""
        self.max_packet = 100_000
        self._handset = handset

    def start(self) -> None:
        self.is_connected = True
        self._handset._on_change()

    def stop(self) -> None:
        self.is_connected = False

    def publish(
        self, topic: str, body: bytes, *, offset: int | None = None, beside: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.sent.append((topic, body, offset))
        self.beside = dict(beside)
        self._handset._changed.notify_all()

    def topics(self) -> list[str]:
        return [topic.split("/")[1] for topic, _, _ in self.sent]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[], tuple[Handset, Air]]]:
    made: list[Handset] = []

    def one() -> tuple[Handset, Air]:
        for old in made:
            old.close()
        handset = Handset("hs1", "secret", "127.0.0.1", 1, tmp_path, resend=60, clock=lambda: AT)
        air = Air(handset)
        handset._wire = air  # type: ignore[assignment]
        made.append(handset)
        return handset, air

    yield one
    for handset in made:
        handset.close()


def answer(handset: Handset, id: object, status: str = "kept", **more: Any) -> None:
    handset._on_down("receipt", json.dumps({"v": 1, "id": str(id), "status": status, **more}).encode())


def sent(handset: Handset, air: Air, count: int) -> None:
    assert handset._until(lambda: len(air.sent) >= count, LONG), air.topics()


def task() -> dict[str, Any]:
    ids = {key: str(uuid7()) for key in ("task", "case", "contact")}
    return {
        "v": 1,
        **ids,
        "case_no": "S1",
        "title": "t",
        "text": "",
        "address": "",
        "note": "",
        "made": "2026",
    }


def test_offline_everything_is_kept_and_outlives_the_program(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, _ = make()
    written = [handset.clock_on(), handset.report(text="路灯", lon=1, lat=2, photo=True), handset.clock_off()]
    again, _ = make()
    assert again.waiting() == written


def test_it_sends_the_same_bytes_until_the_receipt(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, air = make()
    report = handset.report(text="路灯", lon=1, lat=2)
    handset.go_online()
    sent(handset, air, 1)
    handset.go_offline()
    handset.go_online()
    sent(handset, air, 2)
    assert air.sent[0] == air.sent[1] and handset.waiting() == [report]
    answer(handset, uuid7())
    assert handset.waiting() == [report]
    answer(handset, report)
    assert handset.waiting() == []
    body = json.loads(air.sent[0][1])
    assert body["place"] == {"lon": 1, "lat": 2, "accuracy": 8.0, "source": "gps", "fixed_at": AT.isoformat()}


def test_what_follows_a_clocking_waits_for_its_receipt(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, air = make()
    handset.report(text="before")
    on = handset.clock_on()
    handset.positions([(AT, 1.0, 2.0)])
    handset.go_online()
    sent(handset, air, 2)
    assert air.topics() == ["report", "clock"]
    answer(handset, on)
    sent(handset, air, 3)
    assert air.topics()[2] == "position"


def test_a_photo_goes_in_pieces_after_the_words(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, air = make()
    report = handset.report(text="路灯", photo=True)
    media = json.loads(next(iter(handset._outbox.waiting.values())).body)["media"][0]
    handset.go_online()
    sent(handset, air, 1)
    assert air.topics() == ["report"]
    answer(handset, report, media=[{"id": media["id"], "received": 0}])
    sent(handset, air, 3)
    assert [(one[2], len(one[1])) for one in air.sent[1:3]] == [(0, 6 * 1024), (6 * 1024, 6 * 1024)]
    answer(handset, media["id"], "refused", code="offset", media=[{"id": media["id"], "received": 100}])
    sent(handset, air, 4)
    assert air.sent[3][2] == 100
    assert handset.waiting() == [report]
    answer(handset, media["id"], media=[{"id": media["id"], "received": media["size"]}])
    assert handset.waiting() == [] and handset.failed() == {}


def test_a_refused_photo_is_shown_as_failed(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, _ = make()
    report = handset.report(text="路灯", photo=True)
    media = json.loads(next(iter(handset._outbox.waiting.values())).body)["media"][0]
    answer(handset, report, media=[{"id": media["id"], "received": 0}])
    answer(
        handset,
        media["id"],
        "refused",
        code="no-photo",
        reason="no",
        media=[{"id": media["id"], "received": 0}],
    )
    assert handset.waiting() == [] and list(handset.failed()) == [report]


@pytest.mark.parametrize("status", ["refused", "conflict"])
def test_a_refused_report_is_kept_with_its_reason(
    make: Callable[[], tuple[Handset, Air]], status: str
) -> None:
    handset, _ = make()
    report = handset.report(text="路灯")
    answer(handset, report, status, code="x", reason="because")
    again, _ = make()
    assert again.waiting() == [] and again.failed() == {report: "because"}


def test_positions_made_off_duty_are_not_kept(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, _ = make()
    positions = handset.positions([(AT, 1.0, 2.0)])
    answer(handset, positions, "refused", code="off-duty")
    assert handset.waiting() == [] and handset.failed() == {}


def test_a_task_is_shown_once_and_answered_by_a_report(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, air = make()
    message = task()
    for _ in range(3):
        handset._on_down("task", json.dumps(message).encode())
    assert len(handset.waiting()) == 1
    (seen,) = handset.tasks()
    handset.report(task=seen.task, text="修好了")
    assert handset.tasks() == []
    handset.go_online()
    sent(handset, air, 2)
    shown, report = (json.loads(body) for _, body, _ in air.sent)
    assert (shown["task"], shown["what"]) == (message["task"], "shown")
    assert [report[key] for key in ("task", "case", "contact")] == [
        message[k] for k in ("task", "case", "contact")
    ]


def test_too_large_for_the_broker_is_not_sent_at_all(make: Callable[[], tuple[Handset, Air]]) -> None:
    handset, air = make()
    air.max_packet = 1000
    big = handset.positions([(AT, 1.0, 2.0)] * 100)
    handset.go_online()
    assert handset._until(lambda: big in handset.failed(), LONG)
    assert air.sent == []


def test_sending_again_what_was_never_written_is_an_error(make: Callable[[], tuple[Handset, Air]]) -> None:
    with pytest.raises(KeyError):
        make()[0].send_again(uuid7())
