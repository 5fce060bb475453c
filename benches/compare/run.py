#!/usr/bin/env python3
"""Runs caulk, ripgrep and other secret scanners over one folder, side by side, and prints a Markdown table.

README.md beside this file says what is measured and what is not.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent.parent / "target" / "release" / "caulk"

# What ripgrep looks for: one pattern with a literal prefix, in all files. About the price of reading the tree.
PATTERN = "AKIA[0-9A-Z]{16}"


# How many findings a report holds. Reports are read after the last timed run, so that this process stays small while
# it measures.


def count_document(text):
    return len(json.loads(text)["findings"])


def count_list(text):
    # A report without findings is `[]`, `null` or empty, depending on the tool.
    return len(json.loads(text or "[]") or [])


def count_lines(text):
    return sum("SourceMetadata" in line for line in text.splitlines())


def count_baseline(text):
    return sum(len(found) for found in json.loads(text)["results"].values())


class Tool:
    """One program: how it is called, which exit codes mean success, and where its report goes."""

    def __init__(self, name, command, version=("--version",), good=(0, 1), report=None, count=None):
        self.name, self.command, self.version_flags = name, command, version
        self.good, self.report, self.count = good, report, count
        self.program = None
        self.trouble = None
        self.runs = {"tree": [], "cold": []}
        self.findings = None

    def version(self):
        text = output_of([self.program, *self.version_flags]).strip()
        first = text.splitlines()[0].split() if text else []
        return next((word for word in first if word[0].isdigit() or word[0] == "v" and word[1:2].isdigit()), "?")


# All without network: no validation of what is found, no update check. Archives are not opened, since caulk and
# gitleaks do not open them; everything else is as the tool does it unless told otherwise.
def tools(caulk, work):
    out = lambda name: str(work / f"{name}.json")
    return [
        Tool("rg", lambda f: ["-c", "--no-ignore", "--hidden", PATTERN, f]),
        Tool("caulk", lambda f: ["scan", "--no-ignore", "-q", "-f", f"json={out('caulk')}", f], report=out("caulk"), count=count_document),
        Tool("kingfisher", lambda f: [
            "scan", "--no-validate", "--no-update-check", "--git-history", "none", "--no-extract-archives",
            "--redact", "--quiet", "--format", "json", "--output", out("kingfisher"), f,
        ], good=(0, 200), report=out("kingfisher"), count=count_document),
        Tool("gitleaks", lambda f: [
            "dir", "--no-banner", "--redact", "--log-level", "error", "-f", "json", "-r", out("gitleaks"), f,
        ], version=("version",), report=out("gitleaks"), count=count_list),
        Tool("betterleaks", lambda f: [
            "fs", "--no-banner", "--redact", "--log-level", "error", "--max-archive-depth=0", "-o", out("betterleaks"), f,
        ], report=out("betterleaks"), count=count_list),
        Tool("trufflehog", lambda f: [
            "filesystem", "--no-verification", "--no-update", "--json", f,
        ], good=(0, 183), report="-", count=count_lines),
        Tool("detect-secrets", lambda f: [
            "-C", f, "scan", "--all-files", "--no-verify", ".",
        ], good=(0,), report="-", count=count_baseline),
        Tool("ripsecrets", lambda f: [f]),
    ]


def output_of(command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace")


def find(tool, caulk):
    """Finds the program of a tool; says why it takes no part."""
    tool.program = str(caulk) if tool.name == "caulk" else shutil.which(tool.name)
    if tool.program is None:
        return "not on PATH"
    # Packages are known to install one scanner under the name of another.
    if tool.name not in output_of([tool.program, "--help"]).lower():
        return f"`{tool.program}` is another program: its help does not name {tool.name}"
    return None


class Run:
    def __init__(self, wall, usage):
        self.wall, self.cpu = wall, usage.ru_utime + usage.ru_stime
        # Linux counts in units of 1024 bytes, macOS in bytes.
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def run(tool, folder, work, timeout):
    """Runs the whole process once; gives a Run, or says what went wrong."""
    if tool.report not in (None, "-"):
        Path(tool.report).unlink(missing_ok=True)
    errors = work / f"{tool.name}.stderr"
    stdout = work / f"{tool.name}.stdout" if tool.report == "-" else os.devnull
    with open(stdout, "wb") as out, open(errors, "wb") as err:
        environment = dict(os.environ, KF_RULE_CACHE_DIR=str(work / "kingfisher-cache"))
        begun = time.perf_counter()
        process = subprocess.Popen(
            [tool.program, *tool.command(str(folder))],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, env=environment,
        )
        late = threading.Event()

        def stop():
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, stop)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    if late.is_set():
        return f"stopped after {timeout:g} s"
    if process.returncode not in tool.good:
        lines = errors.read_text(errors="replace").strip().splitlines()
        return f"exit code {process.returncode}" + (f": {lines[-1][:160]}" if lines else "")
    if tool.report not in (None, "-") and not Path(tool.report).exists():
        return f"exit code {process.returncode}, but no report"
    return Run(wall, usage)


def rounds(kind, some, folder, work, number, timeout):
    """One warm-up, then `number` rounds in which every tool runs once: a slow minute of the machine meets all."""
    for turn in range(number + 1):
        for tool in some:
            if tool.trouble:
                continue
            print(f"  {kind} {turn}/{number} {tool.name}", file=sys.stderr, flush=True)
            result = run(tool, folder, work, timeout)
            if isinstance(result, str):
                tool.trouble = result
            elif turn > 0:
                tool.runs[kind].append(result)


def count(tool, work):
    if tool.count is None:
        return
    path = work / f"{tool.name}.stdout" if tool.report == "-" else Path(tool.report)
    try:
        tool.findings = tool.count(path.read_text(errors="replace"))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        tool.trouble = f"its report cannot be read: {error!r}"


def measure_tree(folder):
    files = size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if not os.path.islink(path) and os.path.isfile(path):
                files, size = files + 1, size + os.path.getsize(path)
    return files, size


def median(runs, what):
    return statistics.median(getattr(one, what) for one in runs)


def ratio(wall, base):
    return f"{wall / base:.2f} x" if base else "-"


def peak(runs, floor):
    most = max(one.peak for one in runs)
    # A child starts as a copy of this process, which no child's peak can be told below.
    return f"< {floor:.0f}" if most <= floor * 1.02 else f"{most:.0f}"


def table(some, floor):
    fine = [tool for tool in some if not tool.trouble]
    base = {tool.name: median(tool.runs["tree"], "wall") for tool in fine}
    print("| tool | version | wall, s | to rg | to caulk | CPU, s | peak, MB | findings | cold start, ms |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for tool in sorted(fine, key=lambda tool: base[tool.name]):
        tree, wall = tool.runs["tree"], base[tool.name]
        cells = [
            tool.name, tool.version(), f"{wall:.2f}", ratio(wall, base.get("rg")), ratio(wall, base.get("caulk")),
            f"{median(tree, 'cpu'):.2f}", peak(tree, floor), "-" if tool.findings is None else str(tool.findings),
            f"{median(tool.runs['cold'], 'wall') * 1000:.0f}",
        ]
        print(f"| {' | '.join(cells)} |")
    for tool in some:
        if tool.trouble:
            print(f"| {tool.name} | no result: {tool.trouble.replace('|', '/')} | | | | | | | |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="what is scanned; use one without a `.git` folder")
    parser.add_argument("--caulk", type=Path, metavar="PATH", default=BUILT, help="the program (default: target/release/caulk)")
    parser.add_argument("--runs", type=int, metavar="N", default=5, help="timed rounds after the warm-up (default: 5)")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", default=600, help="for one run of one tool (default: 600)")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"`{given.folder}` is no folder")
    if not given.caulk.is_file():
        parser.error(f"`{given.caulk}` is missing: run `cargo build --release`, or say where it is with --caulk")
    if given.runs < 1:
        parser.error("--runs must be at least 1")
    return given


def main():
    given = arguments()
    folder = given.folder.resolve()
    # Reports may hold parts of secrets: they stay in a private folder that goes away.
    with tempfile.TemporaryDirectory(prefix="caulk-compare-") as scratch:
        work = Path(scratch)
        some = tools(given.caulk, work)
        for tool in some:
            tool.trouble = find(tool, given.caulk.resolve())
        cold = work / "cold"
        cold.mkdir()
        (cold / "one.txt").write_text("hello\n")
        floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        rounds("cold", some, cold, work, max(given.runs, 5), given.timeout)
        rounds("tree", some, folder, work, given.runs, given.timeout)
        for tool in some:
            if not tool.trouble:
                count(tool, work)
        files, size = measure_tree(folder)
        print(f"{files} files, {size / 1e6:.0f} MB, {os.cpu_count()} cores, {given.runs} rounds after one warm-up; medians.\n")
        table(some, floor)


if __name__ == "__main__":
    main()
