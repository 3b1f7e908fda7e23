# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole papers, word for word: what is meant stands there, and nothing else does.

The lines were read on the page by eye. After a wanted change read the new page before these.
"""

import pytest
from tests.unit.documents.companion_samples import journey
from tests.unit.documents.paper_samples import RESOURCES, ROOT, abroad, elsa

from kfdesk.documents.escort.layout import draw_escort_sheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperFormat

FOLDED_SV = """
Resplan 9–10 januari
Namn som på biljetten
ELSA PÅHITTAD LÖFGREN
18:00
lör 9 januari
estnisk tid
Tallinn
Reisisadam, D-terminal
Färja M/S Exempel
17 tim 15 min
10:15
sön 10 januari
svensk tid
Stockholm
Värtahamnen,
ankomsthallen
Ställ tillbaka klockan 1 timme
Möter dig
Karin
grön halsduk
Bil med Karin · 20 min
12:22 fortsätter till höger
Stockholm C – Sundsvall C sön 10 januari
12:22
sön 10 januari
svensk tid
Stockholm C
Spår 10, vagn 3, plats 24
Tåg 5417 mot
Sundsvall
3 tim 41 min
16:03
sön 10 januari
svensk tid
Sundsvall C
Stora ingången,
under klockan
Möter dig
Maj-Britt
röd ryggsäck
Behöver du hjälp? Ring
Möter ingen? Stanna inomhus och ring.
1 +46 70-174 06 27
dygnet runt, svenska
2 +372 000 0117
kl. 8–22, estnisk tid
112 Nödnummer.
Gratis från alla
telefoner.
Visa de här orden
Jag talar svenska.
EN I speak Swedish.
ET Ma räägin rootsi keelt.
Var är den här färjan?
EN Where is this ferry, please?
ET Kus see laev on, palun?
Får jag ringa?
EN May I make a phone call?
ET Kas ma tohin helistada?
Bagage – räkna vid varje byte
2 resväskor, röd och grå
1 ryggsäck
pass och biljetter, alltid hos dig
telefon, laddare, pengar
"""

LARGE_RO = """
Plan de
călătorie
31 decembrie 2026 – 1 ianuarie 2027 · 1 din 2
Numele, ca pe bilet
ANA INVENTED
22:05
joi 31 decembrie
ora din Stockholm
Stockholm
Arlanda, terminal 5
Zbor XX 801 · 3 h 10 min
02:15
vin. 1 ianuarie
ora din Chișinău
Chișinău
Sosiri, ieșirea din față
Dați ceasul înainte cu 1 oră
Vă întâmpină
Ștefania
eșarfă galbenă
Plan de călătorie 2 din 2
Aveți nevoie de ajutor? Sunați
Nu vă întâmpină nimeni? Rămâneți înăuntru și sunați.
1 +46 70-174 06 15
ziua și noaptea, în română
2 +46 70-174 06 27
ziua și noaptea, în română
112 Număr de urgență.
Gratuit de la orice telefon.
Arătați aceste cuvinte
Vorbesc română.
EN I speak Romanian.
Unde este această poartă de îmbarcare, vă rog?
EN Where is this gate, please?
Pot să dau un telefon?
EN May I make a phone call?
Bagaje – numărați-le la fiecare schimbare
1 valiză, albastră pașaport și bilete,
la Dvs.
"""

A4_BG = """
План за пътуване 31 декември 2026 – 1 януари 2027
Име, както в билета
ANA INVENTED
22:05
чт 31 декември
време в Стокхолм
Стокхолм
Arlanda, terminal 5
Полет XX 801 · 3 ч 10 мин
Посреща Ви
Мария
жълт шал
02:15
пт 1 януари
време в София
София
Терминал 2, изход Б
Преместете часовника с 1 час
напред
Никой не Ви посрещна? Останете вътре и се обадете.
Нужна е помощ? Обадете се
1 +46 70-174 06 15
денем и нощем, на български
2 +46 70-174 06 27
денем и нощем, на български
112 Спешен номер.
Безплатно от всеки
телефон.
Покажете тези думи
Говоря български.
EN I speak Bulgarian.
Къде е този изход за качване, моля?
EN Where is this gate, please?
Може ли да се обадя по телефона?
EN May I make a phone call?
Багаж – пребройте го при всяко прекачване
1 куфар, син паспорт и билети – винаги в Вас
"""

COMPANION_RU = """
План поездки · сопровождение 12–13 декабря 2026
Вы сопровождаете (имя, как в билете)
NINA VYMYSLOVA
Языки
русский и английский
Маршрут
Местное время Откуда — куда Транспорт Кто встречает, знак
17:00
сб, 12 декабря
время Стокгольма
10:30
вс, 13 декабря
время Риги
Переведите часы
на 1 час вперёд
Стокгольм
Värtahamnen,
морской терминал
Рига
Rīgas pasažieru osta
Паром M/S
Havsörn,
Exempellinjen
Анна
жёлтый шарф
Машина с
Анной, серая
25 мин
1
12:40
вс, 13 декабря
время Риги
20:15
вс, 13 декабря
московское время
Переведите часы
на 1 час вперёд
Рига
Rīgas autoosta,
платформа 4
Псков
Автовокзал, главный вход
Автобус 17,
Exempelbuss
Ольга
синий зонт
2
В пути
Сидеть рядом, у прохода; тихие места.
Рядом женщина, и у выхода на посадку.
Короткая остановка каждые два часа;
лифт вместо лестницы.
Напоминания по просьбе
21:00 Стокгольм
синяя коробка, с едой
09:00 Рига синяя коробка, с едой
Вещи остаются у пассажира. Нужно только
напомнить.
Кому и когда звонить
Когда Что написать или сказать Кому Номер
сб, 12 декабря 16:45
время Стокгольма
«Едем, всё хорошо» Марина +46 70-174 06 15
вс, 13 декабря 11:00
время Риги
«Нас встретили: Анна» Марина +46 70-174 06 15
вс, 13 декабря 20:45
московское время
«Доехали, всё хорошо» Марина +46 70-174 06 15
Опоздание 30 минут
или не успели на рейс
место, где находитесь;
оставайтесь вместе
Марина +46 70-174 06 15
Нет ответа 10 мин то же самое Анна +371 000 00117
112 Экстренный вызов. Бесплатно с любого телефона.
Затем сообщите: Марина.
После поездки, пожалуйста, порвите этот лист.
"""

COMPANION_SV = """
Resplan · ressällskap 12–13 december 2026 · 1 av 2
Du reser med (namn som på biljetten)
NINA VYMYSLOVA
Talar
ryska och engelska
Resväg
Lokal tid Från – till
17:00
lör 12 december
svensk tid
10:30
sön 13 december
lettisk tid
Ställ fram klockan 1
timme
Stockholm
Värtahamnen, färjeterminal
Färja M/S Havsörn, Exempellinjen
Riga
Rīgas pasažieru osta
Anna
gul halsduk
Bil med Anna, grå · 25 min
1
12:40
sön 13 december
lettisk tid
20:15
sön 13 december
Moskvatid
Ställ fram klockan 1
timme
Riga
Rīgas autoosta, plattform 4
Buss 17, Exempelbuss
Pskov
Псков, автовокзал, stora ingången
Olga
blått paraply
2
Under resan
Sitt bredvid,
vid gången. Lugna platser.
En kvinna bredvid, även vid gaten.
Kort paus varannan timme; hiss i
stället för trappor.
Önskade påminnelser
21:00 Stockholm
blå ask, med mat
09:00 Riga blå ask, med mat
Sakerna stannar hos resenären.
Påminn bara.
Resplan · ressällskap 12–13 december 2026 · 2 av 2
Vem du ringer, och när
När Skriv eller säg Till
lör 12 december 16:45
svensk tid
”Ombord, allt väl” Marina
+46 70-174 06 15
sön 13 december
11:00
lettisk tid
”Anna har mött oss” Marina
+46 70-174 06 15
sön 13 december
20:45
Moskvatid
”Framme, allt väl” Marina
+46 70-174 06 15
30 min försenade,
eller missad
anslutning
var ni är; stanna
tillsammans
Marina
+46 70-174 06 15
Inget svar på 10 min samma sak Anna
+371 000 00117
112 Nödnummer. Gratis från alla telefoner.
Ring sedan Marina.
Riv sönder papperet efter resan.
"""


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages and the traveller's."""
    return Typesetter(RESOURCES, ROOT / "translations")


