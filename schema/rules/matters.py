"""Matters: what requests to a city are mostly about, each with words that say so in Chinese, English and Uyghur.

Two people who speak different languages, or use other words, mean the same pothole; a word of the list tells it. The
list only sharpens the comparison of texts: what it does not know is compared by characters alone.
"""

from collections.abc import Mapping
from types import MappingProxyType

from schema.rules.plaintext import plain

TITLE = 2
"""A title says what a request is about, a text also what lies beside it: so much more does the title count."""

# Separated by "/". What is written in letters fits the beginning of a word, with "." at its end the whole word.
_WORDS: dict[str, tuple[str, str, str]] = {
    "pothole": (
        "坑/路面破/路面塌/塌陷/坑洼/路面坏/路面不平/凹陷",
        "pothole/hole in the road/road surface/sinkhole/sunken/road has sunk/crater",
        "ئويمان/چوڭقۇر/يول يۈزى/يول بۇزۇل/يول ئولتۇر/ئازگال",
    ),
    "lamp": (
        "路灯/街灯/的灯不亮/灯都不亮/照明/灯杆",
        "street light/streetlight/street lamp/streetlamp/lamp/lighting/lights are out",
        "چىراغ/چىراق/يول چىرىغ/كوچا چىرىغ/يورۇتۇش",
    ),
    "no-water": (
        "停水/没水/没有水/断水/水压",
        "no water/without water/water is off/water off/water cut/water supply/water pressure/taps",
        "سۇ توختى/سۇ يوق/سۇ كەلم/سۇ ئۈزۈل/سۇ بېسىمى/سۇسىز",
    ),
    "pipe": (
        "水管爆/爆管/漏水/水管破/水管裂/冒水",
        "burst pipe/pipe burst/water leak/leaking/broken pipe/water main",
        "تۇرۇبا يېرىل/تۇرۇبا پارت/سۇ ئېق/سۇ تۇرۇب",
    ),
    "sewer": (
        "下水道/污水/堵塞/排水/反水/积水/下水",
        "sewer/sewage/drain/wastewater/flooded/standing water",
        "ئاقما سۇ/پاسكىنا سۇ/سۇ يىغىل/لاي سۇ/ئۆستەڭ توس/كانالىزات",
    ),
    "manhole": (
        "井盖/窨井",
        "manhole",
        "قۇدۇق قاپ/قۇدۇق ئاغز/قۇدۇق تۇۋ",
    ),
    "noise": (
        "噪音/噪声/扰民/太吵/吵闹/吵得/很吵/高音喇叭/音响",
        "noise/noisy/loud/can't sleep/cannot sleep/drilling at night",
        "شاۋقۇن/ۋاراڭ/ئۈنلۈك/ئاۋازى يۇقىرى/ئۇخلى",
    ),
    "parking": (
        "违停/乱停/停车/停放/占道/堵住出口/挡住",
        "parked/parking/double-park/blocking the exit",
        "توختىتىۋال/ماشىنا توخت/قالايمىقان توخت/پاركىڭ",
    ),
    "garbage": (
        "垃圾/清运",
        "garbage/rubbish/trash/litter/waste./bins.",
        "ئەخلەت",
    ),
    "smell": (
        "臭味/异味/恶臭/臭气/气味/油烟",
        "smell/stink/stench/odour/odor/fumes",
        "سېسىق/پۇراق/ئىس تۈتەك/ھىد",
    ),
    "no-power": (
        "停电/没电/断电/跳闸",
        "power cut/no power/no electricity/electricity/power is out/outage/blackout",
        "توك توخت/توك يوق/توك ئۈزۈل/توك كەلم/ئېلېكتر",
    ),
    "heating": (
        "暖气/供暖/供热/暖气片",
        "heating/radiator/radiators",
        "ئىسسىقلىق/پار ئىس/پار كەلم/پار بەرم/پارى",
    ),
    "gas": (
        "燃气/煤气/天然气",
        "gas leak/gas smell/smell of gas/natural gas/gas supply/gas.",
        "گاز",
    ),
    "lift": (
        "电梯",
        "lift./lifts./elevator",
        "لىفىت/ئاسانسور",
    ),
    "tree": (
        "树倒/树枝/大树/倒伏/行道树/树木/树断",
        "tree/branch/branches",
        "دەرەخ/دەل دەرەخ/شاخ",
    ),
    "signal": (
        "红绿灯/信号灯",
        "traffic light/traffic signal/signal light",
        "قاتناش چىرىق/سىگنال چىر/قىزىل يېشىل چىراغ/سۋېتوفور",
    ),
    "bus": (
        "公交/班车/站台",
        "bus./buses/bus stop",
        "ئاپتوبۇس/ئاممىۋى قاتناش",
    ),
    "dust": (
        "扬尘/灰尘/尘土/渣土",
        "dust/dusty",
        "چاڭ توزان/توپا چاڭ/چاڭ",
    ),
    "building": (
        "违建/违章建筑/私搭/搭建",
        "illegal building/illegal structure/built without/illegal shed/unauthorised building/unauthorized",
        "قانۇنسىز قۇرۇلۇش/قانۇنسىز سېل/ئۆز ئالدىغا سال/خالىغانچە سال",
    ),
    "stall": (
        "摆摊/摊贩/流动摊/小贩/占道经营/烧烤摊",
        "stall./stalls./vendor/vendors/hawker",
        "تىجارەتچى/يايمىچى/يايما/بازارچى/ئۈستەل قويۇ",
    ),
    "dog": (
        "流浪狗/遛狗/狗叫/不牵绳/犬/野狗/恶狗",
        "dog./dogs",
        "ئىت./ئىتلار/ئىتنى/ئىتى",
    ),
    "rail": (
        "护栏/栏杆/隔离栏",
        "railing/guard rail/guardrail/barrier/fence",
        "توساق/رىشاتكا/رېشاتكا/توسما",
    ),
    "wire": (
        "电线/线缆/电缆/飞线/光缆",
        "cable/wire./wires./overhead line",
        "سىم",
    ),
    "wage": (
        "欠薪/拖欠工资/工资",
        "wage/wages/unpaid/not been paid/salary",
        "مائاش/ئىش ھەققى",
    ),
    "pension": (
        "养老金/社保/退休金/医保",
        "pension/social insurance/social security/medical insurance",
        "پېنسىيە/پىنسىيە/ئىجتىمائىي سۇغۇرتا/داۋالىنىش سۇغۇرت",
    ),
    "permit": (
        "营业执照/办证/居住证/许可证/身份证",
        "licence/license/permit./permits./identity card/id card",
        "كىنىشك/ئىجازەتنام/گۇۋاھنام",
    ),
    "school": (
        "入学/学区/报名/转学",
        "enrol/enroll/school place/school district/admission",
        "مەكتەپكە كىر/ئوقۇشقا/مەكتەپ رايون/تىزىملىت",
    ),
    "price": (
        "乱收费/多收/收费/涨价/价格",
        "overcharg/charged/price/fee./fees",
        "ھەق ئېل/باھا/پۇل ئېل",
    ),
    "food": (
        "食品/变质/过期/不卫生/拉肚子",
        "food poisoning/expired/spoiled/food safety/mouldy",
        "يېمەكلىك/بۇزۇلغان/ۋاقتى ئۆتكەن/زەھەرلەن",
    ),
    "fire-lane": (
        "消防通道/消防车通道/楼道堆/安全通道/堆放杂物",
        "fire lane/fire exit/fire escape/stairwell/emergency exit",
        "ئوت ئۆچۈرۈش/پەلەمپەي/خەتەردىن چېكىنىش",
    ),
}


def _folded(words: str) -> tuple[str, ...]:
    # A word of letters has a beginning; Han characters have none.
    return tuple(
        plain(word) if word[0] >= "\u3400" else f" {plain(word)}{' ' if word[-1] == '.' else ''}"
        for word in words.split("/")
    )


_FOLDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {matter: tuple(word for words in three for word in _folded(words)) for matter, three in _WORDS.items()}
)
MATTERS = tuple(_WORDS)


def matters_of(title: str, text: str) -> dict[str, int]:
    """The matters that a folded title and text speak of, with how much each counts (1 or `TITLE`)."""
    found = dict.fromkeys(_in(title), TITLE)
    others = _in(text)
    return found | {matter: 1 if found else TITLE for matter in others if matter not in found}


def sameness(one: Mapping[str, int], two: Mapping[str, int]) -> float:
    """How much of what two requests speak of is the same, 0 to 1 (Dice)."""
    both = sum(min(count, two[matter]) for matter, count in one.items() if matter in two)
    return 2 * both / (sum(one.values()) + sum(two.values())) if both else 0.0


def _in(text: str) -> list[str]:
    spaced = f" {text} "
    return [matter for matter, words in _FOLDED.items() if any(word in spaced for word in words)]
