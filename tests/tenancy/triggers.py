"""For each trigger what it does: statements, and a question that is answered otherwise without it."""

SEEN = """select count(*), sum(access_level), sum(quantity), sum(extract(epoch from valid_until)),
    (select count(*) from licences_customervisibility) from licences_visibility"""
TOUCHED = "select count(*) from renewals_touched"
LEADS = "select count(*) from licences_lead where ended_at is null"
CURRENT = "select count(*) from renewals_certificate where superseded_at is null"
DONE = "select 'done'"
LARKFIELD, TIDEWATER, HALYARD, MERIDIAN = (
    f"(select id from accounts_organisation where slug = '{slug}')"
    for slug in ("larkfield", "tidewater", "halyard", "meridian")
)
GRANT = f"(select id from licences_assignment where customer_id = {LARKFIELD} and status = 'active')"
MORE = f"""(select c.id from licences_coverage c where c.customer_id = {LARKFIELD} and not exists
    (select 1 from licences_selection s where s.coverage_id = c.id and s.assignment_id = {GRANT}) limit 1)"""

REACHED = f"""(select lower(u.email) from accounts_user u join accounts_membership m on m.user_id = u.id
    where m.organisation_id = {LARKFIELD} and lower(u.email) not in (select address from accounts_suppression)
    limit 1)"""


def another(table: str, where: str, **values: str) -> str:
    """One more row, like one that is there; the values are expressions."""
    changed = ", ".join(f"'{name}', {value}" for name, value in ({"id": "gen_random_uuid()"} | values).items())
    return (
        f"insert into {table} select (jsonb_populate_record(t, jsonb_build_object({changed}))).*"
        f" from {table} t where {where} limit 1"
    )


COVERAGE = another("licences_coverage", f"customer_id = {LARKFIELD}", programme="'hw'")
EVERYTHING = another("licences_assignment", f"id = {GRANT}", advisor_id=HALYARD, scope="'all'", contact_id="null")
EVERY_ID = f"(select id from licences_assignment where advisor_id = {HALYARD} and customer_id = {LARKFIELD})"
LEFT_OUT = (
    "insert into licences_exclusion (customer_id, assignment_id, coverage_id)"
    f" values ({LARKFIELD}, {EVERY_ID}, (select id from licences_coverage where customer_id = {LARKFIELD} limit 1))"
)

