"""A handset is enrolled with a code that is shown once, as a QR code and to be typed."""

import re
from dataclasses import replace

from sqlalchemy import select

from schema.desk.enrolling import take_code
from schema.fieldaccess import HandsetCode
from schema.handsets import Handset
from tests.backoffice.conftest import Town


def test_a_code_is_made_for_a_worker_and_enrols_one_handset(town: Town) -> None:
    admin = town.visit("admin")
    assert 'value="worker 某 (worker)"' in admin.text("/field/enrol?device=hs-7") and "hs-7" in admin.text(
        "/field/enrol?device=hs-7"
    )
    answer = admin.post("/field/enrol", {"worker": "worker 某 (worker)", "device": "hs-7"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    code = re.search(r"data-testid=\"enrol-code\">([0-9A-Z-]+)<", html)
    assert code is not None and "<svg" in html and "16:15" in html and "只在本机有效" in html
    with town.store.read() as session:
        row = session.scalars(select(HandsetCode)).one()
        assert code[1] not in (row.code_hash, row.device) and row.worker == town.users["worker"].id
    with town.store.work() as work:
        take_code(work, code[1], key=b"k" * 32)
        assert work.session.get_one(Handset, "hs-7").worker == town.users["worker"].id


def test_nobody_but_a_grid_worker_gets_one(town: Town) -> None:
    supervisor = town.visit("supervisor")
    for worker, device, said in (
        ("agent", "", "没有这名网格员"),
        ("", "", "没有这名网格员"),
        ("worker", "a/b", "终端名称只能"),
    ):
        answer = supervisor.post("/field/enrol", {"worker": worker, "device": device})
        assert answer.status_code == 400 and said in answer.get_data(as_text=True)
    assert town.visit("clerk").get("/field/enrol").status_code == 403


def test_the_code_leads_to_where_handsets_reach_the_door(town: Town) -> None:
    field = replace(town.settings.field, address="https://field.city.example/")
    town.app.extensions["gridline"] = replace(
        town.app.extensions["gridline"], settings=replace(town.settings, field=field)
    )
    html = town.visit("admin").post("/field/enrol", {"worker": "worker"}).get_data(as_text=True)
    assert "https://field.city.example/<" in html and "只在本机有效" not in html
