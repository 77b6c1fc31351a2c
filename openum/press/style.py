"""How a letter is laid out on paper, and what is done to its HTML before it goes there."""

from __future__ import annotations

import re

from openum.core.refusal import Refusal

PAGE = """
@page { size: letter; margin: 0.8in 0.9in 0.9in; }
@page { @bottom-center { content: %(page)s; font-family: sans-serif; font-size: %(small)gpt; } }
html { overflow-wrap: break-word; hyphens: manual; }
body { max-width: none; margin: 0; }
h1, h2, h3, h4 { break-after: avoid; line-height: 1.2; }
li, dd { break-inside: avoid; }
p { orphans: 2; widows: 2; }
ol { list-style-position: inside; }
.whole { white-space: nowrap; }
"""
MARGIN = 0.75 * 72
"""Points. What stands nearer to the lower edge is the page's number, not the letter's text."""
LONGEST_WHOLE = 48
"""Characters. A longer run may have to be broken to fit on the line."""
_TAG = re.compile(r"(<[^>]*>)")
_RUN = re.compile(r"[^\s<>]*[\w&;][-/][\w&;][^\s<>]*")
_SIZE = re.compile(r"(font-size:\s*)([\d.]+)pt")
_UNTOUCHED = frozenset({"style", "title"})


def page_style(words: str, points: float) -> str:
    """The style sheet of the page; ``words`` hold ``{page}`` and ``{pages}``, its type is as large as the letter's."""
    parts = re.split(r"(\{pages?\})", words)
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    said = " ".join(counters.get(part, f'"{_quoted(part)}"') for part in parts if part)
    return PAGE % {"page": said, "small": points}


def smallest(html: str) -> float:
    """The smallest type size a letter sets, in points. Refuses ``letter-not-printed`` when it sets none."""
    sizes = [float(size[2]) for size in _SIZE.finditer(html)]
    if not sizes:
        raise Refusal("letter-not-printed", "The letter sets no type size.", "Write font-size: 12pt for its body.")
    return min(sizes)


def enlarged(html: str, factor: float) -> str:
    """The letter with every type size multiplied."""
    return _SIZE.sub(lambda size: f"{size[1]}{float(size[2]) * factor:g}pt", html)


def kept_whole(html: str) -> str:
    """The letter with numbers, addresses of the web and hyphened words in one piece.

    A phone number broken over two lines is misread by people and by the reader of the PDF alike.
    """
    inside, out = "", []
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            name = piece.strip("</>").split()[0].lower() if piece.strip("</>").split() else ""
            inside = name if name in _UNTOUCHED and not piece.startswith("</") else ""
        elif inside not in _UNTOUCHED:
            piece = _RUN.sub(_whole, piece)  # noqa: PLW2901
        out.append(piece)
    return "".join(out)


def _whole(run: re.Match[str]) -> str:
    return f'<span class="whole">{run[0]}</span>' if len(run[0]) <= LONGEST_WHOLE else run[0]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
