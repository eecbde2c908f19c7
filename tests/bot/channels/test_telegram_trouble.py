"""The Telegram door when something goes wrong: strangers, copies, bad lines, limits, careless logs."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from typing import Any

import pytest

from bot.channels import desk
from bot.channels.quiet import ChannelError
from bot.channels.telegram import TelegramChannel
from content.reply import Reply
from tests.kit.doors import SECRET, polling, webhook
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.memory import Doorstep, MemoryTalk
from tests.kit.people import until

LAN, MAI = 4_242_424_242, 5_353_535_353
TEXT = "có người rủ tôi sang Campuchia làm việc nhẹ"


async def test_the_webhook_lets_nobody_else_in(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    async with webhook(telegram, door):
        update = telegram.person(LAN).text_update("lén vào")
        assert await telegram.push(update, secret="wrong") == 403
        assert await telegram.push(update, secret=None) == 403
        assert await telegram.push(update, secret=SECRET + "x") == 403
        assert await telegram.push(b"{not json", secret="wrong") == 403
        assert await telegram.push(b"{not json") == 400
        assert await telegram.push(b"[" * 100_000) == 400
        assert await telegram.push([1]) == 400
        assert await telegram.push({"message": {}}) == 400
        assert await telegram.push(update, **{"Content-Type": "text/plain"}) == 415
        assert await telegram.push(b" " * 1_000_001) == 413
        assert (
            await telegram.push({"update_id": 1, "message": {"text": 5}}) == 200
        )  # ours to log, never to be sent again
        await telegram.person(LAN).hears_nothing(0.1)
        assert talk.heard == []
        assert await telegram.push(update) == 200
        await telegram.person(LAN).hears(1)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_an_update_that_comes_twice_counts_once(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    person = telegram.person(LAN)
    talk.slow["hai lần"] = 0.1
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        update = person.text_update("hai lần")
        await telegram.deliver(update, copies=2)
        await person.hears(1)
        await telegram.deliver(update)
        await person.hears_nothing()
    assert len(talk.heard) == 1
    assert set(telegram.statuses) <= {200}


async def test_a_second_copy_is_answered_at_once_and_not_heard_while_the_first_is_tried_again(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    person = telegram.person(LAN)
    talk.fails["lỗi"] = 1
    async with webhook(telegram, door):
        update = person.text_update("lỗi")
        statuses = await asyncio.gather(telegram.push(update), telegram.push(update))
        await person.hears(1)
        await person.hears_nothing()
    assert statuses == [200, 200]
    assert len(talk.heard) == 1


async def test_too_many_requests_waits_as_long_as_told(telegram: FakeTelegram, door: Doorstep) -> None:
    telegram.fault("sendMessage", status=429, retry_after=1)
    async with polling(telegram, door):
        began = time.monotonic()
        await telegram.person(LAN).says("chào")
        (heard,) = await telegram.person(LAN).hears(1)
    assert 1 <= heard.at - began < 3


async def test_somebody_who_blocked_the_bot_is_left_alone(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    telegram.blocked.add(str(LAN))
    talk.answers["hai"] = [Reply("một"), Reply("hai")]
    async with polling(telegram, door):
        await telegram.person(LAN).says("hai")
        await telegram.person(MAI).says("chào")
        await telegram.person(MAI).hears(1)
        await asyncio.sleep(0.1)
    assert len([c for c in telegram.made("sendMessage") if int(c["chat_id"]) == LAN]) == 1


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"drop": "after"}, {"status": 502}])
async def test_a_bad_line_while_sending(telegram: FakeTelegram, door: Doorstep, fault: dict[str, Any]) -> None:
    telegram.fault("sendMessage", **fault)
    async with polling(telegram, door):
        await telegram.person(LAN).says("chào")
        heard = await telegram.person(LAN).hears(2 if fault.get("drop") == "after" else 1)
    assert {h.text for h in heard} == {"nghe: chào"}


async def test_a_bad_line_while_polling_and_starting(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    telegram.fault("getMe", drop="before", times=2)
    telegram.fault("getUpdates", drop="before")
    telegram.fault("getUpdates", status=502)
    telegram.fault("getUpdates", drop="after")
    telegram.fault("file", drop="before")
    async with polling(telegram, door):
        await telegram.person(LAN).says("chào")
        await telegram.person(LAN).hears(1)
        await telegram.person(LAN).sends_photo(b"again")
        await telegram.person(LAN).hears(1)
    assert len(talk.heard) == 2


async def test_polling_removes_a_webhook_of_earlier(telegram: FakeTelegram, door: Doorstep) -> None:
    await telegram.api.call("setWebhook", {"url": "https://earlier.example/hooks/telegram"})
    async with polling(telegram, door):
        assert telegram.api.webhook.url == ""
        await telegram.person(LAN).says("chào")
        await telegram.person(LAN).hears(1)


async def test_an_update_that_nobody_foresaw_stops_nothing(telegram: FakeTelegram, door: Doorstep) -> None:
    async with polling(telegram, door):
        await telegram.deliver({**telegram.update(), "message": {"text": 5}})
        await telegram.person(LAN).says("chào")
        await telegram.person(LAN).hears(1)


async def test_an_answer_is_sent_when_the_line_is_back(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    lan, mai = telegram.person(LAN), telegram.person(MAI)
    talk.answers["gửi"] = [Reply("một"), Reply("hai")]
    async with polling(telegram, door):
        telegram.fault("sendMessage", status=502, times=8)  # longer than one sending is tried
        await lan.says("gửi")
        assert [h.text for h in await lan.hears(2)] == ["một", "hai"]
        await mai.says("chào")
        await mai.hears(1)
    assert [i.text for i in talk.heard] == ["gửi", "chào"]


async def test_few_files_are_in_memory_at_once_and_words_do_not_wait_for_them(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    telegram.fault("file", delay=1.0, times=6)
    async with polling(telegram, door):
        for number in range(6):
            await telegram.person(10_000 + number).sends_video(b"video")
        await until(lambda: len(telegram.made("getFile")) == desk._HEAVY_AT_ONCE)
        await telegram.person(LAN).says("chào")
        await telegram.person(LAN).hears(1)
        assert len(telegram.made("getFile")) == desk._HEAVY_AT_ONCE
        for number in range(6):
            await telegram.person(10_000 + number).hears(1)
    assert [i.file for i in talk.heard] == [b"", *[b"video"] * 6]


async def test_another_program_with_the_same_token(
    telegram: FakeTelegram, door: Doorstep, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(telegram, door):
        await asyncio.sleep(0.1)
        await telegram.api.call("setWebhook", {"url": "https://elsewhere.example"})
        await asyncio.sleep(0.1)
        telegram.api.queue.append(telegram.person(LAN).text_update("chào"))
        await asyncio.sleep(0.1)
        assert "another program uses this bot's token (409)" in caplog.text
        await telegram.api.call("deleteWebhook", {})
        await telegram.person(LAN).hears(1)


async def test_a_wrong_token_is_said_clearly_and_not_repeated(telegram: FakeTelegram, door: Doorstep) -> None:
    wrong = "111:AAWrongToken"
    channel = TelegramChannel(wrong, door.talk, door.updates, door.library, base_url=telegram.url)
    with pytest.raises(ChannelError, match="BotFather") as caught:
        await channel.start()
    link: BaseException | None = caught.value
    while link is not None:
        assert wrong not in "".join(traceback.format_exception(link)) + repr(link)
        link = link.__context__


async def test_no_log_line_has_the_token_an_id_or_a_word(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = telegram.person(LAN)
    talk.fails[TEXT] = 100
    for fault in ({"status": 502}, {"drop": "before"}):
        telegram.fault("sendMessage", **fault)
    telegram.fault("getUpdates", drop="after")
    async with polling(telegram, door):
        await person.says(TEXT)
        await person.hears(1, seconds=10)
        await person.says("/start")
        await person.hears(1)
        await person.taps("Tiếp")
        await person.hears(1)
        telegram.blocked.add(str(LAN))
        await person.says("bí mật")
        await person.sends(photo=[{"file_id": "gone", "file_unique_id": "u", "width": 1, "height": 1}])
        await telegram.deliver({**telegram.update(), "message": {"text": "bí mật"}})
        await asyncio.sleep(0.5)
    logged = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text} {r.exc_info}" for r in caplog.records)
    assert "could not be answered" in logged
    assert "could not be read" in logged
    assert "closed the chat" in logged
    assert "no connection" in logged
    for secret in (telegram.token, telegram.token.split(":")[1], str(LAN), TEXT, "bí mật"):
        assert secret not in logged
