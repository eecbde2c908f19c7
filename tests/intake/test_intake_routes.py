"""What the intake answers to requests as they come off the line, and what it leaves in the log: nothing of anybody."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import update
from starlette.requests import Request
from starlette.types import Message

from db.police import Tip, Unit
from intake.body import BigTurn, BodyError, read_body
from lachan.certificates import Folders
from tests.intake.kit import HOST, BotMachine, PoliceMachine, a_part, a_tip, count
from tips import wire
from tips.citizen.remote import client_context
from tips.wire import Addition, Fault


@pytest.fixture
def client(police: PoliceMachine, certificates: Folders) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{police.url}/intake/v1/", verify=client_context(certificates.bot), trust_env=False
    ) as client:
        yield client


def fault_of(response: httpx.Response) -> tuple[int, Fault]:
    return response.status_code, wire.FAULT.unpack(response.content)


def test_statuses(client: httpx.Client, police: PoliceMachine) -> None:
    tip = a_tip(police.dropbox.recipients())
    part = a_part(tip.id, tip.tip_key, 1)
    missing = client.post("parts", content=wire.ADDITION.pack(Addition(part, False)))
    assert fault_of(missing) == (404, Fault.UNKNOWN_TIP)
    taken = client.post("tips", content=wire.TIP.pack(tip))
    assert (taken.status_code, wire.DONE.unpack(taken.content)) == (200, True)
    assert taken.headers["content-type"] == "application/vnd.msgpack"
    second = replace(part, position=0)
    assert fault_of(client.post("parts", content=wire.ADDITION.pack(Addition(second, False)))) == (
        409,
        Fault.POSITION_TAKEN,
    )
    stranger = replace(a_tip(police.dropbox.recipients()), lookup=tip.lookup)
    assert fault_of(client.post("tips", content=wire.TIP.pack(stranger))) == (500, Fault.FAILED)
    with police.store.begin() as session:
        session.execute(update(Unit).values(on_duty=False))
    assert fault_of(client.get("recipients")) == (503, Fault.NOBODY_ON_DUTY)


@pytest.mark.parametrize("path", ["tips", "parts", "find", "answers", "counts"])
@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x92\x01\x80", b"{}", bytes(300)])
def test_what_is_no_message(client: httpx.Client, path: str, body: bytes) -> None:
    assert fault_of(client.post(path, content=body)) == (400, Fault.UNREADABLE)


def test_too_large(client: httpx.Client, police: PoliceMachine) -> None:
    assert fault_of(client.post("find", content=bytes(wire.SMALL_LIMIT + 1))) == (413, Fault.TOO_LARGE)


async def test_a_body_that_does_not_say_how_large_it_is_is_cut_off_at_the_limit() -> None:
    given = []

    async def receive() -> Message:
        given.append(1)
        return {"type": "http.request", "body": bytes(1000), "more_body": True}

    endless = Request({"type": "http", "headers": []}, receive)
    with pytest.raises(BodyError) as caught:
        await read_body(endless, 3500)
    assert (caught.value.status, len(given)) == (413, 4)


async def test_a_body_that_does_not_come_is_not_waited_for_forever() -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(BodyError) as caught:
        await read_body(Request({"type": "http", "headers": []}, receive), 3500, seconds=0.01)
    assert caught.value.status == 408


async def test_big_bodies_take_turns() -> None:
    turn = BigTurn()
    big = Request({"type": "http", "headers": [(b"content-length", b"9000000")]})
    small = Request({"type": "http", "headers": [(b"content-length", b"9000")]})
    async with turn.of(big):
        async with turn.of(small), turn.of(small):
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), turn.of(big):
                pass
    async with turn.of(big):
        pass


def test_a_body_that_says_it_is_larger_than_a_tip_is_not_read(police: PoliceMachine, certificates: Folders) -> None:
    context = client_context(certificates.bot)
    with (
        socket.create_connection((HOST, police.port), 5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as line,
    ):
        line.sendall(b"POST /intake/v1/tips HTTP/1.1\r\nHost: x\r\nContent-Length: 250000001\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_breaks_off_leaves_nothing(
    police: PoliceMachine, certificates: Folders, client: httpx.Client
) -> None:
    packed = wire.TIP.pack(a_tip(police.dropbox.recipients()))
    context = client_context(certificates.bot)
    with (
        socket.create_connection((HOST, police.port), 5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as line,
    ):
        line.sendall(b"POST /intake/v1/tips HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(packed))
        line.sendall(packed[:-1])
    assert client.get("recipients").status_code == 200
    assert count(police.store, Tip) == 0


def test_other_methods_and_paths(client: httpx.Client) -> None:
    assert client.get("tips").status_code == 405
    assert client.post("recipients").status_code == 405
    assert client.get("/").status_code == client.get("../healthz").status_code == 404


def test_a_big_tip_goes_through(client: httpx.Client, police: PoliceMachine) -> None:
    tip = a_tip(police.dropbox.recipients(), bytes(20_000_000))
    assert client.post("tips", content=wire.TIP.pack(tip), timeout=30).status_code == 200
    assert count(police.store, Tip) == 1


def test_the_log_has_statuses_and_routes_and_nothing_of_what_was_done(
    bot: BotMachine, police: PoliceMachine, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tip = a_tip(bot.dropbox.recipients())
    ask: Callable[..., httpx.Response] = client.post
    assert ask("tips", content=wire.TIP.pack(tip)).status_code == 200
    assert ask("find", content=wire.LOOKUP.pack(tip.lookup)).status_code == 200
    assert (
        ask("parts", content=wire.ADDITION.pack(Addition(a_part("f" * 32, tip.tip_key, 1), False))).status_code == 404
    )
    assert ask("find", content=b"a word of somebody").status_code == 400
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith(("http", "asyncio"))]
    assert lines == ["/intake/v1/find answered with 400"]
