# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that others have made: what is taken, what of it stays, and what is refused."""

from io import BytesIO

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from tests.unit.documents import attachment_samples

from kfdesk.documents.attachments import AttachmentReader, check_pdf
from kfdesk.domain.attachments import MAX_PAGES, MAX_PIXELS, MAX_SHOWN_PIXELS, MediaType
from kfdesk.domain.errors import KfdeskError

ATTACHED = AttachmentReader()


def refusal(data: bytes) -> str:
    with pytest.raises(KfdeskError) as refused:
        ATTACHED.sanitize(data)
    return refused.value.code


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def seen(data: bytes) -> str:
    """Nothing where a file is taken and shown whole, else why not."""
    try:
        sight = ATTACHED.show(ATTACHED.sanitize(data).data, 0, 100)
    except KfdeskError as fault:
        return fault.code
    is_whole = sight.text is not None or len(sight.pixels) == sight.width * sight.height * 3
    return "" if is_whole else "torn"


def is_near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(found, wanted, strict=True))


# pictures


def test_photo_is_full_of_data_before() -> None:
    data = attachment_samples.photo()
    exif = opened(data).getexif()
    assert exif.get_ifd(0x8825)[2] == attachment_samples.NORTH
    assert data.count(attachment_samples.CANARY) >= 6


def test_nothing_but_pixels_is_left_of_a_photo() -> None:
    content = ATTACHED.sanitize(attachment_samples.photo())
    picture = opened(content.data)
    assert content.media_type is MediaType.JPEG
    assert attachment_samples.CANARY not in content.data
    assert dict(picture.getexif()) == {}
    assert picture.getexif().get_ifd(0x8825) == {}
    assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert picture.info["jfif_density"] == (1, 1)
    for marker in (b"Exif", b"http://ns.adobe", b"ICC_PROFILE", b"\xff\xfe"):
        assert marker not in content.data[:600]


def test_photo_stands_upright_as_the_camera_was_held() -> None:
    content = ATTACHED.sanitize(attachment_samples.photo((120, 80), turned=6))
    assert opened(content.data).size == (80, 120)
    assert is_near(attachment_samples.colour(content.data, 0.5, 0.1), (200, 0, 0))
    assert is_near(attachment_samples.colour(content.data, 0.5, 0.9), (0, 0, 200))


@pytest.mark.parametrize("turned", range(9))
def test_each_way_to_hold_a_camera_gives_what_the_eye_saw(turned: int) -> None:
    red = {0: "left", 1: "left", 2: "right", 3: "right", 4: "left",
           5: "top", 6: "top", 7: "bottom", 8: "bottom"}  # fmt: skip
    places = {"left": (0.1, 0.5), "right": (0.9, 0.5), "top": (0.5, 0.1), "bottom": (0.5, 0.9)}
    content = ATTACHED.sanitize(attachment_samples.photo(turned=turned))
    assert is_near(attachment_samples.colour(content.data, *places[red[turned]]), (200, 0, 0))


def test_photo_whose_camera_data_is_broken_is_taken_as_it_stands() -> None:
    data = attachment_samples.photo()
    start = data.index(b"Exif\0\0") + 14
    broken = data[:start] + b"\xff" * 40 + data[start + 40 :]
    content = ATTACHED.sanitize(broken)
    assert opened(content.data).size in {(120, 80), (80, 120)}
    assert attachment_samples.CANARY not in content.data


def test_nothing_but_what_is_seen_is_left_of_a_drawing() -> None:
    content = ATTACHED.sanitize(attachment_samples.drawing())
    picture = opened(content.data)
    assert content.media_type is MediaType.PNG
    assert attachment_samples.CANARY not in content.data
    assert (picture.mode, picture.info) == ("RGB", {})
    assert attachment_samples.colour(content.data, 0.1, 0.1) == (0, 128, 0)
    assert attachment_samples.colour(content.data, 0.9, 0.9) == (255, 255, 255)


def test_only_the_first_frame_of_a_moving_picture_stays() -> None:
    content = ATTACHED.sanitize(attachment_samples.moving())
    assert getattr(opened(content.data), "n_frames", 1) == 1
    assert attachment_samples.colour(content.data, 0.5, 0.5) == (0, 128, 0)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "CMYK", "P", "LA", "RGBA", "I;16", "F"])
def test_scan_of_any_colours_becomes_a_png(mode: str) -> None:
    content = ATTACHED.sanitize(attachment_samples.scan(mode=mode))
    assert content.media_type is MediaType.PNG
    assert opened(content.data).size == (64, 32)
    assert attachment_samples.CANARY not in content.data


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    made = BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(made, "PNG")
    assert attachment_samples.colour(ATTACHED.sanitize(made.getvalue()).data, 0.5, 0.5) == (
        128,
        128,
        128,
    )


def test_scan_of_several_pages_is_refused_because_pages_would_be_lost() -> None:
    assert refusal(attachment_samples.scan(pages=2)) == "attachment.several_pages"


