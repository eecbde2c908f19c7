"""What the conversation says itself: that something went wrong, was not understood, cannot be read; the language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from content import render
from content.library import Library
from content.reply import Button, Reply


@dataclass(frozen=True, slots=True)
class Sentences:
    """Replies made of phrases of content/phrases/talk.yml."""

    library: Library

    def phrase(self, key: str, language: str, **values: object) -> str:
        return self.library.phrase(f"talk.{key}", language, **values)

    def emergency(self, language: str, text: str = "") -> list[Reply]:
        """113 first, then 111, then three things to do now; or what the case says that the text names."""
        case = self.library.case_of("emergency", text)
        return render.answer(self.library, case.name if case else "emergency", language)

    def empty(self, language: str) -> Reply:
        numbers = render.calls(self.library, ("113", "111"), language)  # it may be a silent cry
        return Reply(self.phrase("empty", language), calls=numbers, buttons=(self._menu(language),))

    def hidden(self, language: str) -> Reply:
        """What anybody may read over a shoulder; the screen is cleared before it."""
        return Reply(self.phrase("hidden", language), clears=True)

    def trouble(self, language: str) -> Reply:
        """Our own fault, with the numbers."""
        numbers = render.calls(self.library, ("113", "111"), language)
        return Reply(self.phrase("trouble", language), calls=numbers, buttons=(self._menu(language),))

    def ask_back(self, key: str, language: str) -> Reply:
        """A sentence that asks back, with the whole menu and the hotline, instead of guessing."""
        menu = render.answer(self.library, "help", language)[0]
        return Reply(
            self.phrase(key, language), calls=render.calls(self.library, ("111",), language), buttons=menu.buttons
        )

    def lost(self, language: str) -> Reply:
        """Not understood twice: the menu, and a person's number."""
        menu = render.answer(self.library, "help", language)[0]
        numbers = render.calls(self.library, ("111", "113"), language)
        return Reply(self.phrase("lost", language), calls=numbers, buttons=menu.buttons)

    def unreadable(self, kind: str, language: str) -> Reply:
        """`kind` as in `Inbound.unsupported`. Whom Zalo protects gets simple words and the numbers, never an error."""
        key = kind if kind in ("protected", "too_big") else "unsupported"
        numbers = render.calls(self.library, ("113", "111"), language) if kind == "protected" else ()
        told = self.phrase(key, language)
        return Reply(told, calls=numbers, buttons=(self._menu(language),), urgent=kind == "protected")

    def speaks(self, language: str) -> Reply:
        """Said in the language that was chosen."""
        return Reply(self.library.tongues[language].chosen, buttons=(self._menu(language),))

    def which_language(self, language: str) -> Reply:
        (asked,) = render.answer(self.library, "change_language", language)
        choice = [Button(tongue.name, f"lang:{code}") for code, tongue in self.library.tongues.items()]
        return replace(asked, buttons=tuple(choice))

    def ask_erase(self, language: str) -> Reply:
        """What will be lost, before it is."""
        erase = Button(self.phrase("erase_yes", language), "erase:all")
        return Reply(self.phrase("erase_ask", language), buttons=(erase, self._menu(language)))

    def _menu(self, language: str) -> Button:
        return render.menu_button(self.library, language)
