"""What is said back to a person: plain values that every channel renders within its own limits."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import KW_ONLY, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap. `payload` is typed: `say:<intent>`, `quiz:…`, `contest:…`, `tip:…`, `code:…`; at most 64 bytes."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Call:
    """A number to dial with one tap (`number`), or a page to open (`url`)."""

    title: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file made for the person, kept nowhere. `title`: what its link is called; `instead`: its text, if no file can be sent."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    title: str
    instead: str = field(repr=False)

    @property
    def data(self) -> str:
        """The content in base64, as it travels in JSON and stands in a link."""
        return b64encode(self.content).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble: text, small words that everybody should see (`aside`), numbers to dial, the law and the sources for those who
    want them (`note`), buttons, a file."""

    text: str
    _: KW_ONLY
    aside: str = ""
    note: str = ""
    calls: tuple[Call, ...] = ()
    buttons: tuple[Button, ...] = ()
    urgent: bool = False  # red on the screen: danger now
    file: File | None = None
    clears: bool = False  # before it is shown, what the platform allows is taken off the person's screen

    @property
    def body(self) -> str:
        """Text and aside, for where there is only one size of letters."""
        return "\n\n".join(part for part in (self.text, self.aside) if part)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values; empty parts are left out."""
        out: dict[str, Any] = {"text": self.text}
        if self.aside:
            out["aside"] = self.aside
        if self.note:
            out["note"] = self.note
        if self.calls:
            out["calls"] = [
                {k: v for k, v in (("title", c.title), ("number", c.number), ("url", c.url)) if v} for c in self.calls
            ]
        if self.buttons:
            out["buttons"] = [{"title": b.title, "payload": b.payload} for b in self.buttons]
        if self.file:
            made = self.file
            out["file"] = {
                "name": made.name,
                "media_type": made.media_type,
                "content": made.data,
                "title": made.title,
                "instead": made.instead,
            }
        if self.urgent:
            out["urgent"] = True
        if self.clears:
            out["clears"] = True
        return out

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Reply:
        return cls(
            text=value["text"],
            aside=value.get("aside", ""),
            note=value.get("note", ""),
            calls=tuple(Call(**c) for c in value.get("calls", ())),
            buttons=tuple(Button(**b) for b in value.get("buttons", ())),
            file=_file(value["file"]) if "file" in value else None,
            urgent=value.get("urgent", False),
            clears=value.get("clears", False),
        )


def _file(value: dict[str, str]) -> File:
    return File(value["name"], value["media_type"], b64decode(value["content"]), value["title"], value["instead"])
