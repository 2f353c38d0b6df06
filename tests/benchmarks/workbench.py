"""The workbench timed: five minutes from nothing, and from a lever to what is painted: `python -m tests.benchmarks.workbench`.

Writes ``docs/evidence/workbench.md``. Needs Chromium and the package index; takes about ten minutes. A newcomer's five
minutes are typed by a script: what it does not spend is the reading.
"""

import os
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.workbench.served import serving
from tests.workbench.test_page import LEVER, exported, opened, put, settled

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "evidence" / "workbench.md"
MOVES = 40

#: one move of a lever: milliseconds from the event to the frame in which the answer's plan is painted
MOVED = """([address, value, event]) => new Promise((told) => {
    const lever = document.querySelector(`input[data-address="${address}"]`);
    const asked = window.fetch;
    const began = performance.now();
    window.fetch = async (...request) => {
        const answer = await asked(...request);
        if (String(request[0]).endsWith("/plan")) {
            window.fetch = asked;
            const read = answer.json.bind(answer);
            // the page paints in the turn in which it has read the answer; the second frame after it has been shown
            answer.json = async () => {
                const found = await read();
                requestAnimationFrame(() => requestAnimationFrame(() => told(performance.now() - began)));
                return found;
            };
        }
        return answer;
    };
    lever.value = value;
    lever.dispatchEvent(new Event(event, { bubbles: true }));
})"""

HEAD = """# How long the workbench takes

Written by `python -m tests.benchmarks.workbench`; every figure comes from that one run ({cores} cores, Python {python}).
Machines differ, and a busy one takes longer.

## Five minutes, typed by a script

From a clone, in an environment that holds nothing but pip: seconds since the first command. What the script does not
spend is the reading; no person outside has been timed yet.

| when | seconds |
|---|--:|
{story}

## From a lever to what is painted

The dry year; *{lever}* moved {moves} times between 5,500 and 7,500 Mm3. Milliseconds from the event of the slider to the frame in
Chromium that shows the answer.

| | median | nine of ten | asked: median | asked: nine of ten |
|---|--:|--:|--:|--:|
{painted}

Where a plan by dekad takes longest, the promise makes somebody short: each further user who is short is a round of its
own, proved optimal before the next begins.
"""


def percentiles(found):
    return median(found), sorted(found)[int(0.9 * len(found))]


def moves():
    """Where the lever is put, back and forth."""
    return [5500 + 50 * ((7 * k) % 41) for k in range(MOVES)]


def five_minutes(folder):
    """What a newcomer does, and when it was done: pairs of words and seconds."""
    began, told = perf_counter(), []

    def done(what):
        told.append((what, perf_counter() - began))

    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", f"{ROOT}[serve]"], check=True)
    done("installed")
    with serving("syr_darya", python=str(python), folder=folder) as (address, _), opened() as (page, _heard):
        page.goto(address)
        page.wait_for_selector("#delivered")
        done("served, the first plan on the page")
        page.select_option('[data-key="scenario"]', "dry_year")
        settled(page)
        done("the dry year chosen")
        page.click('[data-key="pin"]')
        put(page, LEVER, 8000)
        page.wait_for_selector("#compared")
        settled(page)
        done("pinned, a lever moved, both plans side by side")
        put(page, LEVER, 14000)
        page.wait_for_selector('#ways [data-key="accept-0"]')
        page.click(f'[data-accept="{LEVER}"]')
        page.wait_for_selector("#answer:not(.clash)")
        settled(page)
        done("too much asked, a concession accepted")
        for form in ("pdf", "xlsx"):
            exported(page, form, folder)
        done("annex saved as PDF and workbook")
    return told


def painted(address, step):
    """Milliseconds of every move while dragging and on letting go."""
    with opened() as (page, _):
        page.goto(f"{address}#m=syr_darya&s=dry_year{f'&t={step}' if step else ''}&l=en")
        page.wait_for_selector("#delivered")
        settled(page)
        found = {}
        for event in ("input", "change"):
            page.evaluate(MOVED, [LEVER, "6000", event])
            found[event] = []
            for value in moves():
                found[event].append(page.evaluate(MOVED, [LEVER, str(value), event]))
                if event == "change":
                    settled(page)
        return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        story = five_minutes(Path(folder))
    with serving("syr_darya") as (address, _):
        month, dekad = painted(address, "month"), painted(address, "dekad")
    rows = (
        ("by month, while it moves", month["input"], 150, 350),
        ("by month, let go: certified plan", month["change"], None, None),
        ("by dekad, let go: certified plan", dekad["change"], 600, 1200),
    )
    lines = []
    for what, found, *asked in rows:
        figures = [f"{x:,.0f}" for x in percentiles(found)]
        lines.append(f"| {what} | {' | '.join(figures)} | {' | '.join(f'{x:,}' if x else '-' for x in asked)} |")
    text = HEAD.format(
        cores=os.cpu_count(),
        python=platform.python_version(),
        lever="Toktogul reservoir: release Apr-Sep",
        moves=MOVES,
        story="\n".join(f"| {what} | {seconds:,.0f} |" for what, seconds in story),
        painted="\n".join(lines),
    )
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
