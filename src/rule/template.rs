//! Templates of secrets: the examples of rules, expanded to fresh random values.
//!
//! Takes a template such as `ghp_{crc32-base62:30}` and a [`Random`]; gives the bytes of one sample. The words in
//! braces are listed in `rules/README.md` and in [`WORDS`]. So no rule file, test or fixture of this repository
//! holds anything that looks like a secret. Equal seeds give equal samples.

mod armour;
mod armour_keys;
mod classes;
mod der;
mod encoded;
mod json;
mod putty;
mod random;
mod sealed;
mod structure;
mod words;

pub use random::Random;
pub use words::{WORDS, Word};

use thiserror::Error;

/// Most characters that one word may expand to by its count.
const MOST: usize = 16 * 1024;

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A `{` without its `}`.
    #[error("template `{template}`, at byte {at}: `{{` is never closed; write `{{{{` for a brace")]
    Unclosed {
        /// The template.
        template: String,
        /// Place of the brace, in bytes.
        at: usize,
    },
    /// A `}` on its own.
    #[error("template `{template}`, at byte {at}: `}}` closes nothing; write `}}}}` for a brace")]
    Unopened {
        /// The template.
        template: String,
        /// Place of the brace, in bytes.
        at: usize,
    },
    /// A word that is none of [`WORDS`].
    #[error("template `{template}`, at byte {at}: there is no template word `{word}`")]
    UnknownWord {
        /// The template.
        template: String,
        /// Place of the word, in bytes.
        at: usize,
        /// The word.
        word: String,
    },
    /// What follows the colon does not suit the word.
    #[error("template `{template}`, at byte {at}: `{word}` cannot have `{argument}`: {expected}")]
    BadArgument {
        /// The template.
        template: String,
        /// Place of the word, in bytes.
        at: usize,
        /// The word.
        word: String,
        /// What follows the colon; empty if there is none.
        argument: String,
        /// What would do.
        expected: &'static str,
    },
}

/// A sample in the making: the text so far, and where chance comes from.
struct Draft<'r> {
    text: Vec<u8>,
    random: &'r mut Random,
}

impl Draft<'_> {
    /// Adds `count` letters out of `alphabet`.
    fn letters(&mut self, alphabet: &[u8], count: usize) {
        self.text.extend(self.random.letters(alphabet, count));
    }

    fn push(&mut self, text: impl AsRef<[u8]>) {
        self.text.extend_from_slice(text.as_ref());
    }

    /// Where the token begins whose prefix ends the text so far: after the last byte that is no letter, digit,
    /// `-` or `_`. What stands before it, such as a variable's name and `=`, is not covered by checksums.
    fn token_start(&self) -> usize {
        let in_prefix = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        self.text.iter().rposition(|byte| !in_prefix(byte)).map_or(0, |at| at + 1)
    }

    /// The text from `start` on.
    fn since(&self, start: usize) -> &[u8] {
        self.text.get(start..).unwrap_or_default()
    }
}

/// A reason why an argument does not suit a word: what would do.
type Expected = &'static str;

/// Expands `template` to one random sample.
///
/// # Errors
///
/// If a brace is unbalanced, a word unknown, or the argument of a word does not suit it.
pub fn expand(template: &str, random: &mut Random) -> Result<Vec<u8>, TemplateError> {
    let mut draft = Draft { text: Vec::with_capacity(template.len() * 2), random };
    let mut at = 0;
    while let Some(rest) = template.get(at..).filter(|rest| !rest.is_empty()) {
        let literal = rest.find(['{', '}']).unwrap_or(rest.len());
        if literal > 0 {
            draft.push(&rest[..literal]);
            at += literal;
        } else if rest.starts_with("{{") || rest.starts_with("}}") {
            draft.push(&rest[..1]);
            at += 2;
        } else if rest.starts_with('}') {
            return Err(TemplateError::Unopened { template: template.to_owned(), at });
        } else {
            let unclosed = || TemplateError::Unclosed { template: template.to_owned(), at };
            let end = rest.find('}').ok_or_else(unclosed)?;
            fill(template, at, &rest[1..end], &mut draft)?;
            at += end + 1;
        }
    }
    Ok(draft.text)
}

/// Expands one word with its argument, `inside` being what stands between the braces at `at`.
fn fill(template: &str, at: usize, inside: &str, draft: &mut Draft) -> Result<(), TemplateError> {
    let (name, argument) = inside.split_once(':').map_or((inside, None), |(name, argument)| (name, Some(argument)));
    let Some(result) = words::expand(name, argument, draft) else {
        return Err(TemplateError::UnknownWord { template: template.to_owned(), at, word: name.to_owned() });
    };
    result.map_err(|expected| TemplateError::BadArgument {
        template: template.to_owned(),
        at,
        word: name.to_owned(),
        argument: argument.unwrap_or_default().to_owned(),
        expected,
    })
}

/// Reads a count such as `30`, or a range such as `20-40` of which a number is drawn; `usual` without either.
fn count(argument: Option<&str>, usual: Option<usize>, random: &mut Random) -> Result<usize, Expected> {
    let expected = "a number of characters such as `30`, or a range such as `20-40`";
    let number = |text: &str| text.parse().ok().filter(|number| *number <= MOST).ok_or(expected);
    let Some(argument) = argument else {
        return usual.ok_or(expected);
    };
    let Some((least, most)) = argument.split_once('-') else {
        return number(argument);
    };
    let (least, most): (usize, usize) = (number(least)?, number(most)?);
    if least > most {
        return Err("the smaller end of the range comes first");
    }
    Ok(least + random.below(most - least + 1))
}

#[cfg(test)]
mod tests;
