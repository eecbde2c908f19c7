"""Who gets in: over real sockets, only the bot's certificate of this authority, only TLS 1.3."""

from __future__ import annotations

import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from intake import IntakeError, intake_app, listening
from lachan.certificates import Folders, make_certificates
from tests.intake.kit import HOST, Clock, PoliceMachine, bot_machine, closing
from tips.citizen.courier import Away
from tips.citizen.remote import client_context

REQUEST = b"GET /intake/v1/recipients HTTP/1.1\r\nHost: police\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Certificates of another authority."""
    return make_certificates(tmp_path_factory.mktemp("stranger"), [HOST])


def answered(machine: PoliceMachine, context: ssl.SSLContext) -> bytes:
    """What a client with this context gets for a request: every byte of it."""
    got = b""
    try:
        with (
            socket.create_connection((HOST, machine.port), 5) as raw,
            context.wrap_socket(raw, server_hostname=HOST) as line,
        ):
            line.sendall(REQUEST)
            while piece := line.recv(65536):
                got += piece
    except (ssl.SSLError, ConnectionError):
        pass
    return got


def trusting(authority: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority / "authority.pem")
    return context


def ask_in_vain(folder: Path, url: str, certificates: Path, clock: Clock) -> None:
    """The bot's own client, which does not shake hands with this server."""
    with closing(bot_machine(folder, url, certificates, clock)) as bot, pytest.raises(Away, match="ConnectError"):
        bot.dropbox.recipients()


def test_the_bot_is_answered(police: PoliceMachine, certificates: Folders) -> None:
    answer = answered(police, client_context(certificates.bot))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"uvicorn" not in answer and b"date:" not in answer.lower()


def test_without_a_certificate_no_byte(police: PoliceMachine, certificates: Folders) -> None:
    assert answered(police, trusting(certificates.bot)) == b""


def test_of_another_authority_no_byte(police: PoliceMachine, certificates: Folders, stranger: Folders) -> None:
    context = trusting(certificates.bot)
    context.load_cert_chain(stranger.bot / "client.pem", stranger.bot / "client.key")
    assert answered(police, context) == b""


def test_a_server_s_certificate_cannot_ask(police: PoliceMachine, certificates: Folders) -> None:
    context = trusting(certificates.bot)
    context.load_cert_chain(certificates.police / "server.pem", certificates.police / "server.key")
    assert answered(police, context) == b""


def test_a_certificate_that_is_over_no_byte(tmp_path: Path, clock: Clock) -> None:
    old = make_certificates(tmp_path / "old", [HOST], datetime.now(UTC) - timedelta(days=731))
    machine = PoliceMachine(tmp_path, old, clock)
    with closing(machine.start()):
        context = client_context(old.bot)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # this client would talk to anybody
        assert answered(machine, context) == b""


def test_below_tls_1_3_no_byte(police: PoliceMachine, certificates: Folders) -> None:
    context = trusting(certificates.bot)
    context.load_cert_chain(certificates.bot / "client.pem", certificates.bot / "client.key")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert answered(police, context) == b""


def test_without_tls_no_byte_of_an_answer(police: PoliceMachine) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{HOST}:{police.port}/intake/v1/recipients", trust_env=False)


def test_the_bot_trusts_no_other_server(tmp_path: Path, stranger: Folders, certificates: Folders, clock: Clock) -> None:
    machine = PoliceMachine(tmp_path, stranger, clock)
    with closing(machine.start()):
        ask_in_vain(tmp_path, machine.url, certificates.bot, clock)


def test_the_bot_trusts_no_server_with_a_client_s_certificate(
    tmp_path: Path, certificates: Folders, clock: Clock
) -> None:
    false = tmp_path / "false"
    shutil.copytree(certificates.police, false)
    shutil.copy(certificates.bot / "client.pem", false / "server.pem")
    shutil.copy(certificates.bot / "client.key", false / "server.key")
    machine = PoliceMachine(tmp_path, Folders(false, false, false), clock)
    with closing(machine.start()):
        ask_in_vain(tmp_path, machine.url, certificates.bot, clock)


def test_the_bot_looks_at_the_name(tmp_path: Path, clock: Clock) -> None:
    elsewhere = make_certificates(tmp_path / "elsewhere", ["police.example"])
    machine = PoliceMachine(tmp_path, elsewhere, clock)
    with closing(machine.start()):
        ask_in_vain(tmp_path, machine.url, elsewhere.bot, clock)


async def test_the_intake_does_not_open_without_its_certificates(tmp_path: Path, police: PoliceMachine) -> None:
    with pytest.raises(IntakeError, match="make-certificates"):
        async with listening(intake_app(police.dropbox), HOST, 0, tmp_path):
            pass


async def test_a_port_that_is_taken_is_a_sentence(police: PoliceMachine, certificates: Folders) -> None:
    with pytest.raises(IntakeError, match="LACHAN_INTAKE_PORT"):
        async with listening(intake_app(police.dropbox), HOST, police.port, certificates.police):
            pass
