"""The dropbox over the wire: real TLS, the real police's store behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from db.citizen import Duty, OutboxTip
from db.police import Grant, Message, Officer, OriginalShare, Part, Tip, Unit
from lachan.certificates import Folders
from tests.intake.kit import (
    BotMachine,
    Clock,
    PoliceMachine,
    a_part,
    a_tip,
    add_officer,
    bot_machine,
    closing,
    count,
    tip_ids,
)
from tips.citizen.courier import Away
from tips.citizen.remote import OnItsWay, RemoteDropbox
from tips.citizen.sealing import seal_original_for
from tips.dropbox import DropboxError, NobodyOnDuty, PositionTaken, SealedMessage, TipAddress, UnknownTip
from tips.envelope import Kind, Label, new_id, open_inner, open_original, open_piece, open_tip_key, peel


def delivered(bot: BotMachine) -> None:
    """Until the outbox is empty: a nudge's thread may be at it already."""
    for _ in range(400):
        bot.dropbox.courier.run_once()
        if not bot.outbox.count():
            return
    raise AssertionError("the outbox is not empty")


def test_recipients_are_those_of_the_police_store(bot: BotMachine, police: PoliceMachine) -> None:
    assert bot.dropbox.recipients() == police.dropbox.recipients()


def test_a_tip_arrives_whole_and_opens(bot: BotMachine, police: PoliceMachine) -> None:
    officer = add_officer(police.store, "minh")
    recipients = bot.dropbox.recipients()
    tip = a_tip(recipients, "Chuyện".encode(), danger=True)
    bot.dropbox.deposit(tip)
    delivered(bot)
    with police.store.read() as session:
        row = session.scalars(select(Tip)).one()
        part = session.scalars(select(Part)).one()
        grant = session.scalars(select(Grant).where(Grant.officer_id == recipients[1].officer_id)).one()
    assert (row.id, row.danger, row.lookup, row.reply_key, row.lane) == (tip.id, True, tip.lookup, tip.reply_key, "")
    keys = open_tip_key(grant.sealed_key, officer, row.tip_key)
    label = Label(tip.id, part.id, Kind.REPORT, 0)
    assert open_piece(part.sealed_key, part.body, label, keys) == "Chuyện".encode()


def test_the_same_tip_again_is_one_tip(bot: BotMachine, police: PoliceMachine) -> None:
    tip = a_tip(bot.dropbox.recipients())
    for _ in range(3):
        bot.dropbox.deposit(tip)
        delivered(bot)
    assert tip_ids(police.store) == [tip.id]


def test_find_and_add(bot: BotMachine, police: PoliceMachine) -> None:
    tip = a_tip(bot.dropbox.recipients())
    assert bot.dropbox.find(tip.lookup) is None
    part = a_part(tip.id, tip.tip_key, 1)
    with pytest.raises(UnknownTip):
        bot.dropbox.add(part)
    police.dropbox.deposit(tip)
    assert bot.dropbox.find(tip.lookup) == TipAddress(tip.id, tip.tip_key, 1, tuple(police.dropbox.recipients()))
    bot.dropbox.add(part, danger=True)
    bot.dropbox.add(part, danger=True)
    with pytest.raises(PositionTaken):
        bot.dropbox.add(a_part(tip.id, tip.tip_key, 1))
    assert bot.dropbox.find(tip.lookup) == TipAddress(tip.id, tip.tip_key, 2, tuple(police.dropbox.recipients()))
    with police.store.read() as session:
        assert session.scalars(select(Tip.danger)).one()
        assert [p.id for p in session.scalars(select(Part).where(Part.kind == "addition"))] == [part.id]


