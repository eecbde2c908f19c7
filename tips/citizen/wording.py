"""What the tip conversation says: questions, summary, code. Every sentence is in `content/phrases/tip.yml`."""

from __future__ import annotations

from content.library import Library
from content.render import calls
from content.reply import Button, Call, Reply
from tips.citizen.drafts import QUESTIONS, Draft, Step
from tips.citizen.outcome import NUMBERS, led_by
from tips.citizen.places import Places
from tips.code import format_code
from tips.text import shorten

_SHOWN = 120  # characters of an answer in the summary


class Wording:
    """Makes replies in one language."""

    def __init__(self, library: Library, places: Places, language: str) -> None:
        self._library = library
        self._places = places
        self.language = language

    def phrase(self, key: str, **values: object) -> str:
        """A sentence of tip.yml."""
        return self._library.phrase(f"tip.{key}", self.language, **values)

    def button(self, name: str, action: str) -> Button:
        return Button(self.phrase(f"button_{name}"), f"tip:{action}")

    def menu(self) -> Button:
        """The way back to everything else."""
        return Button(self.phrase("button_menu"), "say:help")

    def numbers(self) -> tuple[Call, ...]:
        return calls(self._library, NUMBERS, self.language)

    def intro(self) -> Reply:
        return Reply(self.phrase("intro"), aside=self.phrase("intro_note"), calls=self.numbers())

    def ask(self, draft: Draft, files: int) -> Reply:
        """The question of the step where the draft stands, or the summary."""
        if draft.step is Step.SUMMARY:
            return self.summary(draft, files)
        if draft.editing:
            return self._ask_again(draft, files)
        told = draft.answers.get(draft.step, "")
        question = "ask_more_photos" if draft.step is Step.PHOTOS and files else f"ask_{draft.step}"
        number = QUESTIONS.index(draft.step) + 1
        return led_by(
            self.phrase("told", text=shorten(told, _SHOWN)) if told else "",
            Reply(
                self.phrase(question),
                aside=self.phrase("step", number=number, total=len(QUESTIONS)),
                buttons=(
                    self._onward(draft.step, files),
                    *((self.button("back", f"back:{draft.step}"),) if number > 1 else ()),
                    self.button("cancel", "cancel"),
                ),
            ),
        )

    def summary(self, draft: Draft, files: int) -> Reply:
        lines = [f"• {self.label(step)}: {self._told(draft, step, files)}" for step in QUESTIONS]
        return Reply(
            "\n".join([self.phrase("summary"), *lines, "", self.phrase("summary_ask")]),
            buttons=(self.button("send", "send"), self.button("edit", "edit"), self.button("cancel", "cancel")),
        )

    def choose_edit(self) -> Reply:
        """Which step to tell again."""
        steps = tuple(Button(self.label(step), f"tip:edit:{step}") for step in QUESTIONS)
        return Reply(self.phrase("edit_choose"), buttons=(*steps, self.button("keep_all", "stay")))

    def ask_cancel(self, key: str = "cancel_ask") -> Reply:
        """Whether all of it is to be deleted (`cancel_ask`, or `cancel_ask_unsure` if it may have been sent)."""
        return Reply(self.phrase(key), buttons=(self.button("delete", "delete"), self.button("stay", "stay")))

    def not_sent(self, key: str) -> Reply:
        """Why a tip could not be sent just now (`not_sent`, `nobody_on_duty`, `shut_kept`); it is still there."""
        return Reply(
            self.phrase(key),
            calls=self.numbers(),
            buttons=(self.button("send", "send"), self.button("cancel", "cancel")),
        )

    def closed(self, key: str) -> Reply:
        """A last word after which no tip is open: `cancelled`, `cancelled_unsure` or `gone`."""
        return Reply(self.phrase(key), buttons=(self.button("start", "start"), self.menu()))

    def shut(self) -> Reply:
        """No tip can be taken just now, and none was begun."""
        return Reply(self.phrase("shut"), calls=self.numbers(), buttons=(self.menu(),))

    def sent(self, code: str) -> tuple[Reply, Reply]:
        """The only bubble that ever shows the code, and one with what the citizen should know and can choose now."""
        first = Reply(f"{self.phrase('sent', code=format_code(code))}\n\n{self.phrase('sent_keep')}")
        choices = (self.button("leave", "leave"), self.button("watch", "watch"))
        enter = Button(self.phrase("button_code"), "code:enter")
        return first, Reply(
            self.phrase("sent_traces"),
            aside=self.phrase("sent_choices"),
            calls=self.numbers(),
            buttons=(*choices, enter, self.menu()),
        )

    def label(self, step: Step) -> str:
        return self.phrase(f"label_{step}")

    def _onward(self, step: Step, files: int) -> Button:
        if step is Step.PHOTOS:
            return self.button("done" if files else "no_files", f"skip:{step}")
        return self.button("skip", f"skip:{step}")

    def _ask_again(self, draft: Draft, files: int) -> Reply:
        told = self._told(draft, draft.step, files)
        anything = draft.answers.get(draft.step) or (draft.step is Step.PHOTOS and files)
        keep = self.button("keep", f"back:{draft.step}")
        clear = self.button("clear", f"clear:{draft.step}")
        return Reply(
            f"{self.phrase('edit', label=self.label(draft.step), text=told)}\n\n{self.phrase(f'ask_{draft.step}')}",
            buttons=(keep, clear) if anything else (keep,),
        )

    def _told(self, draft: Draft, step: Step, files: int) -> str:
        text = shorten(draft.answers.get(step, ""), _SHOWN)
        if step is Step.PHOTOS:
            return " · ".join(filter(None, (self.phrase("file_count", count=files) if files else "", text))) or (
                self.phrase("nothing")
            )
        if step is Step.WHERE and (provinces := self._provinces(draft)):
            return f"{text} ({provinces})"
        return text or self.phrase("nothing")

    def _provinces(self, draft: Draft) -> str:
        found = self._places.find(draft.answers.get(Step.WHERE, ""))
        names = [self.phrase("former", name=p.name, former=p.former) if p.former else p.name for p in found]
        return self.phrase("province", names=", ".join(names)) if names else ""
