"""What stands on the sheet, as text: labels, answers, blank lines for a pen, whom to tell, what not to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from content.library import Library
from guides.relative.answers import STEPS, Answers

_PEN = "........................................"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer; an empty one is filled in by pen. `label` in Vietnamese, `small` the same in the person's language or ""."""

    label: str
    text: str = field(repr=False)
    small: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the drawing needs. For officers in Vietnam: labels are Vietnamese, whatever the person speaks."""

    title: str
    about: str
    pen: str
    names: tuple[Row, ...]  # filled in by pen, next to the photo
    photo: str
    rows: tuple[Row, ...]
    more: str  # added by hand
    teller: tuple[str, str]
    tell: tuple[str, str]
    dont: tuple[str, str]
    foot: str
    unprintable: str
    day: date

    def as_text(self) -> str:
        """The same for where no file can be sent."""
        lines = [self.title.upper(), self.about, ""]
        lines += [f"{row.label}: {_PEN}" for row in self.names]
        lines += [f"{row.label}: {row.text or _PEN}" for row in self.rows]
        teller, phone = self.teller
        lines += [f"{teller}: {_PEN}", f"{phone}: {_PEN}", ""]
        lines += [f"{title}: {text}" for title, text in (self.tell, self.dont)]
        return "\n".join((*lines, "", self.foot))


def sheet(library: Library, answers: Answers, language: str, day: date) -> Sheet:
    """The sheet of these answers; `day` in Vietnam is the finest time that stands on it."""

    def say(key: str, **values: object) -> str:
        return library.phrase(f"guide_relative.{key}", "vi", **values)

    def row(key: str, text: str = "") -> Row:
        other = library.phrase(f"guide_relative.{key}", language) if language != "vi" else ""
        return Row(say(key), text, other)

    return Sheet(
        title=say("sheet_title"),
        about=say("sheet_about", day=f"{day.day:02d}/{day.month:02d}/{day.year}"),
        pen=say("sheet_pen"),
        names=tuple(row(key) for key in ("sheet_name", "sheet_birth", "sheet_number")),
        photo=say("sheet_photo"),
        rows=tuple(row(f"line_{step}", told(library, answers, step, "vi")) for step in STEPS),
        more=say("sheet_more"),
        teller=(say("sheet_teller"), say("sheet_phone")),
        tell=(say("sheet_tell"), say("sheet_numbers")),
        dont=(say("sheet_dont"), say("dont")),
        foot=say("sheet_foot"),
        unprintable=say("sheet_unprintable"),
        day=day,
    )


def told(library: Library, answers: Answers, step: str, language: str) -> str:
    """The answer to a step in words; "" if there is none."""
    if option := answers.options.get(step):
        return library.phrase(f"guide_relative.{option}", language)
    return answers.words.get(step, "")


def report(library: Library, answers: Answers) -> str:
    """What a tip begins with; always in Vietnamese. "" if nothing was answered."""
    if answers.nothing:
        return ""
    lines = [
        f"{library.phrase(f'guide_relative.line_{step}', 'vi')}: {answer}"
        for step in STEPS
        if (answer := told(library, answers, step, "vi"))
    ]
    return "\n".join((library.phrase("guide_relative.tip_lead", "vi"), *lines))
