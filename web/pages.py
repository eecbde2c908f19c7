"""Renders a room's templates on top of the shared layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import times
from web.assets import static_url

SHARED = Path(__file__).parent / "templates"


class Pages:
    """The templates of one room. A name that a template uses and nobody gave is an error, never an empty place."""

    def __init__(self, *folders: Path) -> None:
        """`folders`: the room's templates, before the shared ones."""
        self._jinja = Environment(
            loader=FileSystemLoader([*folders, SHARED]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals["static_url"] = static_url
        self._jinja.filters.update(day=times.day, moment=times.moment, hour=times.hour)

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The template `name` with `values`, and `path` (of the request), which the navigation compares with."""
        html = self._jinja.get_template(name).render(path=request.url.path, **values)
        return HTMLResponse(html, status_code=status)
