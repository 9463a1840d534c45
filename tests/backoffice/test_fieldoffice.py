"""From the office to the street and back, through the handsets' door: a code enrols, a signed report is kept, who sent
it is seen, blocked, let in, wiped; and the audit of it all finds nothing."""

import base64
import json
import re
import threading
import time
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_gateway.audit import audit
from field_gateway.door.app import make_app
from field_gateway.door.room import Room
from field_gateway.downs import open_items
from field_gateway.intake import Intake
from field_gateway.shelf import Shelf
from schema.ids import uuid7
from schema.pace import Pace
from tests.backoffice.conftest import Town, plain


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Phone:
    """A handset at the door of a town, with a key of its own."""

    def __init__(self, town: Town) -> None:
        pace = Pace(100, 100, time.monotonic)
        intake = Intake(town.store, Shelf(town.settings.vault))
        room = Room(
            town.settings, town.store, intake, lambda: None, pace, pace, threading.BoundedSemaphore(1)
        )
        self.door, self.key, self.seq = make_app(room).test_client(), Ed25519PrivateKey.generate(), 0
        self.device = self.secret = ""

    def enrol(self, code: str) -> int:
        shown = {"code": code, "public_key": b64(self.key.public_key().public_bytes_raw()), "label": "phone"}
        answer = self.door.post("/field/v1/enrol", json=shown)
        if answer.status_code == 201:
            self.device, self.secret = answer.json["device"], answer.json["secret"]
        return answer.status_code

    def say(self, type: str, **content: object) -> tuple[int, dict[str, object]]:
        self.seq += 1
        said = {"v": 1, "type": type, "id": str(uuid7()), "seq": self.seq, "boot": "b1", "mono": 1,
                "made": datetime(2026, 11, 24, 8, tzinfo=UTC).isoformat(), **content}  # fmt: skip
        body = json.dumps(said, ensure_ascii=False).encode()
        signed = b"gridline/1\n" + f"gridline/{self.device}/up/{type}".encode() + b"\n" + body
        shown = base64.b64encode(f"{self.device}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {shown}", "X-Gridline-Signature": b64(self.key.sign(signed))}
        answer = self.door.post(f"/field/v1/up/{type}", data=body, headers=headers)
        return answer.status_code, dict(answer.json or {})


def test_a_handset_comes_in_by_a_code_and_is_looked_after_until_it_is_wiped(town: Town) -> None:
    office, phone = town.visit("supervisor"), Phone(town)
    html = office.post("/field/enrol", {"worker": "worker"}).get_data(as_text=True)
    [code] = re.findall(r"data-testid=\"enrol-code\">([0-9A-Z-]+)<", html)
    assert (phone.enrol("0000-0000-0000"), phone.enrol(code)) == (400, 201)
    status = {"battery": 63, "charging": False, "version": "2.1", "backlog": 3, "free_mb": 900}
    assert phone.say("clock", on=True, status=status)[0] == 201
    code_of, receipt = phone.say("report", text="路灯不亮", place={"lon": 120.16, "lat": 30.27})
    assert code_of == 201 and receipt["case_no"]
    page = f"/field/devices/{phone.device}"
    words = plain(office.text(page))
    for said in ("63%", "2.1", "900", "phone", "worker 某"):
        assert said in words, said
    assert office.post(f"{page}/block", {"reason": "丢失"}).status_code == 303
    assert phone.say("report", text="再来")[0] in (401, 403)
    assert office.post(f"{page}/unblock").status_code == 303
    assert phone.say("report", text="再来")[0] == 201
    assert office.post(f"{page}/wipe").status_code == 303
    with town.store.read() as session:
        [wipe] = open_items(session, phone.device, town.clock()).messages
    assert wipe.type == "wipe"
    assert phone.say("message", message=str(wipe.id), what="shown")[0] == 201
    assert "已清除" in plain(office.text(page))
    assert "没有符合条件的终端" in office.text("/field?state=wiping")
    assert office.post(f"{page}/revoke").status_code == 303
    assert phone.say("report", text="又来")[1]["code"] == "bad-signature"
    ever = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    found = audit(town.store, town.settings.vault, *ever)
    assert found.differences == [] and found.messages["report"] == 2
