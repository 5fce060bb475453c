//! One candidate, step by step.

mod opinion;
mod plausibility;

use super::proof::{Fact, Outcome, Proof, STAND_IN, Strength};
use super::rejected::Rejected;
use super::value::{self, Look};
use super::{Judged, drawn, placeholder};
use crate::blob::{Chunk, Role};
use crate::detect::{Candidate, Found};
use crate::finding::{Confidence, Evidence};
use crate::rule::lane::{MARKED_BODY as SHORTEST_BODY, is_mark, is_token_byte};
use crate::rule::{FailedProof, Plausible, Rule};
use opinion::by_model;
use plausibility::{by_shape, by_value};

/// Fewest bytes of a literal by which a failed proof speaks of the value and not of chance.
const TELLING: usize = 3;

/// Shortest body of a private key, in letters of base64.
const SHORTEST_BLOCK: usize = 44;

/// What the proof said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proved {
    /// A checksum holds: nothing else matters.
    Checksum,
    /// The structure parses.
    Structure,
    /// There is none, or it failed where that means little.
    Nothing,
}

/// What became of a candidate; of one that is none, why, and what had counted until then.
pub(super) enum Verdict {
    /// It is a finding.
    Finding(Judged),
    /// It says nothing.
    Nothing(Rejected, Vec<Evidence>),
    /// It is what a known token looks like and is none: made up, cut or changed. No general rule may take it for a secret.
    MadeUp(Rejected, Vec<Evidence>),
}

/// The verdict on `candidate`.
pub(super) fn judge(rule: &Rule, proof: Option<&'static Proof>, chunk: &Chunk<'_>, candidate: &Candidate) -> Verdict {
    let drops = proof.is_some() && rule.syntax().failed_proof == FailedProof::Drop;
    let tells = match candidate.found {
        Found::Marked { .. } => true,
        Found::Prefix { literal } => literal > TELLING || candidate.bounded && literal == TELLING,
        _ => false,
    };
    match candidate.found {
        Found::Marked { .. } if drops => Verdict::MadeUp(Rejected::Form, Vec::new()),
        Found::Marked { literal } => marked(rule, chunk, candidate, literal),
        _ => {
            let mut evidence = Vec::new();
            match weigh(rule, proof, chunk, candidate, &mut evidence) {
                Ok(confidence) => {
                    Verdict::Finding(Judged { candidate: *candidate, confidence, evidence, parts: Vec::new() })
                }
                Err(why) if drops && tells => Verdict::MadeUp(why, evidence),
                Err(why) => Verdict::Nothing(why, evidence),
            }
        }
    }
}

/// The verdict on what begins with the mark of `rule` and has not its shape.
fn marked(rule: &Rule, chunk: &Chunk<'_>, candidate: &Candidate, literal: usize) -> Verdict {
    let body = &candidate.secret.of(chunk.text)[literal..];
    let counted = placeholder::is_filler(body);
    let drawn = counted || body.iter().any(u8::is_ascii_digit) && by_shape(rule, body).is_ok();
    let mut evidence = vec![Evidence::Marked];
    let confidence = by_role(rule, chunk, candidate, Confidence::Low, &mut evidence);
    match confidence.and_then(|confidence| if drawn { Ok(confidence) } else { Err(Rejected::Drawn) }) {
        Ok(confidence) => Verdict::Finding(Judged { candidate: *candidate, confidence, evidence, parts: Vec::new() }),
        Err(why) => Verdict::Nothing(why, evidence),
    }
}

/// How sure it is that `candidate` is a finding, if it is one at all.
fn weigh(
    rule: &Rule,
    proof: Option<&'static Proof>,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let secret = candidate.secret.of(chunk.text);
    if rule.is_judged() {
        // Nearly all of these are nothing: only what is something is worth a word.
        let confidence = by_model(rule, chunk, candidate, evidence)?;
        evidence.insert(0, found_evidence(chunk, candidate));
        return Ok(if rule.syntax().public { Confidence::Low } else { confidence });
    }
    evidence.push(found_evidence(chunk, candidate));
    evidence.extend(url_user(chunk, candidate));
    let mut confidence = rule.confidence();
    let proved = match proof {
        Some(proof) => run_proof(rule, proof, secret, &mut confidence, evidence)?,
        None => Proved::Nothing,
    };
    // Samples in other people's tests have checksums that hold, too.
    let made_up = match proved {
        Proved::Checksum => placeholder::is_monotone(secret),
        Proved::Structure => candidate.found != Found::Armor && placeholder::in_token(secret),
        Proved::Nothing => false,
    };
    if proved != Proved::Checksum && !candidate.bounded {
        return Err(Rejected::Continues);
    }
    confidence = match proved {
        _ if made_up => by_hand(rule, chunk, candidate, evidence, Rejected::Sample)?,
        // Nobody issues more of it: it was mutated, or something else was glued to it.
        Proved::Checksum if !candidate.bounded => confidence.min(Confidence::High),
        Proved::Checksum => confidence,
        _ => unproved(rule, proved, chunk, candidate, confidence, evidence)?,
    };
    if rule.syntax().public {
        evidence.push(Evidence::Public);
        confidence = Confidence::Low;
    }
    Ok(confidence)
}

