"""Keeps tokens, ids and words out of the logs: what libraries would write is silenced, what we write has no values."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


class ChannelError(Exception):
    """A channel cannot start; the message says what to do and holds no token."""


def hush() -> None:
    """Silences the libraries that log what they carry. Call it before the first client is made.

    httpx writes every URL at INFO, and both platforms have the token in the URL; httpcore does so at DEBUG;
    python-telegram-bot writes parameters at DEBUG and whole updates, which it cannot read, at CRITICAL.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


def where(error: BaseException) -> str:
    """An error for a log line: its type and where it was raised; never its message, which may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
