"""Who is told in a process, whatever carries the letters: its durable groups, those who only listen, live hearers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from schema.base import table_of
from schema.bus import Handler, LiveHandler
from schema.bus_group import PAUSES, Group
from schema.bus_live import Live
from schema.facts import Fact
from schema.orders import Order
from schema.outbox import BusCursor
from schema.store import Store, UnitOfWork


def _forward(dialect: Any) -> Any:
    """One statement: whoever knows of a further place is right."""
    table = table_of(BusCursor)
    made = dialect.insert(table)
    return made.on_conflict_do_update(
        index_elements=["group"], set_={"seq": made.excluded.seq}, where=table.c.seq < made.excluded.seq
    )


_FORWARD = {"postgresql": _forward(postgresql), "sqlite": _forward(sqlite)}


def keep_places(work: UnitOfWork, places: Mapping[str, int]) -> None:
    """Write down how far groups have got; one that got further meanwhile stays there."""
    on = work.session.connection()
    on.execute(
        _FORWARD[on.dialect.name], [{"group": name, "seq": seq} for name, seq in sorted(places.items())]
    )


class Groups:
    """Subscriptions are made before `started` is set. `away`, if given, passes live words on to other processes."""

    def __init__(
        self,
        store: Store,
        *,
        pauses: Sequence[float] = PAUSES,
        away: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self._of = store
        self._tries = pauses
        self._groups: dict[str, Group] = {}
        self._listeners: list[Group] = []
        self._live = Live(away)
        self.started = False

    def subscribe(
        self,
        group: str,
        kinds: Collection[type[Fact] | type[Order]],
        handler: Handler,
        *,
        durable: bool = True,
    ) -> None:
        """See `schema.bus.Bus.subscribe`."""
        if self.started:
            raise RuntimeError("subscribe before the bus is started")
        if durable:
            known = self._groups.setdefault(group, Group(group, self._of, durable=True, pauses=self._tries))
            known.add(kinds, handler)
        else:
            listener = Group(group, self._of, durable=False)
            listener.add(kinds, handler)
            self._listeners.append(listener)

    def shout(self, topic: str, payload: bytes) -> None:
        """See `schema.bus.Bus.shout`."""
        self._live.say(topic, payload)

    def hear(self, topic: str, handler: LiveHandler) -> None:
        """See `schema.bus.Bus.hear`."""
        self._live.hear(topic, handler)