PROBES: dict[str, tuple[list[str], str]] = {
    "coverage_added": ([COVERAGE], SEEN),
    "coverage_changed": (["update licences_coverage set quantity = quantity + 1"], SEEN),
    "coverage_removed": ([COVERAGE, "delete from licences_coverage where programme = 'hw'"], SEEN),
    "assignment_added": ([EVERYTHING], SEEN),
    "assignment_changed": ([f"update licences_assignment set level = 1 where id = {GRANT}"], SEEN),
    "assignment_removed": ([EVERYTHING, f"delete from licences_assignment where id = {EVERY_ID}"], SEEN),
    "selection_added": (
        [
            "insert into licences_selection (customer_id, assignment_id, coverage_id)"
            f" values ({LARKFIELD}, {GRANT}, {MORE})"
        ],
        SEEN,
    ),
    "selection_removed": ([f"delete from licences_selection where assignment_id = {GRANT}"], SEEN),
    "exclusion_added": ([EVERYTHING, LEFT_OUT], SEEN),
    "exclusion_removed": (
        [EVERYTHING, LEFT_OUT, f"delete from licences_exclusion where assignment_id = {EVERY_ID}"],
        SEEN,
    ),
    "letter_moved": (
        [
            "update accounts_letter set state = 'dead', attempts = 5",
            "update accounts_letter set state = 'pending'",
        ],
        "select max(attempts) from accounts_letter",
    ),
    "customer_zone_changed": (
        [f"update accounts_organisation set time_zone = 'Pacific/Auckland' where id = {LARKFIELD}"],
        SEEN,
    ),
    "support_added": (
        [another("licences_supportaccess", f"customer_id = {TIDEWATER}", ended_at="null")],
        SEEN,
    ),
    "support_changed": (["update licences_supportaccess set ended_at = now() where ended_at is null"], SEEN),
    "support_removed": (["delete from licences_supportaccess where ended_at is null"], SEEN),
    "lead_fell_away": ([f"update licences_assignment set status = 'revoked' where id = {GRANT}"], LEADS),
    "assignment_guarded": ([f"update licences_assignment set status = 'draft' where id = {GRANT}"], DONE),
    "assignment_kept_by_advisor": (
        [
            f"select set_config('app.organisation_id', {MERIDIAN}::text, true)",
            f"update licences_assignment set level = 2 where id = {GRANT}",
        ],
        DONE,
    ),
    "transfer_guarded": (["update licences_transfer set purpose = 'Another' where state = 'receipted'"], DONE),
    "certificate_guarded": (["update renewals_certificate set sha256 = ''"], DONE),
    "certificate_superseded": (["update licences_coverage set quantity = quantity + 1"], CURRENT),
    "certificate_renamed": (["update licences_licence set serial = serial || '1'"], CURRENT),
    "priceschedule_guarded": (
        ["update renewals_priceschedule set valid_from = '2019-01-01' where state = 'published'"],
        DONE,
    ),
    "price_guarded": (["update renewals_price set amount = amount + 1"], DONE),
    "policy_guarded": (
        [
            another("renewals_renewalpolicy", "true", valid_from="'2020-01-01'"),
            "update renewals_renewalpolicy set valid_from = '2020-01-02' where valid_from = '2020-01-01'",
        ],
        DONE,
    ),
    "discount_guarded": (
        [
            another("renewals_tierdiscount", "true", valid_from="'2020-01-01'"),
            "update renewals_tierdiscount set share = 0 where valid_from = '2020-01-01'",
        ],
        DONE,
    ),
    "quote_guarded": (["update renewals_quote set notes = 'Another' where state = 'submitted'"], DONE),
    "quoteline_added": (
        [
            another(
                "renewals_quoteline",
                "quote_id in (select id from renewals_quote where state = 'submitted')",
                number="99",
                held="false",
            )
        ],
        DONE,
    ),
    "quoteline_removed": (
        [
            "delete from renewals_quoteline l using renewals_quote q where q.id = l.quote_id and q.state = 'submitted'",
        ],
        DONE,
    ),
    "quoteline_guarded": (["update renewals_quoteline set amount = amount + 1"], DONE),
    "order_guarded": (["update renewals_order set coverages = '{}'"], DONE),
    "reminders_visibility_added": ([EVERYTHING], TOUCHED),
    "reminders_visibility_changed": (["update licences_coverage set quantity = quantity + 1"], TOUCHED),
    "reminders_membership_added": (
        [
            another(
                "accounts_membership",
                f"organisation_id = {LARKFIELD}",
                user_id="(select u.id from accounts_user u left join accounts_membership m on m.user_id = u.id"
                " where m.id is null limit 1)",
            )
        ],
        TOUCHED,
    ),
    "reminders_membership_changed": (["update accounts_membership set role = 'viewer' where role = 'owner'"], TOUCHED),
    "reminders_assignment_changed": ([f"update licences_assignment set contact_id = null where id = {GRANT}"], TOUCHED),
    "reminders_contact_left": (["update advisors_contact set left_on = current_date"], TOUCHED),
    "reminders_address_returned": (
        [another("accounts_suppression", "true", address=REACHED)],
        TOUCHED,
    ),
    "reminders_address_released": (["delete from accounts_suppression"], TOUCHED),
    "reminders_person_changed": (["update accounts_user set is_active = not is_active"], TOUCHED),
    "reminders_zone_changed": (
        [f"update accounts_organisation set time_zone = 'Asia/Tokyo' where id = {TIDEWATER}"],
        TOUCHED,
    ),
    "reminders_decided": (["update renewals_decision set note = note"], TOUCHED),
    "reminders_unmuted": (["delete from renewals_mute"], TOUCHED),
    "reminders_lead_named": (
        [another("licences_lead", "true", coverage_id=MORE, ended_at="null")],
        TOUCHED,
    ),
    "reminders_lead_ended": (["update licences_lead set ended_at = now()"], TOUCHED),
    "reminders_held": (["update renewals_quoteline set held = false where held"], TOUCHED),
    "reminders_silence_began": ([another("renewals_silence", "organisation_id is null", why="'known'")], TOUCHED),
    "reminders_silence_ended": (["delete from renewals_silence"], TOUCHED),
    "reminders_windows_added": (
        [another("renewals_reminderwindow", "customer_id is not null", opens="-45")],
        TOUCHED,
    ),
    "reminders_windows_removed": (["delete from renewals_reminderwindow where customer_id is null"], TOUCHED),
}
