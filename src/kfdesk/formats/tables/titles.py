# SPDX-License-Identifier: GPL-3.0-or-later
"""What a column's title means, in the words of the programs and languages that write such lists.

Only a guess, which a person corrects. A title is compared folded, without digits and signs. A
language is a few words more in the table.
"""

import re
from collections.abc import Mapping, Sequence

from kfdesk.domain.letters.folding import simple

_TITLES: Mapping[str, str] = {
    "name": """
        name; display name; full name; file as; organisation name; namn;
        visningsnamn; название; наименование; отображаемое имя; имя и фамилия; nimi; nazwa;
        wyswietlana nazwa; vardas ir pavarde; nosaukums; anzeigename; sending country;
        pavadinimas; naytettava nimi""",
    "other_name": "name local; alternate name; nickname; other name; smeknamn; псевдоним",
    "given_name": """
        first name; given name; fornamn; имя; etunimi; eesnimi; vards; vardas; imie; vorname;
        prenom; nombre; nome; krstne meno; meno""",
    "family_name": """
        last name; family name; surname; efternamn; фамилия; sukunimi; perekonnanimi; uzvards;
        pavarde; nazwisko; nachname; nom; apellidos; apellido; cognome; priezvisko""",
    "organisation": """
        company; organization; organisation; organization name; organization name value;
        foretag; организация; компания; yritys; organisaatio; ettevote; organisatsioon;
        uznemums; organizacija; imone; firma; organizacja; unternehmen; societe;
        organizacion; empresa; azienda; societa; spolocnost; works for""",
    "role": """
        job title; organization title; title; role; position; befattning; titel; должность;
        tehtavanimike; ametinimetus; amats; pareigos; stanowisko; position""",
    "phone": """
        phone; telephone; phone number; work phone; home phone; mobile phone; mobile number;
        business phone; phone value; primary phone; other phone; company main phone; car phone;
        phone unchecked; mobile; cell phone; telefon; telefonnummer; mobil; mobiltelefon;
        arbetstelefon; телефон; рабочий телефон; домашний телефон; номер сотового телефона;
        мобильный телефон; puhelin; matkapuhelin; tyopuhelin; kotipuhelin; mobiil; talrunis;
        telefonas; mobilusis telefonas; telefon sluzbowy; telefon domowy; telefon komorkowy;
        telefon geschaftlich; telefon privat; mobil telefon; telephone bureau; numero""",
    "fax": """
        fax; fax number; business fax; home fax; other fax; faks; факс; номер факса; faksi""",
    "email": """
        e mail; email; mail; e mail address; email address; primary email; secondary email;
        e mail value; email value; e post; epost; e postadress; адрес электронной почты;
        электронная почта; эл почта; альтернативный адрес электронной почты; sahkoposti;
        sahkopostiosoite; epasts; e pastas; el pastas; adres e mail; e mail adresse""",
    "website": """
        website; web page; webpage; url; web; homepage; website value; personal web page;
        webbplats; webbsida; hemsida; веб страница; сайт; verkkosivu; kodulehekulg; koduleht;
        majaslapa; svetaine; strona internetowa; webseite""",
    "address": """
        address; street; business street; home street; other street; home address; work address;
        address street; address po box; address postal code; postal code; zip; zipcode;
        home zipcode; work zipcode; home postal code; business postal code; adress; gata;
        gatuadress; postnummer; адрес; адрес раб; улица; почтовый индекс; почтовый индекс раб;
        osoite; katuosoite; postinumero; aadress; tanav; adrese; iela; adresas; adres; ulica;
        strasse; kod pocztowy; postleitzahl; address 1""",
    "city": """
        city; town; business city; home city; work city; other city; address city; ort; stad;
        postort; город; город раб; kaupunki; linn; pilseta; miestas; miasto; stadt; ville;
        ciudad; citta; mesto; place""",
    "country": """
        country; business country; home country; work country; other country; country region;
        business country region; home country region; other country region; address country;
        host country; land; страна; страна раб; maa; riik; valsts; salis; kraj; pays; pais;
        paese; krajina""",
    "languages": "languages; language; sprak; языки; язык; kielet; keeled; valodas; kalbos; jezyki",
    "services": "services; tjanster; услуги; palvelut; teenused; pakalpojumi; paslaugos; uslugi",
    "offers": "offers; kind; type; services in their words; description; beskrivning; описание",
    "populations": "populations; for whom; target groups; malgrupp; целевая группа",
    "networks": "networks; natverk; сети",
    "hours": "hours; opening hours; oppettider; часы работы; aukioloajat; darbo laikas",
    "part_of": "part of; parent organization; parent; ingar i; входит в",
    "contact_risk": "contact risk; risk",
    "note": """
        note; notes; comment; comments; remark; anteckningar; anteckning; заметки; примечание;
        комментарий; muistiinpanot; markused; piezimes; pastabos; notatki; notizen; remarques;
        notas; note personali; poznamky; say first; seen at""",
}
_JUNK = re.compile(r"[^\w]+|[\d_]+")
_FORMATTED = "address formatted"


def plain(title: str) -> str:
    """A title as it is compared: folded, without digits and signs."""
    return " ".join(_JUNK.sub(" ", simple(title)).split())


_MEANING = {plain(title): key for key, titles in _TITLES.items() for title in titles.split(";")}


def guess(titles: Sequence[str]) -> tuple[str, ...]:
    """The key of each column, empty for one that nobody knows.

    Where first and last names have columns, the column of whole names only repeats them.
    """
    keys = [_MEANING.get(plain(title), "") for title in titles]
    if {"given_name", "family_name"} <= set(keys):
        keys = ["" if key == "name" else key for key in keys]
    if "name" not in keys and "given_name" not in keys and "organisation" in keys:
        place = keys.index("organisation")
        keys[place] = "name"
    return tuple(keys)


def looks_like_titles(row: Sequence[str]) -> bool:
    """Whether a first row names columns rather than somebody."""
    return any(_MEANING.get(plain(cell)) or plain(cell) == _FORMATTED for cell in row)
