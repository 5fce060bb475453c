//! What a program does with certificates, ciphers, origins and logs: read off its tokens.

use super::code::Code;
use super::{Mark, MarkKind};
use crate::check::names;
use crate::check::parse::lexer::Kind;
use crate::check::parse::locate::Locator;
use crate::detect::identifier;
use crate::judge::name;

mod crypto;
mod logs;

/// All marks in `code`, in order.
pub(super) fn find(code: &Code<'_>) -> Vec<Mark> {
    let mut locator = Locator::new(code.text.as_bytes());
    let mut marks = Vec::new();
    for at in 0..code.tokens.len() {
        let found = match code.kind(at) {
            Some(Kind::Word) => at_word(code, at),
            Some(Kind::Text) => at_text(code, at),
            _ => None,
        };
        if let Some((kind, what)) = found {
            marks.push(Mark { kind, what, at: locator.position(code.start(at)) });
        }
    }
    if code.language.name == "shell" {
        marks.extend(insecure_lines(code.text));
    }
    marks
}

/// A mark without its place.
type Found = (MarkKind, String);

fn at_word(code: &Code<'_>, at: usize) -> Option<Found> {
    tls(code, at)
        .or_else(|| cors(code, at))
        .or_else(|| demands_tls(code, at))
        .or_else(|| crypto::at_word(code, at))
        .or_else(|| logs::at_word(code, at))
        .or_else(|| length_check(code, at))
        .or_else(|| loads_env_file(code, at))
}

fn at_text(code: &Code<'_>, at: usize) -> Option<Found> {
    let text = code.of(at);
    let required = at > 1 && code.is(at - 1, "(") && ["require", "import"].iter().any(|word| code.is(at - 2, word));
    let imported = required || at > 0 && ["from", "import"].iter().any(|word| code.is(at - 1, word));
    if imported && (text == "dotenv" || text == "dotenv/config")
        || text.starts_with("github.com/") && text.ends_with("/godotenv")
    {
        return Some((MarkKind::LoadsEnvFile, format!("`{text}` loads environment files")));
    }
    if text.eq_ignore_ascii_case("Access-Control-Allow-Origin") {
        let value = (at + 1..at + 4).find_map(|next| code.text_at(next))?;
        let any = value == "*";
        let kind = if any { MarkKind::CorsAny } else { MarkKind::CorsListed };
        return Some((kind, format!("sends `Access-Control-Allow-Origin: {}`", if any { "*" } else { "..." })));
    }
    let header = [",", ":", "=", "]"].iter().any(|sign| code.is(at + 1, sign));
    if header && text.eq_ignore_ascii_case("Strict-Transport-Security") {
        return Some((MarkKind::DemandsTls, "sends Strict-Transport-Security".to_owned()));
    }
    crypto::at_text(text)
}

/// Names that turn checks of certificates off by being there.
const UNCHECKED: &[&str] = &[
    "CERT_NONE",
    "VERIFY_NONE",
    "_create_unverified_context",
    "NoopHostnameVerifier",
    "ALLOW_ALL_HOSTNAME_VERIFIER",
    "DangerousAcceptAnyServerCertificateValidator",
];

fn tls(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    let after = |sign: &str, value: &[&str]| code.is(at + 1, sign) && value.contains(&code.of(at + 2));
    let off = match word {
        "verify" | "verify_ssl" | "ssl_verify" | "verify_certs" | "validate_certs" => {
            after("=", &["False", "false"]) && is_argument(code, at) || after(":", &["false"]) && word != "verify"
        }
        "rejectUnauthorized" => after(":", &["false"]),
        "InsecureSkipVerify" => after(":", &["true"]) || after("=", &["true"]),
        "danger_accept_invalid_certs" | "danger_accept_invalid_hostnames" => after("(", &["true"]),
        "CURLOPT_SSL_VERIFYPEER" | "CURLOPT_SSL_VERIFYHOST" => {
            (at + 1..at + 4).any(|next| matches!(code.of(next), "false" | "0"))
        }
        _ => UNCHECKED.contains(&word),
    };
    if !off {
        return None;
    }
    let kind = if is_conditional(code, at) { MarkKind::TlsOptional } else { MarkKind::TlsOff };
    Some((kind, format!("`{word}` turns the check of certificates off")))
}

/// Does the line of the token at `at` stand in a branch?
fn is_conditional(code: &Code<'_>, at: usize) -> bool {
    let mut firsts = (0..=at).rev().filter_map(|one| Some((one, code.tokens[one].indent?)));
    let Some((_, own)) = firsts.next() else { return false };
    let outer = firsts.find(|(_, indent)| *indent < own);
    outer.is_some_and(|(one, _)| {
        matches!(code.of(one), "if" | "elif" | "else" | "elsif" | "unless" | "when" | "case" | "switch" | "}")
    })
}

