"""A guided talk beside danger, old buttons, other guided talks, numbers that look like a code, and the hour that ends it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.inbound import Inbound
from bot.talks import State
from bot.turn import Floor
from db.citizen import Handover, Organiser, Talk
from guides.company.importing import read_companies
from lachan.companies import SHIPPED_SAMPLE
from nlu.engine import Meaning
from tests.bot.room import Room


def state(room: Room) -> State:
    row = room.row()
    assert row is not None
    return room.talk.talks.load(row.ref)


def with_companies(room: Room) -> str:
    """Imports the sample; a name in it."""
    entries = read_companies(SHIPPED_SAMPLE, date(2026, 11, 1)).entries
    room.house.companies.replace(entries, "Bảng mẫu", date(2026, 11, 1), sample=True)
    return entries[0].name


def with_union(room: Room) -> None:
    with room.house.citizen.begin() as session:
        session.add(Organiser(login="hoi", group_name="Hội", password_hash="-", created_at=room.clock()))


async def test_a_cry_that_names_a_company_gets_the_numbers_and_not_its_entry(room: Room) -> None:
    name = with_companies(room)
    await room.says(payload="guide:company")
    heard = await room.says(f"cứu em với em đang bị {name} nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert name not in heard


async def test_a_cry_that_only_the_engine_hears_is_no_name_of_a_company(room: Room) -> None:
    with_companies(room)
    room.engine.meanings["they took me away"] = Meaning("emergency", 0.99)
    await room.says(payload="guide:company")
    assert (await room.says("they took me away")).startswith("Nói được thì gọi 113")
    assert state(room).floor == Floor.NONE


async def test_an_old_button_of_another_guide_takes_no_answers_away(room: Room) -> None:
    await room.says(payload="guide:relative")
    await room.says("chị gái em, 19 tuổi")
    waiting = state(room).guide
    heard = await room.says(payload="guide:offer:why:gone")
    assert "Nút này đã cũ" in heard
    assert "Lần cuối bạn biết, người ấy ở đâu" in heard  # the question that waits, once more
    assert waiting is not None and state(room).guide == waiting


async def test_an_answer_beside_a_guide_asks_on_once(room: Room) -> None:
    name = with_companies(room)
    said = f"công ty {name} có giấy phép không?"
    room.engine.answers[said] = [{"do": "company"}]
    await room.says(payload="guide:relative")
    await room.says("chị gái em, 19 tuổi")
    heard = await room.says(said)
    assert name in heard
    assert heard.count("Lần cuối bạn biết, người ấy ở đâu") == 1


async def test_another_guide_that_begins_asks_once(room: Room) -> None:
    room.engine.answers["kiểm tra công việc này giúp em?"] = [{"do": "offer"}]
    with_companies(room)
    await room.says(payload="guide:company")
    replies = await room.talk.hear(Inbound("web", "anna", text="kiểm tra công việc này giúp em?"))
    assert len({reply.text for reply in replies}) == len(replies)
    assert replies[-1].buttons
    guide = state(room).guide
    assert guide is not None and guide.name == "offer"


async def test_two_telephone_numbers_are_an_answer_and_no_code(room: Room) -> None:
    with_union(room)
    await room.says(payload="guide:handover")
    for rest in ("w:loan", "p:lao-cai", "skip:commune"):
        await room.says(payload=f"guide:handover:{rest}")
    await room.says("0912345678, 0987654321")
    found = state(room)
    assert found.floor == Floor.GUIDE
    assert found.guide is not None and "0912345678" in found.guide.kept["reach"].replace(" ", "")


async def test_what_nobody_kept_is_over_and_follow_ups_are_heard_again(room: Room) -> None:
    await room.says(payload="guide:relative")
    room.clock.time += timedelta(hours=2)
    await room.says("xin chào")
    assert state(room).floor == Floor.NONE


async def test_what_a_guide_remembers_is_wiped_after_an_hour(room: Room) -> None:
    await room.says(payload="guide:relative")
    await room.says("chị gái em, 19 tuổi")
    room.clock.time += timedelta(minutes=50)
    assert room.house.talks.wipe() == 0
    room.clock.time += timedelta(minutes=30)
    assert room.house.talks.wipe() == 1
    with room.house.citizen.read() as session:
        assert session.scalar(select(Talk.menu)) == b""
    assert room.house.talks.wipe() == 0
    assert await room.says("xin chào")


async def test_a_guide_leaves_an_unsent_tip_behind_a_code_where_it_is(room: Room) -> None:
    await room.says("báo tin")
    await room.says("thấy xe lạ chở người qua suối")
    await room.says("tôi có mã")
    await room.says(payload="code:enter")
    assert state(room).floor == Floor.CODE
    await room.says(payload="guide:relative")
    assert state(room).floor == Floor.TIP


async def test_a_yes_that_comes_again_after_a_fall_is_one_wish(room: Room) -> None:
    with_union(room)
    await room.says(payload="guide:handover")
    for rest in ("w:loan", "p:lao-cai", "skip:commune"):
        await room.says(payload=f"guide:handover:{rest}")
    await room.says("0912345678")
    await room.says(payload="guide:handover:t:any")
    before = state(room)
    (yes,) = [payload for payload in before.menu if ":yes:" in payload]
    await room.says(payload=yes)
    room.talk.talks.save(before)  # the process fell before it could keep how the talk goes on
    assert "withdraw" in str((await room.talk.hear(Inbound("web", "anna", payload=yes)))[-1].buttons)
    assert room.count(Handover) == 1


async def test_where_no_tip_can_be_taken_that_is_said_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.talk.floors.tips, "_is_open", lambda: False)
    await room.says(payload="guide:relative")
    await room.says("chị gái em, 19 tuổi")
    assert (await room.says(payload="guide:relative:tip")).count("tạm nghỉ") == 1


async def test_the_way_back_to_the_menu_leaves_a_guide_and_another_topic_does_not(room: Room) -> None:
    await room.says(payload="guide:relative")
    heard = await room.says(payload="say:ask_hotline")
    assert heard.rstrip().endswith("<Bỏ qua>")
    await room.says(payload="say:help")
    assert "nghe: con trai" in await room.says("con trai")
