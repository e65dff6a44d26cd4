"""R05–R14: judging a person against conditions, by the worked examples of the rule book and at the edges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.conditions import parse_position
from rulebook.conditions.age import born_from, born_to, with_bounds
from rulebook.conditions.experience import certificates_in_time, fresh_status, work_months
from rulebook.conditions.judge_schooling import judge_major
from rulebook.conditions.profile import Profile, Schooling, Title, WorkPeriod
from rulebook.eligibility import DECLARATIONS, Judge, judge, judge_declarations, overall
from rulebook.ruleset.registration import EligibilityRules
from tests.conditions_samples import HENAN_LIKE

REF = date(2026, 3, 20)
RULES = EligibilityRules()
LAW = Schooling(
    level="bachelor", degree="bachelor", major="法学", major_code="030101K", full_time=True, kind="regular",
    finished_on=date(2015, 6, 30), degree_on=date(2015, 6, 30),
)  # fmt: skip
MBA = Schooling(
    level="master", degree="master", major="工商管理", major_code="125100", full_time=True, kind="regular",
    finished_on=date(2018, 6, 30), degree_on=date(2018, 6, 30),
)  # fmt: skip


def verdicts(
    profile: Profile, rules: EligibilityRules = RULES, ref: date = REF, **columns: str
) -> list[tuple[str, str]]:
    return [(clause.code, clause.verdict) for clause in judge(profile, parse_position(columns), ref, rules)]


def verdict(profile: Profile, rules: EligibilityRules = RULES, ref: date = REF, **columns: str) -> str:
    """The verdict of the only condition printed."""
    ((_, found),) = verdicts(profile, rules, ref, **columns)
    return found


def rules(**knobs: object) -> EligibilityRules:
    return EligibilityRules.model_validate(knobs)


A, B = rules(age_reading="through_birthday_year"), rules(age_reading="until_birthday")


def test_r05_the_two_readings_are_twelve_months_apart():
    assert born_from(35, date(2013, 10, 16), "through_birthday_year") == date(1977, 10, 16)
    assert born_to(18, date(2013, 10, 16)) == date(1995, 10, 16)
    assert born_from(35, date(2020, 7, 31), "until_birthday") == date(1985, 8, 1)
    assert born_from(35, REF, "through_birthday_year") == date(1990, 3, 20)
    assert born_from(35, REF, "until_birthday") == date(1991, 3, 21)
    born = Profile(birth_date=date(1990, 9, 1))
    assert (verdict(born, A, age="35周岁以下"), verdict(born, B, age="35周岁以下")) == ("met", "not_met")


@pytest.mark.parametrize(
    ("born", "reading", "found"),
    [
        (date(1990, 3, 19), A, "not_met"), (date(1990, 3, 20), A, "met"), (date(1991, 3, 20), B, "not_met"),
        (date(1991, 3, 21), B, "met"), (date(2008, 3, 20), A, "met"), (date(2008, 3, 21), A, "not_met"),
    ],
)  # fmt: skip
def test_r05_the_edges_of_both_readings(born, reading, found):
    assert verdict(Profile(birth_date=born), reading, age="18周岁以上、35周岁以下") == found


def test_r05_printed_birth_dates_win_over_the_word_35():
    profile = Profile(birth_date=date(1990, 3, 25))
    printed = "35周岁以下（1990年3月26日及以后出生）"
    assert (verdict(profile, A, age="35周岁以下"), verdict(profile, A, age=printed)) == ("met", "not_met")


def test_r05_the_clause_tells_the_birth_dates():
    (clause,) = judge(Profile(), parse_position({"age": "18周岁以上、35周岁以下"}), REF, A)
    assert clause.text_zh == "年龄：18周岁以上、35周岁以下（1990年3月20日至2008年3月20日期间出生）"
    assert clause.text_en == "Age: 18周岁以上、35周岁以下 (born from 1990-03-20 to 2008-03-20)"
    assert (clause.verdict, clause.reason_zh, clause.source.column) == ("needs_person", "尚未填写出生日期。", "age")


def test_r06_the_reference_date_decides():
    profile = Profile(birth_date=date(1990, 3, 25))
    assert verdict(profile, A, ref=date(2026, 3, 20), age="35周岁以下") == "met"
    assert verdict(profile, A, ref=date(2026, 3, 27), age="35周岁以下") == "not_met"


@given(ref=st.dates(date(2000, 1, 1), date(2060, 12, 31)), years=st.integers(18, 60))
def test_r05_bounds_agree_with_counting_completed_years(ref, years):
    """Reading B is "has not completed more than `years`" minus one day on the birthday; A is one year kinder."""

    def completed(born: date) -> int:
        return ref.year - born.year - ((ref.month, ref.day) < (born.month, born.day))

    youngest = born_to(years, ref)
    assert completed(youngest) >= years
    assert completed(date.fromordinal(youngest.toordinal() + 1)) < years
    strict = born_from(years, ref, "until_birthday")
    assert completed(strict) < years
    kind = born_from(years, ref, "through_birthday_year")
    assert kind < strict
    assert completed(date.fromordinal(kind.toordinal() + 1)) <= years


def test_r07_the_most_favourable_band_applies_and_bands_do_not_add_up():
    printed = "38周岁以下，硕士研究生可放宽至43周岁"
    master = Profile(birth_date=date(1985, 1, 1), schooling=(MBA,))
    bachelor = Profile(birth_date=date(1985, 1, 1), schooling=(LAW,))
    assert (verdict(master, A, age=printed), verdict(bachelor, A, age=printed)) == ("met", "not_met")
    both = "35周岁以下，硕士研究生40周岁以下，副高级职称40周岁以下"
    old = Profile(birth_date=date(1984, 1, 1), schooling=(MBA,), titles=(Title(level="associate"),))
    assert verdict(old, A, age=both) == "not_met"


def test_r07_a_band_that_may_apply_goes_to_a_person():
    printed = "35周岁以下，县劳模放宽至40周岁"
    assert verdict(Profile(birth_date=date(1987, 1, 1)), A, age=printed) == "needs_person"
    assert verdict(Profile(birth_date=date(1980, 1, 1)), A, age=printed) == "not_met"


def test_r07_a_band_for_fresh_masters_asks_for_both():
    printed = "18周岁以上、30周岁以下，2026年应届硕士、博士研究生为35周岁以下"
    fresh = MBA.model_copy(update={"finished_on": date(2026, 6, 30), "degree_on": None})
    born = date(1993, 1, 1)
    judged = {
        "fresh": Profile(birth_date=born, schooling=(fresh,)),
        "long ago": Profile(birth_date=born, schooling=(MBA,)),
        "bachelor": Profile(birth_date=born, schooling=(LAW.model_copy(update={"finished_on": date(2026, 6, 30)}),)),
    }
    found = {name: dict(verdicts(profile, A, age=printed))["age"] for name, profile in judged.items()}
    assert found == {"fresh": "met", "long ago": "not_met", "bachelor": "not_met"}


@pytest.mark.parametrize(
    ("education", "stage", "found"),
    [
        ("本科及以上", LAW, "met"), ("本科及以上", MBA, "met"), ("仅限本科", LAW, "met"), ("仅限本科", MBA, "not_met"),
        ("硕士研究生及以上", LAW, "not_met"), ("大专及以上", LAW, "met"), ("本科或硕士研究生", MBA, "met"),
    ],
)  # fmt: skip
def test_r08_and_above_means_at_least_and_no_suffix_means_exactly(education, stage, found):
    assert verdict(Profile(schooling=(stage,)), education=education) == found


def test_r08_a_lower_stage_that_would_fit_goes_to_a_person():
    profile = Profile(schooling=(LAW, MBA))
    assert verdicts(profile, education="仅限本科", degree="学士") == [
        ("education", "needs_person"),
        ("degree", "needs_person"),
    ]
    assert verdicts(profile, rules(non_highest_major_allowed=True), education="仅限本科", degree="学士") == [
        ("education", "met"), ("degree", "met"),
    ]  # fmt: skip


def test_r08_the_major_of_the_highest_stage_counts_unless_the_knob_allows_another():
    profile = Profile(schooling=(LAW, MBA))
    columns = {"education": "本科及以上", "major": "本科：法学类（0301）；研究生：法学（0301）"}
    assert verdicts(profile, **columns) == [("education", "met"), ("major", "not_met")]
    assert verdicts(profile, rules(non_highest_major_allowed=True), **columns) == [
        ("education", "met"),
        ("major", "met"),
    ]


def test_r08_education_degree_and_major_come_from_one_stage():
    """Law from the bachelor stage and the master's degree of another field do not add up to a master of law."""
    columns = {"education": "硕士研究生及以上", "major": "法学（0301）"}
    found = verdicts(Profile(schooling=(LAW, MBA)), rules(non_highest_major_allowed=True), **columns)
    assert "not_met" in dict(found).values()


