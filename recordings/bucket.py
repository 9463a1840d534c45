"""A shelf in a bucket of an S3-like store, by way of the MinIO client (Apache-2.0), which speaks to any of them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from conf.keeping import Keeping
from conf.settings import BadSettings
from recordings.shelf import Absent, Space

TRIES = 2
ABSENT = ("NoSuchKey", "NoSuchObject")


class BucketShelf:
    """Objects under the prefix of the settings. What the store refuses, or does not answer in time, is an OSError."""

    def __init__(self, keeping: Keeping) -> None:
        """Raises BadSettings for an endpoint that is none, or a secret that cannot be read."""
        place = urlsplit(keeping.endpoint)
        if place.scheme not in ("http", "https") or not place.netloc:
            raise BadSettings(f"[recordings] endpoint: {keeping.endpoint!r} is not https://host:port")
        try:
            secret = Path(keeping.secret_file).read_text("utf-8").strip()
        except OSError as error:
            raise BadSettings(f"[recordings] secret_file: {error}") from None
        wait = urllib3.Timeout(connect=keeping.timeout, read=keeping.timeout)
        self._store = Minio(
            place.netloc, access_key=keeping.access_key, secret_key=secret, secure=place.scheme == "https",
            region=keeping.region, http_client=urllib3.PoolManager(timeout=wait, retries=urllib3.Retry(TRIES)),
        )  # fmt: skip
        self._bucket, self._prefix = keeping.bucket, keeping.prefix

    @contextmanager
    def new(self, path: str) -> Iterator[IO[bytes]]:
        """Written to a file without a name first: an object is there whole or not at all."""
        with tempfile.TemporaryFile() as draft:
            yield draft
            length = draft.tell()
            draft.seek(0)
            with _told(path):
                self._store.put_object(self._bucket, self._prefix + path, draft, length)

    def size(self, path: str) -> int:
        """Its bytes. Raises Absent."""
        with _told(path):
            return int(self._store.stat_object(self._bucket, self._prefix + path).size or 0)

    def read(self, path: str, start: int, count: int) -> bytes:
        """Some of its bytes. Raises Absent."""
        with _told(path):
            answer = self._store.get_object(self._bucket, self._prefix + path, offset=start, length=count)
            try:
                return bytes(answer.read())
            finally:
                answer.close()
                answer.release_conn()

    def remove(self, path: str) -> None:
        """Take it away; what is not there is no error."""
        with _told(path):
            self._store.remove_object(self._bucket, self._prefix + path)

    def paths(self) -> Iterator[str]:
        """Every object under the prefix."""
        with _told(self._prefix):
            for found in self._store.list_objects(self._bucket, self._prefix, recursive=True):
                yield str(found.object_name).removeprefix(self._prefix)

    def space(self) -> Space | None:
        """A bucket has no end that it tells."""
        return None


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Troubles of the client as those of a shelf."""
    try:
        yield
    except S3Error as error:
        if error.code in ABSENT:
            raise Absent(f"{path} is not in the vault") from None
        raise OSError(f"the store of recordings refuses {path}: {error.code} {error.message}") from error
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise OSError(f"the store of recordings does not answer: {error}") from error
