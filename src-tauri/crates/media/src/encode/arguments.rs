//! ffmpeg's arguments for each rung (MEDIA.md §5). Pure.

use std::{ffi::OsString, path::Path};

use daypart_domain::{
    edit::KeptRange,
    media_info::{Container, MediaInfo},
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};

use self::readings::{Pace, Reading};
use crate::arguments::{file_url, quiet_ffmpeg, safe_input, words};

pub(crate) mod hardware_encoder;
pub(crate) mod lossless;
mod picture;
pub(crate) mod proxy;
mod readings;
mod sound;
mod video_encoder;

pub(crate) use self::video_encoder::{SCARCE_RATE_BPS, frame_rate};

/// What becomes of edit lists when the video is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditLists {
    /// None is written: they hide nothing but a codec's delay.
    Drop,
    /// They move a track or hide pictures; without them sound and picture part.
    Keep,
}

/// Everything a command line is made from. All is decided before; nothing is looked up here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe<'a> {
    pub plan: &'a TranscodePlan,
    pub info: &'a MediaInfo,
    pub source: &'a Path,
    pub edit_lists: EditLists,
    /// When the first frame is shown, in ffmpeg's time of the file.
    pub zero_us: i64,
    /// The plan's gain, and what measuring the loudness added to it.
    pub gain_db: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass<'a> {
    Only,
    /// Writes the log alone.
    First {
        log: &'a Path,
    },
    Second {
        log: &'a Path,
    },
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the kept parts jump back and forth too often")]
pub(crate) struct TooManyJumps;

impl Recipe<'_> {
    /// How long the result plays.
    pub(crate) fn duration_us(&self) -> u64 {
        let kept_us = if self.plan.parts.is_empty() {
            self.info.duration_ms.saturating_mul(1_000)
        } else {
            self.plan.parts.iter().map(|part| part.length_us()).sum()
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive time; the cast saturates"
        )]
        let duration_us = (kept_us as f64 / self.plan.speed).round() as u64;
        duration_us
    }

    /// The audio stream that is heard in the result.
    pub(crate) fn sound_track(&self) -> Option<u32> {
        if self.plan.sound.removed {
            return None;
        }
        let main = self.info.audio.as_ref().map(|audio| audio.stream_index);
        self.plan.sound.track.or(main)
    }

    /// The result has sound, be it silence.
    pub(crate) fn has_sound(&self) -> bool {
        self.sound_track().is_some() || self.is_silenced()
    }

    /// A silent track is made where there is none.
    fn is_silenced(&self) -> bool {
        let sound = &self.plan.sound;
        sound.silence_if_none && self.sound_track().is_none()
    }

    /// As long as the result; empty where no silence is made.
    fn silence(&self) -> Vec<OsString> {
        if !self.is_silenced() {
            return Vec::new();
        }
        let mut arguments = words(["-f", "lavfi", "-t"]);
        let duration_us = i64::try_from(self.duration_us()).unwrap_or(i64::MAX);
        arguments.push(readings::seconds(duration_us).into());
        arguments.extend(words(["-i", "anullsrc=r=48000:cl=stereo"]));
        arguments
    }

    /// `input`: how many inputs stand before the silence.
    fn silence_encoded(&self, input: usize) -> Vec<OsString> {
        let mut arguments = words(["-map"]);
        arguments.push(format!("{input}:0").into());
        arguments.extend(audio_encoder(self));
        arguments
    }

    fn pace(&self, target: &EncodeTarget) -> Pace {
        Pace {
            rate: video_encoder::frame_rate(target, self.info),
            speed: self.plan.speed,
            zero_us: self.zero_us,
        }
    }

    fn readings(&self, pace: Pace) -> Result<Vec<Reading>, TooManyJumps> {
        readings::readings(&self.plan.parts, self.info.container, pace).ok_or(TooManyJumps)
    }

    /// Filters from the decoder's sound to the result's, when nothing is cut.
    /// A copied picture keeps its time stamps, so the sound beside it does too.
    fn uncut_sound(&self) -> String {
        let zero_us = if self.plan.rung == Rung::Encode {
            self.zero_us
        } else {
            0
        };
        let first_sample = zero_us * i64::from(sound::SAMPLE_RATE_HZ) / 1_000_000;
        let mut chain = vec![sound::stereo(first_sample)];
        if zero_us != 0 {
            chain.push("asetpts=N/SR/TB".to_owned());
        }
        chain.extend(sound::shaped(self, self.duration_us()));
        chain.join(",")
    }

    /// What the encoder puts before the sound takes the place of its first moment where no edit list hides it, so
    /// that sound and picture stay together to the sample.
    fn before_encoder(&self) -> &'static str {
        match self.edit_lists {
            EditLists::Drop => ",atrim=start_sample=1024,asetpts=PTS-STARTPTS",
            EditLists::Keep => "",
        }
    }

    /// Filters from the decoder's picture to the result's, when nothing is cut.
    fn uncut_picture(&self, target: &EncodeTarget) -> String {
        let mut chain = picture::progressive(self.info);
        let keeps_frames = target.frame_rate_fps.is_none() && !self.info.video.variable_frame_rate;
        if self.zero_us != 0 || self.plan.speed != 1.0 || !keeps_frames {
            chain.push(readings::even_frames(self.zero_us, self.pace(target)));
        }
        chain.extend(picture::framed(target, self.info));
        chain.join(",")
    }

    fn cut_picture(&self, target: &EncodeTarget, readings: &[Reading]) -> String {
        let cut = readings::cut_picture(
            readings,
            "v",
            0,
            self.info.video.stream_index,
            self.pace(target),
            &picture::progressive(self.info),
            &picture::framed_parts(target, self.info),
        );
        format!("{cut};[cut_v]{}[v]", picture::framed(target, self.info).join(","))
    }

    fn cut_sound(&self, track: u32, first_input: usize, readings: &[Reading]) -> String {
        let cut = readings::cut_sound(readings, first_input, track);
        let mut chain = vec!["anull".to_owned()];
        chain.extend(sound::shaped(self, self.duration_us()));
        format!("{cut};[heard]{}{}[a]", chain.join(","), self.before_encoder())
    }
}

