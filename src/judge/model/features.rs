//! What the model sees of a candidate: bytes between 0 and 255, the same in training and in use.
//!
//! Everything is read from the name, the value and the lines around them, within some hundred bytes.

mod around;
mod encoded;
mod name;
mod place;
mod subject;
mod value;

pub use encoded::{encodes_hash, encodes_name, encodes_text};
pub use subject::Subject;

macro_rules! features {
    ($($feature:ident $about:literal,)*) => {
        /// One thing the model looks at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Feature { $(#[doc = $about] $feature,)* }

        /// What each feature speaks of, in the order of [`Feature`]; "" tells people nothing.
        pub static ABOUT: &[&str] = &[$($about,)*];
    };
}

features! {
    NameWords "the length of the name",
    NameLength "the length of the name",
    NameStyle "the way the name is written",
    NameLast "what the name ends with",
    NameBeforeLast "what the name ends with",
    NameFirst "what the name begins with",
    NameOther "other words in the name",
    NamePassword "the name says password",
    NameSecret "the name says secret",
    NameToken "the name says token",
    NameKey "the name says key",
    NameApi "the name says API",
    NameAuth "the name says authorization",
    NameCredential "the name says credential",
    NameSalt "the name says salt",
    NamePrivate "the name says private",
    NamePublic "the name says public",
    NameOwner "the name says whose",
    NameUse "the name says what for",
    NameHash "the name says hash",
    NameIdentity "the name says identity",
    NameDenial "the name speaks of something else",
    NameQualifier "the name speaks of something about a secret",
    NameMadeUp "the name says test",
    NameDots "the name is a path",
    ValueLength "the length of the value",
    ValueLower "lower case letters",
    ValueUpper "upper case letters",
    ValueDigits "digits",
    ValueSigns "signs",
    ValueSpaces "blanks",
    ValueKinds "the mix of characters",
    ValueChanges "the mix of characters",
    ValueDistinct "repeated characters",
    ValueEntropy "the spread of characters",
    ValueCovered "common words",
    ValueLongestWord "common words",
    ValueUncovered "letters that make no words",
    ValueLetterScore "letters unlike words",
    ValueWorst "letters unlike words",
    ValueUnheard "letters unlike words",
    ValueConsonants "letters unlike words",
    ValueVowels "letters unlike words",
    ValueLook "what the value looks like",
    ValueHex "hexadecimal digits",
    ValuePadding "base64",
    ValueDots "dots",
    ValueSlashes "slashes",
    ValueUnderscores "underscores",
    ValueDashes "dashes",
    ValueColons "colons",
    ValueCode "signs of programs",
    ValuePasswordSigns "signs that people put into passwords",
    ValueNotAscii "other scripts",
    ValueFirst "the first character",
    ValueLast "the last character",
    ValueHumps "the way the value is written",
    ValueCapitalised "the way the value is written",
    ValueTail "digits at the end",
    ValueSecretWords "the value names a secret",
    ValueMadeUpWords "words of examples",
    ValueEcho "the value repeats the name",
    ValueRound "the length of the value",
    ValueRepeats "repeated characters",
    ValueSteps "characters counted up",
    ValueFirstWord "what the value begins with",
    ValueLongestRun "the mix of characters",
    ValueDigitGroups "the mix of characters",
    ValueSpecialFirst "signs that people put into passwords",
    ValueCoveredWords "common words",
    ValueUpperRun "the mix of characters",
    ValueWordClass "the value names a secret",
    Way "how the value is given",
    Quote "the quotes",
    Syntax "the kind of file",
    Role "what the file is for",
    UrlHost "the host of the URL",
    ValueBasic "what it is the Base64 of",
    BeforeName "what stands before the name",
    AfterName "what stands between name and value",
    Gap "what stands between name and value",
    AfterValue "what stands behind the value",
    LineComment "a comment",
    LineLength "the length of the line",
    LinePlace "the place in the line",
    LineIndent "the place in the line",
    LineQuotes "other values in the line",
    LineOwner "words about accounts in the line",
    LineTest "words of tests in the line",
    LineCrypto "words of cryptography in the line",
    LineCode "words of programs in the line",
    LineMessage "words for people in the line",
    NearOwner "words about accounts nearby",
    NearTest "words of tests nearby",
    NearCrypto "words of cryptography nearby",
    NearCode "words of programs nearby",
    NearMessage "words for people nearby",
    NameWordBefore "the name says whose",
    CallBefore "what stands before the name",
    SameValue "the value stands nearby, too",
    LineAbove "the line above",
    LineBelow "the line below",
}

