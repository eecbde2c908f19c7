"""What is said to somebody with a code; every sentence comes from `content/phrases/code.yml`."""

from __future__ import annotations

from datetime import datetime

from content.library import Library
from content.render import calls
from content.reply import Button, Reply
from tips.citizen.files import LIMIT_MB
from tips.citizen.outcome import NUMBERS, led_by
from tips.cleaning import FileFault
from tips.code import CODE_DIGITS, CodeError
from web.times import VIETNAM


class CodeWording:
    """Makes replies in one language."""

    def __init__(self, library: Library, language: str) -> None:
        self._library = library
        self._language = language

    def phrase(self, key: str, **values: object) -> str:
        """A sentence of code.yml."""
        return self._library.phrase(f"code.{key}", self._language, **values)

    def ask_code(self) -> Reply:
        return Reply(self.phrase("ask", digits=CODE_DIGITS), buttons=(self._button("close", "close"),))

    def no_code(self, error: CodeError) -> Reply:
        """What is wrong with what was typed, and the question again."""
        if error.missing > CODE_DIGITS // 2:  # then it was hardly meant as a code
            fault = self.phrase("no_digits", digits=CODE_DIGITS)
        else:
            fault = self.phrase(f"fault_{error.reason}", digits=CODE_DIGITS, missing=error.missing, extra=error.extra)
        return Reply(fault, buttons=(self._button("close", "close"),))

    def expired_text(self) -> Reply:
        """The time of the code was over before a text came."""
        new_tip = Button(self.phrase("button_new_tip"), "tip:start")
        return Reply(self.phrase("expired_text"), buttons=(new_tip, self._button("close", "close")))

    def answer(self, sent_hour: datetime, text: str) -> Reply:
        """One answer with its hour in Vietnam."""
        local = sent_hour.astimezone(VIETNAM)
        day = f"{local.day:02d}/{local.month:02d}/{local.year}"
        return led_by(self.phrase("answer", hour=local.hour, day=day), Reply(text))

    def after_answers(self, count: int, older: int, waiting: int) -> Reply:
        """How many answers there are and what can be done now; `older` are not shown, `waiting` parts not sent."""
        menu = self.menu(self.phrase("answers", count=count) if count else self.phrase("no_answer"), waiting)
        buttons = (self._button("all", "read:all"), *menu.buttons) if older else menu.buttons
        return Reply(menu.text, aside=f"{self.phrase('trace')}\n{self.phrase('watch_note')}", buttons=buttons)

    def menu(self, text: str, waiting: int = 0) -> Reply:
        """A sentence, and what can be done with the opened code."""
        names = [("read", "read"), ("add_text", "add:text"), ("add_photo", "add:photo"), ("watch", "watch")]
        if waiting:
            text = f"{text}\n\n{self.phrase('waiting', count=waiting)}"
            names = [("send", "add:send"), ("drop", "add:drop"), names[0]]
        return Reply(text, buttons=tuple(self._button(name, action) for name, action in (*names, ("close", "close"))))

    def ask_leave(self, waiting: int) -> Reply:
        """Whether what waits is to be sent before the code is put away."""
        names = (("send", "add:send"), ("leave", "close"), ("read", "read"))
        return Reply(
            self.phrase("ask_leave", count=waiting),
            buttons=tuple(self._button(name, action) for name, action in names),
        )

    def ask_addition(self, kind: str) -> Reply:
        """Asks for a `text` or a `photo`."""
        return Reply(self.phrase(f"ask_{kind}"), buttons=(self._button("close", "close"),))

    def confirm_addition(self) -> Reply:
        buttons = (self._button("send", "add:send"), self._button("drop", "add:drop"))
        return Reply(self.phrase("confirm"), buttons=buttons)

    def not_sent(self) -> Reply:
        """What was to be added still waits."""
        buttons = (self._button("send", "add:send"), self._button("drop", "add:drop"))
        return Reply(self.phrase("not_sent"), calls=calls(self._library, NUMBERS, self._language), buttons=buttons)

    def later(self) -> Reply:
        """The police's side does not answer now."""
        numbers = calls(self._library, NUMBERS, self._language)
        return Reply(self.phrase("later"), calls=numbers, buttons=(self._button("close", "close"),))

    def on_its_way(self) -> Reply:
        """The tip is safe, but not at the police's machine yet: so there is nothing to read there."""
        numbers = calls(self._library, NUMBERS, self._language)
        return Reply(self.phrase("on_its_way"), calls=numbers, buttons=(self._button("close", "close"),))

    def closed(self) -> Reply:
        menu = Button(self.phrase("button_menu"), "say:help")
        return Reply(self.phrase("closed"), buttons=(self._button("enter", "enter"), menu))

    def file_fault(self, fault: FileFault) -> str:
        return self._library.phrase(f"tip.file_{fault}", self._language, most=LIMIT_MB)

    def _button(self, name: str, action: str) -> Button:
        return Button(self.phrase(f"button_{name}"), f"code:{action}")
