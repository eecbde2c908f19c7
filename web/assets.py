"""The files in web/static: an address that changes with the content, cached for a year, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
COMPRESSED = (".css", ".js", ".svg")


@cache
def static_url(name: str) -> str:
    """The address of a file below web/static, with a hash of its content. Raises FileNotFoundError.

    A font keeps its plain address: the style sheet names it, and its file never changes under one name.
    """
    content = (FOLDER / name).read_bytes()
    if name.startswith("fonts/"):
        return f"/static/{name}"
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def static_mount() -> Mount:
    """What serves `static_url`."""
    return Mount("/static", app=_Assets(directory=FOLDER), name="static")


class _Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code != 200:
            return response
        if path.endswith(COMPRESSED) and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            response = Response(_gzipped(path), media_type=response.media_type)
            response.headers["Content-Encoding"] = "gzip"
        current = static_url(path) == f"/static/{path}?{scope['query_string'].decode('latin-1')}".removesuffix("?")
        response.headers["Cache-Control"] = FOREVER if current else "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        return response


@cache
def _gzipped(name: str) -> bytes:
    return gzip.compress((FOLDER / name).read_bytes(), mtime=0)
