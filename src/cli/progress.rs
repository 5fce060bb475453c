//! The progress line: on a terminal, and only when a run takes longer than a second.

use caulk::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// Does `work` and shows how far it is.
pub(super) fn watched<T>(progress: &Progress, show: bool, work: impl FnOnce() -> T) -> T {
    if !show || !stderr().is_terminal() {
        return work();
    }
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            while wait.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                bar.set_message(line(progress));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        let result = work();
        drop(done);
        result
    })
}

fn line(progress: &Progress) -> String {
    let files = progress.files.load(Ordering::Relaxed);
    let megabytes = progress.bytes.load(Ordering::Relaxed) / 1_000_000;
    match progress.total.load(Ordering::Relaxed) {
        0 if megabytes > 0 => format!("{megabytes} MB scanned"),
        0 => "listing files".to_owned(),
        total => format!("{files} of {total} files, {megabytes} MB scanned"),
    }
}
