"""The women's groups' pages, at /organiser: sign in, make a contest, open and close it, see how it goes, take results.

accounts.py knows passwords, forms.py reads the contest form, pages.py has a method a page.
What a contest is and does is in quiz/. wishes.py has the pages for those who want to be contacted (guides/handover).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import anyio
from starlette.routing import BaseRoute, Route

from content.library import Library
from db.stores import Store
from guides.handover.wishes import Wishes
from organiser.accounts import SignedIn
from organiser.pages import DOOR, HOME, TEMPLATES, Desk, OrganiserPages
from organiser.wishes import WISHES, WishPages
from quiz.contests import Contests
from quiz.reports import Reports
from tips.slowdown import Slowdown
from web.pages import Pages
from web.sessions import Sessions
from web.tries import Tries


def routes(
    store: Store,
    contests: Contests,
    library: Callable[[], Library],
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    sessions: Sessions[SignedIn] | None = None,
    wishes: Wishes | None = None,
) -> list[BaseRoute]:
    """All pages below /organiser. `store` is the citizens'; `contests` is the service that the clock knows, too.

    `sleep` takes the seconds that a sign-in waits after wrong tries. `sessions` are those that other rooms
    let in, too (editor/). Without `wishes` there are no pages for them.
    """
    desk = Desk(
        store=store,
        contests=contests,
        reports=Reports(store, library),
        library=library,
        now=now,
        sessions=sessions if sessions is not None else Sessions[SignedIn](now),
        tries=Tries(Slowdown(now), sleep),
        pages=Pages(TEMPLATES),
    )
    pages = OrganiserPages(desk)
    one = f"{HOME}/contests/{{contest:int}}"
    shown = {
        HOME: pages.contests,
        f"{HOME}/contests/new": pages.new,
        one: pages.contest,
        f"{one}/edit": pages.edit,
        f"{one}/results.xlsx": pages.download,
    }
    done = {
        f"{HOME}/sign-out": pages.leave,
        f"{HOME}/contests/new": pages.create,
        f"{one}/edit": pages.change,
        f"{one}/open": pages.open,
        f"{one}/close": pages.close,
        f"{one}/delete": pages.delete,
        f"{one}/hide-name": pages.hide_name,
    }
    if wishes is not None:
        asked, wish = WishPages(desk, wishes), f"{WISHES}/{{wish}}"
        shown |= {WISHES: asked.wishes, wish: asked.wish}
        done |= {f"{wish}/take": asked.take, f"{wish}/done": asked.done}
    return [
        Route(DOOR, pages.door, methods=["GET"]),
        Route(DOOR, pages.enter, methods=["POST"]),
        *(Route(path, pages.signed_in(page), methods=["GET"]) for path, page in shown.items()),
        *(Route(path, pages.signed_in(page, posted=True), methods=["POST"]) for path, page in done.items()),
    ]
