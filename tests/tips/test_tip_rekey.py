"""Letting officers in and taking the key from them: after that, what they had opens nothing that is in the store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from db.police import (
    Grant,
    Message,
    Officer,
    OldKey,
    OriginalKey,
    OriginalRequest,
    OriginalShare,
    Part,
    PoliceBase,
    Tip,
)
from tests.tips.vault import AS_IT_CAME, FILM, Vault, make_vault
from tips.citizen.sealing import seal_for
from tips.envelope import EnvelopeError, KeyPair, Kind, Label, open_piece, peel
from tips.police.officers import OpenedOfficer
from tips.police.opening import NoGrant, hold
from tips.police.rekey import TO_GRANT, TO_REVOKE, AccessReason, AccessRefused, LastOfficer, WrongReason

WHY = "Cần xem nơi quay phim để tìm người bị giữ"
MOVED, TOGETHER = AccessReason.MOVED, AccessReason.TOGETHER


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = make_vault(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def three(vault: Vault) -> list[OpenedOfficer]:
    return [vault.officer(login) for login in ("lan", "minh", "thu")]


@pytest.fixture
def tip_id(vault: Vault, three: list[OpenedOfficer]) -> str:
    """A tip with everything in it: files, an original that was opened, one that was asked for, additions, answers."""
    lan, minh, thu = three
    tip_id = vault.tip("Chuyện ở bến tàu", files=(FILM, FILM))
    vault.add(vault.address(tip_id), "thêm một câu")
    vault.inbox.answer(lan, tip_id, "Chúng tôi đã nhận.")
    first, second = (line.part_id for line in vault.inbox.open(lan, tip_id).originals)
    vault.inbox.originals.agree(minh, tip_id, vault.inbox.originals.ask(thu, tip_id, first, WHY))
    vault.inbox.originals.ask(lan, tip_id, second, WHY)
    return tip_id


def tip_keys(vault: Vault, officer: OpenedOfficer, tip_id: str) -> KeyPair:
    with vault.store.read() as session:
        return hold(session, officer, tip_id).keys


def opened_boxes(vault: Vault, *pairs: KeyPair) -> int:
    """How many byte values in the whole store open with these keys, or with what they open in turn."""
    with vault.store.read() as session:
        rows = [row for table in PoliceBase.metadata.sorted_tables for row in session.execute(select(table))]
    boxes = [value for row in rows for value in row if isinstance(value, bytes)]
    count, known = 0, list(pairs)
    for _ in range(2):
        fresh = []
        for box, keys in itertools.product(boxes, known):
            try:
                fresh.append(peel(box, keys))
            except EnvelopeError:
                continue
        count += len(fresh)
        known = [KeyPair.of(secret) for secret in fresh if len(secret) == 32]
    return count


def test_after_revoking_the_old_keys_open_nothing_in_the_store(
    vault: Vault, three: list[OpenedOfficer], tip_id: str
) -> None:
    lan, minh, thu = three
    old = tip_keys(vault, thu, tip_id)
    assert opened_boxes(vault, thu.keys) and opened_boxes(vault, old)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)

    assert opened_boxes(vault, thu.keys, old) == 0
    with pytest.raises(NoGrant):
        vault.inbox.open(thu, tip_id)
    part = vault.part(tip_id, Kind.ADDITION)
    with pytest.raises(EnvelopeError):
        open_piece(part.sealed_key, part.body, Label(tip_id, part.id, Kind.ADDITION, part.position), old)

    address = vault.address(tip_id)
    assert address.tip_key != old.public
    vault.add(address, "điều mới")
    vault.inbox.answer(lan, tip_id, "Câu trả lời mới")
    assert opened_boxes(vault, thu.keys, old) == 0
    for officer in (lan, minh):
        opened = vault.inbox.open(officer, tip_id)
        assert opened.report and opened.report.what == "Chuyện ở bến tàu"
        assert [line.text for line in opened.additions] == ["thêm một câu", "điều mới"]
        assert [line.answer.text for line in opened.answers if line.answer] == ["Chúng tôi đã nhận.", "Câu trả lời mới"]
        assert vault.inbox.file(officer, tip_id, opened.files[0].part_id) == FILM
        request = opened.originals[1].request
        assert request and request.reason == WHY


def test_after_revoking_nothing_of_it_is_left_in_the_files(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, tmp_path: Path
) -> None:
    lan, _, thu = three
    with vault.store.read() as session:
        gone = [session.get_one(Grant, (tip_id, thu.id)).sealed_key, vault.part(tip_id, Kind.REPORT).sealed_key]
        gone += session.scalars(select(OriginalShare.sealed).where(OriginalShare.first_id == thu.id)).all()

    def in_files() -> list[bytes]:
        data = b"".join(path.read_bytes() for path in tmp_path.glob("police.sqlite*"))
        return [box for box in gone if box in data]

    assert in_files() == gone
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    assert in_files() == []


def test_the_citizen_notices_nothing(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, _, thu = three
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    keys = vault.codes[tip_id]
    (message,) = vault.dropbox.answers(keys.lookup)
    label = Label(tip_id, message.id, Kind.MESSAGE)
    assert "Chúng tôi đã nhận." in open_piece(message.key_for_citizen, message.body, label, keys.reply).decode()


def test_a_part_on_its_way_still_opens_and_then_for_the_new_key_only(
    vault: Vault, three: list[OpenedOfficer], tip_id: str
) -> None:
    lan, minh, thu = three
    earlier = vault.address(tip_id)
    olds = [tip_keys(vault, lan, tip_id)]
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    olds.append(tip_keys(vault, lan, tip_id))
    vault.inbox.access.grant(lan, tip_id, vault.officer("mai").id, TOGETHER)
    vault.inbox.access.revoke(lan, tip_id, minh.id, MOVED)
    late = vault.add(earlier, "đến muộn")  # sealed two key pairs ago
    assert opened_boxes(vault, olds[0]) == 1
    for _ in range(2):
        assert vault.inbox.open(lan, tip_id).additions[-1].text == "đến muộn"
        assert opened_boxes(vault, *olds, thu.keys, minh.keys) == 0
    assert vault.address(tip_id).next_position > earlier.next_position
    with vault.store.read() as session:
        assert session.get_one(Part, late).sealed_key
        assert [row.version for row in session.scalars(select(OldKey).order_by(OldKey.version))] == [1, 2]


def test_a_late_part_is_also_sealed_anew_by_the_next_revoking(
    vault: Vault, three: list[OpenedOfficer], tip_id: str
) -> None:
    lan, minh, thu = three
    earlier, old = vault.address(tip_id), tip_keys(vault, lan, tip_id)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    vault.add(earlier, "đến muộn")
    vault.inbox.access.revoke(lan, tip_id, minh.id, MOVED)
    assert opened_boxes(vault, old) == 0
    assert vault.inbox.open(lan, tip_id).additions[-1].text == "đến muộn"


def test_a_late_file_is_fetched_before_the_tip_was_opened(
    vault: Vault, three: list[OpenedOfficer], tip_id: str
) -> None:
    lan, _, thu = three
    earlier = vault.address(tip_id)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    part = seal_for(earlier, Kind.FILE, FILM.to_bytes(), earlier.next_position)
    vault.dropbox.add(part)
    assert vault.inbox.file(lan, tip_id, part.id) == FILM


def test_what_the_revoked_had_of_originals_is_gone(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, thu = three
    first, second = (line.part_id for line in vault.inbox.open(minh, tip_id).originals)
    vault.inbox.access.revoke(minh, tip_id, lan.id, MOVED)  # whose request waits
    with vault.store.read() as session:
        for share in session.scalars(select(OriginalShare)):
            assert lan.id not in (share.first_id, share.second_id)
        assert lan.id not in session.scalars(select(OriginalKey.officer_id)).all()
        assert [request.second_id for request in session.scalars(select(OriginalRequest))] == [minh.id]
    assert vault.inbox.originals.fetch(thu, tip_id, first) == AS_IT_CAME  # what two opened stays theirs
    assert vault.inbox.open(minh, tip_id).originals[1].seconds == ("Cán bộ thu",)
    request_id = vault.inbox.originals.ask(minh, tip_id, second, WHY)
    vault.inbox.originals.agree(thu, tip_id, request_id)
    assert vault.inbox.originals.fetch(minh, tip_id, second) == AS_IT_CAME


def test_another_tip_is_left_alone(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, _, thu = three
    other = vault.tip("Chuyện khác", files=(FILM,))
    part_id = vault.part(other, Kind.ORIGINAL).id
    vault.inbox.originals.ask(thu, other, part_id, WHY)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    opened = vault.inbox.open(thu, other)
    assert opened.report and opened.originals[0].request and len(opened.originals[0].seconds) == 2
    with vault.store.read() as session:
        assert session.scalars(select(Tip.key_version).order_by(Tip.number)).all() == [2, 1]


def test_what_others_opened_together_stays(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, thu = three
    other = vault.tip("Chuyện khác", files=(FILM,))
    part_id = vault.part(other, Kind.ORIGINAL).id
    vault.inbox.originals.agree(lan, other, vault.inbox.originals.ask(thu, other, part_id, WHY))
    first = vault.inbox.open(minh, tip_id).originals[0].part_id
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)  # who had asked for the first original
    assert vault.inbox.originals.fetch(minh, tip_id, first) == AS_IT_CAME
    assert vault.inbox.originals.fetch(thu, other, part_id) == AS_IT_CAME


def test_a_broken_old_key_does_not_hide_an_older_one(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, thu = three
    earlier = vault.address(tip_id)
    for officer in (thu, minh):
        vault.inbox.access.revoke(lan, tip_id, officer.id, MOVED)
    with vault.store.begin() as session:
        session.execute(update(OldKey).where(OldKey.version == 2).values(sealed_key=b"x" * 80))
    vault.add(earlier, "đến muộn")
    assert vault.inbox.open(lan, tip_id).additions[-1].text == "đến muộn"


def test_the_last_officer_keeps_the_key(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, thu = three
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    with vault.store.begin() as session:  # who has left cannot be the last
        session.execute(update(Officer).where(Officer.id == minh.id).values(active=False))
    before = vault.address(tip_id)
    with pytest.raises(LastOfficer):
        vault.inbox.access.revoke(lan, tip_id, lan.id, MOVED)
    assert vault.address(tip_id) == before
    opened = vault.inbox.open(lan, tip_id)
    assert opened.report and opened.originals[1].request  # and nothing half done
    vault.inbox.access.revoke(lan, tip_id, minh.id, MOVED)


def test_an_officer_may_give_up_their_own_key(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, _ = three
    vault.inbox.access.revoke(lan, tip_id, lan.id, AccessReason.NO_NEED)
    with pytest.raises(NoGrant):
        vault.inbox.open(lan, tip_id)
    assert vault.inbox.open(minh, tip_id).report


def test_granting(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan = three[0]
    mai = vault.officer("mai")
    assert [line.name for line in vault.inbox.open(lan, tip_id).others] == ["Cán bộ mai"]
    with pytest.raises(NoGrant):
        vault.inbox.access.grant(mai, tip_id, mai.id, TOGETHER)
    vault.inbox.access.grant(lan, tip_id, mai.id, TOGETHER)
    opened = vault.inbox.open(mai, tip_id)
    assert opened.report and opened.others == ()
    assert [line.name for line in opened.officers] == ["Cán bộ lan", "Cán bộ mai", "Cán bộ minh", "Cán bộ thu"]
    assert opened.originals[0].seconds == ()  # the shares were made for those who were there
    assert vault.inbox.file(mai, tip_id, opened.files[0].part_id) == FILM


def test_new_grants_vouch_for_the_key_of_the_answers(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    """Whoever can write to the store cannot put their own key there and read what officers answer."""
    lan, _, thu = three
    mai, attacker = vault.officer("mai"), KeyPair.new()
    vault.inbox.access.grant(lan, tip_id, mai.id, TOGETHER)

    def swapped(officer: OpenedOfficer) -> None:
        with vault.store.begin() as session:
            tip = session.scalars(select(Tip)).one()
            tip.reply_key = attacker.public
            hold(session, officer, tip_id)

    with pytest.raises(NoGrant):
        swapped(mai)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    with pytest.raises(NoGrant):
        swapped(lan)
    vault.inbox.answer(lan, tip_id, "Chúng tôi đã nhận.")


def test_what_cannot_be_changed(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, minh, thu = three
    access, late, gone = vault.inbox.access, vault.officer("late"), vault.officer("gone")
    with vault.store.begin() as session:
        session.execute(update(Officer).where(Officer.id == gone.id).values(active=False))
    for officer_id in (minh.id, gone.id, 999):
        with pytest.raises(AccessRefused):
            access.grant(lan, tip_id, officer_id, TOGETHER)
    for officer_id in (late.id, 999):
        with pytest.raises(AccessRefused):
            access.revoke(lan, tip_id, officer_id, MOVED)
    for reason in TO_REVOKE:
        with pytest.raises(WrongReason):
            access.grant(lan, tip_id, late.id, reason)
    for reason in TO_GRANT:
        with pytest.raises(WrongReason):
            access.revoke(lan, tip_id, thu.id, reason)
    for change in (access.grant, access.revoke):
        with pytest.raises(NoGrant):
            change(late, tip_id, thu.id, TO_GRANT[0] if change == access.grant else TO_REVOKE[0])
    assert {act for act, _, _ in vault.acts(tip_id)} <= {"open", "answer", "ask_original", "agree_original", "refused"}
    assert all(reason.label for reason in AccessReason)
    assert {*TO_GRANT, *TO_REVOKE} == set(AccessReason)


def test_changes_are_in_the_audit_log_or_do_not_happen(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan, _, thu = three
    mai = vault.officer("mai")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("tips.police.rekey.record", fail)
        for change, who, reason in (
            (vault.inbox.access.grant, mai, TOGETHER),
            (vault.inbox.access.revoke, thu, MOVED),
        ):
            with pytest.raises(RuntimeError):
                change(lan, tip_id, who.id, reason)
    assert vault.inbox.open(thu, tip_id).others
    vault.inbox.access.grant(lan, tip_id, mai.id, TOGETHER)
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    assert [act for act in vault.acts(tip_id) if act[0] in ("grant", "revoke")] == [
        ("grant", lan.id, {"officer": mai.id, "reason": "together"}),
        ("revoke", lan.id, {"officer": thu.id, "reason": "moved", "key_version": 2}),
    ]


def test_what_was_broken_before_stays_broken_and_stops_nothing(
    vault: Vault, three: list[OpenedOfficer], tip_id: str
) -> None:
    lan, minh, thu = three
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    with vault.store.begin() as session:
        session.execute(update(Part).where(Part.kind == "addition").values(sealed_key=b"x" * 80))
        session.execute(update(Message).values(key_for_tip=b"x" * 80))
        session.execute(update(OldKey).values(sealed_key=b"x" * 80))
    vault.inbox.access.revoke(lan, tip_id, minh.id, MOVED)
    opened = vault.inbox.open(lan, tip_id)
    assert opened.report and opened.additions[0].text is None and opened.answers[0].answer is None
    with vault.store.read() as session:
        assert session.scalars(select(OldKey.version)).all() == [2]


def test_purging_a_tip_takes_its_old_keys_along(vault: Vault, three: list[OpenedOfficer], tip_id: str) -> None:
    lan, _, thu = three
    vault.inbox.access.revoke(lan, tip_id, thu.id, MOVED)
    with vault.store.begin() as session:
        session.execute(text("DELETE FROM tip"))
    with vault.store.read() as session:
        for table in (OldKey, OriginalShare, OriginalKey, OriginalRequest, Grant, Part, Message):
            assert session.scalars(select(table)).all() == []
