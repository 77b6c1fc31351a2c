"""Who may look: in development everybody, because no patient of flesh and blood is there; in production nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def without_sign_in(view: View[P]) -> View[P]:
    """Answer only where the installation runs in development mode; elsewhere say what is missing, with status 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
        if settings.ENVIRONMENT.production:
            return render(request, "doors_pages/closed.html", status=403)
        return view(request, *arguments, **named)

    return guarded
