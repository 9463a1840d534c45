"""A mouth that remembers what it said; held to the real one's signature by tests/cti/test_acd.py."""

from collections.abc import Callable

from cti.link import Action, Answer

Reply = Exception | Answer


class FakeMouth:
    """`said` grows; `reply` decides what comes of an action (an exception is raised), a plain success by default."""

    def __init__(self) -> None:
        self.said: list[dict[str, object]] = []
        self.reply: Callable[[Action], Reply] = lambda action: Answer({"Response": "Success"})
        self.state = "up"

    async def action(self, action: Action, timeout: float = 5.0) -> Answer:
        """Say it."""
        self.said.append(dict(action))
        reply = self.reply(action)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def of(self, name: str) -> list[dict[str, object]]:
        """What was said of one kind."""
        return [action for action in self.said if action["Action"] == name]
