"""The platform's dialect as data: profile, answer codes, and what a reply as a whole says under them."""

from medferry.catalog.platform.answer import Answer, look_at, pick, text_at
from medferry.catalog.platform.answer_codes import AnswerCode, AnswerCodes, ClientClass, load_answer_codes
from medferry.catalog.platform.profile import Profile, load_profile

__all__ = [
    "Answer",
    "AnswerCode",
    "AnswerCodes",
    "ClientClass",
    "Profile",
    "load_answer_codes",
    "load_profile",
    "look_at",
    "pick",
    "text_at",
]
