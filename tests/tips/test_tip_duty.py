"""Calls to the units on duty: over real HTTP, always the same bytes, never lost, never a storm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db.police import DutyAddress, DutyCall, Unit
from tests.kit.serving import Serving
from tests.tips.kit import House
from tips.police.duty import BODY, MOST_TRIES, QUIET, SPACING, Caller, pause, ring

SECRET = "mot-dau-hieu-trong-dia-chi"


@dataclass
class Receiver:
    """A duty officers' pager: keeps what came, answers with `status`."""

    status: int = 204
    came: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    elsewhere: int = 0

    def app(self) -> Starlette:
        async def call(request: Request) -> Response:
            self.came.append((await request.body(), dict(request.headers)))
            if self.status == 307:
                return RedirectResponse("/elsewhere")
            return Response(status_code=self.status)

        async def elsewhere(request: Request) -> Response:
            self.elsewhere += 1
            return Response(status_code=204)

        return Starlette(routes=[Route(f"/{SECRET}", call, methods=["POST"]), Route("/elsewhere", elsewhere)])


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def server(receiver: Receiver) -> Iterator[Serving]:
    with Serving(receiver.app()) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def address(house: House, url: str, unit: str = "Đội trực", on_duty: bool = True) -> int:
    with house.police_store.begin() as session:
        found = session.scalar(select(Unit).where(Unit.name == unit)) or Unit(name=unit, on_duty=on_duty)
        session.add(found)
        session.flush()
        made = DutyAddress(unit_id=found.id, url=url)
        session.add(made)
        session.flush()
        return made.id


def danger(house: House, times: int = 1) -> None:
    for _ in range(times):
        with house.police_store.begin() as session:
            ring(session, house.clock())


def waiting(house: House) -> list[int]:
    """The tries of the calls that were not made yet."""
    with house.police_store.read() as session:
        return list(session.scalars(select(DutyCall.tries).order_by(DutyCall.id)))


async def until(reached: Callable[[], bool]) -> None:
    """Waits at most the five seconds in which calls have to come."""
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - the receiver lives in another thread and loop
            await asyncio.sleep(0.01)


