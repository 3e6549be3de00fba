"""Short plays, each of which shows one kind of access and how it ends; a fault is found by the one that it spoils."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.oracle.pleas import Play


def first(choices: list[Any]) -> Any:
    return choices[0]


# Each yields whenever everybody is to look.


def given_and_taken(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0)[:1])
    play.assign(1, 1, play.own(1))
    yield
    play.end(0, 0, first)
    yield


def paused(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0)[:1])
    play.pause(0, 0, first)
    yield
    play.resume(0, 0, first)
    yield


def given_up(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0))
    play.resign(0, 0, first)
    yield


def lower_for_one(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0), level=3, everything=True)
    yield
    play.set_cells(0, 0, play.own(0)[:1], level=1)
    yield


def left_out(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0), everything=True)
    play.set_cells(0, 0, play.own(0)[:1], level=0)
    yield
    play.set_cells(0, 0, play.own(0)[:1], follow=True)
    yield


def last_day(play: Play) -> Iterator[None]:
    for side in (0, 1):
        play.assign(side, 0, play.own(side), days=0)
    for _ in range(4):
        play.pass_time(7)
        yield


def another_licence(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0), everything=True)
    play.add_coverage(0)
    yield
    play.drop_coverage(0, first)
    yield


def renewed(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0))
    play.renew(0, first)
    yield


def narrowed_and_widened(play: Play) -> Iterator[None]:
    one, other = play.own(0)
    play.assign(0, 0, [one, other], level=2)
    play.change(0, 0, first, remove={other})
    yield
    play.change(0, 0, first, add={other}, level=2)
    yield
    play.change(0, 0, first, level=1)
    yield
    play.change(0, 0, first, everything=True)
    yield
    play.change(0, 0, first, level=3, everything=False, remove={one})
    yield


def two_grants_of_one_firm(play: Play) -> Iterator[None]:
    one, other = play.own(0)
    play.assign(0, 0, [one, other], level=1)
    play.assign(0, 0, [other], level=3)
    yield
    play.pause(0, 0, lambda found: found[-1])
    play.set_cells(0, 0, [other], level=2)
    yield
    play.resume(0, 0, first)
    yield


def begun(play: Play) -> Iterator[None]:
    for _ in range(2):
        play.assign(0, 0, play.own(0), everything=True)
    yield


def asked(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0), level=1)
    for yes in (False, True):
        play.ask(0, 0, first, level=3)
        yield
        play.answer(0, 0, first, yes=yes)
        yield
    play.ask(0, 0, first, level=3, days=90)
    play.end(0, 0, first)
    yield


def asked_blindly(play: Play) -> Iterator[None]:
    play.approach(0, 0, level=3, everything=True)
    yield
    play.turn_down(0, 0, reply=False)
    yield
    play.approach(0, 0)
    play.approach(1, 0)
    play.take_words_back(0, first)
    play.turn_down(1, 0, reply=True)
    yield
    play.approve(0, 0, play.own(0)[:1], level=1)
    yield


def taken_back(play: Play) -> Iterator[None]:
    play.approach(0, 0)
    play.approach(1, 1)
    play.take_words_back(0, first)
    yield
    play.pass_time(2200)
    yield


def without_agreement(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0))
    play.agreement(0, active=False)
    yield
    play.agreement(0, active=True)
    yield


def looked_at(play: Play) -> Iterator[None]:
    play.support(0)
    play.assign(0, 0, play.own(0))
    play.add_coverage(0)
    yield
    play.end_support(0)
    yield
    play.support(1, days=0)
    for _ in range(4):
        play.pass_time(7)
        yield


def handed_over(play: Play) -> Iterator[None]:
    play.prepare(0, 0, play.own(0)[:1])
    yield
    play.consent(0, first)
    yield
    play.take(0, first)
    yield
    play.take_copy(0, first)
    play.withdraw(0, first)
    yield


def handed_over_for_a_time(play: Play) -> Iterator[None]:
    for side in (0, 1):
        play.prepare(side, side, play.own(side), days=0)
        play.consent(side, first)
    play.take(0, first)
    for _ in range(4):
        play.pass_time(7)
        yield


def never_received(play: Play) -> Iterator[None]:
    play.prepare(0, 0, play.own(0))
    play.prepare(1, 0, play.own(1))
    play.consent(0, first)
    play.pass_time(400)
    yield


def refused(play: Play) -> Iterator[None]:
    play.prepare(0, 0, play.own(0))
    play.prepare(0, 1, play.own(0))
    play.decline(0, lambda found: found[-1])
    play.consent(0, first)
    play.take(0, first, receipt=False)
    yield


def proposed(play: Play) -> Iterator[None]:
    play.assign(0, 0, play.own(0)[:1], level=3)
    play.assign(0, 1, play.own(0), level=3)
    play.propose(0, 0, 0, play.own(0))
    yield
    play.end(0, 0, first)
    yield
    play.assign(0, 0, play.own(0)[:1], level=3)
    play.take_back(0, 0, first)
    yield


def led(play: Play) -> Iterator[None]:
    one = play.own(0)[:1]
    for firm in (0, 1):
        play.assign(0, firm, one)
        play.lead(0, firm, play.own(0))
        yield
    play.pause(0, 1, first)
    yield
    play.end(0, 1, first)
    play.lead(0, 0, one)
    yield
    play.pass_time(7)
    play.end(0, 0, first)
    yield


def certified(play: Play) -> Iterator[None]:
    one, other = play.own(0)
    play.assign(0, 0, [one])
    play.assign(0, 1, [other])
    for firm, coverage in ((0, one), (None, other), (1, one), (1, other)):
        play.certificate(0, firm, coverage)
        play.give_up(0, firm, coverage)
    play.certificate_of_all(0)
    yield
    play.support(0)
    yield
    play.end(0, 0, first)
    yield


def quoted(play: Play) -> Iterator[None]:
    one, other = play.own(0)
    play.assign(0, 0, [one, other])
    play.assign(0, 1, [one], level=3)
    assert play.draft(0, 0, [one, other]) and play.draft(0, None, [one]) and not play.draft(0, 1, [one, other])
    yield
    play.submit(0, first)
    yield
    play.set_cells(0, 0, [one], level=1)
    play.accept(0, first)
    yield
    play.set_cells(0, 0, [one], level=2)
    yield
    play.accept(0, first)
    assert play.world.at_hand(play.owners[0].home, is_ordered=True)
    yield
    play.set_cells(0, 1, [one, other], level=3)
    yield
    play.end(0, 0, first)
    play.cancel_order(0, first)
    yield


Chapter = Callable[[Play], Iterator[None]]
CHAPTERS: list[Chapter] = [
    given_and_taken,
    paused,
    given_up,
    lower_for_one,
    left_out,
    last_day,
    another_licence,
    renewed,
    narrowed_and_widened,
    two_grants_of_one_firm,
    begun,
    asked,
    asked_blindly,
    taken_back,
    without_agreement,
    looked_at,
    handed_over,
    handed_over_for_a_time,
    never_received,
    refused,
    proposed,
    led,
    certified,
    quoted,
]


def act(chapter: Chapter) -> None:
    """Plays it from the beginning; raises AssertionError as soon as somebody sees what the model does not allow."""
    play = Play()
    for _ in chapter(play):
        play.look()
