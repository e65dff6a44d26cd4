from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.privacy import current_notice, notice_lines


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"notice": current_notice(), "lines": notice_lines()})
