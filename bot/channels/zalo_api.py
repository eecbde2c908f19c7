"""A client for Zalo Bot (https://bot-api.zaloplatforms.com): the few methods that the channel needs, and pictures.

Not the Official Account API: that is another product. The token is part of every address, so no error here carries one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Sequence
from typing import Any

import httpx

from web.limits import PHOTO_LIMIT

log = logging.getLogger(__name__)

API = "https://bot-api.zaloplatforms.com"
# Where Zalo keeps pictures, as seen in events of public clients; the documentation promises none.
PICTURE_HOSTS = ("zdn.vn", "zadn.vn", "dlfl.vn", "zalo.me", "zaloapp.com", "zaloplatforms.com")
BACK_OFF = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds, after "quota exceeded"
_PICTURE_SECONDS = 30.0
_REDIRECTS = 3


class ZaloError(Exception):
    """A call failed. `code` is Zalo's, or HTTP's, or 0 if there was no answer; `arrived` is None if nobody knows."""

    def __init__(self, method: str, code: int, reason: str, arrived: bool | None) -> None:
        super().__init__(f"{method}: {code} {reason}")
        self.code, self.reason, self.arrived = code, reason, arrived


class PictureRefusedError(Exception):
    """The picture is not where pictures may be fetched from; the message says only the host."""


class PictureTooBigError(Exception):
    """Over 20 MB."""


class ZaloBot:
    """Calls Zalo. Nothing is sent twice unless it is certain that it did not arrive."""

    def __init__(
        self,
        token: str,
        base_url: str = API,
        *,
        picture_hosts: Sequence[str] = PICTURE_HOSTS,
        back_off: Sequence[float] = BACK_OFF,
        timeout: float = 10.0,
    ) -> None:
        """`picture_hosts`: host suffixes, fetched over https only; or whole origins on loopback ("http://127.0.0.1:81").

        `back_off`: seconds before each further try after 429; `timeout`: seconds for a call.
        """
        self._address = f"{base_url.rstrip('/')}/bot{token}/"
        self._picture_hosts, self._back_off = tuple(picture_hosts), tuple(back_off)
        self._http = httpx.AsyncClient(timeout=timeout, follow_redirects=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def get_me(self) -> dict[str, Any]:
        """Who this bot is. Raises ZaloError, code 401 for a wrong token."""
        return _object(await self._call("getMe"))

    async def set_webhook(self, url: str, secret: str) -> None:
        await self._call("setWebhook", url=url, secret_token=secret)

    async def webhook_url(self) -> str:
        """Where Zalo sends events now, "" for nowhere. setWebhook keeps an address even when its check failed."""
        return str(_object(await self._call("getWebhookInfo")).get("url") or "")

    async def send_message(self, chat: str, text: str) -> None:
        """Plain text, 1–2000 characters."""
        await self._call("sendMessage", chat_id=chat, text=text)

    async def send_typing(self, chat: str) -> None:
        await self._call("sendChatAction", chat_id=chat, action="typing")

    async def _call(self, method: str, **body: str) -> Any:
        """The result of a method. Raises ZaloError."""
        for pause in (*self._back_off, None):
            failure, result = await self._try(method, body)
            if failure is None:
                return result
            if failure.arrived is not False or pause is None or failure.code not in (0, 429):
                raise failure
            log.warning("zalo: %s has to wait %.0f s (%s)", method, pause, failure.reason)
            await asyncio.sleep(pause)
        raise AssertionError("not reached")

    async def _try(self, method: str, body: dict[str, str]) -> tuple[ZaloError | None, Any]:
        try:
            response = await self._http.post(self._address + method, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return ZaloError(method, 0, type(error).__name__, False), None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return ZaloError(method, 0, type(error).__name__, None), None
        try:
            answer = _object(response.json())
        except ValueError:
            answer = {}
        if response.status_code == 200 and answer.get("ok") is True:  # 200 alone is not success
            return None, answer.get("result")
        said = answer.get("error_code")
        code = said if isinstance(said, int) and said else response.status_code
        unclear = code == 408 or code >= 500 or not answer
        return ZaloError(method, code, "refused", None if unclear and code != 429 else False), None

    async def picture(self, url: str) -> bytes:
        """Fetches a picture into memory.

        Raises PictureRefusedError, PictureTooBigError, ZaloError (it may work later).
        """
        failure = ""
        try:
            async with asyncio.timeout(_PICTURE_SECONDS):
                for _ in range(_REDIRECTS + 1):
                    self._refuse_elsewhere(url)
                    data, url = await self._fetch(url)
                    if not url:
                        return data
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failure = type(error).__name__
        raise ZaloError("picture", 0, failure or "redirects", False)

    async def _fetch(self, url: str) -> tuple[bytes, str]:
        """The bytes, or where else they are."""
        headers = {"Accept-Encoding": "identity"}  # nothing that could unpack to more than it weighs
        async with self._http.stream("GET", url, headers=headers) as response:
            if response.next_request is not None:
                return b"", str(response.next_request.url)
            if response.status_code != 200:
                raise ZaloError("picture", response.status_code, "refused", False)
            data = bytearray()
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) > PHOTO_LIMIT:
                    raise PictureTooBigError
            return bytes(data), ""

    def _refuse_elsewhere(self, url: str) -> None:
        parsed = httpx.URL(url)
        host = parsed.host.rstrip(".").lower()
        if f"{parsed.scheme}://{parsed.netloc.decode('ascii', 'replace')}" in self._picture_hosts and _loopback(host):
            return
        suffixes = (s.lstrip(".").lower() for s in self._picture_hosts if "/" not in s)
        if parsed.scheme == "https" and parsed.port is None and any(f".{host}".endswith(f".{s}") for s in suffixes):
            return
        raise PictureRefusedError(f"{parsed.scheme}://{host}")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
