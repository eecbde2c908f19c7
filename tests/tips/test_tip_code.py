"""The citizen's code: every slip of the finger is told apart from a code that does not exist."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.code import (
    CodeError,
    CodeFault,
    code_attempt,
    count_digits,
    format_code,
    holds_code,
    looks_like_code,
    make_code,
    parse_code,
)

codes = st.builds(make_code)


def fault(text: str) -> CodeError:
    with pytest.raises(CodeError) as caught:
        parse_code(text)
    return caught.value


def test_a_code_is_18_digits_in_groups_of_four() -> None:
    code = make_code()
    assert len(code) == 18 and code.isascii() and code.isdigit()
    assert [len(group) for group in format_code(code).split(" ")] == [4, 4, 4, 4, 2]


def test_codes_differ() -> None:
    assert len({make_code() for _ in range(1000)}) == 1000


@given(codes, st.sampled_from(["", " ", ".", "-", " - ", "\n", "–", "\u00a0", ","]))
def test_any_separator_will_do(code: str, gap: str) -> None:
    assert parse_code(format_code(code).replace(" ", gap)) == code


@given(codes, st.sampled_from([0xFF10, 0x0660, 0x06F0, 0x0966]))
def test_digits_of_other_scripts_will_do(code: str, zero: int) -> None:
    typed = "".join(chr(zero + int(digit)) for digit in code)
    assert parse_code(f"Mã: {typed}") == code
    assert looks_like_code(typed)
    assert holds_code(typed)


@given(codes)
def test_every_single_wrong_digit_is_caught(code: str) -> None:
    for at in range(18):
        for digit in set("0123456789") - {code[at]}:
            assert fault(code[:at] + digit + code[at + 1 :]).reason is CodeFault.WRONG_CHECK


@given(codes)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    for at in range(17):
        if code[at] != code[at + 1]:
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            assert fault(swapped).reason is CodeFault.WRONG_CHECK


@given(codes, st.integers(0, 17))
def test_missing_and_extra_digits_are_counted(code: str, length: int) -> None:
    short = fault(code[:length])
    assert (short.reason, short.missing, short.extra) == (CodeFault.TOO_SHORT, 18 - length, 0)
    long = fault(code + code[:length] + "7")
    assert (long.reason, long.missing, long.extra) == (CodeFault.TOO_LONG, 0, length + 1)


def test_other_check_digits_of_the_same_remainder_are_refused() -> None:
    code = next(code for code in iter(make_code, "") if code.endswith("02"))
    assert fault(code[:-2] + "99").reason is CodeFault.WRONG_CHECK


@given(st.text())
def test_no_text_breaks_it_and_no_text_is_repeated(text: str) -> None:
    looks_like_code(text)
    count_digits(text)
    assert code_attempt(text) or not holds_code(text)
    try:
        parse_code(text)
    except CodeError as error:
        assert str(error) in list(CodeFault)


@pytest.mark.parametrize("text", ["0912345678", "0912 345 678, 0987 654 321", "4111 1111 1111 1111", "tôi 5 tuổi", ""])
def test_phone_numbers_and_cards_do_not_look_like_codes(text: str) -> None:
    assert not looks_like_code(text)


def test_a_code_is_found_inside_a_text_only_if_it_is_right() -> None:
    code = make_code()
    wrong = f"{(int(code) + 1) % 10**18:018d}"
    assert holds_code(f"Mã của tôi là {format_code(code)}, xem giúp")
    assert holds_code(f"({code})") and holds_code(format_code(code).replace(" ", "/"))
    assert not holds_code(f"Mã của tôi là {format_code(wrong)}")
    assert not holds_code(f"1{code}")
    assert looks_like_code(wrong)


SENTENCES = ["{}", "Mã của tôi là {} ạ", "mã:{}, xem giúp", "({})", "Hôm qua công an trả lời chưa? {} cảm ơn"]
gaps = st.sampled_from(["", " ", "-", ".", " - ", "/", "\n", "–", "\u00a0", " , ", " ... "])
slips = st.sampled_from(["none", "missing", "extra", "wrong"])


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    """A code with at most one slip, in groups of any sizes, in a sentence."""
    code, at, digit = draw(codes), draw(st.integers(0, 17)), draw(st.sampled_from("0123456789"))
    match draw(slips):
        case "missing":
            code = code[:at] + code[at + 1 :]
        case "extra":
            code = code[:at] + digit + code[at:]
        case "wrong":
            code = code[:at] + digit + code[at + 1 :]
    cuts = [0, *sorted(draw(st.sets(st.integers(1, len(code) - 1)))), len(code)]
    groups = [code[start:end] for start, end in pairwise(cuts)]
    typed = "".join(group + draw(gaps) for group in groups[:-1]) + groups[-1]
    return draw(st.sampled_from(SENTENCES)).format(typed)


@given(mistyped())
def test_a_mistyped_code_is_an_attempt(text: str) -> None:
    assert code_attempt(text)


@given(codes, st.integers(13, 18))
def test_an_attempt_has_13_digits_at_least(code: str, length: int) -> None:
    assert code_attempt(code[:length]) and not code_attempt(code[:12])
    assert code_attempt(f"{code[:6]}....,{code[6:]}") and not code_attempt(f"{code[:9]}......{code[9:]}")
    assert code_attempt(f"{code[:-1]}0, 0912 345 678")  # beside a phone number


phones = st.builds(
    lambda start, rest, gap: start + gap + rest[:3] + gap + rest[3:],
    st.sampled_from(["0", "+84", "84", "(024)"]),
    st.text("0123456789", min_size=9, max_size=9),
    st.sampled_from(["", " ", ".", "-"]),
)


@given(phones, phones, st.sampled_from([" hoặc ", " và số ", " x ", "\nChồng chị ấy: "]))
def test_phone_numbers_are_no_attempts(one: str, other: str, between: str) -> None:
    assert not code_attempt(one)
    assert not code_attempt(f"Gọi {one}{between}{other} nhé")
