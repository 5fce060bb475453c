//! Looking at what is new leaves out only what is judged as it was before.

use crate::support::Filler;
use caulk::RuleSet;
use caulk::blob::{Chunk, FileKind};
use caulk::detect::assignment::Way;
use caulk::detect::{Candidate, Detector, Focus, Found, Scratch};
use caulk::judge::Judge;
use caulk::rule::template::{self, Random};
use caulk::span::Span;
use std::ops::Range;
use std::sync::Arc;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// A stretch of the new text that stands in the old one as well.
struct Same {
    new: Range<usize>,
    old: usize,
}

/// A text full of samples of all rules, each with what its rule asks for somewhere near.
fn text(rules: &RuleSet, dice: &mut Dice) -> Vec<u8> {
    let mut text = Vec::new();
    while text.len() < 9_000 {
        let rule = rules.rule(rules.iter().nth(dice.roll(rules.iter().count())).expect("it is one of them").0);
        let syntax = rule.syntax();
        let examples = &syntax.examples;
        let Some(example) = examples.get(dice.roll(examples.len())) else { continue };
        let sample = template::expand(example, &mut Random::seeded(dice.0)).expect("it is a template");
        let word = syntax.near.first().or(syntax.names.first()).map_or("value", String::as_str);
        let gap = Filler::new(dice.0, "\n").text(dice.roll(3) * dice.roll(250));
        match dice.roll(5) {
            0 => text.extend(format!("# {word}\n{gap}").bytes().chain(sample).chain(*b"\n")),
            1 => text.extend(format!("{} = \"", word.replace(' ', "_")).bytes().chain(sample).chain(*b"\",\n")),
            2 => text.extend(format!("{}: ", word.replace(' ', "-")).bytes().chain(sample).chain(*b"\n")),
            3 => text.extend(sample.into_iter().chain(format!("\n{gap}\n// {word}\n").bytes())),
            _ => text.extend(format!("x(\"{word}\", \"").bytes().chain(sample).chain(*b"\")\n")),
        }
        text.extend(gap.bytes());
    }
    text
}

/// `old` with a few changes: something taken out, put in, or both; and what is as it was, and what is not.
fn change(old: &[u8], dice: &mut Dice) -> (Vec<u8>, Vec<Same>, Vec<Span>) {
    let (mut new, mut same, mut edits, mut at) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..=dice.roll(3) {
        let cut = at + dice.roll(old.len() - at);
        same.push(Same { new: new.len()..new.len() + cut - at, old: at });
        new.extend(&old[at..cut]);
        let put = match dice.roll(6) {
            0 => String::new(),
            1 => "q".to_owned(),
            2 => "\n".to_owned(),
            3 => " \"x\" ".to_owned(),
            4 => Filler::new(dice.0, " ").text(dice.roll(60)),
            _ => "key = ".to_owned(),
        };
        edits.push(Span::new(new.len(), new.len() + put.len()));
        new.extend(put.bytes());
        at = (cut + [0, 1, 7, 60][dice.roll(4)]).min(old.len());
    }
    same.push(Same { new: new.len()..new.len() + old.len() - at, old: at });
    new.extend(&old[at..]);
    (new, same, edits)
}

/// A span of the new text in the old one, if it is there.
fn before(span: Span, same: &[Same]) -> Option<Span> {
    let stretch = same.iter().find(|same| same.new.start <= span.start && span.end <= same.new.end)?;
    let at = span.start - stretch.new.start + stretch.old;
    Some(Span::new(at, at + span.len()))
}

fn with(found: Found) -> Option<Span> {
    match found {
        Found::Assignment { name, .. } => Some(name),
        Found::Url { user, .. } => Some(user),
        _ => None,
    }
}

/// How an assignment was read: the same bytes may be read in two ways.
fn way(found: Found) -> Option<Way> {
    match found {
        Found::Assignment { way, .. } => Some(way),
        _ => None,
    }
}

#[test]
fn what_is_left_out_is_judged_as_it_was_before() {
    let rules = Arc::new(RuleSet::builtin());
    let (detector, judge) =
        (Detector::new(&rules, caulk::Confidence::Low), Judge::new(&rules).expect("all proofs are there"));
    let mut dice = Dice(7);
    let (mut all_of_them, mut left_out) = (0, 0);
    for round in 0..400 {
        let old = text(&rules, &mut dice);
        let (new, same, edits) = change(&old, &mut dice);
        let name: &[u8] = [&b"app.py"[..], b"settings.yaml", b"notes.md", b"data.json", b"run.sh"][round % 5];
        // Who relies on the old text has read it as the same kind of file.
        if FileKind::of(name, &old) != FileKind::of(name, &new) {
            continue;
        }
        let detect = |text: &[u8], focus: Focus<'_>| {
            let (mut scratch, mut out) = (Scratch::default(), Vec::new());
            detector.detect(&Chunk::whole(text, FileKind::of(name, text)), focus, &mut scratch, &mut out);
            let encoded: Vec<Span> = scratch.encoded.iter().map(|one| one.span).collect();
            (out, scratch.wide(), encoded)
        };
        let says = |text: &[u8], candidate: &Candidate| {
            let judged = judge.judge(&Chunk::whole(text, FileKind::of(name, text)), &[*candidate], Vec::new());
            judged.into_iter().map(|one| (one.confidence, one.evidence)).collect::<Vec<_>>()
        };
        let (old_all, was_wide, old_encoded) = detect(&old, Focus::EVERYTHING);
        let (all, wide, encoded) = detect(&new, Focus::EVERYTHING);
        let (seen, sees_wide, seen_encoded) = detect(&new, Focus::on(&edits, 0));
        assert!(!wide || was_wide || sees_wide, "round {round}: something long is new");
        for span in encoded.iter().filter(|span| !seen_encoded.contains(span)) {
            assert!(before(*span, &same).is_some_and(|span| old_encoded.contains(&span)), "round {round}");
        }
        // What looks drawn is never left out.
        all_of_them += all.iter().filter(|one| !matches!(one.found, Found::Drawn { .. })).count();
        for one in all.iter().filter(|one| !seen.contains(one)) {
            left_out += 1;
            let told = format!("round {round}: {} at {:?}, {:?}", rules.rule(one.rule).id(), one.secret, edits);
            let spans = [Some(one.matched), Some(one.secret), with(one.found)];
            let was = spans.map(|span| span.map(|span| before(span, &same).unwrap_or_else(|| panic!("{told}"))));
            let same_place = |other: &&Candidate| {
                let spans = [Some(other.matched), Some(other.secret), with(other.found)];
                other.rule == one.rule
                    && other.bounded == one.bounded
                    && spans == was
                    && way(other.found) == way(one.found)
            };
            let other = old_all.iter().find(same_place).unwrap_or_else(|| panic!("{told}: it was not there"));
            assert_eq!(says(&new, one), says(&old, other), "{told}");
        }
    }
    assert!(left_out * 2 > all_of_them && left_out < all_of_them, "{left_out} of {all_of_them} were left out");
}
