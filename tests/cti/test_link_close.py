"""Closing the mouth at the very moment at which the PBX refuses it."""

import asyncio

import pytest

from cti import link
from cti.link import Mouth
from tests.real.pbx import run


def test_a_refusal_in_the_same_turn_does_not_swallow_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def dial(_host: str, _port: int) -> None:
            await answer

        monkeypatch.setattr(link, "dial", dial)
        mouth = Mouth("127.0.0.1", 9, "mouth", "secret")
        await mouth.connect()
        for _ in range(3):
            await asyncio.sleep(0)
        answer.set_exception(ConnectionRefusedError(111, "Connection refused"))
        closing = asyncio.get_running_loop().create_task(mouth.close())
        done, _ = await asyncio.wait({closing}, timeout=5)
        assert done

    run(whole())
