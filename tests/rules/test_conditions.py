"""Reading the printed conditions of position tables."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.conditions import CONDITION_COLUMNS, parse_position, report
from rulebook.conditions.model import MajorCondition, MajorGroup, MajorItem, PositionConditions
from rulebook.conditions.words import is_blank, number, pieces
from tests.conditions_samples import HENAN_LIKE


def read(**columns: str) -> PositionConditions:
    return parse_position(columns)


def facts(**columns: str) -> list[dict[str, object]]:
    """Conditions as plain values without their source."""
    document = read(**columns).to_json()
    assert document["not_understood"] == []
    return [{k: v for k, v in one.items() if k != "source"} for one in document["conditions"]]


@pytest.mark.parametrize(
    "text", ["", " / ", "无", "不限", "—", "-", "无要求", "专业不限", "不限。", "－－", "学历不限"]
)
def test_blanks_ask_nothing(text):
    assert is_blank(text)
    assert read(age=text, major=text, other=text) == PositionConditions()


@pytest.mark.parametrize(
    ("text", "value"), [("35", 35), ("两", 2), ("二", 2), ("十", 10), ("十五", 15), ("二十", 20), ("二十五", 25)]
)
def test_chinese_numerals(text, value):
    assert number(text) == value


def test_sentences_are_cut_outside_brackets_and_lose_their_numbering():
    assert pieces("1.限男性；2、中共党员（含预备党员；正式党员）。\n（三）服从安排；①限本县户籍") == [
        "限男性",
        "中共党员（含预备党员；正式党员）",
        "服从安排",
        "限本县户籍",
    ]


@pytest.mark.parametrize(
    ("text", "youngest", "oldest"),
    [
        ("18周岁以上、35周岁以下", 18, 35), ("18-35周岁", 18, 35), ("年龄在18周岁至35周岁之间", 18, 35),
        ("35周岁及以下", None, 35),
        ("不超过40周岁", None, 40), ("45岁以下", None, 45), ("35周岁(含)以下", None, 35),
        ("18周岁以上，40周岁以下", 18, 40),
        ("35", None, 35), ("３５周岁以下", None, 35), ("未满36周岁", None, 35),
    ],
)  # fmt: skip
def test_ages(text, youngest, oldest):
    (age,) = read(age=text).conditions
    assert (age.youngest, age.oldest, age.bands) == (youngest, oldest, ())


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("35周岁以下（1990年3月20日及以后出生）", date(1990, 3, 20), None),
        ("1985年3月以后出生", date(1985, 3, 1), None),
        ("1990年3月20日至2008年3月20日期间出生", date(1990, 3, 20), date(2008, 3, 20)),
    ],
)
def test_printed_birth_dates_set_the_bounds(text, first, last):
    (age,) = read(age=text).conditions
    assert (age.born_from, age.born_to) == (first, last)


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        (
            "18周岁以上、30周岁以下，2026年应届硕士、博士研究生为35周岁以下",
            [{"oldest": 35, "any_of": ["doctor", "master"], "fresh": True}],
        ),
        (
            "30周岁以下，应届硕士、博士研究生（非在职）为35周岁以下",
            [{"oldest": 35, "any_of": ["doctor", "master"], "fresh": True, "full_time": True}],
        ),
        ("35周岁以下，硕士研究生可放宽至40周岁，博士研究生可放宽至45周岁",
         [{"oldest": 40, "any_of": ["master"]}, {"oldest": 45, "any_of": ["doctor"]}]),
        ("38周岁以下；具有副高级及以上职称的放宽到45周岁", [{"oldest": 45, "any_of": ["associate"]}]),
        ("35周岁以下，博士研究生年龄不限", [{"oldest": None, "any_of": ["doctor"]}]),
        ("35周岁以下，县劳模放宽至40周岁", [{"oldest": 40, "unclear": "县劳模"}]),
    ],
)  # fmt: skip
def test_relaxed_ages(text, bands):
    (age,) = facts(age=text)
    assert age["bands"] == bands


def test_a_relaxed_age_in_another_column_joins_the_limit_of_all():
    (age,) = facts(age="35周岁以下", other="硕士研究生及以上学历年龄可放宽至40周岁")
    assert (age["oldest"], age["bands"]) == (35, [{"oldest": 40, "any_of": ["master"]}])


def test_half_an_age_is_never_read():
    assert [rest.text for rest in read(age="35周岁以下，特别优秀的另行研究").not_understood] == [
        "35周岁以下，特别优秀的另行研究"
    ]
    assert [rest.column for rest in read(other="硕士可放宽至40周岁").not_understood] == ["other"]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("本科及以上", ["bachelor", "master", "doctor"]), ("仅限本科", ["bachelor"]), ("本科", ["bachelor"]),
        ("大专及以上", ["college", "bachelor", "master", "doctor"]), ("硕士研究生及以上", ["master", "doctor"]),
        ("研究生", ["master", "doctor"]), ("本科或硕士研究生", ["bachelor", "master"]),
        ("大专或本科", ["college", "bachelor"]),
        ("仅限博士研究生", ["doctor"]), ("大学本科及以上学历", ["bachelor", "master", "doctor"]),
    ],
)  # fmt: skip
def test_education(text, levels):
    assert facts(education=text) == [{"kind": "education", "levels": levels}]


def test_full_time_education():
    assert facts(education="全日制本科及以上")[0]["full_time"] is True


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("与学历相对应的学位", {"matching": True}), ("学士", {"degrees": ["bachelor"]}),
        ("学士及以上", {"degrees": ["bachelor", "master", "doctor"]}), ("取得相应学位", {"matching": True}),
        ("硕士学位", {"degrees": ["master"]}),
    ],
)  # fmt: skip
def test_degree(text, fact):
    assert facts(degree=text) == [{"kind": "degree", **fact}]


def test_education_and_degree_in_one_column():
    assert facts(education_degree="本科及以上，学士及以上") == [
        {"kind": "education", "levels": ["bachelor", "master", "doctor"]},
        {"kind": "degree", "degrees": ["bachelor", "master", "doctor"]},
    ]


def test_majors_by_level_with_codes():
    text = "本科：金融学类（0203），会计学（120203K）；研究生：应用经济学（0202，仅限税收学、金融学），法学（03）"
    (condition,) = read(major=text).conditions
    assert isinstance(condition, MajorCondition)
    assert condition.groups == (
        MajorGroup(
            level="bachelor",
            items=(
                MajorItem(name="金融学类", code="0203", match="class"),
                MajorItem(name="会计学", code="120203K", match="exact"),
            ),
        ),
        MajorGroup(
            level="graduate",
            items=(
                MajorItem(name="应用经济学", code="0202", match="class", only=("税收学", "金融学")),
                MajorItem(name="法学", code="03", match="category"),
            ),
        ),
    )


def test_majors_with_commas_inside_their_brackets():
    (condition,) = read(major="研究生：艺术学（含音乐、舞蹈等历史、理论和评论研究）（1301，仅限设计学）").conditions
    ((item,),) = [group.items for group in condition.groups]
    assert (item.code, item.only, item.name) == ("1301", ("设计学",), "艺术学(含音乐、舞蹈等历史、理论和评论研究)")


def test_majors_without_codes_and_a_level_without_limits():
    (condition,) = read(major="本科：护理学、助产学；研究生：不限").conditions
    assert [(group.level, [item.name for item in group.items], group.unrestricted) for group in condition.groups] == [
        ("bachelor", ["护理学", "助产学"], False),
        ("graduate", [], True),
    ]


def test_a_column_for_one_level_only():
    (condition,) = read(major_bachelor="护理学（B100501）").conditions
    assert (condition.groups[0].level, condition.groups[0].items[0].match) == ("bachelor", "exact")


@pytest.mark.parametrize(
    "text", ["计算机类等相关专业", "医学类专业，具有执业医师资格者优先", "符合国家规定的教师教育专业均可"]
)
def test_majors_in_loose_words_go_to_a_person_whole(text):
    assert [(rest.column, rest.text) for rest in read(major=text).not_understood] == [("major", text)]


SENTENCES = [
    ("限男性", [{"kind": "sex", "sex": "male"}]),
    ("女", [{"kind": "sex", "sex": "female"}]),
    ("适合男性", [{"kind": "sex", "sex": "male", "advisory": True}]),
    ("中共党员（含预备党员）", [{"kind": "party", "allowed": ["member"]}]),
    ("中共党员或共青团员", [{"kind": "party", "allowed": ["member", "league"]}]),
    ("非中共党员", [{"kind": "party", "allowed": ["league", "none", "democratic"]}]),
    ("若是民主党派成员仅限农工党党员", [{"kind": "democratic_party", "parties": ["农工党"]}]),
    ("限内黄县户籍或生源", [{"kind": "household", "places": ["内黄县"], "origin_counts": True}]),
    ("具有甲县、乙县户籍", [{"kind": "household", "places": ["甲县", "乙县"]}]),
    ("具有两年以上基层工作经历", [{"kind": "work", "months": 24, "field": "grassroots"}]),
    ("3年及以上工作经历", [{"kind": "work", "months": 36}]),
    ("具有2年以上护理工作经历", [{"kind": "work", "months": 24, "field": "护理"}]),
    ("2026年应届毕业生", [{"kind": "fresh", "years": [2026]}]),
    ("限2024至2026年高校应届毕业生", [{"kind": "fresh", "years": [2024, 2025, 2026]}]),
    (
        "取得《法律职业资格证书》A证、B证",
        [{"kind": "certificate", "any_of": ["《法律职业资格证书》A证", "《法律职业资格证书》B证"]}],
    ),
    ("具有执业医师资格或执业药师资格", [{"kind": "certificate", "any_of": ["执业医师资格", "执业药师资格"]}]),
    ("持有有效期内的《中华人民共和国残疾人证》", [{"kind": "certificate", "any_of": ["《中华人民共和国残疾人证》"]}]),
    ("具有中级及以上职称", [{"kind": "title", "least": "intermediate"}]),
    ("服务基层项目人员或退役士兵", [{"kind": "group", "any_of": ["service_project", "veteran"]}]),
    (
        "高校毕业生退役士兵且为中共党员",
        [{"kind": "group", "any_of": ["graduate_veteran"]}, {"kind": "party", "allowed": ["member"]}],
    ),
    ("限主修专业报考", [{"kind": "main_major"}]),
    (
        "普通高等学校本科及以上、学士及以上",
        [{"kind": "school", "levels": ["bachelor", "master", "doctor"], "degrees": ["bachelor", "master", "doctor"]}],
    ),
    ("普通高等学校各阶段均需取得相应学历学位", [{"kind": "school", "stage": "every"}]),
    ("配偶、父母从事律师工作的不得报考", [{"kind": "declaration", "matter": "relatives"}]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences_of_the_free_columns(text, expected):
    assert facts(other=text) == expected


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("咨询电话：0371-61176087", "phone"),
        ("工作地点：某县", "place"),
        ("从事市场监督管理工作", "duty"),
        ("0831-1234567", "phone"),
    ],
)
def test_words_that_ask_nothing_are_kept_as_information(text, about):
    found = read(note=text)
    assert ([one.about for one in found.information], found.conditions, found.not_understood) == ([about], (), ())


@pytest.mark.parametrize(
    "text",
    [
        "特别优秀的可适当放宽条件", "须从事过财务管理工作且具有注册会计师资格者优先", "限本村三十户以内",
        "身高170厘米以上",
        "无不良嗜好", "限男性或具有特殊专长者", "具有五年以上党龄",
    ],
)  # fmt: skip
def test_whatever_is_not_understood_is_kept_for_a_person(text):
    found = read(other=f"中共党员；{text}")
    assert [(rest.column, rest.text) for rest in found.not_understood] == [("other", text)]
    assert found.structured == "partly"


def test_nothing_printed_is_lost():
    """Every sentence of every cell is in a condition, in the information, or with what was not understood."""
    for row in HENAN_LIKE:
        found = parse_position(row)
        kept = {(c.source.column, c.source.text) for c in (*found.conditions, *found.information)}
        kept |= {(rest.column, rest.text) for rest in found.not_understood}
        for column, text in row.items():
            if not is_blank(text):
                assert (column, text) in kept or {(column, piece) for piece in pieces(text)} <= kept


def test_conditions_survive_the_way_through_json():
    for row in HENAN_LIKE:
        found = parse_position(row)
        assert PositionConditions.from_json(found.to_json()) == found


def test_equal_conditions_of_two_positions_are_one_object_and_changed_ones_are_not():
    document = parse_position({"age": "35周岁以下"}).to_json()
    first, again = PositionConditions.from_json(document), PositionConditions.from_json(document)
    assert first.conditions[0] is again.conditions[0]
    document["conditions"][0]["oldest"] = 40
    assert PositionConditions.from_json(document).conditions[0].oldest == 40


def test_the_report_counts_and_lists_what_was_not_understood():
    rows = [
        {"other": "限男性"},
        {"other": "限男性；身高170厘米以上"},
        {"other": "身高175厘米以上"},
        {"note": "配偶从事律师工作的不得报考"},
    ]
    found = report(parse_position(row) for row in rows)
    assert (found.positions, found.fully, found.partly, found.free, found.by_declaration) == (4, 2, 1, 1, 1)
    assert found.share == 0.5
    assert found.patterns == (("other", "身高#厘米以上", 2),)


FRAGMENTS = [
    "18周岁以上",
    "35周岁以下",
    "、",
    "，",
    "；",
    "。",
    "（",
    "）",
    "本科",
    "及以上",
    "研究生：",
    "法学（0301）",
    "硕士",
    "放宽至",
    "40周岁",
    "1990年13月40日",
    "以后出生",
    "限",
    "男性",
    "中共党员",
    "户籍",
    "或",
    "十十年",
    "两年以上",
    "基层",
    "工作经历",
    "证书",
    "取得",
    "《",
    "》",
    "应届",
    "2026年",
    "普通高等学校",
    "不限",
    "/",
    "学位",
    "咨询电话：",
    "0",
    "\n",
    " ",
    "A",
    "且",
    "具有",
    "岁",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_no_text_breaks_the_reader_and_none_is_lost(text):
    for column in CONDITION_COLUMNS:
        found = read(**{column: text})
        if not is_blank(text) and any(not is_blank(piece) for piece in pieces(text)):
            assert found.conditions or found.information or found.not_understood
        assert PositionConditions.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    "text", ["本科：" * 5000, "（" * 20000, "父母" * 10000, "限" * 20000, "2026年" * 5000, "具有证" * 8000]
)
def test_a_very_long_cell_is_read_in_good_time(text):
    started = time.process_time()
    for column in ("age", "education", "major", "other"):
        read(**{column: text})
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"age": "35周岁以下", "other": "限男性"}, False),
        ({"age": "35周岁以下", "other": "须经单位面谈认可其职业倾向"}, True),
        ({"other": "配偶、父母从事律师工作的不得报考"}, True),
    ],
)
def test_what_is_unread_or_only_declared_needs_a_person(columns, expected):
    assert parse_position(columns).needs_person is expected
