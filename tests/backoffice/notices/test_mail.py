"""Mail to a real SMTP server: sealed, with a password from a file, and every way it can go wrong."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backoffice.notices.mail import ByMail, write
from backoffice.notices.ways import CouldNot, Later, Letter, Never
from conf.mail import Mail
from conf.ports import free_ports
from schema.ids import uuid7
from tests.real.smtp import PASSWORD, USER, Post, authority, knows, real_smtp

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LETTER = Letter(uuid7(), "li@city.example", "zh", "派遣：ZW-1 路灯不亮", "请带梯子。\nئۇيغۇرچە\n.\n😀")


def way(port: int, **more: Any) -> ByMail:
    given = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "hotline@city.example",
        "timeout": 10.0,
    }
    return ByMail(Mail(**given | more), "市民热线", lambda: NOW)


def test_a_letter_arrives_as_it_was_written() -> None:
    post = Post()
    with real_smtp(post) as port:
        way(port).send(LETTER)
    (letter,) = post.letters
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.text
    assert letter["Subject"] == LETTER.subject and letter["To"] == "li@city.example"
    assert letter["From"].addresses[0].display_name == "市民热线"
    assert letter["Message-ID"] == f"<{LETTER.id}@city.example>"
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "zh")
    assert post.envelopes == [("hotline@city.example", ["li@city.example"])]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_is_sealed_and_the_password_comes_from_a_file(tmp_path: Path, security: str) -> None:
    certificate, context = authority(tmp_path)
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    post = Post()
    more: dict[str, Any] = {"authenticator": knows}
    if security == "starttls":
        more |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    else:
        more |= {"ssl_context": context, "auth_require_tls": False}
    with real_smtp(post, **more) as port:
        given = {"security": security, "authority": str(certificate), "user": USER}
        way(port, **given, password_file=str(secret)).send(LETTER)
        assert len(post.letters) == 1
        secret.write_text("wrong", "utf-8")
        with pytest.raises(Later, match="password") as why:
            way(port, **given, password_file=str(secret)).send(LETTER)
        assert why.value.all and "wrong" not in str(why.value)
        with pytest.raises(Later, match="password"):
            way(port, **given, password_file=str(tmp_path / "none")).send(LETTER)
        with pytest.raises(Later, match="certificate"):
            way(port, **given | {"authority": ""}, password_file=str(secret)).send(LETTER)
    assert len(post.letters) == 1


def test_what_was_to_be_sealed_never_goes_in_the_open() -> None:
    post = Post()
    with real_smtp(post) as port, pytest.raises(Later) as why:
        way(port, security="starttls").send(LETTER)
    assert why.value.all and post.letters == []


def test_a_server_that_is_away_is_asked_later_and_so_is_one_that_takes_too_long() -> None:
    with pytest.raises(Later, match="does not answer") as why:
        way(free_ports(1)[0]).send(LETTER)
    assert why.value.all
    post = Post()
    with real_smtp(post) as port:
        post.gate.clear()
        with pytest.raises(Later, match="does not answer"):
            way(port, timeout=0.2).send(LETTER)
        post.gate.set()


def test_one_receiver_who_is_refused_is_no_matter_of_the_others() -> None:
    post = Post()
    post.answers = {"gone@city.example": "550 no such person", "full@city.example": "452 mailbox full"}
    with real_smtp(post) as port:
        with pytest.raises(Never, match="550 no such person"):
            way(port).send(Letter(uuid7(), "gone@city.example", "en", "s", "t"))
        with pytest.raises(Later, match="452 mailbox full") as why:
            way(port).send(Letter(uuid7(), "full@city.example", "en", "s", "t"))
        assert not why.value.all
        way(port).send(LETTER)
    assert len(post.letters) == 1


def test_without_a_server_it_says_so() -> None:
    for mail in (Mail(), Mail(host="127.0.0.1")):
        with pytest.raises(CouldNot, match="no-server"):
            ByMail(mail, "x", lambda: NOW).send(LETTER)


def test_a_title_cannot_begin_another_header_nor_name_another_receiver() -> None:
    hostile = Letter(uuid7(), "li@city.example", "zh", "a\r\nBcc: eve@evil.example\n\nbody", "t")
    text = write(hostile, "hotline@city.example", "x\r\nBcc: y@z", NOW).as_bytes()
    assert b"\r\nBcc:" not in text and b"\nBcc:" not in text
    for address in ("li@city.example\r\nBcc: eve@evil.example", "li@city.example, eve@evil.example", "<a@b>"):
        with pytest.raises(Never):
            write(Letter(uuid7(), address, "zh", "s", "t"), "hotline@city.example", "x", NOW)
