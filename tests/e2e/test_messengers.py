"""The same talk on Telegram (polling, then a webhook after a restart) and on Zalo; a contest of three people over three channels;
and afterwards a search for what may be nowhere. The platforms are fakes over real HTTP, everything else is real."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from PIL import Image

from lachan.first_start import Account, first_accounts
from lachan.house import House
from lachan.serving import build
from lachan.settings import EVERYDAY, Settings
from quiz.contests import Plan
from tests.kit.fake_telegram import FakeTelegram, TelegramPerson
from tests.kit.fake_zalo import FakeZalo
from tests.kit.model import TrainedModel
from tests.kit.people import Person
from tests.kit.serving import Serving, free_port

TELEGRAM_ID = 7_319_402_551
ZALO_ID = "9c1e77ab03d4f2158e6a"
STORY = "Nha so mot tram le chin co nguoi giu may em be KHONGDUOCLO"
PLACE = "xom Cay Gao Mot Minh, Cao Bằng"
WHO = "ong Muoi Sau Ngon xe do bien 99Z-KHONGLO"


@pytest.fixture
def folder(trained: TrainedModel, tmp_path: Path) -> Path:
    return trained.stock(tmp_path / "data")


@pytest.fixture
def accounts(folder: Path) -> dict[str, Account]:
    """Made by the first start, before anybody tells anything."""
    house = House(Settings(data=folder, _env_file=None))  # type: ignore[call-arg]
    house.migrate()
    made = {account.where: account for account in first_accounts(house)}
    house.close()
    return made


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with FakeZalo() as fake:
        yield fake


class Running:
    """The app in this process, so that a test can look into it."""

    def __init__(self, folder: Path, port: int, **settings: Any) -> None:
        self.house = House(Settings(data=folder, _env_file=None, **settings))  # type: ignore[call-arg]
        self._server = Serving(build(self.house, EVERYDAY), port=port)
        self.url = self._server.url

    def __enter__(self) -> Running:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self.house.close()


@contextmanager
def _running(folder: Path, telegram: FakeTelegram, zalo: FakeZalo, webhook: bool) -> Iterator[Running]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    settings: dict[str, Any] = {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "telegram_api": telegram.url,
        "telegram_webhook": f"{here}/hooks/telegram" if webhook else "",
        "ZALO_BOT_TOKEN": zalo.token,
        "zalo_api": zalo.url,
        "zalo_webhook": f"{here}/hooks/zalo",
        "zalo_media_hosts": (zalo.url,),
    }
    with Running(folder, port, **settings) as running:
        yield running


async def test_the_same_talk_on_telegram_and_zalo_and_nothing_is_left_behind(
    folder: Path,
    accounts: dict[str, Account],
    telegram: FakeTelegram,
    zalo: FakeZalo,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    person = telegram.person(TELEGRAM_ID)
    with _running(folder, telegram, zalo, webhook=False) as app:
        await _asks(person)
        await person.says("cho mình làm vài câu đố")
        assert "1/5" in await _hears(person)
        await person.taps("A")
        assert "2/5" in await _hears(person)
        tracker = _engine_memory(app.house)
    with _running(folder, telegram, zalo, webhook=True) as app:
        await person.taps("B")  # the attempt survived the restart
        assert "3/5" in await _hears(person)
        code = await _tells(person)
        await person.taps("Bỏ qua")  # of a question that was answered long ago
        assert "không còn giữ tin nào đang kể dở" in await _hears(person)
        await _reads_with_code(app.house, accounts["/inbox"], person, code)
        tracker += _engine_memory(app.house)

        neighbour = zalo.person(ZALO_ID)
        await _asks(neighbour)
        zalo_code = await _tells(neighbour)
        assert zalo_code != code
        assert all(status == 200 for status in (*telegram.statuses, *zalo.statuses))
        tracker += _engine_memory(app.house)
    printed = "".join(capfd.readouterr())
    gc.collect()
    # Each at least ten bytes: three would stand in a sealed photo by chance.
    planted = [STORY, PLACE, WHO, "KHONGDUOCLO", "Cay Gao Mot Minh", "99Z-KHONGLO", str(TELEGRAM_ID), ZALO_ID]
    planted += [code, code.replace(" ", ""), zalo_code.replace(" ", "")]
    _found_nowhere(planted, tracker, printed, tmp_path)


async def test_a_contest_of_three_people_over_three_channels(
    folder: Path, accounts: dict[str, Account], telegram: FakeTelegram, zalo: FakeZalo
) -> None:
    with _running(folder, telegram, zalo, webhook=True) as app:
        contest = _open_contest(app)
        lan, hoa = telegram.person(TELEGRAM_ID), zalo.person(ZALO_ID)
        await _plays(lan, "Chị Lan")
        await _plays(hoa, "Bạn Hoa")
        async with httpx.AsyncClient(base_url=app.url) as web:
            await _plays_on_the_web(web, "Em Mai")
            board = await _board_on_the_web(web)
            xlsx, page = await _organiser_sees(web, accounts["/organiser"], contest)
        await lan.says("xem bảng xếp hạng")
        heard = await _hears(lan)
        for name in ("Chị Lan", "Bạn Hoa", "Em Mai"):
            assert name in board
            assert name in heard
            assert name in page
        names = {str(cell.value) for row in load_workbook(io.BytesIO(xlsx))["Xếp hạng"] for cell in row}
        assert {"Chị Lan", "Bạn Hoa", "Em Mai"} <= names


async def _asks(person: Person) -> None:
    await person.says("lua di xuat khau lao dong la sao")
    assert "khoan nộp tiền" in await _hears(person)


async def _tells(person: Person) -> str:
    await person.says("mình muốn báo tin cho công an")
    assert "Chuyện gì đã xảy ra" in await _hears(person)
    await person.says(STORY)
    assert "ở đâu" in await _hears(person)
    await person.says(PLACE)
    assert "khi nào" in await _hears(person)
    await person.taps("Bỏ qua")
    await _hears(person)
    await person.says(WHO)
    await _hears(person)
    await person.taps("Bỏ qua")
    await _hears(person)
    await person.sends_photo(_photo())
    assert "1/5" in await _hears(person)
    await person.taps("Xong")
    assert "Cao Bằng" in await _hears(person)
    await person.taps("Gửi cho công an")
    said = await _hears(person)
    assert "Mã của bạn" in said
    return said.split("Mã của bạn:")[1].strip()[:22]


async def _reads_with_code(house: House, account: Account, person: TelegramPerson, code: str) -> None:
    officer = house.officers.unlock(account.login, account.password)
    assert officer is not None
    (tip,) = house.inbox.list(officer).lines
    house.inbox.answer(officer, tip.tip_id, "Đã nhận, cảm ơn bạn.")
    await person.says(code)
    assert "Đã nhận, cảm ơn bạn." in await _hears(person)
    await person.says("xong")
    await _hears(person)


def _open_contest(app: Running) -> int:
    from sqlalchemy import select

    from db.citizen import Organiser

    with app.house.citizen.read() as session:
        organiser = session.scalars(select(Organiser)).one()
    now = app.house.now()
    contest = app.house.contests.create(organiser.id, Plan("Thi thử", now, now + timedelta(hours=1), 5))
    return app.house.contests.open(contest.id).id


async def _plays(person: Person, name: str) -> None:
    await person.says("đăng ký dự thi")
    await _hears(person)
    await person.says(name)
    said = await _hears(person)
    for number in range(1, 6):
        assert f"{number}/5" in said
        await person.taps("A")
        said = await _hears(person)


async def _plays_on_the_web(web: httpx.AsyncClient, name: str) -> None:
    await _web(web, text="đăng ký dự thi")
    replies = await _web(web, text=name)
    for _ in range(5):
        payload = next(b["payload"] for r in replies for b in r.get("buttons", []) if b["title"] == "A")
        replies = await _web(web, payload=payload)


async def _board_on_the_web(web: httpx.AsyncClient) -> str:
    return "\n".join(reply["text"] for reply in await _web(web, text="xem bảng xếp hạng"))


async def _web(web: httpx.AsyncClient, **said: str) -> list[dict[str, Any]]:
    answer = await web.post("/chat/say", json=said)
    answer.raise_for_status()
    replies: list[dict[str, Any]] = answer.json()["replies"]
    return replies


async def _organiser_sees(web: httpx.AsyncClient, account: Account, contest: int) -> tuple[bytes, str]:
    signed_in = await web.post("/organiser/sign-in", data={"login": account.login, "password": account.password})
    assert signed_in.status_code == 303
    page = await web.get(f"/organiser/contests/{contest}")
    results = await web.get(f"/organiser/contests/{contest}/results.xlsx")
    results.raise_for_status()
    return results.content, page.text


async def _hears(person: Person) -> str:
    """Everything that comes until nothing more comes."""
    heard = [(await person.hears(1, seconds=20))[0].text]
    while True:
        await asyncio.sleep(0.25)
        new = person.heard[person._listened :]
        if not new:
            return "\n".join(heard)
        heard += [h.text for h in await person.hears(len(new))]


def _engine_memory(house: House) -> str:
    """All that the engine remembers of all talks."""
    talks = house.engine._talks._memory._talks  # type: ignore[attr-defined]
    return "\n".join(str(kept) for kept in talks.values())


def _found_nowhere(planted: list[str], tracker: str, printed: str, folder: Path) -> None:
    places = {"the engine's tracker": tracker.encode(), "the log": printed.encode()}
    places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".gz"}
    assert any(name.endswith("police.db") for name in places)
    for text in planted:
        for form in (text, text.encode("unicode_escape").decode(), text.encode().hex()):
            for place, content in places.items():
                assert form.encode() not in content, f"{text!r} was found in {place}"


def _photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 50).convert("RGB").save(out, "JPEG")
    return out.getvalue()
