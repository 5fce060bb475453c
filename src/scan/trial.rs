//! Trying rules on their own examples: fresh samples, in many surroundings, against all other rules.
//!
//! A rule passes if each sample is found as that rule, exactly once, with the exact span, and none of its counter-examples at
//! `medium` or above.

use super::Scanner;
use crate::detect::{armor, url};
use crate::finding::{Confidence, Finding};
use crate::rule::template::{self, Random};
use crate::rule::{MatcherKind, Rule};
use std::fmt;
use std::ops::Range;

/// One sample in so many may look made up by chance (`xxxx` among random letters, or twenty letters without a digit) and be missed
/// without a failure.
const CHANCE: u64 = 12;

/// And so many more, for there are a thousand rules and some are unlucky.
const SPREAD: u64 = 3;

/// One thing that a rule did not do.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// The template.
    pub template: String,
    /// The surroundings, as a file name.
    pub form: &'static str,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: example `{}` in {}: {}", self.rule, self.template, self.form, self.what)
    }
}

/// What came out of a trial.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Rules tried.
    pub rules: usize,
    /// Samples tried, each in its surroundings.
    pub samples: usize,
    /// Samples that were taken for made up, few enough to be chance.
    pub missed: usize,
    /// What did not work; one for each rule, template and surroundings.
    pub failures: Vec<Failure>,
}

/// Tries the rules for which `chosen` is true on `samples` samples of each example, in all surroundings.
///
/// `scanner` must report from `low` on. The same `seed` gives the same samples.
pub fn run(scanner: &Scanner, chosen: impl Fn(&Rule) -> bool, samples: u64, seed: u64) -> Trial {
    let mut trial = Trial::default();
    for (_, rule) in scanner.rules().iter().filter(|(_, rule)| chosen(rule)) {
        trial.rules += 1;
        for template in &rule.syntax().examples {
            for form in forms(rule.kind()) {
                trial.samples += usize::try_from(samples).unwrap_or(usize::MAX);
                match try_form(scanner, rule, template, form, (samples, seed)) {
                    Ok(missed) => trial.missed += missed,
                    Err(what) => trial.failures.push(failure(rule, template, form, what)),
                }
            }
        }
        for template in &rule.syntax().counter_examples {
            let form = &forms(rule.kind())[0];
            let tried =
                (0..samples).try_for_each(|sample| try_counter(scanner, rule, template, form, seed ^ sample << 32));
            trial.samples += usize::try_from(samples).unwrap_or(usize::MAX);
            trial.failures.extend(tried.err().map(|what| failure(rule, template, form, what)));
        }
    }
    trial
}

/// Tries all samples of one example in one form; gives how many were missed.
fn try_form(
    scanner: &Scanner,
    rule: &Rule,
    template: &str,
    form: &Form,
    (samples, seed): (u64, u64),
) -> Result<usize, String> {
    let (mut missed, mut last) = (0, "");
    for sample in 0..samples {
        match try_example(scanner, rule, template, form, seed ^ sample << 32) {
            Ok(()) => {}
            Err(Trouble::Missed(what)) => (missed, last) = (missed + 1, what),
            Err(Trouble::Wrong(what)) => return Err(what),
        }
    }
    // Few samples may have bad luck; where there are many, it evens out.
    let chance = if samples < CHANCE { 0 } else { samples / CHANCE + SPREAD };
    if missed > chance { Err(last.to_owned()) } else { Ok(usize::try_from(missed).unwrap_or(usize::MAX)) }
}

