"""All drills by name."""

from collections.abc import Callable

from tests.drills import contests, kills, mails, outages, restores, sweeps
from tests.drills.findings import Finding
from tests.drills.stage import Stage

DRILLS: dict[str, Callable[[Stage], Finding]] = {
    "worker-killed": kills.worker_killed,
    "bad-mail-server": kills.bad_mail_server,
    "rolling-restart": kills.rolling_restart,
    "worker-restart": outages.worker_restart,
    "database-crash": outages.database_crash,
    "broker-flushed": outages.broker_flushed,
    "broker-frozen": outages.broker_frozen,
    "broker-reset": outages.broker_reset,
    "sweeps-at-once": sweeps.sweeps_at_once,
    "two-beats": sweeps.two_beats,
    "beat-dead": sweeps.beat_dead,
    "odd-days": sweeps.odd_days,
    "server-hangs": mails.server_hangs,
    "server-drips": mails.server_drips,
    "server-closed": mails.server_closed,
    "one-refused": mails.one_refused,
    "poison-row": mails.poison_row,
    "changed-while-sending": mails.changed_while_sending,
    "two-admins": contests.two_admins,
    "one-quote": contests.one_quote,
    "restore": restores.restore,
}
