//! What a process said and how it ended.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    task::JoinHandle,
};

/// Nothing here takes longer unless it hangs.
const PATIENCE: Duration = Duration::from_secs(180);

/// A process that has ended.
#[derive(Debug, Clone)]
pub struct Said {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// Fails with everything that was said unless the exit code is this one.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "exit code\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in:\n{}", self.stdout))
    }

    /// Fails unless stderr holds this text.
    #[track_caller]
    pub fn complains(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "no “{text}” in:\n{}", self.stderr);
        self
    }
}

/// A process that runs. Dropping it kills it.
pub struct Started {
    child: Child,
    lines: mpsc::UnboundedReceiver<(Stream, String)>,
    readers: Vec<JoinHandle<()>>,
    said: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Error,
}

impl Started {
    pub fn new(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the process starts");
        let (sender, lines) = mpsc::unbounded_channel();
        let readers = vec![
            read(child.stdout.take().unwrap(), Stream::Out, sender.clone()),
            read(child.stderr.take().unwrap(), Stream::Error, sender),
        ];
        Self {
            child,
            lines,
            readers,
            said: Said {
                code: None,
                stdout: String::new(),
                stderr: String::new(),
            },
        }
    }

    /// The next line of either stream that holds `text`.
    pub async fn line_with(&mut self, text: &str) -> String {
        let found = tokio::time::timeout(PATIENCE, async {
            while let Some((stream, line)) = self.lines.recv().await {
                self.note(stream, &line);
                if line.contains(text) {
                    return Some(line);
                }
            }
            None
        })
        .await;
        match found {
            Ok(Some(line)) => line,
            Ok(None) => panic!("ended without “{text}”: {:#?}", self.said),
            Err(_) => panic!("waited too long for “{text}”: {:#?}", self.said),
        }
    }

    /// SIGKILL: nothing is tidied up. Returns what was said until then.
    pub async fn kill(mut self) -> Said {
        self.child.start_kill().expect("it can be killed");
        self.end().await
    }

    /// SIGTERM: the polite request to end.
    pub async fn terminate(self) -> Said {
        let id = self.child.id().expect("it still runs").to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .expect("kill(1) starts");
        assert!(sent.success());
        self.end().await
    }

    /// Whether it comes to its own end within this time.
    pub async fn ends_within(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.child.wait()).await.is_ok()
    }

    /// Waits for its own end.
    pub async fn end(mut self) -> Said {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let Ok(status) = ended else {
            while let Ok((stream, line)) = self.lines.try_recv() {
                self.note(stream, &line);
            }
            panic!("does not end: {:#?}", self.said);
        };
        self.said.code = status.expect("its end is known").code();
        for reader in std::mem::take(&mut self.readers) {
            reader.await.expect("its output can be read");
        }
        while let Ok((stream, line)) = self.lines.try_recv() {
            self.note(stream, &line);
        }
        self.said.clone()
    }

    fn note(&mut self, stream: Stream, line: &str) {
        let text = match stream {
            Stream::Out => &mut self.said.stdout,
            Stream::Error => &mut self.said.stderr,
        };
        text.push_str(line);
        text.push('\n');
    }
}

fn read(
    stream: impl AsyncRead + Unpin + Send + 'static,
    which: Stream,
    sender: mpsc::UnboundedSender<(Stream, String)>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // Nobody listens any more: read on all the same, so that the process is never held up.
            let _ = sender.send((which, line));
        }
    })
}
