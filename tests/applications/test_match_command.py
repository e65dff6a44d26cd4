import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rulebook.conditions import parse_position

PROFILE = {
    "birth_date": "1990-03-25",
    "sex": "female",
    "schooling": [{"level": "bachelor", "finished_on": "2013-06-30"}],
}


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(PROFILE), encoding="utf-8")
    return str(path)


@pytest.fixture
def positions(make_position):
    for code, printed in (
        ("01", {"age": "35周岁以下", "education": "本科及以上"}),
        ("02", {"other": "限男性"}),
        ("03", {"other": "身高170厘米以上"}),
        ("04", {}),
    ):
        make_position(code, conditions=parse_position(printed).to_json())


def matched(profile: str, **options) -> str:
    out = StringIO()
    call_command("match", profile=profile, campaign="C1", stdout=out, **options)
    return out.getvalue()


def test_every_position_has_its_verdict_and_every_clause_its_reason(profile, positions):
    found = json.loads(matched(profile, format="json"))["positions"]

    assert {row["code"]: row["verdict"] for row in found} == {
        "01": "met", "02": "not_met", "03": "needs_person", "04": "met",
    }  # fmt: skip
    assert found[1]["clauses"] == [
        {
            "code": "sex",
            "text": "性别：限男性",
            "verdict": "not_met",
            "reason": "性别为女，与要求不符。",
            "source": {"column": "other", "text": "限男性"},
        }
    ]


@pytest.mark.parametrize("many", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_positions(
    profile, campaign, positions, make_position, many, django_assert_num_queries
):
    for number in range(many):
        make_position(f"9{number:03d}", conditions=parse_position({"age": "35周岁以下"}).to_json())
    with django_assert_num_queries(3):
        matched(profile)


def test_the_text_form_counts_the_verdicts(profile, positions):
    assert matched(profile).splitlines()[-1] == "met 2, needs_person 1, not_met 1"


def test_a_profile_that_is_not_right_is_refused_field_by_field(tmp_path, positions):
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({"sex": "woman", "height": 170}), encoding="utf-8")
    with pytest.raises(CommandError, match=r"sex: .*; height: "):
        matched(str(path))


def test_a_missing_file_or_campaign_is_named(profile, tmp_path, campaign):
    with pytest.raises(CommandError, match=r"nothing\.json can't be read"):
        matched(str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="no campaign with the code “X”"):
        call_command("match", profile=profile, campaign="X")
