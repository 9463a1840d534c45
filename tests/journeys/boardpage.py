"""The wallboard opened in a real browser, and what a window of its own wishes it to show."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from schema.rules.languages import LANGUAGES
from tests.journeys.webpages import Office

SIZES = {"phone": (390, 844), "desk": (1280, 800), "1080p": (1920, 1080), "4k": (3840, 2160)}
LOOKS = [("zh", "phone"), ("ug", "phone"), ("en", "desk"), ("ug", "desk"), ("en", "1080p"), ("zh", "4k")]
if os.environ.get("GRIDLINE_LOOKS") == "all":
    LOOKS = [(language, size) for language in LANGUAGES for size in SIZES]
"""Every language and every size, the narrow ones twice, not each with each; with GRIDLINE_LOOKS=all each with each."""
INSIDE = """() => {
  const out = (box) => box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1;
  const seen = [...document.querySelectorAll('.seatcard, .tile, .alarm:not([hidden])')];
  const clipped = [...document.querySelectorAll('.seatcard .head, .seatcard .state')].filter(n => {
    const box = n.getBoundingClientRect(), card = n.closest('.seatcard').getBoundingClientRect();
    return box.top < card.top - 1 || box.bottom > card.bottom + 1;
  });
  const sizes = [...document.querySelectorAll('.seatcard .state')].map(n => parseFloat(getComputedStyle(n).fontSize));
  return {
    scrolls: document.documentElement.scrollHeight > innerHeight,
    outside: seen.filter(n => out(n.getBoundingClientRect())).length,
    clipped: clipped.length, smallest: Math.min(...sizes),
  };
}"""
TWO_NODES = """async () => {
  const { modelOf } = await import('/static/js/boardmodel.js');
  const figures = (offered, answered, waiting) => ({
    offered, answered, waiting, abandoned: 0, overflowed: 0, called_back: 0,
  });
  const node = (name, seats, calls, counts, told) => ({
    node: name, seats, calls, link: 'up',
    figures: { ...counts, conserved: true, queues: { hotline: counts }, promises: told },
  });
  const call = { stage: 'talking', seat: '201', entered: '2026-11-24T04:00:00Z' };
  const waits = (at) => ({ stage: 'queue', queue: 'hotline', waiting_since: at, entered: at });
  const model = modelOf([
    node('pbx1', { 102: {} , 9: {} }, { a: call, b: waits('2026-11-24T04:02:00Z') },
         figures(3, 2, 1), { told: 3, mae_s: 10 }),
    node('pbx2', { 201: { call: 'a' } }, { c: waits('2026-11-24T04:01:00Z') },
         figures(2, 1, 1), { told: 1, mae_s: 30 }),
  ], { pbx2: { ok: false, link: 'silent', since: 'x' } });
  return {
    seats: model.seats.map(({ key, dead, call }) => [key, dead, call === null ? null : call.seat]),
    calls: model.calls.map(({ key, dead }) => [key, dead]), total: model.total, longest: model.longest,
    queues: model.queues.map(({ name, figures, right }) => [name, figures.offered, right]),
    down: model.down.map(({ node }) => node), error: model.promises.error / model.promises.judged, broken: model.broken,
  };
}"""


@pytest.fixture(autouse=True)
def _as_it_was(office: Office) -> Iterator[None]:
    """Nobody wishes anything afterwards."""
    yield
    (office.var / "wishes.json").unlink(missing_ok=True)


def wish(office: Office, **wishes: Any) -> None:
    """What a window wishes, put where the page asks for it."""
    draft = office.var / "wishes.new"
    draft.write_text(json.dumps(wishes), "utf-8")
    draft.replace(office.var / "wishes.json")


def board(office: Office, path: str = "/wallboard", **how: Any) -> Page:
    """The board of a supervisor who has just logged in."""
    page = office.page(**how)
    office.log_in(page, "supervisor1", how.get("language", "zh"))
    page.goto(path)
    page.get_by_test_id("board-seat").first.wait_for()
    return page
