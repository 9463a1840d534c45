"""Where other people's programs are told of what happens: a table ``[hooks]``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hooks:
    """Webhooks. `secret` is what every subscription's is made of; `allow` names hosts, addresses and networks that
    may be reached though they are not of the public internet.

    A message is tried for `give_up_hours`, `timeout` seconds a try, `workers` at once, and kept for `keep_days`.
    """

    secret: str = ""
    allow: tuple[str, ...] = ()
    timeout: float = 10.0
    workers: int = 4
    give_up_hours: int = 24
    keep_days: int = 14
