from django.urls import path

from campaigns.establishment.office import (
    attention,
    envelopes,
    overview,
    permits,
    posts,
    reconciliation,
    units,
)

urlpatterns = [
    path("", overview.Overview.as_view(), name="posts-overview"),
    path("list/", overview.PostList.as_view(), name="posts-list"),
    path("units/<str:code>/", units.UnitPosts.as_view(), name="posts-unit"),
    path("units/<str:code>/<slug:act>/", units.UnitAct.as_view(), name="posts-unit-act"),
    path("post/<str:code>/", posts.PostPage.as_view(), name="posts-post"),
    path("post/<str:code>/<slug:act>/", posts.PostAct.as_view(), name="posts-post-act"),
    path("permits/new/", permits.NewPermit.as_view(), name="posts-permit-new"),
    path("permits/import/", permits.ImportUpload.as_view(), name="posts-import"),
    path("permits/import/<uuid:pk>/", permits.ImportPreview.as_view(), name="posts-import-preview"),
    path("permits/import/<uuid:pk>/confirm/", permits.ImportConfirm.as_view(), name="posts-import-confirm"),
    path("permits/<int:pk>/", permits.PermitPage.as_view(), name="posts-permit"),
    path("permits/<int:pk>/<slug:act>/", permits.PermitAct.as_view(), name="posts-permit-act"),
    path("envelopes/new/", permits.NewEnvelope.as_view(), name="posts-envelope-new"),
    path("envelopes/<str:code>/", envelopes.EnvelopePage.as_view(), name="posts-envelope"),
    path("envelopes/<str:code>/<slug:act>/", envelopes.EnvelopeAct.as_view(), name="posts-envelope-act"),
    path("stuck/", attention.Stuck.as_view(), name="posts-stuck"),
    path("reconciliation/", reconciliation.Reconciliations.as_view(), name="posts-reconciliations"),
    path("reconciliation/new/", reconciliation.NewReconciliation.as_view(), name="posts-reconciliation-new"),
    path("reconciliation/<int:pk>/", reconciliation.ReconciliationPage.as_view(), name="posts-reconciliation"),
]
