"""The page of webhooks: made with its secret shown once, its log, and what can be done by hand."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from conf.hooks import Hooks
from schema.desk import webhooks
from schema.ids import uuid7
from schema.people import AuditRow
from schema.rules.hooks import secret_of
from schema.webhooks import Delivery, Webhook
from tests.backoffice.conftest import Town, Visit, plain

NEW = {"name": "crm", "url": "https://crm.example.org/hook", "kind": "webhook", "events": ["cases"]}


@pytest.fixture
def keeper(town: Town) -> Visit:
    """The administrator's browser, in a site with a secret."""
    office = town.app.extensions["gridline"]
    object.__setattr__(office, "settings", replace(town.settings, hooks=Hooks(secret="site")))
    return town.visit("admin")


def hooks(town: Town) -> list[Webhook]:
    with town.store.read() as session:
        return list(session.scalars(select(Webhook)))


def test_one_is_made_and_its_secret_is_shown_once(town: Town, keeper: Visit) -> None:
    assert "还没有订阅" in keeper.text("/webhooks")
    order = re.findall(r'name="order" value="([^"]+)"', keeper.text("/webhooks"))[0]
    answer = keeper.post("/webhooks", {**NEW, "order": order}).get_data(as_text=True)
    (row,) = hooks(town)
    secret = secret_of("site", row.id, 1)
    assert secret in answer.replace("&#43;", "+") and row.events == ["cases"]
    assert secret not in keeper.text(f"/webhooks/{row.id}")
    keeper.post("/webhooks", {**NEW, "order": order})
    assert len(hooks(town)) == 1, "the same form again is the same subscription"


def test_what_is_wrong_is_said_where_it_was_typed(town: Town, keeper: Visit) -> None:
    answer = keeper.post("/webhooks", {**NEW, "url": "gopher://x/<b>"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "https:// 或 http:// 开头" in text and "gopher://x/&lt;b&gt;" in text
    assert hooks(town) == []


def test_the_log_shows_how_it_went_and_sends_again(town: Town, keeper: Visit) -> None:
    keeper.post("/webhooks", NEW)
    (hook,) = hooks(town)
    with town.store.work() as work:
        row = webhooks.put(work, hook.id, key=uuid7(), seq=1, name="CaseFiled", body="{}")
        assert row is not None
        row.state, row.status, row.ms, row.tries, row.excerpt = "dead", 500, 12, 9, "<script>no</script>"
    text = keeper.text(f"/webhooks/{hook.id}?state=dead")
    assert (
        "CaseFiled" in text
        and "已放弃" in plain(text)
        and "12 毫秒" in plain(text)
        and "<script>no" not in text
    )
    assert "没有记录" in keeper.text(f"/webhooks/{hook.id}?state=delivered")
    assert keeper.post(f"/deliveries/{row.id}/resend").status_code == 303
    with town.store.read() as session:
        found = session.scalars(select(Delivery)).one()
    assert (found.state, found.tries) == ("waiting", 0)


def test_it_is_paused_resumed_changed_given_a_new_secret_once_and_removed(town: Town, keeper: Visit) -> None:
    keeper.post("/webhooks", NEW)
    (hook,) = hooks(town)
    keeper.post(f"/webhooks/{hook.id}/pause")
    assert not hooks(town)[0].active and "已暂停" in keeper.text(f"/webhooks/{hook.id}")
    keeper.post(f"/webhooks/{hook.id}/resume")
    keeper.post(f"/webhooks/{hook.id}/change", {"url": "https://b.example.org/", "events": ["calls"]})
    assert (hooks(town)[0].active, hooks(town)[0].url, hooks(town)[0].events) == (
        True,
        "https://b.example.org/",
        ["calls"],
    )
    for _ in range(2):  # the button pressed twice
        keeper.post(f"/webhooks/{hook.id}/rotate", {"generation": "1"})
    assert hooks(town)[0].generation == 2
    assert keeper.post(f"/webhooks/{hook.id}/fly").status_code == 404
    keeper.post(f"/webhooks/{hook.id}/remove")
    assert hooks(town) == [] and keeper.get(f"/webhooks/{hook.id}").status_code == 404
    with town.store.read() as session:
        done = session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("webhook.")))
        assert {one.partition(".")[2] for one in done} == {
            "add",
            "pause",
            "resume",
            "change",
            "rotate",
            "remove",
        }


def test_cti_needs_no_events_of_its_own(town: Town, keeper: Visit) -> None:
    keeper.post("/webhooks", {"name": "zammad", "url": NEW["url"], "kind": "cti"})
    (hook,) = hooks(town)
    assert hook.kind == "cti" and "whsec_" not in keeper.text(f"/webhooks/{hook.id}")


def test_without_a_secret_of_the_site_it_says_what_is_missing(town: Town) -> None:
    assert "hooks.secret" in town.visit("admin").text("/webhooks")
