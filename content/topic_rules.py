"""Rules for topics, questions and hotlines: lengths, names that exist, cases, guides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.files import At, Marked
from content.finding import Finding
from content.model import ADVICE, Statement, TopicFile, Words
from content.spelling import bare
from content.stock import Stock

LONGEST = {
    "first bubble": 600, "story and happened": 600, "more": 600, "law": 500, "share": 500,
    "title": 30, "option": 60, "why": 300, "hotline title": 24,
}  # fmt: skip
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Folder:
    """A stock and where its parts stand. `intents`: what the dialogue knows."""

    stock: Stock
    files: Mapping[str, Marked]
    topic_files: Mapping[str, str]
    intents: frozenset[str]

    def file_of(self, topic: str) -> Marked:
        return self.files[self.topic_files[topic]]


def findings(of: Folder) -> Iterator[Finding]:
    yield from _missing(of)
    for topic in of.stock.topics.values():
        marked = of.file_of(topic.name)
        yield from _lengths(of.stock, topic, marked)
        yield from _names(of, topic, marked)
        if marked.name != f"topics/{topic.name}.yml":
            yield marked.finding((), "file name", f"call the file {topic.name}.yml", warning=True)
        if topic.informs and topic.name.startswith("ask_") and all(_only_advice(s) for s in topic.statements()):
            yield marked.finding((), "unsourced", "an answer rests on at least one sourced fact")
    yield from _cases(of)
    yield from _questions(of)
    hotlines = of.files["hotlines.yml"]
    for key, hotline in of.stock.hotlines.items():
        yield from _length(hotlines, (key, "title"), "hotline title", hotline.title)


def _missing(of: Folder) -> Iterator[Finding]:
    answered = {topic.intent for topic in of.stock.topics.values() if topic.intent}
    folder = of.files["sources.yml"].shown.removesuffix("sources.yml")
    for intent in sorted(of.intents - answered):
        yield Finding(f"{folder}topics/{intent}.yml", "missing", "every intent has an answer: write it")
    for intent in sorted(answered - of.intents):
        remedy = "the name is in no domain file: rename or remove it"
        yield of.file_of(intent).finding(("intent",), "unknown intent", remedy)


def _names(of: Folder, topic: TopicFile, marked: Marked) -> Iterator[Finding]:
    for place, key in enumerate(topic.calls):
        if key not in of.stock.hotlines:
            yield marked.finding(("calls", place), "unknown number", f"{key} is not in hotlines.yml")
    for place, name in enumerate(topic.next):
        if name not in of.stock.topics:
            yield marked.finding(("next", place), "unknown topic", f"next names {name}, which no file answers")
    if topic.guide and f"guide.{topic.guide}" not in of.stock.phrases:
        yield marked.finding(("guide",), "unknown guide", f"phrases/guide.yml has no {topic.guide}")
    if topic.of and topic.of not in of.intents:
        yield marked.finding(("of",), "unknown intent", f"{topic.of} is in no domain file")
    for payload in (f"share:{topic.name}", f"topic:{topic.name}"):
        if len(payload.encode()) > 64:
            yield marked.finding((), "name too long", "a button carries at most 64 bytes: shorten the name")


def _cases(of: Folder) -> Iterator[Finding]:
    """Two cases of one intent must not claim the same words."""
    claimed: dict[tuple[str, str], str] = {}
    for topic in of.stock.topics.values():
        for place, words in enumerate(topic.words):
            other = claimed.setdefault((topic.of, bare(words)), topic.name)
            at: At = ("words", place)
            if not bare(words).strip():
                yield of.file_of(topic.name).finding(at, "empty words", "no letters are in it")
            elif other != topic.name:
                yield of.file_of(topic.name).finding(at, "twice the same words", f"{other} is found by “{words}”, too")


def _lengths(stock: Stock, topic: TopicFile, marked: Marked) -> Iterator[Finding]:
    for language in LANGUAGES:
        around = [topic.points_title] if topic.points_title else []
        for lead in topic.lead:
            for now in topic.now or (None,):
                first = [lead, *([now] if now else []), *around, *topic.points]
                yield from _sum(marked, ("lead",), "first bubble", first, language)
        titles = [stock.phrases[key] for key in ("topic.story", "topic.happened") if key in stock.phrases]
        told = [*([topic.story] if topic.story else []), *topic.happened]
        yield from _sum(marked, ("story",), "story and happened", [*titles, *told] if told else [], language)
        yield from _sum(marked, ("more",), "more", topic.more, language)
        yield from _sum(marked, ("law",), "law", topic.law, language)
    if topic.share:
        yield from _length(marked, ("share",), "share", topic.share)
    for at, title in (("title", topic.title), ("more_title", topic.more_title)):
        if title:
            yield from _length(marked, (at,), "title", title)


def _questions(of: Folder) -> Iterator[Finding]:
    for marked in (marked for name, marked in of.files.items() if name.startswith("questions/")):
        for place, item in enumerate(marked.value):
            question = of.stock.questions[item["id"]]
            yield from _length(marked, (place, "why"), "why", question.why)
            for number, option in enumerate(question.options):
                yield from _length(marked, (place, "options", number), "option", option)
            for language in LANGUAGES:
                if len({option.say(language) for option in question.options}) < len(question.options):
                    remedy = f"make them differ ({language})"
                    yield marked.finding((place, "options"), "twice the same option", remedy)


def _sum(marked: Marked, at: At, part: str, said: list[Words] | tuple[Words, ...], language: str) -> Iterator[Finding]:
    text = "".join(words.say(language) for words in said)
    if len(text) > LONGEST[part]:
        yield _too_long(marked, at, part, text)


def _length(marked: Marked, at: At, part: str, words: Words) -> Iterator[Finding]:
    for language in LANGUAGES:
        if len(words.say(language)) > LONGEST[part]:
            yield _too_long(marked, (*at, language), part, words.say(language))


def _too_long(marked: Marked, at: At, part: str, text: str) -> Finding:
    return marked.finding(at, f"{part} too long", f"{len(text)} characters, at most {LONGEST[part]}")


def _only_advice(statement: Statement) -> bool:
    return set(statement.sources) == {ADVICE}
