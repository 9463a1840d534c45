"""How much room recordings have: in the vault and in each spool; an alarm below a share that the settings say."""

from dataclasses import dataclass

from conf.settings import Settings
from recordings.shelf import DiskShelf
from recordings.vault import shelf_of
from schema.desk.spacealarms import Seen
from schema.rules.keeping import is_low


@dataclass(frozen=True, slots=True)
class Room:
    """A place with so many bytes in all and free. `what` is "vault" or "spool"; `low`: there is too little left.

    `disk` is the machine's number of the disk; what has the same shares its room.
    """

    what: str
    total: int
    free: int
    low: bool
    disk: int = 0


def rooms(settings: Settings) -> list[Room]:
    """The vault, where it has an end, and the spool of the settings' node."""
    found = []
    for what, shelf in (("vault", shelf_of(settings)), ("spool", DiskShelf(settings.spool))):
        space = shelf.space()
        if space is not None:
            low = is_low(space.free, space.total, settings.recordings.low_percent)
            found.append(Room(what, space.total, space.free, low, space.disk))
    return found


def watched(settings: Settings) -> list[Seen]:
    """The places of the settings' node, each disk once, for who gives alarms: the vault is its site's first PBX's."""
    mine: list[Seen] = []
    disks: set[int] = set()
    for room in rooms(settings):
        if room.what == "vault" and settings.pbx.node != settings.first:
            disks.add(room.disk)
        elif room.disk not in disks:
            disks.add(room.disk)
            mine.append(Seen(room.what, room.free, room.total))
    return mine
