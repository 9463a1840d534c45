"""How notices leave by mail: the city's own mail server, a table ``[mail]``.

The password is never a setting: `password_file` names a file that only the service can read, and it is read anew for
every connection.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """A submission server (RFC 6409). Without a `host` nothing goes by mail, and every notice says so.

    `security` is starttls, tls (from the first byte) or none; `authority` is a file of certificates to trust instead of
    the system's. `sender` is the address it comes from, `link` the beginning of the pages' addresses
    ("https://hotline.example"). `timeout` in seconds, for each step of the dialogue.
    """

    host: str = ""
    port: int = 587
    security: str = "starttls"
    authority: str = ""
    user: str = ""
    password_file: str = ""
    sender: str = ""
    link: str = ""
    timeout: float = 20.0
