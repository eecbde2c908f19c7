"""The doors as they run in the app, between a fake platform and a `Doorstep`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.applications import Starlette

from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.fake_zalo import FakeZalo
from tests.kit.memory import Doorstep
from tests.kit.serving import Serving

SECRET = "the-secret-of-the-webhook"
SOON = (0.02,) * 9  # seconds: ten tries


def telegram_channel(fake: FakeTelegram, door: Doorstep, **more: Any) -> TelegramChannel:
    """A channel with short waits."""
    given: dict[str, Any] = {
        "base_url": fake.url,
        "poll_seconds": 1,
        "pauses": (0.02, 0.04),
        "hearing_pauses": SOON,
        **more,
    }
    return TelegramChannel(fake.token, door.talk, door.updates, door.library, **given)


@asynccontextmanager
async def polling(fake: FakeTelegram, door: Doorstep, **more: Any) -> AsyncIterator[TelegramChannel]:
    """Telegram by polling, in the test's own loop."""
    channel = telegram_channel(fake, door, **more)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


def webhook(fake: FakeTelegram, door: Doorstep) -> AbstractAsyncContextManager[str]:
    """Telegram by webhook, in an app of its own; gives the app's address."""
    return _served(lambda url: telegram_channel(fake, door, secret=SECRET, webhook_url=url))


def zalo_channel(fake: FakeZalo, door: Doorstep, url: str, **more: Any) -> ZaloChannel:
    """A channel with short waits, of an app at that address."""
    given: dict[str, Any] = {
        "base_url": fake.url,
        "secret": SECRET,
        "webhook_url": url,
        "picture_hosts": [fake.url],
        "back_off": (0.01, 0.02, 0.04),
        "hearing_pauses": SOON,
        "timeout": 0.5,
        **more,
    }
    return ZaloChannel(fake.token, door.talk, door.updates, door.library, **given)


def on_zalo(fake: FakeZalo, door: Doorstep) -> AbstractAsyncContextManager[str]:
    """Zalo, in an app of its own; gives the app's address."""
    return _served(lambda url: zalo_channel(fake, door, url))


@asynccontextmanager
async def _served(make: Callable[[str], TelegramChannel | ZaloChannel]) -> AsyncIterator[str]:
    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        channel = make(server.url)
        app.router.routes.extend(channel.routes())
        await channel.start()
        yield
        await channel.stop()

    server = Serving(Starlette(lifespan=life))
    await asyncio.to_thread(server.start)
    try:
        yield server.url
    finally:
        await asyncio.to_thread(server.stop)
