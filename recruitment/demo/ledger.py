"""The units' own posts beside the envelope: who is on board, what is promised, who will leave, and two comparisons."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from io import StringIO

from django.utils import timezone

from accounts.models import Unit, User
from campaigns.establishment.domain import (
    close_reconciliation,
    commit_posts,
    compare_ledgers,
    decide_rows,
    plan_exit,
    register_unit_posts,
)
from campaigns.establishment.enums import Channel, Decision, ExitReason, RowKind, SlotState, SlotType
from campaigns.establishment.models import EstablishedPost, Reconciliation
from recruitment.demo.clock import at
from recruitment.demo.county import County, days_ago
from recruitment.demo.words import CIVIL_POSTS, OWN_POSTS

COMPARED = ("OTH01", "OTH04")
PROMISES = (("HEA01", Channel.VETERAN, 3), ("EDU01", Channel.SELECTED, 2), ("AGR01", Channel.TRANSFER_IN, 1))
# Days after the posts were entered, 230 days before today: all of them lie ahead, within a year.
EXITS = (("HEA01", 290, 2), ("EDU01", 380, 1), ("HEA02", 530, 1))


def own_posts(county: County) -> None:
    """Posts with their incumbents, promises to other channels, exits to come, first comparisons that are closed."""
    posts, units = county.who("posts"), {unit.code: unit for unit in (*county.units, *county.departments.values())}
    today = timezone.localdate()
    for figures, slot_type in ((OWN_POSTS, SlotType.INSTITUTION), (CIVIL_POSTS, SlotType.CIVIL_SERVICE)):
        for code, (authorised, on_board) in figures.items():
            register_unit_posts(
                actor=posts, unit=units[code], authorised=authorised, on_board=on_board, recorded_on=today,
                document=f"云编〔{today.year - 1}〕8号", slot_type=slot_type,
            )  # fmt: skip
    for code, channel, count in PROMISES:
        document = f"云编函〔{today.year}〕{count}号"
        commit_posts(actor=posts, unit=units[code], channel=channel, count=count, document=document)
    _exits(posts, units)
    for number, code in enumerate(COMPARED):
        rows = [(f"YX{code}{n:04d}", units[code].name) for n in range(1, OWN_POSTS[code][1] + 1)]
        first = _compare(posts, county.root, rows, f"{units[code].name}实名制台账.csv", today - timedelta(days=number))
        _follow(posts, first)
        close_reconciliation(actor=posts, reconciliation=first)


def _exits(posts: User, units: dict[str, Unit]) -> None:
    for code, days, count in EXITS:
        used = EstablishedPost.objects.filter(unit=units[code], state=SlotState.USED, envelope=None).order_by("code")
        for post in used[:count]:
            plan_exit(
                actor=posts, post=post, expected_on=timezone.localdate(days_ago(-days)), reason_code=ExitReason.RETIRED,
                document="退休预告1号",
            )  # fmt: skip


def half_decided(county: County) -> None:
    """The newest comparison: most people agree, two rows were decided, and three wait for a decision."""
    posts, units = county.who("posts"), {unit.code: unit for unit in county.units}
    library, archive = (units[code] for code in COMPARED)
    used = EstablishedPost.objects.filter(unit__in=[library, archive], state=SlotState.USED).exclude(ledger_number="")
    people = dict(used.order_by("ledger_number").values_list("ledger_number", "unit__name"))
    own = [number for number in people if number.startswith("YX")]
    retired, left, moved = own[0], own[1], own[-1]
    rows = [(number, name) for number, name in people.items() if number not in (retired, left, moved)]
    rows += [(moved, library.name), ("YX202600001", library.name), ("YX202600002", archive.name)]
    with at(days_ago(3)):
        day = timezone.localdate() - timedelta(days=1)
        found = _compare(posts, county.root, rows, "文旅系统实名制台账.csv", day)
    with at(days_ago(2)):
        decide_rows(
            actor=posts, rows=found.rows.filter(ledger_number="YX202600001"), decision=Decision.THEIRS,
            reason="调入手续已办结，补登记", document="云编入〔调〕6号",
        )  # fmt: skip
        decide_rows(
            actor=posts, rows=found.rows.filter(ledger_number=retired), decision=Decision.NOTED,
            reason="退休手续办理中，待批复后下编",
        )  # fmt: skip


def _compare(posts: User, root: Unit, rows: Iterable[tuple[str, str]], name: str, day: date) -> Reconciliation:
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(["实名制编号", "单位名称"])
    writer.writerows(rows)
    return compare_ledgers(actor=posts, unit=root, content=stream.getvalue().encode(), file_name=name, as_on=day)


def _follow(posts: User, found: Reconciliation) -> None:
    """Write the official numbers on the posts of people who had none here."""
    decide_rows(
        actor=posts, rows=found.rows.filter(kind=RowKind.DIFFERENT), decision=Decision.THEIRS,
        reason="首次比对，登记实名制编号", document="云编核对1号",
    )  # fmt: skip
