//! The delta reader: whatever it accepts can be put together, and has the size it says.
#![no_main]

use caulk::git::delta;
use libfuzzer_sys::fuzz_target;

const BASE: &[u8] = &[7; 300];

fuzz_target!(|input: &[u8]| {
    let Some((base_len, delta)) = input.split_first() else { return };
    let base = &BASE[..usize::from(*base_len)];
    let (mut pieces, mut out) = (Vec::new(), Vec::new());
    if let Ok(size) = delta::read(delta, base.len(), &mut pieces) {
        delta::apply(base, delta, &pieces, size, &mut out);
        assert_eq!(out.len(), size);
        assert_eq!(pieces.iter().map(|piece| piece.len).sum::<usize>(), size);
    }
});
