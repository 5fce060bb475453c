//! The rows of the checklist, one file for each part of it.

mod code;
mod compose;
mod configuration;
mod containers;
mod crypto;
mod data;
mod environment;
mod examples;
mod image;
mod infrastructure;
mod kubernetes;
mod local;
mod manual;
mod network;
mod pipelines;
mod policy;
mod untrusted;

use super::facts::{FileFacts, Setting};
use super::parse::tree::Node;
use super::stage::Stage;
use super::{Check, names};
use globset::Glob;

const TABLES: &[&[Check]] = &[
    environment::CHECKS,
    image::CHECKS,
    local::CHECKS,
    examples::CHECKS,
    code::CHECKS,
    crypto::CHECKS,
    configuration::CHECKS,
    data::CHECKS,
    infrastructure::CHECKS,
    network::CHECKS,
    containers::CHECKS,
    compose::CHECKS,
    kubernetes::CHECKS,
    pipelines::CHECKS,
    untrusted::CHECKS,
    policy::CHECKS,
    manual::CHECKS,
];

/// All rows, in the order of the checklist.
pub fn all() -> impl Iterator<Item = &'static Check> {
    TABLES.iter().copied().flatten()
}

/// The row called `id`.
pub fn by_id(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

/// A setting and where it belongs: its file, its environment and its service.
type Place<'p> = (&'p FileFacts, &'p Setting, Stage, String);

/// Is the value of `setting` a secret and no stand-in: by its name, or as the password of a URL?
fn is_real_setting(setting: &Setting) -> bool {
    let value = setting.value.as_str();
    match names::url_parts(value) {
        Some(url) => {
            !names::stands_in(url.password) && url.password != url.user && names::is_real("password", url.password)
        }
        None => names::is_secret(&setting.name) && names::is_real(&setting.name, value),
    }
}

/// The services of a compose file.
fn services(file: &FileFacts) -> Vec<(&str, &Node)> {
    let services = file.trees.iter().filter_map(|root| root.get("services"));
    services.flat_map(Node::entries).map(|(key, node)| (key.name.as_str(), node)).collect()
}

/// Do the lines of a `.dockerignore` leave out the file at `path`? The last line that matches decides.
pub(super) fn leaves_out(lines: &[String], path: &str) -> bool {
    let mut out = false;
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (kept, pattern) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let pattern = pattern.trim_start_matches("./").trim_matches('/');
        let matches = Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(path));
        if matches {
            out = !kept;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_are_whole_and_stand_in_the_order_of_sections() {
        let ids: BTreeSet<&str> = all().map(|check| check.id).collect();
        assert_eq!(ids.len(), all().count());
        assert!(all().is_sorted_by_key(|check| check.section));
        for check in all() {
            assert!(
                check.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{}",
                check.id
            );
            assert!(
                !check.title.ends_with('.') && check.why.ends_with('.') && check.remedy.ends_with('.'),
                "{}",
                check.id
            );
            assert!(check.guides.split(' ').all(|guide| ["N", "T", "A", "K", "D"].contains(&guide)), "{}", check.id);
            assert!(check.reference.starts_with("https://"), "{}", check.id);
        }
    }
}
