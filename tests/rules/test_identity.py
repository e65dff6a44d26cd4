"""R01–R04: the national ID number."""

from datetime import date

import pytest

from rulebook.explanation import RuleError
from rulebook.identity import (
    check_against_form,
    check_digit,
    convert_legacy_number,
    is_valid_id_number,
    normalise_id_number,
    parse_id_number,
)


@pytest.mark.parametrize(("first_seventeen", "check"), [("34052419800101001", "X"), ("11010519491231002", "X")])
def test_r01_the_check_digit_of_the_worked_examples(first_seventeen: str, check: str) -> None:
    assert check_digit(first_seventeen) == check


def test_r01_transposed_digits_are_refused() -> None:
    assert check_digit("34052419801001001") == "1"
    with pytest.raises(RuleError) as error:
        parse_id_number("34052419801001001X")
    assert error.value.code == "id_number.check_digit"


def test_r02_full_width_spaces_and_small_x_are_normalised() -> None:
    assert normalise_id_number(" ３４０５２４１９８００１０１００１ｘ ") == "34052419800101001X"
    assert parse_id_number(" ３４０５２４１９８００１０１００１ｘ ").number == "34052419800101001X"


def test_r02_fifteen_digits_are_refused_and_can_be_converted() -> None:
    with pytest.raises(RuleError) as error:
        parse_id_number("110105491231002")
    assert error.value.code == "id_number.legacy"
    assert convert_legacy_number("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize("text", ["", "1101051949123100", "11010519491231002XX", "1101051949123100ZX"])
def test_r02_other_lengths_and_letters_are_refused(text: str) -> None:
    with pytest.raises(RuleError) as error:
        parse_id_number(text)
    assert error.value.code == "id_number.shape"


def test_r03_birth_date_sex_and_area_are_read_from_the_number() -> None:
    identity = parse_id_number("11010519491231002X")
    assert (identity.birth_date, identity.sex, identity.area) == (date(1949, 12, 31), "female", "110105")


def test_r03_fields_that_contradict_the_number_are_named() -> None:
    identity = parse_id_number("11010519491231002X")
    assert check_against_form(identity, birth_date=date(1949, 12, 31), sex="female") == ()
    assert check_against_form(identity, birth_date=date(1949, 12, 30), sex="female") == ("birth_date",)
    assert check_against_form(identity, birth_date=date(1949, 12, 30), sex="male") == ("birth_date", "sex")


def test_r04_a_correct_check_digit_on_a_day_that_does_not_exist_is_refused() -> None:
    assert check_digit("34052419970229001") == "2"
    with pytest.raises(RuleError) as error:
        parse_id_number("340524199702290012")
    assert error.value.code == "id_number.birth_date"
    assert not is_valid_id_number("340524199702290012")


def test_r04_no_message_repeats_the_number() -> None:
    for text in ("34052419801001001X", "340524199702290012", "110105491231002"):
        with pytest.raises(RuleError) as error:
            parse_id_number(text)
        assert text[:15] not in error.value.text("zh") + error.value.text("en")
