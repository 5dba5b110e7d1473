//! One run of ffmpeg that answers with raw pictures while it runs, fed with chosen parts of a file or reading the
//! file itself. The process is gone when the run returns or is dropped.

use std::{
    ffi::OsString, io, io::SeekFrom, ops::ControlFlow, path::Path, path::PathBuf, process::Stdio,
    time::Duration,
};

use tokio::{
    fs::File,
    io::{
        AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncSeekExt as _, AsyncWrite,
        AsyncWriteExt as _, BufReader,
    },
    process::Command,
    sync::mpsc,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    confine::{Allowance, confine},
    tool::Tail,
    toolbox::environment,
};

const COPIED_AT_ONCE_BYTES: usize = 256 * 1024;
/// A line of ffmpeg's log that is longer is read on without being kept.
const LINE_MAX_BYTES: u64 = 4096;

pub(crate) struct PicturePipe<'a> {
    pub program: &'a Path,
    /// With `-v info`, `showinfo` as the last filter and raw video on stdout.
    pub arguments: Vec<OsString>,
    pub feed: Option<Feed>,
    pub picture_bytes: usize,
    /// How long to wait for the next picture.
    pub stall_timeout: Duration,
}

/// What goes into stdin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Feed {
    pub path: PathBuf,
    pub head: Vec<u8>,
    pub pieces: Vec<Piece>,
}

/// A part of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub offset: u64,
    pub size_bytes: u32,
    /// Applied to the bytes before they are sent; keeps their number.
    pub rewrite: Option<fn(&mut [u8])>,
    /// Sent after the bytes.
    pub tail: &'static [u8],
}

