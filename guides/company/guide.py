"""The guided talk: asks for a company's name if none was said, and tells what the list says to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from content.library import Library
from guides import leaving
from guides.company.asking import EMERGENCY, Asked, is_answer, is_no, is_unknown, is_yes, listed_in, names_in
from guides.company.matching import Finding
from guides.company.register import Answer, Register
from guides.company.telling import Teller
from guides.port import Kept, Step

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_LONGEST_TYPED = 80  # characters of a typed name that are remembered while somebody chooses
_LAST_ID = 2**31 - 1


class CompanyGuide:
    """`guides.port.Guide`. What it remembers: `asks`, a name is waited for; `near`, ids to choose from, and what was `typed`."""

    def __init__(self, library: Library, register: Register) -> None:
        self._library = library
        self._register = register

    def begin(self, language: str, text: str) -> Step:
        """Answers at once where the sentence names a company; else asks."""
        teller = self._teller(language)
        if self._register.listing() is None:
            return Step((teller.no_list(),))
        return self._in_sentence(teller, text) or Step((teller.ask("ask"),), {"asks": True})

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """A name, a licence's number, yes or no to near names; None for anything else."""
        teller = self._teller(language)
        if self._register.listing() is None:
            return Step((teller.no_list(),))
        if text.strip() in EMERGENCY:
            return None
        if leaving.leaves(self._library, text):
            return leaving.left(self._library, language)
        near: list[int] = list(kept.get("near", ()))
        if near and is_no(text):
            return self._none(teller, kept)
        if near and is_yes(text):
            return self._picked(teller, near[0]) if len(near) == 1 else None
        if is_unknown(text):
            return Step((teller.no_name(),))
        return self._in_answer(teller, text)

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """`<id>`: that company; `none`: none of the near names; `again`: another name; `unknown`: the name is not known."""
        teller = self._teller(language)
        if self._register.listing() is None:
            return Step((teller.no_list(),))
        if rest.isascii() and rest.isdigit() and int(rest[:12]) <= _LAST_ID:
            return self._picked(teller, int(rest))
        match rest:
            case "none" if kept and kept.get("typed"):
                return self._none(teller, kept)
            case "unknown":
                return Step((teller.no_name(),))
            case "again":
                return Step((teller.ask("ask_again"),), {"asks": True})
            case _:
                return Step((teller.ask("ask"),), {"asks": True})

    def _in_sentence(self, teller: Teller, text: str) -> Step | None:
        """The best that the list has for the names which a sentence may hold; None if it seems to name no company."""
        whole = self._register.search(text) if len(text) <= _LONGEST_TYPED * 2 else None
        if whole and whole.finding.hit:
            return self._told(teller, whole, text)
        asked_for = names_in(text, teller.today)
        if listed := listed_in(text, self._register.listed_in):
            asked_for.append(listed)
        found = [(asked, self._asked(asked)) for asked in asked_for]
        known = [(asked, answer) for asked, answer in found if answer and not answer.finding.vague]
        hits = [each for each in known if each[1].finding.hit]
        near = [each for each in known if each[1].finding.near]
        unknown = sorted((each for each in known if each[0].sure), key=lambda each: len(each[0].name))
        for asked, answer in (*hits, *near, *unknown):
            return self._told(teller, answer, asked.name)
        return None

    def _asked(self, asked: Asked) -> Answer | None:
        """What the list says; a hit for what only may be the name is asked back."""
        answer = self._register.search(asked.name)
        return answer if answer is None or asked.sure else replace(answer, finding=answer.finding.in_doubt())

    def _in_answer(self, teller: Teller, text: str) -> Step | None:
        answer = self._register.search(text)
        short = len(text) <= _LONGEST_TYPED * 2
        if (
            answer
            and short
            and text.strip() not in EMERGENCY
            and (answer.finding.hit or (answer.finding.near and is_answer(text, teller.today)))
        ):
            return self._told(teller, answer, text)
        if step := self._in_sentence(teller, text):
            return step
        if answer is None or not short:
            return None
        if is_answer(text, teller.today):
            return self._told(teller, answer, text)
        return self._vague(teller, answer.finding, text)

    def _vague(self, teller: Teller, finding: Finding, text: str) -> Step | None:
        """Only what many companies do was typed ("nhân lực quốc tế"): asks on. None for small words and questions."""
        if not finding.vague or not is_answer(f"{text} Xyz", teller.today):
            return None
        return Step((teller.ask("vague"),), {"asks": True})

    def _told(self, teller: Teller, answer: Answer, typed: str) -> Step:
        listing, finding = answer.listing, answer.finding
        typed = " ".join(typed.split())[:_LONGEST_TYPED]
        if finding.hit:
            return Step((teller.entry(listing, finding.hit, finding),))
        if not finding.near:
            return Step((teller.none(listing, typed),))
        reply, shown = teller.near(listing, finding.near, typed)
        return Step((reply,), {"near": [each.entry.id for each in shown], "typed": typed})

    def _none(self, teller: Teller, kept: Kept) -> Step:
        listing = self._register.listing()
        return Step((teller.none(listing, str(kept["typed"])) if listing else teller.no_list(),))

    def _picked(self, teller: Teller, id: int) -> Step:
        found = self._register.entry(id)
        if found is None:
            return Step((teller.no_list(),))
        listing, entry = found
        if entry is None:
            return Step((teller.renewed(listing),), {"asks": True})
        return Step((teller.entry(listing, entry),))

    def _teller(self, language: str) -> Teller:
        return Teller(self._library, language, self._today())

    def _today(self) -> date:
        return self._register.now().astimezone(_VIETNAM).date()
