//! The road of a probe: the file itself, its first bytes, its boxes, and ffprobe for what they leave open.

use std::{fs, io, io::Read as _, path::Path, time::SystemTime};

use daypart_domain::{
    media_info::{Container, MediaInfo},
    problem::Problem,
};

use daypart_ports::media::Measured;

use crate::{
    arguments::{safe_input, words},
    boxes::{self, BoxReport, Completeness},
    direct,
    ffprobe::{FileFacts, ProbeRefusal, parse_ffprobe},
    magic::{self, Kind, PictureKind},
    picture, problems,
    tool::{self, Bounds, Finished, ToolError},
    toolbox::MediaToolbox,
};

/// A file with thousands of tracks or tags is not a clip.
const ANSWER_MAX_BYTES: usize = 4 << 20;
/// Packets are counted (every byte is read) only in files up to this size.
const COUNTED_MAX_BYTES: u64 = 256 << 20;

/// Who measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Our own reading where it is certain, else ffprobe.
    Quickest,
    Ffprobe,
}

/// A video; any picture is refused.
pub(crate) async fn probe(toolbox: &MediaToolbox, path: &Path, way: Way) -> Result<MediaInfo, Problem> {
    match measure_kind(toolbox, path, Wanted::Video(way)).await? {
        Measured::Video(info) => Ok(*info),
        Measured::Picture(_) => Err(problems::picture(path)),
    }
}

/// A video or a picture.
pub(crate) async fn measure(toolbox: &MediaToolbox, path: &Path) -> Result<Measured, Problem> {
    measure_kind(toolbox, path, Wanted::Either).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Video(Way),
    Either,
}

/// A file that grows or changes while it is measured gets a second look before it is given back.
async fn measure_kind(toolbox: &MediaToolbox, path: &Path, wanted: Wanted) -> Result<Measured, Problem> {
    for _ in 0..2 {
        let before = look(path).await?;
        let outcome = match (before.kind, wanted) {
            (Kind::Picture(kind), Wanted::Either) => picture::measure(toolbox, path, kind, before.stamp.0)
                .await
                .map(|info| Measured::Picture(Box::new(info))),
            (_, Wanted::Either) => measure_video(toolbox, path, &before, Way::Quickest)
                .await
                .map(|info| Measured::Video(Box::new(info))),
            (_, Wanted::Video(way)) => measure_video(toolbox, path, &before, way)
                .await
                .map(|info| Measured::Video(Box::new(info))),
        };
        let after = look(path).await?;
        if before.stamp == after.stamp {
            return outcome;
        }
    }
    Err(problems::changed(path))
}

/// What the file system and the first bytes say.
struct FirstLook {
    stamp: (u64, Option<SystemTime>),
    kind: Kind,
}

async fn look(path: &Path) -> Result<FirstLook, Problem> {
    let owned = path.to_path_buf();
    blocking(move || first_look(&owned)).await?
}

fn first_look(path: &Path) -> Result<FirstLook, Problem> {
    let unopened = |error: io::Error| problems::unopened(path, &error);
    let metadata = fs::metadata(path).map_err(unopened)?;
    if metadata.is_dir() {
        return Err(problems::directory(path));
    }
    if !metadata.is_file() {
        // Before opening: a pipe would wait for its other end.
        return Err(problems::not_a_regular_file(path));
    }
    let file = fs::File::open(path).map_err(unopened)?;
    if metadata.len() == 0 {
        return Err(problems::empty(path));
    }
    let mut start = Vec::new();
    let look_bytes = u64::try_from(magic::LOOK_BYTES).unwrap_or(u64::MAX);
    file.take(look_bytes).read_to_end(&mut start).map_err(unopened)?;
    Ok(FirstLook {
        stamp: (metadata.len(), metadata.modified().ok()),
        kind: magic::sniff(&start),
    })
}

