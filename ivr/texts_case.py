"""What is said to whoever asks how far a case is by its number."""

CASE: dict[str, dict[str, str]] = {
    "case-ask": {
        "zh": "请输入受理编号中的数字，按井号键结束。",
        "en": "Please key in the digits of your case number, then press the hash key.",
        "ug": "ئىلتىماس نومۇرىڭىزدىكى سانلارنى كىرگۈزۈپ، پاناركا كۇنۇپكىسىنى بېسىڭ.",
    },
    "case-short": {
        "zh": "编号不完整。",
        "en": "That number is not complete.",
        "ug": "نومۇر تولۇق ئەمەس.",
    },
    "case-unknown": {
        "zh": "没有这个编号。",
        "en": "There is no such number.",
        "ug": "بۇنداق نومۇر يوق.",
    },
    "case-check": {
        "zh": "为保护您的信息，请输入登记时所用电话号码的后四位。",
        "en": "For your protection, please key in the last four digits of the telephone that you filed the case from.",
        "ug": "ئۇچۇرىڭىزنى قوغداش ئۈچۈن، تىزىملىتىشتا ئىشلەتكەن تېلېفون نومۇرىنىڭ ئاخىرقى تۆت خانىسىنى كىرگۈزۈڭ.",
    },
    "case-four": {
        "zh": "需要四位数字。",
        "en": "Four digits are needed.",
        "ug": "تۆت خانىلىق سان كېرەك.",
    },
    "case-wrong": {
        "zh": "号码不符。",
        "en": "That is not right.",
        "ug": "نومۇر توغرا كەلمىدى.",
    },
    "case-agent": {
        "zh": "请按键转人工查询。",
        "en": "Please ask an agent about it.",
        "ug": "خادىمدىن سوراڭ.",
    },
    "case-limited": {
        "zh": "查询次数过多，请稍后再试或转人工。",
        "en": "There were too many tries. Please try later, or ask an agent.",
        "ug": "سۈرۈشتە قىلىش سانى بەك كۆپ، كېيىن سىناڭ ياكى خادىمدىن سوراڭ.",
    },
    "case-number": {"zh": "编号", "en": "Your case", "ug": "ئىلتىماس نومۇرى"},
    "case-due": {
        "zh": "预计办结时间：",
        "en": "It is due:",
        "ug": "پۈتۈش ۋاقتى:",
    },
    "case-closed": {"zh": "办结时间：", "en": "It was closed:", "ug": "تاماملانغان ۋاقتى:"},
    "case-text-offer": {
        "zh": "需要把编号和办理情况发短信给您，请按一。",
        "en": "To have the number and this answer as a text message, press one.",
        "ug": "نومۇر ۋە ئەھۋالنى قىسقا ئۇچۇر بىلەن تاپشۇرۇۋېلىش ئۈچۈن بىرنى بېسىڭ.",
    },
    "case-text-coming": {
        "zh": "短信即将发出。",
        "en": "The message is on its way.",
        "ug": "ئۇچۇر يوللىنىدۇ.",
    },
    "case-text-cannot": {
        "zh": "现在不能发短信。",
        "en": "No message can be sent now.",
        "ug": "ھازىر ئۇچۇر يوللىغىلى بولمايدۇ.",
    },
}
