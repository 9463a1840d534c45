"""The audit of the field's files: each whole photo lies in the vault as it was announced, and nothing else does."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import select

from field_gateway.shelf import Shelf
from schema.desk.media import original_path, paths_of
from schema.handsets import Media, Report
from schema.store import Store

PAGE = 1000
FOLDER = "media"
PARTS = "media/parts"


class Counted(Protocol):
    """Where it is written down how much was looked at."""

    media: int
    bytes: int


def files_of(
    store: Store, vault: Path, since: datetime, until: datetime, found: Counted, *, rehash: bool
) -> Iterator[str]:
    """A line for each thing wrong with the media of reports of that time, and for each file of nobody.

    The files are listed before the rows are read: what comes in meanwhile is nobody's mistake.
    """
    there = {str(one.relative_to(vault)) for one in (vault / FOLDER).rglob("*") if one.is_file()}
    shelf = Shelf(vault)
    for row, at in _rows(store):
        if row.state == "whole":
            owned = paths_of(row.path)
            there -= owned
            if since <= at < until:
                found.media += 1
                yield from _whole(row, vault, owned, found, rehash=rehash)
        elif row.state == "due":
            there.discard(f"{PARTS}/{row.id}.part")
            if shelf.is_finished(
                row.id, row.type
            ):  # a crash between the vault and the commit: the next piece settles it
                there = {path for path in there if Path(path).name.partition(".")[0] != str(row.id)}
            if since <= at < until:
                found.media += 1
                yield from _due(row, shelf)
        elif since <= at < until and not row.reason:
            yield f"lost      {row.id} (media): {row.state}, and no reason is stated"
    for path in sorted(there):
        yield f"unowned   {path}: a file of no report"


def _rows(store: Store) -> Iterator[tuple[Media, datetime]]:
    last: UUID | None = None
    while True:
        query = (
            select(Media, Report.at).join(Report, Report.id == Media.report).order_by(Media.id).limit(PAGE)
        )
        with store.read() as session:
            page = session.execute(query.where(Media.id > last) if last else query).all()
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1][0].id


def _whole(row: Media, vault: Path, owned: set[str], found: Counted, *, rehash: bool) -> Iterator[str]:
    name = f"{row.device}/{row.report} (media {row.id})"
    for path in sorted(owned):
        if not (vault / path).is_file():
            yield f"lost      {name}: {path} is not there"
            if path == original_path(row.path):
                return
    original = vault / original_path(row.path)
    size = original.stat().st_size
    if size != row.size:
        yield f"changed   {name}: {size} bytes instead of {row.size}"
    elif rehash:
        found.bytes += size
        with original.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != row.sha256:
                yield f"changed   {name}: its SHA-256 is not the one announced"


def _due(row: Media, shelf: Shelf) -> Iterator[str]:
    have = row.size if shelf.is_finished(row.id, row.type) else shelf.length(row.id)
    if have < row.received:
        yield (
            f"short     {row.device}/{row.report} (media {row.id}): told {row.received} bytes received, "
            f"{have} are on disk; the handset is told so at its next piece"
        )
