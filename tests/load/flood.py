"""A flood at the real talk, the real lanes, the real danger net and real stores: `python -m tests.load.flood --help`.

The ten minutes pass on a clock of the flood's own; what is measured besides is how long the machine took. Exits with 1 if a tip
was refused or lost. On other databases than SQLite: LACHAN_FLOOD_CITIZEN and LACHAN_FLOOD_POLICE, two URLs of empty ones.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from db.citizen import CitizenBase
from db.keys import KeyRing
from db.police import PoliceBase, Tip
from db.stores import Store
from nlu import danger
from nlu.training_files import known_words
from tests.load.tales import CRIES, DIFFERENT, JUNK, TRUE, Sorts, Tale, flood
from tests.tips.kit import CHEAP, PASSWORD, PEPPER, Clock, code_in, make_library
from tips.citizen.conversation import TipTalk
from tips.citizen.drafts import Drafts
from tips.citizen.lanes import Lanes
from tips.dropbox import SealedTip
from tips.envelope import Cost, derive
from tips.police.inbox import Inbox
from tips.police.listing import Cursor
from tips.police.officers import Officers
from tips.police.store import SqlDropbox
from tips.report import TEXTS

FLOODS: dict[str, Sorts] = {"junk": JUNK, "cries": CRIES, "different": DIFFERENT}
SECONDS = 600  # of the flood's own clock


@dataclass
class Outcome:
    """`places`: where the true tips stand in the inbox's default order, counted from 1; `lanes`: by (sort, lane)."""

    told: int = 0
    refused: int = 0
    stored: int = 0
    places: dict[str, int] = field(default_factory=dict)
    lanes: Counter[tuple[str, str]] = field(default_factory=Counter)
    took: float = 0.0  # seconds
    without_code: int = 0

    @property
    def lost(self) -> int:
        return self.told - self.stored + self.without_code + len(TRUE) - len(self.places)

    @property
    def front(self) -> int:
        return sum(count for (_, lane), count in self.lanes.items() if not lane)


class Line:
    """The citizens' half and the police's, put together as the house does."""

    def __init__(self, citizen: Store, police: Store, cost: Cost) -> None:
        self.clock, self.cost, self.police = Clock(), cost, police
        CitizenBase.metadata.create_all(citizen.engine)
        PoliceBase.metadata.create_all(police.engine)
        with police.read() as session:
            if session.scalar(select(func.count()).select_from(Tip)):
                raise SystemExit("this is a store with tips in it: a flood needs an empty one")
        known = known_words()
        self.net = danger.load()
        self.dropbox = _Noting(police, self.clock)
        lanes = Lanes(lambda word: word in known, self.clock)
        drafts = Drafts(citizen, KeyRing(b"m" * 32), self.clock)
        self.talk = TipTalk(make_library(), drafts, self.dropbox, PEPPER, cost, lane=lanes.of)
        officers = Officers(police, self.clock, CHEAP)
        officers.enrol("lan", "Lan", officers.make_unit("Đội trực"), PASSWORD)
        officer = officers.unlock("lan", PASSWORD)
        assert officer
        self.officer, self.inbox = officer, Inbox(police, self.clock)

    def tell(self, tale: Tale) -> str:
        """The code, or "" if the tip was refused."""
        ref = f"{tale.sender:>032}"
        self.talk.open(ref, "vi")
        for answer in tale.answers:
            if answer:
                self.talk.hear(ref, "vi", answer, self.net.why(answer) is not None)
            else:
                self.talk.press(ref, "vi", "tip:skip")
        self.talk.hear(ref, "vi", "gửi")
        outcome = self.talk.press(ref, "vi", "tip:send")
        return code_in(outcome.replies) if outcome.done else ""

    def stands(self, true: dict[str, Tale]) -> dict[str, int]:
        """By sender, the place of each true tip whose words an officer reads there, as they were told."""
        places, place, after = dict[str, int](), 0, None
        while True:
            page = self.inbox.list(self.officer, after, 500)
            for line in page.lines:
                place += 1
                if tale := true.get(line.tip_id):
                    report = self.inbox.open(self.officer, line.tip_id).report
                    told = dict(zip(TEXTS, tale.answers, strict=False))
                    if report and all(getattr(report, name) == text for name, text in told.items()):
                        places[tale.sender] = place
            if page.next is None:
                return places
            after = Cursor.parse(str(page.next))


