from django.urls import path

from recruitment.examinations.office import (
    acts,
    checks,
    claim_entry,
    exams,
    imports,
    line,
    marks,
    results,
    shortlist,
    tickets,
)

urlpatterns = [
    path("", exams.ExamList.as_view(), name="exams"),
    path("<str:code>/", exams.ExamHome.as_view(), name="exam"),
    path("<str:code>/act/<slug:name>/", acts.ActPage.as_view(), name="exam-act"),
    path("<str:code>/bonus-claim/", claim_entry.EnterClaim.as_view(), name="exam-bonus-claim"),
    path("<str:code>/tickets/", tickets.TicketList.as_view(), name="exam-tickets"),
    path("<str:code>/tickets/draw/", tickets.DrawSeats.as_view(), name="exam-draw"),
    path("<str:code>/marks/", marks.BatchList.as_view(), name="exam-marks"),
    path("<str:code>/marks/<int:pk>/", marks.BatchPage.as_view(), name="exam-batch"),
    path("<str:code>/marks/<int:pk>/lock/", marks.LockBatch.as_view(), name="exam-lock"),
    path("<str:code>/import/<slug:kind>/", imports.Upload.as_view(), name="exam-import"),
    path("<str:code>/import/<slug:kind>/<uuid:pk>/", imports.Preview.as_view(), name="exam-import-preview"),
    path("<str:code>/import/<slug:kind>/<uuid:pk>/confirm/", imports.Confirm.as_view(), name="exam-import-confirm"),
    path("<str:code>/results/", results.Results.as_view(), name="exam-results"),
    path("<str:code>/results/<int:pk>/", results.ResultPage.as_view(), name="exam-result"),
    path("<str:code>/checks/", checks.CheckList.as_view(), name="exam-checks"),
    path("<str:code>/checks/<int:pk>/", checks.CheckPage.as_view(), name="exam-check"),
    path("<str:code>/line/", line.LinePage.as_view(), name="exam-line"),
    path("<str:code>/line/<int:pk>/confirm/", line.ConfirmLine.as_view(), name="exam-line-confirm"),
    path("<str:code>/shortlist/", shortlist.ShortlistPage.as_view(), name="exam-shortlist"),
    path("<str:code>/shortlist/export/", shortlist.ShortlistExport.as_view(), name="exam-shortlist-export"),
    path("<str:code>/totals/", results.Totals.as_view(), name="exam-totals"),
    path("<str:code>/proposals/", acts.ProposalsPage.as_view(), name="exam-proposals"),
]
