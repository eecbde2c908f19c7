"""The tables: every rule can be reached and has its source; the weights; what good signs can and cannot outweigh."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from content.model import ADVICE
from guides.offer.answers import Answers
from guides.offer.model import parse
from guides.offer.scoring import VIEWS, share, table, tell_all
from guides.offer.weighing import Grade, weigh

SET = Path(__file__).parent / "offers.jsonl"


def test_every_rule_has_known_sources_and_advice_only_speaks_for(library, tables) -> None:
    for rule in (*tables.rules.against, *tables.rules.speaks_for):
        assert set(rule.sources) <= library.sources.keys()
        assert rule.says.en
    assert all(ADVICE not in rule.sources for rule in tables.rules.against)


def test_the_indicators_of_the_ilo_name_the_ilo_as_a_source(library, tables) -> None:
    graded = [rule for rule in tables.rules.against if rule.ilo]
    assert len(graded) >= 15 and library.sources["ILO.OPIND"].mark == "A"


def test_every_rule_against_can_be_reached_by_tapping_or_telling(tables) -> None:
    for rule in (*tables.rules.against, *tables.rules.speaks_for):
        for name in (*rule.any, *rule.all):
            if name == "age.minor":
                continue
            question, option = name.split(".")
            found = tables.questions[question].option(option)
            assert found and (found.button or tables.hearing[name][0].pattern != "(?!)"), name


def test_at_most_four_answers_beside_unknown_and_back(tables) -> None:
    for kind, plan in tables.kinds.kinds.items():
        for name in plan.ask:
            shown = [o for o in tables.questions[name].options if o.shown(kind)]
            assert 2 <= len(shown) <= 5, (kind, name)


def test_a_name_that_is_nowhere_does_not_load(library) -> None:
    questions, kinds, rules = (library.extra[f"offer/{n}.yml"] for n in ("questions", "kinds", "rules"))
    wrong = json.loads(json.dumps(rules))
    wrong["against"][0]["any"] = ["who.nobody"]
    with pytest.raises(ValueError, match=r"who\.nobody"):
        parse(questions, kinds, wrong)


def test_what_decides_is_not_outweighed(tables) -> None:
    good = {"who": ("official",), "papers": ("office",), "forbid": ("none",), "money": ("nothing",)}
    paid = Answers({"what": ("family",), "job": ("organ",), "pay": ("reward",), **good})
    assert weigh(tables, paid).grade is Grade.CLEAR
    unpaid = Answers({"what": ("family",), "job": ("organ",), "pay": ("nothing",), **good})
    assert weigh(tables, unpaid).grade is Grade.WEAK


def test_young_people_are_weighed_by_their_age(tables) -> None:
    given = {"what": ("home",), "who": ("online",), "job": ("plain",), "pay": ("normal",), "papers": ("nocontract",)}
    grown, young = weigh(tables, Answers(given)), weigh(tables, Answers(given, minor=True))
    assert grown.grade is Grade.WEAK and young.grade is Grade.CLEAR


# ---------------------------------------------------------------- the labelled set


def test_the_set_is_what_it_says() -> None:
    cases = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    count = {label: sum(case["label"] == label for case in cases) for label in ("trap", "honest", "unclear")}
    assert count == {"trap": 60, "honest": 30, "unclear": 30}
    assert all(case.get("source") for case in cases if case["label"] == "trap")
    assert sum(case["style"] == "english" for case in cases) == 10
    assert sum(case["half"] == "test" for case in cases) == 40


@pytest.mark.parametrize("net", [True, False], ids=["as the bot does it", "rules alone"])
@pytest.mark.parametrize("half", ["", "test"])
def test_traps_are_recalled_and_honest_offers_let_be(library, half: str, net: bool) -> None:
    told = tell_all(SET, library, net=net)
    traps, of = share(told, "trap", half)
    assert traps / of >= 0.95
    honest, of = share(told, "honest", half)
    assert honest / of <= 0.10
    assert max(each.questions for each in told) <= 8


def test_the_first_message_alone_finds_most_traps_and_blames_no_honest_offer(library) -> None:
    _, silent, net = VIEWS[2]
    told = tell_all(SET, library, silent=silent, net=net)
    traps, of = share(told, "trap")
    assert traps / of >= 0.9 and share(told, "honest")[0] == 0


def test_the_tables_in_the_document_are_those_of_today(library) -> None:
    document = (Path(__file__).parents[3] / "docs" / "offers.md").read_text(encoding="utf-8")
    for _, silent, net in VIEWS[1:]:
        printed = table(tell_all(SET, library, silent=silent, net=net)).splitlines()
        wanted = printed if not silent else printed[: printed.index("")]
        assert [line for line in wanted if line not in document] == []


def test_every_text_is_in_both_languages_short_and_composed(library, tables) -> None:
    rules = [rule.says for rule in (*tables.rules.against, *tables.rules.speaks_for)]
    phrases = [words for key, words in library.phrases.items() if key.startswith("guide_offer.")]
    asked = [words for q in tables.questions.values() for words in (q.ask, q.title, *q.asks.values())]
    options = [words for q in tables.questions.values() for o in q.options for words in (o.told, o.button) if words]
    for words in (*rules, *phrases, *asked, *options):
        assert words.en
        for text in (words.vi, words.en):
            assert unicodedata.is_normalized("NFC", text)
            assert all(len(sentence.split()) <= 25 for sentence in re.split(r"[.!?:;…\n]+(?:\s|$)", text)), text
