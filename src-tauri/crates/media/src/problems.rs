//! The sentences of this crate. Each names the file, says what is wrong with it and what to do.

use std::{fmt::Display, io, path::Path};

use daypart_domain::problem::{ErrorCode, Problem, UserAction, codes};

/// The file's name for a sentence: no folders, no control characters.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

fn replace_file(code: &'static str, message: String, fix: &str) -> Problem {
    Problem::needs_user(ErrorCode::new(code), UserAction::ReplaceFile, message).fix(fix)
}

pub(crate) fn ffmpeg_missing(tool: &str) -> Problem {
    Problem::needs_user(
        codes::FFMPEG_MISSING,
        UserAction::InstallFfmpeg,
        format!("Daypart needs {tool} to read and convert videos, and it is not on this computer."),
    )
    .fix("Install FFmpeg (on Debian or Ubuntu: sudo apt install ffmpeg), then try again.")
}

/// A failed look at the file itself.
pub(crate) fn unopened(path: &Path, error: &io::Error) -> Problem {
    let name = name_of(path);
    let problem = if matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    ) {
        Problem::needs_user(
            codes::FILE_MISSING,
            UserAction::ReplaceFile,
            format!("“{name}” is not there any more."),
        )
        .fix("Put it back where it was, or add it again from its new place.")
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        Problem::needs_user(
            codes::FILE_UNREADABLE,
            UserAction::ReplaceFile,
            format!("“{name}” may not be read."),
        )
        .fix("Give your user permission to read the file, then add it again.")
    } else {
        Problem::needs_user(
            codes::FILE_UNREADABLE,
            UserAction::ReplaceFile,
            format!("“{name}” could not be read."),
        )
        .fix("Check the disk or network drive it is on, or copy the file to this computer and add the copy.")
    };
    problem.caused_by(error)
}

pub(crate) fn directory(path: &Path) -> Problem {
    replace_file(
        "media.directory",
        format!("“{}” is a folder, not a video.", name_of(path)),
        "Open the folder and add the video files in it.",
    )
}

pub(crate) fn not_a_regular_file(path: &Path) -> Problem {
    replace_file(
        "media.not_video",
        format!("“{}” is not an ordinary file.", name_of(path)),
        "Add a video file.",
    )
}

pub(crate) fn empty(path: &Path) -> Problem {
    replace_file(
        "media.empty",
        format!("“{}” is empty: it has no bytes in it.", name_of(path)),
        "Copy or export the video again; a copy may have been interrupted.",
    )
}

pub(crate) fn not_video(path: &Path, what_it_is: &str) -> Problem {
    replace_file(
        "media.not_video",
        format!("“{}” is not a video: {what_it_is}.", name_of(path)),
        "Add a video file such as MP4, MOV or WebM.",
    )
}

pub(crate) fn picture(path: &Path) -> Problem {
    replace_file(
        "media.picture",
        format!("“{}” is a picture, not a video.", name_of(path)),
        "Add a video file such as MP4, MOV or WebM.",
    )
}

/// `format`: its name, for the sentence.
pub(crate) fn picture_format(path: &Path, format: &str) -> Problem {
    replace_file(
        "media.picture_format",
        format!(
            "“{}” is a {format} picture, which Daypart does not read.",
            name_of(path)
        ),
        "Export it as JPEG or PNG and add that.",
    )
}

pub(crate) fn picture_too_large(path: &Path, width_px: u32, height_px: u32) -> Problem {
    replace_file(
        "media.picture_too_large",
        format!(
            "“{}” unpacks to {width_px} × {height_px} pixels, more than Daypart opens.",
            name_of(path)
        ),
        "Export it smaller and add that; 4096 pixels on the longer side are enough everywhere.",
    )
}

pub(crate) fn picture_cut_short(path: &Path) -> Problem {
    replace_file(
        "media.truncated",
        format!(
            "“{}” is incomplete: the end of the picture is missing.",
            name_of(path)
        ),
        "Copy or download the picture again.",
    )
}

pub(crate) fn picture_damaged(path: &Path, detail: impl Display) -> Problem {
    replace_file(
        "media.damaged",
        format!(
            "“{}” looks like a picture, but it is damaged and cannot be read.",
            name_of(path)
        ),
        "Export or copy the picture again.",
    )
    .detail(detail.to_string())
}

/// A format for which an FFmpeg has to be new enough, or has to be whole.
pub(crate) fn picture_undecodable(path: &Path, format: &str, detail: impl Display) -> Problem {
    replace_file(
        "media.picture_undecodable",
        format!(
            "“{}” is an {format} picture, which the FFmpeg on this computer cannot open.",
            name_of(path)
        ),
        "Export it as JPEG or PNG and add that, or install a newer FFmpeg and add it again.",
    )
    .detail(detail.to_string())
}

pub(crate) fn moving_webp(path: &Path) -> Problem {
    replace_file(
        "media.moving_webp",
        format!(
            "“{}” is a moving WebP picture, which cannot be read.",
            name_of(path)
        ),
        "Export it as MP4, WebM or GIF and add that.",
    )
}

pub(crate) fn sound_only(path: &Path) -> Problem {
    replace_file(
        "media.sound_only",
        format!("“{}” has sound but no video.", name_of(path)),
        "Add a file with a picture; export the sound together with an image as a video first.",
    )
}

