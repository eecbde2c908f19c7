"""The Zalo door when something goes wrong: strangers, copies, limits, bad lines, careless logs."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import Any

import httpx
import pytest

from bot.channels.quiet import ChannelError
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_api import ZaloBot, ZaloError
from content.reply import Reply
from tests.kit.doors import SECRET, on_zalo, zalo_channel
from tests.kit.fake_zalo import FakeZalo
from tests.kit.memory import Doorstep, MemoryTalk
from tests.kit.people import until

LAN, MAI = "6ede9afa66b88fe6d6a9", "7fdf0bcb77c99af7e7b0"
TEXT = "có người rủ tôi sang Campuchia làm việc nhẹ"


async def test_the_webhook_lets_nobody_else_in(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    async with on_zalo(zalo, door) as url:
        body = zalo.person(LAN).event("text", text="lén vào")
        assert await zalo.push(body, secret="wrong") == 403
        assert await zalo.push(body, secret=None) == 403
        assert await zalo.push(body, secret=None, **{"X-Telegram-Bot-Api-Secret-Token": SECRET}) == 403
        assert await zalo.push(b"{not json", secret="wrong") == 403
        assert await zalo.push(b"{not json") == 400
        assert await zalo.push([body]) == 400
        assert await zalo.push(body, **{"Content-Type": "application/x-www-form-urlencoded"}) == 415
        assert await zalo.push(b'"' + b"x" * 1_000_000) == 413
        async with httpx.AsyncClient() as client:
            assert (
                await client.get(f"{url}/hooks/zalo", headers={"X-Bot-Api-Secret-Token": SECRET})
            ).status_code == 405
        assert talk.heard == []
        assert await zalo.push(body) == 200
        await zalo.person(LAN).hears(1)
    assert len(talk.heard) == 1


async def test_an_event_that_comes_five_times_counts_once(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    talk.slow["năm lần"] = 0.1
    body = zalo.person(LAN).event("text", text="năm lần")
    async with on_zalo(zalo, door):
        statuses = await asyncio.gather(*(zalo.push(body) for _ in range(4)))
        statuses.append(await zalo.push(body))
        await zalo.person(LAN).hears(1)
        await zalo.person(LAN).hears_nothing(0.1)
    assert statuses == [200] * 5
    assert len(talk.heard) == 1


@pytest.mark.parametrize("fault", [{"code": 429}, {"status": 429}])
async def test_over_the_quota_it_waits_and_goes_on(zalo: FakeZalo, door: Doorstep, fault: dict[str, int]) -> None:
    zalo.fault("sendMessage", times=2, **fault)
    async with on_zalo(zalo, door):
        await zalo.person(LAN).says("chào")
        await zalo.person(LAN).hears(1)


async def test_the_back_off_is_that_of_the_platform() -> None:
    assert ZaloBot("t")._back_off == (1, 2, 4, 8, 16, 30)


@pytest.mark.parametrize("fault", [{"code": 403}, {"code": 400}, {"status": 500}])
async def test_ok_false_is_a_failure(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk, caplog: pytest.LogCaptureFixture, fault: dict[str, int]
) -> None:
    talk.answers["hai"] = [Reply("một"), Reply("hai")]
    zalo.fault("sendMessage", **fault)
    lan, (code,) = zalo.person(LAN), fault.values()
    async with on_zalo(zalo, door):
        assert await lan.says("hai") == 200
        await lan.says("sau")
        assert await until(lambda: lan.heard and lan.heard[-1].text.startswith("nghe: sau"))
    assert f"a message was not sent: sendMessage: {code}" in caplog.text
    # 400: the rest makes no sense without it; 403: again, all of it; 500: it may have arrived.
    assert [h.text for h in lan.heard[:-1]] == {400: [], 403: ["một", "hai"], 500: ["hai"]}[code]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"delay": 0.8}])
async def test_nothing_is_sent_twice_if_it_may_have_arrived(
    zalo: FakeZalo, door: Doorstep, fault: dict[str, Any]
) -> None:
    zalo.fault("sendMessage", **fault)
    async with on_zalo(zalo, door):
        assert await zalo.person(LAN).says("chào") == 200
        await until(lambda: zalo.person(LAN).heard, 0.3 if fault.get("drop") else 3)
        await asyncio.sleep(0.1)  # a second copy would come now
    assert len(zalo.person(LAN).heard) == (0 if fault.get("drop") == "before" else 1)


async def test_what_fails_is_tried_again_and_in_the_end_excused(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk
) -> None:
    person = zalo.person(LAN)
    talk.fails.update({"hai lần": 2, "mãi": 100})
    async with on_zalo(zalo, door):
        assert await person.says("hai lần") == 200
        assert (await person.hears(1))[0].text.startswith("nghe: hai lần")
        assert await person.says("mãi") == 200
        assert "113" in (await person.hears(1))[0].text
        assert await person.says("sau đó") == 200
        await person.hears(1)
    assert talk.fails["mãi"] == 90


async def test_a_part_that_was_sent_is_not_sent_again(zalo: FakeZalo, door: Doorstep, talk: MemoryTalk) -> None:
    lan = zalo.person(LAN)
    talk.answers["dài"] = [Reply("Một câu. " * 300, note="nhỏ"), Reply("Xong.")]
    async with on_zalo(zalo, door):
        zalo.fault("sendMessage", delay=0.01)
        zalo.fault("sendMessage", code=401)
        await lan.says("dài")
        heard = await lan.hears(3)
        await lan.hears_nothing()
    assert [h.text[:6] for h in heard] == ["(1/2) ", "(2/2) ", "Xong."]


async def test_what_was_not_answered_when_it_stopped_is_at_the_next_start(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk
) -> None:
    lan = zalo.person(LAN)
    talk.fails["hỏng"], talk.answers["gửi"] = 100, [Reply("Mã của bạn: 1234")]
    channel = zalo_channel(zalo, door, "https://bot.example", hearing_pauses=(60.0,) * 9)
    await channel.start()
    zalo.fault("sendMessage", code=401)
    await channel._pushed(zalo.person(MAI).event("text", text="gửi"))
    for said in ("hỏng", "sau"):
        await channel._pushed(lan.event("text", text=said))
    await until(lambda: talk.fails["hỏng"] == 99 and len(talk.heard) == 1 and not zalo._faults._waiting["sendMessage"])
    await channel.stop()
    talk.fails.clear()
    async with on_zalo(zalo, door):
        assert [h.text.split("\n")[0] for h in await lan.hears(2)] == ["nghe: hỏng", "nghe: sau"]
        assert [h.text for h in await zalo.person(MAI).hears(1)] == ["Mã của bạn: 1234"]
    assert [i.text for i in talk.heard].count("gửi") == 1


async def test_the_webhook_is_set_when_zalo_can_be_reached(zalo: FakeZalo, door: Doorstep) -> None:
    zalo.fault("getMe", times=2, status=500)
    zalo.fault("setWebhook", code=403)
    async with on_zalo(zalo, door):
        await until(lambda: zalo.webhook)
        await zalo.person(LAN).says("chào")
        await zalo.person(LAN).hears(1)


async def test_settings_that_cannot_work_are_said_clearly(zalo: FakeZalo, door: Doorstep) -> None:
    parts = (door.talk, door.updates, door.library)
    with pytest.raises(ChannelError, match="LACHAN_ZALO_WEBHOOK"):
        ZaloChannel(zalo.token, *parts)
    with pytest.raises(ChannelError, match="8 to 256"):
        ZaloChannel(zalo.token, *parts, secret="short")
    wrong = ZaloChannel("999:wrong-token", *parts, base_url=zalo.url, webhook_url="https://bot.example/hooks/zalo")
    with pytest.raises(ChannelError, match="Zalo Bot Creator") as caught:
        await wrong.start()
    assert "wrong-token" not in "".join(traceback.format_exception(caught.value))


async def test_no_address_is_in_an_error(zalo: FakeZalo) -> None:
    gone = ZaloBot("999:the-token", "http://127.0.0.1:1", back_off=())
    with pytest.raises(ZaloError) as caught:
        await gone.get_me()
    await gone.close()
    link: BaseException | None = caught.value
    while link is not None:
        assert "the-token" not in "".join(traceback.format_exception(link)) + repr(link)
        link = link.__context__


async def test_no_log_line_has_the_token_an_id_or_a_word(
    zalo: FakeZalo, door: Doorstep, talk: MemoryTalk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = zalo.person(LAN)
    talk.fails[TEXT] = 100
    zalo.fault("sendMessage", code=429)
    async with on_zalo(zalo, door):
        await person.says(TEXT)
        await person.hears(1)
        zalo.fault("sendMessage", drop="before")
        await person.says("bí mật")
        await person.sends_photo(b"x", "bí mật")
        await person.sends_picture_at("https://evil.example/bi-mat.jpg")
        await person.hears(2)
    logged = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text} {r.exc_info}" for r in caplog.records)
    assert "could not be answered" in logged
    assert "was not sent" in logged
    for secret in (zalo.token, zalo.token.split(":")[1], LAN, TEXT, "bí mật", "bi-mat"):
        assert secret not in logged
