# SPDX-License-Identifier: GPL-3.0-or-later
"""No word that must not be carried gets through, however it is written."""

import csv
from pathlib import Path

import pytest
from tests.support.cases import failing
from tests.unit.domain.carry.carry_samples import (
    ROOT,
    SPELT,
    disguised,
    found_in,
    listed,
    never_carried,
    stems,
)
from tests.unit.i18n.po_files import CLIENT_CATALOGUES, entries, is_carried, language_of, texts

from kfdesk.domain.leak_check.wordlists import ListedStem, StemIndex, StemPosition, read_stems
from kfdesk.i18n.language import SHEET_LANGUAGES

SHORT = {"суд", "asyl"}
"""Words under five letters are found as whole words alone, in their own letters."""

HARMLESS = {
    "Police": "a town in Poland, which a leg's place may name",
    "Назили": "Nazilli in Turkey as another language writes it; as насили- in a German ear",
    "Безянчук": "a spelling of Bezenchuk that no ticket has",
}
"""Names of places in which listed words are found all the same."""

FORMS = {
    "ru": (
        "торговлей людьми|торговле людьми|эксплуатацию|эксплуатируют|принудительного труда|"
        "расследованием|оценку рисков|плана безопасности|виктимизацией|преследованием|"
        "преследования|местью|стигмой|правонарушений|приютом|приюте|приюта|убежища|убежищем|реабилитацией|"
        "реабилитационный|проституткой|полицейский|полицейская|полицией|прокурором|судебный|судом|"
        "разрешением|беременна|беременная|больнице|свидетелей|жертвой|кризисного центра|"
        "изнасилование"
    ),
    "sv": (
        "människohandeln|människohandlare|exploateringen|utnyttjad|utnyttjas|tvångsarbetet|"
        "förundersökningen|riskbedömningen|säkerhetsplanen|polisens|gränspolis|polisanmälan|"
        "domstolen|tillståndet|uppehållstillståndet|asylsökande|kvinnojourens|skyddade boenden|"
        "rehabiliteringen|prostituerad|gravida|sjukhuset|brottet|våldtagen|åklagaren|vittnet"
    ),
    "en": (
        "trafficked|traffickers|exploiting|victims|sheltered|shelters|rehabilitating|prostitutes|"
        "policeman|courts|investigators|pregnant|deported|asylum-seeker|witnesses|permits|stigmatised"
    ),
    "bg": (
        "трафик на хора|трафиканти|експлоатация|експлоатирана|принудителен труд|робство|"
        "жертвата|пострадалата|приют|подслон|кризисен център|убежище|бежанка|проституция|"
        "проститутка|полицията|полицай|полицаи|съдията|съдебен|съдът|прокурор|прокуратура|"
        "разследване|следовател|престъпление|престъпник|свидетелката|"
        "разрешение за пребиваване|депортиране|депортирана|бременна|болницата|лекарят|"
        "психолог|психиатър|психотерапия|насилие|насилник|изнасилена|заплахи|рехабилитация|"
        "реинтеграция|репатриране|социален работник|социални служби|стигма|отмъщение|"
        "оценка на риска|план за безопасност|кодова дума|период за размисъл|затвор|"
        "публичен дом|сводник|правозащитна|неправителствена организация|миграционна служба|"
        "сексуална|преследване|малтретиране"
    ),
    "ro": (
        "trafic de persoane|traficanți|exploatare|exploatată|muncă forțată|sclavie|victima|"
        "adăpost|centru de criză|azil|refugiată|prostituție|poliția|poliția de frontieră|"
        "polițistul|polițiști|judecător|judecătorie|instanța|procurorul|anchetă|infracțiune|"
        "criminal|martora|martori|permis de ședere|deportare|deportată|gravidă|însărcinată|"
        "spitalul|medicul|doctorul|psiholog|psihiatru|terapie|violență|violență domestică|"
        "violată|amenințări|reabilitare|reintegrare|repatriere|asistent social|"
        "asistentă socială|stigmatizare|răzbunare|evaluarea riscului|plan de siguranță|"
        "cuvânt de cod|perioadă de reflecție|închisoare|bordel|proxenet|drepturile omului|"
        "organizație neguvernamentală|imigrări|sexuală|abuzată|abuzuri"
    ),
    "uk": (
        "торгівля людьми|торгівлі людьми|експлуатація|експлуатували|примусова праця|рабство|"
        "жертва|потерпіла|постраждалі|притулок|укриття|кризовий центр|біженка|біженці|"
        "проституція|поліція|поліцейський|суд|суду|судовий|прокурор|розслідування|слідчий|"
        "злочин|злочинець|свідків|посвідка на проживання|дозвіл на проживання|депортація|"
        "депортована|вагітна|вагітність|лікарня|лікарі|психолог|психіатр|насильство|"
        "насильник|зґвалтування|погрози|погрожував|реабілітація|реінтеграція|репатріація|"
        "соціальний працівник|соціальна служба|стигма|помста|оцінка ризиків|план безпеки|"
        "кодове слово|в’язниця|бордель|сутенер|права людини|міграційна служба|сексуальна|"
        "знущання"
    ),
    "lt": (
        "prekyba žmonėmis|prekyba moterimis|prekybos žmonėmis|išnaudojimas|išnaudojama|"
        "priverstinis darbas|vergija|auka|aukų|nukentėjusioji|prieglauda|krizių centras|"
        "prieglobstis|pabėgėlė|prostitucija|prostitutė|policija|policininkas|teismas|teisėja|"
        "prokuroras|tyrimas|tyrėjas|nusikaltimas|nusikaltėlis|liudytoja|leidimas gyventi|"
        "leidimą gyventi|deportavimas|deportuota|nėščia|nėštumas|ligoninė|gydytojas|"
        "psichologė|psichiatras|smurtas|smurtavo|išžaginimas|išprievartauta|grasinimai|"
        "grasino|reabilitacija|reintegracija|repatriacija|socialinė darbuotoja|"
        "socialinis darbuotojas|stigma|kerštas|rizikos vertinimas|saugumo planas|"
        "kodinis žodis|kalėjimas|viešnamis|sąvadautojas|žmogaus teisės|"
        "nevyriausybinė organizacija|migracijos departamentas|seksualinis|prievarta"
    ),
    "lv": (
        "cilvēktirdzniecība|cilvēku tirdzniecība|ekspluatācija|ekspluatēta|piespiedu darbs|"
        "verdzība|upuris|upuri|cietusī|patversme|krīzes centrs|patvērums|bēgle|bēgļi|"
        "prostitūcija|prostitūta|policija|policists|tiesa|tiesnesis|prokurors|izmeklēšana|"
        "noziegums|noziedznieks|lieciniece|liecinieki|uzturēšanās atļauja|deportācija|"
        "deportēta|grūtniece|grūtniecība|slimnīca|ārsts|slimība|psiholoģe|psihiatrs|"
        "vardarbība|izvarošana|izvarota|draudi|rehabilitācija|reintegrācija|repatriācija|"
        "sociālā darbiniece|sociālais darbinieks|sociālais dienests|stigma|atriebība|"
        "riska novērtējums|drošības plāns|koda vārds|kodvārds|cietums|bordelis|suteneris|"
        "cilvēktiesības|nevalstiskā organizācija|migrācijas dienests|seksuāla"
    ),
    "et": (
        "inimkaubandus|inimkaubitseja|inimkaubitsejad|ekspluateerimine|ärakasutamine|"
        "sunniviisiline|sunnitöö|orjus|orjapidaja|ohver|ohvriabi|kannatanu|varjupaik|"
        "varjupaigas|turvakodu|kriisikeskus|asüül|pagulane|prostitutsioon|prostituut|"
        "politsei|politseinik|kohus|kohtunik|kohtuotsus|prokurör|uurimine|uurija|kuritegu|"
        "kurjategija|tunnistaja|elamisluba|elamisloa|väljasaatmine|deporteeriti|rase|rasedus|"
        "haigla|arst|haigus|psühholoog|psühhiaater|teraapia|vägivald|vägistamine|vägistatud|"
        "ähvardused|ähvardas|rehabilitatsioon|reintegratsioon|taasintegreerimine|"
        "repatrieerimine|sotsiaaltöötaja|sotsiaalamet|stigma|kättemaks|riskihindamine|"
        "turvaplaan|koodsõna|järelemõtlemisaeg|vangla|bordell|sutenöör|inimõigused|"
        "vabaühendus|migratsiooniamet|seksuaalne|ahistamine"
    ),
    "pl": (
        "handel ludźmi|handlu ludźmi|handlarz ludźmi|wyzysk|wykorzystywana|praca przymusowa|"
        "niewolnictwo|niewolnica|ofiara|pokrzywdzona|schronisko|ośrodek kryzysowy|azyl|"
        "uchodźczyni|prostytucja|prostytutka|policja|policjant|sędzia|prokurator|śledztwo|"
        "śledczy|dochodzenie|przestępstwo|przestępca|świadkowie|zezwolenie na pobyt|"
        "karta pobytu|deportacja|deportowana|ciąża|ciężarna|szpital|lekarz|choroba|psycholog|"
        "psychiatra|terapia|przemoc|gwałt|zgwałcona|groźby|groził|rehabilitacja|reintegracja|"
        "repatriacja|pracownik socjalny|pracownica socjalna|pomoc społeczna|opieka społeczna|"
        "stygmat|zemsta|ocena ryzyka|plan bezpieczeństwa|słowo kodowe|więzienie|burdel|"
        "sutener|prawa człowieka|organizacja pozarządowa|urząd migracyjny|seksualna|znęcanie"
    ),
    "fi": (
        "ihmiskauppa|ihmiskaupan|ihmiskauppias|hyväksikäyttö|hyväksikäytetty|riisto|pakkotyö|"
        "orjuus|uhri|uhrina|turvakoti|turvakodissa|kriisikeskus|turvapaikka|pakolainen|"
        "prostituutio|prostituoitu|poliisi|poliisille|käräjäoikeus|tuomari|tuomioistuin|"
        "syyttäjä|esitutkinta|tutkinta|rikos|rikollinen|todistaja|oleskelulupa|karkotus|"
        "karkotettu|käännytys|raskaana|raskaus|sairaala|lääkäri|sairaus|psykologi|psykiatri|"
        "terapia|väkivalta|raiskaus|raiskattu|uhkaus|uhkailu|kuntoutus|uudelleenkotoutuminen|"
        "kotiuttaminen|sosiaalityöntekijä|sosiaalitoimisto|leimautuminen|kosto|"
        "riskiarviointi|turvasuunnitelma|koodisana|harkinta-aika|vankila|bordelli|parittaja|"
        "ihmisoikeudet|kansalaisjärjestö|maahanmuuttovirasto|seksuaalinen"
    ),
    "de": (
        "menschenhandel|menschenhändler|ausbeutung|ausgebeutet|zwangsarbeit|sklaverei|opfer|"
        "frauenhaus|schutzwohnung|krisenzentrum|asyl|flüchtling|prostitution|prostituierte|"
        "polizei|polizistin|gericht|richterin|staatsanwalt|ermittlung|ermittler|straftat|"
        "verbrechen|kriminell|zeugin|zeugen|aufenthaltserlaubnis|aufenthaltstitel|"
        "abschiebung|abgeschoben|schwanger|schwangerschaft|krankenhaus|arzt|ärztin|krankheit|"
        "psychologin|psychiater|therapie|gewalt|vergewaltigung|vergewaltigt|bedrohung|"
        "drohung|rehabilitation|reintegration|rückkehrplan|sozialarbeiterin|sozialamt|stigma|"
        "vergeltung|rache|risikobewertung|sicherheitsplan|codewort|bedenkzeit|gefängnis|"
        "bordell|zuhälter|menschenrechte|migrationsamt|ausländerbehörde|sexuell|misshandlung|"
        "trauma"
    ),
    "es": (
        "explotación|explotada|trata de personas|víctimas|esclavitud|prostituta|la policía|"
        "policiales|juzgados|testigos|denunciado|refugiada|embarazada|hospital|psiquiatra|"
        "psicóloga|maltratada|amenazas|casa de acogida|trabajadora social|"
        "permiso de residencia|tráfico de personas|trabajo forzado|refugio|centro de crisis|"
        "asilo|policía nacional|comisaría|juez|jueza|juzgado|fiscal|investigación|delitos|"
        "crimen|testigo|deportación|deportada|hospitales|médica|enfermedad|terapia|violencia|"
        "violada|violador|amenazada|rehabilitación|reintegración|repatriación|"
        "servicios sociales|estigma|venganza|evaluación de riesgos|plan de seguridad|"
        "palabra clave|periodo de reflexión|cárcel|prisión|burdel|proxeneta|derechos humanos|"
        "organización no gubernamental|extranjería|sexual"
    ),
    "ar": (
        "الاتجار بالبشر|بالاتجار بالبشر|المهربين|الاستغلال|مستغلة|السخرة|العمل القسري|"
        "العبودية|للضحايا|الضحية|الناجيات|المأوى|مأوى|لمأوى|الملجأ|ملجأ|البيت الآمن|"
        "مركز الأزمات|اللجوء|لجوء|لاجئة|اللاجئين|الدعارة|البغاء|والشرطة|شرطة|الشرطي|بالمحكمة|"
        "القاضي|القضية|المدعي العام|النيابة|المحامي|محام|التحقيق|المحقق|الجريمة|جرائم|المجرم|"
        "الشاهدة|الشهود|تصريح الإقامة|إقامة|الترحيل|السجن|سجن|الاحتجاز|دائرة الهجرة|العنف|"
        "عنف|الاغتصاب|التحرش|الاعتداء|تهديد|الانتقام|الوصمة|حامل|الإجهاض|المستشفى|الطبيب|"
        "طبيبة|النفسية|العلاج|إعادة التأهيل|إعادة الإدماج|الأخصائية|الخدمات الاجتماعية|"
        "المنظمة|حقوق الإنسان|تقييم المخاطر|خطة الأمان|كلمة السر|فترة التفكير|الجنسي|"
        "الشُّرْطَة"
    ),
}
"""Usual inflections and words made of these, by language: what a border guard would understand."""

