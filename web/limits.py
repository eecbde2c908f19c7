"""How much may be sent to us. Nothing is imported, so that every room can know it."""

from __future__ import annotations

MEGABYTE = 1024 * 1024  # bytes
PHOTO_LIMIT = 20 * MEGABYTE
BODY_LIMIT = PHOTO_LIMIT + MEGABYTE  # a photo and the form around it
