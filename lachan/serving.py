"""Runs the parts of the house in one process: pages, channels, the clock; and stops all of it cleanly."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels import web
from bot.channels.quiet import ChannelError, where
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_api import PICTURE_HOSTS
from editor import routes as editor_routes
from inbox import routes as inbox_routes
from intake import IntakeError, intake_app, listening
from lachan.errors import StartError
from lachan.house import House
from lachan.settings import Part, Settings
from lachan.telling import Teller, Tells
from lachan.upkeep import ContentWatch, Upkeep
from nlu.training_files import known_words
from organiser import routes as organiser_routes
from organiser.accounts import SignedIn
from quiz.clock import Clock
from tips.police.duty import Caller
from web.sessions import Sessions
from web.site import site

log = logging.getLogger(__name__)
type Channel = TelegramChannel | ZaloChannel

ADDRESSES = {Part.BOT: "/", Part.INBOX: "/inbox", Part.ORGANISER: "/organiser"}
_TIMED = {Part.WORKER, Part.ORGANISER}
_SPEAKING = {Part.BOT, Part.WORKER, Part.ORGANISER}  # what uses the content
_SECONDS_TO_START = 60


def build(house: House, parts: Iterable[Part]) -> Starlette:
    """The app with these parts. Raises ModelError or EngineError if the bot has no model that it may use."""
    chosen = set(parts)
    routes: list[BaseRoute] = [Route("/healthz", _healthy)]
    channels = _channels(house) if Part.BOT in chosen else []
    if Part.BOT in chosen:
        routes += web.routes(house.conversation)
        routes += [route for channel in channels for route in channel.routes()]
    if Part.INBOX in chosen:
        speaks = Part.BOT in chosen  # elsewhere the content here is not what citizens are told
        routes += inbox_routes(
            house.officers, house.inbox, now=house.now, live=lambda: house.library.live if speaks else None
        )
    # Whoever makes contests writes their jobs; only the worker drives them.
    clock = Clock(house.citizen, house.contests, keep=Part.WORKER in chosen) if chosen & _TIMED else None
    if Part.ORGANISER in chosen:
        sessions = Sessions[SignedIn](house.now)
        routes += editor_routes(house.draft, sessions, lambda: house.library.live)
        library, wishes = (lambda: house.library), house.wishes
        routes += organiser_routes(house.citizen, house.contests, library, house.now, sessions=sessions, wishes=wishes)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            try:
                await _start(house, chosen, clock, channels, stack)
            except Exception as error:
                app.state.failed = (
                    str(error) if isinstance(error, ChannelError | IntakeError) else f"the start failed: {where(error)}"
                )
                raise
            yield

    return site(routes, lifespan=life)


async def _start(
    house: House, parts: set[Part], clock: Clock | None, channels: list[Channel], stack: AsyncExitStack
) -> None:
    """Starts what runs beside the pages; `stack` stops it in the opposite order."""
    if parts & _SPEAKING:
        watching = asyncio.create_task(ContentWatch(house.library).run())
        stack.callback(watching.cancel)
    if clock is not None:
        _start_clock(house, clock)
        stack.push_async_callback(asyncio.to_thread, clock.stop)
    if Part.BOT in parts:
        forgetting = asyncio.create_task(_forget_codes(house))
        stack.callback(forgetting.cancel)
        telling = asyncio.create_task(Teller(house.watches, house.library, _by_name(channels)).run())
        stack.callback(telling.cancel)
        learning = asyncio.create_task(asyncio.to_thread(known_words))  # a second's work that nobody has to wait for
        stack.callback(learning.cancel)
    if Part.INBOX in parts:
        keeping = asyncio.create_task(Upkeep(house).run())
        stack.callback(keeping.cancel)
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        calling = asyncio.create_task(Caller(house.police, house.now, client).run(asyncio.Event()))
        stack.callback(calling.cancel)
    if Part.INTAKE in parts:
        settings = house.settings
        app = intake_app(house.police_dropbox)
        await stack.enter_async_context(
            listening(app, settings.intake_host, settings.intake_port, settings.intake_certificates)
        )
    if Part.BOT in parts and house.remote:
        stop = asyncio.Event()
        carrying = asyncio.create_task(house.remote.courier.run(stop))
        stack.push_async_callback(_ended, stop, carrying)
    for channel in channels:
        await channel.start()
        stack.push_async_callback(channel.stop)


def _start_clock(house: House, clock: Clock) -> None:
    clock.every(15, "purge-drafts", lambda: house.drafts.purge(house.now()))
    clock.every(60, "purge-updates", house.updates.purge)
    clock.every(24 * 60, "renew-pseudonyms", house.names.renew)
    clock.every(15, "wipe-talks", house.talks.wipe)
    clock.every(24 * 60, "purge-talks", house.talks.purge)
    clock.every(24 * 60, "purge-misses", house.misses.purge)
    clock.every(60, "purge-screens", house.screens.purge)
    clock.every(24 * 60, "purge-watches", house.watches.purge)
    clock.every(24 * 60, "purge-practice", house.quiz.purge)
    clock.every(24 * 60, "purge-lessons", house.progress.purge)
    clock.every(24 * 60, "purge-wishes", house.wishes.purge)
    clock.start()


async def _forget_codes(house: House) -> None:
    """Opened codes live in this process alone, so this process forgets them."""
    while True:
        await asyncio.sleep(60)
        await asyncio.to_thread(house.codes.forget, house.now())
        await asyncio.to_thread(house.line.is_open)  # so that the log hears of faults when nobody writes


def _channels(house: House) -> list[Channel]:
    """The messengers for which there is a token."""
    settings, channels = house.settings, list[Channel]()
    if token := settings.telegram_token.get_secret_value():
        channels.append(
            TelegramChannel(
                token,
                house.conversation,
                house.updates,
                house.library,
                base_url=settings.telegram_api or None,
                secret=settings.telegram_secret.get_secret_value() or None,
                webhook_url=settings.telegram_webhook or None,
                screens=house.screens,
            )
        )
    if token := settings.zalo_token.get_secret_value():
        channels.append(_zalo(house, settings, token))
    return channels


def _zalo(house: House, settings: Settings, token: str) -> ZaloChannel:
    return ZaloChannel(
        token,
        house.conversation,
        house.updates,
        house.library,
        base_url=settings.zalo_api or None,
        secret=settings.zalo_secret.get_secret_value() or None,
        webhook_url=settings.zalo_webhook or None,
        picture_hosts=(*PICTURE_HOSTS, *settings.zalo_media_hosts),
    )


async def _ended(stop: asyncio.Event, work: asyncio.Task[None]) -> None:
    """What is being delivered is delivered; the rest waits for the next start."""
    stop.set()
    await work


def _by_name(channels: Iterable[Channel]) -> dict[str, Tells]:
    """As `Inbound.channel` names them."""
    return {"telegram" if isinstance(channel, TelegramChannel) else "zalo": channel for channel in channels}


async def _healthy(request: Request) -> Response:
    return JSONResponse({"ok": True})


async def serve(app: Starlette, settings: Settings, started: Callable[[str], None]) -> None:
    """Serves until Ctrl-C; `started` is called with the address once the app has answered.

    Raises StartError if the port is taken or the app does not answer within a minute.
    """
    server = uvicorn.Server(
        uvicorn.Config(app, settings.host, settings.port, log_config=None, access_log=False, server_header=False)
    )
    serving = asyncio.create_task(_until_stopped(server, app, settings))
    try:
        address = await asyncio.wait_for(_answering(server, serving), _SECONDS_TO_START)
    except TimeoutError:
        raise StartError(f"the app did not answer within {_SECONDS_TO_START} seconds") from None
    if failed := getattr(app.state, "failed", ""):
        raise StartError(failed)
    if address:
        started(address)
    await serving


async def _until_stopped(server: uvicorn.Server, app: Starlette, settings: Settings) -> None:
    try:
        await server.serve()
    except SystemExit:  # uvicorn's way of saying that the app or the port failed
        failed = getattr(app.state, "failed", "")
        raise StartError(failed or f"port {settings.port} is taken: set LACHAN_PORT to another one") from None


async def _answering(server: uvicorn.Server, serving: asyncio.Task[None]) -> str:
    """The address, when the app answers a real request on it; "" if it was stopped before."""
    while not server.started:
        if serving.done():
            await serving
            return ""
        await asyncio.sleep(0.05)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    address = f"http://{host}:{port}"
    async with httpx.AsyncClient() as client:
        (await client.get(f"{address}/healthz")).raise_for_status()
    return address
