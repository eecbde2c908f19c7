"""Two hundred planted strings go through the whole flow in real processes; afterwards they are nowhere.

Nine people on two messengers ask, tell tips with files, places and cards, are answered, add, play and subscribe. The app, Redis and
the browser-less officer are real; the messengers are fakes over HTTP.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis

from tests.kit.app import Account, App
from tests.kit.canaries import Canaries, found
from tests.kit.fake_telegram import FakeTelegram, TelegramPerson
from tests.kit.fake_zalo import FakeZalo
from tests.kit.model import TrainedModel
from tests.kit.people import Person
from tests.kit.redis import RedisServer
from tests.kit.serving import free_port

ON_TELEGRAM, ON_ZALO = 7, 2
_TIP = re.compile(r"/inbox/tips/([0-9a-f]{32})")


@pytest.fixture
def messengers() -> Iterator[tuple[FakeTelegram, FakeZalo]]:
    with FakeTelegram() as telegram, FakeZalo() as zalo:
        yield telegram, zalo


async def test_two_hundred_planted_strings_are_nowhere(
    trained: TrainedModel, tmp_path: Path, messengers: tuple[FakeTelegram, FakeZalo]
) -> None:
    telegram, zalo = messengers
    canaries, temporary = Canaries(), tmp_path / "temporary"
    temporary.mkdir()
    with RedisServer(tmp_path) as server, _app(trained, tmp_path, telegram, zalo, server.url, temporary) as app:
        people = [_on_telegram(telegram, canaries, n) for n in range(ON_TELEGRAM)]
        others = [zalo.person(canaries.word(f"zalo {n}: id")) for n in range(ON_ZALO)]
        everybody: list[Person] = [*people, *others]
        codes = await asyncio.gather(*(_tells(p, canaries, f"person {n}") for n, p in enumerate(everybody)))
        await _unfinished(telegram.person(canaries.number("unfinished: id")), canaries)
        await _officer_answers(app, app.account("/inbox"), len(everybody))
        await asyncio.gather(
            *(_adds(p, code, canaries, f"person {n}") for n, (p, code) in enumerate(zip(everybody, codes, strict=True)))
        )
        assert len(canaries.planted) >= 200
        planted = canaries.planted | {f"code {n}": code for n, code in enumerate(codes)}
        planted |= {f"bare code {n}": code.replace(" ", "") for n, code in enumerate(codes)}
        places = _running_places(app, server, tmp_path)
    places |= {f"stopped: {name}": content for name, content in _files(tmp_path).items()}
    assert any(name.endswith("-wal") for name in places), "the log of a running store is looked at too"
    assert found(planted, places) == []


def test_a_planted_string_is_found_in_every_form() -> None:
    planted = {"it": "QwErTyUiOpAs"}
    raw = b"x QwErTyUiOpAs y"
    for form in (
        raw,
        "QwErTyUiOpAs".encode("utf-16-le"),
        raw.hex().upper().encode(),
        *(base64.b64encode(b"a" * shift + raw) for shift in range(3)),
        base64.urlsafe_b64encode(raw),
        json.dumps({"text": "QwErTyUiOpAs"}).encode(),
        b"junk" + gzip.compress(raw),
        b"junk" + gzip.compress(raw) + b"junk",
    ):
        assert found(planted, {"here": form}), form
    assert found({"it": "Đường Cây Gạo"}, {"here": json.dumps("Đường Cây Gạo").encode()})
    assert not found(planted, {"here": b"nothing"})


def _app(
    trained: TrainedModel, folder: Path, telegram: FakeTelegram, zalo: FakeZalo, redis_url: str, temporary: Path
) -> App:
    port = free_port()
    return App(
        trained.stock(folder / "data"),
        TELEGRAM_BOT_TOKEN=telegram.token,
        LACHAN_TELEGRAM_API=telegram.url,
        ZALO_BOT_TOKEN=zalo.token,
        LACHAN_ZALO_API=zalo.url,
        LACHAN_ZALO_WEBHOOK=f"http://127.0.0.1:{port}/hooks/zalo",
        LACHAN_ZALO_MEDIA_HOSTS=json.dumps([zalo.url]),
        LACHAN_PORT=str(port),
        LACHAN_REDIS=redis_url,
        TMPDIR=str(temporary),
    )


def _on_telegram(telegram: FakeTelegram, canaries: Canaries, number: int) -> TelegramPerson:
    person = telegram.person(canaries.number(f"telegram {number}: id"))
    who = {
        "id": int(person.chat),
        "is_bot": False,
        "first_name": canaries.word(f"telegram {number}: first name"),
        "username": canaries.word(f"telegram {number}: user name"),
        "language_code": "vi",
    }
    person._user = lambda: who  # type: ignore[method-assign]
    return person


async def _tells(person: Person, canaries: Canaries, who: str) -> str:
    """Asks something, tells a tip with files, and wants to be told. Gives the code."""

    def word(what: str) -> str:
        return canaries.word(f"{who}: {what}")

    await _says(person, f"lua di xuat khau lao dong {word('question')} la sao")
    await _says(person, f"blabla {word('not understood')} ukm")
    await _says(person, f"đăng ký nhận tin {word('subscription')}")
    await _says(person, "mình muốn báo tin cho công an")
    await _says(person, f"có nhà giữ giấy tờ của mấy em, tên {word('name')} số {canaries.phone(f'{who}: phone')}")
    await _says(person, f"xóm {word('village')}, Cao Bằng")
    await _says(person, f"hôm trước, lúc {word('time')}")
    await _says(person, f"ông {word('suspect')} xe {word('plate')}")
    await _says(person, f"mình nghe {word('witness')} kể")
    await person.sends_photo(canaries.picture(f"{who}: photo"), caption=f"ảnh {word('caption')}")
    await _hears(person)
    if isinstance(person, TelegramPerson):
        document = {**person._stored(canaries.picture(f"{who}: document"), None, "jpg", 0), "mime_type": "image/jpeg"}
        await person.sends(document={**document, "file_name": f"{word('file name')}.jpg"})
        await _hears(person)
        await person.sends_location(canaries.degrees(f"{who}: latitude"), canaries.degrees(f"{who}: longitude") + 84)
        await _hears(person)
        await person.sends_contact(
            word("card's name"), canaries.phone(f"{who}: card's number"), word("card's last name")
        )
        await _hears(person)
    await _says(person, "gửi")
    heard = await _says(person, "gửi")
    assert "Mã của bạn" in heard, heard
    code = heard.split("Mã của bạn:")[1].strip()[:22]
    await person.taps("Báo mình ở đây khi có trả lời")
    await _hears(person)
    return code


async def _unfinished(person: Person, canaries: Canaries) -> None:
    """A tip that is still being told when everything is searched."""
    await _says(person, "mình muốn báo tin cho công an")
    await _says(person, f"chuyện này {canaries.word('unfinished: words')}")
    await person.sends_photo(canaries.picture("unfinished: photo"))
    await _hears(person)


async def _officer_answers(app: App, account: Account, tips: int) -> None:
    """Reads every tip and answers it, over the pages."""
    root = app.inbox.removesuffix("/inbox")
    async with httpx.AsyncClient(base_url=root, headers={"Origin": root}, follow_redirects=True, timeout=30) as web:
        page = await web.get("/inbox/sign-in")
        form = {"login": account.login, "password": account.password, "form_token": _token(page.text)}
        page = await web.post("/inbox/sign-in", data=form)
        found_tips = list(dict.fromkeys(_TIP.findall(page.text)))
        assert len(found_tips) == tips
        for number, tip in enumerate(found_tips):
            page = await web.get(f"/inbox/tips/{tip}")
            action = re.search(rf'action="(/inbox/tips/{tip}/answer[^"]*)"', page.text)
            assert action
            answer = {"text": f"Cảm ơn bạn, tin số {number}.", "form_token": _token(page.text)}
            (await web.post(action[1], data=answer)).raise_for_status()


def _token(page: str) -> str:
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    return token[1] if token else ""


async def _adds(person: Person, code: str, canaries: Canaries, who: str) -> None:
    """Reads the answer, adds to the tip, plays."""
    heard = await _says(person, code)
    assert "Cảm ơn bạn, tin số" in heard, heard
    await _says(person, f"em nhớ thêm biển số {canaries.word(f'{who}: addition')}")
    await _says(person, "có")
    await _says(person, "xong")
    await _says(person, "cho mình làm vài câu đố")
    await _says(person, f"đáp án là {canaries.word(f'{who}: quiz')}")
    await _says(person, "dừng")


async def _says(person: Person, text: str) -> str:
    await person.says(text)
    return await _hears(person)


async def _hears(person: Person) -> str:
    """Everything that comes until nothing more comes."""
    heard = [(await person.hears(1, seconds=40))[0].text]
    while True:
        await asyncio.sleep(0.3)
        new = person.heard[person._listened :]
        if not new:
            return "\n".join(heard)
        heard += [h.text for h in await person.hears(len(new))]


def _running_places(app: App, server: RedisServer, folder: Path) -> dict[str, bytes]:
    """What lies about while everything runs: files, what was printed, Redis with the engine's tracker, a backup of each store."""
    for name in ("citizen", "police"):
        backup = folder / "backups" / f"{name}.db"
        backup.parent.mkdir(exist_ok=True)
        with sqlite3.connect(folder / "data" / f"{name}.db") as store, sqlite3.connect(backup) as copy:
            store.backup(copy)
    places = _files(folder) | {"printed": app.printed.encode(), "log": app.log.read_bytes()}
    client = redis.Redis.from_url(server.url)
    for key in client.scan_iter(count=1000):
        places[f"redis {key!r}"] = key + (client.dump(key) or b"")
    assert any(name.startswith("redis") for name in places), "the engine's tracker was looked at"
    return places


def _files(folder: Path) -> dict[str, bytes]:
    """All files but the model, which was trained before anybody said anything."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "models" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
