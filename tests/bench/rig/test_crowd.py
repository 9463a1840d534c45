"""A member of the crowd against a real broker and gateway: it comes in, is answered, and is told when it may not."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.rig.crowd import Member, Message
from bench.rig.fieldrig import SECRET, FieldRig
from schema.handsets import Report
from schema.ids import uuid7
from tests.patience import LONG

pytestmark = pytest.mark.real


def test_members_send_and_have_their_receipts(tmp_path: Path) -> None:
    async def play(rig: FieldRig) -> tuple[Message, str]:
        port = rig.settings.broker.port
        member = Member("a", SECRET)
        await member.connect("127.0.0.1", port)
        id, now = str(uuid7()), rig.store.clock().isoformat()
        body = f'{{"v":1,"type":"report","id":"{id}","seq":1,"made":"{now}","text":"灯亮了"}}'.encode()
        member.send(Message("report", id, body))
        await member.served(LONG)
        await member.close()
        try:
            await Member("a", "wrong").connect("127.0.0.1", port)
        except ConnectionError as refused:
            return member.messages[id], str(refused)
        return member.messages[id], ""

    rig = FieldRig(tmp_path, ["a"])
    try:
        rig.start()
        with ThreadPoolExecutor(1) as apart:  # a loop of its own, beside the reactor's
            message, refused = apart.submit(lambda: asyncio.run(play(rig))).result()
        with rig.store.read() as session:
            assert session.query(Report).count() == 1
    finally:
        rig.stop()
    assert message.status == "kept" and "the broker refuses a" in refused