/// The whole command line after the program's name. Writes to `part` and nothing else (a first pass: to its log);
/// progress goes to stdout.
pub(crate) fn arguments(
    recipe: &Recipe<'_>,
    pass: Pass<'_>,
    part: &Path,
) -> Result<Vec<OsString>, TooManyJumps> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-y", "-progress", "pipe:1", "-stats_period", "0.25"]));
    let encoded = match (recipe.plan.rung, &recipe.plan.target) {
        (Rung::Encode, Some(target)) => Some(target),
        _ => None,
    };
    if let Some(encoder) = encoded.and_then(|target| target.hardware) {
        arguments.extend(hardware_encoder::device(encoder));
    }
    arguments.extend(match encoded {
        Some(target) if recipe.plan.parts.is_empty() => uncut(recipe, target, pass),
        Some(target) => cut(recipe, target, pass)?,
        None => copied(recipe),
    });
    if matches!(pass, Pass::First { .. }) {
        arguments.extend(words(["-f", "null", "-"]));
        return Ok(arguments);
    }
    let edit_lists = encoded.map_or(recipe.edit_lists, |_| EditLists::Drop);
    arguments.extend(match edit_lists {
        EditLists::Drop => words([
            "-use_editlist",
            "0",
            "-movflags",
            "+faststart+negative_cts_offsets",
        ]),
        EditLists::Keep => words(["-movflags", "+faststart"]),
    });
    arguments.extend(words(["-f", "mp4"]));
    arguments.push(file_url(part));
    Ok(arguments)
}

