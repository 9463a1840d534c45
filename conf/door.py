"""The door of the back office, as a site sets it: passwords, captcha, second factor, and another house's log-in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """How people prove who they are.

    `password_length` is the fewest characters (8 at least; NIST SP 800-63B wants 15 where a password is all there is);
    `password_days` how long one lasts (0: until it is changed). After `captcha_after` wrong tries of a login or an
    address within a quarter of an hour the door asks for digits (0: never). `second_factor_for` are the posts that must
    have a second factor ("admin", "supervisor"). `key_file` holds the key that secrets in the database are sealed with;
    empty: ``var/keys/door.key``, made when first needed.
    """

    password_length: int = 8
    password_days: int = 0
    captcha_after: int = 3
    second_factor_for: tuple[str, ...] = ()
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class Oidc:
    """Log-in by another house (OpenID Connect 1.0: code flow with PKCE). Without `issuer` there is none.

    `label` stands on the button. `address` is where people reach this site ("https://desk.example"; empty: as their
    browser asked), to which ``/login/oidc/back`` is added. Somebody new is found once by `claim`, which is held against
    logins ("email@city.example": what is before the @ of addresses of that domain, if verified there); with `post`
    somebody found nowhere is added with that post.
    `second_factor_there`: that house asks for a second factor, so this one does not.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    label: str = ""
    address: str = ""
    claim: str = "preferred_username"
    post: str = ""
    second_factor_there: bool = False
