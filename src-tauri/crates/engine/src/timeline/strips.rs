//! Strips of pictures for a part of the time line, and single frames.

use std::{fmt, str::FromStr, sync::Mutex};

use daypart_domain::{ids::AssetId, problem::Problem};
use daypart_ports::timeline::{Picture, StripOrder, StripPrecision};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Footage, PictureId, lock};
use crate::{Engine, EngineEvent};

const SLOTS_MAX: u32 = 400;
/// A strip whose slots are shorter than this share of the time between keyframes shows the very frames.
const KEYFRAME_SHARE: u64 = 1;

/// Names an open strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StripId(Uuid);

impl fmt::Display for StripId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for StripId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// `slots` pictures spread evenly over `from_us..to_us`, which may end beyond the clip: slots that begin there stay
/// empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripRequest {
    pub from_us: u64,
    pub to_us: u64,
    /// Cut to 1 ..= 400.
    pub slots: u32,
    pub height_px: u32,
}

/// A picture that came for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripPicture {
    pub slot: u32,
    pub at_us: u64,
    pub picture: PictureId,
}

impl StripRequest {
    fn bounded(self) -> Self {
        let slots = self.slots.clamp(1, SLOTS_MAX);
        Self {
            slots,
            to_us: self.to_us.max(self.from_us + u64::from(slots)),
            ..self
        }
    }

    fn slot_us(&self) -> u64 {
        ((self.to_us - self.from_us) / u64::from(self.slots)).max(1)
    }

    /// The slot that a time falls into; times outside belong to the slot at that end.
    fn slot_of(&self, at_us: u64) -> u32 {
        let slot = at_us.saturating_sub(self.from_us) / self.slot_us();
        u32::try_from(slot).unwrap_or(u32::MAX).min(self.slots - 1)
    }

    /// Slots that begin within the clip.
    fn slots_within(&self, duration_us: u64) -> u32 {
        let within = duration_us.saturating_sub(self.from_us).div_ceil(self.slot_us());
        u32::try_from(within).unwrap_or(u32::MAX).min(self.slots)
    }

    fn order(&self, footage: &Footage, keyframes_us: Option<&[u64]>) -> StripOrder {
        let duration_us = footage.duration_us();
        let between_keyframes_us =
            keyframes_us.map_or(0, |keyframes| duration_us / (keyframes.len() as u64).max(1));
        let precision = if self.slot_us() * KEYFRAME_SHARE < between_keyframes_us {
            StripPrecision::Frames
        } else {
            StripPrecision::Keyframes
        };
        StripOrder {
            from_us: self.from_us,
            to_us: self.to_us.min(duration_us),
            pictures: self.slots_within(duration_us),
            height_px: self.height_px,
            precision,
        }
    }
}

/// The slots that are filled, and with what.
struct Filling(Mutex<Vec<Option<(u64, PictureId)>>>);

impl Engine {
    /// Starts decoding; [`EngineEvent::StripPictures`] brings the pictures, spread ones first.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`.
    pub async fn open_strip(&self, id: AssetId, request: StripRequest) -> Result<StripId, Problem> {
        let footage = self.footage(id).await?;
        let keyframes_us = lock(&self.measured(id, &footage)).keyframes_us.clone();
        let request = request.bounded();
        let order = request.order(&footage, keyframes_us.as_deref());
        let strip = StripId(self.new_uuid());
        let cancel = self.inner.stop.child_token();
        self.inner.timelines.strips().insert(strip, cancel.clone());
        let engine = self.clone();
        tokio::spawn(async move {
            let outcome = engine.fill(strip, &footage, &request, order, &cancel).await;
            engine.inner.timelines.strips().remove(&strip);
            if cancel.is_cancelled() {
                return;
            }
            let (pictures, problem) = match outcome {
                Ok(rest) => (rest, None),
                Err(problem) => (Vec::new(), Some(problem)),
            };
            engine.emit(EngineEvent::StripPictures {
                strip,
                pictures,
                is_complete: true,
                problem,
            });
        });
        Ok(strip)
    }

    /// Decoding stops at once. An unknown or finished strip is not an error.
    pub fn close_strip(&self, strip: StripId) {
        if let Some(cancel) = self.inner.timelines.strips().remove(&strip) {
            cancel.cancel();
        }
    }

    /// The picture behind an id; `None` once newer ones took its place.
    pub fn picture(&self, id: PictureId) -> Option<std::sync::Arc<[u8]>> {
        self.inner.timelines.pictures().get(id)
    }

