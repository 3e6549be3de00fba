"""The command `script/drill`: programs are killed and servers broken, and what was promised is counted."""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.embedded.places import taken
from config.embedded.servers import ROOT
from config.embedded.trouble import Trouble
from script.stages import stage_of

if TYPE_CHECKING:
    from tests.drills.findings import Finding
    from tests.drills.stage import Stage

# Markdown, so that it can be put into a document as it is.
LINE = "| {name:<21} | {rows:>6} | {lost:>4} | {duplicates:>10} | {silence:>9.1f} | {seconds:>6.0f} | {verdict} |"
HEAD = LINE.replace(":>9.1f", ":>9").replace(":>6.0f", ":>6")
RULE = HEAD.format(name="-" * 21, rows="-----:", lost="---:", duplicates="---------:", silence="--------:",
                   seconds="-----:", verdict="---")  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    options = parse(words)
    try:
        with taken(options.var.absolute()) as places, stage_of(places) as stage:
            stage.rows, stage.kills, stage.plant = options.rows, options.kills, options.plant
            results = play(stage, options.names)
    except (Trouble, OSError) as trouble:
        print(f"script/drill: {trouble}", file=sys.stderr, flush=True)
        return 1
    (options.var / "drill.json").write_text(json.dumps(results, indent=2) + "\n")
    return int(any(result["broken"] for result in results))


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/drill", description="Breaks things, and counts what was promised.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the drills to play (default: all)")
    parser.add_argument("--rows", type=int, default=10_000, help="reminders in the large drills (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=50, help="how often senders are killed (default: %(default)s)")
    parser.add_argument("--plant", default="", help="a fault for the drill to find (see tests/drills/sender.py)")
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "drill", help="folder of the servers (var/drill)")
    return parser.parse_args(words)


def finding_of(drill: "Callable[[Stage], Finding]", stage: "Stage") -> "Finding":
    """A drill that breaks down itself has broken its promise; the others are played all the same."""
    from tests.drills.findings import Finding

    try:
        return drill(stage)
    except Exception as problem:
        traceback.print_exc()
        return Finding(0, broken=[f"{type(problem).__name__}: {problem}"[:200]])
    finally:
        stage.clear()


def play(stage: "Stage", names: Sequence[str]) -> list[dict[str, Any]]:
    from tests.drills.repertoire import DRILLS

    if unknown := [name for name in names if name not in DRILLS]:
        raise Trouble(f"no drill is called {', '.join(unknown)}; there are {', '.join(DRILLS)}.")
    print(HEAD.format(name="drill", rows="rows", lost="lost", duplicates="duplicates", silence="silence s",
                      seconds="took s", verdict="promises"), RULE, sep="\n", flush=True)  # fmt: skip
    results = []
    for name in names or DRILLS:
        began = time.monotonic()
        row = {"name": name, **finding_of(DRILLS[name], stage).as_row(), "seconds": time.monotonic() - began}
        verdict = "**broken:** " + "; ".join(row["broken"]) if row["broken"] else f"kept; {row['note']}".rstrip("; ")
        print(LINE.format(**{**row, "verdict": verdict}), flush=True)
        results.append(row)
    return results


if __name__ == "__main__":
    sys.exit(main())
