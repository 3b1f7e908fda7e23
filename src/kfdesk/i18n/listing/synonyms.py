# SPDX-License-Identifier: GPL-3.0-or-later
"""What words mean that somebody types to find help: *advokat*, *kvinnojour*, *приют*, *Estland*.

A word leads to the codes of the directory whose names or synonyms begin with it: countries and
languages in every language of the window at once, the rest as the window names it. Here stand only
words that people say instead. Knows no record.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from babel import Locale

from kfdesk.domain.letters.folding import bare_words
from kfdesk.domain.lists.directory_codes import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.world import COUNTRIES, LANGUAGES
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language

FEWEST = 3
"""Letters of a word before it can mean something: two begin too many names of countries."""

_SAID: Mapping[tuple[str, str], str] = {
    ("services", "shelter"): """
        refuge safehouse crisis centre kvinnojour tjejjour kvinnohus skyddat boende härbärge
        приют убежище кризисный центр шелтер""",
    ("services", "helpline"): """
        hotline phone line jour jourtelefon stödlinje hjälptelefon горячая линия телефон доверия""",
    ("services", "housing"): "apartment flat rent bostad lägenhet hyra жильё квартира",
    ("services", "safety"): "protection police skydd polis безопасность защита полиция",
    ("services", "basic_needs"): "food clothes mat kläder еда одежда питание",
    ("services", "health_physical"): """
        doctor nurse hospital clinic dentist gynaecologist läkare sjukvård vård klinik tandläkare
        врач больница клиника медицина гинеколог""",
    ("services", "health_mental"): """
        psychologist therapist counselling trauma psykolog terapeut samtal kurator
        психолог психотерапевт консультация""",
    ("services", "legal"): """
        lawyer attorney law counsel advokat jurist målsägandebiträde адвокат юрист право""",
    ("services", "civil_documents"): """
        passport papers visa embassy consulate pass papper ambassad konsulat
        паспорт документы виза посольство консульство""",
    ("services", "family"): "children mother barn mamma семья дети мать",
    ("services", "education"): "school course skola kurs utbildning школа курсы учёба",
    ("services", "vocational"): "training apprentice yrkesutbildning praktik профессия обучение",
    ("services", "employment"): "job work jobb arbete arbetsförmedling работа вакансии",
    ("services", "economic"): "debt money loan skuld pengar ekonomi долги деньги",
    ("services", "repatriation"): "return home journey återvändande hemresa återresa возвращение",
    ("services", "reception_of_returnees"): "reintegration återintegrering реинтеграция",
    ("populations", "girls"): "children barn flickor дети девочки",
    ("populations", "boys"): "children barn pojkar дети мальчики",
    ("populations", "lgbti"): "gay lesbian trans hbtq hbtqi лгбт",
}
_LISTS = {"services": SERVICES, "populations": POPULATIONS, "networks": NETWORKS}


Meaning = tuple[str, str]


def meanings(word: str, language: Language) -> tuple[Meaning, ...]:
    """The fields and codes that a word in bare letters begins a name or a synonym of."""
    if len(word) < FEWEST:
        return ()
    known = _known(language)
    found: dict[Meaning, None] = {}
    for place in range(bisect_left(known, (word, ("", ""))), len(known)):
        said, meant = known[place]
        if not said.startswith(word):
            break
        found[meant] = None
    return tuple(found)


@cache
def _known(language: Language) -> list[tuple[str, Meaning]]:
    """Every word that means something, in order."""
    labels = ((language.gettext(label), (key, code))
              for key, codes in _LISTS.items() for code, label in codes.items())  # fmt: skip
    named = chain(((text, meant) for meant, text in _SAID.items()), _places(), labels)
    return sorted({(word, meant) for text, meant in named for word in bare_words(text)
                   if len(word) >= FEWEST})  # fmt: skip


def _places() -> Iterator[tuple[str, Meaning]]:
    """Countries and languages by their names."""
    for spoken in PROGRAM_LANGUAGES:
        locale = Locale.parse(spoken)
        for key, names, codes in (
            ("country", locale.territories, COUNTRIES),
            ("languages", locale.languages, LANGUAGES),
        ):
            yield from ((names[code], (key, code)) for code in codes if code in names)