    /// The frame that is shown at `at_us`, exactly, and when it begins to be shown.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`, `media.strip_failed`, `media.ffmpeg_missing`.
    pub async fn frame(&self, id: AssetId, at_us: u64, height_px: u32) -> Result<(u64, PictureId), Problem> {
        let footage = self.footage(id).await?;
        let at_us = at_us.min(footage.duration_us() - 1);
        let order = StripOrder {
            from_us: at_us,
            to_us: at_us + 1,
            pictures: 1,
            height_px,
            precision: StripPrecision::Frames,
        };
        let found = Mutex::new(None);
        let keep = |picture: Picture| *lock(&found) = Some(picture);
        let timeline = &self.parts().media_timeline;
        timeline
            .strip(footage.clip(), order, &keep, &self.inner.stop)
            .await?;
        let picture = lock(&found)
            .take()
            .ok_or_else(|| Problem::bug("a strip without pictures and without an error"))?;
        Ok((picture.at_us, self.inner.timelines.pictures().put(picture.jpeg)))
    }

    /// Tells pictures as they come. Returns what the empty slots show in the end: the picture before them.
    async fn fill(
        &self,
        strip: StripId,
        footage: &Footage,
        request: &StripRequest,
        order: StripOrder,
        cancel: &CancellationToken,
    ) -> Result<Vec<StripPicture>, Problem> {
        if order.pictures == 0 {
            return Ok(Vec::new());
        }
        let filling = Filling(Mutex::new(vec![None; order.pictures as usize]));
        let on_picture = |picture: Picture| {
            let slot = request.slot_of(picture.at_us).min(order.pictures - 1);
            let shelved = self.inner.timelines.pictures().put(picture.jpeg);
            let place = slot as usize;
            if lock(&filling.0)[place]
                .replace((picture.at_us, shelved))
                .is_some()
            {
                return;
            }
            self.emit(EngineEvent::StripPictures {
                strip,
                pictures: vec![StripPicture {
                    slot,
                    at_us: picture.at_us,
                    picture: shelved,
                }],
                is_complete: false,
                problem: None,
            });
        };
        let timeline = &self.parts().media_timeline;
        timeline.strip(footage.clip(), order, &on_picture, cancel).await?;
        Ok(rest(&lock(&filling.0)))
    }
}

/// For each empty slot the last picture before it, or else the first one after it.
fn rest(slots: &[Option<(u64, PictureId)>]) -> Vec<StripPicture> {
    let mut last = slots.iter().flatten().next().copied();
    let mut rest = Vec::new();
    for (slot, filled) in (0_u32..).zip(slots) {
        match (filled, last) {
            (Some(filled), _) => last = Some(*filled),
            (None, Some((at_us, picture))) => rest.push(StripPicture { slot, at_us, picture }),
            (None, None) => {}
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: StripRequest = StripRequest {
        from_us: 1_000_000,
        to_us: 5_000_000,
        slots: 4,
        height_px: 72,
    };

    #[test]
    fn a_time_belongs_to_the_slot_it_falls_into() {
        for (at_us, slot) in [
            (0, 0),
            (1_000_000, 0),
            (1_999_999, 0),
            (2_000_000, 1),
            (4_999_999, 3),
            (9_000_000, 3),
        ] {
            assert_eq!(REQUEST.slot_of(at_us), slot, "{at_us}");
        }
    }

    #[test]
    fn slots_beyond_the_end_stay_empty() {
        for (duration_us, slots) in [
            (9_000_000, 4),
            (5_000_000, 4),
            (3_500_000, 3),
            (3_000_000, 2),
            (500_000, 0),
        ] {
            assert_eq!(REQUEST.slots_within(duration_us), slots, "{duration_us}");
        }
    }

    #[test]
    fn an_impossible_request_is_bent_into_a_possible_one() {
        let bent = StripRequest {
            from_us: 10,
            to_us: 3,
            slots: 0,
            height_px: 72,
        }
        .bounded();
        assert_eq!((bent.slots, bent.slot_us()), (1, 1));
        assert_eq!(
            StripRequest {
                slots: 100_000,
                ..REQUEST
            }
            .bounded()
            .slots,
            SLOTS_MAX
        );
    }

    #[test]
    fn empty_slots_show_the_picture_before_them() {
        let mut shelf = super::super::PictureShelf::default();
        let (a, b) = (shelf.put(vec![1]), shelf.put(vec![2]));
        let slots = [None, Some((7, a)), None, Some((9, b)), None];
        let shown: Vec<(u32, u64)> = rest(&slots)
            .iter()
            .map(|found| (found.slot, found.at_us))
            .collect();
        assert_eq!(shown, [(0, 7), (2, 7), (4, 9)]);
        assert_eq!(rest(&[None, None]), []);
    }
}
