# SPDX-License-Identifier: GPL-3.0-or-later
"""All that stands on Nina's consent form, line by line in each language, read and found right."""

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "sv": """
Samtycke till att lämna ut uppgifter tulpan-47
Du bestämmer. Du kan säga ja, nej eller ja till en del. Säger du nej hjälper vi dig ändå.
1 Till vem
Дом у реки
Bara de, och ingen annan.
2 Varför
Mottagande och hjälp när du
kommit fram
Det får inte användas till något annat.
3 Vad vi lämnar ut, och vad vi inte lämnar ut
Vi lämnar ut
ditt namn, ålder, medborgarskap, språk
din resa: väg, dagar, tider, handlingar
vad du behöver de första dagarna
dina planer och mål när du kommit fram
Vi lämnar inte ut
hur man når dig på ett säkert sätt
din hälsa
dina barn och din familj
vad som kan vara farligt, i korthet
vad som har hänt dig
domstol, polis, tillstånd
fotografier av dig
vem som gör vad för dig, och när
4 Till och med
3 februari 2027
Sedan upphör det av sig självt, och vi
frågar dig igen.
5 Så tar du tillbaka det
När som helst, utan skäl: säg det till någon som
arbetar här, eller ring. Vi slutar genast att lämna ut,
och mottagaren får veta att du har tagit tillbaka det.
Telefon:
Mottagaren finns i ett annat land: Ryssland
Lagen i det landet skyddar inte uppgifterna om dig så som lagen här gör. Vi kan inte styra vad som
händer med det där. Myndigheter där kan komma att läsa det. Det kan vara svårt att få
det rättat eller raderat där, eller att klaga. Du får säga nej. Du får ta tillbaka ditt samtycke
senare, men det som redan har skickats dit går inte att kalla tillbaka.
6 Det här har förklarats på mitt språk (kryssa för varje punkt)
Du bestämmer själv om du vill prata med oss. Du får avbryta när som helst.
Vi frågar för att kunna hjälpa dig med just det här, och inte för något annat.
Bara de som du har gått med på får ta del av det, och bara det som du har gått med på.
Om du går med på det får uppgifter utan ditt namn användas för att lära hur andra kan få hjälp. Du
får säga nej till det.
Du får när som helst fråga vad som står om dig och vilka som har fått det, och få det rättat.
Vi sparar det bara så länge vi måste, och sedan raderas det.
Du får ta tillbaka det här när som helst. Du behöver inget skäl, och vi fortsätter att hjälpa dig.
7 Mitt svar Jag samtycker delvis jag samtycker inte
Delvis: stryk ovan det som vi inte får lämna ut.
Underskrift
Нина Вымыслова datum
Personal
EB datum
Tolk (ryska)
datum
Ett exemplar förvaras inlåst här. Du får också ett om du vill. Ta inte med det på resan. text 1.4
· 1 av 1
""",
    "en": """
Consent to share information tulpan-47
You decide. You may say yes, no, or yes to a part only. If you say no, we go on helping you.
1 To whom
Дом у реки
Only they, and no one else.
2 What for
A welcome and help after you
arrive
It may be used for nothing else.
3 What we share, and what we do not share
We share
your name, age, citizenship, languages
your journey: the way, days, times,
documents
what you need in the first days
your plans and goals after you arrive
4 Until when
3 February 2027
Then it ends by itself, and we ask you
again.
We do not share
how to reach you safely
your health
your children and your family
what may be dangerous, in short
what has happened to you
court, police, permits
photographs of you
who does what for you, and when
5 How to take it back
On any day, without a reason: tell anyone who works here, or call. We stop sharing at once, and
those who received something are told that you have taken it back.
Phone:
They are in another country: Russia
The law of that country does not protect the information about you as the law here does. We cannot
control what happens to it there. Authorities there may read it. It may be hard to
have it corrected or erased there, or to complain. You may say no. You may take your consent back
later, but what has been sent there cannot be called back.
6 This was explained to me in my language (please tick each point)
You decide whether you want to talk with us. You may stop at any time.
We ask so that we can help you with exactly this, and for nothing else.
Only those you have agreed to may have it, and only what you have agreed to.
If you agree, facts without your name may be used to learn how to help others. You may say no to
this.
You may ask at any time what is written about you and who has had it, and have it corrected.
We keep it only as long as we must, and then it is erased.
You may take this back at any time. You need no reason, and we go on helping you.
7 My answer I agree in part I do not agree
In part: strike out above what we must not share.
Signature
Нина Вымыслова date
Staff member
EB date
Interpreter (Russian)
date
One copy is kept here under lock. You get one too if you ask. Do not take it on a journey. text
1.4 · 1 of 1
""",
    "ru": """
Согласие на передачу сведений tulpan-47
Решать Вам. Можно согласиться, отказаться или согласиться только на часть. Если Вы
откажетесь, мы всё равно будем Вам помогать.
1 Кому
Дом у реки
Только они, и больше никто.
2 Зачем
Встреча и помощь после
приезда
Для других целей эти сведения
использовать нельзя.
3 Что мы передаём и чего не передаём
Передаём
имя, возраст, гражданство, языки
поездка: маршрут, дни, время,
документы
что Вам нужно в первые дни
планы и цели после приезда
4 До какого дня
3 февраля 2027
Потом согласие закончится само, и
мы спросим Вас снова.
Не передаём
как с Вами безопасно связаться
Ваше здоровье
Ваши дети и семья
что может быть опасно, кратко
что с Вами произошло
суд, полиция, разрешения
Ваши фотографии
кто, что и когда для Вас делает
5 Как отозвать согласие
В любой день, без объяснений: скажите любому
сотруднику или позвоните. Передача прекратится
сразу, и получатель узнает, что Вы отозвали
согласие.
Телефон:
Получатель находится в другой стране: Россия
Закон той страны не защищает то, что о Вас записано, так, как закон здесь. Мы не можем проследить,
что с этим там произойдёт. Органы власти той страны могут это прочитать. Там
может быть трудно добиться исправления или удаления или подать жалобу. Вы можете
сказать «нет». Согласие можно отозвать и позже, но то, что уже отправлено туда, вернуть
нельзя.
6 Мне объяснили на моём языке (отметьте каждый пункт)
Вы сами решаете, хотите ли Вы с нами говорить. Вы можете прекратить разговор в любой
момент.
Мы спрашиваем, чтобы помочь Вам именно в этом, и ни для чего другого.
Данные получат только те, на передачу которым Вы согласились, и только в этом объёме.
Если Вы согласны, сведения без Вашего имени могут использоваться, чтобы понять, как
помогать другим. От этого Вы можете отказаться.
Вы можете в любое время спросить, что о Вас записано и кому это передано, и попросить
исправить.
Мы храним это только столько, сколько необходимо, а потом удаляем.
Вы можете отозвать согласие в любое время без объяснений. Мы продолжим Вам помогать.
7 Моё решение даю согласие даю частично не даю согласия
Частично: зачеркните выше то, чего нельзя передавать.
Подпись
Нина Вымыслова дата
Сотрудник
EB дата
Переводчик (русский)
дата
Один экземпляр хранится у нас под замком. Если попросите, дадим и Вам. Не берите его в дорогу.
текст 1.4 · 1 из 1
""",
}

