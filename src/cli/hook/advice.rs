//! What to say to a person whose commit or push was stopped.

use super::Outcome;
use anstyle::{AnsiColor, Effects};
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;

/// What a hook stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// A commit, for what is staged.
    Commit,
    /// A commit, for its message, which stands in this file.
    Message(PathBuf),
    /// A push, on the machine that pushes.
    Push,
    /// A push, on the machine that receives.
    Receive,
}

/// What is said after a scan.
pub(super) struct Advice {
    pub(super) stopped: Stopped,
    pub(super) quiet: bool,
}

impl Advice {
    /// Says on standard error what to do next, if the outcome stops anything.
    pub(super) fn after(&self, outcome: Outcome) -> Result<Outcome> {
        let why = match outcome {
            Outcome::Findings => "",
            Outcome::Incomplete => ", because not everything could be scanned",
            Outcome::Clean | Outcome::Failed => return Ok(outcome),
        };
        if self.quiet {
            return Ok(outcome);
        }
        let style = AnsiColor::Red.on_default().effects(Effects::BOLD);
        let mut out = anstream::stderr().lock();
        writeln!(out, "\n{style}caulk stopped this {}{style:#}{why}", self.what())?;
        if outcome == Outcome::Incomplete {
            writeln!(out, "  mend what is listed above, and try again")?;
        } else {
            for (number, step) in (1..).zip(self.steps()) {
                writeln!(out, "  {number}. {step}")?;
            }
            writeln!(out, "  no secret? {}", self.exceptions())?;
        }
        if let Some(command) = self.command() {
            writeln!(out, "  `{command} --no-verify` goes on without asking")?;
        }
        Ok(outcome)
    }

    const fn what(&self) -> &'static str {
        match self.stopped {
            Stopped::Commit | Stopped::Message(_) => "commit",
            Stopped::Push | Stopped::Receive => "push",
        }
    }

    fn steps(&self) -> Vec<String> {
        let (fix, again) = match &self.stopped {
            Stopped::Commit => (
                "take the value out of the file: read it from the environment or from a store of secrets".to_owned(),
                "`git add` the file again, and commit".to_owned(),
            ),
            Stopped::Message(file) => (
                "take the value out of the message".to_owned(),
                format!("`git commit -e -F {}` opens the message that you wrote", file.display()),
            ),
            Stopped::Push | Stopped::Receive => (
                "take the value out of the commit that brought it in, named after `since`: `git commit --amend` if it is the last one, `git rebase -i COMMIT~1` if not; a later commit that deletes the value leaves it in the history"
                    .to_owned(),
                "push again".to_owned(),
            ),
        };
        let known = "was it ever pushed, sent or shown? Then revoke it, at the address after `revoke`".to_owned();
        vec![fix, again, known]
    }

    /// How a finding is accepted: a message has no comments, and a server no files.
    fn exceptions(&self) -> String {
        let inline = "write `caulk:allow[RULE] why` in a comment on its line, RULE being what stands in brackets beside its name";
        match self.stopped {
            Stopped::Message(_) => "say it in other words".to_owned(),
            Stopped::Receive => inline.to_owned(),
            Stopped::Commit | Stopped::Push => {
                format!("{inline};\n    or run `caulk ignore add ID --reason WHY`, ID being what stands after `id`")
            }
        }
    }

    /// The command that can pass the hook by; nothing passes by a server.
    const fn command(&self) -> Option<&'static str> {
        match self.stopped {
            Stopped::Commit | Stopped::Message(_) => Some("git commit"),
            Stopped::Push => Some("git push"),
            Stopped::Receive => None,
        }
    }
}
