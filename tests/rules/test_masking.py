"""R95 and decision 16: what may be shown, and the scan before publication."""

import pytest

from rulebook.masking import find_identities, mask_id_number, mask_mobile

ID = "34052419800101001X"


def test_r95_the_mask_keeps_the_first_five_and_last_three() -> None:
    assert mask_id_number(ID) == "34052**********01X"


@pytest.mark.parametrize("text", ["110105491231002", "3405241980", ""])
def test_r95_what_is_not_an_id_number_is_masked_whole(text: str) -> None:
    assert mask_id_number(text) == "*" * len(text)


def test_r95_a_mobile_number_keeps_three_and_four_digits() -> None:
    assert mask_mobile("13812345678") == "138****5678"
    assert mask_mobile("1381234567") == "**********"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"身份证号：{ID}。",
        "34052419800101001x",
        "３４０５２４１９８００１０１００１Ｘ",
        "340524 19800101 001X",
        "340524-19800101-001X",
        f"9{ID}",
        f"{ID}7",
    ],
)
def test_r95_the_scan_finds_an_id_number_however_it_is_written(text: str) -> None:
    assert [(found.kind, found.text) for found in find_identities(text)] == [("id_number", ID)]


def test_r95_any_eighteen_characters_that_pass_the_check_digit_are_found() -> None:
    assert [found.text for found in find_identities("340524199702290012")] == ["340524199702290012"]


def test_r95_ticket_numbers_in_columns_are_not_taken_for_an_id_number() -> None:
    rows = "\n".join(f"{number:08d} 0511503{number % 10000:04d} 76.50" for number in range(2000))
    assert find_identities(rows) == []


def test_r95_a_wrong_check_digit_is_not_reported() -> None:
    assert find_identities("340524198001010011") == []


def test_decision_16_mobile_numbers_are_found_unless_the_office_publishes_them() -> None:
    text = "咨询电话 138 1234 5678，监督电话13987654321，办公电话0831-1234567，序号05115031207"
    assert [found.text for found in find_identities(text)] == ["13812345678", "13987654321"]
    assert [found.text for found in find_identities(text, {"13812345678"})] == ["13987654321"]


def test_decision_16_a_mobile_number_with_the_country_code_is_found() -> None:
    assert [found.text for found in find_identities("+86 13812345678、8613987654321")] == ["13812345678", "13987654321"]


def test_decision_16_a_find_is_named_masked_and_with_its_place() -> None:
    [found] = find_identities(f"甲 {ID}")
    assert (found.start, found.end, found.masked) == (2, 20, "34052**********01X")
