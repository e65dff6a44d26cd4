from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.office.account import OwnAccount
from foundation.files.views import public_media

urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/account/", OwnAccount.as_view(), name="own-account"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("foundation.urls")),
    path("", include("accounts.urls")),
    path("my/", include("portal.urls")),
    path("", include("cms.urls")),
    *([] if settings.S3_BUCKET else [path("media/<path:path>", public_media, name="media")]),
    path("", include(wagtail_urls)),
]
