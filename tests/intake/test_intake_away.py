"""The police's machine goes away and comes back, is killed, or its answers get lost: every tip arrives, and once."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from db.police import Part, Tip
from lachan.certificates import Folders
from tests.intake.kit import (
    HOST,
    BotMachine,
    Clock,
    PoliceMachine,
    a_tip,
    add_officer,
    bot_machine,
    closing,
    count,
    police_store,
    tip_ids,
)
from tests.intake.machines import kill, start
from tips.dropbox import SealedTip
from tips.police.store import SqlDropbox


def all_there_once(machine: PoliceMachine, tips: list[SealedTip]) -> None:
    arrived = tip_ids(machine.store)
    assert len(arrived) == len(set(arrived)) == len(tips)
    assert set(arrived) == {tip.id for tip in tips}
    assert count(machine.store, Part) == sum(len(tip.parts) for tip in tips)


@pytest.mark.parametrize("hour_of_tips", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_away_for_an_hour_and_back(bot: BotMachine, police: PoliceMachine, clock: Clock, hour_of_tips: int) -> None:
    first = a_tip(bot.dropbox.recipients())
    bot.dropbox.deposit(first)
    while bot.outbox.count():
        bot.dropbox.courier.run_once()
    police.stop()
    tips = [first]
    for number in range(hour_of_tips):
        if number % 20 == 0:
            recipients = bot.dropbox.recipients()  # those of the last answer
        tips.append(a_tip(recipients))
        bot.dropbox.deposit(tips[-1])
        clock.move(seconds=3600 / hour_of_tips)
        bot.dropbox.courier.run_once()
    assert bot.outbox.count() == hour_of_tips
    assert tip_ids(police.store) == [first.id]
    police.start()
    clock.move(minutes=13)  # longer than any pause
    assert bot.dropbox.courier.run_once() == hour_of_tips
    assert bot.outbox.count() == 0
    all_there_once(police, tips)


@pytest.fixture
def sealed_tips(tmp_path: Path) -> list[SealedTip]:
    """120 tips for an officer who is in the police's store."""
    store = police_store(tmp_path)
    add_officer(store)
    recipients = SqlDropbox(store, Clock()).recipients()
    store.close()
    return [a_tip(recipients) for _ in range(120)]


def wait_for_some(store_of: PoliceMachine, more_than: int, at_most: int) -> None:
    """Until so many tips arrived, so that what is killed is in the middle of it."""
    until = time.monotonic() + 20
    while count(store_of.store, Tip) < min(more_than, at_most):
        assert time.monotonic() < until, "nothing arrives"
        time.sleep(0.002)


@pytest.mark.parametrize("rounds", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_either_machine_killed_in_the_middle(
    tmp_path: Path, certificates: Folders, sealed_tips: list[SealedTip], rounds: int
) -> None:
    rng = random.Random(4)
    machine = PoliceMachine(tmp_path, certificates, Clock())
    machine.start()  # finds a free port for the processes
    machine.stop()
    with closing(bot_machine(tmp_path, machine.url, certificates.bot, Clock())) as filling:
        for tip in sealed_tips:
            filling.outbox.put(tip)
    arrived = 0
    killed_at = list[int]()
    police = start("police", tmp_path, machine.port, certificates.police)
    for round_ in range(rounds):
        bot = start("bot", tmp_path, machine.url, certificates.bot)
        wait_for_some(machine, arrived + rng.randint(3, 20), len(sealed_tips))
        kill(bot if round_ % 2 else police)
        arrived = count(machine.store, Tip)
        killed_at.append(arrived)
        if round_ % 2 == 0:
            police = start("police", tmp_path, machine.port, certificates.police)
        kill(bot)
    assert 0 < killed_at[0] < killed_at[-1] < len(sealed_tips)  # really in the middle
    kill(police)
    later = Clock()
    later.at = later.at.replace(year=2200)  # every pause is over
    machine.start()
    with closing(machine), closing(bot_machine(tmp_path, machine.url, certificates.bot, later)) as last:
        assert last.outbox.count() > 0
        last.dropbox.courier.run_once()
        assert last.outbox.count() == 0
        all_there_once(machine, sealed_tips)


@contextmanager
def losing_answers(port: int, lose: int) -> Iterator[tuple[int, list[int]]]:
    """A line to the intake that breaks when a tip's answer comes back, for so many tips: gives its port and the breaks.

    The server says nothing between shaking hands and the answer, and answers after the commit; a tip is bigger than what
    a client says to shake hands.
    """
    broken = list[int]()
    lock = threading.Lock()
    door = socket.create_server((HOST, 0))

    def carry(client: socket.socket, server: socket.socket, sent: list[int]) -> None:
        with suppress(OSError):
            while piece := client.recv(65536):
                sent[0] += len(piece)
                server.sendall(piece)
        hang_up(client, server)

    def carry_back(client: socket.socket, server: socket.socket, sent: list[int]) -> None:
        with suppress(OSError):
            while piece := server.recv(65536):
                with lock:
                    lost = sent[0] > 30_000 and len(broken) < lose
                    if lost:
                        broken.append(1)
                if lost:
                    break
                client.sendall(piece)
        hang_up(client, server)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = door.accept()
                server, sent = socket.create_connection((HOST, port)), [0]
                for work in (carry, carry_back):
                    threading.Thread(target=work, args=(client, server, sent), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield door.getsockname()[1], broken
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


def hang_up(*lines: socket.socket) -> None:
    for line in lines:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()


def test_answers_that_are_lost_after_the_commit(
    tmp_path: Path, police: PoliceMachine, certificates: Folders, clock: Clock
) -> None:
    tips = [a_tip(police.dropbox.recipients(), bytes(30_000)) for _ in range(20)]
    with losing_answers(police.port, lose=25) as (port, broken):
        url = f"https://{HOST}:{port}"
        with closing(bot_machine(tmp_path, url, certificates.bot, clock)) as bot:
            for tip in tips:
                bot.outbox.put(tip)
            bot.dropbox.courier.run_once()
            lost = len(broken)
            assert lost >= 1
            assert bot.outbox.count() == len(tips)  # nothing is taken for delivered without an answer
            assert count(police.store, Tip) == lost  # although it was
            for _ in range(200):
                clock.move(minutes=1)
                bot.dropbox.courier.run_once()
                if not bot.outbox.count():
                    break
            assert bot.outbox.count() == 0
            assert len(broken) == 25
    all_there_once(police, tips)
