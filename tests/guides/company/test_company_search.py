"""People's spellings find the company; another name never is told as that company."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from guides.company import licences
from guides.company.matching import Difference, Entry, Finding, Index
from guides.company.register import Register

HERE = Path(__file__).parent
SPELLINGS = [
    line.split("\t") for line in (HERE / "spellings.tsv").read_text(encoding="utf-8").splitlines() if line[0] != "#"
]
UNKNOWN = (HERE / "unknown.txt").read_text(encoding="utf-8").splitlines()


def _finding(register: Register, typed: str) -> Finding:
    answer = register.search(typed)
    assert answer is not None
    return answer.finding


def test_spellings_find_their_company_first(filled: Register) -> None:
    wrong = []
    for typed, number, _ in SPELLINGS:
        finding = _finding(filled, typed)
        first = finding.hit or (finding.near[0].entry if finding.near else None)
        if first is None or licences.number(first.licence) != number:
            wrong.append(typed)
    print(f"{len(SPELLINGS) - len(wrong)} of {len(SPELLINGS)} spellings")
    assert len(SPELLINGS) >= 80
    assert len(wrong) <= 0.05 * len(SPELLINGS), wrong


def test_what_is_typed_otherwise_is_asked_back(filled: Register) -> None:
    told = {typed: "hit" if _finding(filled, typed).hit else "near" for typed, _, _ in SPELLINGS}
    assert told == {typed: kind for typed, _, kind in SPELLINGS}


def test_unknown_names_are_never_a_hit(filled: Register) -> None:
    assert len(UNKNOWN) >= 30
    assert [typed for typed in UNKNOWN if _finding(filled, typed).hit] == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_unicode_forms_do_not_matter(filled: Register, form: str) -> None:
    for typed, _, kind in SPELLINGS:
        other = _finding(filled, unicodedata.normalize(form, typed))  # type: ignore[arg-type]
        assert bool(other.hit) == (kind == "hit"), typed


@pytest.mark.parametrize(
    ("typed", "difference", "words"),
    [
        ("cty tnhh cánh buồm giấy", Difference.FORM, ("tnhh", "cp")),
        ("Cành Buồm Giấy", Difference.MARKS, ("cành buồm giấy", "cánh buồm giấy")),
        ("giấy cánh buồm", Difference.ORDER, ("", "")),
        ("cánh buồn giấy", Difference.LETTERS, ("buồn", "buồm")),
        ("cánh buồm", Difference.MORE, ("", "giấy")),
        ("cánh buồm giấy phương nam", Difference.FEWER, ("phương nam", "")),
        ("du lịch cánh buồm giấy", Difference.FEWER, ("du lịch", "")),
        ("cánh buồm giấy gp 99", Difference.LICENCE, ("99", "0010/MAU-GP")),
    ],
)
def test_the_difference_is_named(filled: Register, typed: str, difference: Difference, words: tuple[str, str]) -> None:
    near = _finding(filled, typed).near[0]
    assert near.entry.licence == "0010/MAU-GP"
    assert (near.difference, near.typed, near.listed) == (difference, *words)


def test_one_name_in_two_forms_is_asked_back_until_the_form_is_typed(filled: Register) -> None:
    finding = _finding(filled, "đom đóm khuya")
    assert finding.hit is None
    assert [near.difference for near in finding.near] == [Difference.SEVERAL] * 2
    chosen = _finding(filled, "cty cp đom đóm khuya")
    assert chosen.hit is not None
    assert chosen.hit.licence == "0080/MAU-GP"
    assert [near.entry.licence for near in chosen.near] == ["0073/MAU-GP"]


def test_a_name_with_the_number_of_another_company_is_no_hit(filled: Register) -> None:
    finding = _finding(filled, "hạt sương mai, giấy phép số 45")
    assert finding.hit is None
    assert [near.difference for near in finding.near[:2]] == [Difference.LICENCE, Difference.NAME]


def test_same_numbers_of_two_years_are_told_apart_by_what_is_behind_the_slash() -> None:
    index = Index(
        [
            Entry(1, "12/2019/AB-GP", "Công ty TNHH Gió Nồm Xa", "withdrawn"),
            Entry(2, "12/CD-GP", "Công ty TNHH Gió Bấc Xa", "licensed"),
        ]
    )
    assert {near.entry.id for near in index.search("12").near} == {1, 2}
    hit = index.search("0012/CD-GP").hit
    assert hit is not None
    assert hit.id == 2


def test_one_company_with_two_licences_is_asked_back() -> None:
    name = "Công ty TNHH Gió Nồm Xa"
    index = Index([Entry(1, "1/AB", name, "withdrawn"), Entry(2, "2/AB", name, "licensed")])
    finding = index.search(name)
    assert finding.hit is None
    assert {near.entry.id for near in finding.near} == {1, 2}
    hit = index.search(f"{name} gp 2").hit
    assert hit is not None
    assert hit.id == 2


@pytest.mark.parametrize("typed", ["", "  ", "công ty", "cty tnhh", "nhân lực quốc tế", "xklđ", "!!!"])
def test_what_many_names_have_is_vague(filled: Register, typed: str) -> None:
    finding = _finding(filled, typed)
    assert finding.vague
    assert finding.hit is None
