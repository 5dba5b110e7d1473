//! What a file sounds like, from one pass over its sound (MEDIA.md §4b): the waveform at every zoom, the loudness,
//! the silences. ffmpeg only decodes; everything is measured here, on the stream it writes.
//!
//! All times are those of the edit document: microseconds after the first frame shown. Sound that starts late is
//! preceded by silence, sound before the first frame is left out, and sound after the last frame too.

mod arguments;
mod cache_file;
mod feed;
mod loudness;
mod metering;
mod refusals;
mod silence;
mod true_peak;
mod waveform;

use std::{
    ffi::OsString,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use daypart_domain::{media_info::MediaInfo, problem::Problem};
use tokio_util::sync::CancellationToken;

pub(crate) use self::loudness::LoudnessMeter;
use self::{cache_file::CacheKey, feed::SoundFeed, metering::Meter};
pub use self::{
    loudness::Loudness,
    silence::Silence,
    waveform::{Bucket, Level, Waveform},
};
use crate::{
    confine::Allowance,
    picture_pipe::Feed,
    pipe_run::{PipeFault, PipeRun, run_pipe},
    problems, start_times,
    toolbox::MediaToolbox,
};

/// Peaks are told after each such stretch of sound.
const TOLD_EVERY_BUCKETS: usize = 250;

/// What to listen to.
#[derive(Debug, Clone, Copy)]
pub struct SoundOrder<'a> {
    pub source: &'a Path,
    pub info: &'a MediaInfo,
    /// Index of the audio stream in the file, as ffmpeg counts; `None` takes the main one.
    pub track: Option<u32>,
    /// Where an earlier answer may be and this one is kept; `None` measures anew and keeps nothing.
    pub cache: Option<SoundCache<'a>>,
}

/// A folder of our own, and the content hash of the source, which together with the track names the file.
#[derive(Debug, Clone, Copy)]
pub struct SoundCache<'a> {
    pub folder: &'a Path,
    pub content_hash: &'a str,
}

/// The peaks that have come since the last word.
#[derive(Debug, Clone, Copy)]
pub struct SoundProgress<'a> {
    /// Where `buckets` begin, counted in buckets of the finest level.
    pub first_bucket: usize,
    pub buckets: &'a [Bucket],
}

pub type SoundObserver = Box<dyn FnMut(SoundProgress<'_>) + Send>;

/// Whether there is anything to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audibility {
    /// The file has no such track.
    NoTrack,
    /// There is a track, and not one sample comes out of it.
    Empty,
    /// No sample is louder than -60 dBFS.
    Silent,
    Audible,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    pub audibility: Audibility,
    pub waveform: Waveform,
    pub loudness: Loudness,
    /// In order, not touching each other.
    pub silences: Vec<Silence>,
}

impl Sound {
    fn none(audibility: Audibility) -> Self {
        Self {
            audibility,
            waveform: Waveform::default(),
            loudness: Loudness::default(),
            silences: Vec::new(),
        }
    }

    fn of(meter: Meter) -> Self {
        let (buckets, loudness) = meter.finish();
        if buckets.is_empty() {
            return Self::none(Audibility::Empty);
        }
        let audible = buckets.iter().any(Bucket::is_audible);
        Self {
            audibility: if audible {
                Audibility::Audible
            } else {
                Audibility::Silent
            },
            silences: silence::silences(&buckets, loudness.integrated_lufs),
            waveform: Waveform::from_buckets(buckets),
            loudness,
        }
    }
}

/// Measures the sound, or reads what an earlier run kept. A file without sound is an answer, not an error.
///
/// An answer that cannot be kept is told to the log alone.
///
/// # Errors
/// `media.ffmpeg_missing`, `media.cancelled`, `file.missing`, `file.unreadable`, `media.sound_unreadable` (the track
/// is damaged or of a kind this ffmpeg does not know), `media.tool_failed`.
pub(crate) async fn sound(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    order: SoundOrder<'_>,
    observer: Option<SoundObserver>,
    cancel: &CancellationToken,
) -> Result<Sound, Problem> {
    let main = order.info.audio.as_ref().map(|audio| audio.stream_index);
    let Some(track) = order.track.or(main) else {
        return Ok(Sound::none(Audibility::NoTrack));
    };
    let kept = order
        .cache
        .and_then(|cache| CacheKey::new(cache.folder, cache.content_hash, track));
    if let Some(sound) = read_kept(kept.clone()).await {
        return Ok(sound);
    }
    let sound = measure(toolbox, stall_timeout, order, track, observer, cancel).await?;
    if let Some(key) = kept {
        let copy = sound.clone();
        let written = tokio::task::spawn_blocking(move || key.write(&copy)).await;
        if let Err(error) = written.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            tracing::warn!(%error, "a waveform could not be kept");
        }
    }
    Ok(sound)
}

