"""The actions by the names that the domain gives them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from actions.answers import Answers
from actions.marks import Mark
from content.library import Library
from nlu.engine import Action, Ask, Told


class Do(StrEnum):
    """What the dialogue asks the conversation to do."""

    TIP = "tip"
    CODE = "code"
    QUIZ = "quiz"
    JOIN_CONTEST = "join_contest"
    CONTEST_RULES = "contest_rules"
    LEADERBOARD = "leaderboard"
    MY_SCORE = "my_score"
    CHECK_OFFER = "offer"  # the name of a guided talk
    CHECK_COMPANY = "company"  # the same
    LANGUAGE = "language"
    DELETE_DATA = "delete_data"
    STOP = "stop"


def _hand_over(what: Do) -> Action:
    async def action(ask: Ask) -> Told:
        return Told(said=({Mark.DO.value: what.value},))

    return action


def registry(library: Callable[[], Library]) -> dict[str, Action]:
    """Every action of domain/domain.yml. The engine refuses to start if one is missing."""
    answers = Answers(library)
    return {
        "action_answer": answers.answer,
        "action_default_fallback": answers.answer_out_of_place,
        "action_offer_readings": answers.offer_readings,
        "action_check_offer": _hand_over(Do.CHECK_OFFER),
        "action_check_company": _hand_over(Do.CHECK_COMPANY),
        "action_open_tip": _hand_over(Do.TIP),
        "action_open_code": _hand_over(Do.CODE),
        "action_start_quiz": _hand_over(Do.QUIZ),
        "action_join_contest": _hand_over(Do.JOIN_CONTEST),
        "action_show_contest_rules": _hand_over(Do.CONTEST_RULES),
        "action_show_leaderboard": _hand_over(Do.LEADERBOARD),
        "action_show_my_score": _hand_over(Do.MY_SCORE),
        "action_change_language": _hand_over(Do.LANGUAGE),
        "action_delete_data": _hand_over(Do.DELETE_DATA),
        "action_stop": _hand_over(Do.STOP),
    }