/// What can happen to a sample.
enum Trouble {
    /// It was taken for made up.
    Missed(&'static str),
    /// It was found as something else, elsewhere or more than once, or the template is wrong.
    Wrong(String),
}

fn failure(rule: &Rule, template: &str, form: &Form, what: String) -> Failure {
    Failure { rule: rule.id().to_owned(), template: template.to_owned(), form: form.path, what }
}

/// A way in which a value stands in a file. `@` is the value; `%U`, `%C` and `%S` are one of the rule's names in upper,
/// camel and snake case.
struct Form {
    path: &'static str,
    text: &'static str,
    value: fn(&str) -> String,
}

const fn form(path: &'static str, text: &'static str) -> Form {
    Form { path, text, value: plain }
}

fn plain(value: &str) -> String {
    value.to_owned()
}

/// With its line ends written out, as in a JSON string.
fn escaped(value: &str) -> String {
    value.trim_end().replace('\n', "\\n")
}

/// Indented, as in a YAML block.
fn indented(value: &str) -> String {
    value.trim_end().replace('\n', "\n    ")
}

const TOKEN_FORMS: &[Form] = &[
    form("app.py", "import os\nvalue = \"@\"  # set\n"),
    form("app.go", "\tvalue := `@`\n"),
    form("data.json", "{\"value\":\"@\",\"other\":1}\n"),
    form("data.yaml", "item:\n  value: @\n  other: 1\n"),
    form("settings.env", "export VALUE=@\r\nOTHER=1\n"),
    form("run.sh", "curl -H 'X-Value: @' https://host.io\n"),
    form("notes.txt", "It says @, they say.\n"),
    form("app.js", "!function(){var e={a:\"@\",b:2};return e}();"),
    form("last.txt", "@"),
];

const NAME_FORMS: &[Form] = &[
    form("app.py", "%S = \"@\"\n"),
    form("app.ts", "const %U: string = '@';\n"),
    form("data.json", "{\n  \"%C\": \"@\",\n  \"other\": 1\n}\n"),
    form("data.yaml", "item:\n  %S: \"@\"\n"),
    form("settings.env", "%U=@\nOTHER=1\n"),
    form("call.rb", "client = Client.new(%S: '@', retries: 3)\n"),
];

const SHAPE_FORMS: &[Form] = &[
    form("app.py", "%S_value = \"@\"\n"),
    form("data.json", "{\"%C\": {\"value\": \"@\"}}\n"),
    form("data.yaml", "%S:\n  value: @\n"),
    form("settings.env", "%U_VALUE=@\n"),
];

const BLOCK_FORMS: &[Form] = &[
    form("id_key", "@\n"),
    Form { path: "data.json", text: "{\"value\": \"@\\n\"}\n", value: escaped },
    Form { path: "data.yaml", text: "item:\n  value: |\n    @\n", value: indented },
];

const fn forms(kind: MatcherKind) -> &'static [Form] {
    match kind {
        MatcherKind::Prefix | MatcherKind::StemPrefix | MatcherKind::Url | MatcherKind::Anywhere => TOKEN_FORMS,
        MatcherKind::Name => NAME_FORMS,
        MatcherKind::Shape => SHAPE_FORMS,
        MatcherKind::Armor => BLOCK_FORMS,
    }
}

impl Form {
    /// The text with `value` in it, and where in it the value stands.
    fn fill(&self, rule: &Rule, value: &str) -> (String, Range<usize>) {
        let syntax = rule.syntax();
        let name = syntax.names.first().or(if rule.kind() == MatcherKind::Shape { syntax.near.first() } else { None });
        let words: Vec<&str> = name.map_or_else(Vec::new, |name| name.split_whitespace().collect());
        let camel: String = words
            .iter()
            .enumerate()
            .map(|(at, word)| if at == 0 { (*word).to_owned() } else { capital(word) })
            .collect();
        let text = self.text.replace("%U", &words.join("_").to_ascii_uppercase());
        let text = text.replace("%C", &camel).replace("%S", &words.join("_"));
        // A condition on what stands near is met by a line in front.
        let near = syntax
            .near
            .first()
            .filter(|_| rule.kind() != MatcherKind::Shape)
            .map_or_else(String::new, |word| format!("# {word}\n"));
        let text = near + &text;
        let value = (self.value)(value);
        let at = text.find('@').unwrap_or_default();
        (text.replacen('@', &value, 1), at..at + value.len())
    }
}

