//! Tools and techniques that a file mentions, outside of its comments.

use super::code::Code;
use crate::check::parse::lexer::Kind;
use crate::check::parse::locate::Locator;
use crate::span::Position;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What a mention speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A scan for secrets, vulnerable dependencies or insecure code.
    Scan,
    /// A store of secrets.
    SecretStore,
    /// Rate limits.
    RateLimit,
    /// Backups.
    Backup,
    /// Encryption at rest.
    AtRest,
    /// Monitoring and error tracking.
    Monitoring,
    /// Firewalls and network policies.
    Firewall,
    /// Restarts of what crashed.
    Restart,
    /// Retention of data.
    Retention,
    /// Roles and policies of access.
    AccessPolicy,
    /// Output of structured audit logs.
    Audit,
}

/// One mention.
#[derive(Clone, Debug)]
pub struct Hint {
    /// What for.
    pub topic: Topic,
    /// The word.
    pub word: &'static str,
    /// Where it stands first.
    pub at: Position,
    /// The same as an offset.
    offset: usize,
}

const WORDS: &[(&str, Topic)] = &[
    ("pip-audit", Topic::Scan),
    ("safety check", Topic::Scan),
    ("safety scan", Topic::Scan),
    ("bandit", Topic::Scan),
    ("cargo-deny", Topic::Scan),
    ("cargo deny", Topic::Scan),
    ("cargo-audit", Topic::Scan),
    ("cargo audit", Topic::Scan),
    ("npm audit", Topic::Scan),
    ("yarn audit", Topic::Scan),
    ("pnpm audit", Topic::Scan),
    ("composer audit", Topic::Scan),
    ("bundler-audit", Topic::Scan),
    ("bundle audit", Topic::Scan),
    ("codeql", Topic::Scan),
    ("trivy", Topic::Scan),
    ("grype", Topic::Scan),
    ("snyk", Topic::Scan),
    ("semgrep", Topic::Scan),
    ("gitleaks", Topic::Scan),
    ("trufflehog", Topic::Scan),
    ("detect-secrets", Topic::Scan),
    ("caulk scan", Topic::Scan),
    ("caulk audit", Topic::Scan),
    ("caulk check", Topic::Scan),
    ("osv-scanner", Topic::Scan),
    ("dependency-review-action", Topic::Scan),
    ("govulncheck", Topic::Scan),
    ("gosec", Topic::Scan),
    ("brakeman", Topic::Scan),
    ("dependency-check", Topic::Scan),
    ("sonarqube", Topic::Scan),
    ("checkov", Topic::Scan),
    ("tfsec", Topic::Scan),
    ("zizmor", Topic::Scan),
    ("secret_detection", Topic::Scan),
    ("coverity", Topic::Scan),
    ("package-ecosystem", Topic::Scan),
    ("secretsmanager", Topic::SecretStore),
    ("SecretClient", Topic::SecretStore),
    ("SecretManagerServiceClient", Topic::SecretStore),
    ("hvac.Client", Topic::SecretStore),
    ("ExternalSecret", Topic::SecretStore),
    ("vaultproject", Topic::SecretStore),
    ("limit_req", Topic::RateLimit),
    ("slowapi", Topic::RateLimit),
    ("express-rate-limit", Topic::RateLimit),
    ("rack-attack", Topic::RateLimit),
    ("rate_limit", Topic::RateLimit),
    ("RateLimit", Topic::RateLimit),
    ("pg_dump", Topic::Backup),
    ("mysqldump", Topic::Backup),
    ("velero", Topic::Backup),
    ("restic", Topic::Backup),
    ("backup_retention", Topic::Backup),
    ("storage_encrypted", Topic::AtRest),
    ("kms_key_id", Topic::AtRest),
    ("kms_master_key_id", Topic::AtRest),
    ("sentry", Topic::Monitoring),
    ("opentelemetry", Topic::Monitoring),
    ("prometheus", Topic::Monitoring),
    ("aws_security_group", Topic::Firewall),
    ("NetworkPolicy", Topic::Firewall),
    ("restart: ", Topic::Restart),
    ("Restart=", Topic::Restart),
    ("retention_days", Topic::Retention),
    ("retentionDays", Topic::Retention),
    ("aws_iam_policy", Topic::AccessPolicy),
    ("aws_iam_role", Topic::AccessPolicy),
    ("ClusterRole", Topic::AccessPolicy),
    ("audit_log", Topic::Audit),
    ("AuditLog", Topic::Audit),
];

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(word, _)| word)).ok());

/// The mentions in a program: names and imports, but no other text, which may be about anything.
pub(super) fn find_in_code(code: &Code<'_>) -> Vec<Hint> {
    let mut hints = find(code.text);
    let imported = |at: usize| at > 0 && ["require", "from", "import", "("].iter().any(|word| code.is(at - 1, word));
    let texts: Vec<_> = (0..code.tokens.len())
        .filter(|at| code.kind(*at) == Some(Kind::Text) && !imported(*at))
        .map(|at| code.tokens[at].span)
        .collect();
    // Restarts are a matter of configuration.
    hints.retain(|hint| {
        hint.topic != Topic::Restart && !texts.iter().any(|text| text.start <= hint.offset && hint.offset < text.end)
    });
    hints
}

/// The mentions in `text`, each word once.
pub(super) fn find(text: &str) -> Vec<Hint> {
    let Some(finder) = FINDER.as_ref() else { return Vec::new() };
    let mut locator = Locator::new(text.as_bytes());
    let mut hints: Vec<Hint> = Vec::new();
    for hit in finder.find_iter(text) {
        let (word, topic) = WORDS[hit.pattern().as_usize()];
        let line = memchr::memrchr(b'\n', &text.as_bytes()[..hit.start()]).map_or(0, |at| at + 1);
        let comment = ["#", "//", "*", "/*", "--", "<!--"]
            .iter()
            .any(|mark| text[line..].trim_start_matches([' ', '\t']).starts_with(mark));
        // `bandit` is no part of `bandits_club`.
        let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
        let bytes = text.as_bytes();
        let whole = topic != Topic::Scan
            || edge(hit.start().checked_sub(1).and_then(|at| bytes.get(at))) && edge(bytes.get(hit.end()));
        if !comment && whole && !hints.iter().any(|hint| hint.word == word) {
            hints.push(Hint { topic, word, at: locator.position(hit.start()), offset: hit.start() });
        }
    }
    hints
}