async def test_a_call_comes_within_five_seconds_of_the_commit(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    stop = asyncio.Event()
    running = asyncio.create_task(Caller(house.police_store, house.clock, client).run(stop))
    await asyncio.sleep(0)
    await asyncio.to_thread(danger, house)
    await until(lambda: len(receiver.came) == 1)
    stop.set()
    await running
    assert receiver.came[0][0] == BODY
    assert waiting(house) == []


async def test_every_call_is_the_same(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    caller = Caller(house.police_store, house.clock, client)
    for _ in range(3):
        danger(house)
        await caller.round()
        house.clock.move(hours=7)
    assert len(receiver.came) == 3
    assert len({(body, tuple(sorted(headers.items()))) for body, headers in receiver.came}) == 1, "no date, no number"
    assert BODY.decode() == '{"lachan": "xem hộp thư"}'


async def test_only_units_on_duty_are_called_each_at_every_address(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    for unit, on_duty in (("Đội trực", True), ("Đội trực", True), ("Đội hai", True), ("Đội nghỉ", False)):
        address(house, f"{server.url}/{SECRET}", unit, on_duty)
    danger(house)
    await Caller(house.police_store, house.clock, client).round()
    assert len(receiver.came) == 3


async def test_a_flood_rings_once_a_minute(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    caller = Caller(house.police_store, house.clock, client)
    for second in range(120):
        danger(house, times=3)
        await caller.round()
        assert len(waiting(house)) <= 1
        assert len(receiver.came) == 1 + second // QUIET.seconds
        house.clock.move(seconds=1)
    for _ in range(3):
        await caller.round()
        house.clock.move(minutes=1)
    assert len(receiver.came) == 3, "what came last is told, too, and then there is silence"
    assert waiting(house) == []


async def test_what_comes_while_a_call_is_made_rings_again(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    caller = Caller(house.police_store, house.clock, client)
    danger(house)
    taken = await caller._look()
    danger(house)  # the call is under way: it may be read before this tip is there
    for due in taken:
        await caller._call(due)
    assert waiting(house) == [0]
    house.clock.move(seconds=QUIET.seconds)
    await caller.round()
    assert len(receiver.came) == 2


@pytest.mark.parametrize("status", [500, 404, 307])
async def test_an_address_that_does_not_take_a_call_gets_it_again(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient, status: int
) -> None:
    receiver.status = status
    address(house, f"{server.url}/{SECRET}")
    caller = Caller(house.police_store, house.clock, client)
    danger(house)
    await caller.round()
    await caller.round()
    assert (len(receiver.came), waiting(house)) == (1, [1])
    house.clock.move(seconds=SPACING.seconds)
    await caller.round()
    assert (len(receiver.came), waiting(house)) == (2, [2])
    receiver.status = 204
    house.clock.move(seconds=SPACING.seconds)
    await caller.round()
    assert (len(receiver.came), waiting(house)) == (3, [])
    assert receiver.elsewhere == 0, "a call goes nowhere else"


async def test_a_receiver_that_is_away_is_called_when_it_is_back(
    house: House, receiver: Receiver, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    server = Serving(receiver.app())
    server._socket.close()
    address(house, f"{server.url}/{SECRET}")
    caller = Caller(house.police_store, house.clock, client)
    danger(house)
    with caplog.at_level(logging.DEBUG, "tips.police.duty"):
        for _ in range(20):
            await caller.round()
            house.clock.move(minutes=1)
    assert waiting(house) == [20]
    assert "could not be reached" in caplog.text
    assert SECRET not in caplog.text
    with Serving(receiver.app(), server.port):
        await caller.round()
    assert [body for body, _ in receiver.came] == [BODY]
    assert waiting(house) == []


async def test_after_an_hour_a_call_is_given_up(house: House, client: httpx.AsyncClient) -> None:
    address(house, "http://127.0.0.1:9/")
    caller = Caller(house.police_store, house.clock, client)
    danger(house)
    began = house.clock()
    while waiting(house):
        await caller.round()
        house.clock.move(seconds=10)
    assert 3600 < (house.clock() - began).total_seconds() < 4200
    assert sum(pause(tries).seconds for tries in range(1, MOST_TRIES)) == pytest.approx(3600, rel=0.15)


async def test_a_slow_address_holds_up_no_other(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    held = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)  # takes calls and never answers
    address(house, f"http://127.0.0.1:{held.sockets[0].getsockname()[1]}/")
    stop = asyncio.Event()
    running = asyncio.create_task(Caller(house.police_store, house.clock, client).run(stop))
    await asyncio.to_thread(danger, house)
    await until(lambda: waiting(house) == [1])  # the first address is being called
    address(house, f"{server.url}/{SECRET}")
    await asyncio.to_thread(danger, house)
    await until(lambda: len(receiver.came) == 1)
    stop.set()
    await running
    held.close()
    assert len(waiting(house)) >= 1, "the first one's call is still there"


@pytest.mark.parametrize("url", ["http://[", "gopher://x/", ""])
async def test_an_address_that_is_none_stops_nothing(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient, url: str
) -> None:
    address(house, url)
    address(house, f"{server.url}/{SECRET}")
    danger(house)
    await Caller(house.police_store, house.clock, client).round()
    assert len(receiver.came) == 1


async def test_a_process_that_dies_while_it_calls_loses_nothing(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    danger(house)
    dead = Caller(house.police_store, house.clock, client)
    assert len(await dead._look()) == 1  # taken, and then the process was gone
    assert receiver.came == []
    house.clock.move(seconds=pause(1).seconds)
    await Caller(house.police_store, house.clock, client).round()
    assert len(receiver.came) == 1
    assert waiting(house) == []


async def test_two_processes_make_one_call(
    house: House, receiver: Receiver, server: Serving, client: httpx.AsyncClient
) -> None:
    address(house, f"{server.url}/{SECRET}")
    danger(house)
    callers = [Caller(house.police_store, house.clock, client) for _ in range(4)]
    await asyncio.gather(*(caller.round() for caller in callers))
    assert len(receiver.came) == 1


def test_a_tip_that_is_not_kept_calls_nobody(house: House) -> None:
    address(house, "http://127.0.0.1:9/")
    with pytest.raises(OSError, match="full"), house.police_store.begin() as session:
        ring(session, house.clock())
        raise OSError("the disk is full")
    assert waiting(house) == []


def test_an_address_is_in_no_repr(house: House) -> None:
    address(house, f"http://127.0.0.1:9/{SECRET}")
    danger(house)
    assert SECRET not in repr(Caller(house.police_store, house.clock, httpx.AsyncClient())._take())
