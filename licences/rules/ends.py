"""How long access lasts: the programme's policy of ends, and what follows from it for a day."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class EndPolicy:
    """What a programme sets about ends (1-product, "Assignment", marked D); the defaults are the product's own.

    Months of a new grant, of the longest and of an extension; days before the end on which both sides are told; days
    after which an unanswered request lapses; days before the end from which access counts as expiring; days of support
    access that are proposed, and the most of them.
    """

    default_months: int = 24
    longest_months: int = 24
    extend_months: int = 6
    notice_days: tuple[int, ...] = (30, 7, 1)
    request_days: int = 90
    expiring_days: int = 30
    support_days: int = 14
    longest_support_days: int = 90

    def usual(self, today: date) -> date:
        """The last day that is proposed for access given today, inclusive."""
        return months_after(today, self.default_months)

    def latest(self, today: date) -> date:
        """The last day that access given today may have, inclusive."""
        return months_after(today, self.longest_months)

    def extended(self, ends_on: date) -> date:
        """The last day after one extension."""
        return months_after(ends_on, self.extend_months)

    def expiring(self, ends_on: date, *, today: date) -> bool:
        """Whether access that ends on that day is about to end."""
        return 0 <= (ends_on - today).days <= self.expiring_days

    def notice_due(self, ends_on: date, *, today: date) -> int | None:
        """The tightest notice that is due, in days before the end; None before the first and after the end."""
        left = (ends_on - today).days
        return min((days for days in self.notice_days if 0 <= left <= days), default=None)

    def next_notice(self, ends_on: date, *, today: date) -> date | None:
        """The day of the first notice of access given today; None where it ends before the last of them."""
        days = max((days for days in self.notice_days if days <= (ends_on - today).days), default=None)
        return None if days is None else ends_on - timedelta(days)

    @property
    def first_notice(self) -> int:
        return max(self.notice_days)


STANDARD = EndPolicy()


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(day.year + years, month + 1, min(day.day, last))
