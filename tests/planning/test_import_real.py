"""The official tables of shared data, whole; skipped where they are absent."""

import time
from collections import Counter
from pathlib import Path

import pytest

from accounts.models import Unit
from campaigns.planning import domain
from campaigns.planning.models import Position

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HENAN = SHARED / "henan-2026-positions.xlsx"
ZHENGZHOU = SHARED / "zhengzhou-2024-positions.csv"

needs_henan = pytest.mark.skipif(not HENAN.exists(), reason="the Henan 2026 position table is not there")
needs_zhengzhou = pytest.mark.skipif(not ZHENGZHOU.exists(), reason="the Zhengzhou 2024 position table is not there")


@pytest.fixture
def civil_service(make_campaign):
    return make_campaign("HN2026", slot_type="civil_service", profile="civil_service_exam")


def load(author, campaign, path, **fields):
    return domain.import_positions(
        actor=author, campaign=campaign, content=path.read_bytes(), file_name=path.name, **fields
    )


@needs_henan
def test_all_7509_positions_of_henan_come_in_at_once_and_a_second_import_changes_nothing(author, civil_service):
    preview = load(author, civil_service, HENAN, dry_run=True)
    assert (preview.new, Position.objects.count(), Unit.objects.count()) == (7509, 0, 1)

    started = time.perf_counter()
    first = load(author, civil_service, HENAN)
    assert time.perf_counter() - started < 60
    rows = {sheet.name: (sheet.header_row, sheet.rows, sheet.new, len(sheet.refused)) for sheet in first.sheets}
    assert rows == {"省辖市以下": (3, 7160, 7160, 0), "省直机关": (3, 349, 349, 0)}
    assert [sheet.skipped for sheet in first.sheets] == [[], []]
    assert (Position.objects.count(), len(first.new_units)) == (7509, Unit.objects.count() - 1)
    assert Position.objects.filter(printed={}).count() == 0

    second = load(author, civil_service, HENAN)
    assert (second.new, second.changed, second.unchanged, second.refused_rows) == (0, 0, 7509, 0)
    assert second.new_units == []


@needs_henan
def test_every_column_of_henan_is_kept_as_printed_and_its_conditions_are_structured(author, civil_service):
    load(author, civil_service, HENAN, sheet="省直机关")
    position = Position.objects.get(code="30001011")
    assert position.printed["专业"].startswith("本科：税收学（020202），金融学（020301K）；研究生：")
    assert position.printed["工作经历要求"] == "具有两年以上基层工作经历"
    assert position.unit.name == "河南省人民政府办公厅"
    kinds = Counter(condition["kind"] for condition in position.conditions["conditions"])
    assert {"age", "education", "degree", "major", "work", "party"} <= set(kinds)


@needs_zhengzhou
def test_all_392_positions_of_zhengzhou_come_in_from_text_with_a_byte_order_mark(author, civil_service):
    first = load(author, civil_service, ZHENGZHOU)
    assert (first.new, first.refused_rows, Position.objects.count()) == (392, 0, 392)
    assert load(author, civil_service, ZHENGZHOU).unchanged == 392
