"""Media from the field: out of the vault, to those who read cases, each look written down."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from schema.fieldmessages import ReportVersion
from schema.handsets import Media, Report
from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town

JPEG = b"\xff\xd8\xff\xe0 a photo"


def media(town: Town, **changes: Any) -> UUID:
    case, id, report = town.filed(), uuid7(), uuid7()
    path = changes.pop("path", f"media/{id}.jpg")
    row = {
        "id": id, "report": report, "device": "w1", "case": case.id, "type": "image/jpeg", "size": len(JPEG),
        "sha256": "0" * 64, "state": "whole", "path": path, "whole_at": town.clock(),
    }  # fmt: skip
    with town.store.work() as work:
        work.session.add(
            Report(id=report, device="w1", worker=town.users["worker"].id, case=case.id, contact=case.contact,
                   kind="report", text="已修好", made_at=work.now, at=work.now, lon=120.16, lat=30.27, accuracy=8.0)
        )  # fmt: skip
        work.session.flush()
        work.session.add(Media(**row | changes))
    file = town.settings.vault / f"media/{id}.jpg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(JPEG)
    return id


def test_a_photo_is_shown_and_the_look_written_down(town: Town) -> None:
    id = media(town)
    answer = town.visit("expert").get(f"/media/{id}")
    assert answer.status_code == 200 and answer.data == JPEG and answer.mimetype == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    with town.store.read() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.what, row.subject, row.who) == ("media.see", str(id), town.users["expert"].id)


def test_what_a_browser_might_run_is_only_given_as_a_file(town: Town) -> None:
    answer = town.visit("agent").get(f"/media/{media(town, type='image/svg+xml')}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_is_not_whole_or_not_in_the_vault_is_not_there(town: Town) -> None:
    agent = town.visit("agent")
    (town.settings.var / "secret.txt").parent.mkdir(parents=True, exist_ok=True)
    (town.settings.var / "secret.txt").write_text("secret")
    for id in (
        media(town, state="due"), media(town, state="refused"), media(town, case=None),
        media(town, path="../secret.txt"), media(town, path="/etc/passwd"), media(town, path="media/none.jpg"),
        uuid7(), "x",
    ):  # fmt: skip
        assert agent.get(f"/media/{id}").status_code == 404


def test_the_case_page_shows_report_and_photo(town: Town) -> None:
    id = media(town)
    agent = town.visit("agent")
    html = agent.text(
        agent.text("/cases").split('data-testid="case-link"')[0].rsplit('href="', 1)[1].split('"')[0]
    )
    assert f'src="/media/{id}"' in html and "已修好" in html and "± 8 米" in html


def test_a_voice_note_is_heard_on_the_page_and_edits_stand_below_their_report(town: Town) -> None:
    id = media(town, type="audio/webm", kind="voice")
    with town.store.work() as work:
        row = work.session.get_one(Media, id)
        report = work.session.get_one(Report, row.report)
        shown = {
            "report": report.id,
            "device": "w1",
            "worker": report.worker,
            "made_at": work.now,
            "at": work.now,
        }
        work.session.add_all(
            ReportVersion(id=uuid7(), version=version, base=1, state=state, text=text, **shown)
            for version, state, text in ((2, "kept", "换了灯泡"), (None, "conflict", "换了灯罩"))
        )
        thumbs = {"kind": "thumb", "report": report.id, "device": "w1", "case": row.case, "type": "image/jpeg",
                  "size": 1, "sha256": "0" * 64}  # fmt: skip
        early, late = uuid7(), uuid7()
        photo = Media(**{**thumbs, "id": late, "kind": "photo", "state": "due"})
        work.session.add_all(
            [Media(**thumbs, id=early, of=late, state="whole", path="x", whole_at=work.now), photo]
        )
        case = row.case
    page = town.visit("agent").get(f"/cases/{case}").text
    assert f'<audio controls preload="none" src="/media/{id}"' in page
    assert page.index("已修好") < page.index("换了灯泡") < page.index("换了灯罩")
    assert "第 2 版" in page and 'data-state="conflict"' in page and f"/media/{early}" in page
    with town.store.work() as work:
        row = work.session.get_one(Media, late)
        row.state, row.path, row.whole_at = "whole", "x", work.now
    page = town.visit("agent").get(f"/cases/{case}").text
    assert f"/media/{late}" in page and f"/media/{early}" not in page
