"""The police's pages, at /inbox: signing in, the list of tips, one tip with its answers.

door.py lets officers in and out and guards everything else; desk.py is what they do with tips, sharing.py what
takes two of them; view.py is which page of
the list they look at; paper.py renders; policy.py makes the content policy stricter. Handlers parse, call one service in a
thread, and render; the services (tips.police) open, check grants and write the audit log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from content.files import Live
from inbox.assets import script, style
from inbox.bell import Bell
from inbox.desk import Desk
from inbox.door import Door
from inbox.paper import Paper
from inbox.policy import StricterPolicy
from inbox.sharing import Sharing
from tips.police.inbox import Inbox
from tips.police.officers import Officers, OpenedOfficer
from tips.slowdown import Slowdown
from web.sessions import Sessions


def _utc_now() -> datetime:
    return datetime.now(UTC)


def routes(
    officers: Officers,
    inbox: Inbox,
    sessions: Sessions[OpenedOfficer] | None = None,
    now: Callable[[], datetime] = _utc_now,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    live: Callable[[], Live | None] = lambda: None,
) -> list[BaseRoute]:
    """What is at `/inbox` and below, for `web.site.site`, which adds the headers, the limits and the error pages.

    `sessions` lets the house end an officer's sessions; `sleep` takes the seconds that a sign-in waits after wrong tries.
    `live` says which content the bot speaks from, where it runs in the same process.
    """
    paper = Paper(now, live)
    door = Door(officers, Sessions(now) if sessions is None else sessions, Slowdown(now), paper, sleep)
    desk = Desk(inbox, paper)
    sharing = Sharing(inbox, desk)
    look = door.signed_in(desk.look)
    stricter = [Middleware(StricterPolicy)]
    below = [
        Route("/", look, methods=["GET"]),
        Route("/desk.css", style, methods=["GET"]),
        Route("/bell.js", script, methods=["GET"]),
        Route("/bell", door.signed_in(Bell(inbox.urgent).ring, touch=False), methods=["GET"]),
        Route("/sign-in", door.page, methods=["GET"]),
        Route("/sign-in", door.sign_in, methods=["POST"]),
        Route("/sign-out", door.sign_out, methods=["POST"]),
        Route("/tips/{tip_id}", door.signed_in(desk.tip), methods=["GET"]),
        Route("/tips/{tip_id}/files/{part_id}", door.signed_in(sharing.file, touch=False), methods=["GET"]),
        Route("/tips/{tip_id}/originals/{part_id}", door.signed_in(sharing.original), methods=["GET"]),
        Route("/tips/{tip_id}/originals/{part_id}", door.signed_in(sharing.ask), methods=["POST"]),
        Route("/tips/{tip_id}/requests/{request_id}", door.signed_in(sharing.settle), methods=["POST"]),
        Route("/tips/{tip_id}/access", door.signed_in(sharing.access), methods=["POST"]),
        Route("/tips/{tip_id}/status", door.signed_in(desk.status), methods=["POST"]),
        Route("/tips/{tip_id}/answer", door.signed_in(desk.answer, give_back="text"), methods=["POST"]),
    ]
    return [
        Route("/inbox", look, methods=["GET"], middleware=stricter),
        Mount("/inbox", routes=below, middleware=stricter),
    ]
