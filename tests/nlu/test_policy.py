"""policy.py and runner.py: the short way gives what Rasa's own way gives."""

from __future__ import annotations

import random

import pytest

from nlu.engine import Ask, Told
from nlu.policy import TurnRulePolicy, _speaks_of_one_turn, turn_key
from nlu.rasa_engine import RasaEngine
from tests.kit.model import TrainedModel
from tests.nlu.contract_kit import Actions, Trained

# isort: split
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def _policy(engine: RasaEngine) -> TurnRulePolicy:
    nodes = engine._processor.graph_runner._instantiated_nodes  # type: ignore[attr-defined]
    return next(node._component for node in nodes.values() if isinstance(node._component, TurnRulePolicy))


@pytest.fixture(scope="module")
def real(trained: TrainedModel) -> RasaEngine:
    """The product's own rules, with actions that say their name and take back what the real ones take back."""

    async def action(ask: Ask) -> Told:
        return Told(
            said=({"by": ask.action},),
            rewind=ask.action in ("action_default_fallback", "action_offer_readings"),
        )

    probe = trained.engine
    assert isinstance(probe, RasaEngine)
    return RasaEngine(trained.model, dict.fromkeys(probe._processor.domain.user_actions, action))


async def test_remembered_predictions_are_rasas(real: RasaEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random talks over all intents: at every prediction both ways are asked."""
    policy, compared = _policy(real), []
    quick = TurnRulePolicy.predict_action_probabilities

    def both(self: TurnRulePolicy, tracker: DialogueStateTracker, domain: Domain, *args: object, **more: object):  # type: ignore[no-untyped-def]
        slow = RulePolicy.predict_action_probabilities(policy, tracker, domain)
        got = quick(self, tracker, domain, *args, **more)  # type: ignore[arg-type]
        assert got.probabilities == slow.probabilities
        assert (got.events, got.hide_rule_turn, got.is_no_user_prediction) == (
            slow.events,
            slow.hide_rule_turn,
            slow.is_no_user_prediction,
        )
        compared.append(turn_key(tracker, domain.entities) in self._seen)
        return got

    monkeypatch.setattr(TurnRulePolicy, "predict_action_probabilities", both)
    real._processor.graph_runner._plans.clear()  # type: ignore[attr-defined]  # the plan holds the method
    intents = sorted(set(real._intents) - {"restart", "back", "session_start", "nlu_fallback"})
    dice = random.Random(7)
    for talk in range(40):
        for _ in range(12):
            chosen = dice.choice([*intents, "check_offer", "check_offer", "affirm", "deny", "affirm", "deny"])
            await real.say(f"random {talk}", chosen, "vi")
    real._processor.graph_runner._plans.clear()  # type: ignore[attr-defined]
    assert len(compared) > 900
    assert sum(compared) > 0.9 * len(compared), "all but what follows a turn that was taken back is remembered"


@pytest.mark.parametrize("before", ["greet", "check_offer", "check_company", "ask_scam_compound", "report_tip"])
async def test_a_yes_alone_opens_nothing(real: RasaEngine, before: str) -> None:
    """Whoever asked has the floor and hears the answer; to the engine a yes or a no means the same after everything."""
    for talk in range(3):
        for said in ("affirm", "deny", "affirm"):
            await real.say(f"{before} {talk}", before, "vi")
            assert [s["by"] for s in await real.say(f"{before} {talk}", said, "vi")] == ["action_default_fallback"]


def _tracker(*events: object) -> DialogueStateTracker:
    domain = Domain.from_dict(
        {
            "slots": {"asked": {"type": "bool", "mappings": [{"type": "custom"}]}},
            "forms": {"f": {"required_slots": []}},
        }
    )
    tracker = DialogueStateTracker("t", domain.slots)
    tracker.update_with_events(list(events), domain)  # type: ignore[arg-type]
    return tracker


def test_the_key_tells_what_a_rule_can_see() -> None:
    listen, yes = ActionExecuted("action_listen"), UserUttered("có", {"name": "affirm"})
    plain = turn_key(_tracker(listen, yes))
    assert plain is not None
    assert plain == turn_key(_tracker(listen, UserUttered("vâng", {"name": "affirm"}))), "words do not count"
    others = [
        turn_key(_tracker(listen, UserUttered("có", {"name": "deny"}))),
        turn_key(_tracker(SlotSet("asked", True), listen, yes)),
        turn_key(_tracker(listen, yes, ActionExecuted("action_answer"))),
        turn_key(_tracker(listen, yes, SlotSet("asked", True))),
        turn_key(_tracker(SlotSet("asked", True), listen, yes, SlotSet("asked", None))),
        turn_key(
            _tracker(listen, UserUttered("có", {"name": "affirm"}, [{"entity": "place", "value": "Lào"}])), ["place"]
        ),
    ]
    assert len({plain, *others}) == 7


def test_a_form_is_left_to_rasa() -> None:
    listen, yes = ActionExecuted("action_listen"), UserUttered("có", {"name": "affirm"})
    assert turn_key(_tracker(ActiveLoop("f"), listen, yes)) is None
    assert turn_key(_tracker(listen, yes, ActiveLoop(None))) is None
    assert turn_key(_tracker(yes)) is None, "a talk without a beginning"


def test_rules_over_several_turns_are_not_remembered() -> None:
    state = '{"prev_action": {"action_name": "%s"}, "user": {"intent": "greet"}}'
    listen, answer = state % "action_listen", state % "action_answer"
    assert _speaks_of_one_turn(f"[{listen}]")
    assert _speaks_of_one_turn(f"[{listen}, {answer}]")
    assert not _speaks_of_one_turn(f"[{listen}, {answer}, {listen}]")
    assert not _speaks_of_one_turn(f"[{{}}, {listen}]"), "a rule about the start of a talk"


async def test_the_straight_runner_gives_what_dask_gives(contract: Trained, actions: Actions) -> None:
    engine = RasaEngine(contract.model.path, actions.table)
    runner = engine._processor.graph_runner
    for text in ("xin chào", "đường dây nóng số mấy", "qwrtp"):
        quick = (await engine.read(text)).ranking
        slow = DaskGraphRunner.run
        engine._processor.graph_runner = _Other(runner, slow)  # type: ignore[assignment]
        assert (await engine.read(text)).ranking == quick
        engine._processor.graph_runner = runner


class _Other:
    def __init__(self, runner: object, run: object) -> None:
        self._runner, self._run = runner, run

    def run(self, **what: object) -> object:
        return self._run(self._runner, **what)  # type: ignore[operator]
