"""Trains the model of `src/judge/model` and writes its weights.

Usage: python3 tools/model/train.py --creddata CREDDATA --candidates FILE --weights OUTPUT
           [--excerpts LABELS.json] [--variants NAMES.json=FILE] [--ordinary FILE] [--check FOLDER]
       python3 tools/model/train.py --constant none|medium|high --weights OUTPUT

The files of candidates are what `cargo run --release --example candidates` wrote: of CredData's `data/`, of the variants, and of
ordinary source code. `--check` cross-validates by repository first. So that the figures are those of the whole program, FOLDER holds
what it finds in CredData with `--constant` weights, of which the model is of one opinion about everything: `none.jsonl`,
`medium.jsonl` and `high.jsonl`. See README.md beside this file.

Needs lightgbm and numpy.
"""

import argparse
import collections
import json
import math
import pathlib
import random
import re
import struct

import lightgbm
import numpy

import labels

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "src" / "judge" / "model" / "features.rs"
STEPS = 512
# Trees that are walked side by side before the sum is looked at, and by how much it may be less than ever seen.
ABREAST = 8
SLACK = STEPS // 2
# Trees that ask for nothing but name, value and what stands right beside them, and those that may ask for all.
NEAR, ROUNDS = 48, 160
# What is lost for good, of all secrets that would be told, where the first trees give up before the surroundings are looked at.
LOST = 0.001
# The likelihoods from which on a value has low, medium and high confidence.
LEAST = (0.42, 0.5, 0.9)
# The thresholds that are tried for medium, and the precision that it shall have.
TRIED = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
PRECISION = 0.94
QUARTERS = 4
SPLITS = (3, 5)
# A third of all labels, test vectors most of them: it says little about other repositories.
OPENSSL = "2ba83c6a"
# The first of the features that only the surroundings tell.
FIRST_AROUND = "LineComment"
# Most that the false candidates of one file count.
MOST_FALSE = 25
VARIANT_WEIGHT = 0.35
ORDINARY_WEIGHT = 0.08
# `value::Look`: a UUID, words, too short, a number, a path, code.
NO_SECRET_LOOKS = {4, 5, 6, 7, 8, 9}
PARAMETERS = dict(
    objective="binary", num_leaves=31, max_depth=6, learning_rate=0.08, min_data_in_leaf=20, lambda_l2=5.0, feature_fraction=0.3,
    bagging_fraction=0.8, bagging_freq=1, max_bin=255, min_data_in_bin=1, min_sum_hessian_in_leaf=1.0, seed=1,
    deterministic=True, verbose=-1)

Rows = collections.namedtuple("Rows", "features truths weights repositories candidates")


def feature_names():
    return re.findall(r'^    (\w+) ".*",$', SOURCES.read_text(encoding="utf-8"), re.MULTILINE)


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def rows(found):
    """Rows of (candidate, truth, weight, repository)."""
    candidates, truths, weights, repositories = zip(*found)
    return Rows(numpy.array([one["features"] for one in candidates], dtype=numpy.uint8), numpy.array(truths),
                numpy.array(weights, dtype=float), numpy.array(repositories), candidates)


def truth_of(candidate, true):
    """Is a candidate a secret, and does it count? One beside a true value on its line says nothing."""
    touched = [label for label in true if labels.touches(label, candidate["line"], candidate["end_line"])]
    if not touched:
        return 0, 1.0
    end = candidate["column"] + len(candidate["value"])
    hit = [label for label in touched
           if label.start < 0 or label.line != candidate["line"]
           or label.start < end and (label.end < 0 or candidate["column"] < label.end)]
    if not hit:
        return 0, 0.0
    return 1, float(any(map(labels.is_real, hit)))


def labelled(path, by_path):
    """The labelled candidates; a file counts as it does in the score."""
    by_file = collections.defaultdict(list)
    for candidate in read_lines(path):
        if candidate["path"] in by_path:
            by_file[candidate["path"]].append(candidate)
    found = []
    for place, candidates in by_file.items():
        true = [label for label in by_path[place] if label.truth == "T"]
        judged = [(candidate, *truth_of(candidate, true)) for candidate in candidates]
        false = sum(1 for _, truth, counts in judged if not truth and counts)
        for candidate, truth, counts in judged:
            each = labels.weight(by_path[place]) or 1.0 if truth else min(1.0, MOST_FALSE / max(1, false))
            found.append((candidate, truth, counts * each, place.split("/")[0]))
    return rows(found)


def variants(option):
    names, path = option.split("=")
    told = json.loads(pathlib.Path(names).read_text(encoding="utf-8"))
    for candidate in read_lines(path):
        value, secret, line = told[candidate["path"]]
        if (candidate["line"], candidate["value"]) == (line, value):
            yield candidate, secret, VARIANT_WEIGHT, candidate["path"].split("/")[0]


