"""The press: two persons, one moment, nothing readable before it, nothing changed after it."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Application
from recruitment.publications import domain as press
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication, PublicationEntry, PublicationKind
from recruitment.publications.queries import embargoed_moves, released, visible_to
from recruitment.publications.seal import GENESIS, breaches, canonical
from tests.applicants import id_number

pytestmark = pytest.mark.django_db
COLUMNS = [{"code": "ticket", "label": "准考证号"}, {"code": "written", "label": "笔试成绩"}]


@pytest.fixture
def draft(exam):
    def make(**fields):
        values = {
            "actor": exam.clerk,
            "campaign": exam.campaign,
            "kind": PublicationKind.SCORES,
            "title": "笔试成绩",
            "columns": COLUMNS,
            "rows": [["05115010101", "80.00"]],
        }
        return press.prepare(**{**values, **fields})

    return make


def problems(publication):
    return [(one.row, one.column) for one in problems_of(publication)]


def test_nobody_reads_a_list_before_its_release_but_the_release_team_and_auditors(exam, draft, staff):
    publication = draft()
    press.review(actor=exam.second, publication=publication)
    assert list(released()) == []
    readers = [exam.clerk, exam.office, staff("auditor")]
    others = [exam.posts, exam.medical, staff("unit_hr"), staff("leader"), staff()]
    assert [list(visible_to(person)) for person in readers] == [[publication]] * 3
    assert [list(visible_to(person)) for person in others] == [[]] * 5
    press.release(actor=exam.second, publication=publication)
    assert list(released()) == [publication]


def test_the_person_who_prepared_a_list_does_not_review_it(exam, draft):
    publication = draft(actor=exam.office)
    with pytest.raises(NotAllowed):
        press.review(actor=exam.office, publication=publication)
    with pytest.raises(NotAllowed):
        press.review(actor=exam.clerk, publication=publication)
    with pytest.raises(Refused):
        press.release(actor=exam.second, publication=publication)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(reviewed_by=exam.office)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"rows": [["05115010101", "80.00"], [id_number(7), "70"]]}, [(2, "准考证号")]),
        ({"rows": [["05115010101", f"见{id_number(7)}。"]]}, [(1, "笔试成绩")]),
        ({"rows": [["05115010101", "13912345678"]]}, [(1, "笔试成绩")]),
        ({"title": f"关于{id_number(7)}的成绩"}, [(0, "")]),
        ({"intro": "电话 13912345678"}, [(0, "")]),
        ({"columns": [COLUMNS[0], {"code": "name", "label": "姓名"}]}, [(0, "姓名")]),
        ({"kind": "proposed_hires", "columns": [COLUMNS[0], {"code": "phone", "label": "电话"}]}, [(0, "电话")]),
        ({"kind": "proposed_hires", "columns": [COLUMNS[0], {"code": "name", "label": "姓名"}]}, []),
        ({}, []),
    ],
)
def test_a_list_with_personal_data_stays_inside_and_says_where_it_is(exam, draft, change, where):
    publication = draft(**change)
    assert problems(publication) == where
    if where:
        with pytest.raises(Refused) as caught:
            press.review(actor=exam.second, publication=publication)
        assert caught.value.code == "gate"
        assert id_number(7) not in caught.value.message
    else:
        press.review(actor=exam.second, publication=publication)


def test_a_person_on_no_earlier_list_keeps_the_list_from_going_out(exam, draft, position):
    first, stranger = exam.enter(position, 2)
    exam.put_out(draft(kind=PublicationKind.SHORTLIST, entries={1: first.pk}))
    two = [["05115010101", "80.00"], ["05115010102", "70.00"]]
    publication = draft(kind=PublicationKind.TOTALS, rows=two, entries={1: first.pk, 2: stranger.pk})
    assert [(one.row, stranger.registration_no in one.message) for one in problems_of(publication)] == [(2, True)]


def test_each_seal_covers_the_list_and_the_seal_before(exam, draft):
    first, second = exam.put_out(draft()), exam.put_out(draft(title="更正"))
    assert (first.sequence, first.previous_digest) == (1, GENESIS)
    assert (second.sequence, second.previous_digest) == (2, first.digest)
    for row in (first, second):
        row = Publication.objects.get(pk=row.pk)
        assert hashlib.sha256(f"{row.previous_digest}\n{canonical(row)}".encode()).hexdigest() == row.digest
    call_command("verify_publications")


def test_a_released_list_can_only_be_withdrawn(exam, draft, position):
    (person,) = exam.enter(position, 1)
    row = exam.put_out(draft(entries={1: person.pk}))
    rows = Publication.objects.filter(pk=row.pk)
    entry = PublicationEntry.objects.filter(publication=row)
    acts = [
        lambda: rows.update(rows=[["05115010101", "99.00"]]),
        lambda: rows.update(title="别的"),
        lambda: rows.update(state="draft"),
        lambda: rows.update(notice_ends_at=timezone.now()),
        lambda: rows.update(sequence=None),
        lambda: rows.update(state="withdrawn", digest="0"),
        lambda: PublicationEntry.objects.create(publication=row, application=person, row=2),
        lambda: entry.update(row=9),
        lambda: entry.delete(),
        lambda: rows.delete(),
    ]
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    press.withdraw(actor=exam.second, publication=row, reason="数据有误")
    assert list(released()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="released")
    assert list(breaches()) == []


def unguarded(sql, *values):
    """What somebody with the password of the database could do: off with the guards, then write."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE publications_publication DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER publications_publication_settled_update")
            cursor.execute("DROP TRIGGER publications_publication_settled_delete")
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE publications_publication SET title = 'x' WHERE sequence = 1", 3),
        ("DELETE FROM publications_publication WHERE sequence = 1", 4),
        ("DELETE FROM publications_publication WHERE sequence = 2", 3),
    ],
)
def test_the_chain_tells_of_every_edit_and_gap_and_of_guards_taken_off(exam, draft, sql, found):
    exam.put_out(draft())
    exam.put_out(draft(title="第二份"))
    assert list(breaches()) == []
    unguarded(sql)
    assert len(list(breaches())) == found
    with pytest.raises(CommandError):
        call_command("verify_publications", format="json")


