//! `caulk config`: what is in force, and who said so.

use super::args::policy::{ConfigArgs, ConfigCommand, ConfigShowArgs, PolicyFormat};
use super::{Outcome, policy};
use anyhow::Result;
use caulk::config::{Authority, Config, RuleChange, Setting, Stated};
use caulk::exception::{Exceptions, IgnoreEntry};
use caulk::plural::count;
use caulk::report::{confidence_word, severity_word};
use serde_json::{Value, json};
use std::io::Write;

/// One value, and where it comes from.
struct Row<'r> {
    key: String,
    value: Value,
    from: &'r Stated,
}

pub(super) fn run(args: ConfigArgs) -> Result<Outcome> {
    let ConfigCommand::Show(args) = args.command;
    show(&args)
}

fn show(args: &ConfigShowArgs) -> Result<Outcome> {
    let flags = policy::flags(args.confidence, args.fail_on, &args.rules);
    let exceptions = policy::load(std::slice::from_ref(&args.path), &args.policy, flags)?;
    let config = exceptions.config();
    let rules = config.rule_set()?;
    let (rows, active) = (rows(config), (rules.len(), rules.off()));
    let mut out = anstream::stdout().lock();
    match args.format {
        PolicyFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &document(config, &exceptions, &rows, active))?;
            writeln!(out)?;
        }
        PolicyFormat::Text => write_text(config, &exceptions, &rows, active, &mut out)?,
    }
    Ok(Outcome::Clean)
}

/// Every value in force.
fn rows(config: &Config) -> Vec<Row<'_>> {
    let text = |key: &str, one: &Setting<String>| (key.to_owned(), json!(one.value));
    let mut rows = vec![
        Row {
            key: "thresholds.confidence".to_owned(),
            value: json!(confidence_word(config.confidence.value)),
            from: &config.confidence.from,
        },
        Row {
            key: "thresholds.fail_on".to_owned(),
            value: json!(severity_word(config.fail_on.value)),
            from: &config.fail_on.from,
        },
    ];
    let mut add = |(key, value): (String, Value), from| rows.push(Row { key, value, from });
    if !config.rules.iter().any(|one| matches!(one.value, RuleChange::Defaults(_))) {
        add(("rules.defaults".to_owned(), json!(true)), &Stated::Default);
    }
    config.packs.iter().for_each(|one| add(("extends".to_owned(), json!(one.value.file)), &one.from));
    config.rules.iter().for_each(|one| add(change(&one.value), &one.from));
    config.exclude.iter().for_each(|one| add(text("paths.exclude", one), &one.from));
    for Setting { value, from } in &config.exceptions {
        let path = value.path.as_ref().map(|(path, _)| path);
        let until = value.until.map(|day| day.to_string());
        let entry = json!({ "rule": value.rule, "path": path, "until": until, "reason": value.reason });
        add(("exceptions".to_owned(), entry), from);
    }
    for Setting { value, from } in &config.checklist {
        let path = value.path.as_ref().map(|(path, _)| path);
        let until = value.until.to_string();
        let entry = json!({ "check": value.check, "path": path, "until": until, "reason": value.reason });
        add(("checklist.exceptions".to_owned(), entry), from);
    }
    rows
}

fn change(change: &RuleChange) -> (String, Value) {
    match change {
        RuleChange::Defaults(defaults) => ("rules.defaults".to_owned(), json!(defaults)),
        RuleChange::Disable(name) => ("rules.disable".to_owned(), json!(name)),
        RuleChange::Enable(name) => ("rules.enable".to_owned(), json!(name)),
        RuleChange::Severity(name, level) => (format!("rules.severity.{name}"), json!(severity_word(*level))),
        RuleChange::Confidence(name, level) => (format!("rules.confidence.{name}"), json!(confidence_word(*level))),
    }
}

fn write_text(
    config: &Config,
    exceptions: &Exceptions,
    rows: &[Row<'_>],
    (on, off): (usize, usize),
    out: &mut dyn Write,
) -> Result<()> {
    if config.files.is_empty() {
        writeln!(out, "no configuration file")?;
    }
    for file in &config.files {
        writeln!(out, "file  {file}")?;
    }
    for notice in &config.notices {
        writeln!(out, "note  {notice}")?;
    }
    let lines: Vec<(String, String)> =
        rows.iter().map(|row| (format!("{} = {}", row.key, row.value), row.from.to_string())).collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width < 60).max().unwrap_or(0);
    for (line, from) in lines {
        writeln!(out, "{line:<width$}  # {from}")?;
    }
    let off = if off > 0 { format!(", {off} off") } else { String::new() };
    writeln!(out, "{} on{off}", count(on, "rule"))?;
    let (all, expired) = entries(exceptions);
    if all > 0 {
        writeln!(out, "{} in the ignore file, {expired} expired (`caulk ignore list`)", count(all, "exception"))?;
    }
    Ok(())
}

/// How many entries the ignore file has, and how many have expired.
fn entries(exceptions: &Exceptions) -> (usize, usize) {
    let file = exceptions.ignore_file();
    (file.entries().count(), file.entries().filter(|entry| IgnoreEntry::is_expired(entry)).count())
}

fn document(config: &Config, exceptions: &Exceptions, rows: &[Row<'_>], (on, off): (usize, usize)) -> Value {
    let files = config.files.iter().map(|file| {
        let revision = if let Authority::Revision(revision) = &file.by { Some(revision) } else { None };
        json!({ "path": file.path, "by": file.by.word(), "revision": revision })
    });
    let from = |stated: &Stated| match stated {
        Stated::Default => json!({ "kind": "default" }),
        Stated::CommandLine(option) => json!({ "kind": "command-line", "option": option }),
        Stated::File { file, line } => json!({ "kind": file.by.word(), "file": file.path, "line": line }),
    };
    let settings = rows.iter().map(|row| json!({ "key": row.key, "value": row.value, "from": from(row.from) }));
    let (all, expired) = entries(exceptions);
    json!({
        "schema": "caulk-config/1",
        "files": files.collect::<Vec<_>>(),
        "settings": settings.collect::<Vec<_>>(),
        "rules": { "on": on, "off": off },
        "ignoreFile": { "entries": all, "expired": expired },
        "notices": config.notices,
    })
}
