//! The table of template words.

use super::{Draft, Expected, armour, classes, encoded, json, putty, sealed, structure};

/// A word that a template may hold in braces.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// What it becomes, in one sentence, with its arguments.
    pub about: &'static str,
    make: fn(&mut Draft, Option<&str>) -> Result<(), Expected>,
}

impl Word {
    pub(super) const fn new(
        name: &'static str,
        about: &'static str,
        make: fn(&mut Draft, Option<&str>) -> Result<(), Expected>,
    ) -> Self {
        Self { name, about, make }
    }
}

/// All words, in groups: character classes, people's words, tokens with a checksum, tokens with a structure.
pub static WORDS: &[&[Word]] = &[
    classes::WORDS,
    classes::PEOPLE,
    sealed::WORDS,
    encoded::WORDS,
    structure::WORDS,
    json::WORDS,
    armour::WORDS,
    putty::WORDS,
];

/// Expands the word `name` at the end of the draft; none if there is no such word.
pub(super) fn expand(name: &str, argument: Option<&str>, draft: &mut Draft) -> Option<Result<(), Expected>> {
    if let Some(word) = WORDS.iter().copied().flatten().find(|word| word.name == name) {
        return Some((word.make)(draft, argument));
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(classes::repeat(letter, argument, draft)),
        _ => None,
    }
}
