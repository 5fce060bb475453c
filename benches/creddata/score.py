"""Scores the findings of a scan against CredData's labels, line by line.

Usage: python3 benches/creddata/score.py CREDDATA FINDINGS.jsonl [--half even|odd]

CREDDATA is a checkout with the rebuilt `data/`; FINDINGS is what `caulk scan -f jsonl` wrote, run in `CREDDATA/data`. Prints
precision, recall and F1 of secrets, where no file counts more than ten times, and for each category of labels the share of true
rows that were found and, of the labelled rows that were found, the share of true ones. Standard library only.
"""

import argparse
import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "model"))
import labels  # noqa: E402


def read_findings(path):
    found = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if "line" in line:
                place = line["path"].replace("\\", "/").removeprefix("./")
                place = place.split("/data/", 1)[-1].removeprefix("data/")
                found[place].append((line["line"], line["endLine"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("creddata", type=pathlib.Path)
    parser.add_argument("findings", type=pathlib.Path)
    parser.add_argument("--half", choices=("even", "odd"), default="odd")
    options = parser.parse_args()
    by_path = labels.read(options.creddata, options.half)
    found = read_findings(options.findings)
    precision, recall, f1 = labels.score(by_path, found)
    print(f"{options.half} half, {len(by_path)} files: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    rows = collections.defaultdict(lambda: [0, 0, 0])
    for path, file_labels in by_path.items():
        spans = labels.merged(found.get(path, ()))
        for label in file_labels:
            hit = any(labels.touches(label, *span) for span in spans)
            for category in label.categories:
                count = rows[category]
                count[0] += label.truth == "T"
                count[1] += label.truth == "T" and hit
                count[2] += label.truth != "T" and hit
    print(f"{'category':32}{'true':>7}{'found':>7}{'recall':>8}{'false':>7}{'precision':>11}")
    for category, (true, hit, false) in sorted(rows.items(), key=lambda row: -row[1][0]):
        share = f"{hit / (hit + false):11.3f}" if hit + false else f"{'-':>11}"
        print(f"{category:32}{true:7}{hit:7}{hit / true if true else 0:8.3f}{false:7}{share}")


main()
