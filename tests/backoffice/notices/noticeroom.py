"""The room of notices by hand: a way that takes letters as told, and what came of them."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from backoffice.notices.service import Notices
from backoffice.notices.ways import Letter, NoGateway
from conf.settings import Settings
from conf.sms import Sms
from schema.bus import Envelope
from schema.bus_memory import MemoryBus
from schema.notices import Notice
from schema.store import Store
from schema.wire import from_body
from tests.schema.desk.casework import Office


class Hand:
    """A way by mail that remembers what it was given, and does what `does` says."""

    name = "mail"

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.does: Callable[[Letter], None] = lambda _letter: None

    def send(self, letter: Letter) -> None:
        self.does(letter)
        self.letters.append(letter)


def room(store: Store, *ways: object, texts: bool = False) -> Notices:
    """`texts`: citizens are sent the numbers of their cases."""
    settings = Settings(sms=Sms(case_numbers=texts))
    return Notices(settings, store, MemoryBus(store), ways or (NoGateway(),))  # type: ignore[arg-type]


def hear_all(desk: Office, notices: Notices, times: int = 1) -> None:
    """Every fact in the outbox is heard, as often as wanted."""
    for row in desk.said():
        for _ in range(times):
            notices.hear(Envelope(row.id, row.key, row.name, row.at, from_body(row.name, row.body)))


def rows(store: Store, **like: object) -> list[Notice]:
    with store.read() as session:
        return list(session.scalars(select(Notice).filter_by(**like).order_by(Notice.made_at, Notice.id)))


def told(store: Store) -> list[tuple[UUID | None, str, str, str]]:
    return [(row.receiver, row.kind, row.way, row.state) for row in rows(store)]
