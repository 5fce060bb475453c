//! The progress line: on a terminal, and only when a run takes longer than a second.

use caulk::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// Does `work` and shows how far it is.
pub(super) fn watched<T>(progress: &Progress, show: bool, work: impl FnOnce() -> T) -> T {
    if !show || !stderr().is_terminal() {
        return work();
    }
    let begun = Instant::now();
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
                bar.set_message(line(progress, begun.elapsed()));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        let result = work();
        drop(done);
        result
    })
}

/// What there is to say: how many of how many, how fast, how long still.
fn line(progress: &Progress, elapsed: Duration) -> String {
    let done = progress.files.load(Ordering::Relaxed);
    let megabytes = progress.bytes.load(Ordering::Relaxed) / 1_000_000;
    let seconds = elapsed.as_secs_f64().max(0.001);
    let speed = format!("{megabytes} MB, {:.0} MB/s", megabytes as f64 / seconds);
    match progress.total.load(Ordering::Relaxed) {
        0 if megabytes > 0 => speed,
        0 => "listing".to_owned(),
        total => {
            let left = total.saturating_sub(done) as f64 / (done as f64).max(1.0) * seconds;
            let left = if done > 0 { format!(", {left:.0} s left") } else { String::new() };
            format!("{done} of {total}, {speed}{left}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long_still() {
        let progress = Progress::default();
        assert_eq!(line(&progress, Duration::from_secs(2)), "listing");
        progress.bytes.store(600_000_000, Ordering::Relaxed);
        assert_eq!(line(&progress, Duration::from_secs(2)), "600 MB, 300 MB/s");
        progress.total.store(400, Ordering::Relaxed);
        progress.files.store(100, Ordering::Relaxed);
        assert_eq!(line(&progress, Duration::from_secs(2)), "100 of 400, 600 MB, 300 MB/s, 6 s left");
    }
}
