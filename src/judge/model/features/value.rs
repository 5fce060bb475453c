//! What the value looks like.

use super::encoded::basic;
use super::name::{Class, class_of};
use super::{Feature, Features, Subject, sort};
use crate::detect::identifier::each_word;
use crate::judge::model::lexicon;
use crate::judge::model::vocabulary::{Vocabulary, word_hash};
use crate::judge::value;
use std::sync::LazyLock;

/// Most bytes of a value that are looked at: longer ones are generated or data, which their beginning tells.
const MOST: usize = 160;

/// Words that examples are made of, in lower case.
const MADE_UP: &[&[u8]] = &[
    b"test",
    b"tests",
    b"testing",
    b"foo",
    b"bar",
    b"baz",
    b"my",
    b"your",
    b"some",
    b"user",
    b"admin",
    b"root",
    b"change",
    b"changeme",
    b"default",
    b"example",
    b"sample",
    b"demo",
    b"dummy",
    b"fake",
    b"mock",
    b"abc",
    b"hello",
    b"world",
    b"secret",
    b"invalid",
    b"wrong",
    b"bad",
    b"valid",
    b"new",
    b"old",
    b"none",
    b"null",
    b"true",
    b"false",
    b"value",
    b"string",
    b"here",
    b"enter",
    b"guest",
];

static MADE_UP_WORDS: LazyLock<Vocabulary<()>> =
    LazyLock::new(|| Vocabulary::new(MADE_UP.iter().map(|word| (*word, ()))));

pub(super) fn fill(subject: &Subject<'_>, features: &mut Features) {
    let whole = subject.value.of(subject.text);
    let value = &whole[..whole.len().min(MOST)];
    features.set(Feature::ValueLength, whole.len());
    characters(value, features);
    letters(value, features);
    words(subject, value, features);
    features.set(Feature::ValueLook, value::look(value) as u8);
    features.set(Feature::ValueHex, !value.is_empty() && value.iter().all(u8::is_ascii_hexdigit));
    features.set(Feature::ValuePadding, value.iter().rev().take_while(|byte| **byte == b'=').count());
    features.set(Feature::ValueFirst, value.first().map_or(0, |byte| sort(*byte)));
    features.set(Feature::ValueLast, whole.last().map_or(0, |byte| sort(*byte)));
    let tail = whole.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    features.set(Feature::ValueTail, tail);
    let round = match whole.len() {
        32 | 40 | 64 | 128 => 3,
        16 | 20 | 24 | 36 | 48 | 56 | 96 => 2,
        length if length % 8 == 0 => 1,
        _ => 0,
    };
    features.set(Feature::ValueRound, round);
    patterns(value, features);
    features.set(Feature::ValueBasic, basic(value));
}

/// Bits of [`TRAITS`].
const LETTER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const VOWEL: u8 = 8;
const SPECIAL: u8 = 16;

/// What [`patterns`] asks of a byte.
static TRAITS: [u8; 256] = {
    let mut traits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        traits[byte] = match byte as u8 {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => LETTER | VOWEL,
            b'A' | b'E' | b'I' | b'O' | b'U' | b'Y' => LETTER | UPPER | VOWEL,
            b'a'..=b'z' => LETTER,
            b'A'..=b'Z' => LETTER | UPPER,
            b'0'..=b'9' => DIGIT,
            b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*' | b'?' | b'~' | b'+' => SPECIAL,
            _ => 0,
        };
        byte += 1;
    }
    traits
};

/// The longest of several stretches.
#[derive(Default)]
struct Longest {
    now: usize,
    ever: usize,
}

impl Longest {
    #[inline]
    fn step(&mut self, goes_on: bool) {
        self.now = if goes_on { self.now + 1 } else { 0 };
        self.ever = self.ever.max(self.now);
    }
}

