"""Catalogues of majors: a published table in, judged by, listed; the same again changes nothing (R10)."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning import domain
from campaigns.planning.models import BroadGroup, Major, MajorCatalogue
from campaigns.planning.queries import catalogue_choices, catalogue_of, rules_of
from foundation.errors import NotAllowed, Refused
from foundation.jobs.models import Job
from rulebook.ruleset import profiles
from tests.planning.conftest import workbook

pytestmark = pytest.mark.django_db

HEADER = ["学科门类", "学科代码", "学科名称", "专业代码", "专业名称", "旧专业名称"]
ROWS = [
    ["A03法学", "A0301", "法学", "A030105", "民商法学", ""],
    ["B02经济学", "B0202", "财政学类", "B020202", "税收学", "税务、税务学"],
    ["", "", "", "B020201K", "财政学", ""],
]
GROUPS = [["专业大类", "学科"], ["经济金融类（03）", "财政学类（B0202）", ""]]


def table(rows=ROWS):
    return workbook(("大类", GROUPS), ("目录", [HEADER, *rows]))


def bring_in(author, rows=ROWS, **fields):
    values = {"content": table(rows), "file_name": "目录.xlsx", "name": "某省专业目录", "edition": 2026}
    return domain.import_majors(actor=author, **{**values, **fields})


def test_a_table_comes_in_with_levels_classes_old_names_and_broad_groups(author):
    report = bring_in(author)
    assert (report.new, report.groups, report.old_names, report.saved) == (7, 1, 1, True)
    assert report.levels == [("graduate", 1, 1, 1), ("bachelor", 1, 1, 2)]
    assert set(Major.objects.values_list("level", "code", "name")) == {
        ("graduate", "03", "法学"), ("graduate", "0301", "法学"), ("graduate", "030105", "民商法学"),
        ("bachelor", "02", "经济学"), ("bachelor", "0202", "财政学类"), ("bachelor", "020202", "税收学"),
        ("bachelor", "020201K", "财政学"),
    }  # fmt: skip
    assert Major.objects.get(code="020202").old_names == "税务、税务学"
    assert [(group.name, [str(one) for one in group.majors.all()]) for group in BroadGroup.objects.all()] == [
        ("经济金融类", ["财政学类 (0202)"])
    ]
    entry = AuditEntry.objects.get(action="planning.import_majors")
    assert (entry.object_name, entry.after["new"]) == ("某省专业目录 2026", 7)


def test_the_same_table_again_changes_nothing_and_a_corrected_one_replaces_what_differs(author):
    bring_in(author)
    again = bring_in(author)
    assert (again.new, again.changed, again.removed, again.unchanged, again.saved) == (0, 0, 0, 7, False)
    corrected = [ROWS[0], ["B02经济学", "B0202", "财政学类", "B020202", "税收学", "税务"]]
    looked = bring_in(author, corrected, dry_run=True)
    assert (looked.new, looked.changed, looked.removed, looked.unchanged, looked.saved) == (0, 1, 1, 5, False)
    assert Major.objects.count() == 7
    assert bring_in(author, corrected).saved
    assert (Major.objects.count(), MajorCatalogue.objects.count()) == (6, 1)
    assert Major.objects.get(code="020202").old_names == "税务"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"edition": 26}, "edition"),
        ({"rows": [["序号", "姓名", "", "", "", ""]]}, "no_majors"),
    ],
)
def test_a_table_that_is_no_catalogue_is_refused_with_what_would_be_right(author, fields, code):
    with pytest.raises(Refused) as refusal:
        bring_in(author, **fields)
    assert refusal.value.code == code
    assert MajorCatalogue.objects.count() == 0


def test_only_the_talent_office_keeps_catalogues(staff, county):
    with pytest.raises(NotAllowed):
        bring_in(staff(Role.UNIT_HR, Role.EXAM_CENTRE, unit=county))


def test_rules_name_a_catalogue_and_majors_are_judged_by_it(author, make_campaign):
    campaign = make_campaign()
    key = "某省专业目录 2026"
    with pytest.raises(domain.RulesRefused) as refusal:
        domain.change_rules(actor=author, campaign=campaign, changes={"eligibility": {"major_catalogue": key}})
    assert set(refusal.value.by_field) == {"eligibility.major_catalogue"}
    bring_in(author)
    domain.change_rules(actor=author, campaign=campaign, changes={"eligibility": {"major_catalogue": key}})
    found = catalogue_of(rules_of(campaign))
    assert found.codes("税务学", "bachelor") == ("020202",)
    assert found.codes("经济金融类", "bachelor") == ("0202",)
    assert [choice for choice, _shown in catalogue_choices()] == ["national", key]
    assert catalogue_of(profiles.get("county_exam")) is None


def test_a_catalogue_under_published_rules_is_not_changed(author, published):
    bring_in(author)
    version = published.rule_sets.get()
    version.document["eligibility"]["major_catalogue"] = "某省专业目录 2026"
    version.save()
    assert bring_in(author).saved is False
    with pytest.raises(Refused) as refusal:
        bring_in(author, ROWS[:1])
    assert (refusal.value.code, published.code in refusal.value.message) == ("in_use", True)
    assert Major.objects.count() == 7


def test_the_command_tells_counts_and_refuses_clearly(author, tmp_path):
    path = tmp_path / "目录.xlsx"
    path.write_bytes(table())
    out = StringIO()
    call_command("import_majors", str(path), catalogue="某省专业目录", edition=2026, stdout=out)
    assert "bachelor: 1 categories, 1 classes, 2 majors" in out.getvalue()
    assert "某省专业目录 2026" in out.getvalue()
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_majors", str(tmp_path / "no.xls"), catalogue="x", edition=2026)


def test_the_published_catalogue_of_a_province_comes_in_whole(author):
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "guangdong-2026-majors.xls"
    if not path.exists():
        pytest.skip("the published catalogue is not beside this project")
    report = bring_in(author, content=path.read_bytes(), file_name=path.name)
    assert report.levels == [("graduate", 14, 130, 607), ("bachelor", 12, 93, 752), ("college", 10, 101, 813)]
    assert (report.new, report.groups, report.old_names) == (2532, 21, 710)
    assert BroadGroup.objects.get(name="法律类").majors.count() == 5


def upload(client, content, **fields):
    """The page the upload leads to."""
    file = SimpleUploadedFile("目录.xlsx", content)
    values = {"name": "某省专业目录", "edition": "2026", "file": file, **fields}
    return client.post(reverse("planning-catalogue-import"), values, follow=True)


def test_the_screen_shows_what_will_change_before_anything_is_saved(client, author, django_capture_on_commit_callbacks):
    client.force_login(author)
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(client, table())
    job = page.context["job"]
    page = client.get(reverse("planning-catalogue-import-preview", args=[job.pk])).content.decode()
    assert ("某省专业目录 2026" in page, MajorCatalogue.objects.count()) == (True, 0)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("planning-catalogue-import-confirm", args=[job.pk]), follow=True)
    assert (answer.status_code, MajorCatalogue.objects.get().key) == (200, "某省专业目录 2026")
    assert "某省专业目录" in client.get(reverse("planning-catalogues")).content.decode()


def test_a_table_that_only_leaves_entries_out_can_be_confirmed(client, author, django_capture_on_commit_callbacks):
    bring_in(author)
    client.force_login(author)
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(client, table(ROWS[:2]))
    page = client.get(reverse("planning-catalogue-import-preview", args=[page.context["job"].pk]))
    assert (page.context["result"]["removed"], page.context["has_work"]) == (1, True)


def test_a_file_that_is_no_table_of_majors_is_refused_in_words(client, author, django_capture_on_commit_callbacks):
    client.force_login(author)
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(client, workbook(("x", [["序号", "姓名"], ["1", "某"]])))
    page = client.get(reverse("planning-catalogue-import-preview", args=[page.context["job"].pk])).content.decode()
    assert "A010101" in page
    assert MajorCatalogue.objects.count() == 0


@pytest.mark.parametrize(("field", "value"), [("name", "national"), ("name", " "), ("edition", "1899")])
def test_what_a_catalogue_cant_be_called_is_said_at_its_field_before_the_table_is_read(client, author, field, value):
    client.force_login(author)
    page = upload(client, table(), **{field: value})
    assert list(page.context["form"].errors) == [field]
    assert not Job.objects.exists()


def test_anothers_preview_is_not_found(client, author, second, django_capture_on_commit_callbacks):
    client.force_login(author)
    with django_capture_on_commit_callbacks(execute=True):
        job = upload(client, table()).context["job"]
    client.force_login(second)
    answer = client.post(reverse("planning-catalogue-import-confirm", args=[job.pk]))
    assert (answer.status_code, MajorCatalogue.objects.count()) == (404, 0)


@pytest.mark.parametrize("rows", [1, 30])
def test_a_catalogue_costs_the_same_queries_for_1_and_30_majors(client, author, rows, django_assert_num_queries):
    lines = [["B02经济学", "B0202", "财政学类", f"B0202{n:02}", f"专业{n}", ""] for n in range(1, rows + 1)]
    bring_in(author, lines)
    client.force_login(author)
    catalogue = MajorCatalogue.objects.get().pk
    url, page = reverse("planning_majors:index"), reverse("planning-catalogue", args=[catalogue])
    client.get(url)
    with django_assert_num_queries(14):
        found = client.get(url, {"level": "bachelor", "catalogue": catalogue, "q": "专业"}).context["object_list"]
    assert len(found) == rows
    with django_assert_num_queries(13):
        client.get(page)


def test_a_catalogue_is_searched_by_code_old_name_and_broad_group(client, author):
    bring_in(author)
    client.force_login(author)
    url = reverse("planning_majors:index")

    def found(words):
        names = {major.name for major in client.get(url, {"q": words}).context["object_list"]}
        return names & {"民商法学", "税收学", "财政学类"}

    assert [found("A0301"), found("税务学"), found("经济金融")] == [{"民商法学"}, {"税收学"}, {"财政学类"}]