#[derive(Debug)]
pub(crate) struct Picture {
    /// As ffmpeg counts, in microseconds; `None` when it does not know.
    pub at_us: Option<i64>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PipeFault {
    #[error("ffmpeg could not be started")]
    Start(#[source] io::Error),
    #[error("ffmpeg's pictures could not be read")]
    Read(#[source] io::Error),
    #[error("cancelled")]
    Cancelled,
    #[error("no picture came any more")]
    Stalled,
}

/// Runs to the end of the pictures or until `on_picture` breaks off. Returns ffmpeg's last words: whether it was
/// content matters less than which pictures came.
pub(crate) async fn run(
    pipe: PicturePipe<'_>,
    on_picture: &mut (dyn FnMut(Picture) -> ControlFlow<()> + Send),
    cancel: &CancellationToken,
) -> Result<String, PipeFault> {
    let mut command = Command::new(pipe.program);
    command
        .args(&pipe.arguments)
        .env_clear()
        .envs(environment())
        .stdin(if pipe.feed.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(PipeFault::Start)?;
    if let Some(process_id) = child.id() {
        confine(process_id, Allowance::Stream);
    }
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (times, mut known_times) = mpsc::unbounded_channel();
    let feeding = async {
        if let (Some(feed), Some(stdin)) = (pipe.feed, stdin)
            && let Err(error) = pour(feed, stdin).await
        {
            // ffmpeg ended early, or the file is shorter than it was. What came out is counted anyway.
            tracing::debug!(%error, "not everything was fed");
        }
    };
    let listening = listen(stderr, times);
    let watching = async {
        let Some(mut stdout) = stdout else { return Ok(()) };
        loop {
            let mut bytes = vec![0; pipe.picture_bytes];
            match timeout(pipe.stall_timeout, stdout.read_exact(&mut bytes)).await {
                Err(_) => return Err(PipeFault::Stalled),
                Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Ok(Err(error)) => return Err(PipeFault::Read(error)),
                Ok(Ok(_)) => {}
            }
            // `showinfo` has said its line before the picture left.
            let at_us = known_times.recv().await.flatten();
            if on_picture(Picture { at_us, bytes }).is_break() {
                return Ok(());
            }
        }
    };
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(PipeFault::Cancelled),
        outcome = conversation(feeding, listening, watching) => outcome,
    };
    // Reaped here, so that no process outlives the answer about it.
    if let Err(error) = child.kill().await {
        tracing::debug!(%error, "ffmpeg had already ended");
    }
    outcome
}

/// Ends with the pictures: what is fed or said after them does not matter.
async fn conversation(
    feeding: impl Future<Output = ()>,
    listening: impl Future<Output = String>,
    watching: impl Future<Output = Result<(), PipeFault>>,
) -> Result<String, PipeFault> {
    tokio::pin!(feeding, listening, watching);
    let (mut is_fed, mut words) = (false, None);
    loop {
        tokio::select! {
            seen = &mut watching => {
                seen?;
                return Ok(words.unwrap_or_default());
            }
            () = &mut feeding, if !is_fed => is_fed = true,
            said = &mut listening, if words.is_none() => words = Some(said),
        }
    }
}

async fn pour(feed: Feed, mut stdin: impl AsyncWrite + Unpin) -> io::Result<()> {
    let mut file = File::open(&feed.path).await?;
    stdin.write_all(&feed.head).await?;
    let mut buffer = Vec::new();
    for piece in feed.pieces {
        file.seek(SeekFrom::Start(piece.offset)).await?;
        let mut left = usize::try_from(piece.size_bytes).unwrap_or(usize::MAX);
        // What is rewritten is needed as a whole; a sample that claims more than this is passed on as it is.
        let rewrite = piece.rewrite.filter(|_| left <= 64 << 20);
        while left > 0 {
            let now = if rewrite.is_some() {
                left
            } else {
                left.min(COPIED_AT_ONCE_BYTES)
            };
            buffer.resize(now, 0);
            file.read_exact(&mut buffer).await?;
            if let Some(rewrite) = rewrite {
                rewrite(&mut buffer);
            }
            stdin.write_all(&buffer).await?;
            left -= now;
        }
        stdin.write_all(piece.tail).await?;
    }
    stdin.shutdown().await
}

/// Reads the times that `showinfo` prints and keeps the rest for the log.
async fn listen(stderr: Option<impl AsyncRead + Unpin>, times: mpsc::UnboundedSender<Option<i64>>) -> String {
    let mut tail = Tail::default();
    let Some(stderr) = stderr else {
        return String::new();
    };
    let mut reader = BufReader::new(stderr);
    let mut time_base = (1, 1_000_000);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader)
            .take(LINE_MAX_BYTES)
            .read_until(b'\n', &mut line)
            .await
        {
            Ok(1..) => {}
            Ok(0) | Err(_) => return tail.into_text(),
        }
        let text = String::from_utf8_lossy(&line);
        match said(&text) {
            Said::TimeBase(found) => time_base = found,
            Said::Time(pts) => {
                // Nobody listens any more once the run was broken off; the pipe is still drained.
                let _ = times.send(pts.map(|pts| in_us(pts, time_base)));
            }
            Said::Other => tail.push(&line),
        }
    }
}

fn in_us(pts: i64, (numerator, denominator): (i64, i64)) -> i64 {
    let (scaled, denominator) = (
        i128::from(pts) * i128::from(numerator) * 1_000_000,
        i128::from(denominator.max(1)),
    );
    i64::try_from((scaled + denominator / 2).div_euclid(denominator)).unwrap_or(i64::MAX)
}

#[derive(Debug, PartialEq)]
enum Said {
    /// `config in time_base: 1/15360, frame_rate: 30/1`
    TimeBase((i64, i64)),
    /// `n:   0 pts:   1024 pts_time:0.0667 …`
    Time(Option<i64>),
    Other,
}

fn said(line: &str) -> Said {
    if !line.starts_with("[Parsed_showinfo") {
        return Said::Other;
    }
    let word_after = |name: &str| {
        let (_, rest) = line.split_once(name)?;
        rest.split_whitespace().next()
    };
    if let Some(word) = word_after("config in time_base:") {
        let ratio = word.trim_end_matches(',').split_once('/');
        let parsed = ratio.and_then(|(above, below)| Some((above.parse().ok()?, below.parse().ok()?)));
        return parsed.map_or(Said::Other, Said::TimeBase);
    }
    match word_after(" pts:") {
        Some(word) if line.contains(" n:") => Said::Time(word.parse().ok()),
        _ => Said::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_pictures_are_read_from_the_log() {
        let config = "[Parsed_showinfo_2 @ 0x5] config in time_base: 1/15360, frame_rate: 30/1\n";
        assert_eq!(said(config), Said::TimeBase((1, 15_360)));
        let frame = "[Parsed_showinfo_2 @ 0x5] n:   3 pts:   1536 pts_time:0.1     duration: 512 fmt:rgb24 cl:unspecified\n";
        assert_eq!(said(frame), Said::Time(Some(1536)));
        let unknown = "[Parsed_showinfo_2 @ 0x5] n:   0 pts:  NOPTS pts_time:NOPTS   fmt:rgb24\n";
        assert_eq!(said(unknown), Said::Time(None));
        assert_eq!(
            said("[Parsed_showinfo_2 @ 0x5]   side data - User Data\n"),
            Said::Other
        );
        assert_eq!(
            said("[h264 @ 0x5] error while decoding MB 3 4, n: pts: 3\n"),
            Said::Other
        );
    }

    #[test]
    fn times_are_rounded_to_microseconds() {
        assert_eq!(in_us(1, (1, 3)), 333_333);
        assert_eq!(in_us(2, (1, 3)), 666_667);
        assert_eq!(in_us(-512, (1, 15_360)), -33_333);
    }
}
