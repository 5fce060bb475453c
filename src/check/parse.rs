//! Readers of configuration and code that keep positions and survive everything: what cannot be read is said, never guessed.

pub mod block;
pub mod dockerfile;
pub mod hcl;
pub mod language;
pub mod lexer;
pub mod locate;
pub mod pairs;
pub mod toml;
pub mod tree;
pub mod yaml;
