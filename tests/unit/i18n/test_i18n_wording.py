# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the catalogues: the glossary's terms, each language's signs, a formal address.

Whether a sentence is good only a person can tell: `translations/REVIEW.md` lists what to look at.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.i18n.po_files import (
    CATALOGUES,
    CLIENT_CATALOGUES,
    TEMPLATES,
    TRANSLATED,
    entries,
    is_carried,
    language_of,
    name_of,
    said,
    sources,
    texts,
)

from kfdesk.system import paths

# How the glossary calls a thing: in English, Swedish, Russian. Stems, because both decline.
TERMS = {
    "client": (r"\bclients?\b", r"klient", r"клиент"),
    "traveller": (r"\btraveller", r"resenär", r"пассажир"),
    "companion": (r"\bcompanion", r"ressällskap", r"сопровождени"),
    "escort": (r"\bescort", r"ledsagar", r"сопровождающ"),
    "guardian": (r"(?<!chief )\bguardian", r"god man", r"опекун"),
    "interpreter": (r"\binterpreter", r"tolk", r"переводчик"),
    "receiving contact": (r"\breceiver", r"mottagande", r"принимающ"),
    "organisation": (r"\borganisation", r"organisation", r"организаци"),
    "authority": (r"\bauthority", r"myndighet", r"орган\w* власти"),
    "partner": (r"\bpartner", r"partner", r"партн[её]р"),
    "consent": (r"\bconsent", r"samtyck", r"согласи"),
    "withdrawal": (r"\bwithdraw", r"återkall", r"от(о)?зыв|отозва|отзов"),
    "purpose": (r"\bpurpose", r"ändamål", r"цел"),
    "recipient": (r"\brecipient", r"mottagar", r"получател"),
    "referral": (r"\breferral", r"hänvisning", r"перенаправлен"),
    "reflection period": (r"\breflection period", r"betänketid", r"восстановления и размышления"),
    "country of origin": (r"\bcountry of origin", r"ursprungsland", r"стран\w+ происхождения"),
    "third country": (r"\bthird country", r"tredjeland", r"треть\w+ стран"),
    "reintegration": (r"\breintegrati", r"återintegrering", r"реинтеграци"),
    "follow-up": (r"\bfollow-up", r"uppföljning", r"последующ\w+ сопровождени"),
    "leg of the journey": (r"\blegs?\b", r"delsträck", r"участ\w+"),
    "check-in": (r"\bcheck-in", r"avstämning", r"контрольн\w+ связ"),
    "travel plan": (r"\btravel plan", r"resplan", r"план\w* поездки"),
    "luggage": (r"\bluggage", r"bagage", r"вещ"),
    "code word": (r"\bcode word", r"kodord", r"кодов\w+ слов"),
    "exchange file": (r"\bexchange file", r"utbytesfil", r"файл\w* обмена"),
    "conflict": (r"\bconflict", r"konflikt", r"конфликт"),
    "passphrase": (r"\bpassphrase", r"lösenfras", r"парольн\w+ фраз"),
    "draft": (r"\bdraft", r"utkast", r"черновик"),
    "database": (r"\bdatabase", r"databas", r"баз"),
    "erasure": (r"\beras", r"rader|gallr", r"удал|уничтож"),
    "procedure": (r"\bprocedures?\b", r"rutin", r"регламент"),
    "social welfare board": (
        r"\bsocial (welfare )?board",
        r"socialnämnd",
        r"комисси\w+ по социальным вопросам",
    ),
    "social services": (r"\bsocial services\b(?! act)", r"socialtjänst", r"социальн\w+ служб"),
    "Social Services Act": (
        r"\bsocial services act",
        r"socialtjänstlagen",
        r"закон о социальной службе",
    ),
    "head of the investigation": (
        r"\bhead of (the )?investigation",
        r"förundersökningsledar",
        r"руководител\w+ расследования",
    ),
    "Migration Agency": (
        r"\bmigration agency",
        r"migrations(myndighet|verk)",
        r"миграционн\w+ ведомств",
    ),
    "regional coordinator": (
        r"\bregional coordinator",
        r"regionkoordinator",
        r"региональн\w+ координатор",
    ),
    "residence permit": (r"\bresidence permit", r"uppehållstillstånd", r"вид\w* на жительств"),
    "number of a copy": (r"\bcopy no\.", r"exemplar nr", r"экземпляр №"),
}

