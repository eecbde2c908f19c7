"""The editors' preview, at /organiser/preview: every topic as each channel shows it, with what the check finds in it.

fit.py asks the channels' own renderers how many messages an answer takes; shown.py makes the previews; pages.py has the pages.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from content.files import Live
from editor.draft import Draft
from editor.pages import HOME, PreviewPages, style
from organiser.accounts import SignedIn
from web.sessions import Sessions


def routes(draft: Draft, sessions: Sessions[SignedIn], live: Callable[[], Live]) -> list[BaseRoute]:
    """All pages below /organiser/preview. `sessions` are the organisers'; `live` says which version the bot speaks from."""
    pages = PreviewPages(draft, sessions, live)
    return [
        Route(f"{HOME}/preview.css", style, methods=["GET"]),
        Route(HOME, pages.signed_in(pages.overview), methods=["GET"]),
        Route(f"{HOME}/topics/{{name}}", pages.signed_in(pages.topic), methods=["GET"]),
        Route(f"{HOME}/phrases/{{stem}}", pages.signed_in(pages.phrases), methods=["GET"]),
    ]
