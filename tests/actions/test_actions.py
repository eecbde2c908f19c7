"""Actions are thin: words from content, or the floor to a service."""

from __future__ import annotations

import pytest
import yaml

from actions.marks import Mark
from actions.registry import Do, registry
from content.library import FOLDER, Library
from nlu.engine import Ask, Meaning

LIBRARY = Library.load()
ACTIONS = registry(lambda: LIBRARY)
DOMAIN = yaml.safe_load((FOLDER.parent / "domain" / "domain.yml").read_text(encoding="utf-8"))


def _ask(action: str, intent: str, language: str = "vi", *ranking: tuple[str, float]) -> Ask:
    return Ask(action, Meaning(intent, 0.9, ranking), language)


def test_the_registry_is_what_the_domain_names() -> None:
    assert set(DOMAIN["actions"]) == ACTIONS.keys()


async def test_an_answer_is_marked_with_its_topic_and_small_talk_is_not() -> None:
    told = await ACTIONS["action_answer"](_ask("action_answer", "ask_adoption"))
    assert told.said[0] == {Mark.ABOUT: "ask_adoption"}
    assert not told.rewind
    small_talk = await ACTIONS["action_answer"](_ask("action_answer", "thank"))
    assert not any(Mark.ABOUT in said for said in small_talk.said)


async def test_a_yes_out_of_nowhere_is_answered_and_forgotten() -> None:
    told = await ACTIONS["action_default_fallback"](_ask("action_default_fallback", "affirm"))
    assert told.said
    assert told.rewind


async def test_readings_are_offered_as_buttons_with_human_titles() -> None:
    ranking = (("nlu_fallback", 0.4), ("affirm", 0.3), ("ask_law", 0.2), ("ask_penalty", 0.1), ("report_tip", 0.05))
    told = await ACTIONS["action_offer_readings"](_ask("action_offer_readings", "nlu_fallback", "vi", *ranking))
    assert told.said[0] == {"miss": ["ask_law", "ask_penalty", "report_tip"]}
    payloads = [button["payload"] for button in told.said[1]["buttons"]]
    assert payloads == ["say:ask_law", "say:ask_penalty", "say:report_tip", "say:help"]
    assert told.said[1]["calls"]


@pytest.mark.parametrize("what", list(Do))
async def test_every_service_can_get_the_floor(what: Do) -> None:
    given = [await action(_ask(name, "greet")) for name, action in ACTIONS.items()]
    assert {"do": what.value} in [said for told in given for said in told.said]