class _Noting(SqlDropbox):
    """The police's store, and the last tip that came."""

    last: SealedTip

    def deposit(self, tip: SealedTip) -> None:
        super().deposit(tip)
        self.last = tip


def run(citizen: Store, police: Store, sorts: Sorts, junk: int, senders: int, cost: Cost, seed: int = 1) -> Outcome:
    """The whole flood, and what is in the inbox afterwards."""
    line, outcome, true = Line(citizen, police, cost), Outcome(), dict[str, Tale]()
    codes: list[str] = []
    began = time.perf_counter()
    for tale in flood(junk, senders, sorts, seed):
        code = line.tell(tale)
        outcome.told += 1
        outcome.refused += not code
        if code:
            codes.append(code)
            outcome.lanes[tale.sort, line.dropbox.last.lane] += 1
            if tale.true:
                true[line.dropbox.last.id] = tale
        line.clock.move(seconds=SECONDS / junk)
    outcome.took = time.perf_counter() - began
    with police.read() as session:
        outcome.stored = session.scalar(select(func.count()).select_from(Tip)) or 0
    # Every code a person was shown leads to a tip; with the full cost, one in a hundred is tried.
    tried = codes if cost == CHEAP else codes[::100]
    outcome.without_code = sum(line.dropbox.find(derive(_digits(code), PEPPER, cost).lookup) is None for code in tried)
    outcome.places = line.stands(true)
    return outcome


def show(name: str, outcome: Outcome) -> None:
    print(f"\n{name}: {outcome.told} told, {outcome.stored} stored, {outcome.refused} refused, {outcome.lost} lost, "
          f"{1000 * outcome.took / outcome.told:.1f} ms a tip")  # fmt: skip
    lanes = ("", "many", "alike", "unreadable", "empty")
    print(f"  {'':24}{'in front':>10}" + "".join(f"{lane:>12}" for lane in lanes[1:]))
    for sort in sorted({sort for sort, _ in outcome.lanes}):
        print(f"  {sort:24}" + "".join(f"{outcome.lanes[sort, lane]:>{12 if lane else 10}}" for lane in lanes))
    places = sorted(outcome.places.values())
    print(f"  true tips stand at {', '.join(map(str, places))}; within the first 50: {sum(p <= 50 for p in places)}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Floods a tip line of its own and looks where the true tips stand.")
    parser.add_argument("--junk", type=int, default=10_000)
    parser.add_argument("--senders", type=int, default=500)
    parser.add_argument("--flood", choices=FLOODS, action="append", help="which ones; all, if none is named")
    parser.add_argument("--folder", help="for the SQLite files; a folder in memory leaves the disk out of it")
    parser.add_argument("--full-cost", action="store_true", help="Argon2id as in service: about 0.1 s more a tip")
    given = parser.parse_args()
    lost = 0
    for name in given.flood or FLOODS:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            urls = [
                os.environ.get(f"LACHAN_FLOOD_{half.upper()}") or f"sqlite:///{Path(folder) / half}.sqlite"
                for half in ("citizen", "police")
            ]
            citizen, police = map(Store, urls)
            outcome = run(
                citizen, police, FLOODS[name], given.junk, given.senders, Cost() if given.full_cost else CHEAP
            )
            show(name, outcome)
            lost += outcome.lost + outcome.refused
            for store, base in ((citizen, CitizenBase), (police, PoliceBase)):
                base.metadata.drop_all(store.engine)
                store.close()
    return 1 if lost else 0


def _digits(code: str) -> str:
    return code.replace(" ", "")


if __name__ == "__main__":
    sys.exit(main())
