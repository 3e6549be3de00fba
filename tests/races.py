"""Several people at once, each with a connection of its own."""

import threading

from django.db import connection

from licences.rules.changes import Stale


def at_once(*works, losing=(Stale,)):
    """Runs each in a thread from the same moment on; what each returned, or that of `losing` which it raised."""
    gate, results = threading.Barrier(len(works)), {}

    def run(number, work):
        try:
            gate.wait()
            results[number] = work()
        except losing as late:
            results[number] = next(kind for kind in losing if isinstance(late, kind))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(works))]
