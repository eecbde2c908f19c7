"""What a person sees when something goes wrong: plain words, no exception's text. And what the log gets: no words."""

from __future__ import annotations

import logging
import traceback

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.limits import MEGABYTE, PHOTO_LIMIT
from web.pages import Pages

log = logging.getLogger("lachan.web")
pages = Pages()

WORDS = {
    400: (
        "Mình chưa đọc được",
        "Trang gửi lên bị thiếu hoặc bị hỏng trên đường truyền. Bạn quay lại rồi gửi lần nữa nhé.",
    ),
    403: (
        "Trang này chưa mở cho bạn",
        "Có thể bạn mở trang đã lâu, hoặc bấm vào từ một trang khác. Bạn tải lại trang rồi làm lại giúp mình.",
    ),
    404: ("Không có trang này", "Địa chỉ có thể bị gõ nhầm, hoặc trang đã được chuyển đi."),
    405: ("Không mở được theo cách này", "Bạn về trang đầu rồi đi tiếp từ đó nhé."),
    413: (
        "Gửi chưa được vì nặng quá",
        f"Mỗi lần gửi được nhiều nhất {PHOTO_LIMIT // MEGABYTE} MB. Bạn chọn ảnh nhẹ hơn, hoặc gửi từng ảnh một.",
    ),
    500: ("Máy bên mình đang trục trặc", "Việc bạn vừa làm có thể chưa xong. Bạn chờ vài phút rồi thử lại nhé."),
}
ROOMS = ("inbox", "organiser")


def error_page(request: Request, status: int) -> HTMLResponse:
    """The page for an HTTP status; a status without words of its own gets those of 400 or 500."""
    title, text = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    room = request.url.path.split("/")[1]
    return pages.page(request, "error.html", status, title=title, text=text, home=f"/{room}" if room in ROOMS else "/")


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's handler for HTTPException: keeps its headers (Allow, Location), drops its text."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    page = error_page(request, error.status_code)
    page.headers.update(error.headers or {})
    return page


class CalmErrors:
    """Middleware: an unforeseen exception becomes the page for 500, and a log line with its kind and place only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:  # whatever it is, a person gets a page and the log no words
            log_failure(error)
            if not started:
                await error_page(Request(scope), 500)(scope, receive, send)


def log_failure(error: Exception) -> None:
    """One line: kinds and places of the exception and its causes. Their texts may hold a person's words: left out."""
    chain: list[str] = []
    link: BaseException | None = error
    while link is not None and len(chain) < 5:
        frames = traceback.extract_tb(link.__traceback__)[-6:]
        chain.append(f"{type(link).__name__} at " + " > ".join(f"{f.filename}:{f.lineno} {f.name}" for f in frames))
        link = link.__cause__ or link.__context__
    log.error("a page failed: %s", " <- ".join(chain))
