"""Asking a company for access without knowing whether it is a customer: what is typed, and how often one may ask."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.rules import AccessLevel
from licences.rules import Scope

DAILY = 5
A_DAY = timedelta(1)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that sounds or looks like another one."""
CODE_LENGTH = 10
"""50 bits, guessed at five times a day; and still read over the phone in ten seconds."""
ALIKE = str.maketrans("OIL", "011", " -")
DOMAIN = re.compile(r"(?=.{4,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")

KNOWN_PROVIDERS = """
    126.com 139.com 163.com aol.com bigpond.com bluewin.ch bt.com btinternet.com charter.net comcast.net cox.net
    earthlink.net fastmail.com fastmail.fm free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de
    gmx.net googlemail.com hey.com hushmail.com icloud.com inbox.lv inbox.ru interia.pl laposte.net libero.it
    list.ru mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com o2.pl onet.pl optonline.net
    orange.es orange.fr pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
    rocketmail.com sapo.pt seznam.cz sfr.fr shaw.ca sina.com sky.com t-online.de telefonica.net telenet.be
    terra.com.br terra.es tiscali.it tuta.com tutanota.com uol.com.br verizon.net virgilio.it virginmedia.com
    wanadoo.es wanadoo.fr web.de wp.pl xs4all.nl yandex.com yandex.ru ymail.com zoho.com
"""
PROVIDERS = frozenset(KNOWN_PROVIDERS.split())
FAMILIES = frozenset({"gmail", "hotmail", "live", "outlook", "yahoo"})
"""Mail providers whose addresses tell nothing about an employer; the families have a domain in nearly every country.

Kept here rather than by a library, which would bring thousands of dead domains: one that is missing only means that a
company whose owner writes from it can be asked by it.
"""


class Way(StrEnum):
    """How a company is named by somebody who asks it for access."""

    DOMAIN = "domain"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Target:
    """What was typed, in the one form in which it is compared."""

    way: Way
    value: str


@dataclass(frozen=True, slots=True)
class Plea:
    """What a firm would like: a level, everything or what the customer chooses, and why."""

    level: AccessLevel
    scope: Scope
    message: str = ""


class TooOften(Exception):
    """The firm has asked as often as it may; `again_at` is the instant from which it may ask again."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at.isoformat())
        self.again_at = again_at


def read_target(typed: str) -> Target | None:
    """The domain or the code that was typed; None for what is neither. Of an e-mail address the domain counts."""
    domain = typed.strip().lower().rpartition("@")[2].rstrip(".")
    if DOMAIN.fullmatch(domain):
        return Target(Way.DOMAIN, domain)
    code = typed.upper().translate(ALIKE)
    return Target(Way.CODE, code) if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def spoken(code: str) -> str:
    """A code in two groups, as it is shown and read aloud."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def is_public(domain: str) -> bool:
    """Whether anybody may have an address there, so that it names no company."""
    return domain in PROVIDERS or domain.partition(".")[0] in FAMILIES


def check_rate(asked_at: Sequence[datetime]) -> None:
    """Raises `TooOften` when five were asked already; `asked_at` are the instants of the last day, newest first."""
    if len(asked_at) >= DAILY:
        raise TooOften(asked_at[DAILY - 1] + A_DAY)