def test_r08_full_time_is_a_condition_of_its_own():
    part_time, unknown = (LAW.model_copy(update={"full_time": value}) for value in (False, None))
    assert verdict(Profile(schooling=(part_time,)), education="全日制本科及以上") == "not_met"
    assert verdict(Profile(schooling=(unknown,)), education="全日制本科及以上") == "needs_person"


def graduate(code: str, name: str = "某专业", **facts: object) -> Schooling:
    return MBA.model_copy(update={"major_code": code, "major": name, **facts})


@pytest.mark.parametrize(
    ("requirement", "code", "found"),
    [
        ("计算机科学与技术（0812）", "081203", "met"), ("工学（08）", "081203", "met"), ("工学（08）", "085404", "met"),
        ("计算机科学与技术（0812）", "085404", "not_met"),
        ("计算机科学与技术（0812）；计算机技术（085404）", "085404", "met"),
        ("法学（0301）", "030105", "met"), ("民商法学（030105）", "030106", "not_met"),
    ],
)  # fmt: skip
def test_r09_majors_match_by_the_first_digits_of_their_code(requirement, code, found):
    assert verdict(Profile(schooling=(graduate(code),)), major=f"研究生：{requirement}") == found


def test_r09_letters_after_a_code_do_not_matter_and_an_exact_name_counts():
    printed = "本科：会计学（120203K）"
    coded = LAW.model_copy(update={"major": "财会", "major_code": "120203"})
    named = LAW.model_copy(update={"major": "会计学", "major_code": ""})
    assert verdict(Profile(schooling=(coded,)), major=printed) == "met"
    assert verdict(Profile(schooling=(named,)), major=printed) == "met"


