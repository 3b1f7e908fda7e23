# SPDX-License-Identifier: GPL-3.0-or-later
"""Small lists of contacts as people send them, with invented names; what is in them, beside."""

CARDS = """\
BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Дом у озера
ADR:;;Набережная 3;Pskov;;180000;Россия
TEL;TYPE=work;VALUE=uri:tel:+7-811-255-01-01
TEL;TYPE=fax:+7 811 255 01 02
EMAIL:dom@example.org
LANG:ru
NOTE:Просят звонить после девяти
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:P=C3=A5hittad;Karin
ORG:Lilla huset;Jour
TEL;CELL:08-465 004 01
TEL;WORK:08-465 004 02
TITLE:Samordnare
END:VCARD
BEGIN:VCARD
VERSION:3.0
TEL:+46 8 465 004 03
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Halva kortet
""".replace("\n", "\r\n").encode()
"""An organisation; a person whose house is not there yet; a card without a name; half a card."""

TABLE = '''\
Namn;Ort;Land;Telefon;E-post;Språk;Anteckningar
Kvinnohuset Åsen;Umeå;Sverige;08-465 004 10;asen@example.org;svenska, ryska;=1+1
;;;08-465 004 11;;;
"Naiste maja ""Kodu""";Tartu;Eesti;+372 000 0142;;eesti;
'''.encode("cp1252")
"""Two organisations as a Swedish spreadsheet saves them, and between them a row without a name."""
