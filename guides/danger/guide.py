"""The guided talk: can you speak, where roughly, who. Each answer changes what is shown, and the numbers stay on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from content import render
from content.library import Library, vietnams_today
from content.reply import Button, Call, Reply
from guides import leaving
from guides.danger import abroad, hearing
from guides.danger.abroad import VIETNAM, Place
from guides.port import Kept, Step
from nlu import danger

NAME = "danger"
SKIP, OTHER = "skip", "other"
OPTIONS = {"speak": ("yes", "no"), "where": ("home", "abroad"), "who": ("me", "other", "child")}
_OFTEN = ("KH", "MM", "LA", "CN", "TH")  # where people are mostly held: a button each
_LONGEST = 40  # characters: of a country's name
_AT_HOME = ("113", "111")


class DangerGuide:
    """`guides.port.Guide`. What it remembers until the next message: `speak`, `where`, `country`, `who`, by option."""

    def __init__(self, library: Library, today: Callable[[], date] = vietnams_today) -> None:
        self._library, self._today = library, today

    def begin(self, language: str, text: str) -> Step:
        """The numbers and the first question that the text does not answer."""
        told = _Told().with_all(self._heard(text, ""))
        return self._talk(language).after(_Told(), told, begins=True)

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """An answer, also to questions that were not asked yet. None for anything else that is no cry for help."""
        told, talk = _Told.of(kept), self._talk(language)
        if not hearing.has_words(text):
            return talk.ask(told, talk.say("again_please"))
        if leaving.leaves(self._library, text):
            return talk.left(told)
        if hearing.is_one_of(self._library, "skip", text):
            return talk.after(told, told.with_all({told.waiting: SKIP}))
        short = any(hearing.is_one_of(self._library, key, text) for key in ("yes", "no"))
        heard = self._heard(text, told.waiting) if short or not hearing.is_wish(self._library, text) else {}
        if heard and (after := told.with_all(heard)) != told:
            return talk.after(told, after)
        return talk.ask(told) if danger.load().why(text) else None

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """`<question>:<option>`. An old button says all that it needs: nobody in danger is told that it is old."""
        told, talk = _Told.of(kept or {}), self._talk(language)
        question, _, chosen = rest.partition(":")
        country = question == "country" and (chosen == OTHER or chosen in abroad.countries(self._library))
        if not country and chosen not in (*OPTIONS.get(question, ()), *((SKIP,) if question in OPTIONS else ())):
            return talk.ask(told, talk.say("again_please"))
        more = {"where": "abroad"} if country else {}
        return talk.after(told, told.with_all({question: chosen, **more}))

    def _heard(self, text: str, waiting: str) -> dict[str, str]:
        """What a text answers; yes and no only to the question that waits."""
        library, found = self._library, dict[str, str]()
        for question, options in OPTIONS.items():
            if key := hearing.option(library, text, *(f"{question}_{option}" for option in options)):
                found[question] = key.removeprefix(f"{question}_")
        if waiting == "speak" and hearing.is_one_of(library, "yes", text):
            found["speak"] = "yes"
        elif waiting == "speak" and hearing.is_one_of(library, "no", text):
            found["speak"] = "no"
        for key in ("other", "me"):  # "me" typed without marks is "me" before it is "mẹ"
            if waiting == "who" and hearing.is_one_of(library, key, text):
                found["who"] = key
        place = abroad.place_in(text, self._today()) if hearing.has_words(text) else None
        if place is not None and place.code == VIETNAM:
            found["where"] = "home"
        elif place is not None:
            found |= {"where": "abroad", "country": place.code, "name": place.name}
        return found

    def _talk(self, language: str) -> _Talk:
        return _Talk(self._library, language)


@dataclass(frozen=True, slots=True, repr=False)
class _Told:
    """The answers so far; "" is not answered."""

    speak: str = ""
    where: str = ""
    country: str = ""  # ISO code, `OTHER` for one that is not known
    name: str = ""  # the country's in Vietnamese, of one that was typed
    who: str = ""

    @classmethod
    def of(cls, kept: Kept) -> _Told:
        return cls(**{name: str(kept.get(name, ""))[:_LONGEST] for name in cls.__slots__})

    def kept(self) -> dict[str, str]:
        return {name: value for name in self.__slots__ if (value := str(getattr(self, name)))}

    def with_all(self, answers: dict[str, str]) -> _Told:
        return _Told.of({**self.kept(), **answers})

    @property
    def waiting(self) -> str:
        """The question to ask now; "" if none is left."""
        asked = ("speak", "where", *(("country",) if self.where == "abroad" else ()), "who")
        return next((name for name in asked if not getattr(self, name)), "")


@dataclass(frozen=True)
class _Talk:
    """One step, in one language."""

    library: Library
    language: str

    def say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_{NAME}.{key}", self.language, **values)

    def after(self, before: _Told, told: _Told, begins: bool = False) -> Step:
        """What the new answers change, then the next question or the end."""
        said = [self.say("begin")] if begins and told == before else []
        quiet: list[Reply] = []
        if told.speak != before.speak and told.speak in OPTIONS["speak"]:
            said.append(self.say(f"said_speak_{told.speak}"))
        new_place = (told.where, told.country) != (before.where, before.country) and told.where not in ("", SKIP)
        if new_place and not (told.where == "abroad" and told.waiting == "country"):
            said.append(self._where(told))
        if told.speak == "no" and (told.speak != before.speak or new_place) and told.waiting != "country":
            quiet.append(Reply(self._copy(told)))
        if not told.waiting:
            return self._end(said, quiet, told)
        if quiet:  # the numbers, then the text to copy alone in its bubble, then the question
            return self._step((self._first(said, told), *quiet, self._question(told, "")), told)
        return self.ask(told, "\n\n".join(said))

    def left(self, told: _Told) -> Step:
        """Nothing more is asked; the numbers stay."""
        return leaving.left(self.library, self.language, self._calls(told))

    def ask(self, told: _Told, before: str = "") -> Step:
        """The question that waits, with the numbers."""
        return self._step((self._question(told, before),), told)

    def _step(self, replies: tuple[Reply, ...], told: _Told) -> Step:
        return Step(replies, told.kept(), urgent=True)

    def _first(self, said: list[str], told: _Told) -> Reply:
        return Reply("\n\n".join(said), calls=self._calls(told), urgent=True)

    def _question(self, told: _Told, before: str) -> Reply:
        waiting = told.waiting or "who"
        lines = [before, self.say(f"ask_{waiting}"), *([self.say("hide")] if waiting == "speak" else [])]
        buttons = self._options(waiting)
        if told.speak == "no":
            buttons = (*buttons, Button(self.say("quiet_tip"), "say:report_tip"))
        text = "\n\n".join(line for line in lines if line)
        return Reply(text, calls=self._calls(told), buttons=buttons[:6], urgent=True)

    def _options(self, question: str) -> tuple[Button, ...]:
        if question == "country":
            known = abroad.countries(self.library)
            often = [
                Button(known[c].name.say(self.language), f"guide:{NAME}:country:{c}") for c in _OFTEN if c in known
            ]
            return (*often[:4], Button(self.say("country_other"), f"guide:{NAME}:country:{OTHER}"))
        shown = (Button(self.say(f"{question}_{o}"), f"guide:{NAME}:{question}:{o}") for o in OPTIONS[question])
        return (*shown, Button(self.say("skip"), f"guide:{NAME}:{question}:{SKIP}"))

    def _where(self, told: _Told) -> str:
        if told.where == "home":
            return self.say("said_home")
        country = abroad.countries(self.library).get(told.country)
        if country is None:
            return self._unknown(told)
        said = self.say("said_country", country=country.name.say(self.language), number=country.police.dial)
        return f"{said} {country.remark.say(self.language)}" if country.remark else said

    def _unknown(self, told: _Told) -> str:
        name = self._country_name(told)
        return self.say("said_no_number", country=name) if name else self.say("said_abroad")

    def _country_name(self, told: _Told) -> str:
        """Of a country; "" if it is not known which."""
        if told.country in ("", OTHER):
            return ""
        return abroad.name_of(self.library, Place(told.country, told.name), self.language)

    def _copy(self, told: _Told) -> str:
        if told.where == "abroad":
            return self.say("copy_abroad", country=self._country_name(told) or self.say("abroad_somewhere")).rstrip()
        return self.say("copy_home" if told.where == "home" else "copy_any").rstrip()

    def _end(self, said: list[str], quiet: list[Reply], told: _Told) -> Step:
        """What to do, how to leave no traces, and where to go on; nothing is kept."""
        far = told.where == "abroad"
        last = f"said_who_{told.who}{'_abroad' if far and told.who == 'child' else ''}"
        silent = [self.say("still_silent")] if told.speak == "no" and not quiet else []
        do = Reply("\n\n".join((*said, self.say(last), *silent)), calls=self._calls(told), urgent=True)
        tip = Button(self.say("quiet_tip" if told.speak == "no" else "tip"), "say:report_tip")
        relative = [render.button(self.library, "ask_rescue_relative", self.language)] if self._relative(told) else []
        again = Button(self.say("again"), f"guide:{NAME}")
        buttons = (tip, *relative, again, render.menu_button(self.library, self.language))
        return Step((do, *quiet, Reply(self.say("traces"), buttons=buttons)), None, urgent=True)

    def _relative(self, told: _Told) -> bool:
        return told.who in ("other", "child") and "ask_rescue_relative" in self.library.topics

    def _calls(self, told: _Told) -> tuple[Call, ...]:
        """Those of the emergency answer until it is known where; at home 113 and 111, abroad the Ministry and the country's."""
        if told.where == "abroad":
            return abroad.calls(self.library, told.country, self.language)
        if told.where == "home":
            return render.calls(self.library, _AT_HOME, self.language)
        return render.answer(self.library, "emergency", self.language)[0].calls
