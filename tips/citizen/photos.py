"""Makes a picture safe to keep: only its pixels go on, the right way up, without place, time, device or author."""

from __future__ import annotations

import io
import threading
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from web.limits import PHOTO_LIMIT

KINDS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 24_000_000
MAX_JPEG_PIXELS = 50_000_000  # a JPEG past MAX_PIXELS is decoded at half its width and height
MAX_SIDE = 2560
_QUALITY = 88  # text in screenshots stays sharp
_ONE_AT_A_TIME = threading.Lock()  # measured: a WebP of 24 megapixels takes up to 450 MB while it is open


class PhotoFault(StrEnum):
    """Why a picture was not taken."""

    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"


class PhotoError(ValueError):
    """A picture that cannot be taken; `reason` says why."""

    def __init__(self, reason: PhotoFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


def clean_photo(data: bytes) -> bytes:
    """A new JPEG of a JPEG, PNG or WebP (told by content), at most 2,560 pixels a side. Raises PhotoError."""
    if len(data) > PHOTO_LIMIT:
        raise PhotoError(PhotoFault.TOO_BIG)
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(data), formats=KINDS) as image:
            _limit(image)
            return _reencode(image)
    except PhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PhotoError(PhotoFault.OTHER_KIND) from None
    except Exception:  # on broken input Pillow raises nearly anything, struct.error for one
        raise PhotoError(PhotoFault.BROKEN) from None


def _limit(image: Image.Image) -> None:
    """Refuses a picture that would take too much memory, before a pixel of it is decoded."""
    pixels = image.width * image.height
    is_jpeg = isinstance(image, JpegImageFile)
    if pixels > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
        raise PhotoError(PhotoFault.TOO_MANY_PIXELS)
    if pixels > MAX_PIXELS:
        image.draft(None, (image.width // 2, image.height // 2))


def _reencode(image: Image.Image) -> bytes:
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)  # first: what follows copies the picture
    upright = ImageOps.exif_transpose(image)
    # Pasted into a new picture, because Pillow carries a JPEG's comment from one file to the next.
    fresh = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        fresh.paste(layer, mask=layer.getchannel("A"))
    else:
        fresh.paste(upright.convert("RGB"))
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