LOOK_HARMLESS = (
    "hotell|hot drinks|journey|место у окна|судно|морское судно|рейс задержан|метро|Polish|"
    "Restaurang Metropolis|trafikavbrott|автовокзал|свидетельство о рождении|медицинский полис|"
    "Crimea|hospitality desk|förvaringsbox|bagageförvaring|лекарства|tabletter|посадка|"
    "Åbo hamn|Приютово|offert|Mölndal|sex resväskor|vald plats|Kerstin|Līga|пограничный контроль|"
    "паспортный контроль|wagon 12|sittplats|ryska|biljett|tull|гостиница|4 Bus 17|"
    "Buss 4, plats 17|kohtumispaik|zakład"
)


def is_found_in_every_disguise(language: str, word: str) -> None:
    for way, text in disguised(word).items():
        if way == "ukrainian" or (way in SPELT and len(text) < 5):
            continue
        if word in SHORT and way not in ("plain", "capitals", "look-alikes", "wide letters"):
            continue
        assert found_in(f"xx {text} 12"), (language, way, text)


def test_word_of_the_glossary_is_found_in_every_disguise() -> None:
    assert failing(is_found_in_every_disguise, never_carried()) == {}


def test_every_language_of_the_papers_has_its_usual_words() -> None:
    assert set(FORMS) == set(SHEET_LANGUAGES)
    assert min(len(words.split("|")) for words in FORMS.values()) > 15


