# SPDX-License-Identifier: GPL-3.0-or-later
"""All that stands on Nina's file copy, line by line in each language, read and found right."""

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "sv": """
AKTKOPIA · FÅR INTE TAS MED PÅ RESAN Exemplar nr 7 · förvaras inlåst
Återvändandeplan
tulpan-47 · Нина Вымыслова
Från – till
Sverige – Ryssland (Pskov
oblast)
Samordnare
EB
Partner
Дом у реки
Språk
ryska · engelska; tolk
behövs
Status Godkänd sedan 20 november 2026
Utkast Bedömning Klar för
beslut
Godkänd Klar för resa På resa Framme Återintegre-ring
Uppföljning Avslutad
2 nov. 4 nov. 17 nov. 20 nov.
Villkor för nästa steg: klar för resa uppfyllt: 3 · öppet: 4 · åsidosatt: 1 · gäller inte: 1
Mottagandet är bekräftat av en namngiven
person
uppfyllt
Resehandlingarna är giltiga uppfyllt
Varje delsträcka är bokad och hon möts Den här delsträckan är inte bokad.
Varje delsträcka har en tid för avstämning åsidosatt 20 november 2026 av KL: Olga kör själv
och ringer från vägen
Sällskapet på resan är ordnat uppfyllt
Hon är frisk nog att resa gäller inte
Hennes blad kan skrivas ut Något på hennes blad saknas eller är fel.
Klienten har tillfrågats på nytt inom 48
timmar
Det var för länge sedan. Det måste göras om.
Riskerna genomgångna igen inom 72 timmar Det var för länge sedan. Det måste göras om.
uppfyllt öppet åsidosatt gäller inte
Samtycken i kraft 5 november 2026, Klienten, ryska
Ändamål Mottagare Omfattar Sista dag
Förfrågan om risker i
ursprungslandet
Дом у реки Identitet · Sammanfattning av
risker
3 februari 2027
Ressällskap Karin Resa 18 januari 2027
Mottagande och
återintegrering
Дом у реки Identitet · Resa · Omedelbara
behov · Återintegreringsplan
3 februari 2027
Beslut
Klientens egen önskan
Vill återvända, 1 december 2026,
tillfrågad igen 24 november 2026
Underskrivet av klienten
20 november 2026, ryska
Godkänt av
KL, 20 november 2026
Klient · Нина Вымыслова
Ort och datum
Samordnare · EB
Ort och datum
Godkännare · KL
Ort och datum
Plan tulpan-47, utskriven 24 november 2026 kl. 15:10 av EB sida 1 av 3
FÅR INTE TAS MED
PÅ RESAN
AKTKOPIA · FÅR INTE TAS MED PÅ RESAN Exemplar nr 7 · förvaras inlåst
Resan
Stockholm – Riga – Pskov 12–13 december 2026
Tidslinje skalenlig, med varje orts klocka
Stockholm 18 21 00 03 06 09 12 15 18
Riga 18 21 00 03 06 09 12 15 18
Pskov 21 00 03 06 09 12 15 18
1 Färja M/S Havsörn 3
Stockholm 17:00 Riga 10:30–11:15
Riga 11:40–12:40
Pskov 20:15
avstämning
Delsträckor tider enligt ortens egen klocka
Avgång Ankomst Färdmedel Möts av Status
lör 17:00
Stockholm,
Värtahamnen
sön 10:30
Riga, Rīgas pasažieru
osta
Färja
M/S Havsörn
HX 20417
Anna
gul halsduk
Bil med Anna
1 Bokad
sön 11:15
Riga, Rīgas pasažieru
osta
sön 11:40
Riga, Rīgas autoosta
2 Bil Anna Planerad
sön 12:40
Riga, Rīgas autoosta,
plattform 4
sön 20:15
Pskov, Busstationen,
stora ingången
Buss
17, Exempelbuss
Olga
blått paraply
3 Bokad
Avstämningar
sön 10:45 delsträcka 1 · enligt klockan i
Riga
Väntas
sön 20:45 delsträcka 3 · enligt klockan i
Moskva
Väntas
Resehandlingar
Pass
Klienten har den
giltig till: 1 maj 2030
00 0000001 · Ryssland · NINA VYMYSLOVA
Om något går fel
1 Ring Påhittad, vänta i kaféet.
3 Missad buss: Anna bokar nästa och stannar
kvar till den går.
Larmplan och kodord skrivs aldrig ut. De finns i
programmet.
Överlämnande
Sällskap Karin
Tas emot av Дом у реки
Var inte än
När inte än
Plan tulpan-47, utskriven 24 november 2026 kl. 15:10 av EB sida 2 av 3
FÅR INTE TAS MED
PÅ RESAN
AKTKOPIA · FÅR INTE TAS MED PÅ RESAN Exemplar nr 7 · förvaras inlåst
Risker
Återvändande är möjligt med åtgärder
Hennes egen syn på saken
”Hon känner sig redo”
Riskerna, som varje sida bedömer dem
Bedömt av Slutsats Gjord den Gäller till Öppna frågor
Nordhuset Återvändande är möjligt
med åtgärder
20 november
2026
20 december
2026
0
Дом у реки Återvändande är möjligt
med åtgärder
18 november
2026
18 december
2026
2
Skälen: Nordhuset
Sammanfattning Känd väg, trygg mottagare
Åtgärder Nytt telefonnummer
Åtgärderna är överenskomna ja
Skälen: Дом у реки
Sammanfattning Adressen är känd av andra.
Åtgärder Rum i en annan stad.
Åtgärderna är överenskomna ja
Mål 0 – inget … 4 – stabilt
Livsområde Hennes mål, med egna ord Början, nu, mål Till när Vem hjälper
Lära sig ett
yrke
”Jag vill bli frisör” 1 september
2027
Дом у реки
start nu mål
Nummer att ringa
+46 70 174 06 15
dygnet runt
senast provringt: 24 nov. 12:00 (CET, Stockholm)
Med på resan
Sällskap Socialarbetare
Behov Läkemedel
Påminnelser Egna tabletter 08:00
Bagage 1 resväska, blå
Samtycken som inte är i kraft 5 november 2026, Klienten, ryska
Ändamål Mottagare Omfattar Sista dag
Kontakt med familjen Дом у реки Identitet · Kontaktvägar 3 februari 2027
återkallat 12 nov. 2026
Plan tulpan-47, utskriven 24 november 2026 kl. 15:10 av EB sida 3 av 3
FÅR INTE TAS MED
PÅ RESAN
""",
    "en": """
FILE COPY · NOT TO TRAVEL Copy no. 7 · kept locked
Return plan
tulpan-47 · Нина Вымыслова
From – to
Sweden – Russia (Pskov
oblast)
Coordinator
EB
Partner
Дом у реки
Languages
Russian · English;
interpreter needed
Status Approved since 20 November 2026
Draft Assessing Ready for
decision
Approved Ready to
travel
Travelling Arrived Re-integrating
Follow-up Closed
2 Nov 4 Nov 17 Nov 20 Nov
Conditions for the next step: ready to travel met: 3 · open: 4 · set aside: 1 · do not apply: 1
Reception is confirmed by a named person met
Travel documents are valid met
Each leg is booked, and she is met This leg is not booked.
Each leg has a check-in time set aside 20 November 2026 by KL: Olga kör själv
och ringer från vägen
Company on the journey is arranged met
She is fit to travel does not apply
Her sheet can be printed Something on her sheet is missing or wrong.
She was asked again about her wish within
48 hours
This was too long ago. It must be done again.
Risks were reviewed again within 72 hours This was too long ago. It must be done again.
met open set aside does not apply
Consents in force 5 November 2026, The client, Russian
Purpose Recipient Covers Last day
Enquiry about risks in the
country of origin
Дом у реки Identity · Summary of risks 3 February 2027
Company on the journey Karin Journey 18 January 2027
Reception and
reintegration
Дом у реки Identity · Journey · Immediate
needs · Reintegration plan
3 February 2027
Decision
Her own wish
Wishes to return, 1 December
2026, asked again 24 November
2026
She signed
20 November 2026,
Russian
Approved by
KL, 20 November 2026
Client · Нина Вымыслова
Place and date
Coordinator · EB
Place and date
Approver · KL
Place and date
Plan tulpan-47, printed 24 November 2026 at 15:10 by EB page 1 of 3
NOT TO TRAVEL
FILE COPY · NOT TO TRAVEL Copy no. 7 · kept locked
The journey
Stockholm – Riga – Pskov 12–13 December 2026
Timeline to scale, on each place’s own clock
Stockholm 18 21 00 03 06 09 12 15 18
Riga 18 21 00 03 06 09 12 15 18
Pskov 21 00 03 06 09 12 15 18
1 Ferry M/S Havsörn 3 Bus 17, Exempelbuss
Stockholm 17:00 Riga 10:30–11:15
Riga 11:40–12:40
Pskov 20:15
check-in
Legs each time on its own place’s clock
Departure Arrival Means of travel Met by Status
Sat 17:00
Stockholm,
Värtahamnen
Sun 10:30
Riga, Rīgas pasažieru
osta
Ferry
M/S Havsörn
HX 20417
Anna
gul halsduk
Bil med Anna
1 Booked
Sun 11:15
Riga, Rīgas pasažieru
osta
Sun 11:40
Riga, Rīgas autoosta
2 Car Anna Planned
Sun 12:40
Riga, Rīgas autoosta,
plattform 4
Sun 20:15
Pskov, Busstationen,
stora ingången
Bus
17, Exempelbuss
Olga
blått paraply
3 Booked
Check-ins
Sun 10:45 leg 1 · on the clock of Riga
Due
Sun 20:45 leg 3 · on the clock of Moscow
Due
Travel documents
Passport
The client has it
valid until: 1 May 2030
00 0000001 · Russia · NINA VYMYSLOVA
If something goes wrong
1 Ring Påhittad, vänta i kaféet.
3 Missad buss: Anna bokar nästa och stannar
kvar till den går.
The alarm plan and the code word are never printed.
They are in the program.
Handover
Company Karin
Received by Дом у реки
Where not yet
When not yet
Plan tulpan-47, printed 24 November 2026 at 15:10 by EB page 2 of 3
NOT TO TRAVEL
FILE COPY · NOT TO TRAVEL Copy no. 7 · kept locked
Risks
Return is possible with measures
Her own view of it
“Hon känner sig redo”
The risks, as each side assesses them
Assessed by Conclusion Done on Assessment valid
until
Open
questions
Nordhuset Return is possible with
measures
20 November
2026
20 December
2026
0
Дом у реки Return is possible with
measures
18 November
2026
18 December
2026
2
Reasons: Nordhuset
Summary Känd väg, trygg mottagare
Measures Nytt telefonnummer
Measures are agreed yes
Reasons: Дом у реки
Summary Adressen är känd av andra.
Measures Rum i en annan stad.
Measures are agreed yes
Goals 0 – nothing … 4 – stable
Area of life Her goal, in her own words Start, now, goal By when Who helps
Learning a
trade
“Jag vill bli frisör” 1 September
2027
Дом у реки
start now goal
Numbers that she may call
+46 70 174 06 15
dygnet runt
last test call: 24 Nov 12:00 (CET, Stockholm)
With her on the way
Company Social worker
Needs Medication
Reminders Egna tabletter 08:00
Luggage 1 resväska, blå
Consents that are not in force 5 November 2026, The client, Russian
Purpose Recipient Covers Last day
Contact with the family Дом у реки Identity · Ways to reach her 3 February 2027
withdrawn 12 Nov 2026
Plan tulpan-47, printed 24 November 2026 at 15:10 by EB page 3 of 3
NOT TO TRAVEL
""",
    "ru": """
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 7 · хранить под замком
План возвращения
tulpan-47 · Нина Вымыслова
Откуда — куда
Швеция – Россия
(Псковская область)
Координатор
EB
Партнёр
Дом у реки
Языки
русский · английский;
нужен переводчик
Статус Утверждён: с 20 ноября 2026
Черновик Оценка Готов к
решению
Утверждён Готов к
поездке
В пути Прибытие Реинте-грация
Сопровож-дение
Закрыт
2 нояб. 4 нояб. 17 нояб. 20 нояб.
Условия следующего шага: готов к поездке
выполнено: 3 · не выполнено: 4 · снято: 1 · не применяется: 1
Приём подтверждён, принимающий назван
по имени
выполнено
Документы действительны выполнено
Каждый участок забронирован, её
встречают
Этот участок не забронирован.
На каждом участке есть время
контрольной связи
снято 20 ноября 2026, KL: Olga kör själv och
ringer från vägen
Сопровождение в пути определено выполнено
Состояние позволяет ехать не применяется
Её лист можно напечатать Для её листа чего-то не хватает, или что-то
неверно.
Желание уточнено не более 48 часов назад Это было слишком давно. Нужно сделать
заново.
Риски пересмотрены не более 72 часов
назад
Это было слишком давно. Нужно сделать
заново.
выполнено не выполнено снято не применяется
Действующие согласия 5 ноября 2026, Клиент, русский
Цель Получатель Охватывает Последний день
Запрос о рисках в стране
происхождения
Дом у реки Личность · Краткие сведения о
рисках
3 февраля 2027
Сопровождение в пути Karin Поездка 18 января 2027
Приём и реинтеграция Дом у реки Личность · Поездка ·
Неотложные потребности ·
План реинтеграции
3 февраля 2027
План tulpan-47, напечатано 24 ноября 2026 в 15:10, EB страница 1 из 4
В ДОРОГУ НЕ БРАТЬ
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 7 · хранить под замком
Решение
Собственное желание клиента
Хочет вернуться, 1 декабря 2026,
вопрос задан снова 24 ноября
2026
Подпись клиента
20 ноября 2026, русский
Утверждено
KL, 20 ноября 2026
Клиент · Нина Вымыслова
Место и дата
Координатор · EB
Место и дата
Утверждающее лицо · KL
Место и дата
Поездка
Стокгольм – Рига – Псков 12–13 декабря 2026
Шкала времени в масштабе, по местным часам
Стокгольм 18 21 00 03 06 09 12 15 18
Рига 18 21 00 03 06 09 12 15 18
Псков 21 00 03 06 09 12 15 18
1 Паром M/S Havsörn 3
Стокгольм 17:00 Рига 10:30–11:15
Рига 11:40–12:40
Псков 20:15
контрольная связь
Участки маршрута время местное
Отправление Прибытие Вид транспорта Кто встречает Статус
сб 17:00
Стокгольм,
Värtahamnen,
морской терминал
вс 10:30
Рига, Rīgas pasažieru
osta, морской вокзал
Паром
M/S Havsörn
HX 20417
Анна
жёлтый шарф
Машина с
Анной
1 Забронирован
вс 11:15
Рига, Rīgas pasažieru
osta
вс 11:40
Рига, Rīgas autoosta
2 Машина Анна Запланирован
вс 12:40
Рига, Rīgas autoosta,
платформа 4
вс 20:15
Псков, Автовокзал,
главный вход
Автобус
17, Exempelbuss
Ольга
синий зонт
3 Забронирован
Контрольная связь
вс 10:45 участок 1 · по местному
времени: Рига
Ожидается
вс 20:45 участок 3 · по местному
времени: Москва
Ожидается
Проездные документы
Паспорт
У клиента на руках
действует до: 1 мая 2030
00 0000001 · Россия · NINA VYMYSLOVA
План tulpan-47, напечатано 24 ноября 2026 в 15:10, EB страница 2 из 4
В ДОРОГУ НЕ БРАТЬ
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 7 · хранить под замком
Если что-то пойдёт не так
1 Ring Påhittad, vänta i kaféet.
3 Missad buss: Anna bokar nästa och stannar
kvar till den går.
План действий при тревоге и кодовое слово
никогда не печатаются. Они есть в программе.
Передача
Сопровождение Karin
Кто принимает Дом у реки
Где пока нет
Когда пока нет
Риски
Возвращение возможно при принятии мер
Её собственное мнение
«Она чувствует себя готовой»
Риски по оценке каждой стороны
Кто оценивал Вывод Проведена Действует до Открытые
вопросы
Nordhuset Возвращение
возможно при
принятии мер
20 ноября
2026
20 декабря
2026
0
Дом у реки Возвращение
возможно при
принятии мер
18 ноября
2026
18 декабря
2026
2
Обоснование: Nordhuset
Краткое изложение Знакомая дорога, надёжный приём
Меры Новый номер телефона
Меры согласованы да
Обоснование: Дом у реки
Краткое изложение Адрес известен другим.
Меры Комната в другом городе.
Меры согласованы да
Цели 0 — ничего нет … 4 — устойчиво
Сфера жизни Её цель, её словами Начало, сейчас, цель К какому сроку Кто помогает
Обучение
профессии
«Хочу стать
парикмахером»
1 сентября
2027
Дом у реки
начало сейчас цель
План tulpan-47, напечатано 24 ноября 2026 в 15:10, EB страница 3 из 4
В ДОРОГУ НЕ БРАТЬ
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 7 · хранить под замком
Куда можно звонить
+46 70 174 06 15
днём и ночью
последний пробный звонок: 24 нояб. 12:00 (CET,
Стокгольм)
С собой в дороге
Сопровождение Социальный работник
Потребности Лекарства
Напоминания Свои таблетки 08:00
Вещи 1 чемодан, синий
Недействующие согласия 5 ноября 2026, Клиент, русский
Цель Получатель Охватывает Последний день
Контакт с семьёй Дом у реки Личность · Способы связи 3 февраля 2027
отозвано 12 нояб. 2026
План tulpan-47, напечатано 24 ноября 2026 в 15:10, EB страница 4 из 4
В ДОРОГУ НЕ БРАТЬ
""",
}

