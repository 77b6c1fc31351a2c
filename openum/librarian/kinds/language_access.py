"""Language access: which letters owe which help with language and form, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openum.core.language_access import LanguageRule, LetterFacts, owed
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

WORDS = {
    "line_of_business": ("lob",),
    "kind": ("letter", "notice"),
    "on": ("date", "notice_date"),
    "county_shares": ("county_share", "county"),
    "state_languages": ("state_top_languages",),
    "prevalent": ("prevalent_languages",),
}
DUTIES = {
    "tagline": "a tagline in that language on the English letter",
    "oral_help": "oral help in that language",
    "translation_on_request": "the letter in that language when asked for",
    "notice_of_availability": "the notice that free help is available",
    "translated_form": "the government's form in that language",
    "large_print": "large print when asked for",
    "other_formats": "other formats when asked for (braille, audio)",
    "plain_words": "words the reader can understand",
}
WHO = {
    "share": "languages that alone at least {share_percent:g} % of the county's people read",
    "state_top": "the {top} languages most spoken in the state by people with limited English",
    "prevalent": "the languages the state names as prevalent",
    "named": "{languages}",
}


def _build(provision: Provision) -> LanguageRule:
    said = provision.what
    wanted = {"share": "share_percent", "state_top": "top", "named": "languages"}.get(said["who"])
    if wanted and not said.get(wanted):
        raise ValueError(f"With `who: {said['who']}` goes `{wanted}:`.")
    return LanguageRule(
        id=provision.id,
        who=said["who"],
        lines_of_business=tuple(said.get("lines_of_business", ())),
        kinds=tuple(said.get("kinds", ())),
        languages=tuple(said.get("languages", ())),
        share_percent=said.get("share_percent", 0),
        top=said.get("top", 0),
        duties=tuple(said.get("duties", ())),
        always=tuple(said.get("always", ())),
        font_points=said.get("font_points", 0),
        reading_grade=said.get("reading_grade", 0),
        effective_from=provision.effective_from,
    )


def _answer(value: LanguageRule, given: Given) -> Answers:
    words = CaseWords(given, WORDS)
    on = words.day("on")
    if on is None:
        raise ValueError("Say `on`: the day of the letter.")
    found = owed(
        value,
        LetterFacts(
            line_of_business=words.text("line_of_business"),
            kind=words.text("kind"),
            on=on,
            county_shares=_shares(words.get("county_shares")),
            state_languages=words.texts("state_languages"),
            prevalent=words.texts("prevalent"),
        ),
    )
    answer: dict[str, Any] = {
        "applies": found.applies.value,
        "languages": list(found.languages),
        "duties": list(found.duties),
        "missing": list(found.missing),
    }
    return answer | {
        name: number
        for name, number in (("font_points", value.font_points), ("reading_grade", value.reading_grade))
        if number and found.applies.value != "no"
    }


def _shares(shares: Any) -> Mapping[str, float] | None:
    if shares is None or isinstance(shares, Mapping):
        return shares
    raise ValueError("Write county_shares as {language: percent}.")


def _rows(value: LanguageRule) -> Iterator[tuple[str, str]]:
    yield "For", ", ".join(value.lines_of_business) or "every line of business"
    yield "Letters", ", ".join(value.kinds) or "every kind"
    if value.duties:
        who = WHO[value.who].format(
            share_percent=value.share_percent, top=value.top, languages=", ".join(value.languages)
        )
        yield "Languages", who
        yield "For each", "; ".join(DUTIES[one] for one in value.duties)
    if value.always:
        yield "Always", "; ".join(DUTIES[one] for one in value.always)
    if value.font_points:
        yield "Type", f"at least {value.font_points:g} points"
    if value.reading_grade:
        yield "Reading", f"school grade {value.reading_grade:g} at most"


KIND = Kind(
    shelf="language-access",
    title="Language access",
    summary="Which letters owe which help with language and form: taglines, oral help, translations, plain words.",
    build=_build,
    answer=_answer,
    rows=_rows,
)
