"""The ways a notice leaves by: one small protocol; a gateway plugs in by answering to it."""

import importlib
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from conf.settings import BadSettings


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: the notice's `id` (the same at every try), to an `address`, in a language."""

    id: UUID
    address: str
    language: str
    subject: str
    text: str


class CouldNot(Exception):
    """This way does not exist here (no server, no gateway): `args[0]` is a code of `notice.why`."""


class Later(Exception):
    """It did not go now and may go later: the text says why, for people. `all`: nothing else will go now either."""

    def __init__(self, text: str, *, all: bool = False) -> None:
        super().__init__(text)
        self.all = all


class Never(Exception):
    """It was refused for good: the text says why, for people."""


class Way(Protocol):
    """A way out. `name` is of `schema.rules.notices.WAYS`."""

    name: str

    def send(self, letter: Letter) -> None:
        """Hand it over; returns when the other side has taken it. Raises CouldNot, Later or Never."""


def gateway_of(setting: str) -> Way:
    """The gateway that a site's settings name ("module:Name"); without one every SMS says that there is none.

    Raises BadSettings.
    """
    if not setting:
        return NoGateway()
    module, _, name = setting.partition(":")
    try:
        made: Way = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BadSettings(f"sms.gateway: there is no gateway {setting!r}: {error}") from error
    return made


class NoGateway:
    """SMS while there is no gateway: says so of every notice, where people look."""

    name = "sms"

    def send(self, letter: Letter) -> None:
        """Raises CouldNot."""
        raise CouldNot("no-gateway")
