"""The command `script/bench`: figures of one run, each beside its floor."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config.embedded.places import taken
from config.embedded.servers import ROOT
from config.embedded.trouble import Trouble
from script.stages import stage_of

if TYPE_CHECKING:
    from tests.bench.figures import Figure
    from tests.drills.stage import Stage

NAMES = ("seed", "sweep", "send")
LINE = "{name:<22} {value:>10.2f} {unit:<3} {floor:>10.2f} {ratio:>8.2f} {goal:>8}  {verdict}"
HEAD = LINE.replace(".2f", "")


def main(words: Sequence[str] | None = None) -> int:
    options = parse(words)
    try:
        with taken(options.var.absolute()) as places, stage_of(places) as stage:
            rows = [figure.as_row() for figure in figures(stage, options.names or NAMES, options.size)]
    except (Trouble, OSError) as trouble:
        print(f"script/bench: {trouble}", file=sys.stderr, flush=True)
        return 1
    (ROOT / "var" / "bench.json").write_text(json.dumps({"size": options.size, "figures": rows}, indent=2) + "\n")
    return int(not all(row["met"] for row in rows))


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measures, each figure beside its floor.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure (default: {', '.join(NAMES)})")
    parser.add_argument("--size", choices=("small", "medium", "full"), default="small",
                        help="20,000, 200,000 or 2,000,000 coverages (default: %(default)s)")  # fmt: skip
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "bench", help="folder of the servers (var/bench)")
    options = parser.parse_args(words)
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"nothing is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return options


def figures(stage: "Stage", names: Sequence[str], size: str) -> "list[Figure]":
    """Prints each as it is measured. `seed` comes before `sweep`, which needs its world, whether named or not."""
    from tests.bench.market import planted
    from tests.bench.reminders import sweep_figures
    from tests.bench.sending import send_figures

    print(HEAD.format(name=f"at size {size}", value="value", unit="", floor="floor", ratio="ratio", goal="goal",
                      verdict=""), flush=True)  # fmt: skip
    found: list[Figure] = []
    if {"seed", "sweep"} & set(names):
        print(planted(stage, size), flush=True)
    if "sweep" in names:
        found += said(sweep_figures(stage))
    if "send" in names:
        found += said(send_figures(stage))
    return found


def said(measured: "list[Figure]") -> "list[Figure]":
    for figure in measured:
        goal = f"{'≥' if figure.more_is_better else '≤'} {figure.goal:g}"
        verdict = f"{'met' if figure.met else 'MISSED'} {figure.note}".rstrip()
        print(LINE.format(**{**figure.as_row(), "goal": goal, "verdict": verdict}), flush=True)
    return measured


if __name__ == "__main__":
    sys.exit(main())
