"""What is said at the end: lines with the facts that each rests on; a line whose facts hold no longer is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content import render
from content.library import Library
from content.model import ADVICE, Statement
from content.reply import Button, Call, Reply
from guides.back.told import Told
from guides.danger import abroad
from guides.danger.abroad import Place

CASES = ("back_shelter", "back_health", "back_papers", "back_legal_aid")
HANDOVER = "handover"
# Of each line (content/phrases/guide_back.yml) what it rests on. Nothing beside an imperative rests on ADVICE alone.
RESTS: Mapping[str, tuple[str, ...]] = {
    "threat": ("TEL.113", "F1.31"),
    "threat_abroad": ("TEL.MOFA", "F1.31"),
    "child": ("TEL.111",),
    "child_abroad": (ADVICE,),
    "home_go": ("L53.27", "TEL.111"),
    "home_need": (ADVICE,),
    "home_office": ("L53.27",),
    "home_office_any": ("L53.27",),
    "border_go": ("L53.27",),
    "border_forced": ("F1.30",),
    "abroad_go": ("TEL.MOFA", "ORG.BNG"),
    "abroad_police": (ADVICE,),
    "abroad_help": ("F1.60",),
    "abroad_papers": (ADVICE,),
    "abroad_back": ("L53.27",),
    "rights": ("F1.31", "F1.66"),
    "gets_home": ("L53.37", "F1.13"),
    "gets_abroad": ("L53.37", "F1.13"),
    "gets_later": ("L53.37",),
    "papers": ("L53.27", ADVICE),
    "legal_aid": ("F1.62", "TEL.TGPL"),
}
_STEPS = {
    "home": ("home_go", "home_need", "home_office"),
    "border": ("border_go", "home_office", "border_forced"),
    "abroad": ("abroad_go", "abroad_police", "abroad_help", "abroad_papers", "abroad_back"),
    "": ("home_go", "home_need", "home_office"),
}

_AT_HOME = ("gets_home", "gets_later", "rights", "papers", "legal_aid")


@dataclass(frozen=True)
class Telling:
    """In one language, from the content of this moment."""

    library: Library
    language: str

    def end(self, told: Told) -> tuple[Reply, ...]:
        """What to do there, then what one is entitled to."""
        far = told.where == "abroad"
        before = [f"threat{'_abroad' if far else ''}"] if told.threat == "yes" else []
        before += [f"child{'_abroad' if far else ''}"] if told.age == "under" else []
        steps = [key for key in _STEPS[told.where if told.where in _STEPS else ""] if self._fits(key, told)]
        gets = ("gets_abroad", "gets_later", "rights") if far else _AT_HOME
        numbered = [f"{n}. {line}" for n, line in enumerate(self._lines(steps, told), 1)]
        text = "\n\n".join(part for part in (*self._lines(before, told), self._head(told), "\n".join(numbered)) if part)
        do = Reply(text, note=self._note((*before, *steps), told), calls=self._calls(told), urgent=told.threat == "yes")
        entitled = "\n".join((self._say("entitled"), *(f"• {line}" for line in self._lines(gets, told))))
        return do, Reply(entitled, note=self._note(gets, told), buttons=self._buttons(told))

    def _head(self, told: Told) -> str:
        if told.was:
            return self._say("was", was=told.was, province=told.province)
        return self._say("steps")

    def _fits(self, key: str, told: Told) -> bool:
        return key != "abroad_police" or told.country in abroad.countries(self.library)

    def _lines(self, keys: Iterable[str], told: Told) -> list[str]:
        country = abroad.countries(self.library).get(told.country)
        place = abroad.name_of(self.library, Place(told.country, told.name), self.language)
        number = country.police.dial if country else ""
        named = {"province": told.province, "country": place, "number": number}
        return [self._say(self._key(key, told), **named) for key in keys if self._rests(self._key(key, told))]

    def _key(self, key: str, told: Told) -> str:
        return f"{key}_any" if key == "home_office" and not told.province else key

    def _rests(self, key: str) -> bool:
        """Whether one of the facts below a line still holds; advice always does."""
        facts = [source for source in RESTS[key] if source != ADVICE]
        return not facts or any(source in self.library.sources for source in facts)

    def _note(self, keys: Iterable[str], told: Told) -> str:
        """The sources of these lines, the country's number among them."""
        used = [source for key in keys for source in RESTS[self._key(key, told)]]
        country = abroad.countries(self.library).get(told.country)
        used += abroad.sources(country) if country and "abroad_police" in keys else ()
        held = tuple(dict.fromkeys(s for s in used if s == ADVICE or s in self.library.sources))
        return render.sources_line(self.library, (Statement(vi="-", sources=held or (ADVICE,)),), self.language)

    def _calls(self, told: Told) -> tuple[Call, ...]:
        if told.where == "abroad":
            return abroad.calls(self.library, told.country, self.language)
        first = ("111", "113") if told.age == "under" and told.threat != "yes" else ("113", "111")
        return render.calls(self.library, first, self.language)

    def _buttons(self, told: Told) -> tuple[Button, ...]:
        cases = [render.button(self.library, case, self.language) for case in CASES if case in self.library.topics]
        asks = Button(self.library.phrase(f"guide.{HANDOVER}", self.language), f"guide:{HANDOVER}")
        handover = [asks] if told.where != "abroad" else []
        return (*cases, *handover, render.menu_button(self.library, self.language))

    def _say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_back.{key}", self.language, **values)
