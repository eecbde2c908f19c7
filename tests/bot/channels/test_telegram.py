"""The Telegram door against a Bot API server on loopback, over real HTTP: what people do."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.channels import desk
from bot.inbound import Inbound
from content.reply import Button, Call, Reply
from tests.kit.doors import polling, webhook
from tests.kit.fake_telegram import FakeTelegram
from tests.kit.memory import Doorstep, MemoryTalk

LAN, MAI = 4_242_424_242, 5_353_535_353
TEXT = "có người rủ tôi sang Campuchia làm việc nhẹ"


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_talk(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str) -> None:
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        assert bool(telegram.api.webhook.url) == (way == "webhook")
        person = telegram.person(LAN)
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
    assert len(telegram.made("answerCallbackQuery")) == 1
    assert json.loads(telegram.made("sendMessage")[0]["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("text", ["/start", "/start poster-17", "/start@lachan_bot", "/START"])
async def test_start_is_a_greeting(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, text: str) -> None:
    async with polling(telegram, door):
        await telegram.person(LAN).says(text)
        await telegram.person(LAN).hears(1)
    assert talk.heard == [Inbound("telegram", str(LAN), payload="say:greet")]


async def test_what_cannot_be_read_is_said_to_be_so(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    sticker = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    async with polling(telegram, door):
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


async def test_a_file_that_the_server_finds_too_big(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    async with polling(telegram, door):
        update = person.message_update(photo=[person._stored(b"x", 30 * 1024 * 1024, "jpg", 90)])
        del update["message"]["photo"][0]["file_size"]
        await telegram.deliver(update)
        await person.hears(1)
    assert talk.heard[0].unsupported == "too_big"


async def test_notices_of_the_app_are_not_answered(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    async with polling(telegram, door):
        await person.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 60})
        await person.hears_nothing()
    assert talk.heard == []


async def test_a_group_is_told_once_where_to_write(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person, group = telegram.person(LAN), {"id": -1001, "type": "supergroup", "title": "Xóm"}
    async with polling(telegram, door):
        for _ in range(3):
            await telegram.deliver(person.message_update(chat=group, text="@lachan_bot ơi"))
        await telegram.deliver(person.message_update(chat={**group, "type": "channel"}, text="tin"))
        await person.hears_nothing(0.3)
    assert talk.heard == []
    ((chat, sent),) = telegram.api.sent
    assert chat == "-1001"
    assert "riêng" in sent["text"]


FULL = Reply(
    "*Khoan* <b>chuyển tiền</b> 😀.",
    note="Luật 53/2024/QH15, Điều 3.",
    calls=(Call("Gọi 113", number="113"), Call("Tra công ty", url="https://dolab.vn")),
    buttons=(Button("A", "quiz:0"), Button("B", "quiz:1"), Button("Một nút dài hơn một chút", "say:help")),
)


async def test_a_whole_reply(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    talk.answers["đủ"] = [FULL]
    async with polling(telegram, door):
        await telegram.person(LAN).says("đủ")
        (heard,) = await telegram.person(LAN).hears(1)
    assert heard.text == f"{FULL.text}\n\n{FULL.note}\n\n☎ Gọi 113"
    assert "parse_mode" not in heard.raw
    (entity,) = json.loads(heard.raw["entities"])
    assert entity["type"] == "expandable_blockquote"
    raw = heard.text.encode("utf-16-le")
    assert raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le") == FULL.note
    rows = json.loads(heard.raw["reply_markup"])["inline_keyboard"]
    assert [[b["text"] for b in row] for row in rows] == [["Tra công ty"], ["A", "B"], ["Một nút dài hơn một chút"]]
    assert rows[0][0]["url"] == "https://dolab.vn"


async def test_long_texts_are_cut_and_the_rest_comes_last(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    talk.answers["dài"] = [
        Reply("Một câu. " * 900, note="nhỏ", calls=FULL.calls, buttons=FULL.buttons),
        Reply("x" * 4090, note="n" * 4090, calls=(Call("Gọi 111", number="111"),), buttons=FULL.buttons[:1]),
        Reply("", note="chỉ có chữ nhỏ"),
    ]
    async with polling(telegram, door):
        await telegram.person(LAN).says("dài")
        heard = await telegram.person(LAN).hears(7)
    assert heard[0].text.startswith("(1/2) Một câu.")
    assert heard[1].text.startswith("(2/2) ")
    assert heard[2].text == "nhỏ\n\n☎ Gọi 113"
    assert [bool(h.buttons) for h in heard] == [False, False, True, False, False, True, False]
    assert [h.text for h in heard[3:6]] == ["x" * 4090, "n" * 4090, "☎ Gọi 111"]
    assert heard[6].text == "chỉ có chữ nhỏ"


async def test_what_telegram_refuses_is_said_in_plain_text(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    talk.answers["lạ"] = [Reply("Xem:", calls=(Call("Trang", url="ftp://x"),), buttons=FULL.buttons[:1])]
    talk.answers["hỏng"] = [Reply("Chọn:", buttons=(Button("Dài", "quiz:" + "x" * 60), FULL.buttons[1]))]
    async with polling(telegram, door):
        await telegram.person(LAN).says("lạ")
        assert (await telegram.person(LAN).hears(1))[0].text == "Xem:\n\nTrang: ftp://x\n\nTrả lời 1 để chọn:\n1. A"
        await telegram.person(LAN).says("hỏng")
        assert (await telegram.person(LAN).hears(1))[0].buttons == ("B",)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_one_persons_messages_in_order_others_meanwhile(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    lan, mai = telegram.person(LAN), telegram.person(MAI)
    talk.slow["một"] = 0.6
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        tasks = []
        for update in (
            lan.text_update("một"),
            lan.text_update("hai"),
            mai.text_update("của Mai"),
            lan.text_update("ba"),
        ):
            tasks.append(asyncio.create_task(telegram.deliver(update)))
            await asyncio.sleep(0.02)
        (of_mai,) = await mai.hears(1)
        of_lan = await lan.hears(3)
        await asyncio.gather(*tasks)
    assert [h.text for h in of_lan] == ["nghe: một", "nghe: hai", "nghe: ba"]
    assert of_mai.at < of_lan[0].at - 0.2
    assert len(talk.heard) == 4


async def test_slow_answers_show_that_somebody_is_typing(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.1)
    talk.slow["chậm"] = 0.3
    async with polling(telegram, door):
        await telegram.person(LAN).says("chậm")
        await telegram.person(LAN).hears(1)
    assert [c["action"] for c in telegram.made("sendChatAction")] == ["typing"]
