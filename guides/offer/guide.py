"""The guided check of an offer: asks, hears, corrects, and says at the end what speaks for and against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from content.library import vietnams_today
from guides import leaving
from guides.offer.answers import UNKNOWN, Answers
from guides.offer.model import Content, Question, Reader, Tables
from guides.offer.reading import Heard, merge, read
from guides.offer.weighing import Grade, weigh
from guides.offer.wording import Wording, emergency, report
from guides.port import Kept, Step
from nlu import danger
from nlu.entities import READS_AT_MOST
from nlu.normalise import clean, normalise, strip_marks

_FIX = re.compile(
    r"(sua|sua lai|sua cau truoc|sua cau tra loi|quay lai|cau truoc|back|undo|go back|change( my)?( last)? answer)"
)
_NEW = re.compile(r"(lam lai|bat dau lai|lam lai tu dau|start over|start again|restart)")
_RESULT = re.compile(r"(kq|ket qua|xem ket qua|cho xem ket qua|du roi|het roi|result|show( me)?( the)? result)")
_UNKNOWN = re.compile(
    r"((em|minh|toi|chau|i) )?((khong|chua|k|ko) (biet|ro|chac|nho)( nua| gi)?|chiu"
    r"|bo qua|skip|(don.?t|do not) know|not sure|no idea)"
)
_YES = re.compile(r"(co|co a|co nhe|dung|dung roi|u|uh|vang|da|da co|roi|yes|yeah|yep)")
_NO = re.compile(r"(khong|khong a|khong co|ko|k|da khong|chua|chua co|khong he|no|nope|nothing)")
_WISH = re.compile(
    r"^(cho (toi |em |minh |chau |con )?(hoi|biet|xem|so)|xin (so|hoi)|goi (cong an|\d)|bao (tin|cong an)"
    r"|(toi|em|minh|chau) muon (bao|hoi|biet|choi|xem)"
    r"|so dien thoai|hotline|i want to (report|ask|know)|what|how|where|who|phone number)\b"
)
_ASKS = re.compile(r"\?|\b(la gi|the nao|nhu nao|o dau|bao nhieu|lam sao|tai sao|vi sao|phai khong)\b")
_LONG_ANSWER = 12  # words: a longer text tells something, though it asks as well


def _cries(text: str) -> str | None:
    return danger.load().why(text)


@dataclass(frozen=True)
class OfferGuide:
    """`guides.port.Guide`. Computes only; the newest content counts, also in the middle of a talk."""

    library: Content
    today: Callable[[], date] = vietnams_today
    cries: Callable[[str], str | None] = _cries  # why a text is a cry for help, or None
    _reader: Reader = field(default_factory=Reader, repr=False)

    def begin(self, language: str, text: str) -> Step:
        """Says what to hold on to meanwhile, and asks what the text does not tell. A cry for help ends it with the numbers."""
        if self.cries(text) is not None:
            return self._urgent(language)
        talk = self._talk(language)
        answers = merge(talk.tables, Answers(), read(talk.tables, text, self.today()))
        said = (talk.say("meanwhile"), talk.wording.understood(answers))
        return talk.ask(answers, "\n\n".join(part for part in said if part))

    def hear(self, kept: Kept, language: str, text: str) -> Step | None:
        """An answer in words, to this question or to others; "sửa", "kết quả". None for anything else."""
        if self.cries(text) is not None:
            return self._urgent(language)
        talk = self._talk(language)
        answers = Answers.of(kept, talk.tables)
        waiting = talk.waiting(answers)
        if waiting is None:
            return None
        if leaving.leaves(self.library, text):
            return leaving.left(self.library, language)
        if not any(letter.isalnum() for letter in text[:READS_AT_MOST]):
            return talk.again(answers, "empty")
        typed = clean(text[:READS_AT_MOST]).lower().strip(" .!,")
        said = strip_marks(normalise(typed))
        if _FIX.fullmatch(said):
            return talk.fix(answers)
        if _NEW.fullmatch(said):
            return talk.ask(Answers())
        if _RESULT.fullmatch(said):
            return talk.result(answers)
        if short := _short(talk.tables, answers, waiting, said, typed):
            return talk.take(answers, waiting, short)
        if _WISH.search(said) or (_ASKS.search(said) and len(said.split()) < _LONG_ANSWER):
            return None
        return talk.hear(answers, waiting, read(talk.tables, text, self.today()))

    def press(self, kept: Kept | None, language: str, rest: str) -> Step:
        """A button. Those below the result say all that they need; the others need the talk that they belong to."""
        talk = self._talk(language)
        act, _, more = rest.partition(":")
        answers = Answers.of(kept, talk.tables) if kept is not None else None
        if act == "new":
            return talk.ask(Answers())
        if act in ("why", "tip", "back"):
            return talk.below(act, more)
        if answers is None or talk.waiting(answers) is None:
            return talk.over("old" if act in ("a", "fix") else "again")
        if act == "fix":
            return talk.fix(answers)
        question, _, option = more.partition(":")
        if act == "a" and (asked := talk.tables.questions.get(question)):
            return self._pressed(talk, answers, asked, option)
        return talk.again(answers, "again")

    def _pressed(self, talk: _Talk, answers: Answers, question: Question, option: str) -> Step:
        kind = answers.kind(talk.tables)
        found = question.option(option)
        if option != UNKNOWN and (found is None or not found.shown(kind)):
            return talk.again(answers, "again")
        if found and found.urgent:
            return self._urgent(talk.wording.language)
        if question.id == answers.asked[-1]:
            return talk.take(answers, question, option)
        if answers.given.get(question.id) == (option,):
            return talk.again(answers, "noted")
        return talk.ask(
            replace(answers.with_answer(question.id, option), asked=answers.asked[:-1]), talk.say("changed")
        )

    def _talk(self, language: str) -> _Talk:
        tables = self._reader.tables(self.library)
        return _Talk(self.library, tables, Wording(self.library, tables, language))

    def _urgent(self, language: str) -> Step:
        return Step(emergency(self.library, language), urgent=True)


@dataclass(frozen=True)
class _Talk:
    """One step of the talk: the content of this moment, in the person's language."""

    content: Content
    tables: Tables
    wording: Wording

    def say(self, key: str) -> str:
        return self.wording.phrase(key)

    def waiting(self, answers: Answers) -> Question | None:
        return self.tables.questions[answers.asked[-1]] if answers.asked else None

    def ask(self, answers: Answers, before: str = "") -> Step:
        """The next question, or the result if there is none."""
        name = answers.next(self.tables)
        if not name:
            return self.result(answers)
        answers = replace(answers, asked=(*answers.asked, name))
        reply = self.wording.question(answers, self.tables.questions[name], before)
        return Step((reply,), kept=answers.kept())

    def again(self, answers: Answers, key: str) -> Step:
        """The same question once more, after a sentence."""
        reply = self.wording.question(answers, self.tables.questions[answers.asked[-1]], self.say(key))
        return Step((reply,), kept=answers.kept())

    def take(self, answers: Answers, question: Question, option: str) -> Step:
        """An answer to the question that waits; what was told beside it stays."""
        beside = [o for o in answers.given.get(question.id, ()) if (found := question.option(o)) and found.aside]
        answers = answers.with_answer(question.id, option, *(o for o in beside if o != option))
        return self.ask(replace(answers, pay=0) if question.id == "pay" and option == UNKNOWN else answers)

    def hear(self, answers: Answers, waiting: Question, heard: Heard) -> Step | None:
        after = merge(self.tables, answers, heard, waiting.id)
        if heard.nothing or after == answers:
            return None
        if after.answered(waiting, after.kind(self.tables)):
            return self.ask(after)
        reply = self.wording.question(after, waiting, self.wording.understood(after))
        return Step((reply,), kept=after.kept())

    def fix(self, answers: Answers) -> Step:
        """The question before, with what was answered to it; the answers stay until there is another."""
        if len(answers.asked) < 2:
            return self.again(answers, "first")
        before = replace(answers, asked=answers.asked[:-1])
        question = self.tables.questions[before.asked[-1]]
        reply = self.wording.question(before, question, self.wording.answered(before, question))
        return Step((reply,), kept=before.kept())

    def result(self, answers: Answers) -> Step:
        """The end: nothing is kept, the buttons below carry the answers."""
        return Step(self.wording.result(answers, weigh(self.tables, answers)))

    def over(self, key: str) -> Step:
        return Step((self.wording.plain(key),))

    def below(self, act: str, more: str) -> Step:
        """A button below the result: why, a tip, or an answer to correct."""
        code, _, page = more.partition(":")
        answers = Answers.decode(code, self.tables)
        if answers is None:
            return self.over("old")
        verdict = weigh(self.tables, answers)
        if act == "why":
            return Step((self.wording.why(answers, verdict, int(page) if page.isdecimal() and len(page) < 3 else 1),))
        if act == "tip" and verdict.grade is Grade.STRONG:
            return Step((), tip=report(self.content, self.tables, answers))
        if act == "tip":
            return self.over("again")
        return self._back(answers, verdict.kind)

    def _back(self, answers: Answers, kind: str) -> Step:
        """From the result to the last question that has an answer; "Sửa câu trước" leads on to those before."""
        plan = [self.tables.questions[name] for name in self.tables.kinds.kinds[kind].ask]
        given = tuple(q.id for q in plan if q.id in answers.given)[-self.tables.kinds.most_questions :]
        if not given:
            return self.ask(Answers())
        return self.fix(replace(answers, asked=(*given, "")))


def _short(tables: Tables, answers: Answers, waiting: Question, said: str, typed: str) -> str:
    """The answer that a few words give to the question that waits: a button's title, yes, no, "không biết"; "" if none."""
    kind = answers.kind(tables)
    shown = [option for option in waiting.options if option.shown(kind) and not option.urgent]
    titled = (o.id for o in shown if o.button and typed in (o.button.vi.lower(), (o.button.en or "").lower()))
    if option := next(titled, ""):
        return option
    if _UNKNOWN.fullmatch(said) or _UNKNOWN.fullmatch(typed):
        return UNKNOWN
    meant = waiting.if_yes if _YES.fullmatch(said) else waiting.if_no if _NO.fullmatch(said) else ()
    return next((name for name in meant if (o := waiting.option(name)) and o.fits(kind)), "")