def test_r09_a_class_narrowed_to_names():
    printed = "研究生：应用经济学（0202，仅限金融学）"
    assert verdict(Profile(schooling=(graduate("020204", "金融学"),)), major=printed) == "met"
    assert verdict(Profile(schooling=(graduate("020206", "国际贸易学"),)), major=printed) == "not_met"
    assert verdict(Profile(schooling=(graduate("0202", "应用经济学"),)), major=printed) == "needs_person"


def test_r10_what_no_catalogue_knows_is_never_rejected_by_machine():
    printed = "本科：法学类（0301）"
    nursing = {"major_code": "101101", "major": "护理学"}
    for facts in (
        {"major_code": "", "major": "法律事务管理"},
        {"major_code": "990101", "self_set_major": True},
        {"major_code": "990101", "kind": "overseas"},
        {"major_code": "101101", "major": "法学"},
    ):
        assert verdict(Profile(schooling=(LAW.model_copy(update=facts),)), major=printed) == "needs_person"
    assert verdict(Profile(schooling=(LAW.model_copy(update=nursing),)), major=printed) == "not_met"


def test_r10_a_name_is_looked_up_in_the_catalogue():
    class Small:
        name = "small"

        def codes(self, major: str, group: str) -> tuple[str, ...]:
            return {("知识产权", "bachelor"): ("030102T",), ("护理学", "bachelor"): ("101101",)}.get((major, group), ())

    (condition,) = parse_position({"major": "本科：法学类（0301）"}).conditions
    found = {
        name: judge_major(condition, LAW.model_copy(update={"major": name, "major_code": ""}), Small()).verdict
        for name in ("知识产权", "护理学", "法律事务管理")
    }
    assert found == {"知识产权": "met", "护理学": "not_met", "法律事务管理": "needs_person"}


