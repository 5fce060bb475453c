//! Positions of offsets, cheap where they are asked for in order.

use crate::span::{Advance, Position};

/// Gives the positions of offsets in one text.
#[derive(Debug)]
pub struct Locator<'t> {
    text: &'t [u8],
    at: usize,
    advance: Advance,
}

impl<'t> Locator<'t> {
    /// A locator for `text`.
    pub fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0, advance: Advance::default() }
    }

    /// The position of `offset`; going back costs a walk from the beginning.
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            (self.at, self.advance) = (0, Advance::default());
        }
        self.advance = self.advance.then(Advance::over(&self.text[self.at..offset]));
        self.at = offset;
        self.advance.position()
    }
}