/// What no generator gives: characters repeated, counted up, in groups.
fn patterns(value: &[u8], features: &mut Features) {
    let share = |count: usize| count * 100 / value.len().max(1);
    let (mut letters, mut upper, mut consonants) = (Longest::default(), Longest::default(), Longest::default());
    let (mut groups, mut signs, mut repeats, mut climbs, mut steps) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    // The byte in front and the one in front of that; blanks are near no other.
    let (mut before, mut far) = (b' ', b' ');
    for (at, &byte) in value.iter().enumerate() {
        let traits = TRAITS[usize::from(byte)];
        letters.step(traits & LETTER != 0);
        upper.step(traits & UPPER != 0);
        consonants.step(traits & (LETTER | VOWEL) == LETTER);
        groups += usize::from(traits & DIGIT != 0 && TRAITS[usize::from(before)] & DIGIT == 0);
        signs += usize::from(traits & SPECIAL != 0);
        repeats += usize::from(at > 0 && byte == before);
        climbs += usize::from(at > 0 && byte == before.wrapping_add(1));
        steps += usize::from(at > 1 && byte.abs_diff(far) <= 1);
        (far, before) = (before, byte);
    }
    let special = |byte: Option<&u8>| usize::from(byte.is_some_and(|byte| TRAITS[usize::from(*byte)] & SPECIAL != 0));
    let ends = special(value.first()) + if value.len() > 1 { special(value.last()) } else { 0 };
    features.set(Feature::ValueRepeats, share(repeats));
    features.set(Feature::ValueSteps, share(steps.max(climbs * 2)));
    features.set(Feature::ValueLongestRun, letters.ever);
    features.set(Feature::ValueUpperRun, upper.ever);
    features.set(Feature::ValueConsonants, consonants.ever);
    features.set(Feature::ValueDigitGroups, groups);
    features.set(Feature::ValueSpecialFirst, signs - ends);
}

/// Counts of the kinds of characters.
fn characters(value: &[u8], features: &mut Features) {
    let mut counts = [0_u8; 256];
    let (mut sorts, mut changes, mut before) = ([0_usize; SORTS], 0, Sort::None);
    for &byte in value {
        counts[usize::from(byte)] += 1;
        let sort = SORT_OF[usize::from(byte)];
        sorts[sort as usize] += 1;
        changes += usize::from(sort.kind() != before.kind() && before != Sort::None);
        before = sort;
    }
    let of = |byte: u8| usize::from(counts[usize::from(byte)]);
    let at = |sort: Sort| sorts[sort as usize];
    let (lower, upper, digits) = (at(Sort::Lower), at(Sort::Upper), at(Sort::Digit));
    let (spaces, others) = (at(Sort::Space), at(Sort::Beyond));
    let rest = value.len() - lower - upper - digits;
    let length = value.len().max(1);
    let (dots, slashes, underscores, dashes, colons) = (of(b'.'), of(b'/'), of(b'_'), of(b'-'), of(b':'));
    // Integers, so that every machine sees the same: log2(n) - sum(c * log2(c)) / n.
    let (mut used, mut spread) = (0_usize, 0_usize);
    for &byte in value {
        let count = usize::from(std::mem::take(&mut counts[usize::from(byte)]));
        if count > 0 {
            used += 1;
            spread += count * logarithm(count);
        }
    }
    let spread = spread / length;
    for (feature, count) in [
        (Feature::ValueLower, lower),
        (Feature::ValueUpper, upper),
        (Feature::ValueDigits, digits),
        (Feature::ValueSpaces, spaces),
        (Feature::ValueSigns, rest - spaces),
        (Feature::ValueKinds, [lower, upper, digits, rest].iter().filter(|count| **count > 0).count()),
        (Feature::ValueChanges, changes * 100 / length),
        (Feature::ValueDistinct, used * 100 / length),
        (Feature::ValueEntropy, logarithm(length).saturating_sub(spread) / 16),
        (Feature::ValueDots, dots),
        (Feature::ValueSlashes, slashes),
        (Feature::ValueUnderscores, underscores),
        (Feature::ValueDashes, dashes),
        (Feature::ValueColons, colons),
        (Feature::ValueCode, at(Sort::Code)),
        (Feature::ValuePasswordSigns, at(Sort::Password)),
        (Feature::ValueNotAscii, others),
    ] {
        features.set(feature, count);
    }
}

