"""Handsets that are online all the time and say where they are, in a process of their own: they are others' phones.

`python -m bench.rig.patrol PORT SECRET COUNT EVERY`: so many, named live0 and so on, each with one position every so
many seconds. Like any handset they send again what has no receipt: QoS 0 behind the broker may lose it. At a line on
standard input they stop, wait a minute at most for what is open, and write a line of JSON: the seconds from the first
sending of each position to its receipt, how many have none, and how many sendings were repeated.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress

from bench.rig.crowd import Member, Message, body, points

LAST = 60.0


async def patrol(port: int, secret: str, count: int, every: float) -> dict[str, object]:
    """Walk until told to stop; what there is to say of it."""
    members = [Member(f"live{number}", secret) for number in range(count)]
    for member in members:
        await member.connect("127.0.0.1", port)
    print("ready", flush=True)
    over = asyncio.Event()
    walks = [
        asyncio.create_task(_walk(member, over, every, number * every / count))  # noqa: TID251 (held)
        for number, member in enumerate(members)
    ]
    await asyncio.to_thread(sys.stdin.readline)
    over.set()
    again = sum(await asyncio.gather(*walks))
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST):
            while any(member.waiting for member in members):
                again += sum(member.send_again() for member in members)
                await asyncio.sleep(0.5)
    said = [one for member in members for one in member.messages.values()]
    for member in members:
        await member.close()
    return {
        "delays": [round(one.answered - one.sent, 4) for one in said if one.answered],
        "open": [round(time.monotonic() - one.sent, 1) for one in said if not one.answered],
        "again": again,
        "later": sum(member.later for member in members),
    }


async def _walk(member: Member, over: asyncio.Event, every: float, after: float) -> int:
    again, due = 0, time.monotonic() + after
    while not over.is_set():
        if time.monotonic() >= due:
            due += every
            id, made = body("position", len(member.messages) + 1, points=points(1))
            member.send(Message("position", id, made))
        again += member.send_again()
        await asyncio.sleep(min(0.25, max(0.0, due - time.monotonic())))
    return again


if __name__ == "__main__":
    port, secret, count, every = sys.argv[1:]
    print(json.dumps(asyncio.run(patrol(int(port), secret, int(count), float(every)))), flush=True)