def ordinary(path, names):
    """Candidates of ordinary code that cannot be secrets by what the value or the name is."""
    look, denial = names.index("ValueLook"), names.index("NameDenial")
    for candidate in read_lines(path):
        if candidate["features"][look] in NO_SECRET_LOOKS or candidate["features"][denial]:
            yield candidate, 0, ORDINARY_WEIGHT, "ordinary"


class Model:
    """Two sets of trees, the first of which asks for nothing that stands around."""

    def __init__(self, names, features, truths, weights):
        around = names.index(FIRST_AROUND)
        near = features.copy()
        near[:, around:] = 0
        train = lambda rows, rounds, **more: lightgbm.train(
            PARAMETERS | more.pop("parameters", {}), lightgbm.Dataset(rows, truths, weight=weights, **more), num_boost_round=rounds)
        self.near = train(near, NEAR)
        sums = self.near.predict(features, raw_score=True)
        self.rest = train(features, ROUNDS - NEAR, init_score=sums, parameters={"boost_from_average": False})
        told = (truths == 1) & (sums + self.rest.predict(features, raw_score=True) >= math.log(LEAST[0] / (1 - LEAST[0])))
        self.gate = lost_below(sums[told], weights[told], LOST)

    def predict(self, features):
        near = self.near.predict(features, raw_score=True)
        odds = near + self.rest.predict(features, raw_score=True)
        return numpy.where(near < self.gate, 0.0, 1 / (1 + numpy.exp(-odds)))


def lost_below(sums, weights, share):
    """The sum below which there is no more than a share of all weights."""
    order = numpy.argsort(sums)
    below = numpy.cumsum(weights[order])
    return sums[order][numpy.searchsorted(below, share * below[-1])]


def fit(names, parts, keep=lambda repositories: numpy.ones(len(repositories), dtype=bool)):
    chosen = [(part, keep(part.repositories) & (part.weights > 0)) for part in parts]
    joined = [numpy.concatenate([getattr(part, name)[mask] for part, mask in chosen])
              for name in ("features", "truths", "weights")]
    return Model(names, *joined)


def outside_of(names, parts, repositories, seed, folds=QUARTERS):
    """What each candidate of the first part is taken for by a model that has not seen its repository, and the quarters."""
    main = parts[0]
    order = sorted(repositories)
    random.Random(seed).shuffle(order)
    fold_of = {repository: at % folds for at, repository in enumerate(order)}
    scores = numpy.zeros(len(main.truths))
    for fold in range(folds):
        outside = lambda of: numpy.array([fold_of.get(repository, -1) != fold for repository in of])
        inside = ~outside(main.repositories)
        scores[inside] = fit(names, parts, outside).predict(main.features[inside])
    return scores, [{repository for repository in order if fold_of[repository] == fold} for fold in range(folds)]


Told = collections.namedtuple("Told", "others medium high")


def told_by_program(folder, main):
    """What other rules find, and of which candidates the program says at least medium where the model says medium, or high."""
    findings = {}
    for opinion in ("none", "medium", "high"):
        findings[opinion] = [finding for finding in read_lines(pathlib.Path(folder) / f"{opinion}.jsonl") if "line" in finding]
    place = lambda finding: (finding["path"].removeprefix("./"), finding["line"], finding["columnUtf16"] - 1)
    others = collections.defaultdict(list)
    for finding in findings["none"]:
        others[place(finding)[0]].append((finding["line"], finding["endLine"]))
    stays = []
    for opinion in ("medium", "high"):
        places = set(map(place, findings[opinion]))
        stays.append(numpy.array([(one["path"], one["line"], one["column"]) in places for one in main.candidates]))
    return Told(others, *stays)


def figures(main, scores, least, by_path, told, repositories):
    """Precision, recall and F1 of the whole program on some repositories, with `least` for medium."""
    chosen = {path: rows for path, rows in by_path.items() if path.split("/")[0] in repositories}
    found = collections.defaultdict(list, {path: list(spans) for path, spans in told.others.items() if path in chosen})
    stays = (scores >= least) & told.medium | (scores >= max(least, LEAST[2])) & told.high
    for at in numpy.flatnonzero(stays):
        candidate = main.candidates[at]
        if candidate["path"] in chosen:
            found[candidate["path"]].append((candidate["line"], candidate["end_line"]))
    return labels.score(chosen, found)


def check(names, parts, by_path, told):
    """Cross-validates by repository: all, all but the largest, each quarter; then with the threshold that the other quarters choose."""
    repositories = {path.split("/")[0] for path in by_path}
    say = "precision {:.3f}, recall {:.3f}, F1 {:.3f}".format
    for seed in SPLITS:
        scores, quarters = outside_of(names, parts, repositories, seed)
        result = lambda least, of: figures(parts[0], scores, least, by_path, told, of)
        for least in TRIED:
            print(f"split {seed} from {least:.2f}: all {say(*result(least, repositories))}; "
                  f"without OpenSSL {say(*result(least, repositories - {OPENSSL}))}")
        for number, quarter in enumerate(quarters):
            best = max(TRIED, key=lambda least: aim(result(least, repositories - quarter - {OPENSSL})))
            print(f"split {seed} quarter {number + 1}: {say(*result(LEAST[1], quarter))}; "
                  f"without OpenSSL {say(*result(LEAST[1], quarter - {OPENSSL}))}; "
                  f"by the others' threshold {best:.2f} {say(*result(best, quarter))}")


