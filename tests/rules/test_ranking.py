"""R66–R68: ranks, ties, the last place."""

from decimal import Decimal

import pytest

from rulebook.explanation import RuleError
from rulebook.ranking import Entry, competition_ranks, goes_on, list_places, rank, select_top
from rulebook.ruleset import RankingRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.total import total

D = Decimal
NO_CHAIN = RankingRules()


def ranks(people: list[Entry], rules: RankingRules, headcount: int | None = None) -> dict[str, tuple[int, bool]]:
    return {place.key: (place.rank, place.extra_test_required) for place in rank(people, rules, headcount).places}


def test_r66_competition_ranks_leave_a_gap_after_a_tie() -> None:
    assert competition_ranks([D(72), D(71), D(71), D(71), D(70)]) == [1, 2, 2, 2, 5]
    assert competition_ranks([D(70), D("71.0"), D(71), D(72), D("71.00")]) == [5, 2, 2, 1, 2]


def test_r66_equal_marks_written_differently_share_a_rank() -> None:
    people = [Entry("a", D("71.0")), Entry("b", D("71.00"))]
    assert {place for place, _ in ranks(people, NO_CHAIN).values()} == {1}


A, B = ("75.5", "101"), ("75.5", "104")


def tied(first: dict[str, str], second: dict[str, str]) -> list[Entry]:
    return [
        Entry("A", D("78.95"), {name: D(value) for name, value in first.items()}),
        Entry("B", D("78.95"), {name: D(value) for name, value in second.items()}),
    ]


def test_r67_the_worked_example_is_possible_with_the_corrected_second_paper() -> None:
    parts = {"written": D("75.5"), "interview": D("82.4")}
    assert total(parts, COUNTY_EXAM.total).value == D("78.95")
    assert (D(101) + D("125.5")) / 3 == (D(104) + D("122.5")) / 3 == D("75.5")


def test_r67_written_then_aptitude_puts_b_first() -> None:
    people = tied(
        {"written": "75.5", "职测": "101", "综应": "125.5"}, {"written": "75.5", "职测": "104", "综应": "122.5"}
    )
    assert ranks(people, RankingRules(tie_chain=("written", "职测"))) == {"B": (1, False), "A": (2, False)}


def test_r67_written_then_applied_puts_a_first() -> None:
    people = tied(
        {"written": "75.5", "职测": "101", "综应": "125.5"}, {"written": "75.5", "职测": "104", "综应": "122.5"}
    )
    assert ranks(people, RankingRules(tie_chain=("written", "综应"))) == {"A": (1, False), "B": (2, False)}
    printed = tied({"written": "75.5", "综应": "104"}, {"written": "75.5", "综应": "101"})
    assert ranks(printed, RankingRules(tie_chain=("written", "综应"))) == {"A": (1, False), "B": (2, False)}


@pytest.mark.parametrize(
    ("chain", "first"),
    [
        (("written", "interview", "extra_test"), "A"),
        (("interview", "written"), "B"),
        (("written", "education", "fresh_graduate"), "A"),
        (("education", "martyr_child", "veteran", "outstanding_graduate", "title"), "B"),
    ],
)
def test_r67_the_first_link_that_differs_decides(chain: tuple[str, ...], first: str) -> None:
    a = {"written": "76", "interview": "81.9", "education": "2", "fresh_graduate": "0", "martyr_child": "0"}
    b = {"written": "75", "interview": "82.9", "education": "2", "fresh_graduate": "1", "martyr_child": "1"}
    assert rank(tied(a, b), RankingRules(tie_chain=chain)).places[0].key == first


def test_r67_an_exhausted_chain_asks_for_an_extra_test_and_never_draws() -> None:
    people = tied({"written": "75.5"}, {"written": "75.5"})
    assert ranks(people, RankingRules(tie_chain=("written",))) == {"A": (1, True), "B": (1, True)}


def test_r67_the_extra_test_decides_once_it_was_held() -> None:
    people = tied({"written": "75.5", "extra_test": "60"}, {"written": "75.5", "extra_test": "61"})
    assert ranks(people, RankingRules(tie_chain=("written", "extra_test"))) == {"B": (1, False), "A": (2, False)}


def test_r67_a_value_missing_for_one_of_the_tied_is_never_guessed() -> None:
    people = tied({"职测": "101"}, {})
    assert ranks(people, RankingRules(tie_chain=("职测",))) == {"A": (1, True), "B": (1, True)}


def test_r67_a_chain_splits_a_group_of_three_step_by_step() -> None:
    people = [
        Entry("a", D(80), {"written": D(70), "职测": D(100)}),
        Entry("b", D(80), {"written": D(71), "职测": D(90)}),
        Entry("c", D(80), {"written": D(70), "职测": D(101)}),
    ]
    assert ranks(people, RankingRules(tie_chain=("written", "职测"))) == {
        "b": (1, False),
        "c": (2, False),
        "a": (3, False),
    }


