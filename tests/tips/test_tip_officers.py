"""Officers: keys behind a password, sign-ins in the log, equal work for strangers."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import select, update

from db.police import Audit, Officer
from tests.tips.depositing import deposit
from tests.tips.kit import CHEAP, PASSWORD, House
from tips import envelope
from tips.envelope import Cost
from tips.police import passwords
from tips.police.officers import NameTaken, Officers, WeakPassword, generate_password


def acts(house: House) -> list[tuple[str, int | None, dict[str, object]]]:
    with house.police_store.read() as session:
        return [(a.act, a.officer_id, a.detail) for a in session.scalars(select(Audit).order_by(Audit.id))]


def test_an_officer_signs_in(house: House) -> None:
    unit = house.officers.make_unit("Phòng CSHS")
    officer_id = house.officers.enrol("Lan", "Trung úy Lan", unit, PASSWORD)
    opened = house.officers.unlock(" lan ", PASSWORD)
    assert opened and (opened.id, opened.name) == (officer_id, "Trung úy Lan")
    assert acts(house) == [
        ("make_unit", None, {"unit": unit}),
        ("enrol", officer_id, {"unit": unit}),
        ("sign_in", officer_id, {}),
    ]


def test_the_private_key_is_wrapped_and_belongs_to_the_public_one(house: House) -> None:
    opened = house.officer()
    with house.police_store.read() as session:
        row = session.scalars(select(Officer)).one()
    assert row.public_key == opened.keys.public
    assert opened.keys.private not in row.wrapped_key and len(row.salt) == 16
    assert opened.keys.private.hex() not in repr(opened) and repr(opened.keys.private) not in repr(opened)


def test_two_officers_with_one_password_have_nothing_in_common(house: House) -> None:
    house.officer("lan")
    house.officer("minh")
    with house.police_store.read() as session:
        rows = session.scalars(select(Officer)).all()
    for column in ("salt", "wrapped_key", "public_key"):
        assert len({getattr(row, column) for row in rows}) == 2


def test_failed_sign_ins_are_written_down(house: House) -> None:
    house.officer("lan")
    before = len(acts(house))
    for login, password in (
        ("lan", "wrong password"),
        ("my password typed here", PASSWORD),
        ("\ud800", "\ud800"),
        ("x" * 5000, "y" * 5000),
    ):
        assert house.officers.unlock(login, password) is None
    assert acts(house)[before:] == [("sign_in_failed", None, {"login": name}) for name in ("lan", "", "", "")]


def test_an_officer_who_left_does_not_sign_in(house: House) -> None:
    house.officer("lan")
    with house.police_store.begin() as session:
        session.execute(update(Officer).values(active=False))
    assert house.officers.unlock("lan", PASSWORD) is None


def test_the_work_is_the_same_for_strangers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.officer("lan")
    calls: list[tuple[int, int, Cost]] = []

    def counted(secret: bytes, salt: bytes, size: int, cost: Cost) -> bytes:
        calls.append((len(salt), size, cost))
        return envelope.stretch(secret, salt, size, cost)

    monkeypatch.setattr(passwords, "stretch", counted)
    house.officers.unlock("lan", PASSWORD)
    house.officers.unlock("lan", "wrong password")
    house.officers.unlock("nobody", "wrong password")
    assert calls == [(16, 32, CHEAP)] * 3


def test_a_password_typed_on_another_keyboard_is_the_same(house: House) -> None:
    house.officer("lan")
    assert house.officers.unlock("lan", unicodedata.normalize("NFD", PASSWORD))


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025])
def test_weak_passwords_are_refused(house: House, password: str) -> None:
    unit = house.officers.make_unit("unit")
    with pytest.raises(WeakPassword) as caught:
        house.officers.enrol("lan", "Lan", unit, password)
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize("login", ["", "  ", "x" * 65])
def test_logins_have_a_length(house: House, login: str) -> None:
    with pytest.raises(ValueError, match="a login has"):
        house.officers.enrol(login, "Lan", house.officers.make_unit("unit"), PASSWORD)


def test_names_are_taken_once(house: House) -> None:
    unit = house.officers.make_unit("unit")
    house.officers.enrol("lan", "Lan", unit, PASSWORD)
    with pytest.raises(NameTaken):
        house.officers.enrol("LAN", "Lan", unit, PASSWORD)
    with pytest.raises(NameTaken):
        house.officers.make_unit("unit")
    with pytest.raises(LookupError):
        house.officers.enrol("minh", "Minh", 99, PASSWORD)
    assert [act for act, _, _ in acts(house)] == ["make_unit", "enrol"]


def test_generated_passwords_are_readable_and_long_enough(house: House) -> None:
    made = {generate_password() for _ in range(500)}
    assert len(made) == 500
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [4] * 5
        assert all(c in "aeiou" for group in groups for c in group[1::2])


def test_the_real_cost_works(house: House) -> None:
    real = Officers(house.police_store, house.clock)
    unit = real.make_unit("unit")
    real.enrol("lan", "Lan", unit, PASSWORD)
    assert real.unlock("lan", PASSWORD)
    assert house.officers.unlock("lan", PASSWORD) is None  # enrolled at another cost


def test_units_go_on_duty_and_off(house: House) -> None:
    first, second = house.officers.make_unit("first"), house.officers.make_unit("second", on_duty=False)
    for login, unit in (("lan", first), ("minh", second), ("thu", second)):
        house.officers.enrol(login, login, unit, PASSWORD)
    assert house.officers.set_duty(second, True) == 3
    assert house.officers.set_duty(first, False) == 2
    assert [one.officer_id for one in house.dropbox.recipients()] == [2, 3]
    house.officers.deactivate("minh")
    assert [(u.id, u.name, u.on_duty, u.officers) for u in house.officers.units()] == [
        (first, "first", False, 1),
        (second, "second", True, 1),
    ]
    assert [(o.login, o.unit, o.active, o.on_duty) for o in house.officers.listed()] == [
        ("lan", "first", True, False),
        ("minh", "second", False, False),
        ("thu", "second", True, True),
    ]
    assert house.officers.set_duty(second, False) == 0
    with pytest.raises(LookupError):
        house.officers.set_duty(99, True)
    done = [(act, detail) for act, _, detail in acts(house) if act in ("duty", "deactivate")]
    assert done == [
        ("duty", {"unit": second, "on": True}),
        ("duty", {"unit": first, "on": False}),
        ("deactivate", {"officer": 2}),
        ("duty", {"unit": second, "on": False}),
    ]


def test_an_officer_who_leaves_may_be_the_last_reader_of_a_tip(house: House) -> None:
    house.officer("lan")
    deposit(house)
    minh = house.officer("minh")
    deposit(house)
    assert (house.officers.only_reader_of("LAN"), house.officers.only_reader_of("minh")) == (1, 0)
    house.officers.deactivate("minh")
    assert house.officers.only_reader_of("lan") == 2
    assert house.officers.unlock("minh", PASSWORD) is None
    assert not any(line.readable for line in house.inbox.list(minh).lines)
    for unknown in ("minh", "nobody"):
        with pytest.raises(LookupError):
            house.officers.deactivate(unknown)
        with pytest.raises(LookupError):
            house.officers.only_reader_of(unknown)
