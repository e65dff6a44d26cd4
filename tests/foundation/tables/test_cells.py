import datetime

import pytest

from foundation.tables.cells import LostDigits, cell_text, header_key


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("", ""), (" 县医院 ", "县医院"), ("县\u3000医院", "县 医院"), ("a  b\tc", "a b c"),
        ("a\r\n b\r\r c ", "a\nb\nc"),
        ("\ufeff\u200b10001\u202c", "10001"), ("\xa0x\xa0", "x"), (10001.0, "10001"), (2, "2"), (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (67.8, "67.8"), (-3.0, "-3"), (True, "TRUE"), (datetime.date(2026, 3, 20), "2026-03-20"),
        (datetime.datetime(2026, 3, 20), "2026-03-20"),  # noqa: DTZ001 - cells have no time zone
        (datetime.datetime(2026, 3, 20, 9, 5), "2026-03-20 09:05"),  # noqa: DTZ001
        (datetime.time(9, 30), "09:30:00"), (datetime.timedelta(hours=26), "1 day, 2:00:00"),
    ],
)  # fmt: skip
def test_a_cell_reads_as_a_person_reads_it(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize("value", [1e15, 340524198001010010, -1e16])
def test_a_number_with_more_digits_than_a_sheet_keeps_is_refused(value):
    with pytest.raises(LostDigits):
        cell_text(value)


@pytest.mark.parametrize("text", ["招聘单位", " 招 聘\n单位 ", "招聘单位:", "（招聘）单位"])
def test_headers_compare_without_blanks_and_punctuation(text):
    assert header_key(text) == "招聘单位"
