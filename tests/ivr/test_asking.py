"""A caller asks about a case by its number: what the script says, and what it asks the store."""

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from ivr.scripts import Scripts
from ivr.texts import TEXTS
from schema.desk.statusasks import Proved
from schema.ids import uuid7
from schema.orders import AskStatus, ProveStatus
from schema.rules.dialogue import texts_of
from schema.rules.voicebook import read_voice
from tests.ivr.test_scripts import STATUS, Call, done

NOW = datetime(2026, 11, 29, 2, tzinfo=UTC)
CASE = uuid7()
BOOK = read_voice(
    {"start": "main", "menus": {"main": {
        "names": {"zh": "主"}, "say": STATUS, "silent": {"do": "service"},
        "keys": {"5": {"do": "case"}, "0": {"do": "service"}},
    }}}
)  # fmt: skip


class Store:
    """Answers as the desk would; `orders` are what it was asked."""

    def __init__(self, at: datetime | None, stage: str = "in-hand", trouble: bool = False) -> None:
        self.orders: list[AskStatus | ProveStatus] = []
        self._proved = Proved(CASE, "ZW-20261124-0012", "0012", stage, at, "13900005678", "zh")
        self._trouble = trouble

    async def ask(self, order: AskStatus) -> tuple[str, tuple[UUID, ...]]:
        self.orders.append(order)
        if self._trouble:
            raise TimeoutError
        return "found", (CASE,)

    async def prove(self, order: ProveStatus) -> tuple[str, Proved | None]:
        self.orders.append(order)
        return ("right", self._proved) if order.digits == "5678" else ("wrong", None)

    def now(self) -> datetime:
        return NOW.astimezone(ZoneInfo("Asia/Shanghai"))


def heard(folder: Path, store: Store | None, *keys: str, **how: Any) -> list[str]:
    for name in (*TEXTS, *texts_of(BOOK)):
        for code in ("zh", "en"):
            file = folder / code / f"{name}.wav"
            file.parent.mkdir(exist_ok=True)
            file.touch()
    scripts = Scripts(folder, default="zh", tries=2, wait=3, book=lambda: BOOK, answers=store, **how)
    call = Call(*keys, **{"CALLERID(num)": "139", "GRIDLINE_CONTACT": str(uuid7())})  # type: ignore[arg-type]
    script: Coroutine[Any, Any, None] = scripts.run(call, "reception")
    done(script)
    return [one.removeprefix("zh/") for one in call.said]


def test_a_case_is_told_by_its_number_once_it_is_proved(tmp_path: Path) -> None:
    store = Store(NOW + timedelta(hours=30))
    said = heard(tmp_path, store, "", "5", "", *"20261124", "#", "", *"1111", "", "", *"5678")
    assert [type(one).__name__ for one in store.orders] == ["AskStatus", "ProveStatus", "ProveStatus"]
    asked, _, proved = store.orders
    assert (asked.digits, asked.number) == ("20261124", "139")
    assert isinstance(proved, ProveStatus) and (proved.cases, proved.nth) == ((CASE,), 2)
    told = said[said.index("case-number") :]
    assert said[2:6] == ["case-ask", "case-check", "case-wrong", "case-check"]
    assert told[1:6] == ["number-0", "number-0", "digit-1", "number-2", "status-in-hand"]
    assert told[6:11] == ["case-due", "day-tomorrow", "pm", "number-4", "hour"]


@pytest.mark.parametrize(
    ("at", "stage", "last"),
    [(None, "in-hand", "status-in-hand"), (NOW - timedelta(hours=1), "in-hand", "status-in-hand"),
     (NOW - timedelta(hours=1), "done", "hour")],
)  # fmt: skip
def test_a_time_that_is_over_is_told_only_of_what_is_done(
    tmp_path: Path, at: datetime | None, stage: str, last: str
) -> None:
    said = heard(tmp_path, Store(at, stage), "", "5", "", *"20261124", "#", "", *"5678", *[""] * 15)
    told = said[said.index("case-number") : said.index(f"status-{stage}") + 6]
    assert last in told and ("case-due" not in told)


@pytest.mark.parametrize("store", [Store(None, trouble=True), None])
def test_what_cannot_be_looked_up_is_said(tmp_path: Path, store: Store | None) -> None:
    assert "status-away" in heard(tmp_path, store, "", "5", "", *"20261124", "#", *[""] * 9)
