"""Orders for the street's messages."""

from datetime import datetime

from schema.orders.base import Order


class SendFieldMessage(Order, frozen=True, kw_only=True):
    """Words for grid workers' handsets, `to` people, groups and departments; after `expires` they go to nobody more.

    The message's id is the order's. `sms`: as a text message to their telephones, too (群发短信).
    """

    to: tuple[str, ...]
    text: str
    title: str = ""
    expires: datetime | None = None
    sms: bool = False
