"""Whom log lines are about: the id of the contact that is being worked on goes with every line that is written then."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from structlog.contextvars import bind_contextvars, get_contextvars, unbind_contextvars


def about(contact: UUID | None) -> None:
    """From here on, in this thread, it is about this contact; None changes nothing."""
    if contact is not None:
        bind_contextvars(contact=str(contact))


@contextmanager
def apart() -> Iterator[None]:
    """Whatever it comes to be about in here, afterwards it is about what it was about before."""
    before = get_contextvars().get("contact")
    try:
        yield
    finally:
        if before is None:
            unbind_contextvars("contact")
        else:
            bind_contextvars(contact=before)
