"""What is said of a caller's own requests."""

STATUS: dict[str, dict[str, str]] = {
    "status-none": {
        "zh": "没有查到这个号码最近的诉求。",
        "en": "There is no recent request from this number.",
        "ug": "بۇ نومۇرنىڭ يېقىنقى ئىلتىماسى يوق.",
    },
    "status-away": {
        "zh": "暂时无法查询，请稍后再试或转人工。",
        "en": "This cannot be looked up now. Please try later or ask an agent.",
        "ug": "ھازىر سۈرۈشتە قىلغىلى بولمايدۇ.",
    },
    "status-before": {"zh": "编号尾号", "en": "The request that ends in", "ug": "ئاخىرقى نومۇرى"},
    "status-taken-in": {"zh": "已经受理。", "en": "was taken in.", "ug": "قوبۇل قىلىندى."},
    "status-in-hand": {"zh": "正在办理。", "en": "is being worked on.", "ug": "بىر تەرەپ قىلىنىۋاتىدۇ."},
    "status-done": {"zh": "已经办结。", "en": "has been closed.", "ug": "تاماملاندى."},
    "status-rejected": {"zh": "不予受理。", "en": "was not accepted.", "ug": "قوبۇل قىلىنمىدى."},
}
