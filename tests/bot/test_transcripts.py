"""Talks over the real engine: what people say and what they must hear (transcripts.yml, followups.yml beside this file)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.inbound import Inbound
from content import render
from content.library import Library
from content.model import Topic
from content.reply import Reply
from lachan.first_start import first_accounts
from lachan.house import House
from tests.kit import transcript

TALKS = [t for name in ("transcripts.yml", "followups.yml") for t in transcript.load(Path(__file__).with_name(name))]
LIBRARY = Library.load()
INFORMING = sorted(name for name, topic in LIBRARY.topics.items() if topic.informs)
_DAY = re.compile(r"\b\d{2}/\d{2}/\d{4}\b")
# Of a first paragraph or the one below it: a number to dial, or a word by which something is to be done or remembered.
_TO_DO = {
    "vi": re.compile(r"\b(11[13]|84 \d+|gọi|khoan|đừng|hãy|hỏi|nhớ|tra|báo|đến|nói|khai|giữ|dừng)\b", re.IGNORECASE),
    "en": re.compile(
        r"\b(11[13]|84 \d+|call|do not|wait|ask|remember|look up|tell|report|go to|keep|(sign|pay) nothing|never|stop)\b",
        re.IGNORECASE,
    ),
}


@dataclass
class Listening:
    """The conversation, and all that was heard in it. Each talk has a person of its own."""

    house: House
    heard: list[str] = field(default_factory=list)

    async def hear(self, inbound: Inbound) -> list[Reply]:
        said = await self.house.conversation.hear(inbound)
        self.heard += [reply.text for reply in said]
        return said

    def tells(self, topic: Topic) -> bool:
        """Whether somebody heard how the topic begins."""
        leads = (topic.lead.say("vi"), topic.lead.say("en"))
        return any(text.startswith(leads) for text in self.heard)


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
async def test_talk(house: House, talk: transcript.Transcript) -> None:
    first_accounts(house)  # somebody must be on duty for a tip to be sent
    await transcript.play(house.conversation, talk)


def test_no_two_talks_have_one_name() -> None:
    names = [talk.name for talk in TALKS]
    assert [name for name in names if names.count(name) > 1] == []


async def test_somebody_hears_every_topic_and_case(house: House) -> None:
    """What informs is heard with its own words; what hands over to a service is at least understood."""
    first_accounts(house)
    listening, meant = Listening(house), set[str]()
    for talk in TALKS:
        await transcript.play(listening, talk)
        meant |= {(await house.engine.read(step.says)).intent for step in talk.steps if step.says}
    topics = house.library.topics.values()
    silent = {
        topic.name for topic in topics if not listening.tells(topic) and (topic.informs or topic.name not in meant)
    }
    assert silent == set()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", INFORMING)
def test_who_reads_two_lines_only_knows_what_to_do(name: str, language: str) -> None:
    topic = LIBRARY.topics[name]
    first, second, *_ = render.answer(LIBRARY, name, language)[0].text.split("\n\n")
    assert topic.now is not None
    assert (first, second) == (topic.lead.say(language), topic.now.say(language))
    assert _TO_DO[language].search(f"{first} {second}")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", [name for name in INFORMING if LIBRARY.topics[name].about.startswith("ask_")])
def test_an_answer_names_a_source_and_the_day_of_checking(name: str, language: str) -> None:
    """Also the answer of each case of such an intent."""
    topic = LIBRARY.topics[name]
    note = render.answer(LIBRARY, name, language)[0].note
    used = {key for said in (topic.lead, *topic.points, *topic.law) for key in said.sources}
    used |= set(topic.now.sources) if topic.now else set()
    named = [source.name for key, source in LIBRARY.sources.items() if key in used and source.mark]
    named += [said.article for said in (topic.lead, *topic.points, *topic.law) if said.article]
    assert any(source in note for source in named)
    assert _DAY.search(note.splitlines()[-1])
