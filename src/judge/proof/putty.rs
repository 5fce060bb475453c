//! Private keys in the files of PuTTY.

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::ppk::Covered;
use data_encoding::{BASE64, HEXLOWER};

pub(super) const FILE: Proof = Proof {
    name: "putty-file",
    about: "Both parts have the lines that the file counts, the public one begins with the algorithm, and in version 3 the code of a key without a pass phrase holds.",
    source: "PuTTY user manual, appendix C: PPK file format",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(file(value)),
};

/// How the two versions begin.
const BEGINNINGS: [&str; 2] = ["PuTTY-User-Key-File-2", "PuTTY-User-Key-File-3"];

fn file(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    // In a literal the lines end with escapes.
    let text = std::str::from_utf8(value).map_err(|_| "not text")?.replace("\\r", "").replace("\\n", "\n");
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.map(str::trim_end).ok_or("a field is missing")
    };
    let [two, three] = BEGINNINGS.map(field);
    let algorithm = two.or(three)?;
    let public = part(&text, "Public-Lines")?;
    let private = part(&text, "Private-Lines")?;
    let length = (algorithm.len() as u32).to_be_bytes();
    if !public.starts_with(&[&length, algorithm.as_bytes()].concat()) {
        return Err("the public part is of another algorithm");
    }
    let mut facts = vec![Fact::new("kind", algorithm)];
    if field("Encryption")? != "none" {
        facts.push(Fact::new("encrypted", "yes"));
    } else if three.is_ok() {
        let covered = Covered { algorithm, comment: field("Comment")?, public: &public, private: &private };
        if field("Private-MAC")? != HEXLOWER.encode(&covered.code()) {
            return Err("the code at its end does not hold");
        }
    }
    Ok(facts)
}

/// The bytes behind `name: lines`.
fn part(text: &str, name: &str) -> Result<Vec<u8>, &'static str> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with(name));
    let count = lines.next().and_then(|line| line.split_once(": ")).ok_or("a part is missing")?.1;
    let count: usize = count.trim().parse().map_err(|_| "a count is no number")?;
    let letters: String = lines.take(count).map(str::trim_end).collect();
    BASE64.decode(letters.as_bytes()).map_err(|_| "not the Base64 that it counts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::template::{self, Random};

    #[test]
    fn only_whole_files_with_a_code_that_holds_pass() {
        for seed in 0..8 {
            let key = template::expand("{putty-key}", &mut Random::seeded(seed)).expect("is a template");
            assert!(file(&key).is_ok_and(|facts| facts.len() == 1), "{}", String::from_utf8_lossy(&key));
            let text = String::from_utf8(key).expect("is text");
            assert!(file(text.replace("Comment: ", "Comment: x").as_bytes()).is_err());
            assert!(file(text.replace("Public-Lines: ", "Public-Lines: 9").as_bytes()).is_err());
            let encrypted = file(text.replace("Encryption: none", "Encryption: aes256-cbc").as_bytes());
            assert!(encrypted.is_ok_and(|facts| facts.len() == 2));
        }
    }
}
