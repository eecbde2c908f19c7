"""The guided talk: where, which province or country, under 18, still threatened; then the steps there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from content import render
from content.library import Library, vietnams_today
from content.reply import Button, Call, Reply
from content.spelling import bare, says
from guides import leaving
from guides.back.telling import Telling
from guides.back.told import OPTIONS, OTHER, SKIP, Told
from guides.danger import abroad, hearing
from guides.danger.abroad import VIETNAM
from guides.port import Kept, Step
from nlu import danger
from nlu.entities import Kind, find

NAME = "back"
_OFTEN = ("KH", "MM", "LA", "CN", "TH")
_ADULT = 18
_AGE = re.compile(r"(?:(?:moi|em|e|toi|chau|minh|khoang|duoc) ){0,2}([1-9][0-9]?)(?: ?t| tuoi)?")
_HEARS = "guide_back.hears_"
_MAY_BE_AN_ANSWER = (danger.MANY, "being moved now")  # names of rules


class BackGuide:
    """`guides.port.Guide`. What it remembers: `guides.back.told.Told`, until the steps are told."""

    def __init__(self, library: Library, today: Callable[[], date] = vietnams_today) -> None:
        self._library, self._today = library, today

    def begin(self, language: str, text: str) -> Step:
        """The first question that the text does not answer. A cry for help comes before everything."""
        told = Told().with_all(self._heard(text, ""))
        if self._cries(text, answers=told != Told()):
            return self._urgent(language, told)
        return self._talk(language).after(Told(), told, begins=True)

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """An answer, also to questions that come later. None for anything else."""
        told, talk = Told.of(kept), self._talk(language)
        after = told.with_all(self._heard(text, told.waiting))
        if self._cries(text, answers=after != told):
            return self._urgent(language, after)
        if not hearing.has_words(text):
            return talk.ask(told, talk.say("again"))
        if hearing.is_one_of(self._library, "skip", text) and told.waiting:
            return talk.after(told, told.with_all({told.waiting: SKIP}))
        if leaving.leaves(self._library, text):
            return leaving.left(self._library, language, talk.calls(told) if told.where == "abroad" else ())
        short = any(hearing.is_one_of(self._library, key, text) for key in ("yes", "no"))
        threatened = after.threat == "yes" != told.threat  # "họ có tìm em không": fear, and no question for the engine
        if not (short or threatened) and hearing.is_wish(self._library, text):
            return None
        return talk.after(told, after) if after != told else None

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """`<question>:<option>`; an old button begins anew with what it says."""
        told, talk = Told.of(kept or {}), self._talk(language)
        question, _, chosen = rest.partition(":")
        if question == "country" and (chosen in (OTHER, SKIP) or chosen in abroad.countries(self._library)):
            return talk.after(told, told.with_all({"where": "abroad", "country": chosen}))
        if (question in OPTIONS and chosen in (*OPTIONS[question], SKIP)) or (question, chosen) == ("province", SKIP):
            return talk.after(told, told.with_all({question: chosen}))
        return talk.ask(told, talk.say("again"))

    def _heard(self, text: str, waiting: str) -> dict[str, str]:
        """What a text answers; yes and no only to the question that waits."""
        if not hearing.has_words(text):
            return {}
        found = self._place(text, waiting)
        for question, options in OPTIONS.items():
            keys = (f"{question}_{option}" for option in options)
            if key := hearing.option(self._library, text, *keys, within=_HEARS):
                found.setdefault(question, key.removeprefix(f"{question}_"))
        age = self._age(text) or (_bare_age(text) if waiting == "age" else 0)
        if age:
            found["age"] = "under" if age < _ADULT else "adult"
        if key := self._yes_or_no(text):
            if waiting == "threat":
                found["threat"] = key
            if waiting == "age" and not age and "threat" not in found:  # "đủ 18 tuổi chưa?"; not "có, họ vẫn dọa"
                found["age"] = "adult" if key == "yes" else "under"
        return found

    def _yes_or_no(self, text: str) -> str:
        """Also with more behind a comma ("có, họ vẫn nhắn tin"); "" for neither."""
        first = re.split("[,.;!]", text[: hearing.READS], maxsplit=1)[0]
        for key in ("yes", "no"):
            if hearing.is_one_of(self._library, key, first):
                return key
        return "yes" if hearing.is_phrase(self._library, f"{_HEARS}already", first) else ""

    def _place(self, text: str, waiting: str) -> dict[str, str]:
        """Where it is: `border` stays what it is when its province is told."""
        place = abroad.place_in(text, self._today())
        province, was = (place.province, place.was) if place else ("", "")
        if not any(known.name == province for known in self._library.places):
            province, was = self._named(text)
        if province:
            where = {} if waiting == "province" else {"where": "home"}
            if hearing.option(self._library, text, "where_border", within=_HEARS):
                where = {"where": "border"}
            return {**where, "province": province, "was": was}
        if place is None or place.code == VIETNAM:
            return {"where": "home"} if place and waiting != "province" else {}
        return {"where": "abroad", "country": place.code, "name": place.name}

    def _named(self, text: str) -> tuple[str, str]:
        """The province of content/places.yml that a text names, and the former one if that was said."""
        said = bare(text[: hearing.READS])
        found = [
            (len(name), known.name, name if name in known.former else "")
            for known in self._library.places
            for name in (known.name, *known.former, *known.also)
            if len(name) > 2 and says(said, name)
        ]
        _, province, was = max(found, default=(0, "", ""))
        return province, was

    def _age(self, text: str) -> int:
        """In whole years; 0 if none is told."""
        ages = (e.value for e in find(text[: hearing.READS], self._today()) if e.kind is Kind.AGE)
        return next((value for value in ages if isinstance(value, int)), 0)

    def _cries(self, text: str, answers: bool) -> bool:
        """A cry for help. What answers the question where one is ("em đang ở cửa khẩu") may sound like one and is none."""
        why = danger.load().why(text)
        return why is not None and not (answers and why in _MAY_BE_AN_ANSWER)

    def _urgent(self, language: str, told: Told) -> Step:
        """The numbers. Abroad those of the country, and where it is stays known: the talk goes on below them."""
        if told.where == "abroad":
            return self._talk(language).cried_abroad(told)
        return Step(tuple(render.answer(self._library, "emergency", language)), urgent=True)

    def _talk(self, language: str) -> _Talk:
        return _Talk(self._library, language)


def _bare_age(text: str) -> int:
    """A number alone, or with a small word before it ("mới 17"): where an age was asked for, in whole years; else 0."""
    found = _AGE.fullmatch(bare(text[: hearing.READS]).strip(" .!"))
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class _Talk:
    """One step, in one language."""

    library: Library
    language: str

    def say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_{NAME}.{key}", self.language, **values)

    def after(self, before: Told, told: Told, begins: bool = False) -> Step:
        """The next question, or the steps. Whoever is still threatened gets 113 at once."""
        threatened = told.threat == "yes" != before.threat
        if not told.waiting:
            return Step(Telling(self.library, self.language).end(told.without_skips()), None, urgent=threatened)
        threat = "threatened_abroad" if told.where == "abroad" else "threatened"
        said = self.say("begin") if begins else self.say(threat) if threatened else ""
        return self.ask(told, said, urgent=threatened)

    def ask(self, told: Told, before: str = "", urgent: bool = False) -> Step:
        waiting = told.waiting or "threat"
        text = "\n\n".join(part for part in (before, self.say(f"ask_{waiting}")) if part)
        calls = self.calls(told) if urgent or told.where == "abroad" else ()
        return Step(
            (Reply(text, buttons=self._options(waiting), calls=calls, urgent=urgent),), told.kept(), urgent=urgent
        )

    def cried_abroad(self, told: Told) -> Step:
        """Whom to call there, then what is still to be asked; nothing of 113, which cannot be reached from abroad."""
        country = abroad.countries(self.library).get(told.country)
        said = self.say("threatened_abroad")
        if country:
            number = country.police.dial
            said = "\n\n".join(
                (said, self.say("abroad_police", country=country.name.say(self.language), number=number))
            )
        first = Reply(said, calls=self.calls(told), urgent=True)
        told = told.with_all({"threat": "yes"})
        if not told.waiting:
            return Step((first, *Telling(self.library, self.language).end(told.without_skips())), urgent=True)
        step = self.ask(told, urgent=True)
        return Step((first, *step.replies), step.kept, urgent=True)

    def calls(self, told: Told) -> tuple[Call, ...]:
        if told.where == "abroad":
            return abroad.calls(self.library, told.country, self.language)
        return render.calls(self.library, ("113", "111"), self.language)

    def _options(self, question: str) -> tuple[Button, ...]:
        if question == "country":
            known = abroad.countries(self.library)
            often = [
                Button(known[c].name.say(self.language), f"guide:{NAME}:country:{c}") for c in _OFTEN if c in known
            ]
            return (*often, Button(self.say("country_other"), f"guide:{NAME}:country:{OTHER}"))
        shown = (
            Button(self.say(f"{question}_{option}"), f"guide:{NAME}:{question}:{option}")
            for option in OPTIONS.get(question, ())
        )
        return (*shown, Button(self.say("skip"), f"guide:{NAME}:{question}:{SKIP}"))
