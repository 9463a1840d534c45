"""Whatever a program printed, a person reads one line that says what happened and how to mend it."""

import errno
from pathlib import Path

import pytest

from conf.setup.trouble import SetupTrouble, from_oserror, from_output, last_words

APT = "Err:1 http://mirror bookworm InRelease\n  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: refused)"
PIP = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/x/\nERROR: No match"
NPM = "npm ERR! code ECONNREFUSED\nnpm ERR! errno ECONNREFUSED"


@pytest.mark.parametrize(
    "printed", [APT, PIP, NPM, "Temporary failure resolving 'mirror'", "npm error code EAI_AGAIN"]
)
def test_a_registry_that_cannot_be_reached_is_named(printed: str) -> None:
    trouble = from_output("Fetching", "the npm registry", printed, Path("x.log"))
    assert "the npm registry cannot be reached" in str(trouble)
    assert "network" in trouble.mend


@pytest.mark.parametrize(
    "printed",
    [
        "tar: x: Cannot write: No space left on device",
        "npm error code ENOSPC",
        "E: You don't have enough free space",
    ],
)
def test_a_full_disk_is_called_that_even_if_the_network_failed_too(printed: str) -> None:
    assert "the disk is full" in str(
        from_output("Fetching", "npm", printed + "\nconnection refused", Path("x.log"))
    )


def test_anything_else_gives_the_programs_last_telling_words_and_the_log() -> None:
    trouble = from_output("Fetching", "npm", "hello\nE: Unable to locate package nope\nbye\n", Path("x.log"))
    assert str(trouble) == "Fetching failed (E: Unable to locate package nope): see x.log"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EACCES, "not permitted"),
        (errno.EIO, "failed"),
    ],
)
def test_a_failed_write_is_told_by_its_cause(number: int, words: str) -> None:
    assert words in str(from_oserror("writing var", OSError(number, "why")))


def test_trouble_is_one_line() -> None:
    assert "\n" not in str(from_output("Fetching", "npm", "a\nb\nc\n", Path("x.log")))
    assert str(SetupTrouble("this", "")) == "this"


def test_last_words_of_a_silent_program() -> None:
    assert last_words("\n \n") == "it said nothing"
