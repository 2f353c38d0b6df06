"""The page of evidence: how many cases of which kind, how they ended, which lines they ran; from the result of a run."""

from __future__ import annotations

HEAD = """# Fuzzing

Every kind of file that is read, and every body of the workbench's interface, changed at random and read: cells, keys, rows,
columns, attributes, variables, parts of a workbook, rows of a ledger with the chain made whole again, spellings of numbers,
encodings, and bytes. What must hold of every case: a documented exit code, one clear message with a code that
[errors](../reference/errors.md) explains, no traceback, no answer later than ten seconds of the processor, nothing written over in
failing, no plan that fails its audit outside the model, an unknown key or column refused, another spelling of the same number read
as the same or refused, and no figure of a table that is changed and changes nothing.

Made by `python -m tests.fuzz --page docs/evidence/studies/fuzzing.json docs/evidence/fuzzing.md` from

    python -m tests.fuzz --minutes {minutes:g} --workers {workers} --seed {seed} --result docs/evidence/studies/fuzzing.json

A case comes again with `python -m tests.fuzz --again SEED/NUMBER`. Ninety seconds are part of the tests
(`tests/fuzz/test_fuzz.py`), with every find of earlier runs.

# What was run

{cases:,} cases in {hours:.0f} minutes of {workers} worker{s}, every line traced, on a machine with other work; the longest
took {longest:.0f} s by the clock. {finds}

| kind of file | cases | read (0) | refused (3) | no plan (4) | other |
|---|--:|--:|--:|--:|--:|
"""
LINES = """
A file is read by one command or several, so that there are more endings than cases. Of the interface 200 is an answer and
400, 422 a refusal.

# Lines run

What is not run is mostly what writes other forms, studies of many years, and pictures: they read nothing that these cases change.

| package | lines | run |
|---|--:|--:|
"""
REFUSED = ("3", "400", "422", "404", "409", "413", "405")


def page(result):
    """The page of a result."""
    count = len(result["finds"])
    finds = "Nothing was found." if not count else f"{count} case{'s' if count > 1 else ''} ended otherwise: see below."
    head = HEAD.format(
        **{k: result[k] for k in ("minutes", "workers", "seed", "longest")}, s="s" if result["workers"] > 1 else "",
        cases=sum(result["cases"].values()), hours=result["seconds"] / 60 / result["workers"], finds=finds,
    )  # fmt: skip
    rows = [_row(kind, result["cases"][kind], result["codes"].get(kind, {})) for kind in sorted(result["cases"])]
    lines = [f"| {name} | {all_:,} | {100 * run / all_:.0f} % |" for name, (run, all_) in sorted(result["lines"].items()) if all_]
    told = (
        ["\n# What was found\n", *(f"- `{case}`: {fault}; {told.replace('|', ' ')}" for case, fault, told in result["finds"])]
        if count
        else []
    )
    return head + "\n".join(rows) + "\n" + LINES + "\n".join([*lines, *told]) + "\n"


def _row(kind, cases, codes):
    read, refused, none = codes.get("0", 0) + codes.get("200", 0), sum(codes.get(x, 0) for x in REFUSED), codes.get("4", 0)
    other = sum(codes.values()) - read - refused - none
    return f"| {kind} | {cases:,} | {read:,} | {refused:,} | {none:,} | {other:,} |"