/// A value of the rule's exact shape that was rejected because somebody made it up: counted up, or put together from pieces. It may
/// stand where a token belongs, so it is a hint, unless it says outright what it is.
fn by_hand(
    rule: &Rule,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
    why: Rejected,
) -> Result<Confidence, Rejected> {
    let value = candidate.secret.of(chunk.text);
    let (body, marked) = match candidate.found {
        Found::Prefix { literal } => {
            let inner = candidate.secret.start.saturating_sub(candidate.matched.start);
            let head = candidate.matched.start..candidate.matched.start + literal;
            let marked = std::str::from_utf8(&chunk.text[head]).is_ok_and(is_mark);
            (&value[literal.saturating_sub(inner).min(value.len())..], marked)
        }
        Found::Shape { .. } => (value, false),
        Found::Assignment { .. } if rule.syntax().pattern.is_some() => (value, false),
        _ => return Err(why),
    };
    let stands_in = placeholder::is_outright(body) || placeholder::is_reference(body);
    if stands_in || body.len() < SHORTEST_BODY || !marked && !placeholder::is_filler(body) {
        return Err(why);
    }
    evidence.push(Evidence::MadeUp);
    Ok(Confidence::Low)
}

/// What value, name and file say where no checksum settles it.
fn unproved(
    rule: &Rule,
    proved: Proved,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    confidence: Confidence,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    if rule.is_hint() {
        return drawn::weigh(chunk, candidate, evidence);
    }
    if candidate.found == Found::Armor && proved == Proved::Nothing {
        let whole = is_whole_block(candidate.secret.of(chunk.text));
        return if whole { Ok(rule.confidence().min(Confidence::Medium)) } else { Err(Rejected::Block) };
    }
    let value_says = match proved {
        Proved::Structure => confidence,
        _ => match by_value(rule, chunk, candidate, evidence) {
            Err(why @ (Rejected::Drawn | Rejected::StandIn)) => by_hand(rule, chunk, candidate, evidence, why)?,
            says => says?,
        },
    };
    let told = confidence.min(value_says);
    let confidence = match by_role(rule, chunk, candidate, told, evidence)? {
        // What parses stands there on purpose, be it for a test; so does what a command is given as a password, if it looks like one.
        lowered if proved == Proved::Structure || is_told_to_command(rule, chunk, candidate) => {
            lowered.max(told.min(Confidence::Medium))
        }
        lowered => lowered,
    };
    let Found::Url { host, .. } = candidate.found else { return Ok(confidence) };
    if confidence > Confidence::Low || placeholder::is_reserved_host(host.of(chunk.text)) {
        return Ok(confidence);
    }
    // What is weak, local or stands in a test may be a password all the same.
    let model_says = by_model(rule, chunk, candidate, evidence).unwrap_or(Confidence::Low);
    Ok(confidence.max(model_says.min(Confidence::Medium)))
}

/// Is it a password in a command or a statement, as people choose it or programs draw it?
fn is_told_to_command(rule: &Rule, chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
    matches!(candidate.found, Found::Prefix { .. })
        && rule.syntax().plausible == Plausible::Any
        && rule.syntax().proof.is_none()
        && matches!(value::look(candidate.secret.of(chunk.text)), Look::Random | Look::Password)
}

/// Is what stands between the labels long, and without the marks of something left out? A key may be damaged, or of a kind that no
/// parser knows.
fn is_whole_block(block: &[u8]) -> bool {
    let inner = |text: &[u8], mark: &[u8]| text.windows(5).position(|part| part == mark);
    let Some(start) = inner(&block[block.len().min(5)..], b"-----").map(|at| at + 10) else { return false };
    let body = &block[start..];
    let body = &body[..inner(body, b"-----").unwrap_or(body.len())];
    let letters: Vec<u8> = body.iter().copied().filter(|byte| is_token_byte(*byte)).collect();
    letters.len() >= SHORTEST_BLOCK && value::is_random_token(&letters) && !placeholder::in_token(body)
}

