"""Mail by SMTP (RFC 5321): one connection a letter, verified TLS, plain text in UTF-8."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from backoffice.notices.ways import CouldNot, Later, Letter, Never
from conf.mail import Mail
from schema.rules.notices import is_mail


class ByMail:
    """The city's mail server. A letter has the same Message-ID at every try, so a doubled one can be known."""

    name = "mail"

    def __init__(self, mail: Mail, name: str, clock: Callable[[], datetime]) -> None:
        self._mail, self._name, self._clock = mail, name, clock

    def send(self, letter: Letter) -> None:
        """Raises CouldNot without a server, Later when it is away or busy, Never when it refuses for good."""
        if not self._mail.host or not self._mail.sender:
            raise CouldNot("no-server")
        message = write(letter, self._mail.sender, self._name, self._clock())
        try:
            with self._connected() as server:
                server.send_message(message, self._mail.sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = refused.recipients[letter.address]
            raise _answer(code, text) from refused
        except smtplib.SMTPAuthenticationError as error:
            # Whoever set a wrong password will set a right one: nothing is lost meanwhile.
            raise Later(f"{error.smtp_code}: the mail server does not take our password", all=True) from error
        except smtplib.SMTPSenderRefused as error:
            raise Later(f"{error.smtp_code} {_plain(error.smtp_error)}", all=True) from error
        except smtplib.SMTPResponseException as error:
            raise _answer(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Later(f"the mail server does not answer: {error}", all=True) from error

    def _connected(self) -> smtplib.SMTP:
        mail = self._mail
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=mail.timeout, context=self._trust()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout)
        try:
            if mail.security == "starttls":
                # A server that does not offer it raises: what was to be sealed never goes in the open.
                server.starttls(context=self._trust())
            if mail.user:
                server.login(mail.user, self._password())
        except BaseException:
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._mail.authority or None)

    def _password(self) -> str:
        try:
            return Path(self._mail.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Later("the file with the password of the mail server cannot be read", all=True) from error


def write(letter: Letter, sender: str, name: str, at: datetime) -> EmailMessage:
    """The letter as mail. Raises Never for an address that is none."""
    if not is_mail(letter.address):
        raise Never("that is no mail address")
    message = EmailMessage(SMTP)
    # A line break in a title would begin another header.
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = Address(" ".join(name.split()), addr_spec=sender)
    message["To"] = Address(addr_spec=letter.address)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="base64")
    message["Content-Language"] = letter.language  # after the content, which begins with no such header
    return message


def _answer(code: int, text: bytes | str) -> Later | Never:
    said = f"{code} {_plain(text)}"
    return Later(said) if 400 <= code < 500 else Never(said)


def _plain(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