EMPLOYED_2024 = Profile(
    schooling=(LAW.model_copy(update={"finished_on": date(2024, 6, 30)}),),
    works=(WorkPeriod(start="2024-07", end="2025-12"),),
    employed_now=False, ever_placed=True, ever_established=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("definition", "window", "found"),
    [
        ("year", 0, "not_met"), ("year_window", 2, "met"), ("unemployed", 2, "met"), ("unplaced", 2, "needs_person"),
        ("no_staff_job", 1, "not_met"),
    ],
)  # fmt: skip
def test_r11_five_definitions_of_a_fresh_graduate(definition, window, found):
    assert fresh_status(EMPLOYED_2024, definition, window, date(2026, 3, 20)).verdict == found


def test_r11_the_same_person_a_year_later():
    later = EMPLOYED_2024.model_copy(update={"schooling": (LAW.model_copy(update={"finished_on": date(2025, 6, 30)}),)})
    assert fresh_status(later, "no_staff_job", 1, date(2026, 3, 20)).verdict == "met"


def test_r11_placed_now_is_not_fresh_and_unknown_goes_to_a_person():
    placed = EMPLOYED_2024.model_copy(update={"employed_now": True})
    unknown = EMPLOYED_2024.model_copy(update={"ever_placed": None, "employed_now": None})
    assert fresh_status(placed, "unplaced", 2, REF).verdict == "not_met"
    assert fresh_status(unknown, "unplaced", 2, REF).verdict == "needs_person"
    assert fresh_status(Profile(), "unplaced", 2, REF).verdict == "needs_person"


def test_r11_a_printed_year_is_asked_for_and_another_fresh_year_left_to_a_person():
    def graduating(year: int) -> Profile:
        stage = LAW.model_copy(update={"finished_on": date(year, 1, 15), "degree_on": None})
        return Profile(schooling=(stage,), ever_placed=False, employed_now=False)

    found = {year: verdict(graduating(year), other="2026年应届毕业生") for year in (2026, 2025, 2020)}
    assert found == {2026: "met", 2025: "needs_person", 2020: "not_met"}


def test_r12_a_certificate_after_its_deadline():
    limit, end_of_year = date(2026, 7, 31), date(2026, 12, 31)
    stage = LAW.model_copy(update={"finished_on": date(2026, 7, 1), "degree_on": date(2026, 8, 5)})
    assert certificates_in_time(stage, limit, limit).verdict == "not_met"
    assert certificates_in_time(stage, limit, end_of_year).verdict == "met"
    assert (
        certificates_in_time(stage.model_copy(update={"finished_on": date(2026, 8, 1)}), limit, end_of_year).verdict
        == "not_met"
    )
    assert certificates_in_time(stage.model_copy(update={"finished_on": None}), limit, limit).verdict == "needs_person"


def test_r12_is_a_clause_only_for_those_who_have_not_graduated():
    later = LAW.model_copy(update={"finished_on": date(2026, 8, 1), "degree_on": None})
    assert verdicts(Profile(schooling=(later,))) == [("certificates_in_time", "not_met")]
    assert verdicts(Profile(schooling=(LAW,))) == []


def test_r13_months_are_inclusive_and_counted_once():
    first = WorkPeriod(start="2023-07", end="2024-03")
    second = WorkPeriod(start="2024-06", end="2025-09")
    assert work_months([WorkPeriod(start="2024-10", end="2025-09")], "2026-03") == 12
    assert work_months([first, second], "2026-03") == 25
    assert work_months([first, second, WorkPeriod(start="2024-01", end="2024-08")], "2026-03") == 27
    assert verdict(Profile(works=(first, second)), work_years="2年以上工作经历") == "met"


def test_r13_study_and_internships_do_not_count_and_the_cut_off_does():
    study = WorkPeriod(start="2020-01", end="2022-12", kind="study")
    intern = WorkPeriod(start="2023-01", end="2023-06", kind="internship")
    open_end = WorkPeriod(start="2025-01")
    assert work_months([study, intern, open_end], "2025-12") == 12
    assert work_months([study, intern, open_end], "2025-12", internships=True) == 18


