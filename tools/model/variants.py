"""Writes variants of labelled lines with other values, so that the model does not learn CredData's way of obfuscation.

Usage: python3 tools/model/variants.py CREDDATA OUTPUT WORDS [MORE_ROOT=LABELS.json ...]

In CredData the true values are replaced by random characters of the same kinds, so that passwords which people chose look like random
letters. For a few labelled lines of each file of the even half this draws a password as people choose them, or a key as generators
give them (both are secrets), and common words (no secret), and writes the line with its neighbours as a file of its own below
OUTPUT; `OUTPUT.json` says what was planted where. WORDS is a text of words, one a line. Nothing of it is ever committed.
"""

import json
import pathlib
import random
import string
import sys

import labels

LETTERS = string.ascii_letters + string.digits
LEET = {"a": "@", "o": "0", "e": "3", "i": "1", "s": "$"}
# Their values have a shape or a place of their own.
SHAPED = {"UUID", "PEM Private Key", "JSON Web Token", "AWS S3 Bucket", "Salt", "Nonce", "Twilio Credentials", "NKEY Seed"}
PER_FILE = 3


def draw(letters, length):
    return "".join(random.choice(letters) for _ in range(length))


def password(words):
    word = random.choice(words)
    name = word.capitalize() if random.random() < 0.6 else word
    digits = draw(string.digits, random.choice([1, 2, 2, 3, 4, 4]))
    kind = random.random()
    if kind < 0.35:
        return name + digits
    if kind < 0.6:
        return name + digits + random.choice("!!@#$%*?.")
    if kind < 0.7:
        return name + random.choice("!@#$_-") + digits
    if kind < 0.8:
        return word + random.choice("-_.") + random.choice(words) + random.choice("-_.") + digits
    if kind < 0.9:
        return draw(LETTERS + "!@#$%^&*", random.randint(8, 16))
    return "".join(LEET.get(letter, letter) if random.random() < 0.5 else letter for letter in name) + digits


def key():
    kind = random.random()
    if kind < 0.35:
        return draw("0123456789abcdef", random.choice([16, 20, 24, 32, 32, 40, 40, 64]))
    if kind < 0.9:
        return draw(LETTERS + ("" if kind < 0.75 else "-_"), random.choice([16, 20, 22, 24, 32, 32, 40, 43, 48, 64]))
    return draw(LETTERS + "+/", random.choice([22, 42, 43])) + "="


def phrase(words):
    chosen = [random.choice(words) for _ in range(random.randint(1, 3))]
    kind = random.random()
    if kind < 0.65 and kind >= 0.5:
        return chosen[0] + "".join(map(str.capitalize, chosen[1:]))
    if kind >= 0.9:
        return chosen[0].capitalize()
    return ("_" if kind < 0.3 else "-" if kind < 0.5 else " " if kind < 0.8 else ".").join(chosen)


def planted(label, words):
    """Values for a label, and whether they are secrets."""
    if label.categories & {"Password", "URL Credentials"}:
        value = password(words)
    else:
        value = key()
    yield value, 1
    if label.truth == "T":
        yield phrase(words), 0


def main():
    random.seed(11)
    creddata, output = map(pathlib.Path, sys.argv[1:3])
    if output.exists():
        sys.exit(f"{output} is there already: what stands in it would be read with the variants, so take it away first")
    words = [word for word in pathlib.Path(sys.argv[3]).read_text(encoding="utf-8").split() if 4 <= len(word) <= 9]
    roots = [(creddata / "data", labels.read(creddata))]
    roots += [(pathlib.Path(root), labels.read_json(path)) for root, path in (more.split("=") for more in sys.argv[4:])]
    told = {}
    for root, by_path in roots:
        for path, file_labels in by_path.items():
            try:
                lines = (root / path).read_text(encoding="utf-8").split("\n")
            except UnicodeDecodeError:
                continue
            fitting = [label for label in file_labels
                       if label.truth in "TX" and 0 <= label.start < label.end and label.line == label.end_line
                       and not label.categories & SHAPED]
            random.shuffle(fitting)
            for label in fitting[:PER_FILE]:
                at = label.line - 1
                line = lines[at]
                if label.end > len(line) or len(line) > 400:
                    continue
                for value, secret in planted(label, words):
                    if "URL Credentials" in label.categories and set(value) & set(" #/?@"):
                        continue
                    repository, rest = path.split("/", 1)
                    place = f"{repository}/{len(told)}/{rest}"
                    (output / place).parent.mkdir(parents=True, exist_ok=True)
                    text = lines[max(0, at - 3):at] + [line[:label.start] + value + line[label.end:]] + lines[at + 1:at + 3]
                    (output / place).write_text("\n".join(text) + "\n", encoding="utf-8")
                    told[place] = [value, secret, min(at, 3) + 1]
    output.with_suffix(".json").write_text(json.dumps(told))
    print(f"{len(told)} variants")


main()
