"""The Telegram door when the program stops, dies or cannot store: what was said is heard, and what was answered arrives."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels import desk
from bot.inbound import Inbound
from content.reply import Reply
from db.citizen import InboundUpdate
from tests.kit.doors import polling, telegram_channel, webhook
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.memory import Doorstep, MemoryTalk
from tests.kit.people import until

LAN, MAI = 4_242_424_242, 5_353_535_353


async def test_what_was_not_heard_when_it_stopped_is_heard_at_the_next_start(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    person = telegram.person(LAN)
    talk.slow["sập"] = 60
    channel = telegram_channel(telegram, door)
    await channel.start()
    await person.says("trước")
    await person.hears(1)
    for said in ("sập", "sau", "sau nữa"):
        await person.says(said)
    await until(lambda: talk.at_once)
    await until(lambda: not telegram.api.queue)  # acknowledged: Telegram has forgotten them
    await channel.stop(grace=0)
    talk.slow.clear()
    async with polling(telegram, door):
        assert [h.text for h in await person.hears(3)] == ["nghe: sập", "nghe: sau", "nghe: sau nữa"]
        await person.hears_nothing(0.1)
    assert [i.text for i in talk.heard] == ["trước", "sập", "sau", "sau nữa"]


async def test_what_is_heard_again_has_the_same_mark(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, hear, marks = telegram.person(LAN), talk.hear, list[str]()

    async def note(inbound: Inbound) -> list[Reply]:
        marks.append(inbound.once)
        return await hear(inbound)

    monkeypatch.setattr(talk, "hear", note)
    talk.fails["lỗi"], talk.slow["lỗi"] = 1, 0.05
    channel = telegram_channel(telegram, door)
    await channel.start()
    await person.says("lỗi")
    await until(lambda: len(marks) == 2 and not telegram.api.queue)
    await channel.stop(grace=0)
    async with polling(telegram, door):
        await person.hears(1)
        await person.says("sau")
        await person.hears(1)
    assert marks[0]
    assert marks[:3] == [marks[0]] * 3
    assert marks[3] not in ("", marks[0])


async def test_what_was_heard_is_only_sent_again(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    talk.answers["gửi"] = [Reply("Mã của bạn: 1234"), Reply("Giữ kỹ nhé.")]
    telegram.fault("sendMessage", delay=60)
    channel = telegram_channel(telegram, door)
    await channel.start()
    await person.says("gửi")
    await until(lambda: len(talk.heard) == 1 and not telegram.api.queue)
    await channel.stop(grace=0.1)
    assert person.heard == []
    async with polling(telegram, door):
        assert [h.text for h in await person.hears(2)] == ["Mã của bạn: 1234", "Giữ kỹ nhé."]
        await person.hears_nothing(0.1)
    assert len(talk.heard) == 1


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_nothing_is_acknowledged_while_the_store_fails(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, write, broken = telegram.person(LAN), door.updates.write, [True]

    def fails(*given: Any) -> Any:
        if broken:
            raise OSError("the disk is full")
        return write(*given)

    monkeypatch.setattr(door.updates, "write", fails)
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        update = person.text_update("chào")
        if way == "webhook":
            assert await telegram.push(update) == 503
        else:
            await telegram.deliver(update)
            await until(lambda: len(telegram.made("getUpdates")) > 3)
            assert telegram.api.queue == [update]
        broken.clear()
        await person.hears_nothing(0.01)
        if way == "webhook":
            assert await telegram.push(update) == 200
        await person.hears(1)
    assert len(talk.heard) == 1


async def test_no_room_is_said_to_the_platform(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST_OF_ONE", 2)
    lan, mai = telegram.person(LAN), telegram.person(MAI)
    talk.slow["lâu"] = 0.3
    async with webhook(telegram, door):
        statuses = [await telegram.push(lan.text_update(said)) for said in ("lâu", "hai", "ba")]
        assert statuses == [200, 200, 503]
        assert await telegram.push(mai.text_update("chào")) == 200
        monkeypatch.setattr(desk, "MOST", 2)
        assert await telegram.push(telegram.person(3).text_update("chào")) in (200, 503)
        await lan.hears(2)
        assert await telegram.push(lan.text_update("ba")) == 200
        await lan.hears(1)


async def test_a_failing_message_holds_up_nobody_else(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    lan, mai = telegram.person(LAN), telegram.person(MAI)
    talk.fails["mãi"] = 100
    async with polling(telegram, door, hearing_pauses=(60.0,) * 9):
        for number in range(desk._AT_ONCE + 1):  # more than are heard at once
            await telegram.person(10_000 + number).says("mãi")
        await lan.says("mãi")
        await lan.says("sau đó")
        await until(lambda: talk.fails["mãi"] == 100 - desk._AT_ONCE - 2)
        await mai.says("chào")
        await mai.hears(1)
        await lan.hears_nothing()


async def test_what_the_process_dies_of_is_not_heard_for_ever(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    person = telegram.person(LAN)
    talk.slow["chết máy"] = 60
    await person.says("chết máy")
    for life in range(1, 11):
        channel = telegram_channel(telegram, door)
        await channel.start()
        assert await until(lambda: talk.at_once)
        await until(lambda: not telegram.api.queue)
        await channel.stop(grace=0)
        (left,) = door.updates.unfinished("telegram")
        assert left.tries == life - 1  # what is heard for the first time is suspected of nothing
    async with polling(telegram, door):
        assert "113" in (await person.hears(1))[0].text
        await person.says("sau đó")
        assert (await person.hears(1))[0].text == "nghe: sau đó"


async def test_an_answer_is_given_up_after_a_day(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SENT_FOR", timedelta(seconds=-1))
    person = telegram.person(LAN)
    talk.answers["gửi"] = [Reply("một")]
    async with polling(telegram, door):
        telegram.fault("sendMessage", status=502, times=3)
        await person.says("gửi")
        await person.says("sau")
        assert (await person.hears(1))[0].text == "nghe: sau"
    assert [i.text for i in talk.heard] == ["gửi", "sau"]


async def test_nothing_of_what_was_said_is_left_in_the_store(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SCRUB_EVERY", 0.01)
    sealed: list[bytes] = []
    talk.answers["x"] = lambda inbound: sealed.extend(_sealed(door)) or [Reply("y")]
    async with polling(telegram, door):
        await telegram.person(LAN).says("x")
        await telegram.person(LAN).hears(1)
        assert await until(lambda: _sealed(door) == [b""])
        assert len(sealed) == 1
        assert await until(lambda: sealed[0] not in _files(door))
    assert len(sealed[0]) > 40


def _sealed(door: Doorstep) -> list[bytes]:
    with door.store.read() as session:
        return list(session.scalars(select(InboundUpdate.sealed)))


def _files(door: Doorstep) -> bytes:
    folder = Path(door.store.engine.url.database or "").parent
    return b"".join(path.read_bytes() for path in folder.glob("citizen.db*"))


async def test_stop_lets_an_answer_end(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.slow["chờ"] = 0.3
    async with polling(telegram, door):
        await telegram.person(LAN).says("chờ")
        await until(lambda: talk.at_once)
    await telegram.person(LAN).hears(1, seconds=0.1)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_what_fails_is_tried_again_and_in_the_end_excused(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    person = telegram.person(LAN)
    talk.fails.update({"hai lần": 2, "mãi": 100})
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        await person.says("hai lần")
        assert (await person.hears(1))[0].text == "nghe: hai lần"
        await person.says("mãi")
        assert "113" in (await person.hears(1))[0].text
        await person.says("sau đó")
        assert (await person.hears(1))[0].text == "nghe: sau đó"
    assert talk.fails["mãi"] == 90
