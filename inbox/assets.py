"""The style and the script that only the inbox needs; they are the room's own files, and open to anybody."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "desk.css").read_bytes()
_BELL = (_FOLDER / "bell.js").read_bytes()


async def style(_: Request) -> Response:
    """desk.css."""
    return Response(_STYLE, media_type="text/css")


async def script(_: Request) -> Response:
    """bell.js."""
    return Response(_BELL, media_type="text/javascript")
