# SPDX-License-Identifier: GPL-3.0-or-later
"""Titles of a table of contacts: which row has them, and what each column is.

The titles are those of this program, of other programs, and of lists that federations and
authorities keep in the languages around the Baltic. A list may begin with its own name, or have two
rows of titles. Knows no file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from kfdesk.domain.names import strip_marks

NumberedRow = tuple[int, Sequence[str]]
"""A row with its number in the file."""
_LOOKED_AT = 15  # rows at the top of a table, one of which has the titles
_LEAST_KNOWN = 2  # titles by which a row below the first is known for the row of titles
_LONGEST_TITLE = 60

_TITLES: Mapping[str, str] = {
    "name": """
        name; display name; full name; file as; organisation name; namn; visningsnamn; название;
        наименование; отображаемое имя; имя и фамилия; nimi; nazwa; wyswietlana nazwa; vardas ir
        pavarde; nosaukums; anzeigename; sending country; pavadinimas; naytettava nimi""",
    "other_name": "name local; alternate name; nickname; other name; smeknamn; псевдоним",
    "given_name": """
        first name; given name; fornamn; имя; etunimi; eesnimi; vards; vardas; imie; vorname;
        prenom; nombre; nome; krstne meno; meno""",
    "family_name": """
        last name; family name; surname; efternamn; фамилия; sukunimi; perekonnanimi; uzvards;
        pavarde; nazwisko; nachname; nom; apellidos; apellido; cognome; priezvisko""",
    "organisation": """
        jour; kvinnojour; verksamhet; forening; organisationens namn; asutus; iestade; istaiga;
        instytucja; placowka; osrodek; einrichtung; trager; jarjesto; учреждение; центр; company;
        organization; organisation; organization name; organization name value; foretag;
        организация; organisatsiooni nimi; компания; yritys; organisaatio; ettevote;
        organisatsioon; uznemums; organizacija; imone; firma; organizacja; unternehmen; societe;
        organizacion; empresa; azienda; societa; spolocnost; works for""",
    "role": """
        job title; organization title; title; role; roll; funktion; funkcja; rolle; position;
        befattning; titel; должность; tehtavanimike; ametinimetus; amats; pareigos; stanowisko""",
    "phone": """
        tel; tel nr; telnr; tlf; tfn; mob; mobilnr; mobilnummer; jourtelefon; journummer;
        dagtelefon; тел; горячая линия; kriisitelefon; abitelefon; puh; infolinija; notruf;
        infolinia; komorka; phone; telephone; phone number; work phone; home phone; mobile phone;
        mobile number; business phone; phone value; primary phone; other phone; company main
        phone; car phone; phone unchecked; mobile; cell phone; telefon; telefonnummer; mobil;
        mobiltelefon; arbetstelefon; телефон; рабочий телефон; домашний телефон; номер сотового
        телефона; мобильный телефон; puhelin; matkapuhelin; tyopuhelin; kotipuhelin; mobiil;
        talrunis; telefonas; mobilusis telefonas; telefon sluzbowy; telefon domowy; telefon
        komorkowy; telefon geschaftlich; telefon privat; mobil telefon; telephone bureau; numero""",
    "fax": """
        fax; fax number; business fax; home fax; other fax; faks; факс; номер факса; faksi""",
    "email": """
        mejl; mailadress; e pasts; meil; el posti; meili; s posti; почта; эл адрес; e mail; email;
        mail; e mail address; email address; primary email; secondary email; e mail value; email
        value; e post; epost; e postadress; адрес электронной почты; электронная почта; эл почта;
        альтернативный адрес электронной почты; sahkoposti; sahkopostiosoite; epasts; e pastas; el
        pastas; adres e mail; e mail adresse""",
    "website": """
        website; web page; webpage; url; web; homepage; website value; personal web page;
        webbplats; webbsida; hemsida; веб страница; сайт; verkkosivu; kodulehekulg; koduleht;
        majaslapa; svetaine; strona internetowa; webseite""",
    "address": """
        address; street; business street; home street; other street; home address; work address;
        address street; address po box; address postal code; postal code; zip; zipcode; home
        zipcode; work zipcode; home postal code; business postal code; adress; gata; gatuadress;
        postnummer; адрес; адрес раб; улица; почтовый индекс; почтовый индекс раб; osoite;
        katuosoite; postinumero; aadress; tanav; adrese; iela; adresas; adres; ulica; strasse; kod
        pocztowy; postleitzahl; address 1""",
    "city": """
        kommun; novads; pagasts; vald; omavalitsus; gmina; powiat; miejscowosc; savivaldybe;
        kunta; paikkakunta; населенный пункт; gemeinde; wohnort; city; town; business city; home
        city; work city; other city; address city; ort; stad; postort; город; город раб; kaupunki;
        linn; pilseta; miestas; miasto; stadt; ville; ciudad; citta; mesto; place""",
    "country": """
        country; business country; home country; work country; other country; country region;
        business country region; home country region; other country region; address country; host
        country; land; страна; страна раб; maa; riik; valsts; salis; kraj; pays; pais; paese;
        krajina""",
    "languages": """
        languages; language; sprak; языки; язык; kielet; keeled; valodas; kalbos; jezyki""",
    "services": "services; tjanster; услуги; palvelut; teenused; pakalpojumi; paslaugos; uslugi",
    "offers": """
        offers; kind; type; typ; rodzaj; tyyppi; services in their words; description;
        beskrivning; описание""",
    "populations": "populations; for whom; target groups; malgrupp; целевая группа",
    "networks": "networks; natverk; сети",
    "hours": """
        hours; opening hours; oppettider; tider; lahtiolekuajad; darba laiks; godziny; часы
        работы; aukioloajat; darbo laikas""",
    "part_of": "part of; parent organization; parent; ingar i; входит в",
    "contact_risk": "contact risk; risk",
    "actor_type": "actor type; kind of actor; typ av aktor; тип организации",
    "eligibility": "eligibility; eligibility description; who may come; vem som kan komma",
    "fees": "fees; fees description; what it costs; avgifter; стоимость",
    "application": "application; application process; how to apply; how to ask for help",
    "area": "area; service area; area served; omrade; район",
    "interpretation": "interpretation; interpretation services; interpreters; tolk; переводчики",
    "accessibility": "accessibility; tillganglighet; доступность",
    "alert": "alert; notice to all readers",
    "round_the_clock": "round the clock; open round the clock; dygnet runt; круглосуточно",
    "case_number_needed": "case number needed; asks for a case number",
    "note": """
        note; notes; comment; comments; remark; anteckningar; anteckning; заметки; примечание;
        заметка; комментарий; комментарии; muistiinpanot; markused; piezimes; pastabos; notatki;
        uwagi; notizen; remarques; notas; note personali; poznamky; say first; seen at""",
}
_NO_LETTERS = re.compile(r"[^\w]+|[\d_]+")


def fold_title(title: str) -> str:
    """Return a title in its compared form: folded, without digits and signs."""
    return " ".join(_NO_LETTERS.sub(" ", strip_marks(title)).split())


_PERSONAL = frozenset({"given_name", "family_name"})
_NAMING = _PERSONAL | {"name"}
_OF_PEOPLE = frozenset({"organisation", "name", "role"})
_BY_BEGINNING = frozenset({"phone", "email", "languages", "services"})
"""Keys whose titles may say more behind their word: `Telefon dagtid`, `Телефон доверия`."""
_KEY_OF_TITLE = {
    fold_title(title): key for key, titles in _TITLES.items() for title in titles.split(";")
}


def guess_columns(titles: Sequence[str], groups: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the key of each column, empty for an unknown one; `groups` are the titles above.

    If first and last names have columns, a column of whole names is ignored.
    """
    around = groups or ("",) * len(titles)
    keys = [
        key_of(own) or (key_of(f"{group} {own}") if group else "")
        for group, own in zip(around, titles, strict=True)
    ]
    if {"given_name", "family_name"} <= set(keys):
        keys = ["" if key == "name" else key for key in keys]
    if "name" not in keys and "given_name" not in keys and "organisation" in keys:
        place = keys.index("organisation")
        keys[place] = "name"
    if not _NAMING & set(keys):
        begin = [fold_title(title).partition(" ")[0] for title in titles]
        named = (
            place for place, word in enumerate(begin)
            if not keys[place] and _KEY_OF_TITLE.get(word) in ("name", "organisation")
        )  # fmt: skip
        for place in islice(named, 1):
            keys[place] = "name"
    if set(keys) >= _OF_PEOPLE and not _PERSONAL & set(keys):
        keys[keys.index("name")] = "given_name"  # who works where: the names are those of persons
    return tuple(keys)


