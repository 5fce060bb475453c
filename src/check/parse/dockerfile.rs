//! Dockerfiles: instructions with continued lines and here-documents joined, in stages.

use super::locate::Locator;
use crate::span::Position;

/// One instruction.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Its name in upper case.
    pub name: String,
    /// Everything behind the name, continued lines joined, comments left out.
    pub rest: String,
    /// Where it stands.
    pub at: Position,
    /// The number of the stage it belongs to, from 1; 0 in front of the first `FROM`.
    pub stage: usize,
}

const NAMES: &[&str] = &[
    "FROM",
    "RUN",
    "CMD",
    "LABEL",
    "MAINTAINER",
    "EXPOSE",
    "ENV",
    "ADD",
    "COPY",
    "ENTRYPOINT",
    "VOLUME",
    "USER",
    "WORKDIR",
    "ARG",
    "ONBUILD",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
];

/// Reads the instructions of `text`; lines that are none are passed over.
pub fn read(text: &str) -> Vec<Instruction> {
    let mut locator = Locator::new(text.as_bytes());
    let mark = if text.lines().take(5).any(|line| line.replace(' ', "").eq_ignore_ascii_case("#escape=`")) {
        '`'
    } else {
        '\\'
    };
    let mut instructions: Vec<Instruction> = Vec::new();
    let (mut offset, mut stage) = (0, 0);
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        let Some((name, rest)) = trimmed.split_once(char::is_whitespace) else { continue };
        let name = name.to_ascii_uppercase();
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        let mut joined = rest.trim().to_owned();
        while joined.ends_with(mark) {
            joined.pop();
            let Some(next) = lines.next() else { break };
            offset += next.len();
            let next = next.trim();
            if next.is_empty() || next.starts_with('#') {
                joined.push(mark);
            } else {
                joined.push_str(next);
            }
        }
        if let Some(end) = here_document(&joined) {
            for next in lines.by_ref() {
                offset += next.len();
                if next.trim() == end {
                    break;
                }
                joined.push('\n');
                joined.push_str(next.trim_end());
            }
        }
        stage += usize::from(name == "FROM");
        let indent = line.len() - line.trim_start().len();
        instructions.push(Instruction { name, rest: joined, at: locator.position(start + indent), stage });
    }
    instructions
}

/// The word that ends the here-document which begins on this line.
fn here_document(line: &str) -> Option<String> {
    let rest = line.split("<<").nth(1)?.trim_start_matches('-');
    let word: String =
        rest.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    word.chars().next().is_some_and(|first| first.is_ascii_alphabetic()).then_some(word)
}

/// The names and values of an `ENV` or `ARG`, in all its forms.
pub fn assignments(instruction: &Instruction) -> Vec<(String, Option<String>)> {
    let words = words(&instruction.rest);
    let Some(first) = words.first() else { return Vec::new() };
    if instruction.name == "ENV" && !first.contains('=') {
        let value = instruction.rest.trim_start()[first.len()..].trim();
        return vec![(first.clone(), Some(value.to_owned()))];
    }
    let pair = |word: &String| match word.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (word.clone(), None),
    };
    words.iter().map(pair).collect()
}

/// The words of `text` as a shell splits them, quotes taken off.
pub fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, '"' | '\'') => (quote, open) = (Some(c), true),
            (Some(mark), c) if c == mark => quote = None,
            (_, '\\') => word.extend(characters.next()),
            (None, c) if c.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (_, c) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_joined_and_staged() {
        let text = "# syntax=docker/dockerfile:1\nFROM a AS b\nRUN x && \\\n  # why\n  y\nRUN <<EOF\nUSER root\nEOF\nfrom c\nENV A=1 B=\"two words\"\nENV C d e\nARG T\n";
        let read = read(text);
        let names: Vec<_> = read.iter().map(|one| (one.name.as_str(), one.stage, one.at.line)).collect();
        assert_eq!(
            names,
            [
                ("FROM", 1, 2),
                ("RUN", 1, 3),
                ("RUN", 1, 6),
                ("FROM", 2, 9),
                ("ENV", 2, 10),
                ("ENV", 2, 11),
                ("ARG", 2, 12)
            ]
        );
        assert_eq!(read[1].rest, "x && y");
        let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        assert_eq!(assignments(&read[4]), [pair("A", Some("1")), pair("B", Some("two words"))]);
        assert_eq!(assignments(&read[5]), [pair("C", Some("d e"))]);
        assert_eq!(assignments(&read[6]), [pair("T", None)]);
    }

    #[test]
    fn hostile_files_are_survived() {
        for text in ["FROM", "RUN \\", "ENV", "ENV \"", "RUN <<", "RUN <<EOF\nnever ends", "\\\\\\", "COPY \u{0} x"] {
            read(text).iter().for_each(|one| drop(assignments(one)));
        }
    }
}
