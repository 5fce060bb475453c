//! The word for a private key in a file of PuTTY.

use super::{Draft, Expected, Word};
use crate::checksum::ppk::Covered;
use data_encoding::{BASE64, HEXLOWER};

pub(super) static WORDS: &[Word] =
    &[Word::new("putty-key", "A private key of Ed25519 as PuTTY stores it, version 3, without a pass phrase.", key)];

fn key(draft: &mut Draft, _: Option<&str>) -> Result<(), Expected> {
    let algorithm = "ssh-ed25519";
    let string = |content: &[u8]| [&(content.len() as u32).to_be_bytes(), content].concat();
    let public = [string(algorithm.as_bytes()), string(&draft.random.bytes(32))].concat();
    let private = string(&draft.random.bytes(32));
    let comment = String::from_utf8_lossy(&draft.random.letters(b"abcdefghijklmnopqrstuvwxyz", 8)).into_owned();
    let code = Covered { algorithm, comment: &comment, public: &public, private: &private }.code();
    draft.push(format!("PuTTY-User-Key-File-3: {algorithm}\nEncryption: none\nComment: {comment}\n"));
    for (name, part) in [("Public", &public), ("Private", &private)] {
        let letters = BASE64.encode(part);
        let lines: Vec<&[u8]> = letters.as_bytes().chunks(64).collect();
        draft.push(format!("{name}-Lines: {}\n", lines.len()));
        lines.iter().for_each(|line| draft.push([line, b"\n".as_slice()].concat()));
    }
    draft.push(format!("Private-MAC: {}", HEXLOWER.encode(&code)));
    Ok(())
}
