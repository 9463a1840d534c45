"""Files of the kinds that offices send each other, made here."""

import io
import zipfile

import openpyxl
from PIL import Image

from backoffice.reportpaper import pdf as paper


def pdf(text: str) -> bytes:
    # In a process of its own: the library that makes it lets this one open damaged pictures.
    return paper(f"<p>{text}</p>")


def docx(text: str, **more: bytes) -> bytes:
    body = (
        f'<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    )
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode(), **more})


def odt(text: str) -> bytes:
    body = f'<office:document-content xmlns:office="urn:o"><p>{text}<b>fett</b> danach</p></office:document-content>'
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": body.encode()})


def xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = text, "=1+1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()
