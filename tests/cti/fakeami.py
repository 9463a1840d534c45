"""A scripted AMI server: as much of Asterisk's manager as the mouth's tests ask of both, and faults on demand."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Fields = dict[str, str]


class FakeAmi:
    """Listens on a free port. `said` is every action that came; `script` answers an action by name otherwise."""

    user, secret = "mouth", "the secret of the mouth"

    def __init__(self) -> None:
        self.port = 0
        self.said: list[Fields] = []
        self.script: dict[str, Callable[[Fields], bytes | None]] = {}
        self.globals: Fields = {}
        self.members: list[str] = []
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more and drop everybody."""
        assert self._server is not None
        self._server.close()
        self.drop()
        await self._server.wait_closed()
        if self._serving:
            await asyncio.wait(self._serving)
        await asyncio.sleep(0.01)

    def drop(self) -> None:
        """Drop everybody who is connected."""
        for writer in list(self._sessions):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sessions.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                text = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in text.split("\r\n") if ": " in line)
                self.said.append(action)
                answer = self.script.get(action["Action"], self._answer)(action)
                if answer is not None:
                    writer.write(answer)
        self._sessions.discard(writer)
        self._serving.discard(task)
        writer.close()

    def _answer(self, action: Fields) -> bytes:
        name, ident = action["Action"], action["ActionID"]
        if name == "Login":
            if (action["Username"], action["Secret"]) != (self.user, self.secret):
                return message(ident, Response="Error", Message="Authentication failed")
            booted = b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"
            return message(ident, Response="Success", Message="Authentication accepted") + booted
        if name == "Ping":
            return message(ident, Response="Success", Ping="Pong", Timestamp="1795520847.0")
        if name == "Setvar":
            self.globals[action["Variable"]] = action["Value"]
            return message(ident, Response="Success", Message="Variable Set")
        if name == "Getvar":
            value = self.globals.get(action["Variable"], "")
            return message(ident, Response="Success", Variable=action["Variable"], Value=value)
        if name == "QueueAdd":
            if action["Interface"] in self.members:
                return message(ident, Response="Error", Message="Unable to add interface: Already there")
            self.members.append(action["Interface"])
            return message(ident, Response="Success", Message="Added interface to queue")
        if name == "QueueStatus":
            return listed(
                ident, "QueueStatus", [{"Event": "QueueMember", "Location": m} for m in self.members]
            )
        if name == "CoreShowChannels":
            return listed(ident, "CoreShowChannels", [])
        if name == "Originate":
            return message(ident, Response="Success", Message="Originate successfully queued")
        if name == "Redirect":
            return message(ident, Response="Error", Message="Channel does not exist")
        return message(ident, Response="Error", Message="Permission denied")


def message(ident: str, **fields: str) -> bytes:
    """One AMI message that answers an action."""
    return ("".join(f"{n}: {v}\r\n" for n, v in {**fields, "ActionID": ident}.items()) + "\r\n").encode()


def listed(ident: str, name: str, rows: list[Fields]) -> bytes:
    """The answer of a list action."""
    start = message(ident, Response="Success", EventList="start", Message=f"{name} will follow")
    end = message(ident, Event=f"{name}Complete", EventList="Complete", ListItems=str(len(rows)))
    return start + b"".join(message(ident, **row) for row in rows) + end
