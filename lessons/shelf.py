"""The lessons and courses of the content as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from content.library import ContentError, Library
from lessons.model import Course, Lesson


@dataclass(frozen=True)
class Lessons:
    """By their ids, in the order of their files' names."""

    lessons: Mapping[str, Lesson]
    courses: Mapping[str, Course]

    def of_citizens(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons.values() if lesson.audience == "citizen"]

    def lesson(self, lesson_id: str) -> Lesson | None:
        return self.lessons.get(lesson_id)

    def course_of(self, lesson_id: str) -> Course | None:
        """The course that a lesson belongs to, if any."""
        return next((course for course in self.courses.values() if lesson_id in course.lessons), None)


def lessons_of(library: Library) -> Lessons:
    """Raises ContentError naming the first file that is wrong."""
    lessons = {lesson.id: lesson for lesson in _each(library, "lessons", Lesson)}
    courses = {course.id: course for course in _each(library, "courses", Course)}
    for course in courses.values():
        for missing in (name for name in course.lessons if name not in lessons):
            raise ContentError(f"courses/{course.id}.yml: lessons: there is no lesson {missing}")
    return Lessons(lessons, courses)


def _each[M: (Lesson, Course)](library: Library, folder: str, kind: type[M]) -> Iterator[M]:
    for name in sorted(library.extra):
        if name.startswith(f"{folder}/"):
            try:
                yield kind.model_validate(library.extra[name])
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"]) or "file"
                raise ContentError(f"{name}: {where}: {first['msg']}") from None
