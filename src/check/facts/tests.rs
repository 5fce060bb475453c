//! Every reader on texts that nobody wrote on purpose.

use super::*;
use proptest::prelude::*;

const NAMES: &[&str] = &[
    ".env",
    "a.yaml",
    "compose.yml",
    ".github/workflows/a.yml",
    "Dockerfile",
    ".dockerignore",
    "nginx.conf",
    "a.tf",
    "a.toml",
    "a.ini",
    "a.json",
    "a.py",
    "a.ts",
    "a.go",
    "a.rs",
    "a.rb",
    "a.php",
    "A.java",
    "a.sh",
    "Jenkinsfile",
    "SECURITY.md",
    "notes.md",
    "Makefile",
];

/// Pieces that mean something to one reader or another.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "`",
    "\"\"\"",
    "{{",
    "}}",
    "{%",
    "%}",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    "=",
    ",",
    "\n",
    "\n  ",
    "\t",
    "#",
    "//",
    "/*",
    "*/",
    "<<EOF",
    "\\",
    "$",
    "${A:-b}",
    "é",
    "\u{0}",
    "- ",
    "&a ",
    "*a",
    "<<: ",
    "key",
    "password",
    "os.getenv",
    "process.env.A",
    "class A(BaseModel):",
    "raise",
    "print",
    "FROM a",
    "ENV A=",
    "resource \"aws_s3_bucket\" \"b\"",
    "listen 443 ssl;",
    "kind: Secret",
    "apiVersion: v1",
    "jwt.encode",
    "100_000",
    "|",
    "||",
    "---",
    "run: curl -k",
    "r#\"",
    "=begin",
    "b'",
    "removed token `",
    "Fernet(",
];

proptest! {
    #[test]
    fn every_reader_survives_every_text(picks in prop::collection::vec(0..PIECES.len(), 0..60), name in 0..NAMES.len()) {
        let text: String = picks.into_iter().map(|at| PIECES[at]).collect();
        let origin = Origin::new(NAMES[name]);
        read(&origin, FileKind::of(NAMES[name].as_bytes(), b"x"), text.as_bytes());
    }

    #[test]
    fn every_reader_survives_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..80), name in 0..NAMES.len()) {
        let origin = Origin::new(NAMES[name]);
        read(&origin, FileKind::of(NAMES[name].as_bytes(), b"x"), &bytes);
    }
}
