//! Against small shell scripts that behave as badly as a tool can.

#![expect(
    clippy::unwrap_used,
    reason = "helpers outside #[test] functions are test code too"
)]

use std::{io::Cursor, sync::mpsc, thread, time::Instant};

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn shell(script: &str) -> PipeRun<'static> {
    PipeRun {
        program: Path::new("/bin/sh"),
        arguments: ["-c", script].into_iter().map(OsString::from).collect(),
        reads: Vec::new(),
        feed: None,
        allowance: Allowance::Stream,
        stall_timeout: LONG,
    }
}

fn read_all(stdout: &mut dyn Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    stdout.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Whether a process of this id is there; a zombie counts.
fn is_there(process_id: &str) -> bool {
    PathBuf::from("/proc").join(process_id).exists()
}

#[tokio::test]
async fn what_is_fed_comes_out_again_however_long_it_is() {
    let fed: Vec<u8> = (0..3_000_000_u32).map(|index| (index % 251) as u8).collect();
    let run = PipeRun {
        feed: Some(Box::new(Cursor::new(fed.clone()))),
        ..shell("cat; echo done >&2")
    };
    let end = run_pipe(run, read_all, &CancellationToken::new()).await.unwrap();
    assert!(end.success);
    assert!(end.read == fed, "{} bytes came back", end.read.len());
    assert_eq!(end.stderr, "done");
}

#[tokio::test]
async fn a_failure_keeps_what_came_before_it() {
    let run = shell("printf half; echo broken >&2; exit 3");
    let end = run_pipe(run, read_all, &CancellationToken::new()).await.unwrap();
    assert!(!end.success);
    assert_eq!(
        (end.read.as_slice(), end.stderr.as_str()),
        (&b"half"[..], "broken")
    );
}

#[tokio::test]
async fn a_tool_that_has_enough_of_its_feed_is_no_error() {
    let run = PipeRun {
        feed: Some(Box::new(std::io::repeat(7))),
        ..shell("head -c 10")
    };
    let end = run_pipe(run, read_all, &CancellationToken::new()).await.unwrap();
    assert!(end.success);
    assert_eq!(end.read, [7; 10]);
}

#[tokio::test]
async fn a_reader_that_has_enough_ends_the_tool() {
    let run = shell("echo $$; exec sleep 600");
    let first_line = |stdout: &mut dyn Read| {
        let mut line = Vec::new();
        let mut byte = [0];
        while stdout.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
            line.push(byte[0]);
        }
        String::from_utf8(line).unwrap()
    };
    let end = run_pipe(run, first_line, &CancellationToken::new())
        .await
        .unwrap();
    assert!(!is_there(&end.read), "process {} still runs", end.read);
}

#[tokio::test]
async fn cancelling_ends_the_tool_at_once_and_the_reader_with_it() {
    let (came, comes) = mpsc::channel();
    let cancel = CancellationToken::new();
    let canceller = {
        let cancel = cancel.clone();
        thread::spawn(move || {
            let process_id: String = comes.recv().unwrap();
            cancel.cancel();
            (process_id, Instant::now())
        })
    };
    let read_id_then_on = move |stdout: &mut dyn Read| {
        let mut buffer = [0; 64];
        let read = stdout.read(&mut buffer).unwrap();
        came.send(String::from_utf8_lossy(&buffer[..read]).trim().to_owned())
            .unwrap();
        read_all(stdout);
    };
    let fault = run_pipe(shell("echo $$; exec sleep 600"), read_id_then_on, &cancel)
        .await
        .expect_err("cancelled");
    let (process_id, cancelled_at) = canceller.join().unwrap();
    assert!(matches!(fault, PipeFault::Cancelled), "{fault}");
    assert!(!is_there(&process_id));
    assert!(cancelled_at.elapsed() < LONG / 2);
}

#[tokio::test]
async fn a_tool_without_a_word_is_given_up() {
    let run = PipeRun {
        stall_timeout: Duration::from_millis(100),
        ..shell("exec sleep 600")
    };
    let fault = run_pipe(run, read_all, &CancellationToken::new())
        .await
        .expect_err("stalled");
    assert!(matches!(fault, PipeFault::Stalled), "{fault}");
}

#[tokio::test]
async fn a_tool_that_closed_its_output_and_stays_is_given_up() {
    let run = PipeRun {
        stall_timeout: Duration::from_millis(100),
        ..shell("exec sleep 600 >&- 2>&-")
    };
    let fault = run_pipe(run, read_all, &CancellationToken::new())
        .await
        .expect_err("stalled");
    assert!(matches!(fault, PipeFault::Stalled), "{fault}");
}

#[tokio::test]
async fn dropping_the_run_ends_the_tool() {
    let (came, mut comes) = tokio::sync::mpsc::unbounded_channel();
    let read_id_then_on = move |stdout: &mut dyn Read| {
        let mut buffer = [0; 64];
        let read = stdout.read(&mut buffer).unwrap();
        came.send(String::from_utf8_lossy(&buffer[..read]).trim().to_owned())
            .unwrap();
        read_all(stdout);
    };
    let cancel = CancellationToken::new();
    let process_id = {
        let run = run_pipe(shell("echo $$; exec sleep 600"), read_id_then_on, &cancel);
        tokio::pin!(run);
        tokio::select! {
            _ = &mut run => panic!("the tool sleeps"),
            process_id = comes.recv() => process_id.unwrap(),
        }
    };
    assert!(!is_there(&process_id));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told() {
    let run = PipeRun {
        program: Path::new("/nowhere/ffmpeg"),
        ..shell("")
    };
    // Through the leash it is the leash that fails; either way nothing succeeds.
    let outcome = run_pipe(run, read_all, &CancellationToken::new()).await;
    assert!(outcome.is_err() || outcome.is_ok_and(|end| !end.success && end.read.is_empty()));
}
