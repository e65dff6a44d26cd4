from django.urls import path, re_path

from campaigns.planning.office import (
    announcements,
    campaigns,
    imports,
    majors,
    positions,
    programmes,
    rules,
    working_days,
)

CAMPAIGN = "campaigns/<str:code>"

urlpatterns = [
    path("programmes/", programmes.programme_list, name="planning-programmes"),
    path("programmes/new/", programmes.programme_add, name="planning-programme-add"),
    path("programmes/<str:code>/", programmes.programme_page, name="planning-programme"),
    path("programmes/<str:code>/edit/", programmes.programme_edit, name="planning-programme-edit"),
    path("programmes/<str:code>/target/", programmes.target_set, name="planning-target"),
    path("campaigns/", campaigns.campaign_list, name="planning-campaigns"),
    path("new-campaign/", campaigns.campaign_add, name="planning-campaign-add"),
    path(f"{CAMPAIGN}/", campaigns.campaign_page, name="planning-campaign"),
    path(f"{CAMPAIGN}/edit/", campaigns.campaign_edit, name="planning-campaign-edit"),
    path(f"{CAMPAIGN}/clone/", campaigns.campaign_clone, name="planning-campaign-clone"),
    path(f"{CAMPAIGN}/act/<slug:name>/", campaigns.campaign_act, name="planning-act"),
    path(f"{CAMPAIGN}/dates/<slug:key>/", campaigns.milestone_edit, name="planning-milestone"),
    path(f"{CAMPAIGN}/dates/<slug:key>/happened/", campaigns.milestone_happened, name="planning-happened"),
    path(f"{CAMPAIGN}/rules/", rules.rules_page, name="planning-rules"),
    path(f"{CAMPAIGN}/rules/from/another/", rules.rules_take_over, name="planning-rules-take-over"),
    path(f"{CAMPAIGN}/rules/<slug:step>/", rules.rules_step, name="planning-rules-step"),
    path(f"{CAMPAIGN}/announcement/", announcements.announcement_page, name="planning-announcement"),
    path(f"{CAMPAIGN}/announcement/edit/", announcements.announcement_edit, name="planning-announcement-edit"),
    path(
        f"{CAMPAIGN}/announcement/<int:version>/approve/",
        announcements.announcement_approve,
        name="planning-announcement-approve",
    ),
    path(f"{CAMPAIGN}/announcement/amend/", announcements.amendment_publish, name="planning-amendment-publish"),
    path(f"{CAMPAIGN}/positions/", positions.position_list, name="planning-positions"),
    path(f"{CAMPAIGN}/positions/new/", positions.position_add, name="planning-position-add"),
    path(f"{CAMPAIGN}/positions/remove/", positions.positions_remove, name="planning-positions-remove"),
    path(f"{CAMPAIGN}/positions/<int:pk>/", positions.position_page, name="planning-position"),
    path(f"{CAMPAIGN}/positions/<int:pk>/edit/", positions.position_edit, name="planning-position-edit"),
    path(f"{CAMPAIGN}/import/", imports.Upload.as_view(), name="planning-import"),
    path(f"{CAMPAIGN}/import/<uuid:pk>/", imports.Preview.as_view(), name="planning-import-preview"),
    path(f"{CAMPAIGN}/import/<uuid:pk>/confirm/", imports.Confirm.as_view(), name="planning-import-confirm"),
    path("majors/", majors.catalogue_list, name="planning-catalogues"),
    path("majors/import/", majors.Upload.as_view(), name="planning-catalogue-import"),
    path("majors/import/<uuid:pk>/", majors.Preview.as_view(), name="planning-catalogue-import-preview"),
    path("majors/import/<uuid:pk>/confirm/", majors.Confirm.as_view(), name="planning-catalogue-import-confirm"),
    path("majors/<int:pk>/", majors.catalogue_page, name="planning-catalogue"),
    path("calendar/", working_days.calendar_list, name="planning-calendar"),
    path("calendar/import/", working_days.calendar_import, name="planning-calendar-import"),
    re_path(
        r"^calendar/(?P<date>\d{4}-\d{2}-\d{2})/remove/$", working_days.calendar_remove, name="planning-calendar-remove"
    ),
]
