"""A whole house for tip tests: both stores as SQLite files, officers, talks, a clock that the test moves."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from content.library import FOLDER, Library
from content.model import Hotline, Place, Words
from content.reply import Reply
from db.citizen import CitizenBase
from db.keys import KeyRing
from db.police import PoliceBase
from db.stores import Store
from tips.attachments import Attachment
from tips.citizen.conversation import TipTalk
from tips.citizen.drafts import Drafts
from tips.citizen.followup import CodeTalk
from tips.citizen.outcome import Outcome
from tips.dropbox import Dropbox
from tips.envelope import Cost
from tips.police.inbox import Inbox, OpenTip
from tips.police.officers import Officers, OpenedOfficer
from tips.police.store import SqlDropbox
from tips.report import Report
from tips.slowdown import Slowdown

CHEAP = Cost(memory_bytes=8192, passes=1)
PEPPER = b"p" * 32
PASSWORD = "một mật khẩu dài"
STORY = "Chị hàng xóm bị rủ sang Campuchia làm việc nhẹ"
ANNA, BINH = "a" * 32, "b" * 32  # refs of two citizens


class Clock:
    """Aware UTC time that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 7, 20, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class House:
    """Everything put together as the product does, with the cheapest Argon2id."""

    clock: Clock
    citizen_store: Store
    police_store: Store
    drafts: Drafts
    dropbox: SqlDropbox
    talk: TipTalk
    codes: CodeTalk
    officers: Officers
    inbox: Inbox
    slept: list[float]

    def officer(self, login: str = "lan", on_duty: bool = True) -> OpenedOfficer:
        """A new officer of a new unit, signed in."""
        unit = self.officers.make_unit(f"unit of {login}", on_duty)
        self.officers.enrol(login, f"Cán bộ {login}", unit, PASSWORD)
        opened = self.officers.unlock(login, PASSWORD)
        assert opened
        return opened

    def tell(self, *answers: str, ref: str = ANNA, danger: bool = False, photos: tuple[bytes, ...] = ()) -> str:
        """Tells a tip to the end and gives the code; answers are in the order of the steps, "" skips one."""
        self.talk.open(ref, "vi")
        for answer in answers:
            if answer:
                self.talk.hear(ref, "vi", answer, danger)
            else:
                self.talk.press(ref, "vi", "tip:skip")
        for photo in photos:
            self.talk.attach(ref, "vi", photo)
        self.talk.hear(ref, "vi", "gửi")
        outcome = self.talk.press(ref, "vi", "tip:send")
        assert outcome.done, outcome.replies
        return code_in(outcome.replies)


def make_house(folder: Path, wrap: Callable[[SqlDropbox], Dropbox] = lambda dropbox: dropbox, **options: Any) -> House:
    """`wrap` may put something between the citizen's half and the police's store; `options` are `TipTalk`'s own."""
    clock, slept = Clock(), list[float]()
    for name, content in _empty_stores().items():
        (folder / name).write_bytes(content)
    citizen_store = Store(f"sqlite:///{folder / 'citizen.sqlite'}")
    police_store = Store(f"sqlite:///{folder / 'police.sqlite'}")
    drafts = Drafts(citizen_store, KeyRing(b"m" * 32), clock)
    dropbox = SqlDropbox(police_store, clock)
    library = make_library()
    return House(
        clock=clock,
        citizen_store=citizen_store,
        police_store=police_store,
        drafts=drafts,
        dropbox=dropbox,
        talk=TipTalk(library, drafts, wrap(dropbox), PEPPER, CHEAP, **options),
        codes=CodeTalk(library, wrap(dropbox), PEPPER, clock, Slowdown(clock, slept.append), CHEAP),
        officers=Officers(police_store, clock, CHEAP),
        inbox=Inbox(police_store, clock),
        slept=slept,
    )


@cache
def _empty_stores() -> dict[str, bytes]:
    """The files of both stores with their tables: made once a process."""
    made = {}
    for name, base in (("citizen", CitizenBase), ("police", PoliceBase)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{name}.sqlite"
            store = Store(f"sqlite:///{file}")
            base.metadata.create_all(store.engine)
            store.close()
            made[file.name] = file.read_bytes()
    return made


@cache
def make_library() -> Library:
    """The real phrases and places; the two hotlines that they need."""
    phrases = {
        f"{name}.{key}": Words.model_validate(words)
        for name in ("tip", "code")
        for key, words in read_yaml(f"phrases/{name}.yml").items()
    }
    hotlines = {n: Hotline(title=Words(vi=f"Gọi {n}"), about=Words(vi=n), dial=n, sources=()) for n in ("113", "111")}
    places = tuple(Place.model_validate(place) for place in read_yaml("places.yml"))
    return Library(topics={}, questions={}, phrases=phrases, sources={}, hotlines=hotlines, places=places)


def read_yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def step_of(outcome: Outcome) -> str:
    """The number of the question that was asked, or "summary"."""
    last = outcome.replies[-1]
    return "summary" if "tip:send" in payloads(last) else last.aside.removeprefix("Câu ")[:1]


def only_report(house: House, officer: OpenedOfficer) -> Report:
    report = only_tip(house, officer).report
    assert report
    return report


def only_tip(house: House, officer: OpenedOfficer) -> OpenTip:
    """The one tip of the house, with all that is in it."""
    (line,) = house.inbox.list(officer).lines
    return house.inbox.open(officer, line.tip_id)


def files_in(house: House, officer: OpenedOfficer) -> list[Attachment]:
    """What is attached to the one tip of the house."""
    tip = only_tip(house, officer)
    return [house.inbox.file(officer, tip.tip_id, file.part_id) for file in tip.files]


def code_in(replies: Sequence[Reply]) -> str:
    """The code as it is shown, in groups of four."""
    found = re.search(r"(?:\d{4} ){4}\d{2}", "\n".join(reply.text for reply in replies))
    assert found
    return found.group()


def payloads(reply: Reply) -> list[str]:
    return [button.payload for button in reply.buttons]


def said(replies: Sequence[Reply]) -> str:
    return "\n".join(part for reply in replies for part in (reply.text, reply.aside))


def picture(width: int = 64, height: int = 48, kind: str = "JPEG", **options: Any) -> bytes:
    """A small picture, dark on the left and light on the right."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("black", (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