async fn read_kept(key: Option<CacheKey>) -> Option<Sound> {
    let key = key?;
    tokio::task::spawn_blocking(move || key.read())
        .await
        .ok()
        .flatten()
}

async fn measure(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    order: SoundOrder<'_>,
    track: u32,
    observer: Option<SoundObserver>,
    cancel: &CancellationToken,
) -> Result<Sound, Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let ear = Ear {
        ffmpeg: &ffmpeg,
        order,
        stall_timeout,
        cancel,
    };
    let mut observer = observer.unwrap_or_else(|| Box::new(|_| {}));
    if let Some(SoundFeed { feed, zero_us }) = ear.feed(track).await? {
        let heard = ear.listen(arguments::fed(zero_us), Some(feed), observer).await?;
        if heard.is_whole {
            return Ok(Sound::of(heard.meter));
        }
        tracing::debug!(said = heard.stderr, "the sound by itself was not understood");
        observer = heard.observer;
    }
    let starts = start_times::start_times(toolbox, order.source).await?;
    if starts.lacks(track) {
        return Ok(Sound::none(Audibility::NoTrack));
    }
    let zero_us = starts.zero_us(order.info.video.stream_index);
    let arguments = arguments::arguments(order.source, track, zero_us);
    let heard = ear.listen(arguments, None, observer).await?;
    if !heard.is_whole {
        return Err(match tokio::fs::metadata(order.source).await {
            Err(error) => problems::unopened(order.source, &error),
            Ok(_) => refusals::unreadable(order.source, heard.stderr),
        });
    }
    Ok(Sound::of(heard.meter))
}

struct Ear<'a> {
    ffmpeg: &'a Path,
    order: SoundOrder<'a>,
    stall_timeout: Duration,
    cancel: &'a CancellationToken,
}

struct Heard {
    meter: Meter,
    observer: SoundObserver,
    /// ffmpeg ended well, or had said enough before.
    is_whole: bool,
    stderr: String,
}

impl Ear<'_> {
    async fn feed(&self, track: u32) -> Result<Option<SoundFeed>, Problem> {
        let (source, picture) = (
            self.order.source.to_path_buf(),
            self.order.info.video.stream_index,
        );
        tokio::task::spawn_blocking(move || feed::sound_feed(&source, picture, track))
            .await
            .map_err(|error| Problem::bug("the thread that reads an index died").caused_by(&error))
    }

    async fn listen(
        &self,
        arguments: Vec<OsString>,
        feed: Option<Feed>,
        mut observer: SoundObserver,
    ) -> Result<Heard, Problem> {
        let source = self.order.source;
        let run = PipeRun {
            program: self.ffmpeg,
            arguments,
            reads: Vec::new(),
            feed: feed.map(|feed| Box::new(feed.reader()) as Box<dyn Read + Send>),
            allowance: Allowance::Stream,
            stall_timeout: self.stall_timeout,
        };
        let enough_buckets = waveform::buckets_of_ms(self.order.info.duration_ms);
        let reader = move |stdout: &mut dyn Read| {
            let mut meter = Meter::new(enough_buckets)?;
            meter.read(stdout, TOLD_EVERY_BUCKETS, &mut observer)?;
            Ok::<_, metering::MeterFault>((meter, observer))
        };
        let end = run_pipe(run, reader, self.cancel)
            .await
            .map_err(|fault| match fault {
                PipeFault::Cancelled => refusals::cancelled(source),
                PipeFault::Stalled => refusals::unreadable(source, "no data came any more"),
                fault => problems::tool_failed(source, &fault),
            })?;
        let (meter, observer) = end
            .read
            .map_err(|fault| Problem::bug("the sound meter refused its input").caused_by(&fault))?;
        Ok(Heard {
            is_whole: end.success || meter.has_enough(),
            meter,
            observer,
            stderr: end.stderr,
        })
    }
}

/// Where a kept answer is, for whoever bounds the folder's size; `None` for a hash that is none.
pub fn kept_at(cache: SoundCache<'_>, track: u32) -> Option<PathBuf> {
    CacheKey::new(cache.folder, cache.content_hash, track).map(|key| key.path().to_path_buf())
}
