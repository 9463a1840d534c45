"""Receipts of what this process kept last: what comes again soon is answered without asking the store.

After an outage handsets send again what waits at the broker already, each several times. Only what was committed is
remembered, and only receipts that never change: with photos they tell how far these are.
"""

import threading
from collections import OrderedDict
from uuid import UUID

import msgspec

from field_gateway.answers import Receipt

MOST = 10_000
"""Receipts remembered, less than a kilobyte each."""

Key = tuple[str, UUID]


class Recent:
    """By device and id, with the hash of the body: another one with the same id is for the store to judge."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, tuple[str, Receipt]] = OrderedDict()

    def remember(self, key: Key, sha256: str, receipt: Receipt) -> None:
        """Remember the receipt of a message that is committed."""
        if receipt.status not in ("kept", "again") or receipt.media:
            return
        plain = msgspec.structs.replace(receipt, status="again", ids=msgspec.UNSET)
        with self._lock:
            self._known[key] = sha256, plain
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def find(self, key: Key, sha256: str) -> Receipt | None:
        """The receipt of the same message, as it is answered when it comes again."""
        with self._lock:
            known = self._known.get(key)
        return known[1] if known is not None and known[0] == sha256 else None
