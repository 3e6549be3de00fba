"""Sweeps as a process of its own until all is posted: how long each took, with how many reminders and letters.

Last, the most memory that the process ever had, in kB.
"""

import os
import resource
import time


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from renewals.services.sweep import Swept, sweep

    swept = None
    while swept != Swept(0, 0):
        began = time.perf_counter()
        swept = sweep()
        print(time.perf_counter() - began, swept.reminders, swept.letters)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
