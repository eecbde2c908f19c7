"""Puts it into words: a question with its buttons, the answer in two bubbles, the explanation by pages, a report's beginning."""

from __future__ import annotations

from dataclasses import dataclass

from content import render
from content.model import ADVICE
from content.reply import Button, Call, Reply
from guides.offer.answers import UNKNOWN, Answers
from guides.offer.model import MINOR, WHAT, Content, Question, Rule, Tables
from guides.offer.weighing import Grade, Verdict

NAME = "offer"
MOST_BUTTONS = 6
MOST_TEXT = 600  # characters of a bubble
_MOST_UNDERSTOOD = 400
_TOP_AGAINST, _TOP_FOR = 4, 2
_ON_A_PAGE = 3
_AT_WORK = ("abroad", "home", "study", "other")  # kinds in which a company can be looked up
_BY_KIND = ("abroad", "marriage", "child", "study")  # kinds that have advice of their own


@dataclass(frozen=True)
class Wording:
    """Says things in one language. `tables` are those of the content's version."""

    content: Content
    tables: Tables
    language: str

    def phrase(self, key: str, **values: object) -> str:
        return self.content.phrase(f"guide_{NAME}.{key}", self.language, **values)

    def button(self, key: str, rest: str) -> Button:
        return Button(self.phrase(key), f"guide:{NAME}:{rest}")

    def menu(self) -> Button:
        return Button(self.content.phrase("talk.menu", self.language), "say:help")

    def plain(self, key: str) -> Reply:
        """A sentence, with the ways on from there."""
        return Reply(self.phrase(key), buttons=(self.button("new", "new"), self.menu()))

    # ------------------------------------------------------------------ questions

    def question(self, answers: Answers, question: Question, before: str = "") -> Reply:
        """The question that waits; `before` is said first."""
        kind = answers.kind(self.tables)
        shown = [option for option in question.options if option.shown(kind)]
        buttons = [Button(o.button.say(self.language), _answer(question.id, o.id)) for o in shown if o.button]
        buttons.append(self.button("dont_know", f"a:{question.id}:{UNKNOWN}"))
        if len(answers.asked) > 1 and len(buttons) < MOST_BUTTONS:
            buttons.append(self.button("fix", "fix"))
        text = question.asked(kind).say(self.language)
        count = self.phrase("counting", n=len(answers.asked), most=self.tables.kinds.most_questions)
        return Reply(f"{before}\n\n{text}" if before else text, aside=count, buttons=tuple(buttons))

    def understood(self, answers: Answers) -> str:
        """What a free text was taken for, so that it can be put right; "" if it answered nothing."""
        lines = [f"• {line}" for line in self.told(answers)]
        while len("\n".join(lines)) > _MOST_UNDERSTOOD:
            lines.pop()
        return self.phrase("understood", answers="\n".join(lines)) if lines else ""

    def answered(self, answers: Answers, question: Question) -> str:
        """What was answered to a question that is asked again; "" if nothing."""
        given = answers.given.get(question.id, ())
        told = [o.told.say(self.language) for o in question.options if o.id in given]
        told += [self.phrase("dont_know").lower()] if UNKNOWN in given else []
        return self.phrase("answered", answers=", ".join(told)) if told else ""

    def told(self, answers: Answers) -> list[str]:
        """The answers as "question: answer"."""
        facts = answers.facts(self.tables, answers.kind(self.tables))
        lines = []
        for question in self.tables.questions.values():
            told = [o.told.say(self.language) for o in question.options if f"{question.id}.{o.id}" in facts]
            if told:
                lines.append(f"{question.title.say(self.language)}: {', '.join(told)}")
        if answers.minor:
            lines.append(f"{self.phrase('age')}: {self.phrase('age_minor')}")
        return lines

    # ------------------------------------------------------------------ the answer

    def result(self, answers: Answers, verdict: Verdict) -> tuple[Reply, Reply]:
        """How sure, and what to do now; then what speaks against and for it."""
        first = Reply(f"{self._sure(verdict)}\n\n{self._now(answers, verdict)}", calls=self._calls(verdict))
        code = answers.code(self.tables)
        buttons = [self.button("why", f"why:{code}")]
        if verdict.grade is Grade.STRONG:
            buttons.append(self.button("tip", f"tip:{code}"))
        if verdict.kind in _AT_WORK:
            buttons.append(Button(self.phrase("company"), "guide:company"))
        buttons += [self.button("result_fix", f"back:{code}"), self.button("new", "new"), self.menu()]
        second = Reply(self._reasons(verdict), aside=self.phrase("only_helps"), buttons=tuple(buttons))
        return first, second

    def _sure(self, verdict: Verdict) -> str:
        signs = len(verdict.against)
        key = str(verdict.grade)
        if verdict.grade is Grade.WEAK and not signs:
            key = "weak_none"
        if verdict.grade is Grade.UNSURE and signs:
            key = "unsure_signs"
        return self.phrase(key, n=signs)

    def _now(self, answers: Answers, verdict: Verdict) -> str:
        lines = (
            [self.phrase(f"now_{verdict.grade}")]
            if verdict.grade is not Grade.UNSURE
            else [self._ask(answers, verdict)]
        )
        if verdict.kind in _BY_KIND:
            lines.append(self.phrase(f"now_{verdict.kind}"))
        return " ".join(lines)

    def _ask(self, answers: Answers, verdict: Verdict) -> str:
        """What to ask them, where too little is known."""
        plan = [self.tables.questions[name] for name in self.tables.kinds.kinds[verdict.kind].ask if name != WHAT]
        open_ones = [q for q in plan if not answers.answered(q, verdict.kind) or UNKNOWN in answers.given.get(q.id, ())]
        if not open_ones:
            return self.phrase("now_unsure_known")
        return self.phrase("now_unsure", missing=", ".join(_lower(q.title.say(self.language)) for q in open_ones[:4]))

    def _calls(self, verdict: Verdict) -> tuple[Call, ...]:
        keys = ("113", "111") if verdict.suspicious else ("111",)
        page = ("dolab",) if verdict.kind == "abroad" else ()
        found = (self.content.hotlines.get(key) for key in (*keys, *page))
        return tuple(Call(h.title.say(self.language), number=h.dial, url=h.url) for h in found if h and h.enabled)

    def _reasons(self, verdict: Verdict) -> str:
        parts = []
        if verdict.against:
            top = [f"• {rule.says.say(self.language)}" for rule in verdict.against[:_TOP_AGAINST]]
            parts.append([self.phrase("against"), *top])
        else:
            parts.append([self.phrase("nothing_against")])
        if verdict.speaks_for:
            top = [f"• {rule.says.say(self.language)}" for rule in verdict.speaks_for[:_TOP_FOR]]
            parts.append([self.phrase("for"), *top])
        else:
            parts.append([self.phrase("nothing_for")])
        while (len(text := self._joined(verdict, parts)) > MOST_TEXT - len(self.phrase("only_helps")) - 2) and (
            longest := max(parts, key=len)
        )[2:]:
            longest.pop()
        return text

    def _joined(self, verdict: Verdict, parts: list[list[str]]) -> str:
        left = len(verdict.against) - (len(parts[0]) - 1)
        more = [self.phrase("more_signs", n=left)] if verdict.against and left > 0 else []
        return "\n\n".join("\n".join(lines) for lines in ([*parts[0], *more], *parts[1:]))

    # ------------------------------------------------------------------ why

    def why(self, answers: Answers, verdict: Verdict, page: int) -> Reply:
        """Each rule that counted, what was answered, and in small words where it stands. Pages begin with 1."""
        counted = [*verdict.against, *verdict.speaks_for]
        if not counted:
            return self.plain("why_none")
        pages = self._pages(verdict, counted)
        page = min(max(page, 1), len(pages))
        lines = [
            self.phrase("why_lead", page=page, pages=len(pages)),
            *(self._reason(verdict, r) for r in pages[page - 1]),
        ]
        code = answers.code(self.tables)
        further = [self.button("why_more", f"why:{code}:{page + 1}")] if page < len(pages) else []
        fix = self.button("result_fix", f"back:{code}")
        buttons = (*further, fix, self.button("new", "new"), self.menu())
        return Reply("\n\n".join(lines), note=self._sources(pages[page - 1]), buttons=buttons)

    def _pages(self, verdict: Verdict, rules: list[Rule]) -> list[list[Rule]]:
        pages: list[list[Rule]] = [[]]
        room = MOST_TEXT - 80
        for rule in rules:
            used = sum(len(self._reason(verdict, each)) + 2 for each in pages[-1])
            if pages[-1] and (len(pages[-1]) >= _ON_A_PAGE or used + len(self._reason(verdict, rule)) > room):
                pages.append([])
            pages[-1].append(rule)
        return pages

    def _reason(self, verdict: Verdict, rule: Rule) -> str:
        side = self.phrase("why_against" if rule in verdict.against else "why_for")
        names = (name for name in (*rule.any, *rule.all) if name in verdict.facts)
        answered = self.phrase("why_answered", answers="; ".join(self._fact(name) for name in names))
        return f"{side}: {rule.says.say(self.language)} {answered}"

    def _fact(self, name: str) -> str:
        if name == MINOR:
            return self.phrase("age_minor")
        question, option = name.split(".")
        found = self.tables.questions[question].option(option)
        return found.told.say(self.language) if found else ""

    def _sources(self, rules: list[Rule]) -> str:
        lines = []
        for place, rule in enumerate(rules, 1):
            names = [self.content.sources[source].name for source in rule.sources if source != ADVICE]
            names += [self.phrase("why_advice")] if ADVICE in rule.sources else []
            if rule.ilo:
                grade = self.phrase(f"grade_{rule.ilo.grade}")
                names.append(self.phrase("why_ilo", name=rule.ilo.say(self.language), grade=grade))
            lines.append(f"{place}. {'; '.join(dict.fromkeys(names))}")
        return "\n".join(lines)


def report(content: Content, tables: Tables, answers: Answers) -> str:
    """What a tip begins with: the answers in plain Vietnamese, for officers, whatever language the talk is in."""
    wording = Wording(content, tables, "vi")
    lines = [wording.phrase("tip_lead"), *(f"- {line}" for line in wording.told(answers))]
    if name := tables.kinds.names.get(answers.country):
        lines.append(f"- {wording.phrase('tip_country', name=name.vi)}")
    if answers.pay:
        lines.append(f"- {wording.phrase('tip_pay', millions=answers.pay)}")
    return "\n".join(lines)


def emergency(content: Content, language: str) -> tuple[Reply, ...]:
    return tuple(render.answer(content, "emergency", language))  # type: ignore[arg-type]  # a shelf is a library


def _answer(question: str, option: str) -> str:
    return f"guide:{NAME}:a:{question}:{option}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
