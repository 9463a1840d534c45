"""Where recordings are kept, and how: a table ``[recordings]``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keeping:
    """Without `bucket` recordings lie in ``var/vault/recordings``, else in that bucket of an S3-like store.

    `key_file` holds the site's keys ("": ``var/keys/recordings.key``, made at the first recording). Sound is Opus
    (RFC 6716) of `bitrate` bits a second and side. Below `low_percent` of free room, of the vault or of the spool,
    there is an alarm. A recording waits `patience` seconds for a processor that nobody else wants; then it is taken in
    at low priority. `endpoint` is "https://host:port", `prefix` the beginning of every object's name; the secret of
    `access_key` lies in `secret_file`. `timeout` in seconds, of each request. A pause that an agent made ends by itself
    after `pause_seconds`; 0: by order alone.
    """

    key_file: str = ""
    bitrate: int = 16_000
    low_percent: int = 5
    patience: float = 600.0
    pause_seconds: int = 300
    bucket: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    prefix: str = "recordings/"
    access_key: str = ""
    secret_file: str = ""
    timeout: float = 20.0
