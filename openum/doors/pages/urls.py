"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from openum.doors.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("cases/<str:number>", views.case, name="case"),
    path("cases/<str:number>/letters/<int:letter>", views.letter, name="letter"),
]
