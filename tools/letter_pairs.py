"""Prints the table of `src/judge/letters.rs`: how much likelier a pair of letters is in words than in random letters.

Usage: python3 tools/letter_pairs.py FOLDER... > table.txt

Reads the words (three letters or more) of all text files below the folders, counts each distinct word of a file once, so that
no single file decides, and prints for each pair of letters round(8 * log2(p(second | first) * 26)), limited to -40..40.
Standard library only; the same files give the same table.
"""

import collections
import math
import pathlib
import re
import sys

KINDS = {".md", ".txt", ".rst", ".py", ".rb", ".js", ".ts", ".go", ".c", ".h", ".java", ".adoc", ".yml"}
WORD = re.compile(rb"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main():
    pairs = collections.Counter()
    for folder in sys.argv[1:]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix not in KINDS or not path.is_file() or path.stat().st_size > 1 << 20:
                continue
            for word in {found.lower() for found in WORD.findall(path.read_bytes())}:
                if len(word) >= 3:
                    pairs.update(zip(word.decode(), word.decode()[1:]))
    for first in LETTERS:
        total = sum(pairs[first, second] + 1 for second in LETTERS)
        row = [round(8 * math.log2((pairs[first, second] + 1) / total * 26)) for second in LETTERS]
        print("    [" + ", ".join(str(max(-40, min(40, value))) for value in row) + "],")


main()
