from django.urls import path

from foundation.files.views import private_file
from foundation.health import healthz, readyz
from foundation.jobs.views import job_page, job_retry, job_state
from foundation.messages.views import outbox
from foundation.ui.views import preferences, style

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("jobs/<uuid:pk>/", job_page, name="job"),
    path("jobs/<uuid:pk>/state/", job_state, name="job-state"),
    path("jobs/<uuid:pk>/retry/", job_retry, name="job-retry"),
    path("files/<uuid:pk>/", private_file, name="private-file"),
    path("preferences/", preferences, name="ui-preferences"),
    path("style/", style, name="ui-style"),
    path("outbox/", outbox, name="outbox"),
]
