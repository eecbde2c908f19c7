"""The Zalo door against a Zalo Bot server on loopback, over real HTTP: what people do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.channels import NotSentError, UnreachableError, desk
from bot.channels.zalo import event
from bot.channels.zalo_api import PictureRefusedError, ZaloBot
from bot.inbound import Inbound
from content.reply import Button, Call, Reply
from tests.kit.doors import SECRET, on_zalo, zalo_channel
from tests.kit.fake_zalo import FakeZalo
from tests.kit.memory import Doorstep, MemoryTalk

LAN, MAI = "6ede9afa66b88fe6d6a9", "7fdf0bcb77c99af7e7b0"
TEXT = "có người rủ tôi sang Campuchia làm việc nhẹ"


async def test_a_talk(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    async with on_zalo(zalo, door) as url:
        assert zalo.webhook == {"url": f"{url}/hooks/zalo", "secret_token": SECRET}
        person = zalo.person(LAN)
        assert await person.says(TEXT) == 200
        (heard,) = await person.hears(1)
        assert heard.text == f"nghe: {TEXT}\n\nTrả lời 1, 2 để chọn:\n1. Tiếp\n2. Danh mục"
        assert heard.raw == {"chat_id": LAN, "text": heard.text}
        await person.taps("Danh mục")
        await person.hears(1)
    bare = [replace(inbound, once="") for inbound in talk.heard]
    assert bare == [Inbound("zalo", LAN, text=TEXT), Inbound("zalo", LAN, text="2")]


@pytest.mark.parametrize("field", ["photo", "photo_url"])
async def test_a_picture(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk, field: str) -> None:
    async with on_zalo(zalo, door):
        await zalo.person(LAN).sends_photo(b"\xff\xd8 picture", "biển số xe", field)
        (heard,) = await zalo.person(LAN).hears(1)
    assert heard.text == "ảnh 10 byte: biển số xe"
    (inbound,) = talk.heard
    assert (inbound.text, inbound.file) == ("biển số xe", b"\xff\xd8 picture")


async def test_a_voice_note(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    async with on_zalo(zalo, door):
        zalo.fault("picture", status=503)
        await zalo.person(LAN).sends_voice(b"\xff\xf1 voice")
        await zalo.person(LAN).sends_voice(b"x" * (20 * 1024 * 1024 + 1))
        await zalo.person(LAN).hears(2)
    assert [(i.file, i.unsupported) for i in talk.heard] == [(b"\xff\xf1 voice", ""), (b"", "too_big")]


async def test_what_cannot_be_read(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    person = zalo.person(LAN)
    async with on_zalo(zalo, door):
        await person.sends_sticker()
        await person.writes_protected()
        await person.sends_photo(b"x" * (20 * 1024 * 1024 + 1))
        await zalo.deliver(person.event("image"))
        await zalo.deliver(person.event("text", text="  "))
        await zalo.deliver(person.event("voice", voice_url="https://evil.example/v.aac"))
        await person.hears(6)
    assert [i.unsupported for i in talk.heard] == ["kind", "protected", "too_big", "kind", "kind", "kind"]
    assert set(zalo.statuses) == {200}


async def test_what_is_not_answered(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    person = zalo.person(LAN)
    async with on_zalo(zalo, door):
        from_bot = person.event("text", text="vọng lại")
        from_bot["result"]["message"]["from"]["is_bot"] = True
        for body in (
            person.event("text", chat_type="GROUP", text="chào cả xóm"),
            person.event("poll", question="?"),
            from_bot,
            {"ok": True},
            {"ok": True, "result": [1]},
            {"ok": True, "result": {"event_name": 5, "message": {"chat": "x"}}},
        ):
            assert await zalo.push(body) == 200
        await person.hears_nothing(0.1)
    assert talk.heard == []


async def test_an_event_without_an_id_is_heard_all_the_same(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    body = zalo.person(LAN).event("unsupported")
    del body["result"]["message"]["message_id"]
    async with on_zalo(zalo, door):
        await zalo.push(body)
        await zalo.push(body)
        await zalo.person(LAN).hears(1)
        await zalo.person(LAN).hears_nothing()
    assert [i.unsupported for i in talk.heard] == ["protected"]


async def test_one_persons_messages_in_order_others_meanwhile(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    lan, mai = zalo.person(LAN), zalo.person(MAI)
    talk.slow["một"] = 0.6
    async with on_zalo(zalo, door):
        tasks = []
        for person, text in ((lan, "một"), (lan, "hai"), (mai, "của Mai"), (lan, "ba")):
            tasks.append(asyncio.create_task(person.says(text)))
            await asyncio.sleep(0.03)
        (of_mai,) = await mai.hears(1)
        of_lan = await lan.hears(3)
        await asyncio.gather(*tasks)
    assert [i.text for i in talk.heard if i.sender == LAN] == ["một", "hai", "ba"]
    assert of_mai.at < of_lan[0].at - 0.2


async def test_a_long_reply_is_cut_and_all_of_it_is_text(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    calls = (Call("Gọi 113", number="113"), Call("Look it up", url="https://dolab.vn"))
    talk.answers["dài"] = [
        Reply("A sentence that is not short. " * 100, note="small", calls=calls, buttons=(Button("Menu", "say:help"),)),
        Reply("Xong."),
    ]
    async with on_zalo(zalo, door):
        await zalo.person(LAN).says("dài")
        heard = await zalo.person(LAN).hears(3)
    assert heard[0].text.startswith("(1/2) A sentence")
    assert heard[1].text.endswith("— small\n\n☎ Gọi 113\nLook it up: https://dolab.vn\n\nReply 1 to choose:\n1. Menu")
    assert heard[2].text == "Xong."


async def test_slow_answers_show_that_somebody_is_typing(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.05)
    talk.slow["chậm"] = 0.2
    async with on_zalo(zalo, door):
        await zalo.person(LAN).says("chậm")
        await zalo.person(LAN).hears(1)
    assert zalo.made("sendChatAction") == [{"chat_id": LAN, "action": "typing"}]


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "before"}])
async def test_a_picture_that_is_not_there_at_once(zalo: FakeZalo, door: Doorstep, fault: dict[str, Any]) -> None:
    zalo.fault("picture", **fault)
    async with on_zalo(zalo, door):
        await zalo.person(LAN).sends_photo(b"x")
        assert (await zalo.person(LAN).hears(1))[0].text == "ảnh 1 byte:"


ELSEWHERE = [
    "http://photo.zdn.vn/a.jpg",
    "https://evil.example/a.jpg",
    "https://evilzdn.vn/a.jpg",
    "https://zdn.vn.evil.example/a.jpg",
    "https://zdn.vn@evil.example/a.jpg",
    "https://photo.zdn.vn:8443/a.jpg",
    "https://127.0.0.1/a.jpg",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "/etc/passwd",
    "",
]


@pytest.mark.parametrize("url", ELSEWHERE)
async def test_pictures_are_fetched_from_nowhere_else(url: str) -> None:
    bot = ZaloBot("t")
    with pytest.raises(PictureRefusedError):
        await bot.picture(url)
    await bot.close()


async def test_a_picture_host_by_itself_and_below_it_is_allowed() -> None:
    bot = ZaloBot("t", picture_hosts=[".zdn.vn"])
    bot._refuse_elsewhere("https://zdn.vn/a.jpg")
    bot._refuse_elsewhere("https://f1-photo.ZDN.vn/a.jpg")
    await bot.close()
    bot = ZaloBot("t", picture_hosts=["http://10.0.0.1:80"])  # a whole origin counts on loopback only
    with pytest.raises(PictureRefusedError):
        await bot.picture("http://10.0.0.1:80/a.jpg")
    await bot.close()


async def test_a_picture_is_not_followed_out_of_the_allowed_hosts(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.pictures.update({"in.jpg": f"{zalo.url}/pictures/real.jpg", "real.jpg": b"real"})
    zalo.pictures.update({"out.jpg": "http://192.0.2.1/secret.jpg", "round.jpg": f"{zalo.url}/pictures/round.jpg"})
    async with on_zalo(zalo, door):
        await zalo.person(LAN).sends_picture_at(f"{zalo.url}/pictures/in.jpg")
        await zalo.person(LAN).sends_picture_at(f"{zalo.url}/pictures/out.jpg")
        await zalo.person(LAN).hears(2)
        await zalo.person(LAN).sends_picture_at(f"{zalo.url}/pictures/round.jpg")
        assert "113" in (await zalo.person(LAN).hears(1))[0].text
    assert [i.file or i.unsupported for i in talk.heard] == [b"real", "kind"]
    assert "http://192.0.2.1, which is not among the hosts" in caplog.text


async def test_the_fake_gives_updates_one_at_a_time_to_who_asks(zalo: FakeZalo) -> None:
    await zalo.person(LAN).says("chào")
    async with httpx.AsyncClient() as client:
        address = f"{zalo.url}/bot{zalo.token}/getUpdates"
        first = (await client.post(address, json={"timeout": 1})).json()
        assert event(first) == event({"result": first["result"]})
        assert first["result"]["message"]["text"] == "chào"
        nothing = await client.post(address, json={"timeout": 0})
    assert (nothing.status_code, nothing.json()["error_code"]) == (200, 408)


async def test_somebody_is_told_without_having_said_anything(zalo: FakeZalo, door: Doorstep) -> None:
    lan = zalo.person(LAN)
    channel = zalo_channel(zalo, door, "https://bot.example")
    await channel.tell(LAN, [Reply("Có trả lời mới."), Reply("Hai.")])
    assert [h.text for h in await lan.hears(2)] == ["Có trả lời mới.", "Hai."]
    for code, error in ((429, NotSentError), (401, NotSentError), (400, UnreachableError)):
        zalo.fault("sendMessage", code=code, times=4 if code == 429 else 1)
        with pytest.raises(error):
            await channel.tell(LAN, [Reply("x")])
    await channel.stop()
    await lan.hears_nothing()
