//! Network: origins, TLS, private keys.

use crate::blob::{FileKind, Role};
use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form, MarkKind};
use crate::check::parse::block::Directive;
use crate::check::project::{Project, seen_setting};
use crate::check::stage::Stage;
use crate::check::{Check, Outcome, Section, Seen, class, names};
use crate::judge::placeholder;
use crate::plural::count;
use crate::rule::{MatcherKind, Severity};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "net-cors-any",
        section: Section::Network,
        title: "Only named origins may call the service from a browser",
        why: "With a wildcard every website can call the service as its visitor.",
        remedy: "Name the origins, from configuration; never combine `*` with credentials.",
        severity: Severity::Medium,
        guides: "T A",
        reference: "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS",
        run: cors,
    },
    Check {
        id: "net-plain-http",
        section: Section::Network,
        title: "Public listeners use TLS, with HSTS",
        why: "Without TLS, passwords, tokens and data can be read and changed on the way; without HSTS the first request goes unprotected.",
        remedy: "Redirect port 80 to 443, and send `Strict-Transport-Security`.",
        severity: Severity::Medium,
        guides: "T D N",
        reference: "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
        run: plain_http,
    },
    Check {
        id: "net-tls-key-tracked",
        section: Section::Network,
        title: "No private key is in the repository",
        why: "Who has the key can pose as the server, or log in with it.",
        remedy: "Revoke the certificate or key, make a new one outside of the repository, and ignore `*.pem` and `*.key`.",
        severity: Severity::Critical,
        guides: "T",
        reference: "https://cwe.mitre.org/data/definitions/321.html",
        run: tls_key,
    },
];

