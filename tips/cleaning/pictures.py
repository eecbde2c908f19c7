"""A picture is made anew from its pixels: upright, without place, time, device, author or thumbnail.

Needs Pillow's own JPEG, PNG and WebP codecs, and pi-heif (libheif with libde265) for HEIC.
"""

from __future__ import annotations

import io

import pi_heif
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

from tips.cleaning.kinds import FileError, FileFault

MAX_PIXELS = 24_000_000
MAX_PHOTO_PIXELS = (
    50_000_000  # what phones make: a HEIC takes less memory, a JPEG past MAX_PIXELS is decoded at half its size
)
MAX_SIDE = 2560
_QUALITY = 88  # text in screenshots stays sharp
_LOADED = (TiffImagePlugin, WebPImagePlugin, ImageCms)  # what Pillow would load when first needed
Image.preinit()  # BMP, GIF, JPEG, PNG
_KINDS = ("JPEG", "PNG", "WEBP")
_KINDS_WITHIN = (*_KINDS, "BMP", "GIF", "TIFF")
pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def clean(data: bytes, *, disguise_voice: bool = False) -> tuple[str, bytes]:
    """A new JPEG of a JPEG, PNG, WebP or HEIC, at most 2,560 pixels a side. Raises FileError."""
    return "image/jpeg", _save(_flat(upright(data, (*_KINDS, "HEIF"))), "JPEG")


def clean_embedded(data: bytes) -> tuple[str, bytes]:
    """A picture from within a document, made anew as "jpg" or, so that what is see-through stays so, "png"."""
    picture = upright(data, _KINDS_WITHIN)
    if picture.format == "JPEG":
        return "jpg", _save(_flat(picture), "JPEG")
    return "png", _save(_fresh(picture), "PNG")


def upright(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    """The picture the right way up, no larger than it may be. Raises FileError."""
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            _limit(image)
            kind = image.format
            image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)  # first: what follows copies the picture
            turned = ImageOps.exif_transpose(image)
            turned.format = kind
            return turned
    except (FileError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileError(FileFault.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise FileError(FileFault.BROKEN) from None
    except Exception:  # on broken input Pillow raises nearly anything, struct.error for one
        raise FileError(FileFault.BROKEN) from None


def _limit(image: Image.Image) -> None:
    """Refuses a picture that would take too much memory, before a pixel of it is decoded."""
    pixels = image.width * image.height
    if pixels > (MAX_PHOTO_PIXELS if image.format in ("JPEG", "HEIF") else MAX_PIXELS):
        raise FileError(FileFault.TOO_MANY_PIXELS)
    if image.format == "JPEG" and pixels > MAX_PIXELS:
        image.draft(None, (image.width // 2, image.height // 2))


def _fresh(picture: Image.Image) -> Image.Image:
    """The pixels in a new picture, because Pillow carries a JPEG's comment from one file to the next."""
    mode = "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L") else "RGB"
    fresh = Image.new(mode, picture.size)
    fresh.paste(picture.convert(mode))
    return fresh


def _flat(picture: Image.Image) -> Image.Image:
    """The same, with white where one could see through."""
    fresh = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        fresh.paste(layer, mask=layer.getchannel("A"))
    else:
        fresh.paste(picture.convert("RGB"))
    return fresh


def _save(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=_QUALITY, optimize=kind == "JPEG")
    return out.getvalue()
