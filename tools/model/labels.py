"""CredData's labels and the score that counts, for training and for `benches/creddata/score.py`.

Only repositories with an even id are read unless a caller asks for others: the odd half is never trained on.
"""

import collections
import csv
import json
import pathlib

# Labels that name identifiers, not secrets: neither missing nor reporting them counts.
NO_SECRETS = {"UUID", "AWS S3 Bucket", "Tencent WeChat API App ID", "Firebase Domain", "Nonce", "Salt"}
# No file counts more often than this, neither with its secrets nor with what is wrongly found in it.
CAP = 10

Label = collections.namedtuple("Label", "path line end_line truth categories start end")


def half_of(repository):
    return "even" if int(repository, 16) % 2 == 0 else "odd"


def read(creddata, half="even"):
    """The labels of one half by path below `data/`, for files that are there."""
    creddata = pathlib.Path(creddata)
    by_path = collections.defaultdict(list)
    for meta in sorted((creddata / "meta").glob("*.csv")):
        if half_of(meta.stem) != half:
            continue
        with meta.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                path = row["FilePath"].split("/", 1)[1]
                if path in by_path or (creddata / "data" / path).is_file():
                    by_path[path].append(Label(
                        path, int(row["LineStart"]), int(row["LineEnd"]), row["GroundTruth"],
                        frozenset(row["Category"].split(":")), int(row["ValueStart"] or -1), int(row["ValueEnd"] or -1)))
    return dict(by_path)


def touches(label, line, end_line):
    return label.line <= end_line and line <= label.end_line


def is_real(label):
    return label.truth == "T" and not label.categories <= NO_SECRETS


def weight(labels):
    """What one true row of a file with these labels counts."""
    real = sum(map(is_real, labels))
    return min(1.0, CAP / real) if real else 0.0


def merged(spans):
    """Findings by line: several on one line are one."""
    ends = {}
    for line, end_line in spans:
        ends[line] = max(ends.get(line, 0), end_line)
    return list(ends.items())


def score(labels_by_path, found):
    """Precision, recall and F1 of `found`, lines with end lines by path."""
    hit = missed = false = 0.0
    for path, labels in labels_by_path.items():
        spans = merged(found.get(path, ()))
        each = weight(labels)
        for label in filter(is_real, labels):
            if any(touches(label, *span) for span in spans):
                hit += each
            else:
                missed += each
        true = [label for label in labels if label.truth == "T"]
        false += min(CAP, sum(not any(touches(label, *span) for label in true) for span in spans))
    precision = hit / (hit + false) if hit + false else 0.0
    recall = hit / (hit + missed) if hit + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1


def read_json(path):
    """Labels of files of which only some lines are at hand, as a JSON list of rows."""
    by_path = collections.defaultdict(list)
    for row in json.loads(pathlib.Path(path).read_text(encoding="utf-8")):
        if half_of(row["path"].split("/")[0]) == "even":
            by_path[row["path"]].append(Label(
                row["path"], row["line"], row["end_line"], row["truth"], frozenset(row["categories"]), *row["value"]))
    return dict(by_path)
