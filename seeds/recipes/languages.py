"""Six languages, each with a story, a trimmed copy, an edited copy and two other stories."""

import hashlib
import re
import unicodedata

from composition import (
    Body,
    Corpus,
    Draft,
    Edit,
    Outlet,
    Parent,
    drop,
    edited,
    keep,
    read_story,
    replaced,
    spelled,
)

HARAKAT = re.compile("[\u064b-\u0652]")


def corpus() -> Corpus:
    """The languages corpus: Arabic, Chinese, German, Hindi, Russian and Spanish."""
    made = Corpus("l")
    for language in (_arabic, _chinese, _german, _hindi, _russian, _spanish):
        language(made)
    return made


def _arabic(made: Corpus) -> None:
    """One copy stretches words with tatweel, one adds harakat, one of that copy drops them."""
    form = ("اترك تعليقا", "لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *")
    coast = Outlet("صوت الساحل", "https://sawt-alsahel.example/news/")
    morning = Outlet("صباح المرجان", "https://sabah.example/", ("الرئيسية | أخبار",), tail=form)
    letters = Outlet("رسائل البحر", "https://rasail.example/", between="\n")
    first = _original(made, "ar", coast, at="2023-02-07T09:30:00+03:00")
    _trimmed(made, first, morning, "جرس من قاع البحر", keep(4), spelled(_with_tatweel))
    vocalised = _edited(
        made,
        first,
        letters,
        "دق وحده دقة واحدة",
        replaced("وكاد يقطع الحبال", "وأوشك أن يقطع الحبال"),
        replaced("قاربين صغيرين", "زورقين صغيرين"),
        spelled(_with_harakat),
    )
    _add(
        made,
        "ar-bare",
        morning,
        "جرس نجمة الشمال يعود",
        edited(vocalised.body, drop(4), spelled(lambda text: HARAKAT.sub("", text))),
        at="2023-02-09T12:00:00+03:00",
        parents=(Parent(vocalised, "copy", certain=False),),
    )
    _others(made, "ar", ("lighthouse", coast), ("market", morning))


def _with_tatweel(text: str) -> str:
    return text.replace("السفينة", "السفيـنة").replace("البحر", "البحـــر").replace("جرس", "جـرس")


def _with_harakat(text: str) -> str:
    vocalised = {
        "الصياد": "الصَّيَّاد",
        "صياد": "صَيَّاد",
        "الجرس": "الجَرَس",
        "السفينة": "السَّفِينَة",
        "الماء": "المَاء",
        "القبطان": "القُبْطَان",
        "الليلة": "اللَّيْلَة",
        "البلدة": "البَلْدَة",
        "كامل": "كَامِل",
    }
    for plain, marked in vocalised.items():
        text = text.replace(plain, marked)
    return text


def _chinese(made: Corpus) -> None:
    """One copy writes its digits in full width."""
    form = ("发表评论", "您的电子邮箱地址不会被公开。必填项已用*标注")
    county = Outlet("青溪新闻网", "https://qingxi.example/2023/", ("首页 > 县内新闻",))
    evening = Outlet("晚风日报", "https://wanfeng.example/a/", tail=("责任编辑：陶一鸣", *form))
    craft = Outlet("匠人笔记", "https://jiangren.example/p/", between="\n")
    first = _original(made, "zh", county, at="2023-04-18T16:20:00+08:00")
    _trimmed(
        made,
        first,
        evening,
        "停转三十七年 老磨坊又磨面了",
        keep(3),
        spelled(_with_full_width_digits),
    )
    _edited(
        made,
        first,
        craft,
        "第五十三个齿",
        replaced("不少老人当场落了泪", "好几位老人当场流下眼泪"),
        replaced("途中还救出了一窝刺猬", "其间还救出一窝小刺猬"),
        drop_last,
    )
    _others(made, "zh", ("bridge", county), ("paper", evening))


def _with_full_width_digits(text: str) -> str:
    return text.translate({ord("0") + n: ord("０") + n for n in range(10)})


def _german(made: Corpus) -> None:
    """One copy writes ss for ß."""
    form = ("Schreibe einen Kommentar", "Deine E-Mail-Adresse wird nicht veröffentlicht.")
    required = "Erforderliche Felder sind mit * markiert"
    courier = Outlet("Altenbrücker Bote", "https://altenbruecker-bote.example/lokal/")
    portal = Outlet(
        "Mittelland Online",
        "https://mittelland.example/",
        ("Teilen | Drucken",),
        tail=(*form, required),
    )
    music = Outlet("Tastenblatt", "https://tastenblatt.example/", between="\n")
    first = _original(made, "de", courier, at="2023-06-14T17:05:00+02:00")
    _trimmed(made, first, portal, "Unbekannte Fuge von 1743 entdeckt", keep(4))
    _edited(
        made,
        first,
        music,
        "Eine Fuge ohne Schluss",
        replaced("offenbar ein Pfeifen in der Kälte", "wohl ein Pfeifen bei Kälte"),
        replaced("wird in Altenbrück nun heftig gestritten", "streitet man nun in Altenbrück"),
        spelled(lambda text: text.replace("ß", "ss")),
    )
    _others(made, "de", ("museum", portal), ("konzert", courier))


