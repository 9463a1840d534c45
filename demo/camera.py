"""The handset's camera: draws a street lamp at night and saves it as a camera would, EXIF and all."""

import random
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)
DATE_TIME, MAKE, MODEL, ARTIST = 0x0132, 0x010F, 0x0110, 0x013B
EXIF_IFD, DATE_TIME_ORIGINAL = 0x8769, 0x9003
GPS_IFD = 0x8825


def take_photo(
    file: Path, *, words: str, lon: float | None, lat: float | None, at: datetime, seed: int = 0
) -> None:
    """Save a JPEG with the time, and the place (WGS-84 degrees) when it is known, in its EXIF."""
    photo = Image.new("RGB", SIZE, (18, 22, 40))
    draw = ImageDraw.Draw(photo)
    chance = random.Random(seed)
    draw.rectangle((0, 700, SIZE[0], SIZE[1]), fill=(52, 52, 56))
    for left in range(0, SIZE[0], 160):
        top = chance.randint(260, 520)
        draw.rectangle((left, top, left + 130, 700), fill=(34 + chance.randint(0, 20), 36, 44))
    draw.rectangle((630, 240, 646, 760), fill=(120, 120, 124))
    draw.polygon(((640, 240), (420, 760), (860, 760)), fill=(232, 206, 120))
    draw.ellipse((598, 196, 682, 280), fill=(255, 244, 190))
    grain = Image.effect_noise(SIZE, 24).convert("RGB")
    photo = Image.blend(photo.filter(ImageFilter.GaussianBlur(2)), grain, 0.12)
    ImageDraw.Draw(photo).text(
        (24, 910), f"{at:%Y-%m-%d %H:%M:%S} {words.encode('ascii', 'replace').decode()}"
    )
    exif = Image.Exif()
    exif[MAKE], exif[MODEL], exif[ARTIST] = "Gridline", "demo handset", "a grid worker"
    exif[DATE_TIME] = f"{at:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(EXIF_IFD)[DATE_TIME_ORIGINAL] = f"{at:%Y:%m:%d %H:%M:%S}"
    if lon is not None and lat is not None:
        gps = exif.get_ifd(GPS_IFD)
        gps[1], gps[2] = "N" if lat >= 0 else "S", _dms(lat)
        gps[3], gps[4] = "E" if lon >= 0 else "W", _dms(lon)
    photo.save(file, "JPEG", quality=82, exif=exif)


def _dms(degrees: float) -> tuple[float, float, float]:
    rest = abs(degrees)
    whole = int(rest)
    minutes = int((rest - whole) * 60)
    return float(whole), float(minutes), round((rest - whole - minutes / 60) * 3600, 4)