CHILD: Mapping[str, str] = {
    "sv": """
Samtycke till att lämna ut uppgifter tulpan-47
Du bestämmer. Du kan säga ja, nej eller ja till en del. Säger du nej hjälper vi dig ändå.
1 Till vem
Karin
Bara de, och ingen annan.
2 Varför
Sällskap på din resa
Det får inte användas till något annat.
3 Vad vi lämnar ut, och vad vi inte lämnar ut
Vi lämnar ut
din resa: väg, dagar, tider, handlingar
4 Till och med
Skrivs in för hand. Utan dag upphör det efter
90 dagar.
Sedan upphör det av sig självt, och vi frågar
dig igen.
Vi lämnar inte ut
ditt namn, ålder, medborgarskap, språk
hur man når dig på ett säkert sätt
vad du behöver de första dagarna
din hälsa
dina barn och din familj
vad som kan vara farligt, i korthet
vad som har hänt dig
domstol, polis, tillstånd
dina planer och mål när du kommit fram
fotografier av dig
vem som gör vad för dig, och när
5 Så tar du tillbaka det
När som helst, utan skäl: säg det till någon som arbetar här, eller ring. Vi slutar genast att
lämna ut, och
mottagaren får veta att du har tagit tillbaka det.
Telefon:
6 Det här har förklarats på mitt språk (kryssa för varje punkt)
Du bestämmer själv om du vill prata med oss. Du får avbryta när som helst.
Vi frågar för att kunna hjälpa dig med just det här, och inte för något annat.
Bara de som du har gått med på får ta del av det, och bara det som du har gått med på.
Om du går med på det får uppgifter utan ditt namn användas för att lära hur andra kan få hjälp. Du
får säga nej till det.
Du får när som helst fråga vad som står om dig och vilka som har fått det, och få det rättat.
Vi sparar det bara så länge vi måste, och sedan raderas det.
Du får ta tillbaka det här när som helst. Du behöver inget skäl, och vi fortsätter att hjälpa dig.
7 Mitt svar Jag samtycker delvis jag samtycker inte
Delvis: stryk ovan det som vi inte får lämna ut.
Vad barnet säger om det
Jag samtycker jag samtycker inte för litet för att säga
Underskrift
Нина Вымыслова datum
Personal
EB datum
Tolk (svenska)
datum
God man
datum
Ett exemplar förvaras inlåst här. Du får också ett om du vill. Ta inte med det på resan. text 1.4
· 1 av 1
""",
    "en": """
Consent to share information tulpan-47
You decide. You may say yes, no, or yes to a part only. If you say no, we go on helping you.
1 To whom
Karin
Only they, and no one else.
2 What for
Company on your journey
It may be used for nothing else.
3 What we share, and what we do not share
We share
your journey: the way, days, times,
documents
4 Until when
Written in by hand. Without a day it ends after
90 days.
Then it ends by itself, and we ask you again.
We do not share
your name, age, citizenship, languages
how to reach you safely
what you need in the first days
your health
your children and your family
what may be dangerous, in short
what has happened to you
court, police, permits
your plans and goals after you arrive
photographs of you
who does what for you, and when
5 How to take it back
On any day, without a reason: tell anyone who works here, or call. We stop sharing at once, and
those who received something are told that you have taken it back.
Phone:
6 This was explained to me in my language (please tick each point)
You decide whether you want to talk with us. You may stop at any time.
We ask so that we can help you with exactly this, and for nothing else.
Only those you have agreed to may have it, and only what you have agreed to.
If you agree, facts without your name may be used to learn how to help others. You may say no to
this.
You may ask at any time what is written about you and who has had it, and have it corrected.
We keep it only as long as we must, and then it is erased.
You may take this back at any time. You need no reason, and we go on helping you.
7 My answer I agree in part I do not agree
In part: strike out above what we must not share.
What the child says about it
I agree I do not agree too young to say
Signature
Нина Вымыслова date
Staff member
EB date
Interpreter (English)
date
Guardian
date
One copy is kept here under lock. You get one too if you ask. Do not take it on a journey. text
1.4 · 1 of 1
""",
    "ru": """
Согласие на передачу сведений tulpan-47
Решать Вам. Можно согласиться, отказаться или согласиться только на часть. Если Вы
откажетесь, мы всё равно будем Вам помогать.
1 Кому
Karin
Только они, и больше никто.
2 Зачем
Сопровождение в Вашей
поездке
Для других целей эти сведения
использовать нельзя.
3 Что мы передаём и чего не передаём
Передаём
поездка: маршрут, дни, время,
документы
4 До какого дня
Вписывается от руки. Без даты оно
закончится через 90 дней.
Потом согласие закончится само, и мы
спросим Вас снова.
Не передаём
имя, возраст, гражданство, языки
как с Вами безопасно связаться
что Вам нужно в первые дни
Ваше здоровье
Ваши дети и семья
что может быть опасно, кратко
что с Вами произошло
суд, полиция, разрешения
планы и цели после приезда
Ваши фотографии
кто, что и когда для Вас делает
5 Как отозвать согласие
В любой день, без объяснений: скажите любому сотруднику или позвоните. Передача прекратится
сразу, и получатель узнает, что Вы отозвали согласие.
Телефон:
6 Мне объяснили на моём языке (отметьте каждый пункт)
Вы сами решаете, хотите ли Вы с нами говорить. Вы можете прекратить разговор в любой
момент.
Мы спрашиваем, чтобы помочь Вам именно в этом, и ни для чего другого.
Данные получат только те, на передачу которым Вы согласились, и только в этом объёме.
Если Вы согласны, сведения без Вашего имени могут использоваться, чтобы понять, как
помогать другим. От этого Вы можете отказаться.
Вы можете в любое время спросить, что о Вас записано и кому это передано, и попросить
исправить.
Мы храним это только столько, сколько необходимо, а потом удаляем.
Один экземпляр хранится у нас под замком. Если попросите, дадим и Вам. Не берите его в дорогу.
текст 1.4 · 1 из 2
Согласие на передачу сведений · tulpan-47 · Karin · Сопровождение в Вашей поездке
Вы можете отозвать согласие в любое время без объяснений. Мы продолжим Вам помогать.
7 Моё решение даю согласие даю частично не даю согласия
Частично: зачеркните выше то, чего нельзя передавать.
Что говорит об этом ребёнок
даю согласие не даю согласия слишком мал, чтобы сказать
Подпись
Нина Вымыслова дата
Сотрудник
EB дата
Переводчик (русский)
дата
Опекун или попечитель
дата
Один экземпляр хранится у нас под замком. Если попросите, дадим и Вам. Не берите его в дорогу.
текст 1.4 · 2 из 2
""",
}