# The same in Estonian, which the window has begun: sixty terms that it says in one way.
ESTONIAN_TERMS = {
    r"\bclients?\b": "klien", r"\bcompanion": "saatja", r"\bguardian": "eestkostja",
    r"\binterpreter": "tõl[kg]", r"\bpartner(?!ship)": "partner", r"\bconsent": "nõus",
    r"\bpurpose": "eesmär", r"\brecipient": "saaja", r"\breceiver": "vastuvõtja",
    r"\breferral": "suuna", r"\breflection period": "järelemõtlemisa",
    r"\bthird country": "kolma", r"\bfollow-up": "järelkontakt", r"\blegs?\b": "etap",
    r"\bcheck-in": "kontrollkontakt", r"\bluggage": "pagas", r"\bcode word": "koodsõna",
    r"\bexchange file": "vahetusfail", r"\bconflict": "vastuolu|konflikt",
    r"\bpassphrase": "paroolifraas", r"\bdraft": "mustand", r"\bdatabase": "andmebaas",
    r"\beras": "kustut", r"\bprocedures?\b": "töökor",
    r"\bhead of (the )?investigation": "uurimise juh", r"\bresidence permit": "elamisl[ou]",
    r"\bwithdr": "tagasi", r"\bbackup": "varukoopia", r"\brecovery key": "taastevõt",
    r"\busb stick": "usb-pul|pulga", r"\blaptop": "sülearvuti", r"\bpartner card": "kaar[td]",
    r"\bsuspend": "peata", r"\bverified": "kontrolli", r"\bbin\b": "prügikast",
    r"\bplans?\b": "plaan", r"\bset (this |it )?aside": "kõrvale", r"\bconditions?\b": "tingim",
    r"\bin force\b": "kehti", r"\binto force\b": "jõusta", r"\bretention": "säilita",
    r"\brestrict(ed|ion)": "piira",
    r"\brisks?\b": "risk|oht|ohu", r"\bassess": "hinda|hinna", r"\bmeasures?\b": "mee[td]",
    r"\bhearing": "istung", r"\bhandover": "üleandmi", r"\btraveller": "reisija",
    r"\bticket": "pilet", r"\bhelp number": "abinumb", r"\bnetworks?\b": "võrgustik",
    r"\bcase conference": "juhtumiarutelu", r"\bcase management": "juhtumi",
    r"\bcooperation": "koostöö", r"\barticles?\b": "artik", r"\bedition": "väljaan",
    r"\bapprov": "kinnit", r"\bdata protection lead": "andmekaitse eest vastutaja",
    r"\bcase manager": "juhtumikorraldaja", r"\badministrator": "haldur",
    r"\bshelter": "varjupai", r"\bsupport plan": "abiplaan", r"\bdocuments?\b": "dokumen",
    r"\b(deadline|time limit)": "tähta", r"\bsignature": "allkir", r"\bblock\b": "blokeeri",
    r"\bcopy no\.": "eksemplar nr",
}  # fmt: skip

# Words that a paper carried over a border never says (group C of the glossary, the marked ones).
NEVER_CARRIED = {
    "en": (
        "traffick exploit forced_lab reflection_period preliminary_invest risk_assess safety_plan "
        "victim repris retaliat stigma criminal offence"
    ),
    "sv": (
        "människohandel exploat utnyttj tvångsarbete betänketid reflektionsperiod förundersök "
        "riskbedöm säkerhetsplan skyddsplan viktimis utsatthet repressal stigma brottsoffer "
        "lagöverträd"
    ),
    "ru": (
        "торговл эксплуат принудительн размышлени предварительн_расслед оценк_риск оценки_риск "
        "план_безопасност виктимиз преследован мест_и_ стигм жертв правонаруш потерпевш"
    ),
    "de": "menschenhandel ausbeut zwangsarbeit opfer ermittlung",
    "et": "inimkauband ekspluateer sunniviisili sunnitöö ohver uurimi",
    "fi": "ihmiskaup hyväksikäyt pakkotyö uhri esitutkin",
    "lt": "prekyba_žmon išnaudo priverst auka tyrim",
    "lv": "cilvēktirdzniec cilvēku_tirdzniec ekspluat piespiedu upuri izmeklēš",
    "bg": "трафик_на_хора експлоат принудител жертв разследван",
    "ro": "trafic_de_persoane exploat muncă_forțată victim anchet",
    "uk": "торгівл_людьми експлуатац примусов потерпіл жертв розслід",
    "pl": "handel_ludźmi handlu_ludźmi wyzysk przymusow ofiar śledztw",
    "ar": "اتجار استغلال قسري ضحي مأوى تحقيق",
    "es": "trata_de_personas explota trabajo_forz víctima investigaci",
}
UNKIND = {"sv": r"\boffer", "ru": r"\bжертв", "et": r"\bohvr|\bohver"}

