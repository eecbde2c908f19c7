"""Puts the rooms together. Each part of the house is made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property, partial

from redis.asyncio import Redis

from bot.conversation import Conversation
from bot.floors import Floors
from bot.guided import Guided
from bot.lanes import Lanes
from bot.misses import Misses
from bot.renewal import Renewal
from bot.screens import Screens
from bot.shared_lock import lock_in
from bot.talks import Talks
from bot.updates import Updates
from bot.watches import Watches
from content.shelf import Shelf
from db.keys import KeyRing
from db.migrate import Kind, upgrade
from db.pseudonyms import Pseudonyms
from db.stores import Store
from editor.draft import Draft
from guides.back.guide import BackGuide
from guides.company.guide import CompanyGuide
from guides.company.register import Register
from guides.danger.guide import DangerGuide
from guides.handover import HandoverGuide, Wishes
from guides.offer.guide import OfferGuide
from guides.relative.guide import RelativeGuide
from lachan.content_rules import RULES
from lachan.errors import StartError
from lachan.intents import intents
from lachan.selfcheck import Line, SelfCheck
from lachan.settings import EVERYDAY, Part, Settings
from lessons.floor import LessonFloor
from lessons.progress import Progress
from nlu import danger
from nlu.engine import Engine
from nlu.model import ModelFile
from nlu.training_files import known_words
from quiz.contests import Contests
from quiz.floor import QuizFloor
from tips.citizen.conversation import TipTalk
from tips.citizen.drafts import Drafts
from tips.citizen.followup import CodeTalk
from tips.citizen.kept import KeptRecipients
from tips.citizen.lanes import Lanes as TipLanes
from tips.citizen.outbox import Outbox
from tips.citizen.remote import RemoteDropbox
from tips.dropbox import Dropbox
from tips.police.inbox import Inbox
from tips.police.officers import Officers
from tips.police.store import SqlDropbox


def utc_now() -> datetime:
    return datetime.now(UTC)


class House:
    """The stores, the keys, the services. `now` can be another clock in tests."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.now = now

    def migrate(self, parts: Iterable[Part] = EVERYDAY) -> None:
        """Brings the stores that these parts use to the present schema: the inbox alone never touches the citizens'."""
        chosen = set(parts)
        if chosen - {Part.INBOX, Part.INTAKE}:
            upgrade(self.citizen, Kind.CITIZEN)
        if chosen & {Part.INBOX, Part.INTAKE} or (Part.BOT in chosen and not self.settings.intake_url):
            upgrade(self.police, Kind.POLICE)

    def close(self) -> None:
        for name in ("remote", "citizen", "police"):
            if (opened := self.__dict__.get(name)) is not None:
                opened.close()

    @cached_property
    def citizen(self) -> Store:
        return Store(self.settings.citizen_url)

    @cached_property
    def police(self) -> Store:
        return Store(self.settings.police_url)

    @cached_property
    def keys(self) -> KeyRing:
        return KeyRing.from_file(self.settings.citizen_key)

    @cached_property
    def names(self) -> Pseudonyms:
        return Pseudonyms(self.settings.citizen_key.with_name("pseudonym.key"), self.now)

    @cached_property
    def renewal(self) -> Renewal:
        return Renewal(self.citizen, (self.talks.reseal, self.drafts.reseal))

    @cached_property
    def library(self) -> Shelf:
        """What the bot says; always the newest edition. Raises ContentError if there is none that can be used."""
        return Shelf(self.settings.content, intents(), self.now, *RULES)

    @cached_property
    def draft(self) -> Draft:
        """The same folder as it stands on the disk, for whoever writes it."""
        return Draft(self.settings.content, intents(), self.now, *RULES)

    @cached_property
    def model(self) -> ModelFile:
        return ModelFile(self.settings.models, self.keys.key("model"))

    @cached_property
    def engine(self) -> Engine:
        from actions.registry import registry
        from nlu.rasa_engine import RasaEngine  # takes seconds: only where an engine is needed
        from nlu.redis_memory import RedisMemory

        memory = RedisMemory(self._redis) if self._redis else None
        return RasaEngine(self.model.check(), registry(lambda: self.library), memory)

    @cached_property
    def _redis(self) -> Redis | None:
        return Redis.from_url(self.settings.redis) if self.settings.redis else None

    @cached_property
    def _lanes(self) -> Lanes:
        """Turns wait for threads and stores, not for each other."""
        if self._redis:
            return Lanes(parallel=256, shared=partial(lock_in, self._redis))
        return Lanes(parallel=256)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.citizen, self.keys, self.now)

    @cached_property
    def talks(self) -> Talks:
        return Talks(self.citizen, self.keys, self.now)

    @cached_property
    def misses(self) -> Misses:
        return Misses(self.citizen, lambda word: word in known_words(), self.now)

    @cached_property
    def watches(self) -> Watches:
        return Watches(self.citizen, self.keys, self.dropbox, self.now)

    @cached_property
    def screens(self) -> Screens:
        return Screens(self.citizen, self.keys, self.names, self.now)

    @cached_property
    def updates(self) -> Updates:
        return Updates(self.citizen, self.keys, self.now)

    @cached_property
    def quiz(self) -> QuizFloor:
        return QuizFloor(self.citizen, lambda: self.library, self.now, self.contests)

    @cached_property
    def contests(self) -> Contests:
        return Contests(self.citizen, lambda: self.library, self.now)

    @cached_property
    def dropbox(self) -> Dropbox:
        """The way to the police: their own machine, where there is one, else the store here."""
        return self.remote or self.police_dropbox

    @cached_property
    def police_dropbox(self) -> SqlDropbox:
        return SqlDropbox(self.police, self.now)

    @cached_property
    def remote(self) -> RemoteDropbox | None:
        """Raises StartError if the address or the certificates are none."""
        settings = self.settings
        if not settings.intake_url:
            return None
        outbox, kept = Outbox(self.citizen, self.keys, self.now), KeptRecipients(self.citizen, self.keys, self.now)
        try:
            return RemoteDropbox(settings.intake_url, settings.intake_certificates, outbox, kept, self.now)
        except (ValueError, OSError) as error:
            raise StartError(f"the police's machine cannot be spoken to: {error}") from None

    @cached_property
    def codes(self) -> CodeTalk:
        return CodeTalk(self.library, self.dropbox, self._pepper, self.now)

    @cached_property
    def line(self) -> Line:
        """Whether tips can be taken now."""
        return Line(SelfCheck(self, [Part.BOT]), self.now)

    @cached_property
    def tip_lanes(self) -> TipLanes:
        return TipLanes(lambda word: word in known_words(), self.now)

    @cached_property
    def _pepper(self) -> bytes:
        return self.keys.key("code-pepper")

    @cached_property
    def conversation(self) -> Conversation:
        return Conversation(
            library=self.library,
            engine=self.engine,
            net=danger.load(),
            talks=self.talks,
            floors=Floors(
                library=self.library,
                names=self.names,
                drafts=self.drafts,
                tips=TipTalk(
                    self.library,
                    self.drafts,
                    self.dropbox,
                    self._pepper,
                    is_open=self.line.is_open,
                    lane=self.tip_lanes.of,
                ),
                codes=self.codes,
                quiz=self.quiz,
                guided=self.guided,
                lessons=LessonFloor(lambda: self.library, self.progress),
            ),
            keys=self.keys,
            names=self.names,
            renewal=self.renewal,
            lanes=self._lanes,
            misses=self.misses,
            watches=self.watches,
        )

    @cached_property
    def progress(self) -> Progress:
        return Progress(self.citizen, self.now)

    @cached_property
    def guided(self) -> Guided:
        """The guided talks by name."""
        library = self.library
        return Guided(
            {
                "offer": OfferGuide(library),
                "company": CompanyGuide(library, self.companies),
                "danger": DangerGuide(library),
                "relative": RelativeGuide(library),
                "back": BackGuide(library),
                "handover": HandoverGuide(library, self.citizen, self.keys, self.now),
            }
        )

    @cached_property
    def wishes(self) -> Wishes:
        """What is to be handed over to the Women's Union."""
        return Wishes(self.citizen, self.keys, self.now)

    @cached_property
    def companies(self) -> Register:
        """The list of licensed companies."""
        return Register(self.citizen, self.now)

    @cached_property
    def officers(self) -> Officers:
        return Officers(self.police, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.police, self.now)
