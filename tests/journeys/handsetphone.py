"""A grid worker's phone for tests: the handset app in real Chromium, which may be killed, on a street of real parts."""

import functools
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright
from sqlalchemy import Select, select

from conf.settings import CHECKOUT, Settings
from conf.settingsfile import load
from conf.tools import Tools
from schema.cases import Case
from schema.desk.cases import dispatch_case
from schema.desk.enrolling import make_code
from schema.ids import CaseId, uuid7
from schema.orders import DispatchCase
from schema.people import User
from schema.store import Store
from tests.field_gateway.play import CELL
from tests.patience import LONG

SMALL = (360, 640)
SETTLED = "[data-testid=report-done]"
"""A report in the history that the server has whole."""
HERE = {"longitude": 120.1592, "latitude": 30.2671, "accuracy": 8}


class StreetAlone:
    """The street as a process that comes and goes; `store` is its database."""

    def __init__(self, folder: Path) -> None:
        self.var, self._log = folder / "var", folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        told = self.var / "told.json"
        told.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.streetalone", str(self.var)],
                cwd=CHECKOUT, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        end = time.monotonic() + 4 * LONG
        while not told.is_file():
            assert self._process.poll() is None and time.monotonic() < end, self._log.read_text()[-3000:]
            time.sleep(0.05)
        found = json.loads(told.read_text("utf-8"))
        self.base, self.password = f"http://localhost:{found['port']}", found["password"]

    def stop(self) -> None:
        """End it in good order."""
        if self._process:
            self._process.terminate()
            self._process.wait(LONG)
            self._process = None

    @property
    def settings(self) -> Settings:
        """As the running street has them."""
        return load(self.var / "run" / "site.toml", {"GRIDLINE_VAR": str(self.var)})

    @functools.cached_property
    def store(self) -> Store:
        """Its database."""
        return Store(self.settings.database_url)

    def code(self, login: str = "w1") -> str:
        """A fresh code that enrols a phone for a worker."""
        with self.store.work() as work:
            worker = work.session.scalars(select(User).where(User.login == login)).one()
            return make_code(work, worker=worker.id, by=None, lasts=timedelta(minutes=15))

    def until(self, query: Select[Any]) -> Any:
        """Wait until a query finds something; the first it finds."""
        end = time.monotonic() + LONG
        while not (found := self._first(query)):
            assert time.monotonic() < end, self._log.read_text()[-3000:]
            time.sleep(0.1)
        return found

    def _first(self, query: Select[Any]) -> Any:
        with self.store.read() as session:
            return session.scalars(query).first()


class Phone:
    """One phone: what it keeps outlives its browser."""

    def __init__(self, playwright: Playwright, folder: Path, street: StreetAlone) -> None:
        self._playwright, self.folder, self.street = playwright, folder, street
        self.complaints: list[str] = []
        self.context: BrowserContext | None = None

    def switch_on(self, language: str = "zh", scheme: Any = "light", **options: Any) -> Page:
        """Start the browser; returns its page."""
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=str(Tools(CHECKOUT / "var").chromium()),
            args=["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2",
                  *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            viewport={"width": SMALL[0], "height": SMALL[1]},
            locale={"zh": "zh-CN", "en": "en-GB", "ug": "ug-CN"}[language],
            color_scheme=scheme,
            **{"permissions": ["geolocation", "microphone", "camera"], "geolocation": HERE, **options},
        )  # fmt: skip
        self.context.set_default_timeout(1000 * LONG)
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        # A network that is not there is told on the console too; it is no fault.
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def enrol(self, page: Page, login: str = "w1") -> None:
        """By the link of the QR code, then log in."""
        page.goto(f"{self.street.base}/#{self.street.code(login)}")
        page.get_by_test_id("enrol-send").click()
        page.get_by_test_id("login-user").fill(login)
        page.get_by_test_id("login-password").fill(self.street.password)
        page.get_by_test_id("login-send").click()
        page.get_by_test_id("duty").wait_for()

    def switch_off(self) -> None:
        """Close the browser in good order."""
        if self.context:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """Kill -9 the browser, as a phone does that runs out of memory or of battery."""
        mark = b"--user-data-dir=" + os.fsencode(self.folder)
        for found in Path("/proc").glob("[0-9]*"):
            try:
                words = (found / "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                os.kill(int(found.name), signal.SIGKILL)
        try:
            self.switch_off()
        except Error:
            pass  # it is dead, as it should be
        self.context = None

    def _complain(self, said: str) -> None:
        away = ("ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED", "ERR_EMPTY_RESPONSE")
        if not any(word in said for word in away):
            self.complaints.append(said)


class Hands:
    """The thread that Playwright lives on: it wants one without a running event loop."""

    def __init__(self, street: StreetAlone, folder: Path) -> None:
        self.street, self._folder = street, folder
        self._pool = ThreadPoolExecutor(1)
        self._playwright = self._pool.submit(lambda: sync_playwright().start()).result(30)
        self._phones: list[Phone] = []

    def phone(self, name: str) -> Phone:
        """A phone that nobody has used."""
        made = Phone(self._playwright, self._folder / name, self.street)
        self._phones.append(made)
        return made

    def do(self, work: Callable[[], None]) -> None:
        """Do something there, and wait for it."""
        self._pool.submit(work).result(300)

    def close(self) -> None:
        """Switch everything off."""
        for phone in self._phones:
            self.do(phone.switch_off)
        self.do(self._playwright.stop)
        self._pool.shutdown()


@contextmanager
def hands(folder: Path) -> Iterator[Hands]:
    """A running street, and hands to hold phones, for the length of the block."""
    street = StreetAlone(folder)
    folder.mkdir(exist_ok=True)
    street.start()
    try:
        made = Hands(street, folder)
        try:
            yield made
        finally:
            made.close()
    finally:
        street.stop()
        street.store.close()


def by_hand(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on the hands' thread."""

    @functools.wraps(test)
    def run(**given: Any) -> None:
        given["street"].do(lambda: test(**given))

    return run


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with hands(tmp_path_factory.mktemp("street")) as found:
        yield found


def write_report(page: Page, text: str) -> None:
    """Begin a report."""
    page.get_by_test_id("tab-report").click()
    page.get_by_test_id("report-text").fill(text)


def photo(folder: Path) -> Path:
    """A photo that says more than its picture: maker, place, and that the camera was held upright."""
    picture = Image.effect_noise((2400, 1200), 40).convert("RGB")
    exif = picture.getexif()
    exif[0x010F], exif[0x0112] = "SecretMaker", 6
    exif.get_ifd(0x8825)[1] = "N"
    file = folder / "camera.jpg"
    picture.save(file, quality=85, exif=exif)
    return file


def noise() -> bytes:
    """A picture that does not get small."""
    out = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(out, "PNG")
    return out.getvalue()


def dispatched(server: StreetAlone) -> UUID:
    """A case that goes to the worker w1."""
    with server.store.work() as work:
        worker = work.session.scalars(select(User).where(User.login == "w1")).one()
        case = Case(
            case_no="S20261124009",
            contact=uuid7(),
            class_="social",
            kind="complaint",
            title="路灯不亮",
            text="湖滨路 3 号门前",
            cell=CELL,
            address="湖滨路 3 号",
            state="filed",
            made_at=work.now,
        )
        work.session.add(case)
        work.session.flush()
        task = dispatch_case(work, DispatchCase(case=CaseId(case.id), worker=worker.id))
        assert task is not None
        return task.id