@pytest.mark.parametrize("path", CLIENT_CATALOGUES, ids=language_of)
def test_sentences_of_the_carried_papers_have_no_listed_word(path: Path) -> None:
    carried = [text for entry in entries(path) if is_carried(entry) for text in texts(entry)]
    assert len(carried) > 80
    assert [text for text in carried if found_in(text)] == []


@pytest.mark.parametrize("language", FORMS)
def test_usual_inflections_are_found(language: str) -> None:
    assert [form for form in FORMS[language].split("|") if not found_in(form)] == []


def test_words_that_only_look_alike_pass() -> None:
    assert [(one, found_in(one)) for one in LOOK_HARMLESS.split("|") if found_in(one)] == []


def test_places_pass_but_for_the_documented_ones() -> None:
    with (ROOT / "resources/places/places.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    names = {name for line in lines for name in (line["name"], line["sv"], line["ru"])}
    names |= {name for line in lines for name in line["spellings"].split("|")}
    assert len(names) > 7000
    assert {name for name in names if found_in(name)} == set(HARMLESS)


def test_split_word_is_told_as_it_stands_there() -> None:
    assert "при ют" in found_in("при\r\nют")
    assert "p o l i c e" in found_in("ask p o l i c e now")
    assert "reha bili ta" in found_in("reha bili ta ti on")


def test_lists_stand_for_every_language_of_the_papers_and_more() -> None:
    files = sorted(path.stem for path in (ROOT / "resources/carry").glob("*.tsv"))
    assert files == sorted(SHEET_LANGUAGES)
    assert len(stems()) > 900


def test_line_of_a_list_says_stem_place_and_what_is_harmless() -> None:
    text = "# remark\n\nkris\tword\nsafe house\tstart\nпроба\tanywhere\tпробка|пробел\n"
    assert read_stems(text) == (
        ListedStem(("kris",), StemPosition.WORD),
        ListedStem(("safe", "house"), StemPosition.START),
        ListedStem(("проба",), StemPosition.ANYWHERE, ("пробка", "пробел")),
    )
    for line in ("kris", "kris\tsomewhere"):
        with pytest.raises(ValueError, match=r"not enough values|is not a valid"):
            read_stems(line)


def test_stem_stands_where_its_line_says() -> None:
    stems = read_stems("probe\tstart\nwholly\tword\nmiddle\tanywhere\tmiddleton\nab\tstart")
    made = StemIndex.of(stems)
    assert made.has_stem("probes")
    assert not made.has_stem("aprobe")
    assert made.has_stem("wholly")
    assert not made.has_stem("whollys")
    assert made.has_stem("amiddles")
    assert not made.has_stem("middletons")
    assert not made.has_stem("abc")  # too short to be more than a word by itself


def test_row_is_found_only_whole() -> None:
    assert listed().row_length(["safe", "house"]) == 2
    assert listed().row_length(["safe"]) == 0
    assert listed().row_length(["safe", "journey"]) == 0
    assert listed().row_length(["sale", "house"]) == 0
