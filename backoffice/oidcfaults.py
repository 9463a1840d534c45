"""What can go wrong when another house says who somebody is."""


class HouseDown(Exception):
    """The other house does not answer, or not as OpenID Connect has it; the text is for operators."""


class BadToken(Exception):
    """What came back does not prove who this is; the text is for operators."""
