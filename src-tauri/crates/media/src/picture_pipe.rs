//! One run of ffmpeg that answers with raw pictures while it runs, fed with chosen parts of a file or reading the
//! file itself: [`run_pipe_hearing`] with the time of each picture, which ffmpeg says beside.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Seek as _},
    ops::ControlFlow,
    path::Path,
    path::PathBuf,
    sync::mpsc,
    time::Duration,
};

use tokio_util::sync::CancellationToken;

pub(crate) use crate::pipe_run::PipeFault;
use crate::{
    confine::Allowance,
    pipe_run::{PipeRun, run_pipe_hearing},
    tool::Tail,
};

/// Pictures that wait to be looked at.
const WAITING_MAX: usize = 2;
/// Little: the frames of one track may lie far apart between those of another.
const READ_AHEAD_BYTES: usize = 4096;
/// A sample that claims more is passed on as it is: what is rewritten is held in memory.
const REWRITTEN_MAX_BYTES: usize = 64 << 20;
/// A line of ffmpeg's log that is longer is read on without being kept.
const LINE_MAX_BYTES: u64 = 4096;

pub(crate) struct PicturePipe<'a> {
    pub program: &'a Path,
    /// With `-v info`, `showinfo` as the last filter and raw video on stdout.
    pub arguments: Vec<OsString>,
    pub feed: Option<Feed>,
    pub picture_bytes: usize,
    /// How long neither a picture may come nor a byte be taken in.
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

/// Runs to the end of the pictures or until `on_picture` breaks off. Returns ffmpeg's last words: whether it was
/// content matters less than which pictures came.
pub(crate) async fn run(
    pipe: PicturePipe<'_>,
    on_picture: &mut (dyn FnMut(Picture) -> ControlFlow<()> + Send),
    cancel: &CancellationToken,
) -> Result<String, PipeFault> {
    let run = PipeRun {
        program: pipe.program,
        arguments: pipe.arguments,
        reads: Vec::new(),
        feed: pipe
            .feed
            .map(|feed| Box::new(feed.reader()) as Box<dyn Read + Send>),
        allowance: Allowance::Stream,
        stall_timeout: pipe.stall_timeout,
    };
    let (times, known_times) = mpsc::channel();
    let (pictures, mut came) = tokio::sync::mpsc::channel(WAITING_MAX);
    let reader = move |stdout: &mut dyn Read| -> io::Result<()> {
        loop {
            let mut bytes = vec![0; pipe.picture_bytes];
            match stdout.read_exact(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                outcome => outcome?,
            }
            // `showinfo` has said its line before the picture left.
            let at_us = known_times.recv().ok().flatten();
            if pictures.blocking_send(Picture { at_us, bytes }).is_err() {
                return Ok(());
            }
        }
    };
    let enough = cancel.child_token();
    let watching = async {
        while let Some(picture) = came.recv().await {
            if on_picture(picture).is_break() {
                came.close();
                enough.cancel();
                return true;
            }
        }
        false
    };
    let running = run_pipe_hearing(run, reader, move |stderr| listen(stderr, &times), &enough);
    let (end, has_enough) = tokio::join!(running, watching);
    match end {
        Err(PipeFault::Cancelled) if has_enough && !cancel.is_cancelled() => Ok(String::new()),
        end => {
            let end = end?;
            end.read.map_err(PipeFault::Read)?;
            Ok(end.stderr)
        }
    }
}

impl Feed {
    /// All of it as one stream. An error of the file ends the stream there.
    pub(crate) fn reader(self) -> FeedReader {
        FeedReader {
            file: None,
            path: self.path,
            ready: self.head,
            given: 0,
            pieces: self.pieces.into_iter(),
            copying: None,
        }
    }
}

/// See [`Feed::reader`].
pub(crate) struct FeedReader {
    path: PathBuf,
    file: Option<BufReader<File>>,
    /// What is to be given before anything else is read from the file.
    ready: Vec<u8>,
    given: usize,
    pieces: std::vec::IntoIter<Piece>,
    /// How much of a piece is still to be copied, and what comes after it.
    copying: Option<(u64, &'static [u8])>,
}

impl FeedReader {
    /// Goes to the next piece; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        let Some(piece) = self.pieces.next() else {
            return Ok(false);
        };
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufReader::with_capacity(
                READ_AHEAD_BYTES,
                File::open(&self.path)?,
            )),
        };
        let here = file.stream_position()?;
        // Pieces mostly lie one behind the other: what was read ahead is kept.
        let ahead = i64::try_from(i128::from(piece.offset) - i128::from(here));
        file.seek_relative(ahead.map_err(io::Error::other)?)?;
        let size = usize::try_from(piece.size_bytes).unwrap_or(usize::MAX);
        match piece.rewrite.filter(|_| size <= REWRITTEN_MAX_BYTES) {
            Some(rewrite) => {
                self.ready.resize(size, 0);
                file.read_exact(&mut self.ready)?;
                rewrite(&mut self.ready);
                self.ready.extend(piece.tail);
                self.given = 0;
            }
            None => self.copying = Some((u64::from(piece.size_bytes), piece.tail)),
        }
        Ok(true)
    }
}

impl Read for FeedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut waiting = &self.ready[self.given..];
            if !waiting.is_empty() {
                let read = waiting.read(buffer)?;
                self.given += read;
                return Ok(read);
            }
            match (self.copying.take(), &mut self.file) {
                (Some((0, tail)), _) => {
                    self.ready.clear();
                    self.ready.extend(tail);
                    self.given = 0;
                }
                (Some((left, tail)), Some(file)) => {
                    let read = file.take(left).read(buffer)?;
                    if read == 0 && !buffer.is_empty() {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    self.copying = Some((left - read as u64, tail));
                    return Ok(read);
                }
                _ => {
                    if !self.advance()? {
                        return Ok(0);
                    }
                }
            }
        }
    }
}

/// Reads the times that `showinfo` prints and keeps the rest for the log.
fn listen(stderr: impl Read, times: &mpsc::Sender<Option<i64>>) -> String {
    let mut tail = Tail::default();
    let mut reader = BufReader::new(stderr);
    let mut time_base = (1, 1_000_000);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LINE_MAX_BYTES).read_until(b'\n', &mut line) {
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