@dataclass(frozen=True, slots=True)
class TableHead:
    """The titles of a table, the key of each column, and the texts above the titles."""

    titles: tuple[str, ...]
    keys: tuple[str, ...]
    above: tuple[str, ...] = ()

    @property
    def has_blocks(self) -> bool:
        """True for a list of people, whose organisation may stand in the first row of a block."""
        pairs = zip(self.keys, map(key_of, self.titles), strict=True)
        return "organisation" in self.keys and ("given_name", "name") in pairs


def find_titles(rows: Iterable[NumberedRow]) -> tuple[TableHead, Iterator[NumberedRow]]:
    """Return the titles of a table, and the rows below them; without any row no titles.

    They are in the first row, or in a later one that has more known titles, and at least two. The
    row just above may name groups of columns, such as a telephone by day and by night.
    """
    there = iter(rows)
    first = list(islice(there, _LOOKED_AT))
    if not first:
        return TableHead((), ()), there
    known = [_count_known(cells) for _, cells in first]
    place = max(range(len(first)), key=lambda one: (known[one], -one))
    if known[place] < _LEAST_KNOWN:
        place = 0
    own = tuple(first[place][1])
    groups = _groups(first[place - 1][1], len(own)) if place else ("",) * len(own)
    titles = tuple(f"{group} {title}".strip() for group, title in zip(groups, own, strict=True))
    above = tuple(cell for _, cells in first[:place] for cell in cells if cell.strip())
    keys = guess_columns(own, groups)
    return TableHead(titles, keys, () if any(groups) else above), chain(first[place + 1 :], there)