def lines(pdf: bytes) -> list[str]:
    found = (line.strip() for page in page_texts(pdf) for line in page.splitlines())
    return [line for line in found if line]


def test_folded_sheet_in_swedish_says_exactly_this(whole: Typesetter) -> None:
    pdf = draw_traveller_sheet(elsa(), whole.client("sv"), whole, PaperFormat.A6_FOLD)
    assert lines(pdf) == FOLDED_SV.strip().splitlines()


def test_large_sheet_in_romanian_says_exactly_this(whole: Typesetter) -> None:
    pdf = draw_traveller_sheet(abroad("ro"), whole.client("ro"), whole, PaperFormat.LARGE)
    assert lines(pdf) == LARGE_RO.strip().splitlines()


def test_sheet_in_bulgarian_says_exactly_this(whole: Typesetter) -> None:
    pdf = draw_traveller_sheet(abroad("bg"), whole.client("bg"), whole, PaperFormat.A4)
    assert lines(pdf) == A4_BG.strip().splitlines()


def test_companions_sheet_in_russian_says_exactly_this(whole: Typesetter) -> None:
    words = whole.client("ru")
    assert lines(draw_escort_sheet(journey("ru"), words, whole)) == (
        COMPANION_RU.strip().splitlines()
    )


def test_companions_large_sheet_in_swedish_says_exactly_this(whole: Typesetter) -> None:
    words = whole.client("sv")
    pdf = draw_escort_sheet(journey("sv"), words, whole, PaperFormat.LARGE)
    assert lines(pdf) == COMPANION_SV.strip().splitlines()