def test_a_correction_takes_the_place_of_the_list_and_two_corrections_do_not_wait_together(exam, draft):
    first = exam.put_out(draft())
    correction = draft(title="更正", supersedes=first)
    with pytest.raises(Refused):
        draft(title="再更正", supersedes=first)
    exam.put_out(correction)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    assert list(released()) == [correction]


def test_a_draft_is_thrown_away_with_a_reason_and_a_released_list_never(exam, draft):
    publication, out = draft(), exam.put_out(draft())
    for row, reason in ((publication, " "), (out, "错")):
        with pytest.raises(Refused):
            press.discard(actor=exam.clerk, publication=row, reason=reason)
    press.discard(actor=exam.clerk, publication=publication, reason="重新编制")
    assert list(Publication.objects.all()) == [out]


def test_withdrawal_needs_a_reason_and_the_office(exam, draft):
    row = exam.put_out(draft())
    with pytest.raises(Refused):
        press.withdraw(actor=exam.second, publication=row, reason=" ")
    with pytest.raises(NotAllowed):
        press.withdraw(actor=exam.clerk, publication=row, reason="错")


def test_rows_must_fit_the_columns(draft):
    with pytest.raises(Refused):
        draft(rows=[["05115010101"]])
    assert not Publication.objects.exists()


def test_results_are_embargoed_until_the_list_that_tells_them_is_out(exam, draft, make_position):
    named, other = exam.enter(make_position(), 2)
    everything = {"mark", "mark_absent", "shortlist", "leave_out", "rank", "propose", "not_select"}
    last = {"rank", "propose", "not_select"}
    draft()
    assert embargoed_moves([named, other]) == {named.pk: everything, other.pk: everything}
    exam.put_out(draft(entries={1: named.pk}))
    assert embargoed_moves([named])[named.pk] == everything - {"mark", "mark_absent"}
    exam.put_out(draft(kind=PublicationKind.SHORTLIST, entries={1: named.pk}))
    assert embargoed_moves([named])[named.pk] == last
    exam.put_out(draft(kind=PublicationKind.TOTALS, entries={1: named.pk}))
    assert embargoed_moves([named, other]) == {named.pk: frozenset(), other.pk: last}


def test_a_list_of_totals_that_leaves_someone_out_stays_inside(exam, draft, position, time_machine):
    first, second, gone = exam.enter(position, 3)
    called = {1: first.pk, 2: second.pk, 3: gone.pk}
    cells = [[f"0511501010{number}", "80.00"] for number in (1, 2, 3)]
    exam.put_out(draft(kind=PublicationKind.SHORTLIST, rows=cells, entries=called))
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    short = draft(kind=PublicationKind.TOTALS, rows=cells[:1], entries={1: first.pk})
    assert [(one.row, second.registration_no in one.message) for one in problems_of(short)] == [(0, True)]
    with pytest.raises(Refused) as caught:
        press.review(actor=exam.second, publication=short)
    assert caught.value.code == "gate"
    whole = draft(kind=PublicationKind.TOTALS, rows=cells[:2], entries={1: first.pk, 2: second.pk})
    assert problems_of(whole) == []
