"""Messages reach their receiver: signed, in order, again until they are there, once more after a crash."""

import base64
import hmac
import json
import threading
from datetime import timedelta

import pytest

from backoffice.hooks.post import Post
from backoffice.hooks.sender import Sender
from conf.hooks import Hooks
from schema.desk import webhooks
from schema.facts import CallAnswered, CallEnded
from schema.ids import CallId, ContactId, uuid7
from schema.rules.hooks import secret_of
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.hooks.conftest import SETTINGS, Tellers
from tests.backoffice.hooks.receiver import Receiver
from tests.conftest import store_url  # noqa: F401 (on both databases)
from tests.patience import until


def ended(tellers: Tellers) -> CallEnded:
    call = uuid7()
    return CallEnded(
        at=tellers.town.clock(),
        call=CallId(call),
        contact=ContactId(call),
        node="pbx1",
        stage="ivr",
        outcome="abandoned",
    )


def later(tellers: Tellers, **span: float) -> None:
    tellers.town.clock.now += timedelta(**span)


def test_a_message_is_signed_as_standard_webhooks_say(tellers: Tellers, receiver: Receiver) -> None:
    hook = tellers.hook(receiver.url)
    fact = ended(tellers)
    tellers.tell(fact)
    assert tellers.sender.send_one() == "delivered" and tellers.sender.send_one() == ""
    ((path, headers, body),) = receiver.got
    assert path == "/hook?a=1" and headers["Content-Type"] == "application/json"
    told = json.loads(body)
    assert (told["type"], told["family"], told["seq"]) == ("CallEnded", "calls", 1)
    assert told["data"]["call"] == str(fact.call) and told["timestamp"].startswith("2026-11-24T08:00:00")
    # As a receiver that only knows the standard checks it.
    secret = base64.b64decode(secret_of(SETTINGS.secret, hook.id, 1).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(secret, signed, "sha256").digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert int(headers["webhook-timestamp"]) == int(tellers.town.clock().timestamp())
    (row,) = tellers.log()
    assert headers["webhook-id"] == f"msg_{row.id.hex}"
    assert (row.state, row.status, row.tries, row.excerpt) == (
        "delivered",
        200,
        1,
        "answer 200",
    ) and row.ms is not None


def test_for_a_day_after_a_new_secret_the_old_one_signs_too(tellers: Tellers, receiver: Receiver) -> None:
    hook = tellers.hook(receiver.url)
    with tellers.town.store.work() as work:
        webhooks.rotate(work, hook.id)
    tellers.tell(ended(tellers))
    tellers.sender.send_one()
    later(tellers, hours=25)
    tellers.tell(ended(tellers))
    tellers.sender.send_one()
    assert [len(headers["webhook-signature"].split()) for _, headers, _ in receiver.got] == [2, 1]


def test_who_does_not_answer_is_waited_for_and_nothing_is_sent_past(
    tellers: Tellers, receiver: Receiver
) -> None:
    hook = tellers.hook(receiver.url)
    receiver.answers = [503, 429, 200]
    for _ in range(3):
        tellers.tell(ended(tellers))
    assert tellers.sender.send_one() == "away" and tellers.sender.send_one() == ""
    later(tellers, seconds=4)
    assert tellers.sender.send_one() == ""
    later(tellers, seconds=2)
    assert tellers.sender.send_one() == "away" and tellers.look(hook).failures == 2
    later(tellers, seconds=119)
    assert tellers.sender.send_one() == "", "Retry-After: 120"
    later(tellers, seconds=2)
    assert [tellers.sender.send_one() for _ in range(4)] == ["delivered", "delivered", "delivered", ""]
    assert [json.loads(body)["seq"] for _, _, body in receiver.got] == [1, 1, 1, 2, 3]
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got[:3]}) == 1
    assert tellers.look(hook).failures == 0


def test_a_message_that_is_refused_steps_aside_and_comes_again(tellers: Tellers, receiver: Receiver) -> None:
    tellers.hook(receiver.url)
    receiver.answers = [500, 200]
    for _ in range(2):
        tellers.tell(ended(tellers))
    assert [tellers.sender.send_one() for _ in range(3)] == ["refused", "delivered", ""]
    later(tellers, seconds=6)
    assert tellers.sender.send_one() == "delivered"
    assert [json.loads(body)["seq"] for _, _, body in receiver.got] == [1, 2, 1]


def test_a_redirect_is_not_followed(tellers: Tellers, receiver: Receiver) -> None:
    tellers.hook(receiver.url)
    receiver.answers = [302]
    tellers.tell(ended(tellers))
    assert tellers.sender.send_one() == "refused" and len(receiver.got) == 1
    assert tellers.log()[0].reason == "redirects are not followed"


