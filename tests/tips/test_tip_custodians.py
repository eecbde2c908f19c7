"""Custodians: two of three bring an officer's key back, one alone does not, and a stolen store with one does not either."""

from __future__ import annotations

import itertools

import nacl.exceptions
import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import func, select, update

from db.police import Audit, Custodian, Officer, RecoveryShare
from tests.tips.depositing import deposit, traces
from tests.tips.kit import CHEAP, PASSWORD, STORY, House, only_report
from tips import envelope
from tips.envelope import Cost, EnvelopeError
from tips.police import passwords
from tips.police.custodians import Custodians, CustodiansFull, RecoveryNotReady, RecoveryRefused, open_share
from tips.police.passwords import NameTaken, Passwords, WeakPassword

LOGINS = ("mai", "hoa", "tuyet")


def secret(login: str) -> str:
    return f"mật khẩu của {login}"


@pytest.fixture
def custodians(house: House) -> Custodians:
    return Custodians(house.police_store, house.clock, CHEAP)


@pytest.fixture
def three(custodians: Custodians) -> Custodians:
    for login in LOGINS:
        custodians.enrol(login, f"Bà {login}", secret(login))
    return custodians


def who(login: str) -> tuple[str, str]:
    return login, secret(login)


def shares(house: House) -> dict[tuple[int, int, int], bytes]:
    with house.police_store.read() as session:
        rows = session.scalars(select(RecoveryShare)).all()
    return {(row.officer_id, row.first_id, row.second_id): row.sealed for row in rows}


def acts(house: House) -> list[tuple[str, int | None, dict[str, object]]]:
    with house.police_store.read() as session:
        return [(a.act, a.officer_id, a.detail) for a in session.scalars(select(Audit).order_by(Audit.id))]


@pytest.mark.parametrize("pair", list(itertools.permutations(LOGINS, 2)))
def test_any_two_bring_back_old_tips(house: House, three: Custodians, pair: tuple[str, str]) -> None:
    officer = house.officer("lan")
    deposit(house, STORY)
    new = three.recover(" LAN ", who(pair[0]), who(pair[1]))
    assert house.officers.unlock("lan", PASSWORD) is None
    again = house.officers.unlock("lan", new)
    assert again and again.keys == officer.keys
    assert only_report(house, again).what == STORY


def test_one_custodian_alone_cannot(house: House, three: Custodians) -> None:
    house.officer("lan")
    for first, second in (
        (who("mai"), who("mai")),
        (who("mai"), (" MAI ", secret("mai"))),
        (who("mai"), ("hoa", secret("mai"))),
        (who("mai"), ("nobody", secret("mai"))),
        (("nobody", "x"), ("nobody either", "x")),
    ):
        with pytest.raises(RecoveryRefused) as caught:
            three.recover("lan", first, second)
        assert str(caught.value) == "two different custodians have to give their right passwords"
    assert house.officers.unlock("lan", PASSWORD)
    assert acts(house)[-6:-1] == [("recover_failed", None, {})] * 5


def test_a_stolen_store_and_one_custodians_key_open_nothing(house: House, three: Custodians) -> None:
    officer = house.officer("lan")
    with house.police_store.read() as session:
        rows = {row.id: row for row in session.scalars(select(Custodian))}
    opener = Passwords(CHEAP)
    keys = {n: opener.unwrap(row, secret(row.login)) for n, row in rows.items()}
    for mine in keys.values():
        assert mine
        for (_, first, second), sealed in shares(house).items():
            with pytest.raises(EnvelopeError):
                open_share(sealed, mine, mine)
            try:
                inner = SealedBox(PrivateKey(mine.private)).decrypt(sealed)
            except nacl.exceptions.CryptoError:
                assert keys[first] != mine
            else:  # the outer box is this custodian's: within it is another box, and not the key
                assert keys[first] == mine
                assert officer.keys.private not in inner
                with pytest.raises(nacl.exceptions.CryptoError):
                    SealedBox(PrivateKey(mine.private)).decrypt(inner)
                other = keys[second]
                assert other and SealedBox(PrivateKey(other.private)).decrypt(inner) == officer.keys.private


def test_custodians_who_came_later_get_shares_at_the_next_sign_in(house: House, custodians: Custodians) -> None:
    house.officer("lan")
    for login in LOGINS:
        assert house.officers.unlock("lan", PASSWORD)
        assert not shares(house)
        custodians.enrol(login, login, secret(login))
    with pytest.raises(RecoveryNotReady, match="signs in"):
        custodians.recover("lan", who("mai"), who("hoa"))
    assert custodians.without_shares() == ["lan"]
    assert house.officers.unlock("lan", PASSWORD)
    assert sorted(shares(house)) == [(1, 1, 2), (1, 1, 3), (1, 2, 3)]
    assert custodians.without_shares() == []
    assert custodians.recover("lan", who("tuyet"), who("mai"))


def test_a_sign_in_changes_nothing_where_all_is_there(house: House, three: Custodians) -> None:
    house.officer("lan")
    before = shares(house)
    assert len(before) == 3
    house.officers.unlock("lan", PASSWORD)
    assert shares(house) == before
    assert house.officers.unlock("lan", "wrong password") is None
    assert shares(house) == before


def test_exactly_three(house: House, three: Custodians) -> None:
    with pytest.raises(CustodiansFull):
        three.enrol("thu", "Thu", secret("thu"))
    assert [line.login for line in three.listed()] == list(LOGINS)


