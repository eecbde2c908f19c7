"""Sends a told tip once, however often it is tried and wherever the process was killed in between.

Code and tip id are kept, sealed, before the tip is deposited, and a deposit is idempotent by the tip's id. What was told
between two tries, when the first had got there after all, goes along as additions.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from tips.citizen.drafts import Drafts, ToldFile
from tips.citizen.places import Places
from tips.citizen.sealing import report_of, seal_for, seal_original_for, seal_tip
from tips.citizen.steps import Draft, Sending, fingerprint
from tips.dropbox import Dropbox, DropboxError, OnItsWay, SealedPart, TipAddress
from tips.envelope import CodeKeys, Cost, Kind, derive
from tips.report import Report

TellLane = Callable[[str, Report, int], str]  # ref, report, number of files → why it is in the slow lane, or ""
HEAVY = 8 * 1024 * 1024  # bytes of files
_ONE_HEAVY = threading.Lock()  # measured: a tip of 60 MB takes up to 350 MB while it is sealed
log = logging.getLogger(__name__)


class Sender:
    """Synchronous; calls for one `ref` must come one after the other."""

    def __init__(
        self, drafts: Drafts, dropbox: Dropbox, places: Places, pepper: bytes, cost: Cost, lane: TellLane
    ) -> None:
        self._drafts = drafts
        self._dropbox = dropbox
        self._places = places
        self._pepper = pepper
        self._cost = cost
        self._lane = lane

    def send(self, ref: str, draft: Draft, language: str) -> str:
        """Gives the code, once the tip is safe. Raises NobodyOnDuty, DropboxError: then all is still there."""
        sending = draft.sending or Sending.new()
        keys = derive(sending.code, self._pepper, self._cost)
        with _ONE_HEAVY if self._drafts.weigh(ref).size > HEAVY else contextlib.nullcontext():
            self._send(ref, draft, sending, keys, language)
        return self._finish(ref, sending)

    def _send(self, ref: str, draft: Draft, sending: Sending, keys: CodeKeys, language: str) -> None:
        files = self._drafts.files(ref)
        address = self._address(draft, keys, files)
        if address is None:
            self._deposit(ref, draft, sending, keys, files, language)
        else:
            self._add_rest(address, draft, sending, keys, files)

    def _address(self, draft: Draft, keys: CodeKeys, files: Sequence[ToldFile]) -> TipAddress | None:
        """Where the tip is, if an earlier try got there. Raises DropboxError if that cannot be asked and matters."""
        if draft.sending is None:
            return None
        try:
            return self._dropbox.find(keys.lookup)
        except DropboxError:
            if draft.sending.took(draft.answers, [file.id for file in files]):
                return None  # unchanged, it may go twice: the first one counts
            raise

    def arrived(self, ref: str, draft: Draft) -> str:
        """The code, if a try got there whose answer was lost; else "". Raises DropboxError: nobody can tell."""
        if draft.sending is None:
            return ""
        try:
            there = self._dropbox.find(bytes.fromhex(draft.sending.lookup)) is not None
        except OnItsWay:
            there = True
        return self._finish(ref, draft.sending) if there else ""

    def _deposit(
        self,
        ref: str,
        draft: Draft,
        sending: Sending,
        keys: CodeKeys,
        files: Sequence[ToldFile],
        language: str,
    ) -> None:
        recipients = self._dropbox.recipients()
        report = report_of(draft, self._places, language)
        if draft.sending is None:
            sending.lookup, sending.lane = keys.lookup.hex(), self._lane_of(ref, report, len(files))
        sending.take(draft.answers, (file.id for file in files))
        draft.sending = sending
        self._drafts.save(ref, draft)  # before the deposit: a kill must not leave a tip whose code nobody knows
        enclosures = ((file.content, file.original) for file in files)
        self._dropbox.deposit(seal_tip(report, enclosures, recipients, keys, tip_id=sending.tip_id, lane=sending.lane))

    def _add_rest(
        self, address: TipAddress, draft: Draft, sending: Sending, keys: CodeKeys, files: Sequence[ToldFile]
    ) -> None:
        """What an earlier try, which got there, did not take along."""
        for part in _rest(address, draft, sending, keys, files):
            self._dropbox.add(part, danger=draft.danger)

    def _finish(self, ref: str, sending: Sending) -> str:
        # The tip is safe: whatever happens to the draft now (it ends by itself), the code must be shown.
        with contextlib.suppress(Exception):
            self._drafts.mark_sent(ref, sending)
        return sending.code

    def _lane_of(self, ref: str, report: Report, files: int) -> str:
        try:
            return self._lane(ref, report, files)
        except Exception as error:  # no tip is lost over the order in which it will be read
            log.warning("the lane of a tip could not be told: %s", type(error).__name__)
            return ""


def _rest(
    address: TipAddress, draft: Draft, sending: Sending, keys: CodeKeys, files: Sequence[ToldFile]
) -> Iterator[SealedPart]:
    """Their ids come from what they are, so that adding them twice adds them once, and tell nothing without the code."""

    def name(what: str) -> str:
        named = hashlib.blake2b(f"{sending.tip_id}:{what}".encode(), key=keys.reply.private, digest_size=16)
        return named.hexdigest()

    positions = count(address.next_position)
    for step, text in sending.left_out(draft.answers).items():
        what = f"{step}:{fingerprint(text)}"
        yield seal_for(address, Kind.ADDITION, text.encode(), next(positions), name(what))
    for file in files:
        if file.id in sending.files:
            continue
        clean = seal_for(address, Kind.FILE, file.content, next(positions), name(f"file:{file.id}"))
        yield clean
        if file.original is not None and len(address.officers) > 1:
            what = f"original:{file.id}"
            yield seal_original_for(clean, file.original, address.officers, next(positions), name(what))