def test_bomb_is_refused_before_anything_is_decoded() -> None:
    side = int(MAX_PIXELS**0.5)
    assert refusal(attachment_samples.bomb()) == "attachment.too_many_pixels"
    assert refusal(attachment_samples.bomb(side + 1, side + 1)) == "attachment.too_many_pixels"
    assert refusal(attachment_samples.bomb(12_000, 8_000)) == "attachment.too_many_pixels"
    assert refusal(attachment_samples.bomb(64, 64)) == "attachment.broken"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_picture_that_was_cut_is_refused(share: float) -> None:
    for data in (
        attachment_samples.photo((400, 300)),
        attachment_samples.drawing(),
        attachment_samples.scan(),
    ):
        cut = data.removesuffix(attachment_samples.CANARY)
        cut = cut[: max(9, int(len(cut) * share))]
        assert refusal(cut) == "attachment.broken"


def test_no_bit_that_is_changed_brings_anything_but_a_picture_or_a_refusal() -> None:
    for data in (
        attachment_samples.photo((40, 30)),
        attachment_samples.drawing(),
        attachment_samples.scan(),
        attachment_samples.pdf(),
    ):
        for place in range(0, len(data), max(1, len(data) // 80)):
            broken = bytearray(data)
            broken[place] ^= 0x41
            outcome = seen(bytes(broken))
            assert outcome == "" or outcome.startswith("attachment.")


# PDF and text


def test_pdf_stays_as_it_is() -> None:
    data = attachment_samples.pdf()
    content = ATTACHED.sanitize(data)
    assert (content.media_type, content.data) == (MediaType.PDF, data)


def test_pdf_with_a_password_is_refused() -> None:
    assert refusal(attachment_samples.pdf(password="hemligt")) == "attachment.locked"


def test_pdf_that_was_cut_is_refused() -> None:
    data = attachment_samples.pdf()
    assert refusal(data[:200]) == "attachment.broken"


def test_pdf_of_very_many_pages_is_refused() -> None:
    document = PdfDocument.new()
    for _ in range(MAX_PAGES + 1):
        document.new_page(50, 50)
    made = BytesIO()
    document.save(made)
    document.close()
    with pytest.raises(KfdeskError) as refused:
        check_pdf(made.getvalue())
    assert refused.value.code == "attachment.many_pages"


@pytest.mark.parametrize(
    "text", ["Hej\nПривет\tдень\r\n", "\ufeffmed märke", "a", "name;town\nNina;Riga\n"]
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    content = ATTACHED.sanitize(text.encode())
    assert (content.media_type, content.data) == (MediaType.TEXT, text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"  \n ", b"\xff\xfeH\0e\0j\0", "Привет".encode("cp1251"), b"MZ\x90\0\x03",
        b"PK\x03\x04", b"GIF89a\x01\0", b"RIFF\0\0\0\0WEBPVP8 ", b"<!DOCTYPE html><p>Hej",
        b"<?xml version='1.0'?><svg/>", b"{\\rtf1 Hej}", b"%!PS-Adobe", b"Hej\0", b"a\x1b[2Jb",
        "tal\u202e5601-070 64+".encode(),
    ],
)  # fmt: skip
def test_everything_else_is_refused(data: bytes) -> None:
    assert refusal(data) == "attachment.unsupported"


# showing


def test_page_of_a_pdf_is_drawn_as_wide_as_asked() -> None:
    sight = ATTACHED.show(attachment_samples.pdf(3), 1, 600)
    assert (sight.count, sight.width, sight.height) == (3, 600, 800)
    middle = (400 * 600 + 300) * 3
    assert sight.pixels[middle : middle + 3] == b"\xff\0\0"


def test_what_was_filled_into_a_form_is_seen() -> None:
    sight = ATTACHED.show(attachment_samples.form(), 0, 300)
    assert min(sight.pixels[180 * 300 * 3 : 220 * 300 * 3]) < 100


def test_page_that_is_not_there_is_one_refusal() -> None:
    with pytest.raises(KfdeskError) as refused:
        ATTACHED.show(attachment_samples.pdf(1), 7, 300)
    assert refused.value.code == "attachment.not_shown"


def test_no_page_is_drawn_with_more_pixels_than_a_screen_needs() -> None:
    sight = ATTACHED.show(attachment_samples.pdf(1, size=(20, 14_000)), 0, 4000)
    assert sight.width * sight.height <= MAX_SHOWN_PIXELS * 1.01
    sight = ATTACHED.show(attachment_samples.pdf(1), 0, 100_000)
    assert sight.width * sight.height <= MAX_SHOWN_PIXELS * 1.01


def test_picture_is_shown_smaller_but_never_larger_than_it_is() -> None:
    content = ATTACHED.sanitize(attachment_samples.photo((400, 200), turned=1))
    small, large = (ATTACHED.show(content.data, 0, width) for width in (100, 9000))
    assert (small.count, small.width, small.height) == (1, 100, 50)
    assert (large.width, large.height) == (400, 200)
    assert is_near(tuple(small.pixels[:3]), (200, 0, 0))


def test_long_text_is_shown_page_by_page_and_whole() -> None:
    text = "".join(f"Rad {number} och litet till.\n" for number in range(4000))
    first = ATTACHED.show(text.encode(), 0, 500)
    pages = [ATTACHED.show(text.encode(), page, 500).text or "" for page in range(first.count)]
    assert first.count > 3
    assert "".join(pages) == text
    assert all(page.endswith("\n") for page in pages)
    without_lines = "x" * 50_000
    assert ATTACHED.show(without_lines.encode(), 99, 500).text == "x" * 10_000
