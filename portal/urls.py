from django.urls import path

from portal.views import applications, bids, bonus, checking, conduct, documents, positions, profile, rechoosing

app_name = "portal"
urlpatterns = [
    path("", applications.home, name="home"),
    path("messages/", applications.message_list, name="messages"),
    path("profile/", profile.overview, name="profile"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/remove/", documents.remove, name="document-remove"),
    path("profile/<slug:key>/", profile.step, name="profile-step"),
    path("profile/<slug:key>/<int:pk>/remove/", profile.remove_entry, name="profile-remove"),
    path("positions/", positions.positions, name="positions"),
    path("positions/<int:pk>/", positions.position, name="position"),
    path("positions/<int:pk>/apply/", positions.start, name="start"),
    path("positions/<int:pk>/change/<slug:registration_no>/", positions.change, name="change"),
    path("applications/<slug:registration_no>/", applications.application, name="application"),
    path("applications/<slug:registration_no>/form/", applications.apply, name="apply"),
    path("applications/<slug:registration_no>/receipt/", applications.receipt, name="receipt"),
    path("applications/<slug:registration_no>/ticket/", applications.ticket, name="ticket"),
    path("applications/<slug:registration_no>/score-check/", checking.ask, name="score-check"),
    path("applications/<slug:registration_no>/conduct/", conduct.cases, name="conduct"),
    path("applications/<slug:registration_no>/withdraw/", applications.withdraw, name="withdraw"),
    path("applications/<slug:registration_no>/confirm/", applications.confirm, name="confirm"),
    path("applications/<slug:registration_no>/recall/", applications.recall, name="recall"),
    path("applications/<slug:registration_no>/rechoose/", rechoosing.positions, name="rechoose"),
    path("applications/<slug:registration_no>/rechoose/<int:pk>/", rechoosing.confirm, name="rechoose-confirm"),
    path("applications/<slug:registration_no>/bonus/", bonus.bonus, name="bonus"),
    path("applications/<slug:registration_no>/bonus/<int:pk>/withdraw/", bonus.withdraw, name="bonus-withdraw"),
    path("challenges/<str:code>/bid/", bids.hand_in, name="bid-new"),
    path("challenges/<str:code>/question/", bids.question, name="question"),
    path("bids/", bids.bids, name="bids"),
    path("bids/<slug:number>/", bids.bid, name="bid"),
    path("bids/<slug:number>/replace/", bids.replace, name="bid-replace"),
    path("bids/<slug:number>/complete/", bids.complete, name="bid-complete"),
    path("bids/<slug:number>/receipt/", bids.receipt, name="bid-receipt"),
    path("bids/<slug:number>/withdraw/", bids.withdraw, name="bid-withdraw"),
]
