"""What the talk on a company says: the entry, near names, "not found", "no list". At most 600 characters a bubble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from content.library import Library
from content.model import Statement
from content.render import calls, menu_button, sources_line
from content.reply import Button, Call, Reply
from guides.company.matching import Difference, Entry, Finding, Near
from guides.company.names import parse
from guides.company.register import Listing

LONGEST_BUBBLE = 600
LONGEST_TITLE = 30
OLD_AFTER = 90  # days; then every answer says how old the list is
_TROUBLED = ("suspended", "withdrawn", "expired")
_PREFIX = "guide:company"
_LOOK_UP, _OFFICE, _ONLY_LICENSED, _FEE = "F3.16", "F3.02", "F3.03", "F3.07"


@dataclass(frozen=True)
class Teller:
    """Words in one language, on one day."""

    library: Library
    language: str
    today: date

    def ask(self, key: str) -> Reply:
        """Asks for a name: `key` is `ask`, `ask_again` or `vague`."""
        buttons = (self._button("not_known", "unknown"), Button(self._say("how"), "more:check_company"), self._menu())
        return Reply(
            self._say(key),
            note=self._note(_LOOK_UP),
            calls=calls(self.library, ("dolab",), self.language),
            buttons=buttons,
        )

    def no_name(self) -> Reply:
        return self._plain(self._say("no_name"), _LOOK_UP)

    def no_list(self) -> Reply:
        buttons = (
            Button(self._say("offer"), "guide:offer"),
            Button(self._say("how"), "more:check_company"),
            self._menu(),
        )
        return Reply(self._say("no_list"), note=self._note(_LOOK_UP, _OFFICE), calls=self._calls(), buttons=buttons)

    def renewed(self, listing: Listing) -> Reply:
        return self._plain(self._joined([*self._head(listing), self._say("renewed")], []), _LOOK_UP)

    def none(self, listing: Listing, typed: str) -> Reply:
        must = [*self._head(listing), self._say("none", typed=_cut(typed, 40))]
        return self._plain(self._joined(must, self._from(listing)), _LOOK_UP, _OFFICE)

    def entry(self, listing: Listing, entry: Entry, finding: Finding | None = None) -> Reply:
        """The entry of a company; `finding` is how it was found, None: it was picked."""
        for room in (110, 80, 60, 40):  # characters for what the list says in its own words
            must = self._must(listing, entry, finding, room)
            if len(self._joined(must, [])) <= LONGEST_BUBBLE:
                break
        wish = ["• " + self._say("official")]
        if entry.status == "licensed":
            wish.insert(0, "• " + self._say("misused"))
        near = finding.near if finding else ()
        if near:
            names = "; ".join(_cut(n.entry.name, 70) for n in near[:2])
            wish.insert(0, "• " + self._say("alike", names=names))
        if entry.address:
            wish.append("• " + self._say("address", address=_cut(entry.address, 120)))
        if entry.website:
            wish.append("• " + self._say("website", website=_cut(entry.website, 80)))
        facts = (_FEE, _LOOK_UP) if entry.status == "licensed" else (_ONLY_LICENSED, _OFFICE, _LOOK_UP)
        return self._plain(self._joined(must, wish), *facts, picks=self._picks(near[:2]))

    def _must(self, listing: Listing, entry: Entry, finding: Finding | None, room: int) -> list[str]:
        lines = [
            *self._head(listing),
            self._say(entry.status, name=_cut(entry.name, room)),
            self._what_to_do(entry),
        ]
        if finding and (finding.shortened or finding.by_licence):
            lines.append(self._say("by_licence" if finding.by_licence else "shortened"))
        lines.append("• " + self._licence(entry))
        if entry.status != "licensed" and entry.status_said:
            lines.append("• " + self._say("said", said=_cut(entry.status_said, room)))
        return [*lines, *("• " + line for line in self._from(listing, room))]

    def near(self, listing: Listing, near: tuple[Near, ...], typed: str) -> tuple[Reply, tuple[Near, ...]]:
        """Asks which of them it is; also those that had room."""
        fits = near[0].difference is Difference.SEVERAL
        must = [
            *self._head(listing),
            self._say("several" if fits else "near", typed=_cut(typed, 40)),
            self._say("near_letters"),
            *self._from(listing),
        ]
        shown: list[Near] = []
        rows: list[str] = []
        for each in near:
            row = self._row(each)
            if shown and len(self._joined([*must, *rows, row], [])) > LONGEST_BUBBLE:
                break
            rows.append(row)
            shown.append(each)
        text = self._joined([*must[:-1], *rows, must[-1]], [])
        picks = (*self._picks(tuple(shown)), self._button("not_these", "none"))
        return self._plain(text, _LOOK_UP, picks=picks), tuple(shown)

    def _row(self, near: Near) -> str:
        difference = self._difference(near)
        if near.entry.status in _TROUBLED:
            difference = f"{self._say(f'{near.entry.status}_short')}; {difference}"
        licence = _cut(near.entry.licence, 24)
        shown = self._say("row_licence", licence=licence) if licence else self._say("row_no_licence")
        return self._say("row", name=_cut(near.entry.name, 80), licence=shown, difference=difference)

    def _difference(self, near: Near) -> str:
        typed, listed = _cut(near.typed, 24), _cut(near.listed, 24)
        if near.difference is Difference.FORM:
            typed, listed = (self._say(f"form_{key}") for key in (near.typed, near.listed))
        key = f"differs_{near.difference.value}"
        if near.difference is Difference.LETTERS and not (typed and listed):
            key = "differs_letters_only"
        return self._say(key, typed=typed, listed=listed)

    def _what_to_do(self, entry: Entry) -> str:
        match entry.status:
            case "licensed":
                return self._say("careful")
            case "unknown":
                return self._say("ask_office")
            case _:
                return self._say("stop")

    def _licence(self, entry: Entry) -> str:
        if not entry.licence:
            return self._say("row_no_licence").capitalize()
        if entry.licensed_on is None:
            return self._say("licence", licence=entry.licence)
        return self._say("licence_dated", licence=entry.licence, day=_day(entry.licensed_on))

    def _head(self, listing: Listing) -> list[str]:
        """What comes before everything else: that the list is a sample."""
        return [self._say("sample")] if listing.sample else []

    def _from(self, listing: Listing, room: int = 70) -> list[str]:
        lines = [self._say("list", source=_cut(listing.source, min(room, 70)), day=_day(listing.published_on)) + "."]
        days = (self.today - listing.published_on).days
        if days > OLD_AFTER and not listing.sample:
            lines.append(self._say("old", days=days))
        return lines

    def _picks(self, near: tuple[Near, ...]) -> tuple[Button, ...]:
        return tuple(Button(self._title(each.entry), f"{_PREFIX}:{each.entry.id}") for each in near)

    def _title(self, entry: Entry) -> str:
        """The name as people call it, and the number that tells it from its like."""
        core = set(parse(entry.name).core_marked)
        words = [word for word in entry.name.split() if word.strip("-–,.()").lower() in core] or entry.name.split()
        number = entry.licence.split("/")[0].strip()[:8] or str(entry.id)
        room = LONGEST_TITLE - len(self._say("pick", name="", licence=number))
        return self._say("pick", name=_cut(" ".join(words), room), licence=number)

    def _plain(self, text: str, *facts: str, picks: tuple[Button, ...] = ()) -> Reply:
        buttons = (*picks, self._button("again", "again"), Button(self._say("offer"), "guide:offer"), self._menu())
        return Reply(text, note=self._note(*facts), calls=self._calls(), buttons=buttons)

    def _joined(self, must: Iterable[str], wish: Iterable[str]) -> str:
        """All that must be said, and of the rest what has room."""
        text = "\n".join(must)
        for line in wish:
            if len(text) + 1 + len(line) <= LONGEST_BUBBLE:
                text = f"{text}\n{line}"
        return text

    def _note(self, *facts: str) -> str:
        """The sources of what was said; one that is out of date is not named."""
        named = tuple(fact for fact in facts if fact in self.library.sources)
        return sources_line(self.library, (Statement(vi="…", sources=named),), self.language) if named else ""

    def _calls(self) -> tuple[Call, ...]:
        return calls(self.library, ("dolab", "111"), self.language)

    def _button(self, key: str, rest: str) -> Button:
        return Button(self._say(key), f"{_PREFIX}:{rest}")

    def _menu(self) -> Button:
        return menu_button(self.library, self.language)

    def _say(self, key: str, **values: object) -> str:
        return self.library.phrase(f"guide_company.{key}", self.language, **values)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