/// How many features there are.
pub const COUNT: usize = Feature::LineBelow as usize + 1;

/// The first of the features that only the surroundings tell.
#[cfg(test)]
pub(super) const AROUND: usize = Feature::LineComment as usize;

/// What the model sees of one candidate; one place for each byte that may be asked for, so that none is outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Features([u8; 1 << u8::BITS]);

impl Features {
    /// All features of `subject`.
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut features = Self::near(subject);
        features.look_around(subject);
        features
    }

    /// What name, value and the bytes beside them say; for nearly all candidates that is enough.
    pub(super) fn near(subject: &Subject<'_>) -> Self {
        let mut features = Self([0; 1 << u8::BITS]);
        name::fill(subject, &mut features);
        value::fill(subject, &mut features);
        place::fill(subject, &mut features);
        features
    }

    /// Adds what the lines around say.
    pub(super) fn look_around(&mut self, subject: &Subject<'_>) {
        around::fill(subject, self);
    }

    #[cfg(test)]
    pub(super) const fn from_bytes(bytes: [u8; 1 << u8::BITS]) -> Self {
        Self(bytes)
    }

    /// As numbers, in the order of [`Feature`].
    pub fn as_bytes(&self) -> &[u8] {
        &self.0[..COUNT]
    }

    /// The number of the feature at `place`, 0 if there is none.
    pub(super) const fn at(&self, place: u8) -> u8 {
        self.0[place as usize]
    }

    #[inline]
    fn set(&mut self, feature: Feature, value: impl Number) {
        self.0[feature as usize] = value.saturated();
    }
}

/// What can be a feature: limited to a byte.
trait Number {
    fn saturated(self) -> u8;
}

impl Number for usize {
    #[inline]
    fn saturated(self) -> u8 {
        u8::try_from(self).unwrap_or(u8::MAX)
    }
}

impl Number for i32 {
    #[inline]
    fn saturated(self) -> u8 {
        self.clamp(0, 255) as u8
    }
}

impl Number for bool {
    #[inline]
    fn saturated(self) -> u8 {
        u8::from(self)
    }
}

impl Number for u8 {
    #[inline]
    fn saturated(self) -> u8 {
        self
    }
}

/// Kinds of characters, in an order that trees can cut.
const fn sort(byte: u8) -> u8 {
    match byte {
        b'\n' | b'\r' => 0,
        b' ' | b'\t' => 1,
        b'"' => 2,
        b'\'' => 3,
        b'`' => 4,
        b',' => 5,
        b';' => 6,
        b')' | b']' => 7,
        b'}' => 8,
        b'.' => 9,
        b':' => 10,
        b'=' => 11,
        b'(' | b'[' => 12,
        b'{' => 13,
        b'<' | b'>' => 14,
        b'&' | b'?' => 15,
        b'/' => 16,
        b'\\' => 17,
        b'-' => 18,
        b'_' => 19,
        b'$' | b'@' | b'%' => 20,
        b'|' => 21,
        b'#' | b'*' | b'!' => 22,
        b'0'..=b'9' => 24,
        b'a'..=b'z' => 25,
        b'A'..=b'Z' => 26,
        _ => 23,
    }
}