fn capital(word: &str) -> String {
    word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default()
}

fn sample(template: &str, seed: u64) -> Result<String, String> {
    let bytes = template::expand(template, &mut Random::seeded(seed)).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "the template gives no text".to_owned())
}

fn try_example(scanner: &Scanner, rule: &Rule, template: &str, form: &Form, seed: u64) -> Result<(), Trouble> {
    let value = sample(template, seed).map_err(Trouble::Wrong)?;
    let (text, place) = form.fill(rule, value.trim_end());
    let expected = secret_range(rule, text.as_bytes(), &place)
        .ok_or_else(|| Trouble::Wrong("the rule does not match the sample by itself".to_owned()))?;
    let findings = scanner.scan_bytes(form.path, text.as_bytes());
    let here: Vec<&Finding> = findings
        .iter()
        .filter(|found| found.place.span.start < place.end && place.start < found.place.span.end)
        .collect();
    match here.as_slice() {
        [] => Err(Trouble::Missed("not found")),
        [one] => check(scanner, rule, one, expected),
        many => {
            let ids: Vec<&str> = many.iter().map(|one| scanner.rules().rule(one.rule).id()).collect();
            Err(Trouble::Wrong(format!("found {} times: {}", many.len(), ids.join(", "))))
        }
    }
}

fn check(scanner: &Scanner, rule: &Rule, found: &Finding, expected: Range<usize>) -> Result<(), Trouble> {
    let by = scanner.rules().rule(found.rule);
    if by.id() != rule.id() && by.provider() == "Generic" {
        // Where the rule took the value for made up, the generic one may take it.
        return Err(Trouble::Missed("found as a generic secret"));
    }
    if by.id() != rule.id() {
        return Err(Trouble::Wrong(format!("found as `{}`", by.id())));
    }
    let span = found.place.span;
    if (span.start..span.end) != expected {
        let (start, end) = (expected.start, expected.end);
        return Err(Trouble::Wrong(format!("found at {}..{} instead of {start}..{end}", span.start, span.end)));
    }
    if found.confidence < rule.confidence().min(Confidence::Medium) {
        return Err(Trouble::Missed("found at low confidence only"));
    }
    Ok(())
}

/// Where the secret is in `text`, by the rule alone.
fn secret_range(rule: &Rule, text: &[u8], place: &Range<usize>) -> Option<Range<usize>> {
    let shift = |range: Range<usize>| range.start + place.start..range.end + place.start;
    let value = &text[place.clone()];
    match rule.kind() {
        MatcherKind::Prefix | MatcherKind::StemPrefix if rule.syntax().extend.is_some() => Some(place.clone()),
        MatcherKind::Prefix | MatcherKind::StemPrefix => rule.match_at_start(value).map(|(_, secret)| shift(secret)),
        MatcherKind::Url => {
            let at = memchr::memmem::find(value, b"://")?;
            url::read(value, at).map(|url| shift(url.password.start..url.password.end))
        }
        MatcherKind::Armor => armor::read(text, place.start).map(|armored| armored.block.start..armored.block.end),
        MatcherKind::Anywhere => Some(place.clone()),
        MatcherKind::Name | MatcherKind::Shape => rule.matches_whole(value).then(|| place.clone()),
    }
}

fn try_counter(scanner: &Scanner, rule: &Rule, template: &str, form: &Form, seed: u64) -> Result<(), String> {
    let value = sample(template, seed)?;
    let (text, place) = form.fill(rule, value.trim_end());
    let findings = scanner.scan_bytes(form.path, text.as_bytes());
    let wrong = findings.iter().find(|found| {
        let here = found.place.span.start < place.end && place.start < found.place.span.end;
        here && found.confidence >= Confidence::Medium && scanner.rules().rule(found.rule).id() == rule.id()
    });
    wrong.map_or(Ok(()), |_| Err("a counter-example is found".to_owned()))
}