FOREIGN_QUOTES = {
    "en": r"[\"„«»]",
    "sv": r"[\"“„«»]",
    "ru": r"[\"“”„]",
    "et": r"[\"“«»]",
}
ROUGH_TYPING = r"\.\.\.| - |--|  |\d-\d"
DATES = r"\d{4}(-\d\d)+"
FAMILIAR = r"\b(?i:ты|тебя|тебе|тобой|тво[йяеёию]\w*)\b|\b(?:вы|вас|вам|вами|ваш\w*)\b"


def is_rough(text: str) -> bool:
    """Return whether a sign is typed as on a typewriter; a date that is to be typed so is not."""
    return re.search(ROUGH_TYPING, re.sub(DATES, "2026", text)) is not None


def wording(message: str) -> str:
    """Return a message without its placeholders."""
    return re.sub(r"\{\w+\}", "", message)


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each message in English, without placeholders, with each of its translations."""
    for entry in entries(path):
        yield from zip(map(wording, sources(entry)), texts(entry), strict=False)


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_signs_are_those_of_the_language(path: Path) -> None:
    quotes = FOREIGN_QUOTES.get(language_of(path), r'"')
    found = [text for _, text in said(path) if re.search(quotes, text) or is_rough(text)]
    assert found == []


def test_signs_of_the_source_are_those_of_english() -> None:
    for path in TEMPLATES:
        found = [s for entry in entries(path) for s in sources(entry)]
        assert [s for s in found if re.search(FOREIGN_QUOTES["en"], s) or is_rough(s)] == []


def test_sign_that_a_typewriter_would_set_is_seen() -> None:
    for text in ("Wait...", "ours - theirs", "8-17", "two  spaces", "ours -- theirs"):
        assert is_rough(text)
    for text in ("Wait…", "ours – theirs", "8–17", "2026-12-24, or 2026-12", "check-in"):
        assert not is_rough(text)


def test_russian_speaks_to_the_reader_formally() -> None:
    for path in CATALOGUES:
        if language_of(path) == "ru":
            assert [text for _, text in said(path) if re.search(FAMILIAR, text)] == []


@pytest.mark.parametrize("english", ESTONIAN_TERMS)
def test_term_in_estonian_is_one_word_everywhere(english: str) -> None:
    path = next(path for path in CATALOGUES if name_of(path) == "et-kfdesk")
    named = [text for source, text in pairs(path) if re.search(english, source, re.IGNORECASE)]
    assert named
    wanted = ESTONIAN_TERMS[english]
    assert [text for text in named if not re.search(wanted, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("term", TERMS)
def test_term_is_the_glossarys(code: str, term: str) -> None:
    english, swedish, russian = TERMS[term]
    wanted = {"ru": russian, "sv": swedish}[code]
    catalogues = (path for path in CATALOGUES if language_of(path) == code)
    named = [
        text
        for path in catalogues
        for entry, text in said(path)
        if re.search(english, wording(entry.msgid), re.IGNORECASE)
    ]
    assert named
    assert [text for text in named if not re.search(wanted, text, re.IGNORECASE)] == []


def shipped_texts() -> list[dict[str, str]]:
    """Return each text of the procedures that come with the program, by language."""

    def told(value: object) -> Iterator[dict[str, str]]:
        if isinstance(value, dict):
            if value.keys() == HELP_LANGUAGES:
                yield value
            for part in value.values():
                yield from told(part)
        if isinstance(value, list):
            for part in value:
                yield from told(part)

    folder = paths.resources_folder() / "procedures"
    files = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    return [text for file in files for text in told(file)]


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("term", TERMS)
def test_term_of_a_shipped_procedure_is_the_glossarys(code: str, term: str) -> None:
    english, swedish, russian = TERMS[term]
    wanted = {"ru": russian, "sv": swedish}[code]
    texts = shipped_texts()
    assert len(texts) > 50
    named = [text for text in texts if re.search(english, text["en"], re.IGNORECASE)]
    assert [one for one in named if not re.search(wanted, one[code], re.IGNORECASE)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_nobody_is_called_a_victim(code: str) -> None:
    for path in CATALOGUES:
        if language_of(path) == code:
            found = [text for _, text in said(path) if re.search(UNKIND[code], text, re.IGNORECASE)]
            assert found == []


@pytest.mark.parametrize("path", CLIENT_CATALOGUES, ids=language_of)
def test_nothing_that_is_carried_tells_what_happened(path: Path) -> None:
    stems = [stem.replace("_", " ") for words in NEVER_CARRIED.values() for stem in words.split()]
    catalogue = [entry for entry in entries(path) if is_carried(entry)]
    assert len(catalogue) > 80
    carried = [text for entry in catalogue for text in (*texts(entry), *sources(entry))]
    told = [text for text in carried if any(stem in text.casefold() for stem in stems)]
    assert told == []


def test_words_that_are_never_carried_are_known_in_every_language() -> None:
    assert set(NEVER_CARRIED) == {language_of(path) for path in CLIENT_CATALOGUES}


# Words that an editor took out, and that must not come back: in the catalogues and in the manual.
GONE = {
    "en": (
        r"\b(weigh|mend)(s|ed|ing|ings)?\b", r"\bfor good\b", r"\bin vain\b", r"\bbefall",
        r"\banew\b", r"\bthereof\b", r"\ball else\b", r"\bfares\b",
        r"\bera(se|sed|sing) (her|him|them)\b",
        r"\bstands? (here|there|below|above|beside|under|at|on|in the|as|first|twice)\b",
        r"\bsome of it stands\b", r"\btak(e|es|en|ing) over (a|the) list\b", r"was taken over\b",
        r"\b(This is|These are) no (?!longer|one)\w+", r"\bconsents? opens?\b",
        r"\bSize of letters\b", r"\bthe house\b", r"\bthe stick\b", r"\bcounts until\b",
        r"\bwho has the program\b",
        r"^I have read this$", r"\bPut this guide away\b", r"\bThe chain is whole\b",
        r"\bso it locked itself\b", r"\bput back to an earlier day\b", r"\breader of figures\b",
        r"\ba history of ours\b", r"\bput a backup back\b", r" …$",
        r"\bspelt otherwise\b", r"\bnote of the plan has\b", r"\bformer text\b",
        r"\bNothing of it goes\b", r"\bwithout doubt\b",
    ),
    "sv": (
        r"\bför gott\b", r"\b(radera|raderar|raderas) henne\b", r"\bvitala intressen\b",
        r"\bTa över listan\b", r"\bSvenska civila plattformen\b", r"\bhot för hederns skull\b",
        r"\bBokstävernas storlek\b", r" …$",
        r"\btill slut\b", r"\bkvitto", r"\ben andra person\b",
    ),
    "ru": (
        r"социальн\w+ (комитет|комисси)", r"руководител\w+ следствия", r"Миграционн\w+ служб",
        r"\b(срок|время)\w* на размышлени", r"разрешени\w+ на пребывание",
        r"форм\w+ (195011|\{number)",
        r"флеш-накопит", r"\bстереть её\b", r"\bна что Вы согласились, и только\b",
        r"пробел(а|ов)?\b(?! не важн)(?=.*не заполнен)", r"\bрабочий стол\b", r"\(а\)",
        r"\bразделе «Личность»", r"\bноутбук был закрыт\b", r"\bпо часам: ", r" …$",
    ),
}  # fmt: skip
# Those that went out of the window alone: a document, or the law that it quotes, may say them.
GONE_FROM_WINDOW = {
    "en": (
        r"\b[NnSs](obody|omebody)\b", r"\bany more\b", r"\b[Pp]rolong", r"\bversion of today\b",
        r"\bclock (of this step )?has not begun\b", r"\bstarts the clock\b", r"^No clock\b",
        r"\b[Gg]o over to\b", r"\b[Tt]ake it over as\b", r"\b[Pp]ut (\w+ )?in force\b",
        r"\bold run\b", r"\bthis program up to date\b", r"\b(which|what)( \w+)? holds\b",
        r"\b[Tt]ype .*\bback\b", r"\bwritten down in\b", r"\bby a duty\b", r"\bTwo desks\b",
        r"\bMove .*to the bin\b", r"\bhas run out\b", r"^Written down",
    ),
    "sv": (
        r"\btogs över\b", r"\bTa över som utkast\b", r"\bGå över till\b", r"\bdet inte frågades\b",
        r": antal \w+ \{", r"^Inskrivet", r"\bHur samverkan går\b", r"\bsom den var: databasen\b",
        r"\bskadad eller inte hel\b", r"\bunderrättelse(r|n)? (om|inte|följer)\b",
    ),
    "ru": (
        r"\bот руки (его|её) не\b", r"\bВзять как черновик\b", r"\bсамого себя\b", r"^\d – ",
        r"\bоб адекватности\b", r"\bОбластное управление\b", r"\bНичего не принято\b",
        r"\bтакое состояние\b",
    ),
}  # fmt: skip
HELP = paths.resources_folder() / "help"
HELP_LANGUAGES = {"en", "sv", "ru"}
ROOT = Path(__file__).parents[3]


def gone(language: str, text: str) -> list[str]:
    return [words for words in GONE[language] if re.search(words, text, re.IGNORECASE | re.M)]


def catalogue_texts(language: str, name: str = "") -> list[str]:
    """Return what the catalogues say in a language; of one catalogue if it is named."""
    if language == "en":
        templates = [path for path in TEMPLATES if path.stem.startswith(name)]
        return [s for path in templates for entry in entries(path) for s in sources(entry)]
    of_it = [path for path in CATALOGUES if language_of(path) == language]
    return [text for path in of_it if path.stem.startswith(name) for _, text in said(path)]


@pytest.mark.parametrize("language", GONE_FROM_WINDOW)
def test_words_that_left_the_window_do_not_come_back(language: str) -> None:
    texts, words = catalogue_texts(language, "kfdesk"), GONE_FROM_WINDOW[language]
    assert len(texts) > 4000
    assert [(word, text) for text in texts for word in words if re.search(word, text)] == []


@pytest.mark.parametrize("language", GONE)
def test_words_that_were_taken_out_do_not_come_back(language: str) -> None:
    texts = catalogue_texts(language)
    chapters = [file.read_text(encoding="utf-8") for file in (HELP / language).glob("*.md")]
    assert chapters
    chapters += [text[language] for text in shipped_texts()]
    found = [(words, text[:80]) for text in (*texts, *chapters) for words in gone(language, text)]
    assert found == []


def test_documents_say_no_word_that_was_taken_out() -> None:
    files = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    assert len(files) > 20
    found = [
        (file.name, number, words)
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for words in gone("en", line)
    ]
    assert found == []


def test_word_that_was_taken_out_is_seen() -> None:
    for text in (
        "Erase her for good",
        "Weigh the risks",
        "The old one stands there",
        "Tried in vain",
    ):
        assert gone("en", text)
    for text in ("She stands in for him", "For goodness' sake", "a foothold in the house"[:12]):
        assert not gone("en", text)
    assert gone("sv", "Öppnar …")
    assert not gone("sv", "”Hus 11 … Riga”")
    assert gone("ru", "Отозвал(а)")
    for language, text in (
        ("en", "Nobody changes it any more"), ("en", "Put in force…"), ("sv", "Inskrivet: gjort."),
        ("ru", "0 – ничего нет"),
    ):  # fmt: skip
        assert any(re.search(word, text) for word in GONE_FROM_WINDOW[language])
