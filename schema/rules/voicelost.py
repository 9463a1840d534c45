"""Where somebody could be lost in a book of voice menus that can be read. Pure; part of `schema.rules.voicebook`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema.rules.voicebook import VoiceBook


def lost(book: "VoiceBook") -> Iterator[tuple[str, str]]:
    """Place and reason, one each."""
    reached, ahead = {book.start}, [book.start]
    while ahead:
        id = ahead.pop()
        menu = book.menus[id]
        ways = [(f"{id}.keys.{key}", way) for key, way in menu.keys.items()] + [(f"{id}.silent", menu.silent)]
        if not any(way.do == "service" for way in menu.keys.values()):
            yield f"{id}.agent", "no key of this menu leads to an agent"
        for where, way in ways:
            end = way.ends()
            if end.do != "menu":
                continue
            if end.to not in book.menus:
                yield f"{where}.to", "there is no such menu"
            elif end.to not in reached:
                reached.add(end.to)
                ahead.append(end.to)
    for id in book.menus:
        if id not in reached:
            yield f"{id}.unreached", "nothing leads to this menu"
        elif _circles(book, id):
            yield f"{id}.silent", "who stays silent never reaches an agent"


def _circles(book: "VoiceBook", id: str) -> bool:
    seen: set[str] = set()
    while id in book.menus and id not in seen:
        seen.add(id)
        end = book.menus[id].silent.ends()
        if end.do != "menu":
            return False
        id = end.to
    return id in seen