/// Libraries that load environment files, called or imported.
fn loads_env_file(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    let known = matches!(
        word,
        "load_dotenv"
            | "dotenv"
            | "dotenvy"
            | "godotenv"
            | "Dotenv"
            | "django_environ"
            | "read_env"
            | "find_dotenv"
            | "load_env_file"
    );
    let called = ["(", ".", ":"].iter().any(|sign| code.is(at + 1, sign));
    let imported = at > 0 && ["import", "from", "use", "require"].iter().any(|word| code.is(at - 1, word));
    let defined =
        at > 0 && matches!(code.of(at - 1), "def" | "function" | "fn" | "func" | "class" | "module" | "." | "mod");
    (known && (called || imported) && !defined)
        .then(|| (MarkKind::LoadsEnvFile, format!("`{word}` loads environment files")))
}

/// Is the named argument at `at` one of a call, and not a parameter with a default?
fn is_argument(code: &Code<'_>, at: usize) -> bool {
    let mut depth = 0_usize;
    for before in (at.saturating_sub(80)..at).rev() {
        if code.kind(before) != Some(Kind::Sign) {
            continue;
        }
        match code.of(before) {
            ")" | "]" | "}" => depth += 1,
            "(" if depth == 0 => {
                let definition =
                    before >= 2 && matches!(code.of(before - 2), "def" | "function" | "fn" | "func" | "class");
                return !definition;
            }
            "(" | "[" | "{" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

const ORIGINS: &[&str] = &[
    "allow_origins",
    "allowed_origins",
    "allowedOrigins",
    "AllowedOrigins",
    "AllowOrigins",
    "allow_origin",
    "origins",
    "setAllowedOrigins",
    "WithOrigins",
];

fn cors(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    let any = |what: &str| Some((MarkKind::CorsAny, what.to_owned()));
    match word {
        "AllowAnyOrigin" if code.is_call(at) => return any("`AllowAnyOrigin()`"),
        "AllowAllOrigins" if code.is(at + 1, ":") && code.is(at + 2, "true") => return any("`AllowAllOrigins: true`"),
        "cors" if code.is_call(at) && code.is(at + 2, ")") && code.language.name == "javascript" => {
            return any("`cors()` allows every origin");
        }
        "CORS" if code.is_call(at) && code.language.name == "python" && code.arguments(at + 1).len() == 1 => {
            return any("`CORS(app)` allows every origin");
        }
        "@CrossOrigin" if !code.is_call(at) => return any("`@CrossOrigin` allows every origin"),
        _ => {}
    }
    let named = ORIGINS.contains(&word) || word == "origin" && code.is(at + 1, ":") || word == "@CrossOrigin";
    let given = ["=", ":", "("].iter().any(|sign| code.is(at + 1, sign))
        || word == "origins" && code.kind(at + 1) == Some(Kind::Text);
    if !named || !given || word == "allow_origins" && !is_argument(code, at) && !code.is(at + 1, "=") {
        return None;
    }
    let end = if code.is(at + 2, "[") { code.closing(at + 2) } else { at + 5 };
    let texts: Vec<&str> = (at + 1..end.min(at + 40)).filter_map(|next| code.text_at(next)).collect();
    match texts.as_slice() {
        [] => None,
        texts if texts.contains(&"*") => Some((MarkKind::CorsAny, format!("`{word}` is `*`"))),
        texts if texts.iter().any(|text| text.contains("://")) => {
            Some((MarkKind::CorsListed, format!("`{word}` names the origins")))
        }
        _ => None,
    }
}

fn demands_tls(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    let on = match word {
        "SECURE_SSL_REDIRECT" | "force_ssl" => code.is(at + 1, "=") && matches!(code.of(at + 2), "True" | "true"),
        "SECURE_HSTS_SECONDS" => code.is(at + 1, "=") && code.of(at + 2) != "0",
        "HTTPSRedirectMiddleware" | "UseHsts" | "UseHttpsRedirection" | "ListenAndServeTLS" => true,
        "helmet" => code.is_call(at),
        _ => false,
    };
    on.then(|| (MarkKind::DemandsTls, format!("`{word}`")))
}

/// A number of at least 32 that a secret's length is held against.
fn length_check(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    if !matches!(word, "len" | "length" | "min_length" | "min" | "minLength" | "MinLength" | "strlen") {
        return None;
    }
    let near = at.saturating_sub(14)..(at + 8).min(code.tokens.len());
    let secret = near.clone().filter_map(|one| code.word(one)).find(|word| is_telling(word))?;
    let number = (at + 1..near.end).find(|one| code.kind(*one) == Some(Kind::Number)).map(|one| code.of(one))?;
    let enough = number.replace('_', "").parse::<u32>().is_ok_and(|number| (32..=4096).contains(&number));
    enough.then(|| (MarkKind::LengthCheck, format!("`{secret}` has to be at least {number} long")))
}

/// Does a word name a secret beyond doubt? `token` alone is what parsers read.
fn is_telling(word: &str) -> bool {
    let words = identifier::words(word.as_bytes());
    let counted = [
        "max", "min", "num", "total", "count", "last", "first", "current", "prev", "stop", "start", "end", "eos",
        "bos", "pad", "unk", "path", "file", "name", "type", "types", "method", "grant", "valid", "invalid", "error",
        "err", "label", "field", "format", "url", "endpoint", "header", "flag", "option", "secrets",
    ];
    let telling = words.len() > 1 && !words.iter().any(|word| counted.contains(&word.as_str()))
        || name::is_password(&words) && !matches!(word, "pass" | "pw")
        || word.eq_ignore_ascii_case("apikey");
    telling && names::is_secret(word)
}

/// Downloads in a shell's lines that do not check certificates.
fn insecure_lines(text: &str) -> Vec<Mark> {
    let mut locator = Locator::new(text.as_bytes());
    let mut start = 0;
    let mut marks = Vec::new();
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#')
            && let Some(what) = insecure_download(line)
        {
            let indent = line.len() - line.trim_start().len();
            marks.push(Mark { kind: MarkKind::TlsOff, what: what.to_owned(), at: locator.position(start + indent) });
        }
        start += line.len();
    }
    marks
}

/// Does a command download without checking certificates, from somewhere else than here?
pub(crate) fn insecure_download(command: &str) -> Option<&'static str> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let runs = |program: &str| {
        words.iter().position(|word| word.trim_start_matches(['(', '$', '`', '"']).rsplit('/').next() == Some(program))
    };
    let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| command.contains(host));
    let short_k = |word: &&&str| {
        word.starts_with('-')
            && !word.starts_with("--")
            && word[1..].bytes().all(|byte| byte.is_ascii_alphabetic())
            && word.contains('k')
    };
    match () {
        () if local => None,
        () if runs("curl").is_some_and(|at| {
            words[at..]
                .iter()
                .take_while(|word| !matches!(**word, "|" | "&&" | ";"))
                .any(|word| *word == "--insecure" || short_k(&word))
        }) =>
        {
            Some("`curl` without checking certificates")
        }
        () if runs("wget").is_some() && words.contains(&"--no-check-certificate") => {
            Some("`wget` without checking certificates")
        }
        () if command.contains("http.sslVerify=false") || command.contains("http.sslVerify false") => {
            Some("git without checking certificates")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::parse::{language, lexer};

    fn kinds(name: &str, text: &str) -> Vec<MarkKind> {
        let language = language::of(name, text).expect("is known");
        let tokens = lexer::tokens(text, language);
        find(&Code { text, tokens: &tokens, language }).into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn bad_habits_are_marked() {
        for (name, text, kind) in [
            ("a.py", "requests.get(url, verify=False)", MarkKind::TlsOff),
            ("a.ts", "new Agent({ rejectUnauthorized: false })", MarkKind::TlsOff),
            ("a.go", "&tls.Config{InsecureSkipVerify: true}", MarkKind::TlsOff),
            ("a.sh", "curl -sk https://api.acme.io", MarkKind::TlsOff),
            ("a.py", "app.add_middleware(C, allow_origins=[\"*\"])", MarkKind::CorsAny),
            ("a.js", "app.use(cors())", MarkKind::CorsAny),
            ("a.js", "res.setHeader('Access-Control-Allow-Origin', '*')", MarkKind::CorsAny),
            ("a.py", "print(f\"key {api_key}\")", MarkKind::LogsSecret),
            ("a.py", "logger.info(\"%s\", cfg.password.get_secret_value())", MarkKind::LogsSecret),
            ("a.ts", "console.log(`t ${accessToken}`)", MarkKind::LogsSecret),
            ("a.rs", "info!(\"{db_password}\");", MarkKind::LogsSecret),
            ("a.py", "raise ValueError(f\"bad {db_password}\")", MarkKind::LogsSecret),
            ("a.py", "PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=100_000)", MarkKind::WeakCrypto),
            ("a.py", "hashlib.pbkdf2_hmac('sha256', p, s, 100000)", MarkKind::WeakCrypto),
            ("a.py", "hashlib.md5(password.encode())", MarkKind::WeakCrypto),
            ("a.py", "AES.new(k, AES.MODE_ECB)", MarkKind::WeakCrypto),
            ("a.py", "hashlib.pbkdf2_hmac('sha256', p, s, 600000)", MarkKind::StrongCrypto),
            ("a.py", "if len(jwt_secret) < 32: pass", MarkKind::LengthCheck),
        ] {
            assert!(kinds(name, text).contains(&kind), "{text}: {:?}", kinds(name, text));
        }
    }

    #[test]
    fn harmless_code_is_not_marked() {
        for (name, text) in [
            ("a.py", "def get(url, verify=False): pass"),
            ("a.py", "print(token)"),
            ("a.py", "print('password:', len(password))"),
            ("a.py", "logger.info('no password given')"),
            ("a.py", "print(mask(api_key))"),
            ("a.py", "logger.info(f'{total_tokens} used, {max_token}')"),
            ("a.js", "console.log('token', token.length)"),
            ("a.js", "const origin = '*'"),
            ("a.sh", "curl -sk https://localhost:8080"),
            ("a.sh", "# curl -k https://x.io"),
            ("a.py", "hashlib.md5(data)"),
            ("a.py", "raise ValueError('API_KEY is not set')"),
            ("a.py", "print(f'{password_file}')"),
        ] {
            assert_eq!(kinds(name, text), [], "{text}");
        }
    }
}