def is_sheet_of_contacts(rows: Iterable[NumberedRow]) -> bool:
    """Return whether a sheet has a row of known titles."""
    return max((_count_known(cells) for _, cells in islice(rows, _LOOKED_AT)), default=0) >= (
        _LEAST_KNOWN
    )


def _groups(above: Sequence[str], count: int) -> tuple[str, ...]:
    """Return for each column the title of its group; none without two, of which one is known."""
    if sum(bool(cell.strip()) for cell in above) < _LEAST_KNOWN or not _count_known(above):
        return ("",) * count
    found, group = [], ""
    for place in range(count):
        group = (above[place].strip() if place < len(above) else "") or group
        found.append(group)
    return tuple(found)


def key_of(title: str) -> str:
    """Return the key of a column by its title; empty for an unknown one."""
    folded = fold_title(title)
    if folded in _KEY_OF_TITLE:
        return _KEY_OF_TITLE[folded]
    words = folded.split()
    for count in range(len(words) - 1, 0, -1):
        key = _KEY_OF_TITLE.get(" ".join(words[:count]), "")
        if key in _BY_BEGINNING:
            return key
    return ""


def _count_known(cells: Sequence[str]) -> int:
    return len({key for cell in cells if len(cell) <= _LONGEST_TITLE and (key := key_of(cell))})