EMPTY: Mapping[str, str] = {
    "sv": """
AKTKOPIA · FÅR INTE TAS MED PÅ RESAN Exemplar nr 1 · förvaras inlåst
Återvändandeplan
ekorre-12
Från – till
inte tillfrågad
Samordnare
ingen än
Partner
ingen än
Språk
inte tillfrågad; tolk: okänt
Status Utkast
Utkast Bedömning Klar för
beslut
Godkänd Klar för resa På resa Framme Återintegre-ring
Uppföljning Avslutad
Samtycken i kraft
Inget samtycke är i kraft i dag: ingenting får lämnas ut.
Beslut
Klientens egen önskan
inte tillfrågad
Underskrivet av klienten
inte tillfrågad
Godkänt av
ingen än
Klient
Ort och datum
Samordnare
Ort och datum
Godkännare
Ort och datum
Resan
Inga delsträckor än
Tidslinje
Ingen delsträcka har tid för både avgång och ankomst än.
Delsträckor
Inga delsträckor än
Avstämningar
ingen är bestämd
Resehandlingar
inget är antecknat
Om något går fel
ingenting är antecknat
Larmplan och kodord skrivs aldrig ut. De finns i
programmet.
Överlämnande
Sällskap ingen än
Tas emot av ingen än
Var inte än
När inte än
Plan ekorre-12, utskriven 24 november 2026 kl. 15:10 av EB sida 1 av 2
FÅR INTE TAS MED
PÅ RESAN
AKTKOPIA · FÅR INTE TAS MED PÅ RESAN Exemplar nr 1 · förvaras inlåst
Risker
Riskerna är inte bedömda än
Nummer att ringa
inget är antecknat
Med på resan
Sällskap inte tillfrågad
Behov inte tillfrågad
Påminnelser inte tillfrågad
Bagage inte tillfrågad
Plan ekorre-12, utskriven 24 november 2026 kl. 15:10 av EB sida 2 av 2
FÅR INTE TAS MED
PÅ RESAN
""",
    "en": """
FILE COPY · NOT TO TRAVEL Copy no. 1 · kept locked
Return plan
ekorre-12
From – to
not asked
Coordinator
no one yet
Partner
no one yet
Languages
not asked; interpreter: not
known
Status Draft
Draft Assessing Ready for
decision
Approved Ready to
travel
Travelling Arrived Re-integrating
Follow-up Closed
Consents in force
No consent is in force today: nothing may be shared.
Decision
Her own wish
not asked
She signed
not asked
Approved by
no one yet
Client
Place and date
Coordinator
Place and date
Approver
Place and date
The journey
No legs yet
Timeline
No leg has both a departure and an arrival time yet.
Legs
No legs yet
Check-ins
none is set
Travel documents
none recorded
If something goes wrong
nothing recorded
The alarm plan and the code word are never printed.
They are in the program.
Handover
Company no one yet
Received by no one yet
Where not yet
When not yet
Plan ekorre-12, printed 24 November 2026 at 15:10 by EB page 1 of 2
NOT TO TRAVEL
FILE COPY · NOT TO TRAVEL Copy no. 1 · kept locked
Risks
The risks have not been assessed yet
Numbers that she may call
none recorded
With her on the way
Company not asked
Needs not asked
Reminders not asked
Luggage not asked
Plan ekorre-12, printed 24 November 2026 at 15:10 by EB page 2 of 2
NOT TO TRAVEL
""",
    "ru": """
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 1 · хранить под замком
План возвращения
ekorre-12
Откуда — куда
не спрашивали
Координатор
пока никто
Партнёр
пока никто
Языки
не спрашивали; переводчик:
неизвестно
Статус Черновик
Черновик Оценка Готов к
решению
Утверждён Готов к
поездке
В пути Прибытие Реинте-грация
Сопровож-дение
Закрыт
Действующие согласия
Сегодня ни одно согласие не действует: передавать ничего нельзя.
Решение
Собственное желание клиента
не спрашивали
Подпись клиента
не спрашивали
Утверждено
пока никто
Клиент
Место и дата
Координатор
Место и дата
Утверждающее лицо
Место и дата
Поездка
Участков пока нет
Шкала времени
Ни для одного участка пока не указано время и отправления, и прибытия.
Участки маршрута
Участков пока нет
Контрольная связь
не назначена
Проездные документы
не записано
Если что-то пойдёт не так
ничего не записано
План действий при тревоге и кодовое слово
никогда не печатаются. Они есть в программе.
Передача
Сопровождение пока никто
Кто принимает пока никто
Где пока нет
Когда пока нет
План ekorre-12, напечатано 24 ноября 2026 в 15:10, EB страница 1 из 2
В ДОРОГУ НЕ БРАТЬ
ЭКЗЕМПЛЯР ДЛЯ ДЕЛА · В ДОРОГУ НЕ БРАТЬ Экземпляр № 1 · хранить под замком
Риски
Риски пока не оценены
Куда можно звонить
не записано
С собой в дороге
Сопровождение не спрашивали
Потребности не спрашивали
Напоминания не спрашивали
Вещи не спрашивали
План ekorre-12, напечатано 24 ноября 2026 в 15:10, EB страница 2 из 2
В ДОРОГУ НЕ БРАТЬ
""",
}
