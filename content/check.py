"""Tells an editor what is wrong with the content: file, rule, remedy. Runs in `make test`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from content.library import Library
from content.model import Statement, Topic, Words

LONGEST = {"first bubble": 600, "more": 600, "law": 500, "title": 30, "option": 60, "why": 300, "hotline title": 24}
LONGEST_SENTENCE = 25  # words
# What no longer exists or was never sure: the ten traps, and promises that nobody may make.
FORBIDDEN = (
    ("old law", r"66/2011", "the law in force is 53/2024/QH15"),
    ("abolished office", r"công an (huyện|quận|thị xã)", "say Công an xã: the district police ended on 2025-03-01"),
    ("abolished office", r"(ubnd|ủy ban nhân dân)( cấp)? (huyện|quận)", "say UBND cấp xã"),
    ("abolished ministry", r"lao động[ ,–-]+thương binh|lđ-?tb&?xh", "say Bộ Y tế (victims, 111) or Bộ Nội vụ (work abroad)"),
    ("old address", r"dolab\.gov\.vn", "the address is www.dolab.moha.gov.vn"),
    ("old number", r"1800 ?1567", "the number is 111"),
    ("old decree", r"144/2021|13/2023/nđ", "see NĐ 282/2025; Luật 91/2025 and NĐ 356/2025"),
    ("promise of immunity", r"(chắc chắn|sẽ|luôn) (được )?(miễn (tội|trách nhiệm)|không bị (xử|phạt|truy))", "say 'có thể không bị xử lý'"),
    ("promise of safety", r"tuyệt đối (an toàn|bảo mật)|an toàn tuyệt đối|bảo mật tuyệt đối|đảm bảo an toàn", "say honestly what is known to whom"),
    ("amount of support", r"(hỗ trợ|trợ cấp)[^.]{0,40}\d[\d.]*( ?triệu| ?đồng| ?đ/)", "no amount is confirmed: 'hỏi Sở Y tế hoặc 111'"),
)  # fmt: skip
_MAY_BE_HISTORY = {"old law", "abolished office", "abolished ministry", "old number", "old decree"}
_COMPILED = tuple((rule, re.compile(pattern, re.IGNORECASE), remedy) for rule, pattern, remedy in FORBIDDEN)
_HISTORY = re.compile(
    r"\b(thay|trước đây|trước kia|cũ|không còn|đã bỏ)\b", re.IGNORECASE
)  # "luật 66/2011 cũ" is no mistake
_SENTENCE_END = re.compile(r"[.!?:;…\n]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, or only to look at (`warning`)."""

    file: str
    rule: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.remedy}"


def check(library: Library, intents: Iterable[str], today: date) -> list[Finding]:
    """Everything that can be seen without a person: shape and sources were checked on loading already."""
    known = set(intents)
    return [
        *_missing_topics(library, known),
        *(finding for topic in library.topics.values() for finding in _topic(library, topic, known, today)),
        *_questions(library),
        *_phrases(library),
        *_hotlines(library),
    ]


def _missing_topics(library: Library, known: set[str]) -> Iterator[Finding]:
    for intent in sorted(known - library.topics.keys()):
        yield Finding(f"topics/{intent}.yml", "missing", "every intent has an answer: write it")
    for intent in sorted(library.topics.keys() - known):
        yield Finding(f"topics/{intent}.yml", "unknown intent", "the name is in no domain file: rename or remove it")


def _topic(library: Library, topic: Topic, known: set[str], today: date) -> Iterator[Finding]:
    file = f"topics/{topic.name}.yml"
    for language in ("vi", "en"):
        first = [s for s in (topic.lead, topic.now, topic.points_title, *topic.points) if s]
        yield from _length(file, "first bubble", "".join(s.say(language) for s in first))
        yield from _length(file, "more", "".join(s.say(language) for s in topic.more))
        yield from _length(file, "law", "".join(s.say(language) for s in topic.law))
        for title in filter(None, (topic.title, topic.more_title)):
            yield from _length(file, "title", title.say(language))
    for words in filter(None, (topic.title, topic.more_title, *topic.statements())):
        yield from _words(file, words)
    for key in topic.calls:
        if key not in library.hotlines:
            yield Finding(file, "unknown number", f"{key} is not in hotlines.yml")
    for intent in topic.next:
        if intent not in known:
            yield Finding(file, "unknown intent", f"next names {intent}")
    if topic.informs and topic.name.startswith("ask_") and all(_only_advice(s) for s in topic.statements()):
        yield Finding(file, "unsourced", "an answer rests on at least one sourced fact")
    if topic.review_by < today:
        yield Finding(file, "review is due", f"{topic.owner} wanted to look at it by {topic.review_by}", warning=True)


def _questions(library: Library) -> Iterator[Finding]:
    for question in library.questions.values():
        file = f"question {question.id}"
        yield from _length(file, "why", question.why)
        for option in question.options:
            yield from _length(file, "option", option)
        if len(set(question.options)) < len(question.options):
            yield Finding(file, "twice the same option", "make them differ")
        for text in (question.text, question.options[question.answer], question.why):
            yield from _forbidden(file, text)
            yield from _form(file, text)


def _phrases(library: Library) -> Iterator[Finding]:
    for key, words in library.phrases.items():
        file = f"phrases/{key.replace('.', '.yml: ', 1)}"
        yield from _words(file, words, sentences=False)
        if words.en is None:
            yield Finding(file, "no English", "short words of the bot exist in both languages")
        elif set(re.findall(r"{(\w+)", words.vi)) != set(re.findall(r"{(\w+)", words.en)):
            yield Finding(file, "different gaps", "both languages fill in the same {names}")


def _hotlines(library: Library) -> Iterator[Finding]:
    for key, hotline in library.hotlines.items():
        for language in ("vi", "en"):
            yield from _length(f"hotlines.yml: {key}", "hotline title", hotline.title.say(language))
        if hotline.url and not hotline.url.startswith("https://"):
            yield Finding(f"hotlines.yml: {key}", "address", "links are https")


def _words(file: str, words: Words, sentences: bool = True) -> Iterator[Finding]:
    for text in filter(None, (words.vi, words.en)):
        yield from _form(file, text)
        if sentences:
            yield from _sentences(file, text)
    yield from _forbidden(file, words.vi)


def _form(file: str, text: str) -> Iterator[Finding]:
    if unicodedata.normalize("NFC", text) != text:
        yield Finding(file, "not NFC", "save the file in composed Unicode")


def _sentences(file: str, text: str) -> Iterator[Finding]:
    for sentence in _SENTENCE_END.split(text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            yield Finding(file, "long sentence", f"{count} words, at most {LONGEST_SENTENCE}: '{sentence[:40]}…'")


def _forbidden(file: str, text: str) -> Iterator[Finding]:
    for rule, pattern, remedy in _COMPILED:
        if pattern.search(text) and not (rule in _MAY_BE_HISTORY and _HISTORY.search(text)):
            yield Finding(file, rule, remedy)


def _length(file: str, part: str, text: str) -> Iterator[Finding]:
    if len(text) > LONGEST[part]:
        yield Finding(file, f"{part} too long", f"{len(text)} characters, at most {LONGEST[part]}")


def _only_advice(statement: Statement) -> bool:
    return set(statement.sources) == {"ADVICE"}
