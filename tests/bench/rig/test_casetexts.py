"""What citizens say: the same for the same chance, in three languages, common and rare."""

import random
from collections import Counter

from bench.rig.casetexts import ZH, piece_tokens, request, words
from schema.rules.searchwords import tokens


def test_the_words_of_a_request_are_those_of_its_text() -> None:
    for seed in range(200):
        text = request(random.Random(seed))
        assert text == request(random.Random(seed))
        assert set(tokens(text.title, text.text)) <= set(words(text))
    assert piece_tokens("路灯") == ("路灯", "灯")


def test_some_matters_are_common_and_names_are_rare() -> None:
    found = [request(random.Random(seed)) for seed in range(2_000)]
    titles = Counter(text.title for text in found).most_common()
    assert titles[0][0] == ZH[0][0] and titles[0][1] > 8 * titles[-1][1]
    assert {text.language for text in found} == {"zh", "ug", "en"}
    assert Counter(text.text for text in found).most_common(1)[0][1] == 1
