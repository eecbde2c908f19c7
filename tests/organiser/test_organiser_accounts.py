"""Accounts: who can be made one, and whose password it is."""

from __future__ import annotations

import argon2
import pytest
from sqlalchemy import select

from db.citizen import Organiser
from organiser import accounts
from organiser.accounts import AccountError, create_organiser, set_password, sign_in
from tests.organiser.room import LOGIN, PASSWORD
from tests.quiz.kit import World


def hash_of(world: World, login: str) -> str:
    with world.store.read() as session:
        return session.scalars(select(Organiser.password_hash).where(Organiser.login == login)).one()


def test_the_right_password(world: World) -> None:
    who = sign_in(world.store, f" {LOGIN.upper()} ", PASSWORD)
    assert who is not None
    assert (who.login, who.group_name) == (LOGIN, "Hội Phụ nữ xã Đại Phước")
    assert PASSWORD not in hash_of(world, LOGIN)


@pytest.mark.parametrize(
    ("login", "password"),
    [(LOGIN, "sai mật khẩu"), (LOGIN, ""), ("khong-co", PASSWORD), ("", ""), ("x" * 9999, "y" * 9999)],
)
def test_the_wrong_one(world: World, login: str, password: str) -> None:
    assert sign_in(world.store, login, password) is None


def test_an_unknown_login_costs_the_same_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        def __init__(self) -> None:
            self.verified: list[str] = []

        def verify(self, hashed: str, password: str) -> bool:
            self.verified.append(hashed)
            raise argon2.exceptions.VerifyMismatchError

    counting = Counting()
    monkeypatch.setattr(accounts, "_HASHER", counting)
    sign_in(world.store, LOGIN, "sai")
    sign_in(world.store, "khong-co", "sai")
    assert len(counting.verified) == 2
    assert argon2.extract_parameters(counting.verified[0]) == argon2.extract_parameters(counting.verified[1])


def test_a_password_hashed_by_older_rules_is_hashed_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_of(world, LOGIN)
    monkeypatch.setattr(accounts, "_HASHER", argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert sign_in(world.store, LOGIN, PASSWORD) is not None
    after = hash_of(world, LOGIN)
    assert (before != after, argon2.extract_parameters(after).time_cost) == (True, 2)
    assert sign_in(world.store, LOGIN, PASSWORD) is not None


def test_the_real_parameters_are_strong() -> None:
    hasher = argon2.PasswordHasher()
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.type is argon2.Type.ID


@pytest.mark.parametrize(
    ("login", "group", "password", "told"),
    [
        ("Có dấu", "Hội", "0123456789", "Tên đăng nhập"),
        ("", "Hội", "0123456789", "Tên đăng nhập"),
        ("hoi", " ", "0123456789", "Tên đơn vị"),
        ("hoi", "Hội", "ngắn", "Mật khẩu"),
        (LOGIN, "Hội", "0123456789", "đã có người dùng"),
    ],
)
def test_accounts_that_cannot_be_made(world: World, login: str, group: str, password: str, told: str) -> None:
    with pytest.raises(AccountError) as refused:
        create_organiser(world.store, login, group, password)
    assert told in refused.value.told
    assert password not in str(refused.value) + refused.value.told


def test_another_password(world: World) -> None:
    set_password(world.store, LOGIN, "mot-cai-khac-han")
    assert sign_in(world.store, LOGIN, PASSWORD) is None
    assert sign_in(world.store, LOGIN, "mot-cai-khac-han") is not None
    with pytest.raises(AccountError):
        set_password(world.store, "khong-co", "mot-cai-khac-han")
