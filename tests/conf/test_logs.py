"""Log lines are JSON, carry what they were given, and never a secret."""

import json
import subprocess
import sys

from conf.logs import without_secrets

PROGRAM = """
import logging, structlog
from conf.logs import begin
begin()
structlog.get_logger().info("seat opened", seat="101", contact="c1", digest="abc")
logging.getLogger("x").warning("from %s", "elsewhere")
"""


def test_lines_are_json_with_time_and_level_and_without_secrets() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    ours, theirs = (json.loads(line) for line in done.stdout.splitlines())
    assert (ours["event"], ours["seat"], ours["contact"], ours["digest"]) == ("seat opened", "101", "c1", "…")
    assert ours["level"] == "info" and ours["timestamp"].endswith("Z")
    assert theirs["event"] == "from elsewhere"


def test_every_word_for_a_secret_is_covered() -> None:
    event = {"password": "a", "ears_secret": "b", "session_token": "c", "Authorization": "d", "seat": "101"}
    hidden = without_secrets(None, "info", event)
    assert hidden == {
        "password": "…",
        "ears_secret": "…",
        "session_token": "…",
        "Authorization": "…",
        "seat": "101",
    }
