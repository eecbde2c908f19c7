"""The app is killed again and again while people tell tips: no code that was shown is without its tip, no tip is there twice,
and no word is missing. The real app in a process of its own; Telegram is a fake over real HTTP, asked by polling."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import logging
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from db.citizen import InboundUpdate, TipDraft
from db.police import Tip
from lachan.first_start import Account, first_accounts
from lachan.house import House
from lachan.settings import Settings
from tests.kit.app import App
from tests.kit.fake_telegram import FakeTelegram, TelegramPerson
from tests.kit.model import TrainedModel
from tips.code import parse_code
from tips.envelope import Cost, derive

log = logging.getLogger(__name__)

PEOPLE = 4
PATIENCE = 120  # seconds without a word, after which somebody gives up: an app that starts takes some
STEPS = ("what", "where", "when", "who", "how")


def _picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 150), 50).convert("RGB").save(out, "JPEG")
    return out.getvalue()


PICTURE = _picture()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def house(trained: TrainedModel, tmp_path: Path) -> Iterator[House]:
    """The stores, looked into from outside."""
    house = House(Settings(data=trained.stock(tmp_path / "data"), _env_file=None))  # type: ignore[call-arg]
    house.migrate()
    yield house
    house.close()


@pytest.fixture
def officer(house: House) -> Account:
    """Made before anybody tells anything."""
    return next(account for account in first_accounts(house) if account.where == "/inbox")


async def test_two_kills_lose_nothing_and_double_nothing(
    house: House, officer: Account, telegram: FakeTelegram
) -> None:
    """One some time after the start, one at a call of the Bot API."""
    await _told_and_checked(house, officer, telegram, seeds=range(2, 4))


@pytest.mark.slow
async def test_forty_kills_lose_nothing_and_double_nothing(
    house: House, officer: Account, telegram: FakeTelegram
) -> None:
    await _told_and_checked(house, officer, telegram, seeds=range(100, 140))


async def _told_and_checked(house: House, officer: Account, telegram: FakeTelegram, seeds: range) -> None:
    people = [Teller(telegram.person(1_000_000 + number)) for number in range(PEOPLE)]
    mortal = Mortal(house.settings.data, telegram)
    enough = asyncio.Event()
    telling = [asyncio.create_task(person.tell_until(enough)) for person in people]
    for seed in seeds:
        await mortal.live_and_die(random.Random(seed))
    assert mortal.deaths == len(seeds)
    enough.set()
    with mortal.app():
        await asyncio.gather(*telling)
        await asyncio.sleep(2)  # a second copy would come now
    told = [tip for person in people for tip in person.told]
    log.info("%d deaths, %d tips", mortal.deaths, len(told))
    assert len(told) >= PEOPLE
    _all_is_there(house, officer, told)


def _all_is_there(house: House, account: Account, told: list[Told]) -> None:
    assert Counter(tip.code for tip in told).most_common(1)[0][1] == 1
    with house.police.read() as session:
        lookups = Counter(session.scalars(select(Tip.lookup)))
    shown = Counter(derive(parse_code(tip.code), house.keys.key("code-pepper"), Cost()).lookup for tip in told)
    assert lookups == shown, f"{len(told)} told, {lookups.total()} there"
    officer = house.officers.unlock(account.login, account.password)
    assert officer is not None
    with house.police.read() as session:
        ids = list(session.scalars(select(Tip.id)))
    reports = {tip_id: house.inbox.open(officer, tip_id) for tip_id in ids}
    for tip in told:
        (report,) = [r for r in reports.values() if r.report and tip.name in r.report.what]
        assert report.report is not None
        whole = " ".join(
            (report.report.what, report.report.where, report.report.when, report.report.who, report.report.how)
        )
        missing = [said for said in tip.said if said not in whole]
        assert not missing
        assert len(report.files) == tip.photos
    with house.citizen.read() as session:
        assert session.scalar(select(func.count()).where(InboundUpdate.state != "done")) == 0
        assert session.scalar(select(func.count()).where(InboundUpdate.sealed != b"")) == 0
        assert session.scalar(select(func.count()).select_from(TipDraft)) in range(PEOPLE + 1)


@dataclass
class Told:
    """A tip as its teller knows it."""

    name: str
    said: list[str] = field(default_factory=list)
    photos: int = 0
    code: str = ""


class Teller:
    """Tells one tip after another, always answering what was asked last, like somebody who reads before typing."""

    _numbers = itertools.count(1)

    def __init__(self, person: TelegramPerson) -> None:
        self._person, self._read = person, 0
        self.told: list[Told] = []

    async def tell_until(self, enough: asyncio.Event) -> None:
        """Begins no tip once it is enough, but the first."""
        while not (enough.is_set() and self.told):
            self.told.append(await self._tell())

    async def _tell(self) -> Told:
        tip = Told(f"Chuyen {next(self._numbers):05d}x")
        await self._taps("tip:start")
        answered: set[str] = set()
        while not tip.code:
            text, payloads = await self._asked()
            if "Mã của bạn:" in text:
                code = text.split("Mã của bạn:")[1].strip()[:22]
                tip.code = "" if code in {earlier.code for earlier in self.told} else code  # shown once more
                continue
            step = next((p.removeprefix("tip:skip:") for p in payloads if p.startswith("tip:skip:")), "")
            if "tip:send" in payloads:
                step = "send"
            if step == "photos" and tip.photos:
                step = "photo kept"
            if step and step not in answered:  # an answer that came once more is read, and not answered again
                answered.add(step)
                await self._answers(tip, step)
        return tip

    async def _answers(self, tip: Told, step: str) -> None:
        if step in STEPS:
            tip.said.append(f"{tip.name} {step}, nha xanh canh cho")
            await self._person.says(tip.said[-1])
        elif step == "photos":
            tip.photos = 1
            await self._person.sends_photo(PICTURE)
        elif step == "photo kept":
            await self._taps("tip:skip:photos")
        else:
            await self._taps("tip:send")

    async def _taps(self, payload: str) -> None:
        await self._person._fake.deliver(self._person.query_update(payload))

    async def _asked(self) -> tuple[str, list[str]]:
        """The next bubble: its words, and what its buttons do."""
        (heard,) = await self._person.hears(1, seconds=PATIENCE)
        rows = json.loads(heard.raw.get("reply_markup", "{}")).get("inline_keyboard", [])
        return heard.text, [button.get("callback_data", "") for row in rows for button in row]


class Mortal:
    """The app, and its deaths: at a call of the Bot API, or some time after it was ready."""

    def __init__(self, data: Path, telegram: FakeTelegram) -> None:
        self._data, self._telegram = data, telegram
        self.deaths = 0

    def app(self) -> App:
        return App(self._data, TELEGRAM_BOT_TOKEN=self._telegram.token, LACHAN_TELEGRAM_API=self._telegram.url)

    async def live_and_die(self, chance: random.Random) -> None:
        """One life. Half of them end at a call (also while it takes up what the last one left), half at any moment."""
        app, killed = self.app(), threading.Event()
        calls = chance.randint(1, 40) if chance.random() < 0.5 else 0

        def count(method: str) -> None:
            nonlocal calls
            if method in ("sendMessage", "answerCallbackQuery") and calls:
                calls -= 1
                if not calls:
                    killed.set()
                    app.kill()

        self._telegram.api.on_call = count
        seconds = chance.uniform(0, 3)
        try:
            await asyncio.to_thread(app.__enter__)
            if calls:
                await asyncio.to_thread(killed.wait, PATIENCE)
            elif not killed.is_set():
                await asyncio.sleep(seconds)
        except AssertionError:
            assert killed.is_set()
        self._telegram.api.on_call = lambda method: None
        app.kill()
        app._log.close()
        self.deaths += 1
