//! Pictures from ffmpeg's own seeking in the file, for every container that it reads.

use std::{ops::ControlFlow, path::Path, time::Duration};

use daypart_domain::media_info::Container;
use tokio_util::sync::CancellationToken;

use crate::picture_pipe::{self, Picture, PicturePipe, PipeFault};

use super::{
    Clip, Gathering,
    arguments::{Care, Reading, Rendering, read},
};

/// A single picture.
const SEEK_TIMEOUT: Duration = Duration::from_secs(10);
const PASS_STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Seeks to this much before a frame: never to the one after it by rounding.
const BEFORE_US: u64 = 500;

pub(crate) struct Seeker<'a> {
    pub ffmpeg: &'a Path,
    pub clip: Clip<'a>,
    pub rendering: &'a Rendering,
    pub cancel: &'a CancellationToken,
}

/// Where the first shown frame is on ffmpeg's time line of the file (whose 0 may be the beginning of the sound).
#[derive(Debug)]
pub(crate) struct Origin {
    at_us: i64,
    pub rgb: Option<Vec<u8>>,
}

pub(crate) struct Found {
    pub at_us: u64,
    pub rgb: Vec<u8>,
}

impl<'a> Seeker<'a> {
    pub(super) fn new(gathering: &'a Gathering<'a>) -> Self {
        Self {
            ffmpeg: gathering.ffmpeg,
            clip: gathering.clip,
            rendering: &gathering.rendering,
            cancel: gathering.cancel,
        }
    }

    /// # Errors
    /// ffmpeg's words when no picture comes; with the fault when there was one.
    pub(crate) async fn origin(&self) -> Result<Origin, (String, Option<PipeFault>)> {
        let reading = Reading {
            from_us: None,
            care: Care::Exact,
            every_us: None,
            pictures_max: Some(1),
        };
        let mut first = None;
        let outcome = self
            .run(reading, SEEK_TIMEOUT, &mut |picture| {
                first = Some(picture);
                ControlFlow::Continue(())
            })
            .await;
        match (outcome, first) {
            (_, Some(picture)) => Ok(Origin {
                at_us: picture.at_us.unwrap_or(0),
                rgb: Some(picture.bytes),
            }),
            (Ok(words), None) => Err((words, None)),
            (Err(fault), None) => Err((String::new(), Some(fault))),
        }
    }

    /// The very frame that is shown from `at_us` on. Decodes from the keyframe before it.
    pub(crate) async fn frame_at(&self, origin: &Origin, at_us: u64) -> Result<Option<Found>, PipeFault> {
        self.one(origin, at_us.saturating_sub(BEFORE_US), Care::Exact)
            .await
    }

    /// The keyframes before (in some containers: around) these places, sought at the same time.
    pub(crate) async fn keyframes_before(
        &self,
        origin: &Origin,
        places_us: &[u64],
    ) -> Vec<Result<Option<Found>, PipeFault>> {
        match places_us {
            [one, other] => {
                let (one, other) = tokio::join!(
                    self.one(origin, *one, Care::Keyframes),
                    self.one(origin, *other, Care::Keyframes)
                );
                vec![one, other]
            }
            [one] => vec![self.one(origin, *one, Care::Keyframes).await],
            _ => Vec::new(),
        }
    }

    async fn one(&self, origin: &Origin, at_us: u64, care: Care) -> Result<Option<Found>, PipeFault> {
        let reading = Reading {
            from_us: Some(origin.in_file(at_us)),
            care,
            every_us: None,
            pictures_max: Some(1),
        };
        let mut first = None;
        self.run(reading, SEEK_TIMEOUT, &mut |picture| {
            first = Some(picture);
            ControlFlow::Break(())
        })
        .await?;
        Ok(first.and_then(|picture| {
            Some(Found {
                at_us: origin.in_clip(picture.at_us?),
                rgb: picture.bytes,
            })
        }))
    }

    /// Whether seeking in this container finds the place and knows its time. Program streams and raw streams have
    /// neither index nor a time on every frame.
    pub(crate) fn finds_places(&self) -> bool {
        !matches!(self.clip.info.container, Container::MpegPs | Container::Other)
    }

    /// Decodes from `from_us` to `to_us` and tells the first frame of each `every_us`; all frames when that is 0.
    pub(crate) async fn pass(
        &self,
        origin: &Origin,
        (from_us, to_us, every_us): (u64, u64, u64),
        on_frame: &mut (dyn FnMut(u64, Vec<u8>) + Send),
    ) -> Result<String, PipeFault> {
        let reading = Reading {
            from_us: self
                .finds_places()
                .then(|| origin.in_file(from_us.saturating_sub(BEFORE_US))),
            care: Care::Exact,
            every_us: Some(every_us),
            pictures_max: None,
        };
        self.run(reading, PASS_STALL_TIMEOUT, &mut |picture| {
            let Some(at_us) = picture.at_us.map(|at_us| origin.in_clip(at_us)) else {
                return ControlFlow::Continue(());
            };
            if at_us >= to_us {
                return ControlFlow::Break(());
            }
            if at_us + BEFORE_US >= from_us {
                on_frame(at_us, picture.bytes);
            }
            ControlFlow::Continue(())
        })
        .await
    }

    /// Decodes the whole clip as quickly as small pictures allow.
    pub(crate) async fn sketch(
        &self,
        on_frame: &mut (dyn FnMut(u64, Vec<u8>) + Send),
    ) -> Result<String, PipeFault> {
        let reading = Reading {
            from_us: None,
            care: Care::Sketch,
            every_us: None,
            pictures_max: None,
        };
        let mut origin = None;
        self.run(reading, PASS_STALL_TIMEOUT, &mut |picture| {
            if let Some(at_us) = picture.at_us {
                let first = origin.get_or_insert(Origin { at_us, rgb: None });
                on_frame(first.in_clip(at_us), picture.bytes);
            }
            ControlFlow::Continue(())
        })
        .await
    }

    async fn run(
        &self,
        reading: Reading,
        stall_timeout: Duration,
        on_picture: &mut (dyn FnMut(Picture) -> ControlFlow<()> + Send),
    ) -> Result<String, PipeFault> {
        let pipe = PicturePipe {
            program: self.ffmpeg,
            arguments: read(self.clip, self.rendering, reading),
            feed: None,
            picture_bytes: self.rendering.picture_bytes,
            stall_timeout,
        };
        picture_pipe::run(pipe, on_picture, self.cancel).await
    }
}

impl Origin {
    fn in_file(&self, at_us: u64) -> u64 {
        at_us.saturating_add_signed(self.at_us)
    }

    fn in_clip(&self, at_us: i64) -> u64 {
        u64::try_from(at_us.saturating_sub(self.at_us)).unwrap_or(0)
    }
}
