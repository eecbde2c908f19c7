"""The guided talk: says what will be passed on, asks, shows everything back, and keeps it only after a plain yes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from content import render
from content.library import Library
from db.keys import KeyRing
from db.stores import Store
from guides import leaving
from guides.handover import reading
from guides.handover.answers import FIELDS, SKIPPABLE, SKIPPED, TIMES, WANTS, Answers
from guides.handover.wishes import Wish, Wishes
from guides.handover.wording import Wording
from guides.port import Kept, Step
from nlu import danger

_A_SENTENCE = 4  # words: more than the name of what is wanted
_A_PLACE = 6  # words: a longer text that names no province is something else


def _cries(text: str) -> str | None:
    return danger.load().why(text)


class HandoverGuide:
    """`guides.port.Guide`. What it remembers: `Answers`. Nothing is in the store before the yes."""

    def __init__(
        self,
        library: Library,
        store: Store,
        keys: KeyRing,
        now: Callable[[], datetime],
        cries: Callable[[str], str | None] = _cries,
    ) -> None:
        """`cries`: why a text is a cry for help, or None."""
        self._library = library
        self._wishes = Wishes(store, keys, now)
        self._cries = cries

    def begin(self, language: str, text: str) -> Step:
        """Says what it is about, and asks; where nobody of the Union could read it, says so instead."""
        if self._cries(text) is not None:
            return self._urgent(language)
        talk = self._talk(language)
        if not self._wishes.has_readers():
            return Step((talk.wording.nobody(),))
        step = talk.ask(talk.in_passing(Answers(once=secrets.token_hex(16)), text))
        return Step((talk.wording.intro(), *step.replies), step.kept)

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """An answer in words. A text with a number in it is never None: it must reach no engine."""
        if self._cries(text) is not None:
            return self._urgent(language)
        talk, answers = self._talk(language), Answers.of(kept)
        if leaving.leaves(self._library, text) or (answers.asks != "confirm" and reading.is_one(text, "stop")):
            return talk.over("left")
        return talk.hear(answers, text)

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """A button. `withdraw:<id>` and `new` need nothing remembered; the others belong to a talk that goes on."""
        talk = self._talk(language)
        act, _, value = rest.partition(":")
        if act == "withdraw":
            return talk.withdraw(value, kept)
        if act == "new":
            return self.begin(language, "")
        return talk.over("old") if kept is None else talk.press(Answers.of(kept), act, value)

    def _talk(self, language: str) -> _Talk:
        return _Talk(Wording(self._library, language), self._wishes)

    def _urgent(self, language: str) -> Step:
        return Step(tuple(render.answer(self._library, "emergency", language)), urgent=True)


@dataclass(frozen=True)
class _Talk:
    """One step of the talk, in the person's language."""

    wording: Wording
    wishes: Wishes

    def ask(self, answers: Answers, before: str = "", page: int = 0) -> Step:
        return Step((self.wording.ask(answers, before, page),), answers.kept())

    def again(self, answers: Answers, key: str) -> Step:
        """The same question once more, after a sentence."""
        return self.ask(answers, self.wording.say(key))

    def over(self, key: str) -> Step:
        return Step((self.wording.over(key),))

    def in_passing(self, answers: Answers, text: str) -> Answers:
        """What a text tells that was not asked yet: things wanted, one province, a number."""
        if not answers.want and (wants := reading.wants_in(text)):
            answers = answers.put(want=tuple(wants))
        provinces = reading.provinces_in(text, self.wording.library.places) if not answers.province else []
        if len(provinces) == 1:
            answers = answers.put(province=provinces[0])
        phone = reading.phone_in(text)
        return answers.put(reach=phone.written) if phone and phone.real and not answers.reach else answers

    # ------------------------------------------------------------------ typed

    def hear(self, answers: Answers, text: str) -> Step | None:
        match answers.asks:
            case "want":
                step = self._want(answers, text)
            case "province":
                step = self._province(answers, text)
            case "reach":
                step = self._reach(answers, text)
            case "confirm":
                step = self._confirm(answers, text)
            case name:
                step = self._free(answers, name, text)
        return step or self._number(answers, text)

    def _number(self, answers: Answers, text: str) -> Step | None:
        """A text that answers nothing but has a number in it: kept for its question if it can be, and from the engine."""
        phone = reading.phone_in(text)
        if phone and phone.real and not answers.reach:
            return self.ask(answers.put(reach=phone.written), self.wording.say("noted"))
        return self.again(answers, "number") if reading.has_number(text) else None

    def _want(self, answers: Answers, text: str) -> Step | None:
        if reading.is_one(text, "skip"):
            return self.ask(answers.put(want=("other",), said=SKIPPED))
        if not reading.is_answer(text):
            return None
        if (told := self.in_passing(answers, text)).want:
            more = len(text.split()) >= _A_SENTENCE and not reading.phone_in(text) and reading.tidy(text, "said")
            return self.ask(told.put(said=more) if more else told)
        if told != answers:  # a number or a place alone: what is wanted is asked on
            return self.ask(told, self.wording.say("noted"))
        said = reading.tidy(text, "said")
        return self.ask(answers.put(want=("other",), said=said)) if said else self._too_long(answers, "said")

    def _province(self, answers: Answers, text: str) -> Step | None:
        if reading.is_one(text, "unknown") or reading.is_one(text, "skip"):
            return self.over("no_province")
        if not reading.is_answer(text):
            return None
        found = reading.provinces_in(text, self.wording.library.places)
        if len(found) == 1:
            return self._placed(self.in_passing(answers.put(province=found[0]), text), text)
        if found:
            return self.again(answers, "several_provinces")
        if (told := self.in_passing(answers, text)) != answers:
            return self.ask(told, self.wording.say("noted"))
        return self.again(answers, "no_such_province") if len(text.split()) <= _A_PLACE else None

    def _placed(self, answers: Answers, text: str) -> Step:
        """With a word on a former province's name."""
        place = self.wording.place(answers.province)
        former = reading.former_in(text, place) if place else ""
        before = self.wording.say("former", former=former, province=answers.province) if former else ""
        return self.ask(answers, before)

    def _reach(self, answers: Answers, text: str) -> Step | None:
        if reading.is_one(text, "unknown") or reading.is_one(text, "skip"):
            return self.over("no_reach")
        if reading.is_one(text, "no_phone"):
            return self.again(answers, "no_phone")
        phone = reading.phone_in(text)
        if phone and phone.alone:
            if phone.real:
                return self.ask(answers.put(reach=phone.written))
            return None if reading.is_one(text, "emergency") else self.again(answers, "service_number")
        if phone is None and reading.has_number(text):
            return self.again(answers, "bad_number")
        if phone is None and not reading.is_answer(text):
            return None
        whole = reading.tidy(text, "reach")
        return self.ask(answers.put(reach=whole)) if whole else self._too_long(answers, "reach")

    def _free(self, answers: Answers, name: str, text: str) -> Step | None:
        """Words that are passed on as they were typed."""
        if reading.is_one(text, "skip"):
            return self.ask(answers.put(**{name: SKIPPED}))
        if not reading.is_answer(text) or reading.has_number(text):
            return None
        whole = reading.tidy(text, name)
        return self.ask(answers.put(**{name: whole})) if whole else self._too_long(answers, name)

    def _confirm(self, answers: Answers, text: str) -> Step | None:
        if reading.is_one(text, "yes"):
            return self._send(answers)
        if reading.is_one(text, "no") or reading.is_one(text, "stop"):
            return self.over("left")
        if reading.is_one(text, "fix"):
            return Step((self.wording.edit(answers),), answers.kept())
        if reading.is_one(text, "nearly"):
            return self.again(answers, "plain_yes")
        phone = reading.phone_in(text)
        return self.ask(answers.put(reach=phone.written)) if phone and phone.alone and phone.real else None

    def _too_long(self, answers: Answers, name: str) -> Step:
        return self.ask(answers, self.wording.say("too_long", most=reading.LONGEST[name]))

    # ------------------------------------------------------------------ tapped

    def press(self, answers: Answers, act: str, value: str) -> Step:
        match act, value:
            case "w", _ if value in WANTS:
                return self.ask(answers.put(want=(value,), said=None))
            case "p", _ if place := self.wording.by_slug(value):
                return self.ask(answers.put(province=place.name))
            case "t", _ if value in TIMES:
                return self.ask(answers.put(time=self.wording.say(f"time_{value}")))
            case "list", _ if answers.asks == "province" and value.isascii() and value.isdigit():
                return self.ask(answers, page=max(1, int(value[:2])))
            case "skip", _ if value in SKIPPABLE:
                return self.ask(answers.put(**{value: SKIPPED}))
            case "unknown", "province":
                return self.over("no_province")
            case "unknown", "reach":
                return self.over("no_reach")
            case "edit", _ if answers.asks == "confirm":
                return Step((self.wording.edit(answers),), answers.kept())
            case "e", _ if value in FIELDS:
                return self.ask(answers.without(value))
            case "no", _:
                return self.over("left")
            case "yes", _ if answers.asks == "confirm":
                return self._send(answers) if value == str(answers.n) else self.again(answers, "changed")
        return self.again(answers, "again")

    def _send(self, answers: Answers) -> Step:
        wish = Wish(
            wants=self.wording.wants(answers),
            commune=answers.commune or "",
            reach=answers.reach,
            time=answers.time or "",
            agreed=self.wording.ask(answers).text,
        )
        once = f"{answers.once}:{answers.n}" if answers.once else ""
        wish_id = self.wishes.add(answers.province, wish, once)
        return Step((self.wording.sent(wish_id, answers.province),)) if wish_id else self.over("full")

    def withdraw(self, wish_id: str, kept: Kept | None) -> Step:
        """Takes a wish back; a talk that is going on goes on."""
        said = self.wording.over(f"withdrawn_{self.wishes.withdraw(wish_id[:32]).value}")
        if kept is None:
            return Step((said,))
        step = self.ask(Answers.of(kept))
        return Step((said, *step.replies), step.kept)
