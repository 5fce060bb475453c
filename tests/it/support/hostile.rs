//! A tree whose names and lines try to be something else: markup, commands, formulas, control characters.

use super::{Tree, github};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Names of files; the value in the file number `n` is `github(n)`.
pub(crate) const NAMES: &[&[u8]] = &[
    b"line\nbreak\r.py",
    b"=1+1.py",
    b"a,b:c%0A%d::error::x.py",
    b"<script>alert(1)<!--]]>\"'&.py",
    b"`tick` [l](javascript:x) @team |.py",
    b"\xff\xfenot utf8.py",
    "rtl\u{202e}yp.\u{feff}\u{ffff}".as_bytes(),
    b"esc\x1b[31m\x07.py",
    b"{{ 1 }}{% raw %}.py",
];

/// The tree.
pub(crate) fn hostile() -> Tree {
    let mut tree = Tree::new();
    for (number, name) in (0..).zip(NAMES) {
        let line = format!(
            "</pre><script>x</script>]]> ::error::y \u{1b}[2J\u{202e} {}, =2 `c` {{{{ 3 }}}}\n",
            github(number)
        );
        tree = tree.file(Path::new(OsStr::from_bytes(name)), line);
    }
    tree
}
