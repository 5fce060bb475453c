//! Databases: strong passwords, TLS, no SQLite in production, no open ports.

use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form, Setting};
use crate::check::parse::tree::Node;
use crate::check::project::{Project, seen_setting};
use crate::check::stage::Stage;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::judge::{placeholder, value};
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "db-weak-password",
        section: Section::Data,
        title: "Database passwords are random and at least 20 characters long",
        why: "Default and short passwords are the first that are tried.",
        remedy: "Generate one: `openssl rand -base64 24`; and give it as a secret, not as a literal.",
        severity: Severity::High,
        guides: "T",
        reference: "https://cwe.mitre.org/data/definitions/521.html",
        run: weak_password,
    },
    Check {
        id: "db-sqlite-prod",
        section: Section::Data,
        title: "Production does not use SQLite",
        why: "A file without users, network access control or replication is no store for the data of several users.",
        remedy: "Use PostgreSQL, or another server with users and backups, in production.",
        severity: Severity::Medium,
        guides: "T",
        reference: "https://www.sqlite.org/whentouse.html",
        run: sqlite,
    },
    Check {
        id: "db-tls-off",
        section: Section::Data,
        title: "Connections to databases on other machines use TLS",
        why: "Without TLS the password and all data can be read on the way.",
        remedy: "Use `sslmode=verify-full`, or the like of your database.",
        severity: Severity::High,
        guides: "T",
        reference: "https://www.postgresql.org/docs/current/libpq-ssl.html",
        run: tls_off,
    },
    Check {
        id: "db-exposed",
        section: Section::Data,
        title: "No database or cache port is published on all interfaces",
        why: "A published port passes by most host firewalls and can be reached from everywhere.",
        remedy: "Leave `ports:` out, since services of one file reach each other without; or publish to `127.0.0.1:` only.",
        severity: Severity::High,
        guides: "T",
        reference: "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
        run: exposed,
    },
];

const STORES: &[&str] = &[
    "postgres",
    "postgis",
    "timescale",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "valkey",
    "memcached",
    "elasticsearch",
    "opensearch",
    "cassandra",
    "rabbitmq",
    "clickhouse",
    "couchdb",
    "neo4j",
    "influxdb",
];

/// Does `name` name the password of a database?
fn is_database_password(name: &str, path: &str) -> bool {
    let (upper, path) = (name.to_ascii_uppercase(), path.to_ascii_lowercase());
    let password =
        (upper.contains("PASSWORD") || upper.ends_with("PASSWD") || upper.ends_with("_PASS")) && names::is_secret(name);
    let store = ["POSTGRES", "PG", "MYSQL", "MARIADB", "MONGO", "REDIS", "DB_", "DATABASE"]
        .iter()
        .any(|word| upper.starts_with(word) || upper.contains(&format!("_{word}")));
    let section =
        ["database", "datasource", "postgres", "mysql", "redis", "db."].iter().any(|word| path.contains(word));
    password && (store || section)
}

/// The value of the setting of `file` whose name ends in one of `ends`, of the same document part if there is one.
fn sibling<'f>(file: &'f FileFacts, setting: &Setting, ends: &[&str]) -> Option<&'f str> {
    let parent = |path: &str| path.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_owned());
    let near = file.settings.iter().filter(|other| parent(&other.path) == parent(&setting.path));
    let mut named = near.filter(|other| ends.iter().any(|end| other.name.to_ascii_uppercase().ends_with(end)));
    named.next().map(|other| other.value.as_str())
}

