//! Passwords of network devices in the reversible form "type 7".

use super::{Fact, Outcome, Proof, Strength};

pub(super) const TYPE_7: Proof = Proof {
    name: "cisco-type7",
    about: "The digits undo to a printable password with the key that every device has.",
    source: "Cisco document 107614, Facts about Cisco password encryption",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(type_7(value)),
};

/// What the digits are combined with, the same in all devices since 1995.
const PAD: &[u8] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";

fn type_7(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let text = std::str::from_utf8(value).map_err(|_| "not digits")?;
    let (salt, digits) = text.split_at_checked(2).ok_or("too short")?;
    let salt: usize = salt.parse().map_err(|_| "the first two characters are no number")?;
    let bytes = data_encoding::HEXUPPER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| "not pairs of digits")?;
    if salt > 52 || bytes.len() < 4 {
        return Err("too short, or begins beyond the key");
    }
    let plain =
        bytes.iter().zip(PAD.iter().cycle().skip(salt)).all(|(byte, key)| (b' '..=b'~').contains(&(byte ^ key)));
    if !plain {
        return Err("does not undo to printable text");
    }
    Ok(vec![Fact::new("password", format!("{} characters", bytes.len()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_undoes_to_text_passes() {
        let hidden = |password: &str, salt: usize| {
            let bytes: Vec<u8> =
                password.bytes().zip(PAD.iter().cycle().skip(salt)).map(|(one, two)| one ^ two).collect();
            format!("{salt:02}{}", data_encoding::HEXUPPER.encode(&bytes))
        };
        assert_eq!(type_7(hidden("correct horse", 7).as_bytes()), Ok(vec![Fact::new("password", "13 characters")]));
        assert!(type_7(b"07F0F1F2F3F4").is_err() && type_7(b"99").is_err() && type_7(b"0712").is_err());
    }
}
