"""The reviews room."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Label ``payer_reviews``."""

    name = "openum.payer.reviews"
    label = "payer_reviews"
