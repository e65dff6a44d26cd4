from django.urls import path

from recruitment.challenges.office import board, pages, steps

urlpatterns = [
    path("", pages.ChallengeList.as_view(), name="challenges-office"),
    path("new/", pages.NewNeed.as_view(), name="challenges-new"),
    path("<str:code>/", pages.OneChallenge.as_view(), name="challenges-challenge"),
    path("<str:code>/bids/<str:number>/", pages.BidPage.as_view(), name="challenges-bid"),
    path("<str:code>/halves/<int:place>/free/", board.FreeHalf.as_view(), name="challenges-free-half"),
    path("<str:code>/<slug:name>/", steps.step, name="challenges-act"),
]
