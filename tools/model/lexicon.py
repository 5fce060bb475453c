"""Writes `src/judge/model/lexicon.bin`: which words are common in source code, and how letters follow each other in words.

Usage: python3 tools/model/lexicon.py OUTPUT FOLDER...

Reads the words of the text files below the folders, split on case; a word counts once for each file. Two parts, one behind the
other, as `src/judge/model/lexicon.rs` reads them:

  * a Bloom filter of 2^19 bits with two hashes of the common words (three to fourteen letters, in enough files);
  * 27^3 signed bytes, for each two letters (0 is the edge of a word) and the next: 8 * log2(27 * probability), within +-60.

Standard library only; the same files give the same table.
"""

import collections
import math
import pathlib
import random
import re
import sys

KINDS = {".md", ".txt", ".rst", ".py", ".rb", ".js", ".ts", ".go", ".c", ".h", ".java", ".adoc", ".yml", ".yaml", ".php",
         ".cs", ".html", ".sh", ".json", ".tsx", ".rs"}
WORD = re.compile(rb"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
BITS = 19
MOST_FILES = 40_000
# Short words come up by chance, so they have to be more common.
FEWEST = {3: 25, 4: 16, 5: 9}
FEWEST_ELSE = 6


def hashes(word):
    """The two places of a word, as in `lexicon.rs`."""
    state = 0x811C9DC5
    for byte in word:
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    state ^= state >> 15
    return state & ((1 << BITS) - 1), (state * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - BITS)


def common_words(folders):
    files = [path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*"))
             if path.suffix in KINDS and path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 18]
    random.Random(1).shuffle(files)
    seen = collections.Counter()
    for path in files[:MOST_FILES]:
        seen.update({word.lower() for word in WORD.findall(path.read_bytes()) if 3 <= len(word) <= 14})
    return sorted(word for word, count in seen.items() if count >= FEWEST.get(len(word), FEWEST_ELSE))


def trigrams(words):
    counts = collections.Counter()
    for word in words:
        letters = [0, 0] + [byte - 96 for byte in word] + [0]
        counts.update(zip(letters, letters[1:], letters[2:]))
    table = bytearray()
    for first in range(27):
        for second in range(27):
            total = sum(counts[first, second, third] for third in range(27))
            for third in range(27):
                share = (counts[first, second, third] + 0.1) / (total + 2.7)
                table.append(max(-60, min(60, round(8 * math.log2(27 * share)))) & 0xFF)
    return table


def main():
    words = common_words(sys.argv[2:])
    bits = bytearray(1 << (BITS - 3))
    for word in words:
        for place in hashes(word):
            bits[place >> 3] |= 1 << (place & 7)
    pathlib.Path(sys.argv[1]).write_bytes(bytes(bits) + bytes(trigrams(words)))
    print(f"{len(words)} words")


main()
