"""A report as PDF: WeasyPrint in a process of its own, which reads a page from stdin and writes the PDF to stdout.

Setting a long table takes seconds of Python; in the back office's own process calls and screens would feel them. The
page brings all that it needs: nothing is fetched, neither from the network nor from a file.
"""

import subprocess
import sys
import threading
from pathlib import Path

ROWS = 600
"""More rows than this are not for paper."""
SECONDS = 90
AT_ONCE = threading.BoundedSemaphore(2)
SHEET = Path(__file__).parent / "static" / "css" / "paper.css"


class PaperTrouble(Exception):
    """The PDF could not be made."""


def pdf(html: str) -> bytes:
    """The page as PDF. Raises PaperTrouble."""
    with AT_ONCE:
        try:
            made = subprocess.run(
                [sys.executable, "-m", "backoffice.reportpaper"],
                input=html.encode(), capture_output=True, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise PaperTrouble(f"not made within {SECONDS} s") from error
    if made.returncode != 0 or not made.stdout.startswith(b"%PDF-"):
        raise PaperTrouble(
            made.stderr.decode("utf-8", "replace").strip()[-500:] or f"ended with {made.returncode}"
        )
    return made.stdout


def main() -> None:
    """Read the page, write the PDF."""
    from weasyprint import CSS, HTML  # not at import: only this process needs it
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())
    html = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=nothing)
    sys.stdout.buffer.write(html.write_pdf(stylesheets=[CSS(string=SHEET.read_text("utf-8"))]))


if __name__ == "__main__":
    main()
