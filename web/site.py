"""Puts routes together to an app with everything that every page needs."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from web.assets import static_mount
from web.errors import CalmErrors, on_http_exception
from web.security import BodyLimit, SafeHeaders


def site(routes: Sequence[BaseRoute], lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """An app with these routes, the static files, strict headers, the body limit and calm error pages."""
    return Starlette(
        routes=[static_mount(), *routes],
        middleware=[Middleware(SafeHeaders), Middleware(CalmErrors), Middleware(BodyLimit)],
        exception_handlers={HTTPException: on_http_exception},
        lifespan=lifespan,
    )
