"""The log of the app: to standard error, with times, places and levels, without anybody's words, ids or tokens."""

from __future__ import annotations

import logging


def install(level: int = logging.INFO) -> None:
    """Call once, before anything is served. Libraries that print addresses (with a token in them) are kept quiet."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "uvicorn.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # its lines are stacks; serving.py says what is wrong