async fn measure_video(
    toolbox: &MediaToolbox,
    path: &Path,
    look: &FirstLook,
    way: Way,
) -> Result<MediaInfo, Problem> {
    let (container, boxes) = match look.kind {
        Kind::Picture(PictureKind::MovingWebp) => return Err(problems::moving_webp(path)),
        Kind::Picture(_) => return Err(problems::picture(path)),
        Kind::Playlist => return Err(problems::playlist(path)),
        Kind::Foreign(what_it_is) => return Err(problems::not_video(path, what_it_is)),
        Kind::Unknown => (None, None),
        Kind::Other(container) => (Some(container), None),
        Kind::Boxes(container) => (Some(container), read_boxes(path).await?),
    };
    if let Some(boxes) = &boxes {
        refuse_by_boxes(path, boxes)?;
    }
    let size_bytes = look.stamp.0;
    if way == Way::Quickest
        && let (Some(container), Some(boxes)) = (container, &boxes)
        && let Some(info) = direct::describe(boxes, container, size_bytes)
    {
        return Ok(info);
    }
    let packets = match container {
        None | Some(Container::MpegTs) if size_bytes <= COUNTED_MAX_BYTES => Packets::Count,
        Some(Container::Matroska | Container::Webm) => Packets::First,
        _ => Packets::None,
    };
    let mut facts = FileFacts {
        size_bytes,
        container,
        boxes,
        packets_counted: packets == Packets::Count,
    };
    let info = describe(toolbox, path, packets, &facts).await?;
    if info.duration_ms > 0 || facts.packets_counted || size_bytes > COUNTED_MAX_BYTES {
        return Ok(info);
    }
    // Live recordings (a browser's, for one) do not know their length.
    facts.packets_counted = true;
    describe(toolbox, path, Packets::Count, &facts).await
}

/// One answer of ffprobe, read or refused.
async fn describe(
    toolbox: &MediaToolbox,
    path: &Path,
    packets: Packets,
    facts: &FileFacts,
) -> Result<MediaInfo, Problem> {
    let answer = ask_ffprobe(toolbox, path, packets).await?;
    if answer.crashed {
        return Err(problems::tool_crashed(path, answer.stderr));
    }
    if !answer.success {
        let index_cut = facts
            .boxes
            .as_ref()
            .is_some_and(|boxes| boxes.completeness == Completeness::IndexCut);
        return Err(if index_cut {
            problems::truncated(path, None)
        } else if facts.container.is_some() {
            problems::damaged(path, answer.stderr)
        } else {
            problems::not_video(path, "no video format that Daypart knows was found in it")
                .detail(answer.stderr)
        });
    }
    parse_ffprobe(&answer.stdout, facts).map_err(|refusal| match refusal {
        ProbeRefusal::PictureOnly => problems::picture(path),
        ProbeRefusal::SoundOnly => problems::sound_only(path),
        ProbeRefusal::NoTracks if facts.container.is_none() => {
            problems::not_video(path, "there is neither a picture nor sound in it")
        }
        ProbeRefusal::NoTracks | ProbeRefusal::NoPictureSize => problems::damaged(path, refusal),
        ProbeRefusal::Unparsable(_) => problems::tool_failed(path, &refusal),
    })
}

async fn read_boxes(path: &Path) -> Result<Option<BoxReport>, Problem> {
    let owned = path.to_path_buf();
    blocking(move || boxes::scan(&owned).map_err(|error| problems::unopened(&owned, &error))).await?
}

fn refuse_by_boxes(path: &Path, boxes: &BoxReport) -> Result<(), Problem> {
    if boxes.protected {
        return Err(problems::protected(path));
    }
    match boxes.completeness {
        Completeness::Complete | Completeness::IndexCut => Ok(()),
        Completeness::NoIndex => Err(problems::truncated(path, None)),
        Completeness::DataCut { .. } if boxes.has_usable_picture() => Ok(()),
        Completeness::DataCut { percent } => Err(problems::truncated(path, Some(percent))),
    }
}

/// What ffprobe shall read beyond headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packets {
    None,
    /// The times of the first ones: whether the frame rate varies.
    First,
    /// All, for containers whose headers do not tell their length.
    Count,
}

async fn ask_ffprobe(toolbox: &MediaToolbox, path: &Path, packets: Packets) -> Result<Finished, Problem> {
    let mut arguments = words(["-v", "error", "-of", "json", "-show_format", "-show_streams"]);
    match packets {
        Packets::None => {}
        Packets::First => arguments.extend(words([
            "-show_entries",
            "packet=stream_index,pts_time",
            "-read_intervals",
            "%+#600",
        ])),
        Packets::Count => arguments.extend(words(["-count_packets"])),
    }
    arguments.extend(safe_input(path));
    let bounds = Bounds {
        timeout: toolbox.look_timeout(),
        stdout_max_bytes: ANSWER_MAX_BYTES,
    };
    let ffprobe = toolbox.ffprobe()?;
    match tool::run(&ffprobe, &arguments, bounds).await {
        Ok(finished) => Ok(finished),
        Err(ToolError::TimedOut) => Err(problems::probe_timeout(path)),
        Err(ToolError::TooMuch(bytes)) => Err(problems::damaged(
            path,
            format!("its description exceeds {bytes} bytes"),
        )),
        Err(error @ (ToolError::Start(_) | ToolError::Read(_))) => Err(problems::tool_failed(path, &error)),
    }
}

/// `work` on a thread that may wait for the disk.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::bug("the thread that reads a file died").caused_by(&error))
}
