"""A street with one cell, two grid workers with a handset each, and cases dispatched to them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from demo.camera import take_photo
from field_gateway.intake import Answer, Intake
from field_gateway.shelf import Shelf
from field_gateway.wire import encode
from schema.cases import Case, CaseStep, Task
from schema.desk.handsets import enrol
from schema.handsets import InboxConflict, InboxRow, Media, Refusal, Report
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import User
from schema.places import GridCell
from schema.positions import Position
from schema.store import Store

CELL = "330106001001001"
SECRET = "sixteen letters!"
LON, LAT = 120.1592, 30.2671
TABLES = (InboxRow, InboxConflict, Report, Media, Position, CaseStep, Refusal, OutboxRow)


class Street:
    """What there is before a handset says anything. `one` and `two` are workers and `hs1`, `hs2` their devices."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.work() as work:
            self.one, self.two = (
                User(login=login, name=login, post="worker", password="x", active=True)
                for login in ("w1", "w2")
            )
            ring = [[120.15, 30.26], [120.17, 30.26], [120.17, 30.28], [120.15, 30.28]]
            work.session.add_all([self.one, self.two, GridCell(code=CELL, name="湖滨", ring=ring, area=4e6)])
            work.session.flush()
            enrol(work, device="hs1", worker=self.one.id, secret=SECRET)
            enrol(work, device="hs2", worker=self.two.id, secret=SECRET)

    def dispatch(self, worker: UUID | None = None, no: str = "S20261124001") -> Task:
        """A case with a task for a worker (`one`), as the case desk leaves them."""
        with self.store.work() as work:
            case = Case(
                case_no=no,
                contact=uuid7(),
                class_="social",
                kind="complaint",
                title="路灯不亮",
                text="湖滨路 3 号门前",
                cell=CELL,
                state="dispatched",
                worker=worker or self.one.id,
                made_at=work.now,
            )
            work.session.add(case)
            work.session.flush()
            task = Task(
                case=case.id,
                contact=case.contact,
                worker=case.worker,
                state="made",
                made_at=work.now,
                note="带梯子",
            )
            work.session.add(task)
        return task

    def rows(self) -> dict[str, int]:
        """How many rows each table of interest has."""
        with self.store.read() as session:
            return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in TABLES}

    def one_of(self, table: type[Any], *where: Any) -> Any:
        """The only row of a table (that fits)."""
        with self.store.read() as session:
            return session.scalars(select(table).where(*where)).one()

    def facts(self) -> list[str]:
        """Names of the facts told, in order."""
        with self.store.read() as session:
            return list(session.scalars(select(OutboxRow.name).order_by(OutboxRow.id)))


class Handset:
    """Speaks the protocol to an intake, without a network."""

    def __init__(self, store: Store, vault: Path, device: str = "hs1") -> None:
        self.device = device
        self.intake = Intake(store, Shelf(vault))
        self._seq = 0

    def body(self, **content: Any) -> bytes:
        """A message with a new id unless one is given."""
        self._seq += 1
        plain = {"v": 1, "id": str(uuid7()), "seq": self._seq, "made": datetime.now(UTC).isoformat()}
        return json.dumps({**plain, **content}, default=str, ensure_ascii=False).encode()

    def report(self, **content: Any) -> bytes:
        """A report."""
        return self.body(**{"type": "report", "text": "已修好", **content})

    def positions(self, *points: tuple[datetime, float, float], **content: Any) -> bytes:
        """A batch of positions."""
        fixes = [
            {"fixed_at": at.isoformat(), "lon": lon, "lat": lat, "accuracy": 5} for at, lon, lat in points
        ]
        message = json.loads(self.body(type="position", points=fixes, **content))
        del message["made"]
        return json.dumps(message).encode()

    def say(
        self, what: str, body: bytes, received: datetime | None = None, **properties: str
    ) -> dict[str, Any]:
        """Send it with these user properties; the receipt as the handset reads it, {} when there is none."""
        topic = f"gridline/{self.device}/up/{what}"
        return said(self.intake.take(topic, body, list(properties.items()), received))

    def chunk(self, media: UUID, offset: int, data: bytes, sha256: str | None = None) -> dict[str, Any]:
        """Send a piece of a photo."""
        properties = [("offset", str(offset)), ("sha256", sha256 or hashlib.sha256(data).hexdigest())]
        return said(self.intake.take(f"gridline/{self.device}/up/media/{media}", data, properties))


def said(answer: Answer | None) -> dict[str, Any]:
    """A receipt as it comes down."""
    said: dict[str, Any] = json.loads(encode(answer.receipt)) if answer else {}
    return said


def photo_bytes(folder: Path) -> bytes:
    """A photo with a place in its EXIF."""
    file = folder / "taken.jpg"
    take_photo(file, words="test", lon=LON, lat=LAT, at=datetime(2026, 11, 24, 10, tzinfo=UTC))
    return file.read_bytes()


def announced(photo: bytes, id: UUID, type: str = "image/jpeg") -> dict[str, Any]:
    """A photo as a report announces it."""
    return {"id": str(id), "type": type, "size": len(photo), "sha256": hashlib.sha256(photo).hexdigest()}


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
