"""What those who wait are told, in every language; "-before" and "-after" stand around a number."""

WAITING: dict[str, dict[str, str]] = {
    "agent-key": {
        "zh": "人工服务请按零。",
        "en": "For an agent, press zero.",
        "ug": "خادىم ئۈچۈن نۆلنى بېسىڭ.",
    },
    "next": {"zh": "您是下一位。", "en": "You are next.", "ug": "كېيىنكى نۆۋەت سىزنىڭ."},
    "place-before": {"zh": "您排在第", "en": "You are number", "ug": "سىزنىڭ نۆۋىتىڭىز"},
    "place-after": {"zh": "位。", "en": "in line.", "ug": "ئىنچى."},
    "wait-before": {"zh": "预计还需等候", "en": "The wait is about", "ug": "تەخمىنەن"},
    "wait-after": {"zh": "分钟。", "en": "minutes.", "ug": "مىنۇت ساقلايسىز."},
    "wait-short": {
        "zh": "预计一分钟内接通。",
        "en": "The wait is less than a minute.",
        "ug": "بىر مىنۇت ئىچىدە ئۇلىنىسىز.",
    },
    "wait-long": {
        "zh": "预计等候超过一小时。",
        "en": "The wait is more than an hour.",
        "ug": "بىر سائەتتىن ئارتۇق ساقلايسىز.",
    },
    "callback-offer": {
        "zh": "我们可以按您的顺序回拨给您。需要回拨请按一，继续等候请按二。",
        "en": "We can call you back when it is your turn. Press one for a call, two to keep waiting.",
        "ug": "نۆۋىتىڭىز كەلگەندە تېلېفون قىلالايمىز. بىرنى بېسىڭ، ساقلاش ئۈچۈن ئىككىنى بېسىڭ.",
    },
    "callback-number": {
        "zh": "我们将回拨的号码是",
        "en": "We will call this number:",
        "ug": "بىز بۇ نومۇرغا تېلېفون قىلىمىز:",
    },
    "callback-confirm": {
        "zh": "确认请按一，继续等候请按二。",
        "en": "Press one if it is right, two to keep waiting.",
        "ug": "توغرا بولسا بىرنى، ساقلاش ئۈچۈن ئىككىنى بېسىڭ.",
    },
    "callback-promised": {
        "zh": "已为您保留位置，请等候来电，再见。",
        "en": "Your place is kept. We will call you. Goodbye.",
        "ug": "ئورنىڭىز ساقلاندى، تېلېفوننى كۈتۈڭ، خوش.",
    },
    "callback-refused": {
        "zh": "现在不能回拨，请继续等候。",
        "en": "We cannot promise a call now. Please keep waiting.",
        "ug": "ھازىر قايتۇرۇپ تېلېفون قىلالمايمىز، ساقلاڭ.",
    },
    "callback-agent": {"zh": "回拨电话。", "en": "Call back.", "ug": "قايتۇرما تېلېفون."},
    "callback-unanswered": {
        "zh": "对方没有接听。",
        "en": "They did not answer.",
        "ug": "قارشى تەرەپ ئالمىدى.",
    },
    "callback-citizen": {
        "zh": "您好，这里是市民热线，为您回拨，正在转接。",
        "en": "This is the city hotline with the call you asked for. One moment.",
        "ug": "ياخشىمۇسىز، قىزىق لىنىيە سىزگە تېلېفون قىلدى. ساقلاڭ.",
    },
    "full": {
        "zh": "目前等候的人很多。",
        "en": "Very many are waiting now.",
        "ug": "ھازىر ساقلاۋاتقانلار كۆپ.",
    },
    "closed": {
        "zh": "现在是非服务时间。",
        "en": "We are closed at this hour.",
        "ug": "ھازىر خىزمەت ۋاقتى ئەمەس.",
    },
    "holiday": {
        "zh": "今天是节假日，暂停服务。",
        "en": "We are closed for the holiday.",
        "ug": "بۈگۈن دەم ئېلىش كۈنى.",
    },
    "waited": {
        "zh": "抱歉，暂时没有空闲的话务员。",
        "en": "Sorry, no agent is free.",
        "ug": "كەچۈرۈڭ، ھازىرچە بوش خادىم يوق.",
    },
    "call-later": {
        "zh": "请稍后再拨，再见。",
        "en": "Please call again later. Goodbye.",
        "ug": "كېيىن قايتا ئۇرۇڭ، خوش.",
    },
    "leave-message": {
        "zh": "请现在留言，说完请挂机或按任意键。",
        "en": "Please leave a message now, then hang up or press a key.",
        "ug": "ھازىر ئۇچۇر قالدۇرۇڭ، ئاندىن تېلېفوننى قويۇڭ.",
    },
    "message-kept": {
        "zh": "留言已保存，再见。",
        "en": "Your message is kept. Goodbye.",
        "ug": "ئۇچۇرىڭىز ساقلاندى، خوش.",
    },
    "dictate": {
        "zh": "请在提示音后朗读，说完请按井号键。",
        "en": "Speak after the tone. Press the hash key when you are done.",
        "ug": "ئاۋازدىن كېيىن سۆزلەڭ، بولغاندا پانجىرە كۇنۇپكىسىنى بېسىڭ.",
    },
}