fn weak_password(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for (file, setting) in project.live_settings() {
        let text = setting.value.as_str();
        let (password, user, database) = match names::url_parts(text) {
            Some(url) if is_store_url(text) && is_address(&setting.name) => {
                (url.password, Some(url.user), Some(url.database))
            }
            None if is_database_password(&setting.name, &setting.path) => (
                text,
                sibling(file, setting, &["USER", "USERNAME"]),
                sibling(file, setting, &["_DB", "DATABASE", "DB_NAME"]),
            ),
            _ => continue,
        };
        if password.is_empty() {
            continue;
        }
        if names::is_reference(password) {
            good.push(Seen::at(
                &file.origin,
                setting.at,
                format!("`{}` refers to a value kept elsewhere", setting.name),
            ));
            continue;
        }
        match weakness(password, user, database) {
            Some(why) => bad.push(Seen::at(
                &file.origin,
                setting.at,
                format!("the password in `{}` is {why}{}", setting.name, stage_note(setting)),
            )),
            None => good.push(Seen::at(
                &file.origin,
                setting.at,
                format!("the password in `{}` is long and random", setting.name),
            )),
        }
    }
    let files =
        project.live_settings().filter(|(_, setting)| setting.name.to_ascii_uppercase().ends_with("PASSWORD_FILE"));
    good.extend(files.map(|(file, setting)| seen_setting(file, setting)));
    Outcome::weigh(bad, good, || {
        Outcome::not_applicable("no setting for a database password, and no database address with one")
    })
}

fn stage_note(setting: &Setting) -> String {
    if setting.stage == Stage::Unmarked { String::new() } else { format!(" ({})", setting.stage) }
}

fn weakness(password: &str, user: Option<&str>, database: Option<&str>) -> Option<&'static str> {
    let same =
        |other: Option<&str>| other.is_some_and(|other| !other.is_empty() && other.eq_ignore_ascii_case(password));
    match () {
        () if same(user) => Some("the same as the user's name"),
        () if same(database) => Some("the same as the database's name"),
        // A placeholder in a file that is used is a default.
        () if password.starts_with('<') => None,
        () if placeholder::is_placeholder(password.as_bytes()) => Some("a default"),
        () if password.len() < 20 => Some("shorter than 20 characters"),
        () if value::entropy(password.as_bytes()) < 3.0 => Some("of low entropy"),
        () => None,
    }
}

fn is_store_url(value: &str) -> bool {
    let Some((scheme, _)) = value.split_once("://") else { return false };
    let scheme = scheme.to_ascii_lowercase();
    let scheme =
        scheme.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '+')).next().unwrap_or_default().to_owned();
    ["postgres", "mysql", "mariadb", "mongodb", "redis", "amqp", "mssql", "sqlserver"]
        .iter()
        .any(|store| scheme.starts_with(store))
}

/// Does a name speak of where a database is?
fn is_address(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["url", "uri", "dsn", "connection", "database", "datasource", "broker", "backend"]
        .iter()
        .any(|word| lower.contains(word))
}

