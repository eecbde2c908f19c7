"""`lachan admin` as an operator uses it, over real stores: what it does, what it says, and what it never shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner, Result

from db.police import Audit, DutyAddress, Tip
from db.stores import Store
from lachan.admin import admin
from lachan.first_start import first_accounts
from lachan.house import House
from lachan.settings import Settings
from tests.kit.stores import lay_stores
from tips.dropbox import SealedGrant, SealedTip
from tips.envelope import KeyPair, new_id, seal_tip_key
from tips.police.officers import Officers
from tips.police.store import SqlDropbox

COMMANDS = [
    "add-unit",
    "list-units",
    "duty",
    "add-officer",
    "list-officers",
    "deactivate-officer",
    "add-organiser",
    "new-password",
    "add-custodian",
    "list-custodians",
    "replace-custodian",
    "recover-officer",
    "purge",
    "hold",
    "release",
    "keep",
    "retention",
    "add-duty-address",
    "list-duty-addresses",
    "remove-duty-address",
    "self-check",
    "clock-is-right",
]
type Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LACHAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    def run(*arguments: str, typed: str = "", code: int = 0) -> Result:
        result = CliRunner().invoke(admin, arguments, input=typed)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run


@pytest.fixture
def store(data: Path) -> Store:
    lay_stores(data, "police")
    return Store(f"sqlite:///{data / 'police.db'}")


def now() -> datetime:
    return datetime.now(UTC)


def password_in(result: Result) -> str:
    found = re.search(r"password: (\S+)", result.stdout)
    assert found, result.output
    return found[1]


def deposit(store: Store, days_ago: int = 0) -> str:
    """A sealed tip to the first officer; gives its id."""
    dropbox = SqlDropbox(store, lambda: now() - timedelta(days=days_ago))
    tip_id, keys = new_id(), KeyPair.new()
    grants = tuple(SealedGrant(r.officer_id, seal_tip_key(keys, r.public_key)) for r in dropbox.recipients())
    dropbox.deposit(SealedTip(tip_id, False, new_id().encode(), keys.public, keys.public, grants, ()))
    return tip_id


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(run: Run, command: str) -> None:
    out = run(command, "--help").stdout
    assert "Usage" in out and len(out) > 300


def test_no_command_is_forgotten(run: Run) -> None:
    out = run("--help").stdout
    assert re.findall(r"^│ ([a-z][a-z-]+) ", out, re.MULTILINE) and all(f" {name} " in out for name in COMMANDS)
    named = {info.name for group in admin.registered_groups for info in group.typer_instance.registered_commands}  # type: ignore[union-attr]
    assert named == set(COMMANDS)


def test_units_and_officers(run: Run, store: Store) -> None:
    run("add-unit", "Đội [1]")
    assert "already" in run("add-unit", "Đội [1]", code=1).stderr
    run("add-unit", "Đội 2", "--no-on-duty")
    password = password_in(run("add-officer", "Lan", "Trần Thị Lan"))
    assert Officers(store, now).unlock("lan", password)
    assert "already" in run("add-officer", "lan", "Lan", code=1).stderr
    assert "no such unit" in run("add-officer", "hoa", "Hoa", "--unit", "9", code=1).stderr
    assert "a login has" in run("add-officer", " ", "Hoa", code=1).stderr
    run("add-officer", "minh", "Minh", "--unit", "2")
    units = run("list-units").stdout
    assert "Đội [1]" in units and re.search(r"2 +│ Đội 2 +│ no +│ 1", units)
    assert "2 officers get new tips" in run("duty", "2", "on").stdout
    assert "no such unit" in run("duty", "7", "on", code=1).stderr
    run("duty", "2", "maybe", code=2)
    assert "line for tips is closed" not in run("duty", "2", "off").stdout
    assert "line for tips is closed" in run("duty", "1", "off").stdout
    officers = run("list-officers").stdout
    assert re.search(r"lan +│ Trần Thị Lan +│ Đội \[1\] +│ yes +│ no", officers)
    assert password not in officers


def test_an_officer_leaves(run: Run, store: Store) -> None:
    run("add-unit", "Đội 1")
    password = password_in(run("add-officer", "lan", "Lan"))
    deposit(store)
    assert "1 tips can be opened by this officer alone" in run("deactivate-officer", "lan", code=1).stderr
    assert Officers(store, now).unlock("lan", password)
    out = run("deactivate-officer", "lan", "--force").stdout
    assert "revoke" in out and "line for tips is closed" in out
    assert Officers(store, now).unlock("lan", password) is None
    assert "no active officer" in run("deactivate-officer", "lan", code=1).stderr


def test_the_custodians_drill(run: Run, store: Store) -> None:
    """What docs/officers.md tells to do, from an officer without custodians to one with a new password."""
    run("add-unit", "Đội 1")
    old = password_in(run("add-officer", "lan", "Lan"))
    before = Officers(store, now).unlock("lan", old)
    secrets = {login: f"câu dài của {login}" for login in ("mai", "hoa", "tuyet", "thu")}
    for number, login in enumerate(("mai", "hoa", "tuyet"), 1):
        done = run("add-custodian", login, f"Bà {login}", typed=f"{secrets[login]}\n{secrets[login]}\n")
        assert secrets[login] not in done.output
        assert ("fewer than 3" in done.stderr) == (number < 3)
    assert "one sign-in" in done.stderr  # lan's key is not with them yet
    assert "replace one of them" in run("add-custodian", "thu", "Thu", typed=("x" * 12 + "\n") * 2, code=1).stderr
    asked = f"mai\n{secrets['mai']}\nhoa\n{secrets['hoa']}\n"
    assert "signs in" in run("recover-officer", "lan", typed=asked, code=1).stderr
    assert Officers(store, now).unlock("lan", old)
    done = run("recover-officer", "lan", typed=asked)
    new = password_in(done)
    assert not any(secret in done.output for secret in (*secrets.values(), old))
    after = Officers(store, now).unlock("lan", new)
    assert before and after and before.keys == after.keys
    assert Officers(store, now).unlock("lan", old) is None
    alone = f"mai\n{secrets['mai']}\nmai\n{secrets['mai']}\n"
    assert "two different custodians" in run("recover-officer", "lan", typed=alone, code=1).stderr
    run("replace-custodian", "hoa", "thu", "Thu", typed=f"{secrets['thu']}\n{secrets['thu']}\n")
    assert "two different custodians" in run("recover-officer", "lan", typed=asked, code=1).stderr
    assert (
        "no active custodian" in run("replace-custodian", "hoa", "ha", "Hà", typed=("y" * 12 + "\n") * 2, code=1).stderr
    )
    listed = run("list-custodians").stdout
    assert re.search(r"hoa +│ Bà hoa +│ no +│ 0", listed) and re.search(r"mai +│ Bà mai +│ yes +│ 1", listed)


@pytest.mark.parametrize("typed", ["short\nshort\n", "a long password\nanother long one\n" * 2, ""])
def test_a_custodians_password_is_typed_twice_and_long(run: Run, typed: str, store: Store) -> None:
    run("add-custodian", "mai", "Mai", typed=typed, code=1)
    assert "mai" not in run("list-custodians").stdout


def test_retention(run: Run, store: Store) -> None:
    run("add-unit", "Đội 1")
    run("add-officer", "lan", "Lan")
    for days_ago in (400, 400, 400, 360, 0):
        deposit(store, days_ago)
    with store.read() as session:
        ids = session.scalars(select(Tip.id).order_by(Tip.number)).all()
    run("hold", "1", "--reason", "Toà án yêu cầu")
    later = f"{now() + timedelta(days=30):%d/%m/%Y}"
    run("keep", ids[1], "--until", later, "--reason", "đang xác minh")
    shown = run("retention").stdout
    assert "open: 365 days after last word (new, reading, working, passed_on)" in shown
    assert "closed: 90 days after closed on (closed)" in shown and "drafts: 24 hours" in shown
    assert "within 3 days: 1 tips" in shown and "within 14 days: 2 tips" in shown
    assert re.search(r"3 +│ open", shown) and re.search(r"4 +│ open", shown)
    dry = run("purge", "--dry-run").stdout
    assert "would go: 1 tips (open 1) with 0 parts; kept: 1 on legal hold, 1 postponed" in dry
    assert _ids(store) == list(ids)
    assert "purged: 1 tips (open 1)" in run("purge").stdout
    assert _ids(store) == [ids[0], ids[1], ids[3], ids[4]]
    run("release", ids[0], "--reason", "xong")
    assert "purged: 1 tips" in run("purge").stdout
    assert _ids(store) == [ids[1], ids[3], ids[4]]
    assert not any(tip_id in shown + dry for tip_id in ids)


def test_clear_errors_of_retention(run: Run, store: Store) -> None:
    run("add-unit", "Đội 1")
    run("add-officer", "lan", "Lan")
    deposit(store)
    assert "no tip has that number" in run("hold", "9", "--reason", "vì thế", code=1).stderr
    assert "say why" in run("hold", "1", "--reason", "  ", code=1).stderr
    assert "the day has to come" in run("keep", "1", "--until", "2020-01-01", "--reason", "vì thế", code=1).stderr
    run("keep", "1", "--until", "soon", "--reason", "vì thế", code=2)
    run("hold", "1", code=2)
    with store.begin() as session:
        session.execute(update(Tip).values(status="closed"))
    assert "1 closed tips have no closing day" in run("retention").stdout


def _ids(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Tip.id).order_by(Tip.number)))


def test_duty_addresses(run: Run, store: Store) -> None:
    run("add-unit", "Đội 1")
    for url in (
        "https://bell.example/ring?token=s3cret",
        "http://127.0.0.1:8081/x",
        "http://localhost/x",
        "http://[::1]/x",
    ):
        run("add-duty-address", "1", url)
    run("add-duty-address", "1", typed="https://unseen.example/s3cret\n")
    for url in (
        "http://bell.example/x",
        "ftp://bell.example",
        "bell.example",
        "https://",
        "https://[x",
        "https://a b",
        "x",
    ):
        assert "address" in run("add-duty-address", "1", url, code=1).stderr
    assert "begins with https://" in run("add-duty-address", "1", "HTTP://10.0.0.7/x", code=1).stderr
    assert "at most 500" in run("add-duty-address", "1", "https://bell.example/" + "x" * 500, code=1).stderr
    assert "no such unit" in run("add-duty-address", "2", "https://bell.example", code=1).stderr
    listed = run("list-duty-addresses").stdout
    assert "https://bell.example" in listed and "http://[::1]" in listed and "https://unseen.example" in listed
    assert "s3cret" not in listed
    run("remove-duty-address", "1")
    assert "no such address" in run("remove-duty-address", "1", code=1).stderr
    with store.read() as session:
        assert len(session.scalars(select(DutyAddress)).all()) == 4
        details = [row.detail for row in session.scalars(select(Audit).where(Audit.act == "duty_address"))]
    assert details[0] == {"unit": 1, "added": 1} and details[-1] == {"unit": 1, "removed": 1}


def test_self_check_has_an_exit_code(run: Run, data: Path) -> None:
    assert "fault: " in run("self-check", code=1).stdout
    house = House(Settings(data=data))
    house.migrate()
    first_accounts(house)
    house.close()
    out = run("self-check").stdout
    assert "The line for tips is open." in out and "fault: " not in out
    assert "warning: there are fewer than 3 custodians" in out
    right, wrong = (f"{now() + timedelta(hours=h):%a, %d %b %Y %H:%M:%S} GMT" for h in (0, 2))
    run("self-check", "--date", right)
    assert "clock is off" in run("self-check", "--date", wrong, code=1).stdout
    run("self-check", "--date", "yesterday", code=2)
    run("duty", "1", "off")
    told = run("self-check", code=1).stdout
    assert "fault: no active officer is in a unit on duty" in told and "closed" in told
    run("self-check", "--only", "organiser")


def test_after_a_clock_that_ran_ahead(run: Run, data: Path) -> None:
    ahead = House(Settings(data=data), lambda: now() + timedelta(days=50))
    ahead.migrate()
    first_accounts(ahead)
    deposit(ahead.police, days_ago=-40)
    ahead.close()
    assert "behind the newest row of the police's store" in run("self-check", code=1).stdout
    run("clock-is-right", typed="n\n", code=1)
    run("self-check", code=1)
    assert "3 rows" in run("clock-is-right", typed="y\n").stdout  # two acts and a tip
    run("self-check")
    assert "0 rows" in run("clock-is-right", "--yes").stdout


def test_a_store_that_cannot_be_used_is_a_sentence(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "police.db").write_bytes(b"this is no database" * 100)
    assert "the store cannot be used" in run("list-units", code=1).stderr
