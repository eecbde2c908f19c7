"""A day in the life of the house, for tests that look at what is left of it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from bot.inbound import Inbound
from lachan.first_start import first_accounts
from lachan.house import House
from lachan.settings import Settings
from tests.kit.engine import TableEngine
from tests.kit.transcript import as_text
from tests.tips.kit import Clock, code_in


def a_house(folder: Path, **settings: Any) -> House:
    """The product put together, with a table in the place of Rasa, and a clock that stands still."""
    house = House(Settings(data=folder, _env_file=None, **settings), now=Clock())  # type: ignore[call-arg]
    engine = TableEngine()
    engine.answers |= {"báo tin": [{"do": "tip"}], "tôi có mã": [{"do": "code"}], "đố vui": [{"do": "quiz"}]}
    house.__dict__["engine"] = engine
    house.migrate()
    house.__dict__["accounts"] = first_accounts(house)
    return house


async def a_day(folder: Path, **settings: Any) -> House:
    """Two people: one tells a tip with a picture, wants to be told, gets an answer, and plays; one is still telling."""
    house = a_house(folder, **settings)

    async def says(text: str = "", sender: str = "7319402551", **more: Any) -> Any:
        return await house.conversation.hear(Inbound("telegram", sender, text=text, **more))

    for text in ("báo tin", "có người rủ em gái em đi", "Lạng Sơn", "hôm qua", "ông Ba", "em nghe kể"):
        await says(text)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    await says(file=picture.getvalue())
    await says("gửi")
    replies = await says(payload="tip:send")
    code = code_in(tuple(replies))
    assert "tip:watch" in str(replies)
    await says(payload="tip:watch")
    _answered(house)
    await says("tôi có mã")
    assert "Cảm ơn" in as_text(await says(code))
    await says(payload="code:close")
    await says("đố vui")
    await says("báo tin", sender="991188227733")
    await says("chuyện ở nhà bên", sender="991188227733")
    return house


def _answered(house: House) -> None:
    account = next(a for a in house.__dict__["accounts"] if a.where == "/inbox")
    officer = house.officers.unlock(account.login, account.password)
    assert officer
    (line,) = house.inbox.list(officer).lines
    house.inbox.open(officer, line.tip_id)
    house.inbox.answer(officer, line.tip_id, "Cảm ơn bạn, chúng tôi đang xem.")
