"""What the voice room says, in every language: one entry a prompt. Spoken forms are the translators' business."""

from collections.abc import Iterable

from conf.services import Service
from ivr.texts_case import CASE
from ivr.texts_status import STATUS
from ivr.texts_waiting import WAITING
from schema.defaults import default_body
from schema.rules import spokennumbers, spokentimes
from schema.rules.dialogue import texts_of
from schema.rules.voicebook import read_voice

TEXTS: dict[str, dict[str, str]] = {
    "notice": {
        "zh": "您好，市民热线。本次通话将录音。",
        "en": "Welcome to the city hotline. This call is recorded.",
        "ug": "ياخشىمۇسىز، قىزىق لىنىيە. سۆھبەت ئۈنگە ئېلىنىدۇ.",
    },
    "notice-again": {
        "zh": "本次通话将录音。",
        "en": "This call is recorded.",
        "ug": "سۆھبەت ئۈنگە ئېلىنىدۇ.",
    },
    "wrong-key": {
        "zh": "按键无效。",
        "en": "That key is not in use.",
        "ug": "بۇ كۇنۇپكا ئىناۋەتسىز.",
    },
    "visit-greeting": {
        "zh": "您好，这里是市民热线回访。您反映的问题已经办结。",
        "en": "Hello, this is the city hotline. Your request has been closed.",
        "ug": "ياخشىمۇسىز، بۇ قىزىق لىنىيە. سىز ئىنكاس قىلغان مەسىلە بىر تەرەپ قىلىندى.",
    },
    "visit-reception": {
        "zh": "请评价热线的受理。非常满意请按一，满意请按二，一般请按三，不满意请按四，非常不满意请按五。",
        "en": "Please rate how the hotline received you. Very satisfied, press one. Satisfied, two. Fair, three. "
        "Dissatisfied, four. Very dissatisfied, five.",
        "ug": "قىزىق لىنىيەنىڭ قوبۇلىنى باھالاڭ. ناھايىتى رازى بىر، رازى ئىككى، ئادەتتىكىچە ئۈچ، نارازى تۆت، "
        "ناھايىتى نارازى بەش.",
    },
    "visit-department": {
        "zh": "请评价承办单位的办理。非常满意请按一，满意请按二，一般请按三，不满意请按四，非常不满意请按五。",
        "en": "Please rate what the department did. Very satisfied, press one. Satisfied, two. Fair, three. "
        "Dissatisfied, four. Very dissatisfied, five.",
        "ug": "تارماقنىڭ بېجىرىشىنى باھالاڭ. ناھايىتى رازى بىر، رازى ئىككى، ئادەتتىكىچە ئۈچ، نارازى تۆت، "
        "ناھايىتى نارازى بەش.",
    },
    "visit-solved": {
        "zh": "您的问题解决了吗？已解决请按一，未解决请按二。",
        "en": "Is your problem solved? If it is, press one. If not, two.",
        "ug": "مەسىلىڭىز ھەل بولدىمۇ؟ ھەل بولغان بولسا بىرنى، ھەل بولمىغان بولسا ئىككىنى بېسىڭ.",
    },
    "visit-unsolved": {
        "zh": "您的问题将重新办理，再见。",
        "en": "Your case is opened again. Goodbye.",
        "ug": "مەسىلىڭىز قايتا بېجىرىلىدۇ، خەير خوش.",
    },
    "rate": {
        "zh": "请为办理结果评价。非常满意请按一，满意请按二，一般请按三，不满意请按四，非常不满意请按五。",
        "en": "Please rate the result. Very satisfied, press one. Satisfied, two. Fair, three. Dissatisfied, four. "
        "Very dissatisfied, five.",
        "ug": "نەتىجىنى باھالاڭ. ناھايىتى رازى بىر، رازى ئىككى، ئادەتتىكىچە ئۈچ، نارازى تۆت، ناھايىتى نارازى بەش.",
    },
    "rated-1": {
        "zh": "您选择了非常满意。",
        "en": "You chose very satisfied.",
        "ug": "ناھايىتى رازىنى تاللىدىڭىز.",
    },
    "rated-2": {"zh": "您选择了满意。", "en": "You chose satisfied.", "ug": "رازىنى تاللىدىڭىز."},
    "rated-3": {"zh": "您选择了一般。", "en": "You chose fair.", "ug": "ئادەتتىكىچىنى تاللىدىڭىز."},
    "rated-4": {"zh": "您选择了不满意。", "en": "You chose dissatisfied.", "ug": "نارازىنى تاللىدىڭىز."},
    "rated-5": {
        "zh": "您选择了非常不满意。",
        "en": "You chose very dissatisfied.",
        "ug": "ناھايىتى نارازىنى تاللىدىڭىز.",
    },
    "thanks": {
        "zh": "感谢您的评价，再见。",
        "en": "Thank you for your rating. Goodbye.",
        "ug": "باھالىغىنىڭىزغا رەھمەت، خەير خوش.",
    },
    "line-lost": {
        "zh": "抱歉，话务员的线路中断，正在为您优先转接。",
        "en": "Sorry, the line to your agent broke. You are first in line for the next one.",
        "ug": "كەچۈرۈڭ، لىنىيە ئۈزۈلۈپ قالدى. سىز ئالدى بىلەن ئۇلىنىسىز.",
    },
    "goodbye": {
        "zh": "感谢您的来电，再见。",
        "en": "Thank you. Goodbye.",
        "ug": "رەھمەت، خەير خوش.",
    },
    **WAITING,
    **STATUS,
    **CASE,
    **spokennumbers.PARTS,
    **spokentimes.PARTS,
    **texts_of(read_voice(default_body("voice"))),
}


def service_prompt(name: str) -> str:
    """The prompt of a service's name in the menu; the key's number follows it."""
    return f"service-{name}"


def texts_for(services: Iterable[Service]) -> dict[str, dict[str, str]]:
    """Everything that a site with these services says."""
    return TEXTS | {
        service_prompt(one.name): {
            "zh": f"{one.label('zh')}请按",
            "en": f"For {one.label('en')}, press",
            "ug": f"{one.label('ug')} ئۈچۈن بېسىڭ:",
        }
        for one in services
    }
