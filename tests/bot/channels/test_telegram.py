"""The Telegram door against a Bot API server on loopback, over real HTTP: what people do."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels import NotSentError, UnreachableError, desk
from bot.inbound import Inbound
from bot.screens import Screens
from content.reply import Button, Call, Reply
from db.keys import KeyRing
from db.pseudonyms import Pseudonyms
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
    assert replace(talk.heard[0], once="") == Inbound("telegram", str(LAN), text=TEXT)
    assert replace(talk.heard[1], once="") == Inbound("telegram", str(LAN), payload="quiz:next")
    assert len({inbound.once for inbound in talk.heard} - {""}) == 3
    assert len(telegram.made("answerCallbackQuery")) == 1
    assert json.loads(telegram.made("sendMessage")[0]["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("text", ["/start", "/start poster-17", "/start@lachan_bot", "/START"])
async def test_start_is_a_greeting(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, text: str) -> None:
    async with polling(telegram, door):
        await telegram.person(LAN).says(text)
        await telegram.person(LAN).hears(1)
    (inbound,) = talk.heard
    assert replace(inbound, once="") == Inbound("telegram", str(LAN), payload="say:greet")


async def test_what_cannot_be_read_is_said_to_be_so(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    sticker = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    async with polling(telegram, door):
        await person.sends(sticker={**sticker, "type": "regular"})
        await person.sends(dice={"emoji": "🎲", "value": 3})
        await person.sends(a_kind_of_tomorrow={"x": 1})
        await person.hears(3)
    assert [i.unsupported for i in talk.heard] == ["kind"] * 3


async def test_files_of_every_kind_are_fetched(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    async with polling(telegram, door):
        await person.sends_video(b"video", caption="xe tải")
        await person.sends_video_note(b"round")
        await person.sends_animation(b"moves")
        await person.sends_voice(b"OggS")
        await person.sends_audio(b"ID3")
        await person.sends_document(b"%PDF", "application/pdf")
        await person.sends_document(b"\x89PNG..", "image/png")
        await person.sends_photo(b"\xff\xd8", caption="biển số")
        await person.hears(8)
    files = [b"video", b"round", b"moves", b"OggS", b"ID3", b"%PDF", b"\x89PNG..", b"\xff\xd8"]
    assert [i.file for i in talk.heard] == files
    assert [i.text for i in talk.heard] == ["xe tải", *[""] * 6, "biển số"]
    assert not any(i.unsupported for i in talk.heard)


async def test_what_is_too_big_is_not_fetched_and_its_caption_counts(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk
) -> None:
    person, big = telegram.person(LAN), 21 * 1024 * 1024
    async with polling(telegram, door):
        await person.sends_photo(b"x", claims=big)
        await person.sends_video(b"x", caption="ở bến xe", claims=big)
        await person.sends_voice(b"x", claims=big)
        await person.sends_document(b"x", "application/zip", claims=big)
        await person.hears(4)
    assert [(i.file, i.unsupported, i.text) for i in talk.heard] == [
        (b"small", "", ""),
        (b"", "too_big", "ở bến xe"),
        (b"", "too_big", ""),
        (b"", "too_big", ""),
    ]
    assert len(telegram.made("getFile")) == 1


async def test_places_and_cards(telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk) -> None:
    person = telegram.person(LAN)
    async with polling(telegram, door):
        await person.sends_location(21.0278, 105.8342)
        await person.sends_venue(22.5, 103.96, "Nhà nghỉ Hoa", "Lào Cai")
        await person.sends_contact("Ông", "+84900000000", last="Trùm")
        await person.sends_contact("X", "113")
        await person.hears(4)
    assert [(i.place, i.text) for i in talk.heard[:2]] == [
        ((21.0278, 105.8342), ""),
        ((22.5, 103.96), "Nhà nghỉ Hoa, Lào Cai"),
    ]
    assert [i.contact for i in talk.heard[2:]] == [("Ông Trùm", "+84900000000"), ("X", "113")]


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_file_that_cannot_be_fetched_at_once_is_tried_again(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, way: str
) -> None:
    telegram.fault("getFile", status=502, times=2)
    telegram.fault("file", drop="before", times=2)
    async with polling(telegram, door) if way == "polling" else webhook(telegram, door):
        await telegram.person(LAN).sends_voice(b"OggS")
        await telegram.person(LAN).hears(1)
    assert [i.file for i in talk.heard] == [b"OggS"]


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


@pytest.fixture
def screens(door: Doorstep, tmp_path: Path) -> Screens:
    """What the house would hand to the channel."""
    clock = lambda: datetime.now(UTC)  # noqa: E731
    names = Pseudonyms(tmp_path / "keys" / "names.key", clock)
    return Screens(door.store, KeyRing(b"k" * 32), names, clock)


CLEAR = Reply("Đã xoá.", clears=True)


async def test_a_screen_is_cleared_of_both_sides_words(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, screens: Screens
) -> None:
    lan, mai = telegram.person(LAN), telegram.person(MAI)
    talk.answers.update(
        {"xoá": [Reply("Đang xoá"), CLEAR, Reply("Gọi 113 khi nguy hiểm.")], "dài": [Reply("x" * 9000)]}
    )
    async with polling(telegram, door, screens=screens):
        for said in (TEXT, "dài"):
            await lan.says(said)
            await mai.says(said)
        await lan.hears(4)
        await mai.hears(4)
        assert len(lan.screen) == 6
        await lan.says("xoá")
        await lan.hears(3)
    assert lan.screen == ["Đã xoá.", "Gọi 113 khi nguy hiểm."]
    assert len(mai.screen) == 6
    assert screens.take("telegram", str(LAN)) == []  # whoever had it cleared leaves no trace by it


async def test_what_is_too_old_stays_and_the_rest_goes(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, screens: Screens
) -> None:
    lan = telegram.person(LAN)
    talk.answers["xoá"] = [CLEAR]
    async with polling(telegram, door, screens=screens):
        await lan.says("một")
        await lan.hears(1)
        telegram.api.too_old.update(telegram.api.screens[str(LAN)])
        await lan.says("hai")
        await lan.hears(1)
        await lan.says("xoá")
        await lan.hears(1)
    assert lan.screen == ["một", "nghe: một", "Đã xoá."]


async def test_more_than_a_hundred_are_cleared(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, screens: Screens
) -> None:
    lan = telegram.person(LAN)
    talk.answers["xoá"] = [CLEAR]
    async with polling(telegram, door, screens=screens):
        await lan.says("một")
        await lan.hears(1)
        screens.note("telegram", str(LAN), range(10_000, 10_250))
        await lan.says("xoá")
        await lan.hears(1)
    assert lan.screen == ["Đã xoá."]
    assert [len(json.loads(call["message_ids"])) for call in telegram.made("deleteMessages")] == [100, 100, 53]


async def test_an_answer_comes_also_if_nothing_can_be_cleared(
    telegram: FakeTelegram, door: Doorstep, talk: MemoryTalk, screens: Screens
) -> None:
    talk.answers["xoá"] = [CLEAR]
    telegram.fault("deleteMessages", status=502, times=9)
    async with polling(telegram, door, screens=screens):
        await telegram.person(LAN).says("xoá")
        await telegram.person(LAN).hears(1)
    assert telegram.person(LAN).screen == ["xoá", "Đã xoá."]


async def test_somebody_is_told_without_having_said_anything(telegram: FakeTelegram, door: Doorstep) -> None:
    lan = telegram.person(LAN)
    async with polling(telegram, door) as channel:
        await channel.tell(lan.chat, [Reply("Có trả lời mới."), Reply("Hai.")])
        assert [h.text for h in await lan.hears(2)] == ["Có trả lời mới.", "Hai."]
        telegram.fault("sendMessage", status=502, times=3)
        with pytest.raises(NotSentError):
            await channel.tell(lan.chat, [Reply("x")])
        telegram.blocked.add(str(LAN))
        with pytest.raises(UnreachableError):
            await channel.tell(lan.chat, [Reply("x")])
        await lan.hears_nothing()
