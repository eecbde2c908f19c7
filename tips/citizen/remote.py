"""The dropbox on the police's own machine, over mutual TLS; tips go through the outbox, so that none depends on the line."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import httpx

from tips import wire
from tips.citizen.courier import Away, Courier
from tips.citizen.kept import KeptRecipients
from tips.citizen.outbox import Outbox
from tips.dropbox import (
    DropboxError,
    NobodyOnDuty,
    OnItsWay,
    PositionTaken,
    Recipient,
    SealedMessage,
    SealedPart,
    SealedTip,
    TipAddress,
    UnknownTip,
)
from tips.wire import Fault, Shape, WireError

_ASKING = httpx.Timeout(3.0, connect=2.0)  # seconds; somebody waits
_ADDING = httpx.Timeout(60.0, connect=2.0)
_DELIVERING = httpx.Timeout(120.0, connect=5.0)  # nobody waits
_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=60.0)
_HEADERS = {"content-type": "application/vnd.msgpack", "user-agent": "lachan"}
_FAULTS: dict[Fault, type[DropboxError]] = {
    Fault.NOBODY_ON_DUTY: NobodyOnDuty,
    Fault.UNKNOWN_TIP: UnknownTip,
    Fault.POSITION_TAKEN: PositionTaken,
}


class RemoteDropbox:
    """Implements `tips.dropbox.Dropbox`; any thread may call. The house runs `courier.run` and calls `close`.

    An asking waits for a silent machine 2 seconds to connect and 3 to answer; a deposit waits for the citizens' store only.
    """

    def __init__(
        self,
        base_url: str,
        certificates: Path,
        outbox: Outbox,
        kept: KeptRecipients,
        now: Callable[[], datetime],
    ) -> None:
        """`base_url`: https, host and port. `certificates`: a folder with authority.pem, client.pem and client.key.

        Raises ValueError if the address is not https, OSError (also ssl.SSLError) if a certificate cannot be used.
        """
        if not base_url.startswith("https://"):
            raise ValueError("the address of the police's machine begins with https://")
        self._client = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/intake/v1/",
            verify=client_context(certificates),
            trust_env=False,
            follow_redirects=False,
            timeout=_ASKING,
            limits=_LIMITS,
            headers=_HEADERS,
        )
        self._outbox = outbox
        self._kept = kept
        self.courier = Courier(outbox, self._deliver, now)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def recipients(self) -> list[Recipient]:
        """As the port says. When the machine is away: whom it named last, within 7 days."""
        try:
            found = self._ask("GET", "recipients", None, wire.RECIPIENTS)
        except NobodyOnDuty:
            raise
        except DropboxError:
            if kept := self._kept.load():
                return kept
            raise
        with contextlib.suppress(DropboxError):  # the citizen's tip does not depend on it
            self._kept.keep(found)
        return found

    def deposit(self, tip: SealedTip) -> None:
        """As the port says: the tip is safe in the outbox, and at once on its way."""
        self._outbox.put(tip)
        self.courier.nudge()

    def find(self, lookup: bytes) -> TipAddress | None:
        """As the port says. Raises OnItsWay for a tip that is still in the outbox."""
        waiting = self._outbox.holds(lookup)  # before asking: in between the tip may arrive, but not get lost
        try:
            address = self._ask("POST", "find", wire.LOOKUP.pack(lookup), wire.ADDRESS)
        except DropboxError:
            if waiting:
                raise OnItsWay from None
            raise
        if address is None and waiting:
            raise OnItsWay
        return address

    def add(self, part: SealedPart, danger: bool = False) -> None:
        """As the port says."""
        try:
            packed = wire.ADDITION.pack(wire.Addition(part, danger))
        except WireError:
            raise DropboxError("no message can carry this part") from None
        self._ask("POST", "parts", packed, wire.DONE, _ADDING)

    def answers(self, lookup: bytes) -> list[SealedMessage]:
        """As the port says."""
        return self._ask("POST", "answers", wire.LOOKUP.pack(lookup), wire.MESSAGES)

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        """As the port says."""
        counts = list[int]()
        for some in wire.lookups_in_turn(lookups):
            found = self._ask("POST", "counts", wire.LOOKUPS.pack(some), wire.COUNTS)
            if len(found) != len(some):
                raise DropboxError("the police's machine counted something else")
            counts += found
        return counts

    def _deliver(self, packed: bytes) -> None:
        self._ask("POST", "tips", packed, wire.DONE, _DELIVERING)

    def _ask[T](
        self, method: str, path: str, content: bytes | None, given: Shape[T], timeout: httpx.Timeout = _ASKING
    ) -> T:
        """Asks once. Raises Away, or the DropboxError that the answer stands for."""
        try:
            with self._client.stream(method, path, content=content, timeout=timeout) as response:
                body = _read(response, given.limit)
        except (httpx.TransportError, ssl.SSLError) as error:
            raise Away(f"the police's machine cannot be reached: {type(error).__name__}") from None
        try:
            if response.status_code == httpx.codes.OK:
                return given.unpack(body)
            fault = wire.FAULT.unpack(body)
        except WireError:
            raise DropboxError(f"the police's machine gave no such answer (status {response.status_code})") from None
        raise _FAULTS.get(fault, DropboxError)(f"the police's machine says: {fault.value}")


def client_context(folder: Path) -> ssl.SSLContext:
    """TLS 1.3 with the bot's certificate; trusts the one authority and nobody else. Raises OSError (also ssl.SSLError)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(folder / "authority.pem")
    context.load_cert_chain(folder / "client.pem", folder / "client.key")
    return context


def _read(response: httpx.Response, limit: int) -> bytearray:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > limit:
            raise DropboxError("the police's machine answered too much")
    return body
