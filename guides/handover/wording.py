"""Puts it into words: what will be passed on, the questions with their buttons, everything shown back, what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from content import render
from content.library import Library
from content.model import Place
from content.reply import Button, Call, Reply
from content.spelling import bare
from guides.handover.answers import FIELDS, SKIPPABLE, TIMES, WANTS, Answers

NAME = "handover"
ON_A_PAGE = 8  # provinces


@dataclass(frozen=True)
class Wording:
    """Words in one language."""

    library: Library
    language: str

    def say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_{NAME}.{key}", self.language, **values)

    def button(self, key: str, rest: str) -> Button:
        return Button(self.say(key), f"guide:{NAME}:{rest}")

    def intro(self) -> Reply:
        """What will be passed on, to whom, how long it is kept; that nobody must."""
        return Reply(self.say("intro"), note=self._sources("ORG.HLHPN", "F8.23"))

    def ask(self, answers: Answers, before: str = "", page: int = 1) -> Reply:
        """The question that waits, after a sentence; all of it shown back when nothing waits."""
        name = answers.asks
        if name == "confirm":
            return self._confirm(answers, before)
        text = self.say(f"ask_{name}")
        return Reply(f"{before}\n\n{text}" if before else text, buttons=self._buttons(name, page))

    def edit(self, answers: Answers) -> Reply:
        """Which answer should be changed?"""
        shown = [name for name in FIELDS if name != "said"]
        buttons = [self.button(f"name_{name}", f"e:{name}") for name in shown]
        return Reply(self.say("edit"), buttons=(*buttons, self.button("no", "no")))

    def sent(self, wish_id: str, province: str) -> Reply:
        """It is on its way; the last button takes it back."""
        buttons = (self.button("withdraw", f"withdraw:{wish_id}"), self._menu())
        return Reply(self.say("sent", province=province), aside=self.say("sent_aside"), buttons=buttons)

    def over(self, key: str) -> Reply:
        """The end, or a way on: nothing was passed on here."""
        buttons = (self.button("new", "new"), Button(self._title("ask_livelihood"), "say:ask_livelihood"))
        return Reply(self.say(key), calls=self._calls(), buttons=(*buttons, self._menu()))

    def nobody(self) -> Reply:
        """Nobody of the Union reads here."""
        ways = (Button(self._title("ask_livelihood"), "say:ask_livelihood"), self._menu())
        return Reply(self.say("nobody"), calls=self._calls(), buttons=ways)

    def _calls(self) -> tuple[Call, ...]:
        return render.calls(self.library, ("111",), self.language)

    def place(self, name: str) -> Place | None:
        return next((place for place in self.library.places if place.name == name), None)

    def by_slug(self, code: str) -> Place | None:
        """The province of a button."""
        return next((place for place in self.library.places if slug(place.name) == code), None)

    def wants(self, answers: Answers) -> str:
        """What is wanted, in words."""
        named = [self.say(f"want_{key}") for key in answers.want]
        return f"{', '.join(named)}: {answers.said}" if answers.said else ", ".join(named)

    def _confirm(self, answers: Answers, before: str) -> Reply:
        lines = [
            *([before, ""] if before else []),
            self.say("confirm", province=answers.province),
            f"• {self.say('name_want')}: {self.wants(answers)}",
            f"• {self.say('name_where')}: {', '.join(part for part in (answers.commune, answers.province) if part)}",
            f"• {self.say('name_reach')}: {answers.reach}",
            f"• {self.say('name_time')}: {answers.time or self.say('not_said')}",
            self.say("confirm_ask"),
        ]
        buttons = (self.button("yes", f"yes:{answers.n}"), self.button("change", "edit"), self.button("no", "no"))
        return Reply("\n".join(lines), buttons=buttons)

    def _buttons(self, name: str, page: int) -> tuple[Button, ...]:
        leave = self.button("stop", "no")
        match name:
            case "want":
                return (*(self.button(f"want_{key}", f"w:{key}") for key in WANTS), leave)
            case "province":
                unknown = self.button("unknown_province", "unknown:province")
                return (*self._provinces(page), unknown, leave)
            case "reach":
                return (self.button("unknown_reach", "unknown:reach"), leave)
            case "time":
                times = (self.button(f"time_{key}", f"t:{key}") for key in TIMES)
                return (*times, self.button("skip", "skip:time"), leave)
            case _:
                return (self.button("skip", f"skip:{name}"), leave) if name in SKIPPABLE else (leave,)

    def _provinces(self, page: int) -> tuple[Button, ...]:
        """A page of the provinces, in the order of the alphabet; page 0 is the button that leads to them."""
        if page < 1:
            return (self.button("list", "list:1"),)
        places = sorted(self.library.places, key=lambda place: bare(place.name))
        pages = -(-len(places) // ON_A_PAGE)
        page = (page - 1) % pages + 1
        shown = places[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        buttons = [Button(place.name, f"guide:{NAME}:p:{slug(place.name)}") for place in shown]
        return (*buttons, self.button("list_more", f"list:{page % pages + 1}"))

    def _title(self, intent: str) -> str:
        return render.title(self.library, intent, self.language)

    def _sources(self, *keys: str) -> str:
        """The small print under the beginning; facts that no longer hold are left out."""
        known = tuple(self.library.sources[key].name for key in keys if key in self.library.sources)
        return self.say("based_on", names="; ".join(known)) if known else ""

    def _menu(self) -> Button:
        return render.menu_button(self.library, self.language)


def slug(name: str) -> str:
    """ "Bà Rịa" → "ba-ria"."""
    return bare(name).strip().replace(" ", "-")
