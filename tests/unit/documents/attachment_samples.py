# SPDX-License-Identifier: GPL-3.0-or-later
"""Files such as people bring: pictures full of data, PDFs, texts, and some that are hostile."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw, PngImagePlugin, TiffImagePlugin
from reportlab.pdfgen.canvas import Canvas

CANARY = b"Kanariegatan 7"
"""What a picture's hidden data says; it must be nowhere afterwards."""
NORTH = (59.0, 19.0, 51.5)


def photo(size: tuple[int, int] = (120, 80), turned: int = 6) -> bytes:
    """Return a JPEG as a phone makes it, with all kinds of metadata.

    It has a place, camera, description, comment, profile and thumbnail. As the sensor saw it,
    its left half is red and its right half blue; `turned` is the EXIF orientation.
    """
    picture = Image.new("RGB", size, (200, 0, 0))
    ImageDraw.Draw(picture).rectangle((size[0] // 2, 0, *size), (0, 0, 200))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = CANARY.decode()
    exif[0x010F] = f"{CANARY.decode()} camera"
    exif.get_ifd(0x8825).update({1: "N", 2: NORTH, 3: "E", 4: NORTH, 29: "2026:11:24"})
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + CANARY
    made = BytesIO()
    picture.save(
        made, "JPEG", exif=exif, comment=CANARY, icc_profile=b"icc " + CANARY, xmp=b"<x>" + CANARY,
        dpi=(123, 123),
    )  # fmt: skip
    return made.getvalue() + CANARY


def drawing() -> bytes:
    """Return a PNG with texts, a time, and something hidden in transparent pixels."""
    picture = Image.new("RGBA", (60, 40), (10, 20, 30, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 20, 20), (0, 128, 0, 255))
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", CANARY.decode())
    about.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=False)
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    made = BytesIO()
    picture.save(made, "PNG", pnginfo=about, exif=exif, icc_profile=b"icc " + CANARY)
    return made.getvalue() + CANARY


def moving() -> bytes:
    """Return a PNG of two frames: a green one, and one that must not be kept."""
    first, second = (Image.new("RGB", (30, 30), colour) for colour in ((0, 128, 0), (255, 0, 0)))
    made = BytesIO()
    first.save(made, "PNG", save_all=True, append_images=[second])
    return made.getvalue()


def scan(pages: int = 1, mode: str = "1") -> bytes:
    """Return a TIFF as an old scanner makes it."""
    made = BytesIO()
    about = TiffImagePlugin.ImageFileDirectory_v2()
    about[315] = CANARY.decode()
    picture = Image.new(mode, (64, 32), 1)
    more = [picture.copy() for _ in range(pages - 1)]
    picture.save(made, "TIFF", save_all=pages > 1, append_images=more, tiffinfo=about)
    return made.getvalue()


def bomb(width: int = 100_000, height: int = 100_000) -> bytes:
    """Return a PNG of some hundred bytes that would fill the memory."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(pages: int = 2, password: str = "", size: tuple[float, float] = (300, 400)) -> bytes:
    """Return a PDF; each page has its number and a red square in the middle."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=size, encrypt=password or None, invariant=1)
    canvas.setAuthor(CANARY.decode())
    for number in range(1, pages + 1):
        canvas.drawString(20, 20, f"Sida {number}")
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(size[0] / 2 - 50, size[1] / 2 - 50, 100, 100, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def form() -> bytes:
    """Return a PDF with a filled form field, dark on white."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=(300, 400))
    canvas.acroForm.textfield(
        name="x", value="MMMMMMMM", x=20, y=180, width=260, height=40, fontSize=30, borderWidth=0
    )
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def colour(data: bytes, x: float, y: float) -> tuple[int, int, int]:
    """Return the colour of a pixel; its place is a share of width and height."""
    with Image.open(BytesIO(data)) as picture:
        rgb = picture.convert("RGB")
        found = rgb.getpixel((int(x * (rgb.width - 1)), int(y * (rgb.height - 1))))
    assert isinstance(found, tuple)
    red, green, blue = (int(part) for part in found[:3])
    return red, green, blue