def test_who_answers_410_is_told_nothing_more_until_resumed(tellers: Tellers, receiver: Receiver) -> None:
    hook = tellers.hook(receiver.url)
    receiver.answers = [410, 200]
    tellers.tell(ended(tellers))
    assert tellers.sender.send_one() == "gone"
    tellers.tell(ended(tellers))
    later(tellers, hours=2)
    assert tellers.sender.send_one() == "" and len(tellers.log()) == 1
    found = tellers.look(hook)
    assert (found.active, found.why) == (False, "gone")
    with tellers.town.store.work() as work:
        webhooks.resume(work, hook.id)
    assert tellers.sender.send_one() == "delivered"


def test_what_does_not_arrive_in_a_day_is_dead_until_somebody_sends_it_again(
    tellers: Tellers, receiver: Receiver
) -> None:
    tellers.hook(receiver.url)
    receiver.answers = [400]
    tellers.tell(ended(tellers))
    for _ in range(60):
        tellers.sender.send_one()
        later(tellers, minutes=72)
        if tellers.log()[0].state == "dead":
            break
    (row,) = tellers.log()
    assert (row.state, row.status) == ("dead", 400)
    assert timedelta(hours=22) < tellers.town.clock() - row.made_at < timedelta(hours=27)
    id, first = f"msg_{row.id.hex}", len(receiver.got)
    receiver.answers = [204]
    with tellers.town.store.work() as work:
        webhooks.send_again(work, row.id)
    assert tellers.sender.send_one() == "delivered"
    assert [headers["webhook-id"] for _, headers, _ in receiver.got[first:]] == [id]


def test_after_a_crash_between_sending_and_writing_down_it_comes_again_under_its_id(
    tellers: Tellers, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tellers.hook(receiver.url)
    tellers.tell(ended(tellers))

    def crash(*_: object) -> str:
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "done", crash)
        with pytest.raises(SystemExit):
            tellers.sender.send_one()
    assert len(receiver.got) == 1 and tellers.log()[0].state == "waiting"
    other = Sender(tellers.town.store, SETTINGS)
    assert other.send_one() == "", "the one that took it may still be at it"
    later(tellers, seconds=61)
    assert other.send_one() == "delivered"
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1 < len(receiver.got)


def test_one_that_hangs_holds_up_nobody_else(tellers: Tellers, receiver: Receiver) -> None:
    slow = Sender(tellers.town.store, SETTINGS, Post(SETTINGS.allow, 20.0), chance=lambda: 0.5)
    tellers.hook(receiver.url)
    tellers.hook(receiver.url)
    receiver.answers = [receiver.hang, 200]
    tellers.tell(ended(tellers))
    thread = threading.Thread(target=slow.send_one)
    thread.start()
    until(lambda: len(receiver.got) == 1)
    assert tellers.sender.send_one() == "delivered"
    receiver.over.set()
    thread.join()


def test_a_sender_that_runs_sends_by_itself_what_is_due(tellers: Tellers, receiver: Receiver) -> None:
    tellers.hook(receiver.url)
    sender = Sender(tellers.town.store, SETTINGS)
    tellers.teller._told = sender.wake
    sender.start()
    try:
        for _ in range(5):
            tellers.tell(ended(tellers))
        until(lambda: all(row.state == "delivered" for row in tellers.log()))
    finally:
        sender.stop()
    assert [json.loads(body)["seq"] for _, _, body in receiver.got] == [1, 2, 3, 4, 5]


def test_without_a_secret_nothing_is_sent_unsigned(tellers: Tellers, receiver: Receiver) -> None:
    tellers.hook(receiver.url)
    tellers.tell(ended(tellers))
    bare = Sender(tellers.town.store, Hooks(allow=("127.0.0.1",)))
    assert bare.send_one() == "away" and receiver.got == []
    assert "no secret" in tellers.log()[0].reason


def test_a_cti_form_has_no_signature_and_its_users_as_a_list(tellers: Tellers, receiver: Receiver) -> None:
    row = tellers.town.call(outcome="", seat="101")
    tellers.hook(receiver.url, "CallAnswered", kind="cti", form="form")
    user = tellers.town.users["agent"].id
    tellers.tell(
        CallAnswered(at=tellers.town.clock(), call=CallId(row.id), contact=ContactId(row.contact), node="pbx1",
                     seat="101", leg="1", user=user)
    )  # fmt: skip
    assert tellers.sender.send_one() == "delivered"
    ((_, headers, body),) = receiver.got
    assert (
        headers["Content-Type"] == "application/x-www-form-urlencoded"
        and headers["webhook-signature"] is None
    )
    assert b"event=answer&from=13800000001&to=12345&direction=in" in body and b"answeringNumber=101" in body
    assert b"user%5B%5D=agent+%E6%9F%90" in body
