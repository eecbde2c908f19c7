"""Who has the floor, what reaches the engine, what is kept; over real stores and services, with an engine that is a table."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.conversation import Conversation
from bot.inbound import Inbound
from content.reply import Reply
from db.citizen import Attempt, Talk, TipDraft
from lachan.first_start import first_accounts
from lachan.house import House
from lachan.settings import Settings
from nlu.engine import Meaning
from tests.kit.engine import TableEngine
from tests.kit.transcript import as_text
from tips.citizen.drafts import Draft
from tips.code import format_code, make_code


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Room:
    """A conversation and one person in it."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.engine = Clock(), TableEngine()
        self.house = House(Settings(data=folder, _env_file=None), now=self.clock)  # type: ignore[call-arg]
        self.house.__dict__["engine"] = self.engine  # the table instead of Rasa
        self.house.migrate()
        first_accounts(self.house)
        self.talk: Conversation = self.house.conversation

    async def says(self, text: str = "", channel: str = "web", sender: str = "anna", **more: object) -> str:
        inbound = Inbound(channel, sender, text=text, **more)  # type: ignore[arg-type]
        return as_text(await self.talk.hear(inbound))

    def row(self) -> Talk | None:
        with self.house.citizen.read() as session:
            return session.scalars(select(Talk)).first()

    def count(self, table: type) -> int:
        with self.house.citizen.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    room.engine.answers |= {
        "báo tin": [{"do": "tip"}],
        "đố vui": [{"do": "quiz"}],
        "xoá hết": [{"do": "delete_data"}],
        "english please": [{"do": "language"}],
        "tôi có mã": [{"do": "code"}],
        "hả": [{"miss": ["ask_law"]}, Reply("chưa rõ").to_dict()],
    }
    yield room
    room.house.close()


def _drafts(room: Room) -> list[Draft]:
    with room.house.citizen.read() as session:
        refs = session.scalars(select(TipDraft.ref)).all()
    return [draft for ref in refs if (draft := room.house.drafts.load(ref))]


async def test_looking_keeps_nothing(room: Room) -> None:
    assert "Lá Chắn" in as_text(room.talk.greeting("vi"))
    assert room.count(Talk) == 0


async def test_the_first_words_to_a_new_person_say_that_this_is_a_machine(room: Room) -> None:
    assert "chương trình máy" in await room.says("mua bán người", channel="telegram")
    assert "chương trình máy" not in await room.says("mua bán người", channel="telegram")