def test_an_original_is_added_for_two_officers(bot: BotMachine, police: PoliceMachine) -> None:
    minh, thu = (add_officer(police.store, login) for login in ("minh", "thu"))
    tip = a_tip(bot.dropbox.recipients())
    police.dropbox.deposit(tip)
    found = bot.dropbox.find(tip.lookup)
    assert found and found.officers == tuple(bot.dropbox.recipients())
    clean = a_part(tip.id, tip.tip_key, found.next_position, kind=Kind.FILE)
    original = seal_original_for(clean, b"as it came", found.officers, found.next_position + 1)
    for part in (clean, original, original):
        bot.dropbox.add(part)
    by_key = {one.public_key: one.officer_id for one in found.officers}
    with police.store.read() as session:
        kept = session.get_one(Part, original.id)
        share = session.get_one(OriginalShare, (original.id, by_key[minh.public], by_key[thu.public]))
    label = Label(tip.id, original.id, Kind.ORIGINAL, original.position)
    assert open_original(kept.body, label, open_inner(peel(share.sealed, minh), thu)) == b"as it came"
    assert (kept.clean_id, kept.sealed_key) == (clean.id, b"")


def test_answers_and_their_counts(bot: BotMachine, police: PoliceMachine) -> None:
    tips = [a_tip(bot.dropbox.recipients()) for _ in range(2)]
    for tip in tips:
        police.dropbox.deposit(tip)
    hour = datetime(2026, 11, 24, 9, tzinfo=UTC)
    sent = SealedMessage(new_id(), tips[0].id, hour, b"k" * 80, b"body")
    with police.store.begin() as session:
        officer = session.scalars(select(Officer.id)).first()
        session.add(
            Message(
                id=sent.id,
                tip_id=sent.tip_id,
                officer_id=officer,
                sent_hour=hour,
                key_for_citizen=sent.key_for_citizen,
                key_for_tip=b"t" * 80,
                body=sent.body,
            )
        )
    assert bot.dropbox.answers(tips[0].lookup) == [sent]
    assert bot.dropbox.answers(tips[1].lookup) == bot.dropbox.answers(b"x" * 32) == []
    assert bot.dropbox.count_answers([t.lookup for t in tips] + [b"x" * 32]) == [1, 0, 0]
    many = [bytes([n % 251, n // 251]) * 16 for n in range(2500)]  # more than one message carries
    assert bot.dropbox.count_answers([*many, tips[0].lookup]) == [0] * 2500 + [1]


def test_nobody_on_duty_is_the_police_s_word(bot: BotMachine, police: PoliceMachine) -> None:
    bot.dropbox.recipients()
    with police.store.begin() as session:
        session.execute(update(Unit).values(on_duty=False))
    with pytest.raises(NobodyOnDuty):  # although there are kept ones
        bot.dropbox.recipients()


def test_kept_recipients_serve_for_seven_days(
    bot: BotMachine, police: PoliceMachine, clock: Clock, tmp_path: Path, certificates: Folders
) -> None:
    with pytest.raises(Away), closing(bot_machine(tmp_path, "https://127.0.0.1:9", certificates.bot, clock)) as early:
        early.dropbox.recipients()
    named = bot.dropbox.recipients()
    police.stop()
    clock.move(days=6, hours=23)
    with closing(bot_machine(tmp_path, police.url, certificates.bot, clock)) as restarted:
        assert restarted.dropbox.recipients() == bot.dropbox.recipients() == named
        clock.move(hours=2)
        with pytest.raises(Away):
            restarted.dropbox.recipients()


def test_what_is_kept_of_the_police_is_sealed_and_has_no_minute(bot: BotMachine, police: PoliceMachine) -> None:
    keys = [recipient.public_key for recipient in bot.dropbox.recipients()]
    with bot.store.read() as session:
        row = session.scalars(select(Duty)).one()
    assert keys and not any(key in row.recipients for key in keys)
    assert (row.asked_at.hour, row.asked_at.minute, row.asked_at.second) == (7, 0, 0)


def test_kept_recipients_that_were_changed_are_none(bot: BotMachine, police: PoliceMachine) -> None:
    bot.dropbox.recipients()
    police.stop()
    with bot.store.begin() as session:
        row = session.scalars(select(Duty)).one()
        row.recipients = row.recipients[:-1] + bytes([row.recipients[-1] ^ 1])
    with pytest.raises(Away):
        bot.dropbox.recipients()


def test_a_code_whose_tip_is_on_its_way(bot: BotMachine, police: PoliceMachine, clock: Clock) -> None:
    tip = a_tip(bot.dropbox.recipients())
    police.stop()
    bot.dropbox.deposit(tip)
    with pytest.raises(OnItsWay):
        bot.dropbox.find(tip.lookup)
    with pytest.raises(Away):
        bot.dropbox.find(b"x" * 32)
    police.start()
    bot.outbox.put(waiting := a_tip(police.dropbox.recipients()))  # the machine is there and does not know it yet
    with pytest.raises(OnItsWay):
        bot.dropbox.find(waiting.lookup)
    clock.move(hours=1)
    delivered(bot)
    assert bot.dropbox.find(tip.lookup) == TipAddress(tip.id, tip.tip_key, 1, tuple(police.dropbox.recipients()))
    assert bot.dropbox.find(b"x" * 32) is None


def test_everything_else_says_that_the_machine_is_away(bot: BotMachine, police: PoliceMachine) -> None:
    tip = a_tip(bot.dropbox.recipients())
    police.stop()
    for ask in (
        lambda: bot.dropbox.add(a_part(tip.id, tip.tip_key, 1)),
        lambda: bot.dropbox.answers(tip.lookup),
        lambda: bot.dropbox.count_answers([tip.lookup]),
    ):
        with pytest.raises(Away) as caught:
            ask()
        assert str(caught.value).startswith("the police's machine cannot be reached: ")


def test_a_tip_that_the_store_refuses_waits_and_holds_up_no_other(
    bot: BotMachine, police: PoliceMachine, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    good = a_tip(bot.dropbox.recipients())
    poison = replace(a_tip(bot.dropbox.recipients()), lookup=good.lookup)
    police.dropbox.deposit(good)
    other = a_tip(bot.dropbox.recipients())
    for tip in (poison, other):
        bot.outbox.put(tip)
    bot.dropbox.courier.run_once()
    assert set(tip_ids(police.store)) == {good.id, other.id}
    assert bot.outbox.count() == 1
    assert poison.id not in caplog.text and poison.lookup.hex() not in caplog.text


def test_a_part_that_no_message_can_carry(bot: BotMachine) -> None:
    tip = a_tip(bot.dropbox.recipients())
    with pytest.raises(DropboxError, match="no message"):
        bot.dropbox.add(replace(a_part(tip.id, tip.tip_key, 1), body=b""))


def test_only_https(tmp_path: Path, bot: BotMachine, certificates: Folders, clock: Clock) -> None:
    with pytest.raises(ValueError, match="https"):
        bot_machine(tmp_path, "http://127.0.0.1:1", certificates.bot, clock)


def test_no_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, police: PoliceMachine, certificates: Folders, clock: Clock
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with closing(bot_machine(tmp_path, police.url, certificates.bot, clock)) as bot:
        assert bot.dropbox.recipients()


async def test_the_loop_delivers_and_ends(bot: BotMachine, police: PoliceMachine) -> None:
    tips = [a_tip(bot.dropbox.recipients()) for _ in range(5)]
    for tip in tips:
        bot.outbox.put(tip)  # by another process, which does not nudge
    stop = asyncio.Event()
    running = asyncio.create_task(bot.dropbox.courier.run(stop))
    while bot.outbox.count():  # noqa: ASYNC110 (another thread empties it)
        await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert sorted(tip_ids(police.store)) == sorted(tip.id for tip in tips)


def test_a_deposit_is_on_its_way_by_itself(bot: BotMachine, police: PoliceMachine) -> None:
    bot.dropbox.deposit(a_tip(bot.dropbox.recipients()))
    arrived = police.store
    for _ in range(1000):
        if count(arrived, Tip):
            return
        asyncio.run(asyncio.sleep(0.01))
    raise AssertionError("nobody carried it")


def test_nothing_in_the_outbox_leads_to_the_police_s_store(bot: BotMachine, police: PoliceMachine) -> None:
    tip = a_tip(bot.dropbox.recipients())
    bot.outbox.put(tip)
    with bot.store.read() as session:
        row = session.scalars(select(OutboxTip)).one()
    known = {tip.id, tip.id.encode(), tip.lookup, tip.lookup.hex(), tip.parts[0].id, tip.parts[0].body}
    assert not known & {row.id, row.lookup, row.sealed}
    assert tip.parts[0].body not in row.sealed
    assert isinstance(bot.dropbox, RemoteDropbox)
