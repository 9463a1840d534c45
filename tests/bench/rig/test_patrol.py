"""The patrol tells how late each of its positions was, as a handset that sends again sees it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.rig.fieldrig import SECRET, FieldRig
from conf.settings import CHECKOUT
from schema.positions import Position

pytestmark = pytest.mark.real


def test_it_walks_until_told_and_every_position_has_its_receipt(tmp_path: Path) -> None:
    rig = FieldRig(tmp_path, ["live0", "live1"])
    words = [sys.executable, "-m", "bench.rig.patrol", str(rig.settings.broker.port), SECRET, "2", "0.3"]
    try:
        rig.start()
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
        ) as patrol:
            assert patrol.stdin is not None
            assert patrol.stdout is not None
            assert patrol.stdout.readline() == "ready\n"
            time.sleep(1)
            patrol.stdin.write("over\n")
            patrol.stdin.flush()
            told = json.loads(patrol.stdout.readline())
        with rig.store.read() as session:
            rows = session.query(Position).count()
    finally:
        rig.stop()
    assert told["open"] == [] and len(told["delays"]) == rows >= 2 and min(told["delays"]) > 0
