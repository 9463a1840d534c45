"""What a receipt does to the handset's outbox. Not thread-safe: its owner holds a lock."""

from typing import Any

from demo.outbox import KEPT, Entry, Outbox

PASSING = ("offset", "chunk-damaged")


def heed(outbox: Outbox, receipt: dict[str, Any]) -> None:
    """Let go of what is kept, set aside what is refused; what is to come later stays as it is."""
    for id in receipt.get("ids", ()):  # their own receipts were lost on the way
        other = outbox.waiting.get(str(id))
        if other is not None and other.receipt is None:
            other.receipt = {"id": id, "status": "again"}
            outbox.settle(other)
    id = str(receipt["id"])
    if receipt["status"] == "later":
        return
    entry = outbox.waiting.get(id)
    if entry is not None:
        if entry.topic == "position" and receipt["status"] == "refused":
            outbox.drop(entry)  # made off duty: nobody keeps it
            return
        entry.receipt = receipt
    else:
        entry = next((e for e in outbox.waiting.values() for p in e.photos if p.id == id), None)
        if entry is None:
            return
    _heed_photos(entry, receipt)
    outbox.settle(entry)


def _heed_photos(entry: Entry, receipt: dict[str, Any]) -> None:
    states = {one["id"]: one["received"] for one in receipt.get("media", [])}
    for photo in entry.photos:
        if photo.id in states:
            photo.received = states[photo.id]
            if receipt["status"] in KEPT and photo.received >= photo.size:
                photo.state = "whole"
        if (
            photo.id == receipt["id"]
            and receipt["status"] == "refused"
            and receipt.get("code") not in PASSING
        ):
            photo.state = "failed"