async def test_danger_is_answered_without_the_engine(room: Room) -> None:
    heard = await room.says("cứu em với em đang bị nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert room.engine.asked == []


async def test_a_broken_engine_is_told_with_numbers_and_danger_still_works(room: Room) -> None:
    room.engine.broken = True
    heard = await room.says("mua bán người là gì")
    assert "trục trặc" in heard
    assert "113" in heard
    assert "gọi 113 ngay" in await room.says("nó đang đánh em")


async def test_a_tip_stays_out_of_the_engine(room: Room) -> None:
    await room.says("báo tin")
    before = list(room.engine.asked)
    await room.says("ở nhà kia có người bị nhốt tuần trước")
    await room.says("Lạng Sơn")
    assert room.engine.asked == before


async def test_a_cry_that_only_the_engine_understands_marks_the_tip(room: Room) -> None:
    room.engine.meanings["xe dừng rồi, em có hai phút thôi"] = Meaning("emergency", 0.95)
    await room.says("báo tin")
    heard = await room.says("xe dừng rồi, em có hai phút thôi")
    assert heard.startswith("Nói được thì gọi 113")
    assert "Chuyện ở đâu" in heard


async def test_a_cry_before_the_tip_makes_it_urgent_and_says_why(room: Room) -> None:
    await room.says("cứu em, em đang bị nhốt")
    await room.says("báo tin")
    await room.says("nhà số 4, cửa xanh, họ giữ giấy tờ")
    (row,) = _drafts(room)
    assert row.danger and any("kêu cứu" in why for why in row.why)


async def test_who_did_not_cry_tells_a_calm_tip(room: Room) -> None:
    await room.says("báo tin")
    await room.says("nhà số 4, cửa xanh, họ giữ giấy tờ")
    (row,) = _drafts(room)
    assert not row.danger


async def test_a_tip_goes_on_when_the_engine_is_broken(room: Room) -> None:
    await room.says("báo tin")
    room.engine.broken = True
    assert "Chuyện ở đâu" in await room.says("có người bị dụ dỗ")


async def test_a_menu_button_inside_a_tip_answers_and_comes_back(room: Room) -> None:
    room.engine.answers["ask_hotline"] = [Reply("113 và 111").to_dict()]
    await room.says("báo tin")
    heard = await room.says(payload="say:ask_hotline")
    assert heard.startswith("113 và 111")
    assert "Chuyện gì đã xảy ra" in heard


@pytest.mark.parametrize("text", ["{code}", "mã của tôi đây {code}"])
async def test_a_code_never_reaches_the_engine(room: Room, text: str) -> None:
    await room.says(text.format(code=format_code(make_code())))
    assert room.engine.asked == []
    assert room.engine.read_texts == []


async def test_a_code_with_a_slip_does_not_reach_it_either(room: Room) -> None:
    code = make_code()
    wrong = str((int(code[0]) + 1) % 10) + code[1:]
    await room.says(format_code(wrong))
    assert room.engine.asked == []


async def test_a_photo_out_of_the_blue_is_kept_in_a_tip_that_is_not_sent(room: Room) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    heard = await room.says(file=out.getvalue())
    assert "chưa gửi cho ai" in heard
    assert "đã nhận ảnh" in heard
    assert room.count(TipDraft) == 1


@pytest.mark.parametrize(
    ("kind", "words"), [("kind", "viết bằng vài chữ"), ("too_big", "20 MB"), ("protected", "gọi 111")]
)
async def test_what_cannot_be_read_gets_a_clear_sentence(room: Room, kind: str, words: str) -> None:
    assert words in await room.says(channel="zalo", unsupported=kind)


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\u202e\u200b"])
async def test_nothing_to_read_gets_a_clear_sentence(room: Room, text: str) -> None:
    assert "chưa đọc được chữ nào" in await room.says(text)
    assert room.engine.asked == []


async def test_after_two_misses_there_is_a_person_to_call(room: Room) -> None:
    assert "chưa rõ" in await room.says("hả")
    second = await room.says("hả")
    assert "người thật" in second
    assert "Gọi 111" in second
    assert "chưa rõ" in await room.says("hả")


async def test_a_number_means_the_button_of_the_last_menu(room: Room) -> None:
    room.engine.answers["hai nút"] = [
        {
            "text": "chọn",
            "buttons": [{"title": "a", "payload": "say:ask_law"}, {"title": "b", "payload": "say:ask_penalty"}],
        }
    ]
    await room.says("hai nút", channel="zalo")
    assert "nghe: ask_penalty" in await room.says("2", channel="zalo")
    assert room.engine.asked[-1][1] == "ask_penalty"


async def test_after_an_hour_the_engine_knows_the_talk_under_another_name(room: Room) -> None:
    await room.says("chào")
    await room.says("chào")
    room.clock.time += timedelta(hours=2)
    await room.says("chào")
    names = [name for name, _ in room.engine.asked]
    assert names[0] == names[1] != names[2]


async def test_times_of_a_talk_are_coarse_and_idle_talks_are_forgotten(room: Room) -> None:
    await room.says("chào")
    row = room.row()
    assert row is not None
    assert row.seen_at.minute % 10 == 0
    assert "anna" not in repr(row.__dict__)
    room.clock.time += timedelta(days=31)
    assert room.house.talks.purge() == 1
    assert room.count(Talk) == 0


async def test_erasing_leaves_nothing_of_the_person(room: Room) -> None:
    await room.says("đố vui")
    await room.says("A")
    await room.says("báo tin")
    await room.says("có chuyện này")
    await room.says("huỷ")
    await room.says("có")
    assert room.count(Attempt) == 1
    assert "Mình đã xóa" in await room.says("xoá hết")
    assert room.count(Talk) == room.count(Attempt) == room.count(TipDraft) == 0
    assert room.engine.forgotten == [room.engine.asked[-1][0]]


async def test_a_language_is_changed_by_asking_for_it(room: Room) -> None:
    await room.says("chào bạn nhé")
    assert "English it is" in await room.says("english please")
    row = room.row()
    assert row is not None
    assert row.language == "en"


async def test_messages_of_one_person_are_taken_in_turn_and_of_two_side_by_side(room: Room) -> None:
    room.engine.slow = 0.05
    await asyncio.gather(*(room.says(f"chào {i}") for i in range(4)))
    assert room.engine.most_at_once == 1
    assert [text for _, text in room.engine.asked] == [f"chào {i}" for i in range(4)]
    await asyncio.gather(room.says("chào"), room.says("chào", sender="bình"))
    assert room.engine.most_at_once == 2


async def test_a_made_up_payload_leads_to_the_menu(room: Room) -> None:
    assert "Mình giúp bạn" in await room.says(payload="rm:-rf")
    assert await room.says(payload="quiz:a:999:0:0")
    assert await room.says(payload="more:no_such_topic")


async def test_waiting_for_a_code_is_no_trap(room: Room) -> None:
    assert "mã" in await room.says("tôi có mã")
    assert "nghe: mua bán người là gì" in await room.says("mua bán người là gì")


async def test_a_tip_survives_the_session_and_an_expired_one_lets_go(room: Room) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    room.clock.time += timedelta(hours=5)
    before = list(room.engine.asked)
    assert "khi nào" in await room.says("ở Lạng Sơn")
    assert room.engine.asked == before
    room.clock.time += timedelta(hours=30)
    room.house.drafts.purge(room.clock())
    assert "nghe: chào" in await room.says("chào")


async def test_a_code_in_the_middle_of_a_tip_comes_back_to_the_tip(room: Room) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    await room.says(payload="code:enter")
    heard = await room.says(payload="code:close")
    assert "Chuyện ở đâu" in heard
    before = list(room.engine.asked)
    await room.says("gần bến xe")
    assert room.engine.asked == before


async def test_a_quiz_inside_a_tip_waits_until_the_tip_is_told(room: Room) -> None:
    await room.says("báo tin")
    heard = await room.says(payload="quiz:start")
    assert "vẫn đang mở" in heard
    assert "Chuyện gì đã xảy ra" in heard
    assert room.count(Attempt) == 0


async def test_stop_inside_a_tip_is_the_tips_own_cancel(room: Room) -> None:
    room.engine.answers["stop"] = [{"do": "stop"}]
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    assert "muốn bỏ tin" in await room.says(payload="say:stop")


async def test_a_tip_keeps_its_lines(room: Room) -> None:
    await room.says("báo tin")
    await room.says("hai xe:\n29A-111.11\n30B-222.22")
    draft = next(iter([room.house.drafts.load(room.row().ref)]))  # type: ignore[union-attr]
    assert draft is not None
    assert "hai xe:\n29A-111.11\n30B-222.22" in draft.answers.values()


@pytest.mark.parametrize("text", ["1234 5678 9012 3456", "mã là 123-456-789-012-345-67 nha", "123456789012345678."])
async def test_what_may_be_meant_as_a_code_stays_out_of_the_engine(room: Room, text: str) -> None:
    await room.says(text)
    assert room.engine.asked == []
    assert room.engine.read_texts == []


async def test_a_caption_of_what_cannot_be_read_is_told(room: Room) -> None:
    await room.says("báo tin")
    heard = await room.says("xe tải biển 99Z chở người", unsupported="kind")
    assert "viết bằng vài chữ" in heard
    assert "Chuyện ở đâu" in heard
    assert (await room.says("cứu em, em đang bị nhốt", unsupported="kind")).startswith("Nói được thì gọi 113")


async def test_a_voice_note_inside_a_tip_asks_the_question_again(room: Room) -> None:
    await room.says("báo tin", channel="zalo")
    heard = await room.says(channel="zalo", unsupported="kind")
    assert "Chuyện gì đã xảy ra" in heard
    assert "Chuyện ở đâu" in await room.says("1", channel="zalo")


async def test_a_cry_is_answered_when_the_store_is_broken_and_the_rest_may_come_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, ref: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.talks.Talks.load", broken)
    heard = await room.says("cứu em với em đang bị nhốt")
    assert heard.startswith("Nói được thì gọi 113")
    assert "trục trặc" in heard
    with pytest.raises(OSError, match="disk full"):
        await room.says("mua bán người là gì")


async def test_a_code_is_shown_even_if_the_talk_cannot_be_kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    for _ in range(5):
        await room.says("bỏ qua")

    def broken(self: object, state: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.talks.Talks.save", broken)
    assert "Mã của bạn" in await room.says("gửi")


async def test_the_language_can_be_chosen_by_a_button(room: Room) -> None:
    room.engine.answers["change_language"] = [{"do": "language"}]
    heard = await room.says(payload="say:change_language")
    assert "<English>" in heard
    assert "English it is" in await room.says(payload="lang:en")


async def test_the_menu_is_not_readable_in_the_store(room: Room) -> None:
    await room.says("đố vui")
    row = room.row()
    assert row is not None
    assert b"quiz:" not in row.menu


async def test_a_code_is_shown_even_if_the_store_fails_right_after_the_deposit(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.says("báo tin")
    await room.says("có người dụ dỗ mấy cô gái")
    for _ in range(5):
        await room.says("bỏ qua")

    async def broken(self: object, turn: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.floors.Floors.settle_after", broken)
    assert "Mã của bạn" in await room.says("gửi")


async def test_a_code_typed_into_a_tip_is_not_even_read_by_the_engine(room: Room) -> None:
    await room.says("báo tin")
    assert "có một mã" in await room.says(format_code(make_code()))
    assert room.engine.read_texts == []


async def test_what_is_not_understood_goes_to_the_editors_and_a_tip_never_does(room: Room) -> None:
    room.engine.answers["thế còn bên đó thì người ta làm sao"] = [{"miss": ["ask_law"]}, Reply("chưa rõ").to_dict()]
    await room.says("thế còn bên đó thì người ta làm sao")
    await room.says("báo tin")
    await room.says("thế còn bên đó thì người ta làm sao")
    assert [(m.text, m.times, m.readings) for m in room.house.misses.listed()] == [
        ("thế còn bên đó thì người ta làm sao", 1, ("ask_law",))
    ]
