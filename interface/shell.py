"""What the frame around every signed-in page needs to be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from interface.names import initials_of


@dataclass(frozen=True)
class Link:
    """A labelled address; `current` marks the page that is open."""

    label: str | Promise
    url: str
    current: bool = False


@dataclass(frozen=True)
class Place:
    """An organisation that the person may switch to."""

    id: str
    name: str
    kind_label: str | Promise = ""
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The context variable `shell` of templates/base.html; left out when nobody is signed in.

    `sign_out_url` and `switch_url` are posted to (`organisation`, `next`); `jump_url` is
    asked with `?q=`. Whatever is empty is not shown.
    """

    person_name: str
    sign_out_url: str
    organisation_name: str = ""
    kind_label: str | Promise = ""
    nav: Sequence[Link] = ()
    account_links: Sequence[Link] = ()
    organisations: Sequence[Place] = ()
    switch_url: str = ""
    jump_url: str = ""
    home_url: str = "/"
    footer_links: Sequence[Link] = ()
    time_zone: str = ""
    banner: str | Promise = ""
    banner_url: str = ""
    language_url: str = ""

    @property
    def initials(self) -> str:
        return initials_of(self.person_name)