def _hindi(made: Corpus) -> None:
    """One copy writes its digits in Devanagari and a nukta as a mark of its own."""
    form = ("एक उत्तर दें", "आपका ईमेल पता प्रकाशित नहीं किया जाएगा। आवश्यक फ़ील्ड चिह्नित हैं *")
    daily = Outlet("चंदनपुर दैनिक", "https://chandanpur-dainik.example/khabar/")
    voice = Outlet("लोक आवाज़", "https://lokawaz.example/", ("होम | ताज़ा ख़बरें",), tail=form)
    heritage = Outlet("धरोहर पत्रिका", "https://dharohar.example/", between="\n")
    first = _original(made, "hi", daily, at="2023-03-28T10:15:00+05:30")
    _trimmed(made, first, voice, "कुएँ में मिलीं तीन सौ साल पुरानी घंटियाँ", keep(4))
    _edited(
        made,
        first,
        heritage,
        "नमक के काफ़िले की घंटियाँ",
        replaced("लगभग तीन सौ वर्ष पुराना", "क़रीब तीन सौ साल पुराना"),
        replaced("आगे बढ़ाई जाएगी", "जारी रखी जाएगी"),
        spelled(_with_devanagari_digits),
    )
    _others(made, "hi", ("school", voice), ("bullock", daily))


def _with_devanagari_digits(text: str) -> str:
    digits = {ord("0") + n: ord("०") + n for n in range(10)}
    return unicodedata.normalize("NFD", text.translate(digits))


def _russian(made: Corpus) -> None:
    """One copy writes е for ё."""
    form = ("Добавить комментарий", "Ваш адрес email не будет опубликован.")
    required = "Обязательные поля помечены *"
    district = Outlet("Лужковский вестник", "https://luzhki-vestnik.example/news/")
    region = Outlet("Область сегодня", "https://oblast.example/", tail=(*form, required))
    tram = Outlet("Рельсы и книги", "https://relsy.example/", ("Главная / Истории",))
    first = _original(made, "ru", district, at="2022-10-02T15:00:00+03:00")
    _trimmed(made, first, region, "Трамвай стал библиотекой", keep(4), spelled(_without_yo))
    _edited(
        made,
        first,
        tram,
        "Читальный зал с кабиной вагоновожатого",
        replaced("на двух тягачах", "двумя тягачами"),
        replaced("Самым востребованным оказался", "Самой популярной книгой стал"),
        drop_last,
    )
    _others(made, "ru", ("pochta", district), ("avtobus", region))


def _without_yo(text: str) -> str:
    return text.replace("ё", "е").replace("Ё", "Е")


def _spanish(made: Corpus) -> None:
    """One copy writes its accents as marks of their own (NFD)."""
    form = ("Deja una respuesta", "Tu dirección de correo electrónico no será publicada.")
    required = "Los campos obligatorios están marcados con *"
    mountain = Outlet("El Eco de la Sierra", "https://ecodelasierra.example/noticias/")
    digital = Outlet("Meseta Digital", "https://mesetadigital.example/", tail=(*form, required))
    clocks = Outlet("Tictac", "https://tictac.example/", ("Inicio | Relojes",))
    first = _original(made, "es", mountain, at="2023-09-02T19:40:00+02:00")
    _trimmed(
        made,
        first,
        digital,
        "El reloj de Valdeserna vuelve a dar la hora",
        keep(4),
        spelled(lambda text: unicodedata.normalize("NFD", text)),
    )
    _edited(
        made,
        first,
        clocks,
        "Tres inviernos limando ruedas",
        replaced("casi el doble de los habitantes del pueblo", "casi el doble del censo"),
        replaced("después de una votación muy reñida", "tras una votación muy igualada"),
        drop(5),
    )
    _others(made, "es", ("tren", digital), ("campana", mountain))


def drop_last(body: Body) -> Body:
    """Without the last paragraph."""
    return body[:-1]


def _add(  # noqa: PLR0913 - as Corpus.add
    made: Corpus,
    name: str,
    outlet: Outlet,
    title: str,
    body: Body,
    *,
    at: str,
    stated: str | None = "",
    parents: tuple[Parent, ...] = (),
) -> Draft:
    slug = hashlib.sha256(name.encode()).hexdigest()[:6]
    return made.add(name, outlet, title, body, at=at, stated=stated, parents=parents, slug=slug)


def _original(made: Corpus, language: str, outlet: Outlet, *, at: str) -> Draft:
    story = read_story(f"languages/{language}/original.txt")
    return _add(made, language, outlet, story.title, story.body(), at=at)


def _trimmed(made: Corpus, first: Draft, outlet: Outlet, title: str, *edits: Edit) -> Draft:
    """A copy a day later, cut from the end, that states the day alone."""
    at = _later(first.at, days=1)
    return _add(
        made,
        f"{first.name}-trimmed",
        outlet,
        title,
        edited(first.body, *edits),
        at=at,
        stated=at[:10],
        parents=(Parent(first, "excerpt"),),
    )


def _edited(made: Corpus, first: Draft, outlet: Outlet, title: str, *edits: Edit) -> Draft:
    """A copy two days later with a few words changed, and no date."""
    return _add(
        made,
        f"{first.name}-edited",
        outlet,
        title,
        edited(first.body, *edits),
        at=_later(first.at, days=2),
        stated=None,
        parents=(Parent(first, "copy", certain=False),),
    )


def _later(at: str, *, days: int) -> str:
    return f"{at[:8]}{int(at[8:10]) + days:02d}{at[10:]}"


def _others(made: Corpus, language: str, *stories: tuple[str, Outlet]) -> None:
    for number, (name, outlet) in enumerate(stories, 1):
        story = read_story(f"languages/{language}/{name}.txt")
        at = f"2023-0{3 + number}-1{number}T08:00:00Z"
        _add(made, f"{language}-{name}", outlet, story.title, story.body(), at=at, stated=at[:10])
