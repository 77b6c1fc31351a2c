"""A notice that was sent, on paper: the PDF is made when somebody asks for it, and is the same every time."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from openum.core.notice import Language
from openum.core.refusal import Refusal
from openum.payer.flow.letters import letters
from openum.payer.notices.queries import notices_of
from openum.press.paper import Printed, printed
from openum.records.parties.scope import Scope


def notice_on_paper(scope: Scope, number: str, notice_id: int, *, large_print: bool = False) -> Printed:
    """The PDF/UA-1 of one letter of a case this scope may see, proven by reading it back; large print if asked for.

    Refuses ``notice-unknown`` (no such letter, or not for this scope) and ``letter-not-printed``.
    """
    notice = next((one for one in notices_of(scope, number) if one.id == notice_id), None)
    if notice is None:
        raise Refusal("notice-unknown", "There is no such letter in this case.", "Open the case and choose a letter.")
    shelf = letters(*settings.OPENUM_LIBRARY)
    language: Language = "es" if ".es" in notice.letter.partition("@")[0].partition("+")[0] else "en"
    return printed(
        notice.html,
        on=date.fromisoformat(notice.elements["notice_date"]),
        page_words=shelf.wordings[language].phrases["page"],
        large=shelf.large_print if large_print else 0,
    )
