//! Values that are known to be secret before anything is read, such as those of an environment file that git ignores.

use crate::blob::Origin;
use crate::finding::{Confidence, Evidence, Excerpt, Finding, Fingerprint, Place, Secret};
use crate::scan::Scanner;
use crate::span::{Advance, Span};

/// The rule that speaks for a value of which no other one knows what it is.
const GENERIC: &str = "generic-secret";

/// A value to look for in a history.
#[derive(Clone, Debug)]
pub struct LocalValue {
    /// Where it is kept, in words.
    pub label: String,
    /// The value.
    pub value: Secret,
}

impl LocalValue {
    /// A finding of the value where it is kept, for others to be made from; none if no active rule can speak for it.
    pub(super) fn finding(&self, scanner: &Scanner) -> Option<Finding> {
        let value = self.value.expose();
        let name = &b"secret = "[..];
        let text = [name, value].concat();
        let alone = scanner.scan_bytes("", &text).into_iter().find(|finding| finding.secret == self.value);
        let evidence = vec![Evidence::Local(self.label.clone())];
        if let Some(known) = alone {
            return Some(Finding { confidence: Confidence::Certain, evidence, ..known });
        }
        let id = scanner.rules().by_name(GENERIC)?;
        let rule = scanner.rules().rule(id);
        let (span, start) = (Span::new(name.len(), text.len()), Advance::over(name));
        let place = Place {
            origin: Origin::new(""),
            span,
            start: start.position(),
            end: start.then(Advance::over(value)).position(),
            excerpt: Excerpt::new(&text, span, &[(span, self.value.clone())]),
        };
        Some(Finding {
            rule: id,
            secret: self.value.clone(),
            confidence: Confidence::Certain,
            severity: rule.severity(),
            evidence,
            fingerprint: Fingerprint::new(rule.id(), b"", value),
            place,
            exposure: None,
            parts: Vec::new(),
            directive: None,
        })
    }
}
