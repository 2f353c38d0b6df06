"""Fuzzing by the hour: ``python -m tests.fuzz --minutes 60 --workers 2 --seed 1``; one case again: ``--again 1.0/4711``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.fuzz.watching import fuzzed


def main():
    """Run it, or one case of it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--finds", metavar="DIR", type=Path, help="write every find there")
    parser.add_argument("--result", metavar="FILE.json", type=Path, help="write what was counted there, lines run by package among it")
    parser.add_argument("--page", nargs=2, metavar=("RESULT.json", "FILE.md"), type=Path, help="make the page of evidence from a result")
    parser.add_argument("--again", metavar="CASE", help="run one case again, here")
    args = parser.parse_args()
    if args.again:
        return again(args.again)
    if args.page:
        from tests.fuzz.page import page

        args.page[1].write_text(page(json.loads(args.page[0].read_text())), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_FILE"] = f"{folder}/.coverage"
        found = fuzzed(args.seed, 60 * args.minutes, folder, args.workers, coverage=bool(args.result), heard=_heard)
        lines = covered(folder) if args.result else {}
    if args.result:
        args.result.write_text(json.dumps(result(found, lines, args), indent=1))
    if args.finds:
        args.finds.mkdir(parents=True, exist_ok=True)
        for k, fault in enumerate(found.faults):
            (args.finds / f"{k:03d}.json").write_text(json.dumps(fault, indent=1, ensure_ascii=False))
    _tell(found, lines)
    return 1 if found.faults else 0


def result(found, lines, args):
    """What was counted."""
    return {
        "seed": args.seed, "minutes": args.minutes, "workers": args.workers, "seconds": found.seconds, "longest": found.longest,
        "cases": found.cases, "codes": found.codes, "lines": lines, "finds": [[x["case"], x["fault"], x["told"]] for x in found.faults],
    }  # fmt: skip


def _heard(cases, faults):
    sys.stderr.write(f"{cases} cases, {faults} finds\n")


def _tell(found, lines):
    print(f"{found.cases.total()} cases in {found.seconds:.0f} s of workers, the longest {found.longest:.1f} s; {len(found.faults)} finds")
    for kind, count in sorted(found.cases.items()):
        print(f"  {kind}: {count}; " + ", ".join(f"exit {k}: {v}" for k, v in sorted(found.codes[kind].items())))
    for name, (run, all_) in sorted(lines.items()):
        print(f"  covered {name}: {100 * run / max(all_, 1):.0f} %")
    for fault in found.faults:
        print(f"{fault['case']} {fault['fault']}: {fault['told']}\n    {fault['seen'][-600:]}")


def covered(folder):
    """Lines run and lines there are, by package."""
    import coverage

    data = coverage.Coverage(data_file=f"{folder}/.coverage", source=["waterflow"])
    data.combine([folder])
    found = {}
    for name in data.get_data().measured_files():
        _, statements, _, missing, _ = data.analysis2(name)
        parts = Path(name).parts
        package = parts[len(parts) - 1 - parts[::-1].index("waterflow") + 1]
        run, all_ = found.get(package, (0, 0))
        found[package] = (run + len(statements) - len(missing), all_ + len(statements))
    return found


def again(name):
    """Run a case again and say everything of it."""
    from tests.fuzz.cases import Cases
    from tests.fuzz.seats import seats
    from tests.fuzz.worker import one

    seed, _, number = name.rpartition("/")
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(seats(Path(folder) / "corpus"), seed)
        os.chdir(folder)
        found = one(cases, int(number), Path(folder))
        os.chdir("/")
    print(json.dumps({**found, "content": ""}, indent=1, ensure_ascii=False))
    print(found.get("seen", ""))
    print("---\n" + found.get("content", "")[:1500])
    return 1 if "fault" in found else 0


if __name__ == "__main__":
    sys.exit(main())
