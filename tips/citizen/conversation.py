"""The tip conversation: asks step by step, shows a summary, seals, deposits, and only then shows the code."""

from __future__ import annotations

import contextlib

from sqlalchemy.exc import SQLAlchemyError

from content.library import Library
from content.reply import Reply
from tips.citizen.commands import Command, command
from tips.citizen.drafts import Draft, Drafts, Step
from tips.citizen.photos import PhotoError, clean_photo
from tips.citizen.places import Places
from tips.citizen.sealing import report_of, seal_tip
from tips.citizen.wording import QUESTIONS, Outcome, Wording, led_by
from tips.code import holds_code, make_code
from tips.dropbox import Dropbox, DropboxError, NobodyOnDuty
from tips.envelope import Cost, derive
from tips.text import clean

MAX_PHOTOS = 5
LONG_TEXT = 8_000  # characters: kept whole, and the person is told so
MAX_TOLD = 64_000  # characters of a whole tip; about thirty pages


class TipTalk:
    """Tells no one's tips apart but by `ref`, a pseudonym. Synchronous; calls for one `ref` must come one after the other.

    Every method may raise SQLAlchemyError if the citizens' store fails; then nothing was changed.
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
            return [say.intro(), self._ask(ref, self._drafts.start(ref), say)]
        return [led_by(say.phrase("resume"), self._ask(ref, draft, say))]

    def hear(self, ref: str, language: str, text: str, danger: bool = False) -> Outcome:
        """Takes what a person typed. `danger`: the danger net found a cry for help in it, and has answered it already."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        if danger and not draft.danger:
            draft.danger = True
            self._drafts.save(ref, draft)
        wish = command(text)
        if wish is not None and (action := _action(wish, draft)):
            return self._act(ref, draft, say, action)
        return self._tell(ref, draft, say, text)

    def photo(self, ref: str, language: str, data: bytes) -> Outcome:
        """Takes a picture at any step, as it came in; the talk stays where it is."""
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        count = self._drafts.count_photos(ref)
        if count >= MAX_PHOTOS:
            return self._again(ref, draft, say, say.phrase("photos_full", most=MAX_PHOTOS))
        try:
            photo = clean_photo(data)
        except PhotoError as error:
            return self._again(ref, draft, say, say.phrase(f"photo_{error.reason}"))
        self._drafts.add_photo(ref, photo)
        draft.leaving = False
        self._drafts.save(ref, draft)
        return self._again(ref, draft, say, say.phrase("photo_kept", count=count + 1, most=MAX_PHOTOS))

    def press(self, ref: str, language: str, action: str) -> Outcome:
        """Takes a button's payload, with or without its "tip:". One that is out of date asks the present question again."""
        action = action.removeprefix("tip:")
        if action == "start":
            return Outcome(tuple(self.open(ref, language)))
        say = self._wording(language)
        draft = self._drafts.load(ref)
        if draft is None:
            return Outcome((say.closed("gone"),), done=True)
        return self._act(ref, draft, say, action)

    def _act(self, ref: str, draft: Draft, say: Wording, action: str) -> Outcome:
        draft.leaving = False
        if action == "cancel" and (draft.answers or self._drafts.count_photos(ref)):
            draft.leaving = True
            self._drafts.save(ref, draft)
            return Outcome((say.ask_cancel(),))
        if action in ("cancel", "delete"):
            self._drafts.drop(ref)
            return Outcome((say.closed("cancelled"),), done=True)
        if action == "send" and draft.step is Step.SUMMARY:
            return self._send(ref, draft, say)
        if action == "edit" and draft.step is Step.SUMMARY:
            return Outcome((say.choose_edit(),))
        self._move(ref, draft, action)
        self._drafts.save(ref, draft)
        return self._again(ref, draft, say)

    def _move(self, ref: str, draft: Draft, action: str) -> None:
        """Changes the step. Nothing that was told is lost by moving; only `clear` empties a step."""
        if action == "skip":
            _forward(draft)
        elif action == "back":
            _backward(draft)
        elif action == "send":  # "gửi" typed halfway: first the summary
            draft.step, draft.editing = Step.SUMMARY, False
        elif action == "clear" and draft.editing:
            draft.answers.pop(draft.step, None)
            if draft.step is Step.PHOTOS:
                self._drafts.drop_photos(ref)
            _forward(draft)
        elif action.startswith("edit:") and action.removeprefix("edit:") in QUESTIONS:
            draft.step, draft.editing = Step(action.removeprefix("edit:")), True

    def _tell(self, ref: str, draft: Draft, say: Wording, raw: str) -> Outcome:
        cleaned = clean(raw)
        if not cleaned.text:
            return self._again(ref, draft, say, say.phrase("unreadable"))
        if holds_code(cleaned.text):
            return self._again(ref, draft, say, say.phrase("code_refused"))
        if draft.step is Step.SUMMARY and command(cleaned.text) is not None:
            return self._again(ref, draft, say, say.phrase("unsure"))
        if draft.length() + len(cleaned.text) > MAX_TOLD:
            return self._again(ref, draft, say, say.phrase("too_long", length=len(cleaned.text), most=MAX_TOLD))
        notices = [say.phrase("long_kept", length=len(cleaned.text))] if len(cleaned.text) > LONG_TEXT else []
        notices += [say.phrase("cleaned")] if cleaned.dropped else []
        notices += [say.phrase("added")] if draft.step is Step.SUMMARY else []
        _write(draft, cleaned.text)
        self._drafts.save(ref, draft)
        return self._again(ref, draft, say, "\n\n".join(notices))

    def _send(self, ref: str, draft: Draft, say: Wording) -> Outcome:
        photos = self._drafts.photos(ref)
        if not draft.answers and not photos:
            return self._again(ref, draft, say, say.phrase("empty"))
        code = make_code()
        try:
            recipients = self._dropbox.recipients()
            report = report_of(draft, self._places, say.language)
            self._dropbox.deposit(seal_tip(report, photos, recipients, derive(code, self._pepper, self._cost)))
        except DropboxError as error:
            key = "nobody_on_duty" if isinstance(error, NobodyOnDuty) else "not_sent"
            return Outcome((Reply(say.phrase(key), calls=say.numbers(), buttons=say.try_again()),))
        # The tip is safe: whatever happens to the draft now (it ends by itself), the code must be shown.
        with contextlib.suppress(SQLAlchemyError):
            self._drafts.drop(ref)
        return Outcome(say.sent(code), done=True)

    def _again(self, ref: str, draft: Draft, say: Wording, notice: str = "") -> Outcome:
        return Outcome((led_by(notice, self._ask(ref, draft, say)),))

    def _ask(self, ref: str, draft: Draft, say: Wording) -> Reply:
        return say.ask(draft, self._drafts.count_photos(ref))

    def _wording(self, language: str) -> Wording:
        return Wording(self._library, self._places, language)


