"""The text of a file, for its case to be found by: read by a process of its own that may take little and not for long.

Files come from anybody: what makes a reader run for ever or eat all memory ends that process, and the file is kept
without its text being found.
"""

import io
import resource
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import structlog

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MOST = 100_000
"""Characters that are read."""
LARGEST_PART = 50 * 1024 * 1024
"""Bytes of a part of an archive, unpacked; a larger one is not opened."""
AT_ONCE = threading.BoundedSemaphore(2)
_SPEAKING = ("application/pdf", "text/plain", "application/vnd.")
log = structlog.get_logger()


def text_of(data: bytes, type: str) -> str:
    """The text, "" where there is none or it cannot be read; at most `MOST` characters."""
    if not type.startswith(_SPEAKING):
        return ""
    with AT_ONCE:
        try:
            read = subprocess.run(
                [sys.executable, "-m", "backoffice.filetext", type],
                input=data, capture_output=True, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            log.warning("a file's text could not be read", type=type, reason=f"not within {SECONDS} s")
            return ""
    if read.returncode != 0:
        last = read.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        log.warning("a file's text could not be read", type=type, reason=last[:200])
        return ""
    return clean(read.stdout.decode("utf-8", "replace"))[:MOST]


def clean(text: str) -> str:
    """Text as the store takes it: no control characters, no halves of characters."""
    fine = (c if c.isprintable() or c in "\n\t" else " " for c in text)
    return "".join(fine).encode("utf-8", "ignore").decode("utf-8").strip()


def read_pieces(data: bytes, type: str) -> Iterator[str]:
    """The text piece by piece. Raises whatever its reader does."""
    if type == "text/plain":
        yield data.decode("utf-8-sig", "replace")
    elif type == "application/pdf":
        from pypdf import PdfReader  # not at import: only this process needs it

        for page in PdfReader(io.BytesIO(data)).pages:
            yield page.extract_text()
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                if _speaks(part.filename) and part.file_size <= LARGEST_PART:
                    yield from _words(archive.read(part))


def _speaks(part: str) -> bool:
    return part.endswith(".xml") and (
        part == "content.xml"
        or part.startswith(("word/document", "xl/sharedStrings", "xl/worksheets/", "ppt/slides/slide"))
    )


def _words(xml: bytes) -> Iterator[str]:
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        # A number of a sheet is a value, its text an inline string or one of those that are shared.
        if element.text and not element.tag.endswith("}f"):
            yield element.text
        if element.tail and element.tail.strip():
            yield element.tail


def main() -> None:
    """Read a file from stdin, write its text."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    left = MOST
    for piece in read_pieces(sys.stdin.buffer.read(), sys.argv[1]):
        sys.stdout.buffer.write(piece[:left].encode("utf-8", "ignore") + b"\n")
        left -= len(piece) + 1
        if left <= 0:
            break


if __name__ == "__main__":
    main()