def aim(figures):
    """What a threshold is chosen by: F1, once the precision is reached."""
    precision, _, f1 = figures
    return (min(precision, PRECISION), f1)


def nodes_of(tree):
    """A tree as rows of feature, limit, place of the right branch and value, the left branch first."""
    nodes = []

    def walk(node):
        at = len(nodes)
        nodes.append(None)
        if "split_feature" not in node:
            nodes[at] = (255, 0, 0, node["leaf_value"])
            return
        assert node["decision_type"] == "<="
        walk(node["left_child"])
        right = len(nodes)
        walk(node["right_child"])
        limit = max(0, min(255, math.floor(node["threshold"])))
        nodes[at] = (node["split_feature"], limit, right, node["internal_value"])

    walk(tree["tree_structure"])
    assert len(nodes) < 128
    return nodes


def steps(value):
    return max(-32768, min(32767, round(value * STEPS)))


def hopes(model, features, truths, weights):
    """The least sums, after each few trees, that secrets have which get to low confidence in the end: of trees that ask for
    nothing around all but what may be lost, of the others all, less a little."""
    sums = numpy.zeros(len(features))
    each = []
    for part in (model.near, model.rest):
        leaves = part.predict(features, pred_leaf=True)
        for tree in range(leaves.shape[1]):
            values = numpy.array([steps(part.get_leaf_output(tree, leaf)) for leaf in range(leaves[:, tree].max() + 1)])
            sums = sums + values[leaves[:, tree]]
            each.append(sums)
    told = (truths == 1) & (sums >= log_odds(LEAST[0]))
    lost = lambda end, share: int(lost_below(each[end][told], weights[told], share))
    near = [lost(end, LOST if end + 1 == NEAR else LOST / 4) for end in range(ABREAST - 1, NEAR, ABREAST)]
    return near + [int(sums[told].min()) - SLACK for sums in each[NEAR + ABREAST - 1::ABREAST]]


def log_odds(share):
    return round(math.log(share / (1 - share)) * STEPS)


def header(names):
    return b"caulk-trees-3\n" + struct.pack("<BHBiiii", len(names), ROUNDS, NEAR // ABREAST, 0, *map(log_odds, LEAST))


def write(model, path, names, features, truths, weights):
    trees = [nodes_of(tree) for part in (model.near, model.rest) for tree in part.dump_model()["tree_info"]]
    assert len(trees) == ROUNDS and NEAR % ABREAST == 0 and ROUNDS % ABREAST == 0
    around = names.index(FIRST_AROUND)
    assert all(node[0] < around or node[0] == 255 for nodes in trees[:NEAR] for node in nodes)
    out = bytearray(header(names))
    for hope in hopes(model, features, truths, weights):
        out += struct.pack("<i", hope)
    for nodes in trees:
        out.append(len(nodes))
        for feature, limit, right, value in nodes:
            out += struct.pack("<BBBh", feature, limit, right, steps(value))
    pathlib.Path(path).write_bytes(out)
    print(f"{path}: {len(trees)} trees, {len(out)} bytes")


def write_constant(opinion, path, names):
    """Writes weights by which everything is of one opinion, to see what the judge makes of it."""
    value = {"none": -32768, "medium": log_odds(LEAST[1]), "high": 32767}[opinion]
    out = header(names) + struct.pack("<i", -(1 << 30)) * (ROUNDS // ABREAST)
    for tree in range(ROUNDS):
        out += struct.pack("<BBBBh", 1, 255, 0, 0, 0 if tree else value)
    pathlib.Path(path).write_bytes(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--constant", choices=("none", "medium", "high"))
    for name in ("creddata", "candidates", "excerpts", "variants", "ordinary", "check"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    names = feature_names()
    if options.constant:
        return write_constant(options.constant, options.weights, names)
    by_path = labels.read(options.creddata)
    if options.excerpts:
        by_path |= labels.read_json(options.excerpts)
    parts = [labelled(options.candidates, by_path)]
    assert parts[0].features.shape[1] == len(names), "the candidates are of other features"
    if options.variants:
        parts.append(rows(variants(options.variants)))
    if options.ordinary:
        parts.append(rows(ordinary(options.ordinary, names)))
    print(", ".join(f"{len(part.truths)} rows with {int(part.truths.sum())} secrets" for part in parts))
    if options.check:
        check(names, parts, by_path, told_by_program(options.check, parts[0]))
    joined = [numpy.concatenate([getattr(part, name) for part in parts]) for name in ("features", "truths", "weights")]
    write(fit(names, parts), options.weights, names, *joined)


if __name__ == "__main__":
    main()