/// The sound alone, as the result will have it with `recipe.gain_db`, as signed 16-bit stereo of 48 kHz on stdout.
/// `None` without sound.
pub(crate) fn listening(recipe: &Recipe<'_>) -> Result<Option<Vec<OsString>>, TooManyJumps> {
    let Some(track) = recipe.sound_track() else {
        return Ok(None);
    };
    let mut arguments = quiet_ffmpeg();
    if recipe.plan.parts.is_empty() {
        arguments.extend(safe_input(recipe.source));
        arguments.extend(words(["-map"]));
        arguments.push(format!("0:{track}").into());
        arguments.extend(words(["-vn", "-sn", "-dn", "-af"]));
        arguments.push(recipe.uncut_sound().into());
    } else {
        let readings = recipe.readings(Pace::of_sound(recipe.plan.speed, recipe.zero_us))?;
        arguments.extend(readings::inputs(&readings, recipe.source));
        arguments.extend(words(["-filter_complex"]));
        arguments.push(recipe.cut_sound(track, 0, &readings).into());
        arguments.extend(words(["-map", "[a]"]));
    }
    arguments.extend(words(["-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]));
    Ok(Some(arguments))
}

/// How alike the kept parts of the recipe are to the same stretches of its result, frame by frame on stdout, at a
/// quarter of the size.
pub(crate) fn comparing(
    recipe: &Recipe<'_>,
    target: &EncodeTarget,
    stretches: &[KeptRange],
    result: &Path,
) -> Result<Vec<OsString>, TooManyJumps> {
    let of_source = recipe.readings(recipe.pace(target))?;
    let as_it_is = Pace {
        speed: 1.0,
        zero_us: 0,
        ..recipe.pace(target)
    };
    let of_result = readings::readings(stretches, Container::Mp4, as_it_is).ok_or(TooManyJumps)?;
    let seen = readings::cut_picture(&of_result, "r", of_source.len(), 0, as_it_is, &[], &[]);
    let quarter = |side_px: u32| (side_px / 4).next_multiple_of(2).max(32);
    // Small, so that grain does not count, which no encoder keeps.
    let smaller = format!(
        "scale={}:{}:flags=area",
        quarter(target.width_px),
        quarter(target.height_px)
    );
    let mut arguments = quiet_ffmpeg();
    arguments.extend(readings::inputs(&of_source, recipe.source));
    arguments.extend(readings::inputs(&of_result, result));
    arguments.extend(words(["-filter_complex"]));
    arguments.push(
        format!(
            "{};{seen};[cut_r]setsar=1,{smaller}[r];[v]{smaller}[s];[r][s]ssim=stats_file=-[alike]",
            recipe.cut_picture(target, &of_source)
        )
        .into(),
    );
    arguments.extend(words(["-map", "[alike]", "-f", "null", "-"]));
    Ok(arguments)
}

/// One input; the tracks the probe or the plan chose, and nothing of what else is in the file.
fn uncut(recipe: &Recipe<'_>, target: &EncodeTarget, pass: Pass<'_>) -> Vec<OsString> {
    let mut arguments = safe_input(recipe.source);
    let silenced = recipe.is_silenced() && has_sound(pass);
    if silenced {
        arguments.extend(recipe.silence());
    }
    arguments.extend(words(["-map"]));
    arguments.push(format!("0:{}", recipe.info.video.stream_index).into());
    let track = recipe.sound_track().filter(|_| has_sound(pass));
    if let Some(track) = track {
        arguments.extend([OsString::from("-map"), format!("0:{track}").into()]);
    }
    arguments.extend(nothing_else());
    arguments.extend(words(["-vf"]));
    let mut picture = recipe.uncut_picture(target);
    if let Some(upload) = target.hardware.and_then(hardware_encoder::upload) {
        picture = format!("{picture},{upload}");
    }
    arguments.push(picture.into());
    arguments.extend(video_encoder::options(target, recipe.pace(target).rate, pass));
    if track.is_some() {
        arguments.extend(audio_encoder(recipe));
        arguments.extend(words(["-af"]));
        arguments.push(format!("{}{}", recipe.uncut_sound(), recipe.before_encoder()).into());
    }
    if silenced {
        arguments.extend(recipe.silence_encoded(1));
    }
    arguments
}

fn cut(recipe: &Recipe<'_>, target: &EncodeTarget, pass: Pass<'_>) -> Result<Vec<OsString>, TooManyJumps> {
    let pace = recipe.pace(target);
    let readings = recipe.readings(pace)?;
    let mut arguments = readings::inputs(&readings, recipe.source);
    let silenced = recipe.is_silenced() && has_sound(pass);
    if silenced {
        arguments.extend(recipe.silence());
    }
    let track = recipe.sound_track().filter(|_| has_sound(pass));
    let mut graph = recipe.cut_picture(target, &readings);
    let upload = target.hardware.and_then(hardware_encoder::upload);
    if let Some(upload) = upload {
        graph = format!("{graph};[v]{upload}[uploaded]");
    }
    if let Some(track) = track {
        graph.push(';');
        graph.push_str(&recipe.cut_sound(track, 0, &readings));
    }
    arguments.extend(words(["-filter_complex"]));
    arguments.push(graph.into());
    arguments.extend(words([
        "-map",
        if upload.is_some() { "[uploaded]" } else { "[v]" },
    ]));
    if track.is_some() {
        arguments.extend(words(["-map", "[a]"]));
    }
    arguments.extend(nothing_else());
    arguments.extend(video_encoder::options(target, pace.rate, pass));
    if track.is_some() {
        arguments.extend(audio_encoder(recipe));
    }
    if silenced {
        arguments.extend(recipe.silence_encoded(readings.len()));
    }
    Ok(arguments)
}

/// The video as it is; the sound as it is too, or encoded.
fn copied(recipe: &Recipe<'_>) -> Vec<OsString> {
    let mut arguments = safe_input(recipe.source);
    arguments.extend(recipe.silence());
    arguments.extend(words(["-map"]));
    arguments.push(format!("0:{}", recipe.info.video.stream_index).into());
    let track = recipe.sound_track();
    if let Some(track) = track {
        arguments.extend([OsString::from("-map"), format!("0:{track}").into()]);
    }
    arguments.extend(nothing_else());
    arguments.extend(words(["-c:v", "copy"]));
    if recipe.info.video.codec == "hevc" {
        // The only tag Apple's players and several platforms accept.
        arguments.extend(words(["-tag:v", "hvc1"]));
    }
    match (track, recipe.plan.rung) {
        (None, _) if recipe.is_silenced() => arguments.extend(recipe.silence_encoded(1)),
        (None, _) => {}
        (Some(_), Rung::AudioOnly) => {
            arguments.extend(audio_encoder(recipe));
            arguments.extend(words(["-af"]));
            arguments.push(format!("{}{}", recipe.uncut_sound(), recipe.before_encoder()).into());
        }
        (Some(_), _) => arguments.extend(words(["-c:a", "copy"])),
    }
    arguments
}

fn has_sound(pass: Pass<'_>) -> bool {
    !matches!(pass, Pass::First { .. })
}

/// No subtitles, timecodes, chapters, places or device names.
fn nothing_else() -> Vec<OsString> {
    words(["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"])
}

fn audio_encoder(recipe: &Recipe<'_>) -> Vec<OsString> {
    let mut arguments = words(["-c:a", "aac", "-b:a"]);
    arguments.push(recipe.plan.sound.bit_rate_bps.to_string().into());
    arguments.extend(words(["-ar", "48000", "-ac", "2"]));
    arguments
}

#[cfg(test)]
mod tests;
