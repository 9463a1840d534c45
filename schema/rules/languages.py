"""The languages that everything people read is in (BCP 47): Chinese, English, Uyghur."""

LANGUAGES = ("zh", "en", "ug")
