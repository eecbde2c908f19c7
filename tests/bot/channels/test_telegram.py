"""The Telegram door against a Bot API server on loopback, over real HTTP: polling and webhook."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from bot.channels.quiet import ChannelError
from bot.channels.telegram import TelegramChannel
from bot.inbound import Inbound
from content.reply import Button, Call, Reply
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.memory import Doorstep, MemoryTalk
from tests.kit.serving import Serving

pytestmark = pytest.mark.asyncio

SECRET = "the-secret-of-the-webhook"
LAN, MAI = 4_242_424_242, 5_353_535_353
TEXT = "có người rủ tôi sang Campuchia làm việc nhẹ"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Doorstep]:
    with Doorstep(tmp_path) as door:
        yield door


@pytest.fixture
def talk(door: Doorstep) -> MemoryTalk:
    return door.talk


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


def make(fake: FakeTelegram, door: Doorstep, **more: Any) -> TelegramChannel:
    given: dict[str, Any] = {"base_url": fake.url, "poll_seconds": 1, "pauses": (0.02, 0.04), **more}
    return TelegramChannel(fake.token, door.talk, door.updates, door.library, **given)


@asynccontextmanager
async def polling(fake: FakeTelegram, door: Doorstep, **more: Any) -> AsyncIterator[TelegramChannel]:
    channel = make(fake, door, **more)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


@asynccontextmanager
async def webhook(fake: FakeTelegram, door: Doorstep) -> AsyncIterator[str]:
    """The channel in an app of its own, as `lachan` has it; gives the app's address."""
    channel: list[TelegramChannel] = []

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        channel.append(make(fake, door, secret=SECRET, webhook_url=f"{server.url}/hooks/telegram"))
        app.router.routes.extend(channel[0].routes())
        await channel[0].start()
        yield
        await channel[0].stop()

    server = Serving(Starlette(lifespan=life))
    await asyncio.to_thread(server.start)
    try:
        yield server.url
    finally:
        await asyncio.to_thread(server.stop)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_talk(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str) -> None:
    async with polling(fake, door) if way == "polling" else webhook(fake, door):
        assert bool(fake.api.webhook.url) == (way == "webhook")
        person = fake.person(LAN)
        await person.says(TEXT)
        (heard,) = await person.hears(1)
        assert heard.text == f"nghe: {TEXT}"
        assert heard.buttons == ("Tiếp", "Danh mục")
        await person.taps("Tiếp")
        (heard,) = await person.hears(1)
        assert heard.text == "nghe: quiz:next"
        await person.sends_photo(b"\xff\xd8 picture", caption="biển số xe")
        (heard,) = await person.hears(1)
        assert heard.text == "ảnh 10 byte: biển số xe"
    assert talk.heard[0] == Inbound("telegram", str(LAN), text=TEXT)
    assert talk.heard[1] == Inbound("telegram", str(LAN), payload="quiz:next")
    assert len(fake.made("answerCallbackQuery")) == 1
    assert json.loads(fake.made("sendMessage")[0]["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("text", ["/start", "/start poster-17", "/start@lachan_bot", "/START"])
async def test_start_is_a_greeting(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, text: str) -> None:
    async with polling(fake, door):
        await fake.person(LAN).says(text)
        await fake.person(LAN).hears(1)
    assert talk.heard == [Inbound("telegram", str(LAN), payload="say:greet")]


async def test_what_cannot_be_read_is_said_to_be_so(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = fake.person(LAN)
    sticker = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    async with polling(fake, door):
        await person.sends(sticker={**sticker, "type": "regular"})
        await person.sends(location={"latitude": 21.0, "longitude": 105.8})
        await person.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
        await person.sends_document(b"%PDF", "application/pdf")
        await person.sends(a_kind_of_tomorrow={"x": 1})
        await person.sends_photo(b"x", claims=21 * 1024 * 1024)
        await person.sends_document(b"x", "image/png", claims=21 * 1024 * 1024)
        await person.sends_document(b"\x89PNG..", "image/png")
        await person.hears(8)
    assert [i.unsupported for i in talk.heard] == ["kind"] * 5 + ["", "too_big", ""]
    assert [i.photo and i.photo.data for i in talk.heard[5:]] == [b"small", None, b"\x89PNG.."]


async def test_a_file_that_the_server_finds_too_big(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = fake.person(LAN)
    async with polling(fake, door):
        update = person.message_update(photo=[person._stored(b"x", 30 * 1024 * 1024, "jpg", 90)])
        del update["message"]["photo"][0]["file_size"]
        await fake.deliver(update)
        await person.hears(1)
    assert talk.heard[0].unsupported == "too_big"


async def test_notices_of_the_app_are_not_answered(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = fake.person(LAN)
    async with polling(fake, door):
        await person.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 60})
        await person.hears_nothing()
    assert talk.heard == []


async def test_a_group_is_told_once_where_to_write(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person, group = fake.person(LAN), {"id": -1001, "type": "supergroup", "title": "Xóm"}
    async with polling(fake, door):
        for _ in range(3):
            await fake.deliver(person.message_update(chat=group, text="@lachan_bot ơi"))
        await fake.deliver(person.message_update(chat={**group, "type": "channel"}, text="tin"))
        await person.hears_nothing(0.4)
    assert talk.heard == []
    ((chat, sent),) = fake.api.sent
    assert chat == "-1001"
    assert "riêng" in sent["text"]


FULL = Reply(
    "*Khoan* <b>chuyển tiền</b> 😀.",
    note="Luật 53/2024/QH15, Điều 3.",
    calls=(Call("Gọi 113", number="113"), Call("Tra công ty", url="https://dolab.vn")),
    buttons=(Button("A", "quiz:0"), Button("B", "quiz:1"), Button("Một nút dài hơn một chút", "say:help")),
)


async def test_a_whole_reply(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.answers["đủ"] = [FULL]
    async with polling(fake, door):
        await fake.person(LAN).says("đủ")
        (heard,) = await fake.person(LAN).hears(1)
    assert heard.text == f"{FULL.text}\n\n{FULL.note}\n\n☎ Gọi 113"
    assert "parse_mode" not in heard.raw
    (entity,) = json.loads(heard.raw["entities"])
    assert entity["type"] == "expandable_blockquote"
    raw = heard.text.encode("utf-16-le")
    assert raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le") == FULL.note
    rows = json.loads(heard.raw["reply_markup"])["inline_keyboard"]
    assert [[b["text"] for b in row] for row in rows] == [["Tra công ty"], ["A", "B"], ["Một nút dài hơn một chút"]]
    assert rows[0][0]["url"] == "https://dolab.vn"


async def test_long_texts_are_cut_and_the_rest_comes_last(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.answers["dài"] = [
        Reply("Một câu. " * 900, note="nhỏ", calls=FULL.calls, buttons=FULL.buttons),
        Reply("x" * 4090, note="n" * 4090, calls=(Call("Gọi 111", number="111"),), buttons=FULL.buttons[:1]),
        Reply("", note="chỉ có chữ nhỏ"),
    ]
    async with polling(fake, door):
        await fake.person(LAN).says("dài")
        heard = await fake.person(LAN).hears(7)
    assert heard[0].text.startswith("(1/2) Một câu.")
    assert heard[1].text.startswith("(2/2) ")
    assert heard[2].text == "nhỏ\n\n☎ Gọi 113"
    assert [bool(h.buttons) for h in heard] == [False, False, True, False, False, True, False]
    assert [h.text for h in heard[3:6]] == ["x" * 4090, "n" * 4090, "☎ Gọi 111"]
    assert heard[6].text == "chỉ có chữ nhỏ"


async def test_what_telegram_refuses_is_said_in_plain_text(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    talk.answers["lạ"] = [Reply("Xem:", calls=(Call("Trang", url="ftp://x"),), buttons=FULL.buttons[:1])]
    talk.answers["hỏng"] = [Reply("Chọn:", buttons=(Button("Dài", "quiz:" + "x" * 60), FULL.buttons[1]))]
    async with polling(fake, door):
        await fake.person(LAN).says("lạ")
        assert (await fake.person(LAN).hears(1))[0].text == "Xem:\n\nTrang: ftp://x\n\nTrả lời 1 để chọn:\n1. A"
        await fake.person(LAN).says("hỏng")
        assert (await fake.person(LAN).hears(1))[0].buttons == ("B",)


async def test_the_webhook_lets_nobody_else_in(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    async with webhook(fake, door):
        update = fake.person(LAN).text_update("lén vào")
        assert await fake.push(update, secret="wrong") == 403
        assert await fake.push(update, secret=None) == 403
        assert await fake.push(update, secret=SECRET + "x") == 403
        assert await fake.push(b"{not json", secret="wrong") == 403
        assert await fake.push(b"{not json") == 400
        assert await fake.push(b"[" * 100_000) == 400
        assert await fake.push([1]) == 400
        assert await fake.push({"message": {}}) == 400
        assert await fake.push(update, **{"Content-Type": "text/plain"}) == 415
        assert await fake.push(b" " * 1_000_001) == 413
        assert await fake.push({"update_id": 1, "message": {"text": 5}}) == 200  # ours to log, never to be sent again
        await fake.person(LAN).hears_nothing(0.1)
        assert talk.heard == []
        assert await fake.push(update) == 200
        await fake.person(LAN).hears(1)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_an_update_that_comes_twice_counts_once(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    person = fake.person(LAN)
    talk.slow["hai lần"] = 0.1
    async with polling(fake, door) if way == "polling" else webhook(fake, door):
        update = person.text_update("hai lần")
        await fake.deliver(update, copies=2)
        await person.hears(1)
        await fake.deliver(update)
        await person.hears_nothing()
    assert len(talk.heard) == 1
    assert set(fake.statuses) <= {200}


async def test_the_second_copy_waits_and_counts_if_the_first_fails(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    person = fake.person(LAN)
    talk.slow["lỗi"], talk.fails["lỗi"] = 0.1, 1
    async with webhook(fake, door):
        update = person.text_update("lỗi")
        statuses = await asyncio.gather(fake.push(update), fake.push(update))
        await person.hears(1)
    assert sorted(statuses) == [200, 503]


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_one_persons_messages_in_order_others_meanwhile(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    lan, mai = fake.person(LAN), fake.person(MAI)
    talk.slow["một"] = 1.5
    async with polling(fake, door) if way == "polling" else webhook(fake, door):
        tasks = []
        for update in (
            lan.text_update("một"),
            lan.text_update("hai"),
            mai.text_update("của Mai"),
            lan.text_update("ba"),
        ):
            tasks.append(asyncio.create_task(fake.deliver(update)))
            await asyncio.sleep(0.02)
        (of_mai,) = await mai.hears(1)
        of_lan = await lan.hears(3)
        await asyncio.gather(*tasks)
    assert [h.text for h in of_lan] == ["nghe: một", "nghe: hai", "nghe: ba"]
    assert of_mai.at < of_lan[0].at - 0.5
    assert len(talk.heard) == 4


async def test_slow_answers_show_that_somebody_is_typing(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.slow["chậm"] = 1.2
    async with polling(fake, door):
        await fake.person(LAN).says("chậm")
        await fake.person(LAN).hears(1)
    assert [c["action"] for c in fake.made("sendChatAction")] == ["typing"]


async def test_too_many_requests_waits_as_long_as_told(fake: FakeTelegram, door: Doorstep) -> None:
    fake.fault("sendMessage", status=429, retry_after=1)
    async with polling(fake, door):
        began = time.monotonic()
        await fake.person(LAN).says("chào")
        (heard,) = await fake.person(LAN).hears(1)
    assert 1 <= heard.at - began < 3


async def test_somebody_who_blocked_the_bot_is_left_alone(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    fake.blocked.add(str(LAN))
    talk.answers["hai"] = [Reply("một"), Reply("hai")]
    async with polling(fake, door):
        await fake.person(LAN).says("hai")
        await fake.person(MAI).says("chào")
        await fake.person(MAI).hears(1)
        await asyncio.sleep(0.1)
    assert len([c for c in fake.made("sendMessage") if int(c["chat_id"]) == LAN]) == 1


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"drop": "after"}, {"status": 502}])
async def test_a_bad_line_while_sending(fake: FakeTelegram, door: Doorstep, fault: dict[str, Any]) -> None:
    fake.fault("sendMessage", **fault)
    async with polling(fake, door):
        await fake.person(LAN).says("chào")
        heard = await fake.person(LAN).hears(2 if fault.get("drop") == "after" else 1)
    assert {h.text for h in heard} == {"nghe: chào"}


async def test_a_bad_line_while_polling_and_starting(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    fake.fault("getMe", drop="before", times=2)
    fake.fault("getUpdates", drop="before")
    fake.fault("getUpdates", status=502)
    fake.fault("getUpdates", drop="after")
    fake.fault("file", drop="before")
    async with polling(fake, door):
        await fake.person(LAN).says("chào")
        await fake.person(LAN).hears(1)
        await fake.person(LAN).sends_photo(b"again")
        await fake.person(LAN).hears(1)
    assert len(talk.heard) == 2


async def test_an_update_that_nobody_foresaw_stops_nothing(fake: FakeTelegram, door: Doorstep) -> None:
    async with polling(fake, door):
        await fake.deliver({**fake.update(), "message": {"text": 5}})
        await fake.person(LAN).says("chào")
        await fake.person(LAN).hears(1)


async def test_a_crash_loses_nothing_and_repeats_nothing(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = fake.person(LAN)
    talk.slow["sập"] = 60
    channel = make(fake, door)
    await channel.start()
    await person.says("trước")
    await person.hears(1)
    await person.says("sập")
    while not talk.at_once:
        await asyncio.sleep(0.005)
    await channel.stop(grace=0)
    talk.slow.clear()
    door.updates.admit("telegram", "700000002")  # as a kill leaves it: admitted, not finished
    assert door.updates.forget_unfinished() == 1
    async with polling(fake, door):
        (heard,) = await person.hears(1)
        assert heard.text == "nghe: sập"
        await person.hears_nothing(0.1)
    assert [i.text for i in talk.heard] == ["trước", "sập"]


async def test_stop_lets_an_answer_end(fake: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.slow["chờ"] = 0.3
    async with polling(fake, door):
        await fake.person(LAN).says("chờ")
        while not talk.at_once:
            await asyncio.sleep(0.005)
    await fake.person(LAN).hears(1, timeout=0.1)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_what_fails_is_tried_again_and_in_the_end_excused(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    person = fake.person(LAN)
    talk.fails.update({"hai lần": 2, "mãi": 100})
    async with polling(fake, door) if way == "polling" else webhook(fake, door):
        await person.says("hai lần")
        assert (await person.hears(1))[0].text == "nghe: hai lần"
        await person.says("mãi")
        assert "113" in (await person.hears(1))[0].text
        await person.says("sau đó")
        assert (await person.hears(1))[0].text == "nghe: sau đó"
    assert talk.fails["mãi"] == 97


async def test_another_program_with_the_same_token(
    fake: FakeTelegram, door: Doorstep, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(fake, door):
        await asyncio.sleep(0.1)
        await fake.api.call("setWebhook", {"url": "https://elsewhere.example"})
        await asyncio.sleep(0.1)
        fake.api.queue.append(fake.person(LAN).text_update("chào"))
        await asyncio.sleep(1.2)
        assert "another program uses this bot's token (409)" in caplog.text
        await fake.api.call("deleteWebhook", {})
        await fake.person(LAN).hears(1)


async def test_a_wrong_token_is_said_clearly_and_not_repeated(fake: FakeTelegram, door: Doorstep) -> None:
    wrong = "111:AAWrongToken"
    channel = TelegramChannel(wrong, door.talk, door.updates, door.library, base_url=fake.url)
    with pytest.raises(ChannelError, match="BotFather") as caught:
        await channel.start()
    link: BaseException | None = caught.value
    while link is not None:
        assert wrong not in "".join(traceback.format_exception(link)) + repr(link)
        link = link.__context__


async def test_no_log_line_has_the_token_an_id_or_a_word(
    fake: FakeTelegram, door: Doorstep, talk: MemoryTalk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = fake.person(LAN)
    talk.fails[TEXT] = 100
    for fault in ({"status": 502}, {"drop": "before"}, {"status": 429, "retry_after": 1}):
        fake.fault("sendMessage", **fault)
    fake.fault("getUpdates", drop="after")
    async with polling(fake, door):
        await person.says(TEXT)
        await person.hears(1, timeout=10)
        await person.says("/start")
        await person.hears(1)
        await person.taps("Tiếp")
        await person.hears(1)
        fake.blocked.add(str(LAN))
        await person.says("bí mật")
        await person.sends(photo=[{"file_id": "gone", "file_unique_id": "u", "width": 1, "height": 1}])
        await fake.deliver({**fake.update(), "message": {"text": "bí mật"}})
        await asyncio.sleep(0.5)
    logged = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text} {r.exc_info}" for r in caplog.records)
    assert "could not be answered" in logged
    assert "could not be read" in logged
    assert "closed the chat" in logged
    assert "no connection" in logged
    for secret in (fake.token, fake.token.split(":")[1], str(LAN), TEXT, "bí mật"):
        assert secret not in logged
