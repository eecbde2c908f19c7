"""Where a told tip stands: its steps, what was told, and the try to send it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from tips.citizen.outcome import MAX_REASONS
from tips.code import make_code
from tips.envelope import new_id


class Step(StrEnum):
    """Where the talk stands, in its order."""

    WHAT = "what"
    WHERE = "where"
    WHEN = "when"
    WHO = "who"
    HOW = "how"
    PHOTOS = "photos"  # files of all kinds; the name is in drafts, buttons and phrases
    SUMMARY = "summary"


QUESTIONS = (Step.WHAT, Step.WHERE, Step.WHEN, Step.WHO, Step.HOW, Step.PHOTOS)


@dataclass(slots=True)
class Sending:
    """A try to send: the next one sends the same tip with the same code, so that there is never a second copy.

    `texts` (fingerprints) and `files` (rows) are what the try took along; `lane` is what was decided then.
    """

    code: str = field(repr=False)
    tip_id: str = field(repr=False)
    lookup: str = field(default="", repr=False)  # hexadecimal; how the tip is found
    lane: str = ""
    texts: dict[Step, str] = field(default_factory=dict, repr=False)
    files: list[int] = field(default_factory=list)

    @classmethod
    def new(cls) -> Sending:
        return cls(make_code(), new_id())

    def take(self, answers: dict[Step, str], files: Iterable[int]) -> None:
        """Notes what goes along this time."""
        self.texts = {step: fingerprint(text) for step, text in answers.items()}
        self.files = list(files)

    def took(self, answers: dict[Step, str], files: Iterable[int]) -> bool:
        """Whether what is told now is just what went along."""
        return self.texts == {step: fingerprint(text) for step, text in answers.items()} and self.files == list(files)

    def left_out(self, answers: dict[Step, str]) -> dict[Step, str]:
        """What was told since, or told anew."""
        return {step: text for step, text in answers.items() if self.texts.get(step) != fingerprint(text)}


@dataclass(slots=True)
class Draft:
    """What was told so far. The answer to PHOTOS is a note about the files; these are rows of their own.

    `editing`: one step is told again, and then comes the summary. `leaving`: "delete all of it?" was asked last.
    `sent_until`: the tip was sent; until then its code can be shown once more, and nothing else of it is here.
    """

    step: Step = Step.WHAT
    answers: dict[Step, str] = field(default_factory=dict, repr=False)
    danger: bool = False
    editing: bool = False
    leaving: bool = False
    why: list[str] = field(default_factory=list, repr=False)  # sentences for officers: why this is danger
    sending: Sending | None = None
    sent_until: str = ""  # ISO 8601
    last: str = field(default="", repr=False)  # the update that was taken last

    @classmethod
    def sent(cls, sending: Sending, until: datetime) -> Draft:
        """What stays of a tip that was sent."""
        left = Sending(sending.code, "", sending.lookup)
        return cls(step=Step.SUMMARY, sending=left, sent_until=until.isoformat())

    @property
    def is_sent(self) -> bool:
        return bool(self.sent_until)

    def length(self) -> int:
        """Characters told so far."""
        return sum(map(len, self.answers.values()))

    def took(self, once: str) -> bool:
        """Whether this update was taken already: the process was killed before its answer went out."""
        return bool(once) and once == self.last

    def alarm(self, danger: bool, why: str) -> None:
        """A cry for help, and why it was taken for one."""
        self.danger |= danger
        if danger and why and why not in self.why and len(self.why) < MAX_REASONS:
            self.why.append(why)

    def append(self, step: Step, text: str) -> None:
        """Adds to what was told in a step."""
        self.answers[step] = "\n".join(filter(None, (self.answers.get(step), text)))

    def forward(self) -> None:
        """To the next step; from a step that is told again, to the summary."""
        if self.editing or self.step in (Step.PHOTOS, Step.SUMMARY):
            self.step, self.editing = Step.SUMMARY, False
        else:
            self.step = QUESTIONS[QUESTIONS.index(self.step) + 1]

    def backward(self) -> None:
        """To the step before; from a step that is told again, to the summary with nothing changed."""
        if self.editing:
            self.step, self.editing = Step.SUMMARY, False
        elif self.step is Step.SUMMARY:
            self.step = Step.PHOTOS
        elif self.step is not Step.WHAT:
            self.step = QUESTIONS[QUESTIONS.index(self.step) - 1]

    def to_bytes(self) -> bytes:
        """UTF-8 JSON, as `from_bytes` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Draft:
        """Raises ValueError, KeyError or TypeError for what is no draft. Fields that came later may be missing."""
        values = json.loads(data)
        values["step"] = Step(values["step"])
        values["answers"] = {Step(step): text for step, text in values["answers"].items()}
        if sending := values.get("sending"):
            texts = {Step(step): text for step, text in sending["texts"].items()}
            values["sending"] = Sending(**{**sending, "texts": texts})
        return cls(**values)


def fingerprint(text: str) -> str:
    """Tells whether a text is still the same, without keeping it."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
