"""Every module can be imported, in a fresh interpreter, without a warning and without doing anything."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
ROOMS = ("conf", "schema", "cti", "ivr", "field_gateway", "recordings", "backoffice")
RUN_AS_PROGRAMS = {"conf.setup.__main__", "schema.migrations.env"}

LOOK = """
import importlib, os, socket, sys, threading
def refuse(*_, **__):
    raise AssertionError("an import opened a socket")
socket.socket.connect = socket.socket.bind = refuse
failures = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        failures.append(f"{name}: {type(error).__name__}: {error}")
if threading.active_count() > 1:
    failures.append("an import started a thread")
if "twisted.internet.reactor" in sys.modules:
    failures.append("an import installed the reactor")
print("\\n".join(failures))
"""


def modules(room: str) -> list[str]:
    files = sorted((CHECKOUT / room).rglob("*.py"))
    names = [".".join(f.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__") for f in files]
    return [name for name in names if name not in RUN_AS_PROGRAMS]


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_room_imports_without_doing_anything(room: str) -> None:
    names = modules(room)
    assert names
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOK, *names],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("module", ["cti.service", "schema.desk.ratings", "schema.desk.cases", "ivr.service"])
def test_who_works_with_some_tables_has_those_that_their_keys_point_to(module: str) -> None:
    keys = "[key.column for table in Base.metadata.tables.values() for key in table.foreign_keys]"
    code = f"import {module}; from schema.base import Base; {keys}"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True, timeout=60)
