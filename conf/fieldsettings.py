"""The street, as a site sets it: a table ``[field]``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """The HTTP door of the field gateway, an origin of its own.

    `address` is where handsets reach it ("https://field.city.example"; empty: as they asked), `mqtt` where they reach
    the broker's WebSocket listener ("wss://field.city.example/mqtt"; empty: `Broker.ws_port` of the host they asked).
    A log-in on a handset lasts `login_days`, a code to enrol one `code_minutes`. `threads` answer requests.
    Positions are kept for `position_days`.
    Of a handset on duty that nothing was heard of for `silent_minutes` people are told; 0: never.
    """

    host: str = "127.0.0.1"
    port: int = 0
    address: str = ""
    mqtt: str = ""
    login_days: int = 14
    code_minutes: int = 15
    position_days: int = 30
    threads: int = 8
    silent_minutes: int = 30