def test_r67_the_reason_names_the_link_that_decided() -> None:
    people = tied({"written": "75.5", "职测": "101"}, {"written": "75.5", "职测": "104"})
    first, second = rank(people, RankingRules(tie_chain=("written", "职测"))).places
    assert first.explanation.text("zh") == "成绩78.95并列，按职测区分，第1名"
    assert second.explanation.text("en") == "mark 78.95 tied, decided by 职测, place 2"


FOUR = [Entry("a", D(80)), Entry("b", D(79)), Entry("c", D(79)), Entry("d", D(70))]


@pytest.mark.parametrize(
    ("headcount", "chosen", "waiting"),
    [
        (1, ("a",), ()),
        (2, ("a",), ("b", "c")),
        (3, ("a", "b", "c"), ()),
        (4, ("a", "b", "c", "d"), ()),
        (9, ("a", "b", "c", "d"), ()),
    ],
)
def test_r68_only_a_tie_across_the_last_place_needs_deciding(
    headcount: int, chosen: tuple[str, ...], waiting: tuple[str, ...]
) -> None:
    top = select_top(rank(FOUR, NO_CHAIN), headcount, NO_CHAIN)
    assert (top.chosen, top.extra_test) == (chosen, waiting)
    flagged = {key for key, (_, extra) in ranks(FOUR, NO_CHAIN, headcount).items() if extra}
    assert flagged == set(waiting)


def test_r68_a_surplus_list_takes_more() -> None:
    rules = RankingRules(surplus_ratio=D("1.2"))
    people = [Entry(str(i), D(90 - i)) for i in range(9)]
    assert len(select_top(rank(people, rules), 5, rules).chosen) == list_places(5, rules) == 6
    places = rank(people, rules, list_places(5, rules)).places
    assert [bool(goes_on(place, 5, rules)) for place in places] == [True] * 6 + [False] * 3
    assert goes_on(places[6], 5, rules).explanation.text("en") == (
        "5 to hire, places 1 to 6 go on to the next step: place 7 does not"
    )


def test_people_without_a_value_are_listed_apart() -> None:
    ranking = rank([Entry("b", None), Entry("a", D(1)), Entry("c", None)], NO_CHAIN)
    assert ([place.key for place in ranking.places], ranking.unranked) == (["a"], ("b", "c"))


def test_a_person_twice_is_refused() -> None:
    with pytest.raises(RuleError):
        rank([Entry("a", D(1)), Entry("a", D(1))], NO_CHAIN)


def test_r67_a_paper_with_a_latin_name_decides_and_is_named() -> None:
    people = tied({"PAT": "60"}, {"PAT": "61"})
    first, _ = rank(people, RankingRules(tie_chain=("PAT",))).places
    assert first.explanation.text("zh") == "成绩78.95并列，按PAT区分，第1名"
    by_word = rank(tied({"education": "1"}, {"education": "2"}), RankingRules(tie_chain=("education",))).places[0]
    assert by_word.explanation.text("zh") == "成绩78.95并列，按学历层次区分，第1名"


PRINTED_CHAINS = {
    "interview, then an extra test": ("written", "interview", "extra_test"),
    "Meishan, Liupanshui": ("written", "职测", "extra_test"),
    "Guizhou": ("written", "职测", "综应"),
    "Suizhou": ("written", "综应", "extra_test", "preference"),
    "Suzhou": ("written", "extra_test"),
    "Hangzhou": ("written", "structured_interview", "extra_test"),
    "Zhenjiang": ("interview",),
    "Heze": ("written", "education", "fresh_graduate", "special"),
    "a Yunnan health notice": (
        "original", "martyr_child", "veteran", "outstanding_graduate", "title", "education", "extra_test",
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PRINTED_CHAINS)
def test_r67_every_chain_seen_can_be_set_and_its_last_link_decides(place: str) -> None:
    chain = PRINTED_CHAINS[place]
    rules = COUNTY_EXAM.replaced(ranking=RankingRules(tie_chain=chain)).ranking
    equal = dict.fromkeys(chain[:-1], "1")
    people = tied({**equal, chain[-1]: "1"}, {**equal, chain[-1]: "2"})
    assert ranks(people, rules) == {"B": (1, False), "A": (2, False)}
    first = rank(people, rules).places[0].explanation
    assert "_" not in first.text("en") + first.text("zh")


def test_r66_is_not_dense() -> None:
    assert competition_ranks([D(72), D(71), D(71), D(71), D(70)])[-1] != 3
