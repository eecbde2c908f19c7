"""A browser for the organisers' pages: keeps its cookies, fills forms as a page offers them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from httpx import Response
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from organiser import routes
from tests.quiz.kit import World
from web.site import site

LOGIN, OTHER_LOGIN, PASSWORD = "hoi-dai-phuoc", "hoi-an-phu", "mot-mat-khau-dai"
FORM = {
    "title": "Phụ nữ tìm hiểu luật",
    "opens_at": "2026-11-24T11:00",
    "closes_at": "2026-11-30T20:00",
    "question_count": "10",
}
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Browser:
    """Follows no redirect by itself, so that tests see where a page leads. `slept`: seconds that sign-ins waited."""

    def __init__(self, world: World, share: Browser | None = None) -> None:
        self.slept: list[float] = []
        self.app: Starlette = share.app if share else site(self._routes(world))
        self.client = TestClient(self.app, base_url="http://testserver", follow_redirects=False)
        self.page = ""

    def get(self, path: str) -> Response:
        response: Response = self.client.get(path)
        self.page = html.unescape(response.text) if "html" in response.headers.get("content-type", "") else ""
        return response

    def post(
        self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Sends a form with the token of the page last seen."""
        found = _TOKEN.search(self.page)
        data = {"form_token": found[1] if found else "", **(fields or {})}
        response: Response = self.client.post(path, data=data, headers=headers)
        if "html" in response.headers.get("content-type", ""):
            self.page = html.unescape(response.text)
        return response

    def sign_in(self, login: str = LOGIN, password: str = PASSWORD) -> Response:
        response: Response = self.client.post("/organiser/sign-in", data={"login": login, "password": password})
        self.page = html.unescape(response.text)
        if response.status_code == 303:
            self.get("/organiser")
        return response

    def _routes(self, world: World) -> list[BaseRoute]:
        return routes(world.store, world.contests, world.library, world.now, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
