//! The objects that were asked for lately.
//!
//! What one tree takes out another one has put in just before: half of what is looked up was looked up a moment ago, and is found here
//! without a wait for the memory that holds all ids.

use super::id::{MAX_ID, is_same};
use super::store::ObjectNumber;

/// How many objects are remembered; a power of two.
const PLACES: usize = 1 << 13;

/// Objects by their ids, each at the one place that its id says.
#[derive(Debug, Default)]
pub struct Lately {
    places: Vec<([u8; MAX_ID], u32)>,
}

impl Lately {
    /// The object of this id, if it is remembered.
    pub(super) fn get(&self, id: &[u8]) -> Option<ObjectNumber> {
        let (known, number) = self.places.get(place(id))?;
        (*number != u32::MAX && is_same(known.get(..id.len())?, id)).then_some(ObjectNumber(*number))
    }

    /// Remembers an object, and forgets what was in its place.
    pub(super) fn put(&mut self, id: &[u8], number: ObjectNumber) {
        if self.places.is_empty() {
            self.places = vec![([0; MAX_ID], u32::MAX); PLACES];
        }
        let known = &mut self.places[place(id)];
        known.0[..id.len()].copy_from_slice(id);
        known.1 = number.0;
    }
}

/// Not its first bits, by which ids lie in packs.
fn place(id: &[u8]) -> usize {
    id.last_chunk().map_or(0, |last| u16::from_le_bytes(*last) as usize % PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_object_of_a_place_is_remembered() {
        let mut lately = Lately::default();
        let (one, two) = ([1_u8; 20], {
            let mut id = [1; 20];
            id[0] = 2;
            id
        });
        assert_eq!(lately.get(&one), None);
        lately.put(&one, ObjectNumber(7));
        assert_eq!((lately.get(&one), lately.get(&two)), (Some(ObjectNumber(7)), None));
        lately.put(&two, ObjectNumber(8));
        assert_eq!((lately.get(&one), lately.get(&two)), (None, Some(ObjectNumber(8))));
    }
}