def test_a_custodian_is_replaced(house: House, three: Custodians) -> None:
    house.officer("lan")
    three.replace("HOA", "thu", "Bà Thu", secret("thu"))
    assert [(n, o) for _, n, o in shares(house)] == [(1, 3)]
    with pytest.raises(RecoveryRefused):
        three.recover("lan", who("hoa"), who("mai"))
    with pytest.raises(RecoveryNotReady):
        three.recover("lan", who("thu"), who("mai"))
    new = three.recover("lan", who("tuyet"), who("mai"))  # the pair that stayed
    assert house.officers.unlock("lan", new)
    assert sorted(shares(house)) == [(1, 1, 3), (1, 1, 4), (1, 3, 4)]
    assert house.officers.unlock("lan", three.recover("lan", who("thu"), who("mai")))
    assert [(line.login, line.active, line.officers) for line in three.listed()] == [
        ("mai", True, 1),
        ("hoa", False, 0),
        ("tuyet", True, 1),
        ("thu", True, 1),
    ]
    with house.police_store.read() as session:
        assert session.scalar(select(Custodian.wrapped_key).where(Custodian.login == "hoa")) == b""


def test_replacing_needs_somebody_to_replace_and_a_free_login(house: House, three: Custodians) -> None:
    house.officer("lan")
    before = shares(house)
    with pytest.raises(LookupError):
        three.replace("nobody", "thu", "Thu", secret("thu"))
    with pytest.raises(NameTaken):
        three.replace("hoa", "mai", "Mai", secret("mai"))
    with pytest.raises(WeakPassword):
        three.replace("hoa", "thu", "Thu", "short")
    assert shares(house) == before
    assert [line.active for line in three.listed()] == [True] * 3


def test_logins_of_custodians_are_taken_once_and_have_a_length(house: House, custodians: Custodians) -> None:
    custodians.enrol("mai", "Mai", secret("mai"))
    with pytest.raises(NameTaken):
        custodians.enrol(" MAI", "Mai", secret("mai"))
    with pytest.raises(ValueError, match="a login has"):
        custodians.enrol(" ", "Mai", secret("mai"))


def test_the_work_is_the_same_whatever_is_wrong(
    house: House, three: Custodians, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.officer("lan")
    calls: list[tuple[int, int, Cost]] = []

    def counted(secret: bytes, salt: bytes, size: int, cost: Cost) -> bytes:
        calls.append((len(salt), size, cost))
        return envelope.stretch(secret, salt, size, cost)

    monkeypatch.setattr(passwords, "stretch", counted)
    tries = (
        ("lan", who("nobody"), who("nobody")),
        ("lan", who("mai"), who("mai")),
        ("lan", who("mai"), ("hoa", "wrong password")),
        ("nobody", ("mai", "wrong password"), who("hoa")),
        ("nobody", who("mai"), ("\ud800" * 99, "y" * 5000)),
    )
    for officer, first, second in tries:
        calls.clear()
        with pytest.raises(RecoveryRefused):
            three.recover(officer, first, second)
        assert calls == [(16, 32, CHEAP)] * 2


def test_only_two_with_right_passwords_learn_that_an_officer_is_unknown_or_left(
    house: House, three: Custodians
) -> None:
    house.officer("lan")
    with pytest.raises(RecoveryNotReady, match="no active officer"):
        three.recover("nobody", who("mai"), who("hoa"))
    house.officers.deactivate("lan")
    assert not shares(house)
    with pytest.raises(RecoveryNotReady, match="no active officer"):
        three.recover("lan", who("mai"), who("hoa"))


def test_a_share_that_was_changed_or_swapped_gives_no_password(house: House, three: Custodians) -> None:
    house.officer("lan")
    house.officer("minh")
    all_of = shares(house)
    with house.police_store.begin() as session:  # minh's key in lan's place
        session.execute(
            update(RecoveryShare)
            .where(RecoveryShare.officer_id == 1, RecoveryShare.first_id == 1, RecoveryShare.second_id == 2)
            .values(sealed=all_of[2, 1, 2])
        )
        session.execute(
            update(RecoveryShare)
            .where(RecoveryShare.officer_id == 1, RecoveryShare.first_id == 1, RecoveryShare.second_id == 3)
            .values(sealed=all_of[1, 1, 3][:-1] + bytes([all_of[1, 1, 3][-1] ^ 1]))
        )
        wrapped = session.scalar(select(Officer.wrapped_key).where(Officer.id == 1))
    for other in ("hoa", "tuyet"):
        with pytest.raises(RecoveryNotReady, match="damaged or changed"):
            three.recover("lan", who("mai"), who(other))
    with house.police_store.read() as session:
        assert session.scalar(select(Officer.wrapped_key).where(Officer.id == 1)) == wrapped
        assert session.scalar(select(func.count()).where(Audit.act == "recover")) == 0


def test_what_is_done_is_written_down_without_a_password(house: House, three: Custodians) -> None:
    house.officer("lan")
    three.recover("lan", who("hoa"), who("mai"))
    three.replace("mai", "thu", "Thu", secret("thu"))
    rows = acts(house)
    assert rows[:3] == [("add_custodian", None, {"custodian": n}) for n in (1, 2, 3)]
    assert rows[-2:] == [
        ("recover", None, {"officer": 1, "custodians": [1, 2]}),
        ("replace_custodian", None, {"old": 1, "custodian": 4}),
    ]


def test_the_old_wrapping_is_in_no_file_afterwards(house: House, three: Custodians) -> None:
    house.officer("lan")
    with house.police_store.read() as session:
        old = session.scalars(select(Officer.wrapped_key)).one()
        gone = session.scalars(select(Custodian.wrapped_key).where(Custodian.login == "mai")).one()
    files = traces(house)
    assert old in files and gone in files
    three.recover("lan", who("hoa"), who("mai"))
    three.replace("mai", "thu", "Thu", secret("thu"))
    files = traces(house)
    assert old not in files and gone not in files
