"""The addresses of the public law book: those of the book as a folder of files, and a search that a server answers."""

from __future__ import annotations

from django.urls import path

from openum.doors.library import views

app_name = "library"
urlpatterns = [
    path("library/", views.page, {"address": "index.html"}, name="front"),
    path("library/search", views.search, name="search"),
    path("library/book.css", views.style, name="style"),
    path("library/<path:address>", views.page, name="page"),
]