def test_r13_grassroots_years_need_grassroots_work():
    def working(grassroots: bool | None) -> Profile:
        return Profile(works=(WorkPeriod(start="2020-01", grassroots=grassroots),))

    printed = "具有两年以上基层工作经历"
    found = {value: verdict(working(value), work_years=printed) for value in (True, None, False)}
    assert found == {True: "met", None: "needs_person", False: "not_met"}


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("限男性", {"sex": "male"}, "met"), ("限男性", {"sex": "female"}, "not_met"),
        ("适合男性", {"sex": "female"}, "needs_person"),
        ("中共党员", {"party": "member"}, "met"), ("中共党员", {"party": "none"}, "not_met"),
        ("若是民主党派成员仅限民革党员", {"party": "none"}, "met"),
        ("若是民主党派成员仅限民革党员", {"party": "democratic", "democratic_party": "民盟"}, "not_met"),
        ("限滑县户籍或生源", {"household": "甲省乙市丙县", "origin": "甲省安阳市滑县"}, "met"),
        ("限滑县户籍", {"household": "甲省乙市丙县"}, "not_met"),
        ("限滑县户籍或生源", {"household": "甲省乙市丙县"}, "needs_person"),
        ("取得《法律职业资格证书》A证", {"certificates": ("法律职业资格证A证",)}, "met"),
        ("取得《法律职业资格证书》A证", {"certificates": ("法考证书",)}, "needs_person"),
        ("取得《法律职业资格证书》A证", {"certificates": ()}, "not_met"),
        ("具有中级及以上职称", {"titles": (Title(level="associate"),)}, "met"),
        ("具有中级及以上职称", {"titles": ()}, "not_met"),
        ("服务基层项目人员", {"groups": ("service_project",)}, "met"), ("退役士兵", {"groups": ()}, "not_met"),
        ("高校毕业生退役士兵", {"groups": ("veteran",)}, "needs_person"),
        ("具有正常履行职责的身体条件和心理素质", {}, "needs_person"), ("身高170厘米以上", {}, "needs_person"),
    ],
)  # fmt: skip
def test_other_conditions(text, facts, found):
    assert verdict(Profile.model_validate(facts), other=text) == found


def test_two_certificates_of_one_sentence_are_judged_apart():
    held = Profile(certificates=("执业医师资格",))
    assert verdicts(held, other="具有执业医师资格且具有护士执业资格") == [
        ("certificate", "met"), ("certificate", "needs_person"),
    ]  # fmt: skip


def test_an_empty_profile_is_never_judged_not_met():
    for row in HENAN_LIKE:
        assert overall(judge(Profile(), parse_position(row), REF)) == "needs_person"


def test_every_printed_condition_has_a_clause_with_source_and_reason_in_both_languages():
    for row in HENAN_LIKE:
        conditions = parse_position(row)
        clauses = judge(Profile(schooling=(LAW,)), conditions, REF)
        assert len(clauses) == len(conditions.conditions) + len(conditions.not_understood)
        for clause in clauses:
            assert clause.source.text in row[clause.source.column]
            for language in ("zh", "en"):
                shown = clause.to_json(language)
                assert set(shown) == {"code", "text", "verdict", "reason", "source"}
                assert all(shown.values())


def test_one_judge_gives_the_same_clauses_as_judging_alone():
    profile = Profile(birth_date=date(1994, 1, 1), sex="female", schooling=(LAW, MBA))
    judge_of_many = Judge(profile, REF, RULES)
    for row in (*HENAN_LIKE, *HENAN_LIKE):
        conditions = parse_position(row)
        assert judge_of_many.clauses(conditions) == judge(profile, conditions, REF, RULES)


def test_r14_every_no_lets_the_person_submit():
    assert judge_declarations(dict.fromkeys(DECLARATIONS, False)).may_submit
    assert judge_declarations(dict.fromkeys(DECLARATIONS, False)).clauses == ()


@pytest.mark.parametrize("question", DECLARATIONS)
def test_r14_any_yes_or_missing_answer_blocks_and_unsure_goes_to_a_person(question):
    answers: dict[str, bool | None] = dict.fromkeys(DECLARATIONS, False)
    yes = judge_declarations(answers | {question: True})
    unsure = judge_declarations(answers | {question: None})
    missing = judge_declarations({name: answer for name, answer in answers.items() if name != question})
    assert [(found.may_submit, [(c.code, c.verdict) for c in found.clauses]) for found in (yes, unsure, missing)] == [
        (False, [(question, "not_met")]), (True, [(question, "needs_person")]), (False, [(question, "not_met")]),
    ]  # fmt: skip


def test_r14_an_answer_to_no_question_is_an_error():
    with pytest.raises(ValueError, match="no such declaration: tall"):
        judge_declarations({"tall": True})


