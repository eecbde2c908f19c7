"""The tip conversation: asks step by step, shows a summary, seals, deposits, and only then shows the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from content.library import Library
from content.reply import Reply
from tips.attachments import Attachment
from tips.citizen import files
from tips.citizen.commands import command
from tips.citizen.drafts import QUESTIONS, Draft, Drafts, Step
from tips.citizen.outcome import LONG_TEXT, MAX_TOLD, Outcome, led_by
from tips.citizen.places import Places
from tips.citizen.sending import Sender, TellLane
from tips.citizen.wishes import SEND_AGAIN, of_button, of_words
from tips.citizen.wording import Wording
from tips.cleaning import FileError
from tips.code import holds_code
from tips.dropbox import Dropbox, DropboxError, NobodyOnDuty
from tips.envelope import Cost
from tips.text import CleanText, clean


class _Alarm(NamedTuple):
    danger: bool
    why: str


class TipTalk:
    """One object for all people; `ref` is a person's pseudonym. Calls for one `ref` must come one after the other.

    Synchronous. Every method may raise SQLAlchemyError if the citizens' store fails. `danger`: the danger net found a cry
    for help and has answered already; `why`: its reason, a Vietnamese sentence for officers. `once`: the update's key; what
    was taken already, before the process was killed, is not taken again.
    """

    def __init__(
        self,
        library: Library,
        drafts: Drafts,
        dropbox: Dropbox,
        pepper: bytes,
        cost: Cost | None = None,
        *,
        is_open: Callable[[], bool] = lambda: True,
        lane: TellLane = lambda _ref, _report, _files: "",
    ) -> None:
        """`pepper`: 32 bytes outside both stores, the same as for `CodeTalk`. `is_open`: whether tips can be taken now."""
        self._library = library
        self._places = Places(lambda: library.places)
        self._drafts = drafts
        self._sender = Sender(drafts, dropbox, self._places, pepper, cost or Cost(), lane)
        self._is_open = is_open

    def open(self, ref: str, language: str) -> list[Reply]:
        """Begins a tip, or goes on with the one that was begun."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is not None and draft.is_sent:
            self._drafts.drop(ref)
            draft = None
        if draft is None:
            return [say.intro(), say.ask(self._drafts.start(ref), 0)] if self._is_open() else [say.shut()]
        notice = say.phrase("resume") if self._is_open() else say.phrase("shut_kept")
        return list(self._again(ref, draft, say, notice).replies)

    def has_draft(self, ref: str) -> bool:
        """Whether a tip is being told. Changes nothing and is no last word."""
        draft = self._drafts.load(ref)
        return draft is not None and not draft.is_sent

    def sent_lookup(self, ref: str) -> bytes | None:
        """How the tip is found that a person sent in the last 15 minutes, if nothing was said since."""
        draft = self._drafts.load(ref)
        sending = draft.sending if draft is not None and draft.is_sent else None
        return bytes.fromhex(sending.lookup) if sending else None

    def forget(self, ref: str) -> None:
        """Erases what ties a person to a tip that was sent. A tip that is still being told stays."""
        draft = self._drafts.load(ref)
        if draft is not None and draft.is_sent:
            self._drafts.drop(ref)

    def repeats(self, ref: str, text: str) -> bool:
        """Whether a text is "send" once more, after a tip was sent in the last 15 minutes: then it is for `hear`."""
        return command(clean(text).text) in SEND_AGAIN and self.sent_lookup(ref) is not None

    def hear(self, ref: str, language: str, text: str, danger: bool = False, why: str = "", once: str = "") -> Outcome:
        """Takes what a person typed."""
        say, told = self._wording(language), clean(text)
        wish = command(told.text)
        draft = self._drafts.load(ref)
        if draft is None or draft.is_sent:
            return self._no_draft(ref, draft, say, send_again=wish in SEND_AGAIN)
        if draft.took(once):
            return self._again(ref, draft, say)
        draft.alarm(danger, why)
        action = of_words(wish, draft)
        if action != "send" or draft.step is not Step.SUMMARY:  # sending may come twice
            draft.last = once
        return self._act(ref, draft, say, action) if action else self._tell(ref, draft, say, told)

    def attach(
        self,
        ref: str,
        language: str,
        data: bytes,
        caption: str = "",
        danger: bool = False,
        why: str = "",
        once: str = "",
    ) -> Outcome:
        """Takes a file as it came in, at any step; the talk stays there. The caption is a note about the files."""
        alarm = _Alarm(danger, why)
        return self._attach(ref, language, lambda: files.cleaned(data), alarm, once, data, caption)

    def place(
        self,
        ref: str,
        language: str,
        latitude: float,
        longitude: float,
        danger: bool = False,
        why: str = "",
        once: str = "",
    ) -> Outcome:
        """Takes a point on the map, in degrees, as `attach` a file."""
        return self._attach(ref, language, lambda: files.place(latitude, longitude), _Alarm(danger, why), once)

    def contact(
        self, ref: str, language: str, name: str, phone: str, danger: bool = False, why: str = "", once: str = ""
    ) -> Outcome:
        """Takes somebody's card, as `attach` a file."""
        return self._attach(ref, language, lambda: files.contact(name, phone), _Alarm(danger, why), once)

    def press(self, ref: str, language: str, action: str) -> Outcome:
        """Takes a button's payload, with or without its "tip:". An outdated one asks the present question again."""
        action = action.removeprefix("tip:")
        if action == "start":
            return Outcome(tuple(self.open(ref, language)))
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None or draft.is_sent:
            return self._no_draft(ref, draft, say, send_again=action == "send")
        return self._act(ref, draft, say, of_button(action, draft))

    def _no_draft(self, ref: str, draft: Draft | None, say: Wording, send_again: bool = False) -> Outcome:
        """Nothing is being told. "Send" once more after sending shows the same code: its answer may have been lost."""
        if draft is not None and draft.sending and send_again:
            return Outcome(say.sent(draft.sending.code), done=True)
        self.forget(ref)
        return Outcome((say.closed("gone") if self._is_open() else say.shut(),), done=True)

    def _act(self, ref: str, draft: Draft, say: Wording, action: str) -> Outcome:
        if action in ("cancel", "delete") and draft.sending:
            return self._leave_unsure(ref, draft, say, action)
        draft.leaving = action == "cancel" and bool(draft.answers or self._drafts.weigh(ref).count)
        if draft.leaving:
            self._drafts.save(ref, draft)
            return Outcome((say.ask_cancel(),))
        if action in ("cancel", "delete"):
            self._drafts.drop(ref)
            return Outcome((say.closed("cancelled"),), done=True)
        if action == "send" and draft.step is Step.SUMMARY:
            return self._send(ref, draft, say)
        if action == "edit" and draft.step is Step.SUMMARY:
            self._drafts.save(ref, draft)
            return Outcome((say.choose_edit(),))
        self._move(ref, draft, action)
        return self._again(ref, draft, say)

    def _leave_unsure(self, ref: str, draft: Draft, say: Wording, action: str) -> Outcome:
        """Leaving after a try to send whose end nobody knows: first whether the tip is there after all."""
        try:
            code = self._sender.arrived(ref, draft)
        except DropboxError:
            code, sure = "", False
        else:
            sure = True
        if code:
            return Outcome(say.sent(code), done=True)
        if action == "cancel":
            draft.leaving = True
            self._drafts.save(ref, draft)
            return Outcome((say.ask_cancel("cancel_ask" if sure else "cancel_ask_unsure"),))
        self._drafts.drop(ref)
        return Outcome((say.closed("cancelled" if sure else "cancelled_unsure"),), done=True)

    def _move(self, ref: str, draft: Draft, action: str) -> None:
        """Changes the step. Nothing that was told is lost by moving; only `clear` empties a step."""
        if action == "skip":
            draft.forward()
        elif action == "back":
            draft.backward()
        elif action == "send":  # "gửi" typed halfway: first the summary
            draft.step, draft.editing = Step.SUMMARY, False
        elif action == "clear" and draft.editing:
            draft.answers.pop(draft.step, None)
            if draft.step is Step.PHOTOS:
                self._drafts.drop_files(ref)
            draft.forward()
        elif action.startswith("edit:") and action.removeprefix("edit:") in QUESTIONS:
            draft.step, draft.editing = Step(action.removeprefix("edit:")), True

    def _tell(self, ref: str, draft: Draft, say: Wording, told: CleanText) -> Outcome:
        if (draft.leaving or draft.step is Step.SUMMARY) and command(told.text) is not None:
            return self._again(ref, draft, say, say.phrase("unsure"))
        if refusal := _refusal(draft, say, told):
            return self._again(ref, draft, say, refusal)
        notices = [
            say.phrase("long_kept", length=len(told.text)) if len(told.text) > LONG_TEXT else "",
            say.phrase("cleaned") if told.dropped else "",
            say.phrase("added") if draft.step is Step.SUMMARY else "",
        ]
        if draft.step is Step.SUMMARY:
            draft.append(Step.WHAT, told.text)
        elif draft.step is Step.PHOTOS:
            draft.append(Step.PHOTOS, told.text)
            draft.forward()
        else:
            draft.answers[draft.step] = told.text
            draft.forward()
        return self._again(ref, draft, say, *notices)

    def _attach(
        self,
        ref: str,
        language: str,
        take: Callable[[], Attachment],
        alarm: _Alarm,
        once: str,
        original: bytes | None = None,
        caption: str = "",
    ) -> Outcome:
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None or draft.is_sent:
            return self._no_draft(ref, draft, say)
        if draft.took(once):
            return self._again(ref, draft, say)
        draft.alarm(*alarm)
        draft.last, note = once, clean(caption)
        refusal = _refusal(draft, say, note) if caption.strip() else ""
        if note.text and not refusal:
            draft.append(Step.PHOTOS, note.text)
        return self._again(ref, draft, say, self._keep_file(ref, draft, say, take, original), refusal)

    def _keep_file(
        self, ref: str, draft: Draft, say: Wording, take: Callable[[], Attachment], original: bytes | None
    ) -> str:
        """Keeps an attachment if it can be kept; gives the sentence to say."""
        weight = self._drafts.weigh(ref)
        count, most = (weight.cards, files.MAX_CARDS) if original is None else (weight.files, files.MAX_FILES)
        if count >= most:
            return say.phrase("cards_full" if original is None else "files_full", most=most)
        try:
            taken = take()
        except FileError as error:
            return say.phrase(f"file_{error.reason}", most=files.LIMIT_MB)
        content = taken.to_bytes()
        if weight.size + max(len(content), len(original or b"")) > files.MAX_TOGETHER:
            return say.phrase("files_heavy", most=files.MAX_TOGETHER // (1024 * 1024))
        self._drafts.add_file(ref, draft, content, original)
        return say.phrase(f"kept_{files.family(taken)}", count=count + 1, most=most)

    def _send(self, ref: str, draft: Draft, say: Wording) -> Outcome:
        if not draft.answers and not self._drafts.weigh(ref).count:
            return self._again(ref, draft, say, say.phrase("empty"))
        self._drafts.save(ref, draft)  # should sending fail, it is there for another 24 hours
        try:
            code = self._sender.send(ref, draft, say.language) if self._is_open() else self._sender.arrived(ref, draft)
        except NobodyOnDuty:
            return Outcome((say.not_sent("nobody_on_duty"),))
        except DropboxError:
            return Outcome((say.not_sent("not_sent"),))
        return Outcome(say.sent(code), done=True) if code else Outcome((say.not_sent("shut_kept"),))

    def _again(self, ref: str, draft: Draft, say: Wording, *notices: str) -> Outcome:
        """Keeps the draft and asks the question where it stands now."""
        draft.leaving = False
        self._drafts.save(ref, draft)
        question = say.ask(draft, self._drafts.weigh(ref).count)
        return Outcome((led_by("\n\n".join(filter(None, notices)), question),))

    def _wording(self, language: str) -> Wording:
        return Wording(self._library, self._places, language)


def _refusal(draft: Draft, say: Wording, told: CleanText) -> str:
    """Why a text cannot be taken, in a sentence; "" if it can."""
    if not told.text:
        return say.phrase("unreadable")
    if holds_code(told.text):
        return say.phrase("code_refused")
    if draft.length() + len(told.text) > MAX_TOLD:
        return say.phrase("too_long", length=len(told.text), most=MAX_TOLD)
    return ""
