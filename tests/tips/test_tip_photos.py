"""Pictures: the pixels stay, everything else goes; what is no picture is refused with a reason."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from PIL.JpegImagePlugin import JpegImageFile

from tests.tips.kit import picture
from tips.citizen import photos
from tips.citizen.photos import PhotoError, PhotoFault, clean_photo
from web.limits import PHOTO_LIMIT

SECRET = b"Nguyen-Van-Planted"


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x013B] = SECRET.decode()  # artist
    tags[0x010F] = SECRET.decode()  # make
    tags.get_ifd(0x8825).update({1: "N", 2: (22.0, 49.0, 12.0), 3: "E", 4: (104.0, 58.0, 44.0)})
    tags.get_ifd(0x8769)[0x9003] = "2026:11:24 07:20:33"
    return tags


def reopened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def fault(data: bytes) -> PhotoFault:
    with pytest.raises(PhotoError) as caught:
        clean_photo(data)
    return caught.value.reason


def text_chunk() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    return info


@pytest.mark.parametrize(
    "data",
    [
        picture(exif=exif(), comment=SECRET, xmp=SECRET, icc_profile=SECRET * 9, dpi=(301, 301)),
        picture(kind="PNG", pnginfo=text_chunk(), exif=exif(), icc_profile=SECRET * 9),
        picture(kind="WEBP", exif=exif(), xmp=SECRET, icc_profile=SECRET * 9),
        picture() + SECRET,
    ],
    ids=["jpeg", "png", "webp", "behind the end"],
)
def test_nothing_but_pixels_goes_on(data: bytes) -> None:
    cleaned = clean_photo(data)
    assert SECRET not in cleaned and b"Exif" not in cleaned and b"http" not in cleaned
    image = reopened(cleaned)
    assert image.format == "JPEG" and image.size == (64, 48)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert image.info["jfif_density"] != (301, 301)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int) -> None:
    # Darkness is stored on the left; turned by 90 degrees it belongs above or below.
    image = reopened(clean_photo(picture(exif=exif(orientation)))).convert("L")
    turned = orientation >= 5
    assert image.size == ((48, 64) if turned else (64, 48))
    dark = {"left": (5, 24), "right": (58, 24)} if not turned else {"top": (24, 5), "bottom": (24, 58)}
    found = {side for side, at in dark.items() if int(image.getpixel(at) or 0) < 99}  # type: ignore[arg-type]  # "L": int
    assert found == {
        {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[orientation]
    }


def test_big_pictures_become_smaller() -> None:
    assert reopened(clean_photo(picture(4000, 3000))).size == (2560, 1920)
    assert reopened(clean_photo(picture(300, 6000, exif=exif(6)))).size == (2560, 128)


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_a_jpeg_of_more_pixels_is_decoded_at_half_its_size(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = {"save_all": True, "append_images": [Image.new("RGB", (8, 8))]} if kind == "MPO" else {}
    data = picture(8_000, 6_000, kind, exif=exif(6), **second)
    decoded: list[tuple[int, int]] = []
    load = JpegImageFile.load

    def note(image: JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", note)
    cleaned = reopened(clean_photo(data))
    assert decoded[0] == (4_000, 3_000)
    assert cleaned.size == (1_920, 2_560)
    assert cleaned.convert("L").getpixel((960, 100)) == 0 and cleaned.convert("L").getpixel((960, 2_400)) == 255


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell")
def test_a_picture_at_the_limit_takes_less_than_500_megabytes() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (6_000, 4_000), (1, 2, 3, 99)).save(out, "WEBP", lossless=True)
    script = (
        "import sys; from tips.citizen.photos import clean_photo; clean_photo(sys.stdin.buffer.read());"
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=out.getvalue(), capture_output=True, check=True)
    assert int(done.stdout) < 500_000  # kilobytes


def test_one_picture_is_cleaned_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, reencode = 0, 0, photos._reencode

    def count(image: Image.Image) -> bytes:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.02)
        inside -= 1
        return reencode(image)

    monkeypatch.setattr(photos, "_reencode", count)
    threads = [threading.Thread(target=clean_photo, args=(picture(),)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "PNG")
    assert reopened(clean_photo(out.getvalue())).size == (30, 20)


def test_other_modes_of_jpeg_and_a_moving_webp() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (30, 20)).save(out, "JPEG")
    assert reopened(clean_photo(out.getvalue())).mode == "RGB"
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("white", "black", "red")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert reopened(clean_photo(out.getvalue())).getpixel((9, 9)) == (255, 255, 255)


def test_what_shows_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert reopened(clean_photo(out.getvalue())).getpixel((9, 9)) == (255, 255, 255)


def png_that_claims(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    data = b"IDAT" + zlib.compress(b"\0" * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff" + b"\0" * PHOTO_LIMIT, PhotoFault.TOO_BIG),
        (png_that_claims(6_000, 4_001), PhotoFault.TOO_MANY_PIXELS),
        (picture(7_000, 7_000, "WEBP"), PhotoFault.TOO_MANY_PIXELS),
        (picture(8_000, 6_251), PhotoFault.TOO_MANY_PIXELS),
        (png_that_claims(60_000, 60_000), PhotoFault.TOO_MANY_PIXELS),
        (picture(kind="GIF"), PhotoFault.OTHER_KIND),
        (picture(kind="TIFF"), PhotoFault.OTHER_KIND),
        (b"%PDF-1.7", PhotoFault.OTHER_KIND),
        (b"\0\0\0\x18ftypheic", PhotoFault.OTHER_KIND),
        (b"", PhotoFault.OTHER_KIND),
        (picture(400, 300)[:900], PhotoFault.BROKEN),
        (picture(400, 300, "PNG")[:-40], PhotoFault.BROKEN),
        (png_that_claims(3000, 3000), PhotoFault.BROKEN),
    ],
)
def test_refusals(data: bytes, reason: PhotoFault) -> None:
    assert fault(data) is reason


JPEG, PNG, WEBP = picture(), picture(kind="PNG"), picture(kind="WEBP")


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([JPEG, PNG, WEBP]), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8))
def test_broken_bytes_give_a_picture_or_a_reason(data: bytes, changes: list[tuple[int, int]]) -> None:
    broken = bytearray(data)
    for at, value in changes:
        broken[at % len(broken)] = value
    try:
        assert reopened(clean_photo(bytes(broken))).format == "JPEG"
    except PhotoError as error:
        assert error.reason in PhotoFault
