"""The style that only the inbox needs; it is the room's own file, and open to anybody."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_STYLE = (Path(__file__).parent / "desk.css").read_bytes()


async def style(_: Request) -> Response:
    """desk.css."""
    return Response(_STYLE, media_type="text/css")
