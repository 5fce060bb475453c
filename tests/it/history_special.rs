//! Pipes, devices and folders in the place of files of git's: whoever packs a repository can put them there.

use crate::support::{Repo, github};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

fn pipe(path: &Path) {
    let status = std::process::Command::new("mkfifo").arg(path).status().expect("it runs");
    assert!(status.success(), "{}", path.display());
}

#[test]
fn nothing_waits_for_a_pipe_or_reads_a_device_to_its_end() {
    let mut repo = Repo::new();
    for number in 1..3 {
        repo.write("a.txt", github(number));
        repo.commit("x");
    }
    repo.git(&["update-ref", "ORIG_HEAD", "HEAD"]);
    repo.git(&["pack-refs", "--all"]);
    repo.git(&["repack", "-q", "-d"]);
    repo.write("a.txt", github(3));
    let id = repo.commit("x");
    let packed = |ending: &str| {
        let file = repo.files(".git/objects/pack", ending).remove(0);
        file.strip_prefix(repo.path()).expect("it lies in there").to_string_lossy().into_owned()
    };
    let (pack, index) = (packed(".pack"), packed(".idx"));
    let object = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    let files = [
        ".git/HEAD",
        ".git/config",
        ".git/commondir",
        ".git/packed-refs",
        ".git/refs/heads/new",
        ".git/logs/HEAD",
        ".git/index",
        ".git/ORIG_HEAD",
        ".git/shallow",
        ".git/objects/info/alternates",
        ".git/worktrees/w/HEAD",
        &pack,
        &index,
        &object,
    ];
    for file in files {
        let file = repo.path().join(file);
        let kept = fs::read(&file).ok();
        fs::create_dir_all(file.parent().expect("it has one")).expect("it can be made");
        for put in [pipe as fn(&Path), |path| symlink("/dev/zero", path).expect("links can be made")] {
            let _ = fs::remove_file(&file);
            put(&file);
            for args in [&["history", "-q"][..], &["history", "-q", "--range", "HEAD~1..HEAD"], &["staged", "-q"]] {
                let run = repo.caulk(args).run();
                assert!(
                    (0..=3).contains(&run.code) && !run.to_string().contains("panicked"),
                    "{} {args:?}: {run}",
                    file.display()
                );
            }
        }
        fs::remove_file(&file).expect("it is there");
        kept.into_iter().for_each(|bytes| fs::write(&file, bytes).expect("it can be written"));
    }
    // What is there and cannot be read is said.
    let refs = repo.path().join(".git/refs/heads/new");
    pipe(&refs);
    let run = repo.caulk(&["history", "-f", "json"]).run();
    assert!(run.json()["incomplete"].to_string().contains("named pipe"), "{run}");
}
