//! The page: whole, closed to the network, and safe from what it shows. How it behaves in a browser is tried by `tools/page_test.py`.

use crate::support::hostile::{NAMES, hostile};
use crate::support::{Repo, Run, Tree, github};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

fn page(run: &Run) -> String {
    let page = String::from_utf8(run.stdout.clone()).expect("it is UTF-8");
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{run}");
    page
}

/// What stands between the first `open` and the next `close`.
fn between<'t>(text: &'t str, open: &str, close: &str) -> &'t str {
    let (_, rest) = text.split_once(open).expect("it opens");
    rest.split_once(close).expect("it closes").0
}

/// The life of two secrets: one taken out, one still in HEAD and known to a remote.
fn repository() -> Repo {
    let mut repo = Repo::new();
    repo.write("a.py", format!("x = '{}'\n", github(1)));
    let id = repo.commit("one");
    repo.git(&["update-ref", "refs/remotes/origin/main", &id]);
    repo.write("b.py", format!("y = '{}'\n", github(2)));
    repo.commit("two");
    repo.remove("b.py");
    repo.commit("three");
    repo
}

#[test]
fn a_browser_may_run_what_the_page_holds_and_nothing_else() {
    let page = page(&hostile().scan(&["-q", "-f", "html"]));
    let policy =
        between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#x27;", "'").replace("&#x2f;", "/");
    for (directive, tag) in [("script-src", "script"), ("style-src", "style")] {
        let hash = BASE64.encode(&Sha256::digest(between(&page, &format!("<{tag}>"), &format!("</{tag}>"))));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{policy}");
    }
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    for outside in
        [" src=", "<link", "<img", "<iframe", "@import", "url(", " style=", " onclick=", "http-equiv=\"refresh"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<script").count(), 1);
}

#[test]
fn names_and_lines_stay_text() {
    let page = page(&hostile().scan(&["-q", "-f", "html"]));
    assert_eq!(page.matches("<details class=\"card").count(), NAMES.len());
    assert!(!page.contains("<script>x") && !page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;!--]]&gt;&quot;&#x27;&amp;.py"));
    assert!(page.contains("{{ 1 }}{% raw %}.py"), "nothing that is filled in is a template");
    let own = ['\n', '\r', '\t'];
    assert!(!page.chars().any(|c| (c.is_control() && !own.contains(&c)) || c == '\u{202e}'));
}

#[test]
fn a_history_has_a_timeline_and_states() {
    let page = page(&repository().caulk(&["history", "-q", "-f", "html"]).run());
    assert_eq!(page.matches("class=\"life\"").count(), 2);
    assert!(page.contains("data-state=\"in HEAD\" data-pushed=\"pushed\""), "{page}");
    assert!(page.contains("data-state=\"removed\" data-pushed=\"only local\""), "{page}");
    assert!(page.contains("known to a remote</title>") && page.contains("class=\"bar local\""));
    assert!(page.contains("What to do"));
}

#[test]
fn the_parts_follow_what_was_asked_for() {
    let tree = Tree::repository().file("Dockerfile", "FROM python:3.12\nCMD [\"a\"]\n").file("a.py", github(1));
    let parts = |args: &[&str]| {
        let page = page(&tree.caulk(args).run());
        ["secrets", "timeline", "checklist", "account"].map(|part| page.contains(&format!("<section id=\"{part}\">")))
    };
    assert_eq!(parts(&["scan", "-f", "html"]), [true, false, false, true]);
    assert_eq!(parts(&["check", "-f", "html"]), [false, false, true, true]);
    assert_eq!(parts(&["audit", "-f", "html"]), [true, false, true, true]);
}

#[test]
fn nothing_found_is_a_page_too() {
    let page = page(&Tree::new().file("a.txt", "nothing\n").scan(&["-q", "-f", "html"]));
    assert!(page.contains("No secrets were found.") && !page.contains("<form"));
}

#[test]
fn thousands_of_secrets_are_a_page_too() {
    let tree = Tree::new().file("a.py", (0..3000).map(|n| github(n) + "\n").collect::<String>());
    let page = page(&tree.scan(&["-q", "-f", "html"]));
    assert_eq!(page.matches("<details class=\"card").count(), 3000);
}
