"""An officer at a browser: the real pages over real stores, with tips that the citizens' half tells, seals and deposits."""

from __future__ import annotations

import re
from html import unescape

from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from db.police import Audit
from inbox import routes
from tests.tips.kit import PASSWORD, House
from web.site import site

SITE = "http://lachan.example"


class Browser:
    """One officer's browser on a house of its own kind; redirects are not followed. `slept`: seconds that sign-ins waited."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.slept: list[float] = []
        self.client = self._open()

    def restart(self) -> None:
        """A new process on the same stores; the browser keeps its cookies."""
        cookies = self.client.cookies
        self.client = self._open()
        self.client.cookies = cookies

    def sign_in(self, login: str = "lan", password: str = PASSWORD, to: str = "") -> Response:
        answer: Response = self.client.post("/inbox/sign-in", data={"login": login, "password": password, "to": to})
        return answer

    def get(self, path: str = "/inbox") -> Response:
        answer: Response = self.client.get(path)
        return answer

    def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> Response:
        """Sends a form of this session, with its token, as the page would."""
        answer: Response = self.client.post(path, data={"form_token": self.token(), **form}, headers=headers)
        return answer

    def token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.get().text)
        assert found
        return found[1]

    def tips(self) -> list[str]:
        """The ids in the list, from the top."""
        return re.findall(r'class="row[^"]*" href="/inbox/tips/([0-9a-f]{32})', self.get().text)

    def photos(self, tip_id: str) -> list[str]:
        """The addresses of a tip's photos, as its page has them."""
        return re.findall(r'<img src="([^"]+)"', self.get(f"/inbox/tips/{tip_id}").text)

    def acts(self, tip_id: str | None = None) -> list[str]:
        """The audit log from its beginning, without how the house was set up and without looks at the list."""
        with self.house.police_store.read() as session:
            rows = session.scalars(select(Audit).order_by(Audit.id)).all()
        return [
            row.act for row in rows if row.act not in ("make_unit", "enrol", "list") and tip_id in (None, row.tip_id)
        ]

    def _open(self) -> TestClient:
        app = site(routes(self.house.officers, self.house.inbox, now=self.house.clock, sleep=self._sleep))
        return TestClient(app, base_url=SITE, follow_redirects=False)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def words(answer: Response) -> str:
    """What a page says: its text without tags, entities and runs of space."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