fn cors(project: &Project) -> Outcome {
    let (mut bad, mut good) = (project.marks(MarkKind::CorsAny), project.marks(MarkKind::CorsListed));
    for (file, setting) in
        project.settings().filter(|(_, setting)| setting.stage.counts() && setting.form != Form::Pipeline)
    {
        let name = setting.name.to_ascii_uppercase().replace('-', "_");
        let origins = name.contains("CORS") && name.contains("ORIGIN")
            || name == "ALLOWED_ORIGINS"
            || name == "ACCESS_CONTROL_ALLOW_ORIGIN"
            || setting.path.to_ascii_lowercase().contains("cors.") && name.contains("ORIGIN");
        let all = matches!(name.as_str(), "CORS_ALLOW_ALL_ORIGINS" | "CORS_ORIGIN_ALLOW_ALL");
        match () {
            () if all && setting.value.is_on() || origins && setting.value.as_str().trim() == "*" => {
                bad.push(seen_setting(file, setting));
            }
            () if origins && setting.value.as_str().contains("://") => {
                good.push(Seen::at(&file.origin, setting.at, format!("`{}` names the origins", setting.name)));
            }
            () => {}
        }
    }
    for file in project.live(Class::Proxy) {
        for header in file.directives.iter().flat_map(|one| std::iter::once(one).chain(one.below())) {
            if matches!(header.name(), "add_header" | "header") && header.says("access-control-allow-origin") {
                let any = header.words.iter().any(|word| word == "*" || word == "\"*\"");
                let list = if any { &mut bad } else { &mut good };
                list.push(Seen::at(
                    &file.origin,
                    header.at,
                    if any {
                        "sends `Access-Control-Allow-Origin: *`"
                    } else {
                        "sends `Access-Control-Allow-Origin` for chosen origins"
                    },
                ));
            }
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no configuration of CORS"))
}

/// Settings that hold an address of the project itself.
const OWN_ADDRESSES: &[&str] = &[
    "BASE_URL",
    "PUBLIC_URL",
    "SITE_URL",
    "APP_URL",
    "API_URL",
    "API_BASE_URL",
    "EXTERNAL_URL",
    "SERVER_URL",
    "BACKEND_URL",
    "FRONTEND_URL",
    "NEXT_PUBLIC_API_URL",
    "VITE_API_URL",
    "REACT_APP_API_URL",
];

fn plain_http(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), project.marks(MarkKind::DemandsTls));
    for file in project.live(Class::Proxy) {
        if file.name().eq_ignore_ascii_case("caddyfile") {
            caddy(file, &mut bad, &mut good);
        } else {
            nginx(file, &mut bad, &mut good);
        }
    }
    for (file, setting) in project.live_settings() {
        let name = setting.name.to_ascii_uppercase();
        let own = OWN_ADDRESSES.contains(&name.as_str());
        let host = names::host_of(setting.value.as_str());
        let elsewhere = !host.is_empty() && !placeholder::is_local_host(host.as_bytes()) && !names::is_reference(host);
        match setting.value.as_str() {
            value
                if own
                    && elsewhere
                    && value.starts_with("http://")
                    && !host.starts_with("10.")
                    && !host.starts_with("192.168.") =>
            {
                bad.push(seen_setting(file, setting));
            }
            value if own && elsewhere && value.starts_with("https://") => {
                good.push(Seen::at(&file.origin, setting.at, format!("`{}` uses https", setting.name)));
            }
            _ => {}
        }
    }
    for file in project.live(Class::Kubernetes) {
        for ingress in file.trees.iter().filter(|root| root.get("kind").is_some_and(|kind| kind.str() == "Ingress")) {
            // Controllers of clouds are told so by an annotation.
            let annotations =
                ingress.at_path("metadata.annotations").map_or(&[][..], crate::check::parse::tree::Node::entries);
            let annotated =
                annotations.iter().find(|(key, _)| ["cert", "ssl", "tls"].iter().any(|word| key.name.contains(word)));
            match ingress.at_path("spec.tls").or(annotated.map(|(_, node)| node)) {
                Some(tls) => good.push(Seen::at(&file.origin, tls.at, "the ingress uses TLS")),
                None => bad.push(Seen::at(&file.origin, ingress.at, "the ingress has no `tls`")),
            }
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no proxy, ingress or public address in the configuration"))
}

fn nginx(file: &FileFacts, bad: &mut Vec<Seen>, good: &mut Vec<Seen>) {
    let all: Vec<&Directive> = file.directives.iter().flat_map(|one| std::iter::once(one).chain(one.below())).collect();
    let hsts = all.iter().find(|one| one.name() == "add_header" && one.says("strict-transport-security"));
    for server in all.iter().filter(|one| one.name() == "server" && !one.inner.is_empty()) {
        let below = server.below();
        let listens = |word: &str| below.iter().any(|one| one.name() == "listen" && one.says(word));
        let serves = below
            .iter()
            .find(|one| matches!(one.name(), "proxy_pass" | "root" | "fastcgi_pass" | "uwsgi_pass" | "grpc_pass"));
        let redirects = below.iter().any(|one| matches!(one.name(), "return" | "rewrite") && one.says("https"));
        let inner = below.iter().any(|one| one.name() == "listen" && (one.says("127.0.0.1") || one.says("unix:")));
        match (listens("ssl") || listens("443"), hsts) {
            (true, Some(hsts)) => good.push(Seen::at(&file.origin, hsts.at, "TLS with Strict-Transport-Security")),
            (true, None) => bad.push(Seen::at(&file.origin, server.at, "serves TLS without Strict-Transport-Security")),
            (false, _) if redirects => good.push(Seen::at(&file.origin, server.at, "redirects to https")),
            (false, _) if !inner => bad.extend(serves.map(|_| Seen::at(&file.origin, server.at, "serves without TLS"))),
            _ => {}
        }
    }
}

/// Caddy uses TLS for every name by itself, unless it is told not to.
fn caddy(file: &FileFacts, bad: &mut Vec<Seen>, good: &mut Vec<Seen>) {
    for site in file.directives.iter().filter(|one| !one.words.is_empty()) {
        let plain = site
            .words
            .iter()
            .find(|word| word.starts_with("http://") && !placeholder::is_local_host(names::host_of(word).as_bytes()));
        match plain {
            Some(address) => bad.push(Seen::at(&file.origin, site.at, format!("serves `{address}` without TLS"))),
            None if site.name().contains('.') => {
                good.push(Seen::at(&file.origin, site.at, "Caddy serves this name with TLS"));
            }
            None => {}
        }
    }
}

fn tls_key(project: &Project) -> Outcome {
    let keys = project.findings.iter().filter(|finding| project.rules.rule(finding.rule).kind() == MatcherKind::Armor);
    let keys: Vec<_> = keys
        .filter(|finding| {
            project.rules.rule(finding.rule).id().contains("private-key")
                || finding.place.origin.key.to_string().ends_with(".pem")
        })
        .collect();
    let role = |key: &str| FileKind::of(key.as_bytes(), b"").role;
    let seen = |finding: &&crate::finding::Finding| super::code::seen_finding(project, finding);
    let (tests, product): (Vec<_>, Vec<_>) = keys.into_iter().partition(|finding| {
        let key = finding.place.origin.key.to_string();
        matches!(role(&key), Role::Test | Role::Document | Role::Example)
            || class::is_vendored(&key)
            || Stage::of_path(&key, role(&key)) == Stage::Test
    });
    let bad: Vec<Seen> =
        product.iter().filter(|finding| project.travels(&finding.place.origin.key)).map(seen).collect();
    if bad.is_empty() && !tests.is_empty() {
        return Outcome::review(
            "Are these keys of tests and examples used nowhere else?",
            tests.iter().take(10).map(seen).collect(),
        );
    }
    Outcome::weigh(bad, Vec::new(), || {
        Outcome::pass(vec![Seen::plain(format!("no private key in {}", count(project.origins.len(), "file")))])
    })
}