/// The binary logarithm of `number`, not zero, in parts of 256; straight between powers of two.
const fn logarithm(number: usize) -> usize {
    let whole = number.ilog2() as usize;
    whole * 256 + ((number << 8) >> whole) - 256
}

/// Sorts of characters.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Sort {
    Lower,
    Upper,
    Digit,
    Space,
    Code,
    Password,
    Other,
    Beyond,
    None,
}

const SORTS: usize = Sort::None as usize + 1;

impl Sort {
    const fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' => Self::Lower,
            b'A'..=b'Z' => Self::Upper,
            b'0'..=b'9' => Self::Digit,
            b' ' | b'\t' | b'\n' | b'\r' => Self::Space,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b';' | b',' | b'\\' | b'\'' | b'"' => Self::Code,
            b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*' | b'?' | b'~' | b'+' => Self::Password,
            0x80.. => Self::Beyond,
            _ => Self::Other,
        }
    }

    /// Letters of both cases, digits, and all else.
    const fn kind(self) -> u8 {
        match self {
            Self::Lower => 0,
            Self::Upper => 1,
            Self::Digit => 2,
            _ => 3,
        }
    }
}

static SORT_OF: [Sort; 256] = {
    let mut sorts = [Sort::None; 256];
    let mut byte = 0;
    while byte < 256 {
        sorts[byte] = Sort::of(byte as u8);
        byte += 1;
    }
    sorts
};

/// Are the letters words?
fn letters(value: &[u8], features: &mut Features) {
    let letters = lexicon::letters(&value[..value.len().min(64)]);
    let share = |count: usize| count * 100 / letters.letters.max(1);
    let mean = letters.score / i32::try_from(letters.letters.max(1)).unwrap_or(1);
    features.set(Feature::ValueCovered, share(letters.covered));
    features.set(Feature::ValueLongestWord, letters.longest);
    features.set(Feature::ValueUncovered, letters.letters - letters.covered.min(letters.letters));
    features.set(Feature::ValueLetterScore, 128 + mean * 2);
    features.set(Feature::ValueWorst, 128 + letters.worst * 2);
    features.set(Feature::ValueUnheard, letters.unheard);
    let vowels = value.iter().take(64).filter(|byte| TRAITS[usize::from(**byte)] & VOWEL != 0).count();
    features.set(Feature::ValueVowels, share(vowels));
}

/// Most words of a value that are looked for in its name.
const MOST_WORDS: usize = 8;

/// Does `name` hold `word`, in any case?
fn holds(name: &[u8], word: &[u8]) -> bool {
    let first = word[0] | 0x20;
    name.windows(word.len()).any(|part| part[0] | 0x20 == first && part.eq_ignore_ascii_case(word))
}

/// What the words of the value say.
fn words(subject: &Subject<'_>, value: &[u8], features: &mut Features) {
    let (mut secret, mut made_up, mut count, mut echoed, mut capitalised) =
        (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    let name = subject.name.of(subject.text);
    let (mut first_class, mut best_class, mut known) = (None, 0, 0_usize);
    each_word(&value[..value.len().min(64)], |word| {
        count += 1;
        let hash = word_hash(word);
        let class = class_of(word, hash) as u8;
        first_class.get_or_insert(class);
        best_class = best_class.max(class);
        known += usize::from(class > 0);
        secret += usize::from(class >= Class::Key as u8);
        made_up += usize::from(MADE_UP_WORDS.get(hash).is_some());
        capitalised +=
            usize::from(word.len() > 2 && word[0].is_ascii_uppercase() && word[1..].iter().all(u8::is_ascii_lowercase));
        echoed += usize::from(word.len() >= 3 && count <= MOST_WORDS && holds(name, word));
    });
    features.set(Feature::ValueSecretWords, secret);
    features.set(Feature::ValueMadeUpWords, made_up);
    features.set(Feature::ValueFirstWord, first_class.unwrap_or_default());
    features.set(Feature::ValueWordClass, best_class);
    features.set(Feature::ValueCoveredWords, known * 100 / count.max(1));
    features.set(Feature::ValueHumps, count);
    features.set(Feature::ValueCapitalised, capitalised);
    features.set(Feature::ValueEcho, echoed * 100 / count.max(1));
}