def test_with_bounds_keeps_printed_dates():
    (condition,) = parse_position({"age": "35周岁以下（1990年3月26日及以后出生）"}).conditions
    assert with_bounds(condition, REF, "until_birthday").born_from == date(1990, 3, 26)


def test_r05_the_printed_bounds_of_cixi_2012():
    assert born_from(35, date(2012, 4, 12), "through_birthday_year") == date(1976, 4, 12)
    assert born_to(18, date(2012, 4, 12)) == date(1994, 4, 12)


DOCTOR = MBA.model_copy(update={"level": "doctor", "degree": "doctor"})


@pytest.mark.parametrize(
    ("printed", "who", "oldest"),
    [
        ("35周岁以下，硕士、博士研究生放宽至40周岁", {"schooling": (MBA,)}, 40),
        ("35周岁以下，硕士、博士研究生放宽至40周岁", {"schooling": (DOCTOR,)}, 40),
        ("35周岁以下，硕士、博士研究生放宽至40周岁", {"schooling": (LAW,)}, 35),
        ("38周岁以下，硕士研究生或副高级职称放宽至43周岁", {"titles": (Title(level="associate"),)}, 43),
        ("38周岁以下，硕士研究生或副高级职称放宽至43周岁", {"schooling": (MBA,)}, 43),
        ("38周岁以下，中级职称放宽至40周岁，副高级职称放宽至45周岁，正高级职称放宽至50周岁",
         {"titles": (Title(level="intermediate"),)}, 40),
        ("38周岁以下，中级职称放宽至40周岁，副高级职称放宽至45周岁，正高级职称放宽至50周岁",
         {"titles": (Title(level="associate"),)}, 45),
        ("38周岁以下，中级职称放宽至40周岁，副高级职称放宽至45周岁，正高级职称放宽至50周岁",
         {"titles": (Title(level="senior"),)}, 50),
        ("30周岁以下，硕士研究生35周岁以下，博士研究生45周岁以下", {"schooling": (MBA,)}, 35),
        ("30周岁以下，硕士研究生35周岁以下，博士研究生45周岁以下", {"schooling": (DOCTOR,)}, 45),
    ],
)  # fmt: skip
def test_r07_the_bands_seen_in_announcements(printed, who, oldest):
    """35→40 for masters and doctors, 38→43 (Suiyang), 38/40/45/50 by title (Haidian), 35 and 45 (Xianning)."""
    limit = born_from(oldest, REF, "through_birthday_year")
    born = (limit, date.fromordinal(limit.toordinal() - 1))
    assert [verdict(Profile(birth_date=day, **who), A, age=printed) for day in born] == ["met", "not_met"]


def test_r07_a_master_of_41_passes_where_a_bachelor_of_41_does_not():
    printed = "38周岁以下，硕士研究生可放宽至43周岁"
    born = date(REF.year - 41, 1, 1)
    judged = [verdict(Profile(birth_date=born, schooling=(stage,)), A, age=printed) for stage in (MBA, LAW)]
    assert judged == ["met", "not_met"]


@pytest.mark.parametrize(
    ("diploma", "degree", "finished", "awarded", "found"),
    [
        ("07-31", "12-31", date(2026, 7, 31), date(2026, 12, 31), "met"),
        ("07-31", "12-31", date(2026, 8, 1), date(2026, 12, 31), "not_met"),
        ("07-31", "07-31", date(2026, 7, 1), date(2026, 8, 5), "not_met"),
        ("09-30", "09-30", date(2026, 9, 30), date(2026, 9, 30), "met"),
        ("09-30", "09-30", date(2026, 9, 30), date(2026, 10, 1), "not_met"),
        ("12-31", "12-31", date(2026, 12, 31), date(2026, 12, 31), "met"),
    ],
)
def test_r12_the_two_deadlines_seen_in_announcements(diploma, degree, finished, awarded, found):
    """Xianning: diploma in July, degree in December; Hangzhou: both in September; Pengzhou: both in December."""
    stage = LAW.model_copy(update={"finished_on": finished, "degree_on": awarded})
    own = rules(diploma_deadline=diploma, degree_deadline=degree)
    assert verdicts(Profile(schooling=(stage,)), own) == [("certificates_in_time", found)]
