//! Messages of commits that are not made yet.

/// The line below which nothing of a message is kept stands behind git's comment sign.
const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";

/// Longest sign that a comment can begin with, with the blank behind it.
const MAX_SIGN: usize = 16;

/// What of a message can become part of the commit: everything above the line with the scissors.
///
/// Comment lines stay, because git keeps them where no editor was opened (`git commit -m`).
pub fn kept(text: &[u8]) -> &[u8] {
    let is_cut = |line: &[u8]| {
        line.trim_ascii_end()
            .strip_suffix(SCISSORS)
            .is_some_and(|sign| (2..=MAX_SIGN).contains(&sign.len()) && sign.ends_with(b" "))
    };
    let above = text.split_inclusive(|byte| *byte == b'\n').take_while(|line| !is_cut(line));
    &text[..above.map(<[u8]>::len).sum()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_scissors_is_cut_off() {
        let cut = "# ------------------------ >8 ------------------------\n";
        let text = format!("fix\n\n# a comment\n{cut}# more\ndiff --git\n");
        assert_eq!(kept(text.as_bytes()), b"fix\n\n# a comment\n");
        assert_eq!(kept(cut.as_bytes()), b"");
        let windows = format!("fix\r\n{}\r\nrest", cut.trim_end());
        assert_eq!(kept(windows.as_bytes()), b"fix\r\n");
    }

    #[test]
    fn words_about_scissors_are_no_scissors() {
        for text in ["fix >8 it", "------------------------ >8 ------------------------\nrest", ""] {
            assert_eq!(kept(text.as_bytes()), text.as_bytes());
        }
    }
}