pub(crate) fn found_evidence(chunk: &Chunk<'_>, candidate: &Candidate) -> Evidence {
    match candidate.found {
        Found::Assignment { name, way, .. } => {
            Evidence::Assigned { name: String::from_utf8_lossy(name.of(chunk.text)).into_owned(), way: way.word() }
        }
        Found::Url { .. } => Evidence::UrlPassword,
        Found::Prefix { .. } | Found::Shape { .. } | Found::Armor | Found::Decoded => Evidence::Shape,
        Found::Drawn { .. } => Evidence::Looks(Look::Random.word()),
        Found::Marked { .. } => Evidence::Marked,
    }
}

/// Whose password a URL holds; the other half of the pair, which is no secret.
fn url_user(chunk: &Chunk<'_>, candidate: &Candidate) -> Option<Evidence> {
    let Found::Url { user, .. } = candidate.found else { return None };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-@%+".contains(byte);
    let user = user.of(chunk.text);
    let shown = !user.is_empty() && user.len() <= 64 && user.iter().all(plain);
    shown.then(|| Evidence::Fact { name: "user", value: String::from_utf8_lossy(user).into_owned() })
}

/// Runs the proof; an error if its failure means that there is no finding.
fn run_proof(
    rule: &Rule,
    proof: &'static Proof,
    secret: &[u8],
    confidence: &mut Confidence,
    evidence: &mut Vec<Evidence>,
) -> Result<Proved, Rejected> {
    match (proof.check)(secret) {
        Outcome::Passed(facts) => {
            evidence.push(Evidence::Proved { proof: proof.name, about: proof.about });
            // Nobody can use it without its pass phrase, or for what it says.
            let useless =
                |fact: &Fact| matches!((fact.name, fact.value.as_str()), ("encrypted", "yes") | ("password", STAND_IN));
            let sealed = facts.iter().any(useless);
            evidence.extend(facts.into_iter().map(|fact| Evidence::Fact { name: fact.name, value: fact.value }));
            let (proved, at_least) = match proof.strength {
                Strength::Checksum => (Proved::Checksum, Confidence::Certain),
                // Where the rule itself says less than its shape would, a parse says no more than the rule.
                Strength::Structure => (Proved::Structure, rule.syntax().confidence.unwrap_or(Confidence::High)),
            };
            *confidence = if sealed { Confidence::Low } else { at_least.max(*confidence) };
            Ok(proved)
        }
        Outcome::Failed(reason) => {
            match rule.syntax().failed_proof {
                FailedProof::Drop => return Err(Rejected::Proof { proof: proof.name, reason }),
                FailedProof::Lower => *confidence = lower(*confidence),
                FailedProof::Keep => {}
            }
            evidence.push(Evidence::Unproved { proof: proof.name, reason });
            Ok(Proved::Nothing)
        }
    }
}

/// What the file speaks for; an error where such a finding means nothing.
fn by_role(
    rule: &Rule,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    confidence: Confidence,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let role = chunk.kind.role;
    let by_name = matches!(candidate.found, Found::Assignment { .. } | Found::Shape { .. });
    match role {
        Role::Product => Ok(confidence),
        Role::Test | Role::Document | Role::Example => {
            evidence.push(Evidence::Role(role));
            Ok(lower(confidence))
        }
        // Hashes and keys by the thousand: only what has a shape of its own counts.
        Role::Generated | Role::Lock | Role::Localisation if by_name => Err(Rejected::Role(role)),
        Role::Generated | Role::Lock | Role::Localisation => {
            let strong = rule.facts().is_some_and(|facts| facts.min_len >= 20)
                || matches!(candidate.found, Found::Armor | Found::Url { .. });
            if strong { Ok(confidence) } else { Err(Rejected::Role(role)) }
        }
    }
}

/// One step less sure.
const fn lower(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Certain => Confidence::High,
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}

/// The literal prefix of `rule` that `secret` begins with, in bytes: what a mask may show.
pub fn known_prefix(candidate: &Candidate) -> usize {
    let secret = candidate.secret;
    match candidate.found {
        Found::Prefix { literal } | Found::Marked { literal } => {
            (candidate.matched.start + literal).saturating_sub(secret.start).min(secret.len())
        }
        _ => 0,
    }
}
