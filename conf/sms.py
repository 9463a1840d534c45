"""How text messages leave: a table ``[sms]``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sms:
    """`gateway` is a class that answers to `backoffice.notices.ways.Way`, as "module:Name"; without one nothing goes by
    SMS, and every notice says so. `case_numbers`: who files a case from a mobile telephone is sent its number.
    """

    gateway: str = ""
    case_numbers: bool = True
