"""One sweep as a process of its own: prints its seconds, and the most memory that the process ever had, in kB."""

import os
import resource
import time


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from renewals.services.sweep import sweep

    began = time.perf_counter()
    sweep()
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
