"""Parts of topics for who asks on."""

from __future__ import annotations

from dataclasses import replace

from content import excerpts
from content.library import Library

LIBRARY = Library.load()


def test_a_case_is_said_only_if_the_topic_names_it() -> None:
    topic = LIBRARY.topics["ask_scam_compound"]
    said = topic.lead.model_copy(update={"vi": "Người lao động bị đưa sang Myanmar.", "en": None})
    alone = topic.model_copy(
        update={"lead": said, "now": None, "points": (), "more": (), "story": None, "happened": ()}
    )
    library = replace(LIBRARY, topics={**LIBRARY.topics, "ask_scam_compound": alone})
    known = excerpts.case(library, "ask_scam_compound", ["Myanmar"], "vi")
    assert known is not None
    assert "Myanmar" in known.text
    assert known.note
    assert excerpts.case(library, "ask_scam_compound", ["Lao"], "vi") is not None
    assert excerpts.case(library, "ask_scam_compound", ["Lào", "la"], "vi") is None  # "lao động" is not the country


def test_a_penalty_is_the_topics_own() -> None:
    own = excerpts.penalty(LIBRARY, "ask_adoption", "vi")
    assert own is not None
    assert "12–20 năm tù" in own.text
    assert own.buttons[0].payload == "say:ask_penalty"
    assert own.buttons[-1].payload == "say:help"
    assert excerpts.penalty(LIBRARY, "ask_definition", "vi") is None


def test_what_exists_only_in_vietnamese_says_so() -> None:
    topic = LIBRARY.topics["ask_surrogacy"]
    law = tuple(statement.model_copy(update={"en": None}) for statement in topic.law)
    library = replace(LIBRARY, topics=LIBRARY.topics | {topic.intent: topic.model_copy(update={"law": law})})
    own = excerpts.penalty(library, topic.intent, "en")
    assert own is not None
    assert LIBRARY.phrase("talk.only_vietnamese", "en") in own.text


def test_every_topic_gives_bubbles_that_can_be_read() -> None:
    for intent, topic in LIBRARY.topics.items():
        if not topic.informs:
            continue
        for excerpt in (excerpts.penalty, excerpts.signs, excerpts.what_to_do, excerpts.whom_to_call):
            for language in ("vi", "en"):
                reply = excerpt(LIBRARY, intent, language)
                assert reply is None or (len(reply.text) <= 700 and len(reply.buttons) <= 5), (intent, excerpt)
