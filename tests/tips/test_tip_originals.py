"""Files as they came: two officers open one together, and nobody alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from db.police import Grant, Officer, OriginalKey, OriginalRequest, OriginalShare, Part, PoliceBase
from tests.tips.vault import AS_IT_CAME, FILM, PAPER, Vault, make_vault
from tips.envelope import EnvelopeError, Kind, Label, open_inner, open_original, peel, unseal_key
from tips.police.officers import OpenedOfficer
from tips.police.opening import NoGrant
from tips.police.originals import AskedAlready, NoSecond, NotYours, ReasonRefused
from tips.police.rekey import AccessReason

WHY = "Cần xem nơi quay phim để tìm người bị giữ"


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
    return vault.tip(files=(FILM, PAPER))


@pytest.fixture
def part_id(vault: Vault, tip_id: str) -> str:
    return vault.part(tip_id, Kind.ORIGINAL).id


def test_one_asks_another_agrees_and_both_have_it(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    lan, minh, thu = three
    originals = vault.inbox.originals
    (line, other) = vault.inbox.open(lan, tip_id).originals
    assert (line.part_id, line.opened, line.request) == (part_id, False, None)
    assert line.clean_id == vault.inbox.open(lan, tip_id).files[0].part_id != other.clean_id
    assert line.seconds == ("Cán bộ minh", "Cán bộ thu")

    request_id = originals.ask(lan, tip_id, part_id, f"  {WHY}\u202e ")
    for officer, mine, for_me in ((lan, True, False), (minh, False, True), (thu, False, True)):
        request = vault.inbox.open(officer, tip_id).originals[0].request
        assert request and (request.mine, request.for_me, request.reason) == (mine, for_me, WHY)
        assert (request.request_id, request.officer) == (request_id, "Cán bộ lan")
        with pytest.raises(LookupError):
            originals.fetch(officer, tip_id, part_id)

    originals.agree(minh, tip_id, request_id)
    for officer in (lan, minh):
        assert vault.inbox.open(officer, tip_id).originals[0].opened
        assert originals.fetch(officer, tip_id, part_id) == AS_IT_CAME
    assert not vault.inbox.open(thu, tip_id).originals[0].opened
    for wrong in (part_id, other.part_id):
        with pytest.raises(LookupError):
            originals.fetch(thu, tip_id, wrong)
    detail = {"part": part_id, "request": request_id}
    assert [act for act in vault.acts(tip_id) if act[0] != "open"] == [
        ("ask_original", lan.id, detail),
        ("agree_original", minh.id, detail | {"first": lan.id}),
        ("original", lan.id, {"part": part_id}),
        ("original", minh.id, {"part": part_id}),
    ]
    with vault.store.read() as session:
        rows = session.scalars(select(OriginalKey)).all()
        assert sorted((row.officer_id, row.opened) for row in rows) == [(lan.id, True), (minh.id, True)]


def all_boxes(vault: Vault) -> list[bytes]:
    """Every byte column of every row: whoever has the whole database has these."""
    with vault.store.read() as session:
        rows = [row for table in PoliceBase.metadata.sorted_tables for row in session.execute(select(table))]
    return [value for row in rows for value in row if isinstance(value, bytes)]


def keys_that_open(vault: Vault, officer: OpenedOfficer, part_id: str) -> int:
    """How many keys that one officer can make out of all boxes, opened up to three deep, open the original."""
    boxes, found = all_boxes(vault), set[bytes]()
    with vault.store.read() as session:
        part = session.get_one(Part, part_id)
        tip_keys = [
            officer.keys,
            *(pair for tip in session.scalars(select(Grant.tip_id)) if (pair := held(vault, officer, tip))),
        ]
    for _ in range(3):
        opened = set[bytes]()
        for box, keys in itertools.product(boxes, tip_keys):
            try:
                opened.add(peel(box, keys))
            except EnvelopeError:
                continue
        boxes, found = list(opened), found | opened
    label = Label(part.tip_id, part.id, Kind.ORIGINAL, part.position)
    return sum(opens(part.body, label, key) for key in found)


def held(vault: Vault, officer: OpenedOfficer, tip_id: str):  # type: ignore[no-untyped-def]
    from tips.police.opening import hold

    with vault.store.read() as session:
        return hold(session, officer, tip_id).keys


def opens(body: bytes, label: Label, key: bytes) -> bool:
    try:
        open_original(body, label, key)
    except EnvelopeError:
        return False
    return True


def test_nobody_opens_it_alone_with_the_whole_database(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    lan, minh, _ = three
    assert [keys_that_open(vault, officer, part_id) for officer in three] == [0, 0, 0]
    request_id = vault.inbox.originals.ask(lan, tip_id, part_id, WHY)
    # Asking was the first one's half: those who may agree could now, the one who asked still cannot.
    assert [keys_that_open(vault, officer, part_id) for officer in three] == [0, 1, 1]
    vault.inbox.originals.agree(minh, tip_id, request_id)
    assert [keys_that_open(vault, officer, part_id) for officer in three] == [1, 1, 0]


def test_shares_are_for_every_ordered_pair_and_need_both_in_order(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    part, by_id = vault.part(tip_id, Kind.ORIGINAL), {officer.id: officer for officer in three}
    with vault.store.read() as session:
        shares = session.scalars(select(OriginalShare).where(OriginalShare.part_id == part_id)).all()
    assert sorted((s.first_id, s.second_id) for s in shares) == list(itertools.permutations(sorted(by_id), 2))
    label = Label(tip_id, part_id, Kind.ORIGINAL, part.position)
    for share in shares:
        first, second = by_id[share.first_id].keys, by_id[share.second_id].keys
        key = open_inner(peel(share.sealed, first), second)
        assert open_original(part.body, label, key) == AS_IT_CAME
        with pytest.raises(EnvelopeError):
            peel(share.sealed, second)
        with pytest.raises(EnvelopeError):
            open_inner(peel(share.sealed, first), first)
        with pytest.raises(EnvelopeError):
            unseal_key(share.sealed, first)


@pytest.mark.parametrize("reason", ["", "ngắn quá", " " * 20, "x" * 501])
def test_a_reason_is_needed(vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str, reason: str) -> None:
    with pytest.raises(ReasonRefused):
        vault.inbox.originals.ask(three[0], tip_id, part_id, reason)
    assert vault.acts(tip_id) == []


def test_the_reason_is_sealed_to_the_tip(vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str) -> None:
    vault.inbox.originals.ask(three[0], tip_id, part_id, WHY)
    assert not any(WHY.encode() in value for value in all_boxes(vault))
    files = list(Path(str(vault.store.engine.url.database)).parent.glob("police.sqlite*"))
    assert files and not any(WHY.encode() in path.read_bytes() for path in files)


def test_what_cannot_be_asked_or_agreed(vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str) -> None:
    lan, minh, thu = three
    originals = vault.inbox.originals
    clean = vault.part(tip_id, Kind.FILE).id
    for wrong in (clean, "f" * 32, vault.part(vault.tip(files=(FILM,)), Kind.ORIGINAL).id):
        with pytest.raises(LookupError):
            originals.ask(lan, tip_id, wrong, WHY)
    request_id = originals.ask(lan, tip_id, part_id, WHY)
    for officer in (lan, minh):
        with pytest.raises(AskedAlready):
            originals.ask(officer, tip_id, part_id, WHY)
    with pytest.raises(NotYours):
        originals.agree(lan, tip_id, request_id)
    with pytest.raises(LookupError):
        originals.agree(minh, vault.tip(), request_id)
    originals.agree(minh, tip_id, request_id)
    with pytest.raises(LookupError):
        originals.agree(thu, tip_id, request_id)
    with pytest.raises(AskedAlready):
        originals.ask(minh, tip_id, part_id, WHY)
    again = originals.ask(thu, tip_id, part_id, WHY)  # the third one needs somebody, too
    originals.agree(lan, tip_id, again)
    assert originals.fetch(thu, tip_id, part_id) == AS_IT_CAME


def test_saying_no_takes_the_boxes_away(vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str) -> None:
    lan, minh, _ = three
    for officer in (minh, lan):  # another one says no; then the one who asked takes it back
        request_id = vault.inbox.originals.ask(lan, tip_id, part_id, WHY)
        vault.inbox.originals.decline(officer, tip_id, request_id)
        with pytest.raises(LookupError):
            vault.inbox.originals.agree(minh, tip_id, request_id)
    with vault.store.read() as session:
        assert session.scalars(select(OriginalKey)).all() == session.scalars(select(OriginalRequest)).all() == []
    assert keys_that_open(vault, minh, part_id) == 0
    said = [(who, detail) for act, who, detail in vault.acts(tip_id) if act == "decline_original"]
    asked = [detail["request"] for act, _, detail in vault.acts(tip_id) if act == "ask_original"]
    assert said == [
        (who.id, {"part": part_id, "request": request, "first": lan.id})
        for who, request in zip((minh, lan), asked, strict=True)
    ]


@pytest.mark.parametrize("end", ["agree", "decline"])
def test_inner_boxes_that_nobody_needs_are_gone_from_the_files(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str, tmp_path: Path, end: str
) -> None:
    lan, minh, _ = three
    request_id = vault.inbox.originals.ask(lan, tip_id, part_id, WHY)
    with vault.store.read() as session:
        boxes = session.scalars(select(OriginalKey.sealed_key)).all()

    def in_files() -> list[bytes]:
        data = b"".join(path.read_bytes() for path in tmp_path.glob("police.sqlite*"))
        return [box for box in boxes if box in data]

    assert in_files() == boxes and len(boxes) == 2
    getattr(vault.inbox.originals, end)(minh, tip_id, request_id)
    assert in_files() == []


def test_who_has_no_grant_or_left_does_nothing(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    lan, minh, thu = three
    late, originals = vault.officer("late"), vault.inbox.originals
    request_id = originals.ask(lan, tip_id, part_id, WHY)
    for act in (
        lambda: originals.ask(late, tip_id, part_id, WHY),
        lambda: originals.agree(late, tip_id, request_id),
        lambda: originals.decline(late, tip_id, request_id),
        lambda: originals.fetch(late, tip_id, part_id),
    ):
        with pytest.raises(NoGrant):
            act()
    assert [who for act, who, _ in vault.acts(tip_id) if act == "refused"] == [late.id] * 4
    with vault.store.begin() as session:  # a grant alone makes no second: no box is for them
        stolen = session.get_one(Grant, (tip_id, thu.id))
        session.execute(delete(Grant).where(Grant.officer_id == thu.id))
        assert stolen
        session.execute(update(Officer).where(Officer.id == lan.id).values(active=False))
    with pytest.raises(NoGrant):
        originals.agree(thu, tip_id, request_id)
    with pytest.raises(NotYours):  # who asked has left
        originals.agree(minh, tip_id, request_id)


def test_only_those_who_open_the_tip_can_be_second(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    lan, minh, thu = three
    with vault.store.begin() as session:
        session.execute(update(Officer).where(Officer.id == minh.id).values(active=False))
        session.execute(delete(Grant).where(Grant.officer_id == thu.id))
    assert vault.inbox.open(lan, tip_id).originals[0].seconds == ()
    with pytest.raises(NoSecond):
        vault.inbox.originals.ask(lan, tip_id, part_id, WHY)


def test_who_was_let_in_later_reads_the_request_and_cannot_agree(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str
) -> None:
    mai = vault.officer("mai")
    vault.inbox.access.grant(three[0], tip_id, mai.id, AccessReason.TOGETHER)
    request_id = vault.inbox.originals.ask(three[0], tip_id, part_id, WHY)
    line = vault.inbox.open(mai, tip_id).originals[0]
    assert line.received_hour == vault.clock().replace(minute=0, second=0)
    assert line.request and (line.request.reason, line.request.for_me, line.request.mine) == (WHY, False, False)
    with pytest.raises(NotYours):
        vault.inbox.originals.agree(mai, tip_id, request_id)
    with vault.store.begin() as session:
        session.get_one(OriginalRequest, request_id).body = b"\x01broken"
    request = vault.inbox.open(three[1], tip_id).originals[0].request
    assert request and request.reason is None and request.for_me


def test_a_unit_of_one_officer_has_no_originals(vault: Vault) -> None:
    lan = vault.officer("lan")
    opened = vault.inbox.open(lan, vault.tip(files=(PAPER,)))
    assert opened.originals == () and len(opened.files) == 1


@pytest.mark.parametrize("broken", ["share", "inner", "body"])
def test_what_is_broken_opens_for_nobody(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str, broken: str
) -> None:
    lan, minh, thu = three
    others = vault.part(vault.tip(files=(FILM,)), Kind.ORIGINAL)
    with vault.store.begin() as session:
        if broken == "share":
            share = session.get_one(OriginalShare, (part_id, lan.id, minh.id))
            share.sealed = session.get_one(OriginalShare, (others.id, minh.id, lan.id)).sealed
        elif broken == "inner":
            share = session.get_one(OriginalShare, (part_id, lan.id, minh.id))
            share.sealed = session.get_one(OriginalShare, (others.id, lan.id, minh.id)).sealed
        else:
            session.get_one(Part, part_id).body = others.body
    request_id = vault.inbox.originals.ask(lan, tip_id, part_id, WHY)
    with pytest.raises(NotYours if broken == "share" else EnvelopeError):
        vault.inbox.originals.agree(minh, tip_id, request_id)
    if broken != "body":
        vault.inbox.originals.agree(thu, tip_id, request_id)  # a broken share spoils only its own pair
        assert vault.inbox.originals.fetch(lan, tip_id, part_id) == AS_IT_CAME


def test_no_act_without_its_audit_row(
    vault: Vault, three: list[OpenedOfficer], tip_id: str, part_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan, minh, _ = three
    originals = vault.inbox.originals

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    def without_audit(act: object, *values: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("tips.police.originals.record", fail)
            with pytest.raises(RuntimeError):
                act(*values)  # type: ignore[operator]

    without_audit(originals.ask, lan, tip_id, part_id, WHY)
    assert vault.inbox.open(lan, tip_id).originals[0].request is None
    request_id = originals.ask(lan, tip_id, part_id, WHY)
    without_audit(originals.agree, minh, tip_id, request_id)
    without_audit(originals.decline, minh, tip_id, request_id)
    assert vault.inbox.open(minh, tip_id).originals[0].request
    originals.agree(minh, tip_id, request_id)
    without_audit(originals.fetch, minh, tip_id, part_id)
