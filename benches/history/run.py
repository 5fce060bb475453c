#!/usr/bin/env python3
"""Times `caulk history` against git itself and other scanners on whole repositories, side by side, and prints a Markdown table.

README.md beside this file says what is measured and what is not.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUILT = Path(__file__).resolve().parents[2] / "target" / "release" / "caulk"

# What each program is asked to do with a repository: {repo} is its path, {out} a file it may write to.
COMMANDS = {
    "git cat-file": ["git", "-C", "{repo}", "cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"],
    "caulk": ["{caulk}", "history", "{repo}", "-q", "-f", "json={out}"],
    "kingfisher": ["kingfisher", "scan", "{repo}", "--no-update-check", "--no-validate", "--git-history", "full", "--format", "json", "--output", "{out}"],
    "betterleaks": ["betterleaks", "git", "{repo}", "--log-opts=--all", "--no-banner", "-r", "{out}"],
    "gitleaks": ["gitleaks", "git", "{repo}", "--log-opts=--all", "--no-banner", "-r", "{out}"],
}

# Exit codes that say "done", with findings or without; 3 and 200 and above are also findings for some.
GOOD = {"git cat-file": {0}, "caulk": {0, 1, 3}, "kingfisher": {0, 200, 205}, "betterleaks": {0, 1}, "gitleaks": {0, 1}}


def timed(command, limit):
    """Runs a command; gives wall seconds, CPU seconds, peak megabytes, exit code."""
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - begun > limit:
                child.kill()
                os.wait4(child.pid, 0)
                return None
            time.sleep(0.002)
    finally:
        child.returncode = 0
    wall = time.monotonic() - begun
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def warm(repo):
    """Reads the packs once, so that nobody pays for the disk."""
    for pack in Path(repo).rglob("objects/pack/*"):
        pack.read_bytes()


def measure(repo, names, caulk, runs, limit):
    warm(repo)
    packs = sum(path.stat().st_size for path in Path(repo).rglob("objects/pack/*.pack"))
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(runs):
            for name in names:
                command = [part.format(repo=repo, out=f"{folder}/{turn}.json", caulk=caulk) for part in COMMANDS[name]]
                result = timed(command, limit)
                if result is None or result[3] not in GOOD[name]:
                    results.setdefault(name, None)
                    continue
                results.setdefault(name, []).append(result)
    git = results.get("git cat-file")
    base = statistics.median(run[0] for run in git) if git else None
    for name in names:
        if not results.get(name):
            print(f"| {Path(repo).name} | {name} | failed or over {limit} s | | | |")
            continue
        wall, cpu, peak = (statistics.median(run[at] for run in results[name]) for at in range(3))
        beyond = peak - packs / 1e6 if name == "caulk" else peak
        ratio = f"{wall / base:.2f}" if base else ""
        print(f"| {Path(repo).name} | {name} | {wall:.2f} | {cpu:.2f} | {beyond:.0f} | {ratio} |", flush=True)


def staged(repo, caulk, runs):
    """`caulk staged` with ten changed files in a clone of the repository."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", "--shared", str(repo), str(clone)], check=True)
        files = subprocess.run(["git", "-C", clone, "ls-files", "-z"], capture_output=True, check=True).stdout.split(b"\0")
        texts = [clone / os.fsdecode(name) for name in files if name.endswith((b".py", b".c", b".rb", b".md"))]
        step = max(1, len(texts) // 10)
        for text in texts[::step][:10]:
            with text.open("a") as out:
                out.write("one more line\n")
        subprocess.run(["git", "-C", clone, "add", "-A"], check=True)
        times = [timed([caulk, "staged", str(clone), "-q"], 60)[0] for _ in range(max(runs, 10))]
        print(f"| {Path(repo).name} | caulk staged, ten files | {statistics.median(times) * 1000:.0f} ms | | | |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repos", nargs="+", help="repositories, bare or not")
    parser.add_argument("--caulk", default=str(BUILT))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=int, default=900, help="seconds after which a program is given up")
    parser.add_argument("--only", nargs="*", choices=COMMANDS, help="programs to run; all that are installed without")
    options = parser.parse_args()
    names = options.only or [name for name, command in COMMANDS.items() if name == "caulk" or shutil.which(command[0])]
    print("| repository | program | wall s | CPU s | peak MB | of git's time |\n|---|---|---|---|---|---|")
    for repo in options.repos:
        measure(repo, names, options.caulk, options.runs, options.limit)
        staged(repo, options.caulk, options.runs)


if __name__ == "__main__":
    sys.exit(main())