fn sqlite(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for (file, setting) in
        project.settings().filter(|(_, setting)| setting.form != Form::Pipeline && setting.stage.counts())
    {
        let (name, text) = (setting.name.to_ascii_lowercase(), setting.value.as_str().to_ascii_lowercase());
        let kind = matches!(
            name.as_str(),
            "adapter"
                | "engine"
                | "db_type"
                | "database_type"
                | "db_engine"
                | "db_connection"
                | "db_driver"
                | "dialect"
                | "provider"
                | "client"
        );
        let lite = text.starts_with("sqlite:") || text.starts_with("sqlite+") || kind && text.contains("sqlite");
        let server = is_store_url(&text) && is_address(&name)
            || kind && ["postgres", "mysql", "mariadb"].iter().any(|word| text.contains(word))
            || name == "postgres_host";
        match (lite, server, setting.stage) {
            (true, _, Stage::Production | Stage::Staging) => bad.push(seen_setting(file, setting)),
            (true, _, _) if setting.form != Form::Code => unsure.push(seen_setting(file, setting)),
            (_, true, _) => good.push(seen_setting(file, setting)),
            _ => {}
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review("Is SQLite used in production?", unsure);
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no configuration of a database"))
}

fn tls_off(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for (file, setting) in project.live_settings() {
        let Some(on) = uses_tls(setting) else { continue };
        if on {
            good.push(Seen::at(&file.origin, setting.at, format!("`{}` asks for TLS", setting.name)));
            continue;
        }
        let host = names::host_of(setting.value.as_str());
        let host =
            if host.is_empty() { sibling(file, setting, &["HOST", "HOSTNAME"]).unwrap_or_default() } else { host };
        let seen =
            Seen::at(&file.origin, setting.at, format!("`{}` turns TLS off{}", setting.name, stage_note(setting)));
        match () {
            () if host.is_empty() && setting.stage == Stage::Production => bad.push(seen),
            () if host.is_empty() || names::is_reference(host) => unsure.push(seen),
            () if placeholder::is_local_host(host.as_bytes()) => {}
            () => bad.push(seen),
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review("Do these connections stay on one machine or in a private network?", unsure);
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no database connection that states whether it uses TLS"))
}

/// Does the setting of a database connection ask for TLS? `None` if it does not say.
fn uses_tls(setting: &Setting) -> Option<bool> {
    let value = setting.value.as_str().to_ascii_lowercase();
    let of_url = |url: &str| {
        let says = |parts: &[&str]| parts.iter().any(|part| url.contains(part));
        match () {
            () if says(&[
                "sslmode=disable",
                "sslmode=allow",
                "usessl=false",
                "ssl=false",
                "tls=false",
                "ssl-mode=disabled",
                "encrypt=false",
            ]) =>
            {
                Some(false)
            }
            () if says(&[
                "sslmode=require",
                "sslmode=verify",
                "usessl=true",
                "ssl=true",
                "tls=true",
                "ssl-mode=required",
                "encrypt=true",
            ]) || url.starts_with("rediss://") =>
            {
                Some(true)
            }
            () => None,
        }
    };
    match setting.name.to_ascii_uppercase().as_str() {
        "PGSSLMODE" | "POSTGRES_SSLMODE" | "POSTGRES_SSL_MODE" | "DB_SSLMODE" | "DB_SSL_MODE" | "DATABASE_SSLMODE"
        | "SSLMODE" => match value.as_str() {
            "disable" | "allow" => Some(false),
            "require" | "verify-ca" | "verify-full" => Some(true),
            _ => None,
        },
        "DB_SSL" | "DATABASE_SSL" | "POSTGRES_SSL" | "MYSQL_SSL" | "REDIS_TLS" | "REDIS_SSL" => {
            match (setting.value.is_on(), setting.value.is_off()) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            }
        }
        _ if value.contains("://") && is_address(&setting.name) => of_url(&value),
        _ => None,
    }
}

fn exposed(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in project.live(Class::Compose) {
        for (name, service) in super::services(file) {
            let image = service.get("image").map_or("", Node::str);
            let kind = image.rsplit('/').next().unwrap_or_default();
            if !STORES.iter().any(|store| kind.contains(store)) {
                continue;
            }
            let ports = service.get("ports").map_or(&[][..], Node::items);
            let open: Vec<&Node> = ports.iter().filter(|port| is_open(port)).collect();
            match open.first() {
                Some(port) => bad.push(Seen::at(
                    &file.origin,
                    port.at,
                    format!(
                        "`{name}` ({kind}) is published on all interfaces{}",
                        if file.stage == Stage::Unmarked { String::new() } else { format!(" ({})", file.stage) }
                    ),
                )),
                None => good.push(Seen::at(
                    &file.origin,
                    service.at,
                    format!("`{name}` ({kind}) is not published on all interfaces"),
                )),
            }
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no compose file with a database or cache"))
}

/// Is a port published on all interfaces?
fn is_open(port: &Node) -> bool {
    if port.text().is_none() {
        let ip = port.get("host_ip").map_or("", Node::str);
        return port.get("published").is_some() && !is_inner(ip);
    }
    // A variable may hold colons of its own.
    let parts = split_port(port.str());
    match parts.as_slice() {
        // `6379` alone gets a random port.
        [_, _] => true,
        [ip, _, _, ..] => !ip.starts_with('$') && !is_inner(ip.trim_matches(['[', ']'])),
        _ => false,
    }
}

/// A port mapping split at the colons that are outside of braces and brackets.
fn split_port(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn is_inner(ip: &str) -> bool {
    ip.starts_with("127.")
        || ip == "::1"
        || ip == "localhost"
        || ip.starts_with("10.")
        || ip.starts_with("192.168.")
        || ip.starts_with("172.")
}
