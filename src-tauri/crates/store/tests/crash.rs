//! SIGKILL in the middle of writing: what was reported is there, and nothing is there in part.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use daypart_domain::{
    ids::PublicationId,
    job::{JobKind, JobState},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{JobStore, PublicationStore};
use daypart_store::{Role, SqliteStore};
use sqlx::Row;
use support::{at, connect, fixture, job, transition};

const FILE: &str = "DAYPART_TEST_DATABASE";
const PUBLICATION: &str = "DAYPART_TEST_PUBLICATION";

/// Runs inside the process that is killed: schedules and unschedules for ever, each move with its event and its
/// jobs, and says after each move that it is done.
#[tokio::test]
async fn as_the_process_that_is_killed() {
    let Some(path) = std::env::var_os(FILE) else {
        return;
    };
    let id: PublicationId = std::env::var(PUBLICATION).unwrap().parse().unwrap();
    let store = SqliteStore::open(Path::new(&path), Role::Owner).await.unwrap();
    let subject = daypart_domain::job::JobSubject::Publication(id);
    println!();
    loop {
        let mut scheduled = transition(id, PublicationState::Scheduled, Mover::User);
        scheduled.enqueue = vec![
            job(JobKind::Prepare, subject, at(0)),
            job(JobKind::Upload, subject, at(900)),
        ];
        let mut drafted = transition(id, PublicationState::Draft, Mover::User);
        drafted.cancel_jobs_except = Some(None);
        for step in [scheduled, drafted] {
            if store.transition(&step).await.unwrap() {
                println!("moved");
            }
        }
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_whole_moves_only() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let mut moves_reported = 0;
    for round in 0..12 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "as_the_process_that_is_killed", "--nocapture"])
            .env(FILE, &fixture.path)
            .env(PUBLICATION, id.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        // Another number of moves each time, so that the kill falls into different places.
        let wanted = 3 + 2 * round;
        let seen = lines
            .by_ref()
            .map_while(Result::ok)
            .filter(|line| line == "moved")
            .take(wanted)
            .count();
        assert_eq!(seen, wanted, "the writer ended by itself");
        writer.kill().unwrap();
        writer.wait().unwrap();
        moves_reported += wanted + lines.map_while(Result::ok).filter(|line| line == "moved").count();

        let mut connection = connect(&fixture.path).await;
        let verdict: String = sqlx::query("PRAGMA integrity_check")
            .fetch_one(&mut connection)
            .await
            .unwrap()
            .get(0);
        assert_eq!(verdict, "ok");

        let store = SqliteStore::open(&fixture.path, Role::Owner).await.unwrap();
        let history = store.events_of(id).await.unwrap();
        // The first event is the start. A move may have been committed and killed before it was reported.
        let moves = history.len() - 1;
        assert!(
            (moves_reported..=moves_reported + 1).contains(&moves),
            "{moves} moves on disk, {moves_reported} reported"
        );
        moves_reported = moves;
        let state = store.publication(id).await.unwrap().unwrap().state;
        assert_eq!(
            history.last().map(|event| event.to),
            Some(state),
            "event and state are one"
        );
        let waiting = store
            .jobs_of(fixture.subject())
            .await
            .unwrap()
            .into_iter()
            .filter(|job| job.state != JobState::Cancelled)
            .count();
        let expected = if state == PublicationState::Scheduled {
            2
        } else {
            0
        };
        assert_eq!(waiting, expected, "jobs and state are one");
        store.close().await;
    }
}
