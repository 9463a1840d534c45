"""What citizens of a large city say: requests from templates in three languages, with words as skewed as real ones.

Common matters are very common and a long tail of names (shops, estates, people) is in one request each or few. All is
dealt out by a seeded generator; the same number gives the same request.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schema.rules.searchwords import tokens

ZH = (
    ("路灯不亮", "路灯晚上不亮，附近一片漆黑"),
    ("夜间施工噪声", "工地夜里还在施工，噪声很大睡不着"),
    ("垃圾无人清运", "垃圾堆了好几天没有人清运"),
    ("井盖破损", "路上的井盖破了，车子轧过去很响"),
    ("占道经营", "摊贩把人行道占满了，行人只能走机动车道"),
    ("停水", "家里突然停水，没有接到通知"),
    ("停电", "整栋楼停电，电梯里差点困人"),
    ("下水道堵塞", "下水道堵了，污水漫到路面"),
    ("道路积水", "下雨以后道路积水很深"),
    ("树木倒伏", "大风把树刮倒，压住了电线"),
    ("物业不作为", "向物业反映多次没有人处理"),
    ("违章停车", "消防通道停满了车"),
    ("公交晚点", "公交车等了四十分钟没有来"),
    ("供暖不足", "暖气不热，老人受不了"),
    ("油烟扰民", "楼下饭店油烟直接往上排"),
    ("社保转移", "想咨询社保关系怎么转移"),
    ("户口办理", "咨询落户需要哪些材料"),
    ("医保报销", "异地看病的费用怎么报销"),
    ("燃气异味", "楼道里有燃气的味道"),
    ("宠物伤人", "大狗没有拴绳，咬伤了孩子"),
    ("学区咨询", "咨询小学招生的范围"),
    ("拖欠工资", "包工头拖欠三个月工资"),
    ("违法建设", "邻居在楼顶加盖房子"),
    ("共享单车乱放", "共享单车把盲道堵住了"),
    ("公厕脏乱", "公厕没有人打扫"),
    ("红绿灯故障", "红绿灯一直是黄灯"),
    ("快递丢失", "快递显示签收但没有收到"),
    ("预付卡退款", "健身房关门，预付卡退不了"),
    ("广场舞音量", "广场舞音响开得太大"),
    ("建议增设站点", "建议在小区门口增设公交站"),
)
UG = (
    ("كوچا چىرىغى يانمىدى", "كوچىدىكى چىراغلار ئۈچ كۈندىن بېرى يانمىدى"),
    ("سۇ توختاپ قالدى", "ئۆيدە سۇ توختاپ قالدى، ئۇقتۇرۇش بېرىلمىدى"),
    ("ئەخلەت تازىلانمىدى", "ئەخلەت بىر ھەپتىدىن بېرى تازىلانمىدى"),
    ("كېچىدىكى شاۋقۇن", "قۇرۇلۇش ئورنىدا كېچىسىمۇ شاۋقۇن بار"),
    ("توك ئۈزۈلدى", "پۈتۈن بىنادا توك ئۈزۈلۈپ قالدى"),
    ("يول بۇزۇلغان", "يول بۇزۇلۇپ كەتكەن، ماشىنا ماڭالمايدۇ"),
)
EN = (
    ("Street light out", "The street light at the corner has been out for days"),
    ("Noise at night", "Construction noise goes on all night"),
    ("Garbage not collected", "The garbage has not been collected this week"),
    ("No water", "There has been no water since this morning"),
    ("Pothole", "A deep pothole in the road damaged a car"),
    ("Residence permit", "I would like to know how to renew a residence permit"),
)
MORE = (
    "请尽快派人来看",
    "已经反映过一次",
    "希望给一个答复",
    "周围邻居都有意见",
    "情况比较紧急",
    "晚上十点以后更严重",
    "老人和孩子很多",
    "电话里说得不清楚可以再联系",
    "上个月也发生过",
    "拍了照片",
    "不希望公开姓名",
    "从上周开始",
    "雨天尤其明显",
    "请相关部门协调",
    "多谢",
)
NOTES = (
    "请先联系来电人",
    "现场查看后拍照",
    "请带工具",
    "已通知养护单位",
    "与物业核对情况",
    "按规定时限办理",
    "涉及多个部门请协调",
    "注意安全",
)
DONE = (
    "已到现场处理完毕",
    "已更换损坏部件",
    "已与当事人沟通并解释政策",
    "已清运完毕",
    "已督促责任单位整改",
    "经核查属实已责令停止",
    "情况不属实已向来电人说明",
    "已列入计划下月施工",
)
CLOSING = ("来电人表示满意", "回访无人接听", "核查通过同意结案", "结果已告知来电人")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾"
ROADS = "文解中建人和长新西东南北湖江山海花桂青金银平安光明华丰学府庆春天目河运城公园"
ENDS = ("路", "街", "巷", "大道")
PLACES = ("小区", "公寓", "花园", "新村", "市场", "超市", "饭店", "学校")
RARE = tuple(chr(code) for code in range(0x4E00, 0x5E00, 7))
WEIGHTS = [1 / (rank + 1) ** 0.9 for rank in range(len(ZH))]


@dataclass(frozen=True, slots=True)
class Text:
    """What a request says, in pieces that end at a comma, so that the words of each can be found once and kept."""

    language: str
    title: str
    text: str
    address: str
    citizen: str
    pieces: tuple[str, ...]


def request(chance: random.Random) -> Text:
    """A request."""
    road = _road(chance)
    number = f"{min(999, int(chance.paretovariate(0.8)) + 1)}号"
    place = _name(chance) + chance.choice(PLACES)
    which = chance.random()
    if which < 0.9:
        title, said = chance.choices(ZH, WEIGHTS)[0]
        more = chance.sample(MORE, chance.randint(1, 3))
        parts = (f"{road}{number}", place, said, *more)
        name = chance.choice(SURNAMES) + chance.choice(("先生", "女士"))
        return Text(
            "zh",
            title,
            "，".join(parts) + "。",
            f"{road}{number}",
            name,
            (title, road, number, place, said, *more, name),
        )
    language, rows = ("ug", UG) if which < 0.97 else ("en", EN)
    title, said = chance.choice(rows)
    text = f"{said}. {road}{number}{place}."
    return Text(language, title, text, f"{road}{number}", "", (title, text))


def words(text: Text) -> list[str]:
    """The tokens of a request, as `schema.rules.searchwords` finds them."""
    return [token for piece in text.pieces for token in piece_tokens(piece)]


@lru_cache(200_000)
def piece_tokens(piece: str) -> Sequence[str]:
    """The tokens of a piece."""
    return tuple(tokens(piece))


def _road(chance: random.Random) -> str:
    # Some streets are in the mouth of everybody.
    first = ROADS[min(int(chance.expovariate(0.09)), len(ROADS) - 1)]
    return first + chance.choice(ROADS) + ENDS[min(int(chance.expovariate(1)), 3)]


def _name(chance: random.Random) -> str:
    """A name that few have."""
    return chance.choice(RARE) + chance.choice(RARE)
