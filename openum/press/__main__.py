"""``python -m openum.press``: whether this machine can print letters (libraries and fonts). Exit code 0 or 1."""

from __future__ import annotations

import sys
from datetime import date

from openum.core.refusal import Refusal
from openum.press.paper import printed

PROBE = (
    '<html lang="en"><head><title>A probe</title><style>body { font-size: 12pt; }</style></head>'
    "<body><h1>A probe</h1><p>Año 1-800-555-0100</p></body></html>"
)

if __name__ == "__main__":
    try:
        printed(PROBE, on=date(2026, 1, 1), page_words="{page}/{pages}")
    except Refusal as refusal:
        sys.exit(str(refusal))
