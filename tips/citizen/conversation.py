"""The tip conversation: asks step by step, shows a summary, seals, deposits, and only then shows the code."""

from __future__ import annotations

import contextlib

from content.library import Library
from content.reply import Reply
from tips.citizen.commands import Command, command
from tips.citizen.drafts import QUESTIONS, Draft, Drafts, Step
from tips.citizen.outcome import LONG_TEXT, MAX_TOLD, Outcome, led_by
from tips.citizen.photos import PhotoError, clean_photo
from tips.citizen.places import Places
from tips.citizen.sealing import report_of, seal_tip
from tips.citizen.wording import Wording
from tips.code import holds_code, make_code
from tips.dropbox import Dropbox, DropboxError, NobodyOnDuty
from tips.envelope import Cost, derive
from tips.text import CleanText, clean

MAX_PHOTOS = 5
_OF_A_STEP = ("skip", "back", "clear")  # a button names its step: "skip:where"


class TipTalk:
    """One object for all people; `ref` is a person's pseudonym. Calls for one `ref` must come one after the other.

    Synchronous. Every method may raise SQLAlchemyError if the citizens' store fails.
    """

    def __init__(
        self, library: Library, drafts: Drafts, dropbox: Dropbox, pepper: bytes, cost: Cost | None = None
    ) -> None:
        """`pepper`: 32 bytes outside both stores, the same as for `CodeTalk`."""
        self._library = library
        self._places = Places(library.places)
        self._drafts = drafts
        self._dropbox = dropbox
        self._pepper = pepper
        self._cost = cost or Cost()

    def open(self, ref: str, language: str) -> list[Reply]:
        """Begins a tip, or goes on with the one that was begun."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return [say.intro(), say.ask(self._drafts.start(ref), photos=0)]
        return list(self._again(ref, draft, say, say.phrase("resume")).replies)

    def has_draft(self, ref: str) -> bool:
        """Whether a tip is being told. Changes nothing and is no last word."""
        return self._drafts.load(ref) is not None

    def hear(self, ref: str, language: str, text: str, danger: bool = False) -> Outcome:
        """Takes what a person typed. `danger`: the danger net found a cry for help in it and has answered already."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        draft.danger |= danger
        told = clean(text)
        action = _action(command(told.text), draft)
        return self._act(ref, draft, say, action) if action else self._tell(ref, draft, say, told)

    def photo(self, ref: str, language: str, data: bytes, caption: str = "", danger: bool = False) -> Outcome:
        """Takes a picture as it came in, at any step; the talk stays there. The caption is a note about the photos."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        draft.danger |= danger
        notices = [self._take_photo(ref, say, data)]
        if caption.strip():
            note = clean(caption)
            notices.append(_refusal(draft, say, note))
            if not notices[-1]:
                _append(draft, Step.PHOTOS, note.text)
        return self._again(ref, draft, say, *notices)

    def press(self, ref: str, language: str, action: str) -> Outcome:
        """Takes a button's payload, with or without its "tip:". An outdated one asks the present question again."""
        action = action.removeprefix("tip:")
        if action == "start":
            return Outcome(tuple(self.open(ref, language)))
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        return self._act(ref, draft, say, _present(action, draft))

    def _act(self, ref: str, draft: Draft, say: Wording, action: str) -> Outcome:
        draft.leaving = action == "cancel" and bool(draft.answers or self._drafts.count_photos(ref))
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
                self._drafts.drop_photos(ref)
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
            _append(draft, Step.WHAT, told.text)
        elif draft.step is Step.PHOTOS:
            _append(draft, Step.PHOTOS, told.text)
            draft.forward()
        else:
            draft.answers[draft.step] = told.text
            draft.forward()
        return self._again(ref, draft, say, *notices)

    def _take_photo(self, ref: str, say: Wording, data: bytes) -> str:
        """Keeps a picture if it can be kept; gives the sentence to say."""
        count = self._drafts.count_photos(ref)
        if count >= MAX_PHOTOS:
            return say.phrase("photos_full", most=MAX_PHOTOS)
        try:
            self._drafts.add_photo(ref, clean_photo(data))
        except PhotoError as error:
            return say.phrase(f"photo_{error.reason}")
        return say.phrase("photo_kept", count=count + 1, most=MAX_PHOTOS)

    def _send(self, ref: str, draft: Draft, say: Wording) -> Outcome:
        photos = self._drafts.photos(ref)
        if not draft.answers and not photos:
            return self._again(ref, draft, say, say.phrase("empty"))
        self._drafts.save(ref, draft)  # should sending fail, it is there for another 24 hours
        code = make_code()
        try:
            recipients = self._dropbox.recipients()
            report = report_of(draft, self._places, say.language)
            self._dropbox.deposit(seal_tip(report, photos, recipients, derive(code, self._pepper, self._cost)))
        except NobodyOnDuty:
            return Outcome((say.not_sent("nobody_on_duty"),))
        except DropboxError:
            return Outcome((say.not_sent("not_sent"),))
        # The tip is safe: whatever happens to the draft now (it ends by itself), the code must be shown.
        with contextlib.suppress(Exception):
            self._drafts.drop(ref)
        return Outcome(say.sent(code), done=True)

    def _again(self, ref: str, draft: Draft, say: Wording, *notices: str) -> Outcome:
        """Keeps the draft and asks the question where it stands now."""
        draft.leaving = False
        self._drafts.save(ref, draft)
        question = say.ask(draft, self._drafts.count_photos(ref))
        return Outcome((led_by("\n\n".join(filter(None, notices)), question),))

    def _wording(self, language: str) -> Wording:
        return Wording(self._library, self._places, language)


def _present(action: str, draft: Draft) -> str:
    """What a button asks for now: one that belongs to an earlier question only has the present one asked again."""
    name, _, step = action.partition(":")
    outdated = (
        (name in _OF_A_STEP and step not in ("", draft.step))
        or (name == "delete" and not draft.leaving)
        or (name == "edit" and draft.step is not Step.SUMMARY and not draft.editing)
    )
    if outdated:
        return "stay"
    return name if name in _OF_A_STEP else action


def _action(wish: Command | None, draft: Draft) -> str:
    """The button that a typed command stands for at this point, or "" if it is something to tell."""
    if draft.leaving and wish in (Command.YES, Command.NO):
        return "delete" if wish is Command.YES else "stay"
    if draft.step is Step.SUMMARY and wish is Command.YES:
        return "send"
    if draft.step is Step.SUMMARY and wish is Command.EDIT:
        return "edit"
    if draft.step is Step.PHOTOS and wish in (Command.NO, Command.DONE):
        return "skip"
    anywhere = (Command.SKIP, Command.BACK, Command.CANCEL, Command.DELETE, Command.SEND)
    return wish.value if wish in anywhere else ""


def _refusal(draft: Draft, say: Wording, told: CleanText) -> str:
    """Why a text cannot be taken, in a sentence; "" if it can."""
    if not told.text:
        return say.phrase("unreadable")
    if holds_code(told.text):
        return say.phrase("code_refused")
    if draft.length() + len(told.text) > MAX_TOLD:
        return say.phrase("too_long", length=len(told.text), most=MAX_TOLD)
    return ""


def _append(draft: Draft, step: Step, text: str) -> None:
    draft.answers[step] = "\n".join(filter(None, (draft.answers.get(step), text)))
