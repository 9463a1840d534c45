"""What a process of tests does a thousand times, made cheap: password hashes, the look of a failure in the log.

Nothing here changes what is done, only what it costs. Who asks for the cost itself has the real thing (`REAL_HASHER`,
`REAL_NOBODY`).
"""

import structlog
from argon2 import PasswordHasher

from schema.desk import passwords

REAL_HASHER, REAL_NOBODY = passwords._hasher, passwords.NOBODY
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_cheaply() -> None:
    """A quarter of a second a password is what guessing shall cost, not testing. Call it before NOBODY is imported."""
    passwords._hasher = CHEAP
    passwords.NOBODY = CHEAP.hash("of nobody")


def log_plainly() -> None:
    """A failure's traceback as Python writes it: drawn in colours and frames it takes a tenth of a second."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])
