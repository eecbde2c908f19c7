"""With the code: reading the police's answers and adding to the tip.

An opened code lives in memory only, by pseudonym, and is forgotten after 15 minutes without a word. What waits for a
"yes" waits sealed (`opened`). That a person's code was put away is known for a day, so that nobody takes a text for sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from content.library import Library
from content.reply import Reply
from tips.attachments import Attachment
from tips.citizen import files
from tips.citizen.code_wording import CodeWording
from tips.citizen.commands import Command, command
from tips.citizen.opened import Opened
from tips.citizen.outcome import LONG_TEXT, MAX_TOLD, Outcome, led_by
from tips.cleaning import FileError
from tips.code import CodeError, code_attempt, count_digits, holds_code, looks_like_code, parse_code
from tips.dropbox import Dropbox, DropboxError, OnItsWay, SealedMessage, UnknownTip
from tips.envelope import Cost, EnvelopeError, Kind, Label, derive, open_piece
from tips.report import Answer, ReportError
from tips.slowdown import Slowdown
from tips.text import clean

KEPT_OPEN = timedelta(minutes=15)
EXPIRY_KNOWN = timedelta(hours=24)
SHOWN_ANSWERS = 5
LEAST_DIGITS = 8  # with fewer, a text is no try at a code
HEAVIEST_TOGETHER = 600 * 1024 * 1024  # bytes that wait with all codes: they lie in memory


class CodeTalk:
    """Synchronous; calls for one `ref` must come one after the other. `pepper` as for `TipTalk`."""

    def __init__(
        self,
        library: Library,
        dropbox: Dropbox,
        pepper: bytes,
        now: Callable[[], datetime],
        slowdown: Slowdown | None = None,
        cost: Cost | None = None,
    ) -> None:
        self._library = library
        self._dropbox = dropbox
        self._pepper = pepper
        self._now = now
        self._slowdown = slowdown or Slowdown(now)
        self._cost = cost or Cost()
        self._open: dict[str, Opened] = {}
        self._expired: dict[str, datetime] = {}  # whose code was put away, and until when that is known

    def open(self, ref: str, language: str) -> list[Reply]:
        """Asks for the code, or shows the answers if it is open already."""
        say = CodeWording(self._library, language)
        opened = self._opened(ref)
        return list(self._read(opened, say).replies) if opened else [say.ask_code()]

    def is_open(self, ref: str) -> bool:
        """Whether a person's code is open now. Does not count as a word."""
        opened = self._open.get(ref)
        return opened is not None and opened.until > self._now()

    def lookup(self, ref: str) -> bytes | None:
        """How the tip of a person's code is found, while the code is open. Does not count as a word."""
        return self._open[ref].keys.lookup if self.is_open(ref) else None

    def close(self, ref: str) -> None:
        """Puts a code away without a word, and drops what waits with it."""
        self._open.pop(ref, None)
        self._expired.pop(ref, None)

    def hear(self, ref: str, language: str, text: str, danger: bool = False, why: str = "") -> Outcome:
        """Takes a code, a command, or a text to add. `danger` as for `TipTalk`; its reason is not passed on.

        Gives an empty outcome for a text that is none of these.
        """
        say = CodeWording(self._library, language)
        opened, wish = self._opened(ref), command(clean(text).text)
        if opened and opened.waiting and wish in (Command.YES, Command.SEND):
            return self._send_waiting(ref, opened, say)
        if opened and opened.waiting and wish is Command.NO:
            return self._close(ref, say) if opened.leaving else self._drop_waiting(opened, say)
        if wish in (Command.CANCEL, Command.DELETE, Command.DONE):
            return self._leave(ref, opened, say)
        if opened is None:
            return self._hear_unopened(ref, say, text)
        if looks_like_code(text) and holds_code(text):
            if opened.waiting:  # another code in its place would lose it
                return Outcome((led_by(say.phrase("waiting_first"), say.confirm_addition()),))
            return self._enter(ref, say, text)
        notice = self._queue_text(opened, say, text, danger)
        return self._go_on(ref, opened, say, notice, ask=not (opened.adding or danger))  # a cry does not wait for a yes

    def attach(
        self, ref: str, language: str, data: bytes, caption: str = "", danger: bool = False, why: str = ""
    ) -> Outcome:
        """Sends a file to the police, with its caption; `data` is untrusted."""
        return self._attach(ref, language, lambda: files.cleaned(data), caption, danger, data)

    def place(
        self, ref: str, language: str, latitude: float, longitude: float, danger: bool = False, why: str = ""
    ) -> Outcome:
        """Sends a point on the map, in degrees."""
        return self._attach(ref, language, lambda: files.place(latitude, longitude), "", danger)

    def contact(self, ref: str, language: str, name: str, phone: str, danger: bool = False, why: str = "") -> Outcome:
        """Sends somebody's card."""
        return self._attach(ref, language, lambda: files.contact(name, phone), "", danger)

    def press(self, ref: str, language: str, action: str) -> Outcome:
        """Takes a button's payload, with or without its "code:". Only a person's own "code:close" is asked back."""
        say = CodeWording(self._library, language)
        opened = self._opened(ref)
        if action == "close":
            return self._close(ref, say)
        action = action.removeprefix("code:")
        if action == "close":
            return self._leave(ref, opened, say)
        if opened is None:
            return Outcome((say.ask_code() if action == "enter" else led_by(say.phrase("expired"), say.ask_code()),))
        match action:
            case "add:text" | "add:photo" if opened.waiting:
                opened.leaving = False
                return Outcome((say.confirm_addition(),))
            case "add:text" | "add:photo":
                opened.adding = True
                return Outcome((say.ask_addition(action.removeprefix("add:")),))
            case "add:send" if opened.waiting:
                return self._send_waiting(ref, opened, say)
            case "add:drop":
                return self._drop_waiting(opened, say)
            case "read:all":
                return self._read(opened, say, everything=True)
        return self._read(opened, say)

    def forget(self, now: datetime) -> None:
        """Forgets the codes whose time is over; every call does so, and the scheduler may where nobody calls."""
        for ref, opened in list(self._open.items()):
            if opened.until <= now and self._open.pop(ref, None) is not None:
                self._expired[ref] = opened.until + EXPIRY_KNOWN
        for ref, until in list(self._expired.items()):
            if until <= now:
                self._expired.pop(ref, None)

    def _hear_unopened(self, ref: str, say: CodeWording, text: str) -> Outcome:
        expired = self._expired.get(ref)
        if expired and not _means_code(text):
            self._expired[ref] = min(expired, self._now() + KEPT_OPEN)  # once told, it need not be told all day
            return Outcome((say.expired_text(),))
        if count_digits(text) < LEAST_DIGITS:
            return Outcome((), done=True)
        return self._enter(ref, say, text)

    def _enter(self, ref: str, say: CodeWording, text: str) -> Outcome:
        self._open.pop(ref, None)
        try:
            code = parse_code(text)
        except CodeError as error:
            return Outcome((say.no_code(error),))
        self._slowdown.wait(ref)
        keys = derive(code, self._pepper, self._cost)
        try:
            address = self._dropbox.find(keys.lookup)
        except OnItsWay:
            return Outcome((say.on_its_way(),))
        except DropboxError:
            return Outcome((say.later(),))
        if address is None:
            self._slowdown.failed(ref)
            return Outcome((led_by(say.phrase("unknown"), say.ask_code()),))
        self._expired.pop(ref, None)
        opened = self._open[ref] = Opened(keys, address, self._now() + KEPT_OPEN)
        return self._read(opened, say)

    def _read(self, opened: Opened, say: CodeWording, everything: bool = False) -> Outcome:
        try:
            messages = self._dropbox.answers(opened.keys.lookup)
        except DropboxError:
            return Outcome((say.later(),))
        read = [(message.sent_hour, self._answer(opened, message)) for message in messages]
        read.sort(key=lambda pair: (pair[0], pair[1].written_at if pair[1] else pair[0]))
        shown = read if everything else read[-SHOWN_ANSWERS:]
        bubbles = [say.answer(sent, answer.text if answer else say.phrase("broken")) for sent, answer in shown]
        opened.leaving = False
        return Outcome((*bubbles, say.after_answers(len(read), len(read) - len(shown), opened.waiting)))

    def _answer(self, opened: Opened, message: SealedMessage) -> Answer | None:
        """An opened answer, or None if it does not open."""
        label = Label(opened.address.tip_id, message.id, Kind.MESSAGE)
        try:
            return Answer.from_bytes(open_piece(message.key_for_citizen, message.body, label, opened.keys.reply))
        except (EnvelopeError, ReportError):
            return None

    def _attach(
        self,
        ref: str,
        language: str,
        take: Callable[[], Attachment],
        caption: str,
        danger: bool,
        original: bytes | None = None,
    ) -> Outcome:
        say = CodeWording(self._library, language)
        opened = self._opened(ref)
        if opened is None:
            return Outcome((led_by(say.phrase("file_first_code"), say.ask_code()),))
        unasked = bool(opened.waiting) and not opened.adding  # a text that was not confirmed must not go along
        notices = [self._queue_file(opened, say, take, danger, original)]
        if caption.strip():
            notices.append(self._queue_text(opened, say, caption, danger))
        ask = unasked and not danger  # a cry does not wait for a yes
        return self._go_on(ref, opened, say, "\n\n".join(filter(None, notices)), ask=ask)

    def _queue_file(
        self, opened: Opened, say: CodeWording, take: Callable[[], Attachment], danger: bool, original: bytes | None
    ) -> str:
        """Has an attachment wait, and the file as it came. Gives the reason if it was not taken, else ""."""
        if not opened.has_room():
            return say.phrase("waiting_full")
        try:
            content = take().to_bytes()
        except FileError as error:
            return say.file_fault(error.reason)
        original = original if opened.takes_originals else None
        size = len(content) + len(original or b"")
        if not opened.has_room(size) or self._weight() + size > HEAVIEST_TOGETHER:
            return say.phrase("waiting_full")
        opened.put(Kind.FILE, content, danger, original)
        return ""

    def _weight(self) -> int:
        return sum(opened.weight for opened in list(self._open.values()))

    def _queue_text(self, opened: Opened, say: CodeWording, raw: str, danger: bool) -> str:
        """Seals a text to be added. Gives the reason if it was not taken, else what there is to say about it, or ""."""
        told = clean(raw)
        if not told.text:
            return say.phrase("unreadable")
        if holds_code(told.text):
            return say.phrase("code_refused")
        if len(told.text) > MAX_TOLD:
            return say.phrase("too_long", length=len(told.text), most=MAX_TOLD)
        if not opened.has_room():
            return say.phrase("waiting_full")
        opened.put(Kind.ADDITION, told.text.encode(), danger)
        notices = (
            say.phrase("long_kept", length=len(told.text)) if len(told.text) > LONG_TEXT else "",
            say.phrase("cleaned") if told.dropped else "",
        )
        return "\n\n".join(filter(None, notices))

    def _go_on(self, ref: str, opened: Opened, say: CodeWording, notice: str, ask: bool) -> Outcome:
        """Sends what waits, or asks for a yes first; if nothing waits, there is only the notice."""
        opened.leaving = False
        if not opened.waiting:
            return Outcome((say.menu(notice),))
        if ask:
            return Outcome((led_by(notice, say.confirm_addition()),))
        return self._send_waiting(ref, opened, say, notice)

    def _send_waiting(self, ref: str, opened: Opened, say: CodeWording, notice: str = "") -> Outcome:
        """Sends what waits; after a failure the rest still waits."""
        opened.leaving = False
        try:
            opened.deliver(self._dropbox)
        except UnknownTip:
            self._open.pop(ref, None)
            return Outcome((led_by(say.phrase("unknown"), say.ask_code()),))
        except DropboxError:
            return Outcome((led_by(notice, say.not_sent()),))
        return Outcome((led_by(notice, say.menu(say.phrase("sent"))),))

    def _drop_waiting(self, opened: Opened, say: CodeWording) -> Outcome:
        opened.drop_waiting()
        opened.leaving = False
        return Outcome((say.menu(say.phrase("dropped")),))

    def _leave(self, ref: str, opened: Opened | None, say: CodeWording) -> Outcome:
        """Puts the code away; once it is asked what shall become of what still waits."""
        if opened and opened.waiting and not opened.leaving:
            opened.leaving = True
            return Outcome((say.ask_leave(opened.waiting),))
        return self._close(ref, say)

    def _close(self, ref: str, say: CodeWording) -> Outcome:
        self.close(ref)
        return Outcome((say.closed(),), done=True)

    def _opened(self, ref: str) -> Opened | None:
        """The opened code of a person, with a fresh 15 minutes."""
        self.forget(self._now())
        opened = self._open.get(ref)
        if opened:
            opened.until = self._now() + KEPT_OPEN
        return opened


def _means_code(text: str) -> bool:
    """Whether a text is a code and not something to add, such as two phone numbers with words around."""
    return holds_code(text) or (code_attempt(text) and not any(c.isalpha() for c in text))
