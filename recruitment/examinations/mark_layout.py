"""The columns of a sheet of marks: one for each paper of the rules, or one row for each paper."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.tables.layout import Field, TableLayout
from recruitment.examinations.models import MarkKind
from rulebook.ruleset import RuleSet

INTERVIEW = "interview"
EXTRA_TEST = "extra_test"
PAPER = "paper:"
OWN_NAMES = {
    INTERVIEW: ("面试成绩", "面试", "面试分数", "interview mark"),
    EXTRA_TEST: ("加试成绩", "加试", "加试分数", "extra test mark"),
}
# Where an interview mark was given, the panel's vote on a person without competition (R62), and the sign-off (R63).
SITTING = (
    Field("panel", gettext_lazy("interview panel"), ("考官组", "面试考官组", "面试室", "panel")),
    Field("session", gettext_lazy("session"), ("场次", "面试场次", "面试日期", "session")),
    Field("votes", gettext_lazy("judges in favour"), ("同意票数", "同意票", "赞成票数", "judges in favour")),
    Field("judges", gettext_lazy("judges"), ("考官人数", "judges")),
    Field("signed", gettext_lazy("signed by the candidate"), ("考生签字", "本人签字", "签字确认", "signed")),
    Field(
        "refusal",
        gettext_lazy("refusal to sign noted by"),
        ("拒签记录人", "拒签监督员", "refusal noted by"),
    ),
)


def paper_name(paper: str) -> str:
    """What a person reads for a paper: its own name, or the word for interview and extra test."""
    return {INTERVIEW: _("Interview mark"), EXTRA_TEST: _("Extra test")}.get(paper, paper)


def full_marks(kind: str, rules: RuleSet) -> dict[str, Decimal]:
    """Paper → the most it can give. The interview and the extra test count as one paper of their kind."""
    if kind == MarkKind.INTERVIEW:
        return {INTERVIEW: rules.interview.mark_max}
    if kind == MarkKind.EXTRA_TEST:
        return {EXTRA_TEST: rules.ranking.extra_test_full_mark}
    return {paper.name: paper.full_mark for paper in rules.written.papers}


def mark_layout(kind: str, rules: RuleSet) -> TableLayout:
    """A layout whose fields are the ticket number, the position code, and a column for each paper."""
    papers = [Field(PAPER + name, name, OWN_NAMES.get(name) or _spellings(name)) for name in full_marks(kind, rules)]
    return TableLayout(
        name="marks",
        fields=(
            Field(
                "ticket", gettext_lazy("ticket number"), ("准考证号", "准考证", "考号", "ticket number"), required=True
            ),
            Field("position", gettext_lazy("position code"), ("职位代码", "岗位代码", "岗位编码", "position code")),
            Field("subject", gettext_lazy("paper"), ("科目", "科目名称", "科目代码", "paper")),
            Field("score", gettext_lazy("mark"), ("原始分", "分数", "得分", "mark")),
            Field("status", gettext_lazy("status"), ("状态", "考试状态", "status")),
            *papers,
            *(SITTING if kind == MarkKind.INTERVIEW else ()),
        ),
    )


def _spellings(name: str) -> tuple[str, ...]:
    return tuple(f"{name}{ending}" for ending in ("", "成绩", "分数", "原始分", "得分"))
