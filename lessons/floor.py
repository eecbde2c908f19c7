"""What is said in lessons. Every button says all that it needs, so an old one, or one tapped twice, does what it says."""

from __future__ import annotations

from collections.abc import Callable

from content import render
from content.library import Library
from content.model import Statement
from content.reply import Button, Reply
from lessons.model import Course, Lesson
from lessons.progress import Progress, Reached
from lessons.shelf import Lessons, lessons_of

PAGE = 6  # lessons in a list at a time
_OPTIONS = "ABCD"


class LessonFloor:
    """Payloads: `lesson:list[:page]`, `lesson:<id>[:card|end]`, `lesson:course:<id>`,
    `lesson:test:<course>:<place>:<right>[:<option>]`.

    Without a card a lesson goes on where it was left. Synchronous; `participant` as in `Progress`.
    """

    def __init__(self, library: Callable[[], Library], progress: Progress) -> None:
        self._library, self._progress = library, progress

    def press(self, participant: str, language: str, payload: str) -> list[Reply]:
        """What a button leads to; what nobody made, or is gone, leads to the list."""
        kind, *rest = payload.removeprefix("lesson:").split(":")
        lessons = lessons_of(self._library())
        match kind, rest:
            case "list", _:
                return [self._list(lessons, participant, language, _number(rest, 0, 1))]
            case "course", [course_id] if course := lessons.courses.get(course_id):
                return [self._course(lessons, course, participant, language)]
            case "test", [course_id, *numbers] if course := lessons.courses.get(course_id):
                return self._test(course, participant, language, [_number(numbers, n, -1) for n in range(3)])
            case _ if lesson := lessons.lesson(kind):
                if rest[:1] == ["end"]:
                    return [self._end(lessons, lesson, participant, language)]
                reached = self._progress.of(participant).get(lesson.id)
                return [self._card(lesson, participant, language, _number(rest, 0, _goes_on(lesson, reached)))]
        return [Reply(self._say("gone", language)), self._list(lessons, participant, language, 1)]

    def courses(self, participant: str, language: str) -> list[Reply]:
        """The course for officials: the first there is."""
        lessons = lessons_of(self._library())
        for course in lessons.courses.values():
            return [self._course(lessons, course, participant, language)]
        return [self._list(lessons, participant, language, 1)]

    def forget(self, participant: str) -> None:
        """How far this person came."""
        self._progress.forget(participant)

    def _list(self, lessons: Lessons, participant: str, language: str, page: int) -> Reply:
        offered, reached = lessons.of_citizens(), self._progress.of(participant)
        if not offered:
            return Reply(self._say("none", language), buttons=(self._menu(language),))
        pages = -(-len(offered) // PAGE)
        page = min(max(page, 1), pages)
        shown = offered[(page - 1) * PAGE : page * PAGE]
        buttons = [self._lesson_button(lesson, reached.get(lesson.id), language) for lesson in shown]
        if pages > 1:
            buttons.append(Button(self._say("more_lessons", language), f"lesson:list:{page % pages + 1}"))
        return Reply(self._say("lead", language), buttons=(*buttons, self._menu(language)))

    def _lesson_button(self, lesson: Lesson, reached: Reached | None, language: str) -> Button:
        title = lesson.title.say(language)
        if reached is None:
            said = self._say("begin", language, title=title)
        elif reached.done:
            said = self._say("state_done", language, title=title)
        else:
            said = self._say("state_at", language, title=title, card=reached.card, of=len(lesson.cards))
        return Button(said, f"lesson:{lesson.id}")

    def _card(self, lesson: Lesson, participant: str, language: str, card: int) -> Reply:
        card = min(max(card, 1), len(lesson.cards))
        self._progress.reach(participant, lesson.id, card)
        statement = lesson.cards[card - 1]
        last = card == len(lesson.cards)
        buttons = [
            Button(
                self._say("finish" if last else "next", language), f"lesson:{lesson.id}:{'end' if last else card + 1}"
            )
        ]
        if card > 1:
            buttons.append(Button(self._say("back", language), f"lesson:{lesson.id}:{card - 1}"))
        head = self._say("head", language, title=lesson.title.say(language), card=card, of=len(lesson.cards))
        return Reply(
            f"{head}\n\n{statement.say(language)}",
            note=self._sources(statement, language),
            buttons=(*buttons, self._menu(language)),
        )

    def _end(self, lessons: Lessons, lesson: Lesson, participant: str, language: str) -> Reply:
        self._progress.reach(participant, lesson.id, len(lesson.cards), done=True)
        course = lessons.course_of(lesson.id)
        if course:
            place = course.lessons.index(lesson.id)
            following = course.lessons[place + 1 : place + 2]
            buttons = [Button(self._say("following", language), f"lesson:{following[0]}:1")] if following else []
            buttons.append(Button(self._say("course", language), f"lesson:course:{course.id}"))
        else:
            buttons = [Button(self._say("quiz", language), "say:start_quiz")]
            buttons.append(Button(self._say("list", language), "lesson:list"))
        said = self._say("finished", language, title=lesson.title.say(language))
        return Reply(said, buttons=(*buttons, self._menu(language)))

    def _course(self, lessons: Lessons, course: Course, participant: str, language: str) -> Reply:
        reached = self._progress.of(participant)
        done = sum(name in reached and reached[name].done for name in course.lessons)
        best = reached[course.id].best if course.id in reached else None
        test = self._say("test_not_yet", language)
        if best is not None:
            test = self._say("test_best", language, right=best, of=len(course.test), passes=course.passes)
        said = self._say(
            "course_lead", language, lead=course.lead.say(language), done=done, of=len(course.lessons), test=test
        )
        buttons = [self._lesson_button(lessons.lessons[n], reached.get(n), language) for n in course.lessons]
        buttons.append(self._test_button("test" if best is None else "test_again", course, language))
        return Reply(said, buttons=(*buttons, self._menu(language)))

    def _test(self, course: Course, participant: str, language: str, numbers: list[int]) -> list[Reply]:
        """`numbers`: the question's place, how many were right before it, and the option that was tapped (-1: none yet)."""
        place, right, option = numbers
        place, right = min(max(place, 0), len(course.test)), min(max(right, 0), len(course.test))
        if place == len(course.test):
            return [self._result(course, participant, language, right)]
        if not 0 <= option < len(course.test[place].options):
            return [self._question(course, place, right, language)]
        question = course.test[place]
        good = option == question.answer
        why, answer = question.why.say(language), question.options[question.answer].say(language)
        said = self._say("right" if good else "wrong", language, why=why, answer=answer)
        explained = Reply(said, note=self._sources(question.why, language))
        return [explained, *self._test(course, participant, language, [place + 1, right + good, -1])]

    def _question(self, course: Course, place: int, right: int, language: str) -> Reply:
        question = course.test[place]
        options = [f"{_OPTIONS[n]}. {option.say(language)}" for n, option in enumerate(question.options)]
        text = self._say("question", language, place=place + 1, of=len(course.test), text=question.text.say(language))
        buttons = [
            Button(_OPTIONS[n], f"lesson:test:{course.id}:{place}:{right}:{n}") for n, _ in enumerate(question.options)
        ]
        return Reply("\n".join((text, *options)), buttons=tuple(buttons))

    def _result(self, course: Course, participant: str, language: str, right: int) -> Reply:
        passed = right >= course.passes
        self._progress.reach(participant, course.id, len(course.test), done=passed, right=right)
        word = "passed" if passed else "not_passed"
        said = self._say(word, language, right=right, of=len(course.test), passes=course.passes)
        again = () if passed else (self._test_button("test_again", course, language),)
        back = Button(self._say("course", language), f"lesson:course:{course.id}")
        return Reply(said, buttons=(*again, back, self._menu(language)))

    def _test_button(self, word: str, course: Course, language: str) -> Button:
        return Button(self._say(word, language), f"lesson:test:{course.id}:0:0")

    def _sources(self, statement: Statement, language: str) -> str:
        return render.sources_line(self._library(), (statement,), language)

    def _menu(self, language: str) -> Button:
        return render.menu_button(self._library(), language)

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._library().phrase(f"lesson.{key}", language, **values)


def _goes_on(lesson: Lesson, reached: Reached | None) -> int:
    """The card to begin with: where it was left; a lesson that is done begins anew."""
    return reached.card if reached and not reached.done and reached.card < len(lesson.cards) else 1


def _number(parts: list[str], place: int, otherwise: int) -> int:
    """A small number from a button; `otherwise` if there is none."""
    said = parts[place] if place < len(parts) else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else otherwise
