"""Laying out the public site and putting campaigns on it. Every verb may be run again and changes nothing then."""

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from campaigns.planning.models import Campaign
from campaigns.planning.queries import published_announcement
from cms.models import AnnouncementIndexPage, AnnouncementPage, EventIndexPage, GuidePage, HomePage

GUIDES = (
    ("guide", "办事指南", "Guide", (
        "登录后先填写个人资料，再选岗位。每个岗位都会逐条列出条件，并说明您符合、不符合，还是要由工作人员核对。",
        "提交后有回执。审核结果和理由、成绩的算法、公示和异议的办法，都在“我的报名”里。",
        "没有人有权收取中介费用。遇到问题，请拨打页面下方的电话，说报名序号，不要说身份证号。",
    )),
    ("accessibility", "无障碍说明", "Accessibility", (
        "本站可以只用键盘操作，可以放大到两倍，有大字版和深色版，图表下面都有数据表。",
        "看不清或用不了哪一页，请打电话告诉我们，我们先帮您办，再把页面改好。",
    )),
)  # fmt: skip


@transaction.atomic
def lay_site() -> HomePage:
    """The page tree of a new installation: front page, announcements, events, guides."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        assert root is not None
        home = root.add_child(
            instance=HomePage(
                title="首页", title_en="Home", slug="front", lede="岗位公开，规则写明，步步有交代。",
                lede_en="Open positions, written rules, every step accounted for.",
            )
        )  # fmt: skip
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "招贤"}
        )
        Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).delete()
    for model, slug, title, title_en in (
        (AnnouncementIndexPage, "announcements", "招聘公告", "Announcements"),
        (EventIndexPage, "events", "引才活动", "Recruiting events"),
    ):
        if not model.objects.exists():
            home.add_child(instance=model(title=title, title_en=title_en, slug=slug))
    for slug, title, title_en, paragraphs in GUIDES:
        if not GuidePage.objects.filter(slug=slug).exists():
            body = [("paragraph", f"<p>{text}</p>") for text in paragraphs]
            home.add_child(instance=GuidePage(title=title, title_en=title_en, slug=slug, body=body))
    return home


@transaction.atomic
def show_campaign(campaign: Campaign) -> AnnouncementPage:
    """The public page of a published campaign, with the announcement in force; made on first call, renewed later."""
    lay_site()
    announcement = published_announcement(campaign)
    text = announcement.body if announcement else ""
    title = announcement.title if announcement else campaign.name
    page = AnnouncementPage.objects.filter(campaign=campaign).first()
    if page is None:
        # Two campaigns published at once must not get the same place in the tree.
        index = AnnouncementIndexPage.objects.select_for_update(of=("self",)).get()
        page = AnnouncementPage(
            title=title, title_en=campaign.name_en, slug=campaign.code.lower(), campaign=campaign, text=text,
            first_published_at=timezone.now(),
        )  # fmt: skip
        index.add_child(instance=page)
    elif (page.title, page.text) != (title, text):
        page.title, page.text = title, text
        page.save()
    return page
