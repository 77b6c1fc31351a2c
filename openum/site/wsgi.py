"""The entry point for a WSGI server: ``granian --interface wsgi openum.site.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openum.site.settings")
application = get_wsgi_application()

from openum.payer.flow.running import make_ready  # noqa: E402 - the rooms exist only once Django is set up

make_ready()  # so that the first request does not pay for reading the library and the calendars
