//! Every file of the edge list behaves as MEDIA.md §7 says, and both ways of measuring agree on it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use daypart_domain::problem::{Problem, RetryClass, UserAction};
use daypart_ports::media::MediaProbe as _;

use crate::{
    clips::{footage, media, without_tools},
    edge_list::{Case, Expected, cases},
};

/// Runs `check` on every file and tells all that failed, by name.
fn for_every_file(failures: Vec<String>) {
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn failure_of(file: &str, check: impl FnOnce()) -> Option<String> {
    let outcome = catch_unwind(AssertUnwindSafe(check));
    let words = |panic: Box<dyn std::any::Any + Send>| match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or_else(|_| String::new(), |words| (*words).to_owned()),
    };
    outcome.err().map(|panic| format!("{file}: {}", words(panic)))
}

fn assert_sentence(problem: &Problem, code: &str, words: &str, file: &str) {
    assert_eq!(problem.code.as_str(), code, "{problem}");
    assert!(
        problem.message.contains(file) && problem.message.contains(words),
        "{problem}"
    );
    assert!(
        problem.fix.as_deref().is_some_and(|fix| fix.ends_with('.')),
        "{problem}"
    );
    let action = UserAction::ReplaceFile;
    assert_eq!(problem.retry, RetryClass::NeedsUser { action });
}

#[tokio::test]
async fn every_file_is_accepted_with_its_facts_or_refused_with_its_sentence() {
    let mut failures = Vec::new();
    for case in cases() {
        let outcome = media().probe(&case.path()).await;
        failures.extend(failure_of(case.file, || match (&case.expected, &outcome) {
            (Expected::Video(check), Ok(info)) => check(info),
            (Expected::Refused(code, words), Err(problem)) => {
                assert_sentence(problem, code, words, case.file)
            }
            (Expected::Video(_), Err(problem)) => panic!("refused: {problem} ({:?})", problem.details),
            (Expected::Refused(..), Ok(info)) => panic!("accepted: {info:?}"),
        }));
    }
    for_every_file(failures);
}

fn all_paths() -> Vec<PathBuf> {
    let real = [
        "movie1/VID_20191220_170832.mp4",
        "movie2/movie-hello.mp4",
        "movie2/movie-hello.avi",
        "movie2/movie-hello.mpeg",
        "movie2/movie-hello.ogg",
    ];
    cases().map(Case::path).chain(real.map(footage)).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[tokio::test]
async fn our_own_reading_and_ffprobe_agree_on_every_file() {
    let mut failures = Vec::new();
    for path in all_paths() {
        let own = media().probe(&path).await;
        let second = media().second_opinion(&path).await;
        failures.extend(failure_of(&name_of(&path), || match (&own, &second) {
            (Ok(own), Ok(second)) => assert_eq!(own, second),
            (Err(own), Err(second)) => assert_eq!(own.code, second.code),
            (own, second) => panic!("{own:?} against {second:?}"),
        }));
    }
    for_every_file(failures);
}

#[tokio::test]
async fn what_phones_and_editors_write_is_measured_without_any_tool() {
    let mut by_ourselves = Vec::new();
    for path in all_paths() {
        if without_tools().probe(&path).await.is_ok() {
            by_ourselves.push(name_of(&path));
        }
    }
    let mut expected = [
        "base.mp4",
        "moov_end.mp4",
        "rotated.mp4",
        "rotated_and_mirrored.mp4",
        "vfr.mp4",
        "fast.mp4",
        "hdr10.mp4",
        "hlg.mov",
        "pcm.mov",
        "silent.mp4",
        "cover_first.mp4",
        "three_sounds.mp4",
        "surround.mp4",
        "cut_with_index_first.mp4",
        "corrupt.mp4",
        "claims_68_years.mp4",
        "wrong_name.avi",
        "late_sound.mp4",
        "trimmed.mp4",
        "anamorphic.mp4",
        "eight_k.mp4",
        "tiny.mp4",
        "one_frame.mp4",
        "one_group.mp4",
        "open_groups.mp4",
        "two_pictures.mp4",
        "subtitled.mov",
        "full_range.mp4",
        "place.mp4",
        "device.mov",
        "VID_20191220_170832.mp4",
        "movie-hello.mp4",
    ];
    by_ourselves.sort();
    expected.sort_unstable();
    assert_eq!(by_ourselves, expected);
}
