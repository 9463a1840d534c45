"""Photos: whether a file truly is one, and copies of it that tell nothing but the picture."""

from pathlib import Path

from PIL import Image, ImageOps

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MAX_PIXELS = 50_000_000
SHOWN_SIDE = 2048
THUMB_SIDE = 320


class NoPhoto(Exception):
    """The file is not the photo it claims to be; the text says why, for people."""


def make_copies(file: Path, type: str, shown: Path, thumb: Path) -> None:
    """Decode the whole photo and write a copy to show (of its type) and a thumbnail (JPEG), upright, bare of metadata.

    Raises NoPhoto: not decodable, another format than `type`, too many pixels, cut short.
    """
    try:
        with Image.open(file, formats=list(FORMATS.values())) as photo:
            if photo.format != FORMATS[type]:
                raise NoPhoto(f"the file is {photo.format}, not {type}")
            if photo.width * photo.height > MAX_PIXELS:
                raise NoPhoto(f"{photo.width} × {photo.height} pixels are more than {MAX_PIXELS:,}")
            photo.verify()
        with Image.open(file, formats=[FORMATS[type]]) as photo:
            photo.load()
            upright = _bare(ImageOps.exif_transpose(photo))
    except NoPhoto:
        raise
    except Exception as error:  # a decoder fed with hostile bytes may raise almost anything
        raise NoPhoto(f"the file is no {type}: {str(error)[:120] or error.__class__.__name__}") from error
    upright.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    upright.save(shown, FORMATS[type], quality=85)
    upright.thumbnail((THUMB_SIDE, THUMB_SIDE))
    upright.save(thumb, "JPEG", quality=80)


def _bare(photo: Image.Image) -> Image.Image:
    """The pixels alone, as RGB on white: EXIF, GPS, comments, profiles and text chunks stay behind."""
    bare = Image.new("RGB", photo.size, "white")
    if photo.has_transparency_data:
        clear = photo.convert("RGBA")
        bare.paste(clear, mask=clear.getchannel("A"))
    else:
        bare.paste(photo.convert("RGB"))
    return bare
