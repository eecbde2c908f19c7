"""The editors' pages: all that the bot can say, and one topic as each channel shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import bot.channels.web
from content import packs, tables
from content.files import Live
from content.library import Library
from content.model import Topic
from editor.draft import Draft, Written
from editor.fit import LANGUAGES
from editor.shown import screens
from organiser import pages as organisers
from organiser.accounts import SignedIn
from web.pages import Pages
from web.sessions import Session, Sessions

HOME = "/organiser/preview"
NAMES = {"vi": "Tiếng Việt", "en": "English"}
GROUPS = (("trick", "Thủ đoạn lừa"), ("topic", "Luật, quyền, thủ tục"), ("talk", "Lời chào, lời đáp"))
_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (Path(__file__).parent / "preview.css").read_bytes()

type Handler = Callable[[Request, Session[SignedIn], Written], Awaitable[Response]]


async def style(_: Request) -> Response:
    """preview.css; open to anybody."""
    return Response(_STYLE, media_type="text/css")


class PreviewPages:
    """One method a page; only organisers who are signed in see them."""

    def __init__(self, draft: Draft, sessions: Sessions[SignedIn], live: Callable[[], Live]) -> None:
        self._draft, self._sessions, self._live = draft, sessions, live
        chat = Path(bot.channels.web.__file__).parent / "templates"  # the chat's own bubbles
        self._pages = Pages(_TEMPLATES, organisers.TEMPLATES, chat)

    def signed_in(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Lets only those through who are signed in, with the folder as it is now."""

        async def guarded(request: Request) -> Response:
            session = self._sessions.get(organisers.COOKIE.read(request))
            if session is None:
                return RedirectResponse(organisers.DOOR, 303)
            return await handler(request, session, await run_sync(self._draft.read))

        return guarded

    async def overview(self, request: Request, session: Session[SignedIn], written: Written) -> Response:
        """All topics by kind, cases below their intents; the files of phrases; what is wrong."""
        library = written.library
        groups = [(title, _topics(library, kind)) for kind, title in GROUPS] if library else []
        phrases = sorted({key.partition(".")[0] for key in library.phrases}) if library else []
        found = {topic.name: written.of(_file(topic)) for _, topics in groups for topic in topics}
        return self._page(
            request, "overview.html", session, written, groups=groups, phrases=phrases, found=found, texts=tables.texts
        )

    async def topic(self, request: Request, session: Session[SignedIn], written: Written) -> Response:
        """One topic on the web, on Telegram and on Zalo, in every language."""
        library, name = written.library, request.path_params["name"]
        if library is None or name not in library.topics:
            raise HTTPException(404)
        topic = library.topics[name]
        languages = [*LANGUAGES, *(code for code in library.tongues if code not in packs.BUILT_IN)]
        shown = await run_sync(lambda: [screens(library, topic, language) for language in languages])
        names = {code: tongue.name for code, tongue in library.tongues.items()}
        return self._page(
            request,
            "topic.html",
            session,
            written,
            topic=topic,
            shown=shown,
            names={**NAMES, **names},
            found=written.of(_file(topic)),
            checked=tables.checked_on(library, topic),
            sources=[(key, library.sources[key]) for key in _sources(topic)],
        )

    async def phrases(self, request: Request, session: Session[SignedIn], written: Written) -> Response:
        """The short words of one file, in both languages beside each other."""
        stem = request.path_params["stem"]
        library = written.library
        rows = (
            [(k.partition(".")[2], w) for k, w in library.phrases.items() if k.startswith(f"{stem}.")]
            if library
            else []
        )
        if not rows:
            raise HTTPException(404)
        found = written.of(f"phrases/{stem}.yml")
        return self._page(request, "phrases.html", session, written, stem=stem, rows=rows, found=found)

    def _page(
        self, request: Request, name: str, session: Session[SignedIn], written: Written, **values: Any
    ) -> Response:
        shared: dict[str, Any] = {
            "session": session,
            "who": session.value,
            "done": "",
            "live": self._live(),
            "written": written,
        }
        return self._pages.page(request, name, home=HOME, **shared, **values)


def _topics(library: Library, kind: str) -> list[Topic]:
    """By name, each intent followed by its cases."""
    found = [topic for topic in library.topics.values() if topic.kind == kind]
    return sorted(found, key=lambda topic: (topic.about, bool(topic.case), topic.name))


def _file(topic: Topic) -> str:
    return f"topics/{topic.name}.yml"


def _sources(topic: Topic) -> list[str]:
    return list(dict.fromkeys(source for statement in topic.statements() for source in statement.sources))
