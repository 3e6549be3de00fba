"""Whose names the history gives away: of those who acted in one's own, and of nobody else, though nothing is shared."""

import pytest
from django.db import connection

from tests.hats import database_role
from tests.tenancy.probes import PEOPLE, introduce, undone

pytestmark = pytest.mark.django_db
QUESTION = "select name from coterm_names_of_actors(array(select id from known)) order by name"
KNOWN = """create table known as select id from accounts_user union select id from accounts_organisation"""


def named(world, who):
    """The names of everybody and everything, as far as this actor gets them."""
    with undone():
        with database_role("coterm_owner"), connection.cursor() as cursor:
            cursor.execute(f"{KNOWN}; grant select on known to coterm_web")
        introduce(world, who)
        with connection.cursor() as cursor:
            cursor.execute(QUESTION)
            return {name for (name,) in cursor.fetchall()}


def own_names(world, who):
    """Each has acted in its own history alone; of the distributor nobody did who has a name."""
    membership = world.memberships[who]
    return {str(membership.user), membership.organisation.name} - ({str(membership.user)} if who == "farid" else set())


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"elena"}))
def test_the_history_names_who_acted_in_it_alone(world, who):
    assert named(world, who) == own_names(world, who)


def test_nobody_is_told_a_name(world):
    assert named(world, "nobody") == named(world, "departed") == set()


@pytest.mark.parametrize("part", ["e.organisation_id = ", "e.actor_user_id = u.id", "e.actor_organisation_id = o.id"])
def test_a_wider_answer_is_noticed(world, part):
    with undone():
        with database_role("coterm_owner"), connection.cursor() as cursor:
            cursor.execute("select pg_get_functiondef('coterm_names_of_actors(uuid[])'::regprocedure)")
            body = cursor.fetchone()[0]
            assert part in body
            cursor.execute(body.replace(part, f"true or {part}"))
        assert named(world, "alba") != own_names(world, "alba")
