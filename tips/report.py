"""What lies in the envelopes: a report, written by the citizen's half, and answers, written by the police's half."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from tips.text import shorten

FORMAT = 1
FIRST_LINE = 120
TEXTS = ("what", "where", "when", "who", "how", "photo_note")  # in the order in which they are asked


class ReportError(ValueError):
    """Bytes that are no report of a known format; nothing of them is in the message."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answers of a citizen, empty where a step was skipped. `provinces` are today's names, found in `where`."""

    language: str = "vi"
    danger: bool = False
    what: str = field(default="", repr=False)
    where: str = field(default="", repr=False)
    provinces: tuple[str, ...] = field(default=(), repr=False)
    when: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    how: str = field(default="", repr=False)
    photo_note: str = field(default="", repr=False)  # about whatever was attached
    danger_why: tuple[str, ...] = field(default=(), repr=False)  # what the net for danger found, in Vietnamese

    def first_line(self) -> str:
        """The beginning of the first thing that was told, at most 120 characters in one line."""
        return shorten(next(filter(None, (getattr(self, name) for name in TEXTS)), ""), FIRST_LINE)

    def to_bytes(self) -> bytes:
        """UTF-8 JSON, as `from_bytes` reads it."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Report:
        """Raises ReportError."""
        try:
            values = json.loads(data)
            known = values.pop("format") == FORMAT
            lists = {"provinces": tuple(values["provinces"]), "danger_why": tuple(values.get("danger_why", ()))}
            report = cls(**{**values, **lists})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ReportError("no report of a known format") from None
        # Whoever can write to the store can seal a report of their own making, so the values are checked, too.
        texts = [*(getattr(report, name) for name in ("language", *TEXTS)), *report.provinces, *report.danger_why]
        if not known or not all(map(_is_text, texts)):
            raise ReportError("no report of a known format")
        return report


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer answers. `written_at` (aware) puts answers in order; outside the seal there is the hour only."""

    text: str = field(repr=False)
    written_at: datetime

    def to_bytes(self) -> bytes:
        """UTF-8 JSON, as `from_bytes` reads it."""
        values = {"format": FORMAT, "text": self.text, "written_at": self.written_at.isoformat()}
        return json.dumps(values, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Answer:
        """Raises ReportError."""
        try:
            values = json.loads(data)
            answer = cls(values["text"], datetime.fromisoformat(values["written_at"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ReportError("no answer of a known format") from None
        if values.get("format") != FORMAT or not _is_text(answer.text) or answer.written_at.tzinfo is None:
            raise ReportError("no answer of a known format")
        return answer


def _is_text(value: object) -> bool:
    """Whether a value is a text that a page can carry; JSON can also have halves of surrogate pairs, and one would take
    the list from every officer."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False
