"""The export of another system, as a customer has it: US dates, amounts, blanks, a quoted note over two lines."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

HEADER = """
Full Name,Email,Username,Item name,serial number,Category,manufacturer,purchase date,purchase cost,purchase order,
order number,Licensed To Name,Licensed to Email,expiration date,maintained,reassignable,seats,company,supplier,notes
""".replace("\n", "").split(",")
# What is to be shared is told apart from what is not, and what is due from what is far away.
SHARED_SOON, SHARED_LAPSED = "Vantage Desktop Premium", "Gateway VPX 200"
KEPT_SOON, KEPT_LATER = "Payroll Vault", "Archive Server"
DAYS = {SHARED_SOON: 30, SHARED_LAPSED: -7, KEPT_SOON: 7, KEPT_LATER: 300}
BROKEN = "Mainframe Bridge"
NOTE = 'Renewed once.\nAsk for the "co-term" price, please.'


def today() -> date:
    """The customer's day, from which its reminders count."""
    return datetime.now(ZoneInfo("Europe/Madrid")).date()


def export(folder: Path) -> Path:
    """A file with four good lines and one whose date does not exist."""
    dates = {name: f"{day:%m/%d/%Y}" for name, days in DAYS.items() for day in [today() + timedelta(days)]}
    text = StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    for number, (name, expires) in enumerate({**dates, BROKEN: "02/30/2027"}.items(), start=1):
        writer.writerow(
            {
                "Item name": name,
                "serial number": f"SN-{number:04}-Z",
                "expiration date": expires,
                "seats": 10 * number,
                "purchase cost": "$12,480.00",
                "maintained": "TRUE",
                "reassignable": "no",
                "notes": NOTE,
            }
        )
    path = folder / "licenses.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path