def _action(wish: Command, draft: Draft) -> str:
    """The button that a typed command stands for at this point, or "" if it is something to tell."""
    if draft.leaving and wish in (Command.YES, Command.NO):
        return "delete" if wish is Command.YES else "stay"
    if draft.step is Step.SUMMARY and wish is Command.YES:
        return "send"
    if draft.step is Step.SUMMARY and wish is Command.EDIT:
        return "edit"
    if draft.step is Step.PHOTOS and wish in (Command.NO, Command.DONE):
        return "skip"
    plain = (Command.SKIP, Command.BACK, Command.CANCEL, Command.DELETE, Command.SEND)
    return wish.value if wish in plain else ""


def _write(draft: Draft, text: str) -> None:
    """Puts a text where it belongs: in the present step; at the summary, behind what happened."""
    draft.leaving = False
    if draft.step is Step.SUMMARY:
        draft.answers[Step.WHAT] = "\n".join(filter(None, (draft.answers.get(Step.WHAT), text)))
        return
    draft.answers[draft.step] = text
    _forward(draft)


def _forward(draft: Draft) -> None:
    if draft.editing or draft.step in (Step.PHOTOS, Step.SUMMARY):
        draft.step, draft.editing = Step.SUMMARY, False
    else:
        draft.step = QUESTIONS[QUESTIONS.index(draft.step) + 1]


def _backward(draft: Draft) -> None:
    if draft.editing:
        draft.step, draft.editing = Step.SUMMARY, False
    elif draft.step is Step.SUMMARY:
        draft.step = Step.PHOTOS
    elif draft.step is not Step.WHAT:
        draft.step = QUESTIONS[QUESTIONS.index(draft.step) - 1]