pub(crate) fn playlist(path: &Path) -> Problem {
    replace_file(
        "media.playlist",
        format!(
            "“{}” is a playlist: text that points to other files, not a video itself.",
            name_of(path)
        ),
        "Add the video file that the playlist points to.",
    )
}

pub(crate) fn protected(path: &Path) -> Problem {
    replace_file(
        "media.protected",
        format!("“{}” is copy-protected and cannot be read.", name_of(path)),
        "Use the original recording or an export without copy protection.",
    )
}

/// `percent`: how much of the media data is there; `None` when the index itself is missing.
pub(crate) fn truncated(path: &Path, percent: Option<u64>) -> Problem {
    let name = name_of(path);
    let message = match percent {
        Some(percent) => format!("“{name}” is incomplete: only about {percent} % of its data is there."),
        None => format!(
            "“{name}” is incomplete: the recording or copy was not finished, and its index is missing."
        ),
    };
    replace_file(
        "media.truncated",
        message,
        "Copy or download the file again, or let the camera or recorder finish and repair it.",
    )
}

pub(crate) fn damaged(path: &Path, detail: impl Display) -> Problem {
    replace_file(
        "media.damaged",
        format!(
            "“{}” looks like a video, but it is damaged and cannot be read.",
            name_of(path)
        ),
        "Export or copy the video again.",
    )
    .detail(detail.to_string())
}

pub(crate) fn probe_timeout(path: &Path) -> Problem {
    Problem::transient(
        ErrorCode::new("media.probe_timeout"),
        format!("Measuring “{}” took too long.", name_of(path)),
    )
    .fix("If it is on a network drive, copy it to this computer and add the copy.")
}

pub(crate) fn changed(path: &Path) -> Problem {
    Problem::transient(
        codes::FILE_CHANGED,
        format!(
            "“{}” is still being written or was changed meanwhile.",
            name_of(path)
        ),
    )
    .fix("Wait until the recording, export or copy is finished, then try again.")
}

pub(crate) fn tool_failed(path: &Path, error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::transient(
        ErrorCode::new("media.tool_failed"),
        format!(
            "“{}” could not be measured: the tool for it did not run.",
            name_of(path)
        ),
    )
    .fix("Try again; if it stays so, reinstall FFmpeg.")
    .caused_by(error)
}

pub(crate) fn tool_crashed(path: &Path, detail: impl Display) -> Problem {
    replace_file(
        "media.tool_crashed",
        format!(
            "“{}” could not be measured: FFmpeg crashed while reading it.",
            name_of(path)
        ),
        "The file is probably damaged: export or copy it again; if it plays well, update FFmpeg.",
    )
    .detail(detail.to_string())
}

pub(crate) fn poster_failed(path: &Path, detail: impl Display) -> Problem {
    Problem::permanent(
        ErrorCode::new("media.poster_failed"),
        format!("No preview picture could be made of “{}”.", name_of(path)),
    )
    .detail(detail.to_string())
}

pub(crate) fn disk_full(folder: &Path, needed_bytes: Option<u64>) -> Problem {
    let needed = needed_bytes.map_or_else(String::new, |bytes| {
        format!(" About {} MB are needed.", bytes.div_ceil(1_000_000))
    });
    Problem::needs_user(
        codes::DISK_FULL,
        UserAction::FreeDisk,
        format!("There is not enough free space on the disk for the converted video.{needed}"),
    )
    .fix("Free some space, then try again.")
    .detail(format!("folder: {}", folder.display()))
}

/// A folder of ours that cannot be written.
pub(crate) fn unwritable(out: &Path, error: &io::Error) -> Problem {
    if matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ) {
        return disk_full(out.parent().unwrap_or(out), None).caused_by(error);
    }
    Problem::transient(
        ErrorCode::new("file.unwritable"),
        format!("“{}” could not be written.", name_of(out)),
    )
    .fix("Check that Daypart's data folder exists and may be written.")
    .caused_by(error)
}

pub(crate) fn encode_failed(path: &Path, stderr: &str) -> Problem {
    Problem::permanent(
        ErrorCode::new("media.encode_failed"),
        format!("Converting “{}” failed.", name_of(path)),
    )
    .fix("The file may be damaged: play it to its end, export it again and add the new export.")
    .detail(stderr.to_owned())
}

pub(crate) fn stalled(path: &Path) -> Problem {
    Problem::transient(
        ErrorCode::new("media.encode_stalled"),
        format!("Converting “{}” stopped making progress.", name_of(path)),
    )
    .fix("Check that the disk the file is on still answers, then try again.")
}

pub(crate) fn verify_failed(path: &Path, what: impl Display) -> Problem {
    Problem::permanent(
        ErrorCode::new("media.verify_failed"),
        format!(
            "The converted version of “{}” did not pass its check and was thrown away.",
            name_of(path)
        ),
    )
    .fix("The file may be damaged: play it to its end, export it again and add the new export.")
    .detail(what.to_string())
}

pub(crate) fn cancelled(path: &Path) -> Problem {
    Problem::transient(
        ErrorCode::new("media.cancelled"),
        format!("Converting “{}” was cancelled.", name_of(path)),
    )
}
