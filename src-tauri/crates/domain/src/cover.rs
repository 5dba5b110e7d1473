//! The cover of a post at one destination: which it is, when its frame plays, how it is framed. Pure.

use crate::{
    capabilities::Capabilities,
    compliance::{Finding, Severity},
    edit::{Cover, Edit, Fit, Turn},
    post::Content,
    transcode_plan::{
        CropWindow,
        geometry::{framed, framed_by, within_usual_box},
    },
};

/// What a platform takes as a cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CoverChoice {
    /// It chooses by itself.
    #[default]
    Nothing,
    /// A moment of the video that is sent.
    OwnFrame,
    /// Any picture.
    Picture,
}

/// The cover of one destination: its own wins over the edit's. `None` leaves it to the platform.
pub fn chosen<'a>(content: &'a Content, edit: Option<&'a Edit>) -> Option<&'a Cover> {
    content
        .cover
        .as_ref()
        .or_else(|| edit.and_then(|edit| edit.cover.as_ref()))
}

/// When the cover's frame plays in the edited video; `None` for a picture of the user's own and for a frame that was
/// cut away.
pub fn plays_at_us(cover: &Cover, edit: Option<&Edit>) -> Option<u64> {
    match (cover, edit) {
        (Cover::Image { .. }, _) => None,
        (Cover::At { at_us }, None) => Some(*at_us),
        // Parts end within the source; where it ends does not matter for what lies in one of them.
        (Cover::At { at_us }, Some(edit)) => edit.edited_at(*at_us, u64::MAX),
    }
}

/// How a frame of the upright source becomes a cover: cropped, turned, mirrored, fitted into the size; what is left
/// free is filled as the edit says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoverFrame {
    pub crop: Option<CropWindow>,
    pub turn: Turn,
    pub width_px: u32,
    pub height_px: u32,
    pub fit: Fit,
}

/// The source's frame at `at_us`, framed like the video at that moment: as its part is, or as the whole edit where the
/// frame was cut away. At most 1080 × 1920 or 1920 × 1080, never enlarged but for the room around it.
pub fn framed_like_video(edit: &Edit, at_us: u64, width_px: u32, height_px: u32) -> CoverFrame {
    let part = edit.ranges.iter().find(|range| range.contains(at_us));
    let fit = part.map_or(edit.framing.fit, |part| edit.fit_of(part));
    let whole = framed(edit, width_px, height_px);
    let (cover_width_px, cover_height_px) = within_usual_box(whole.width, whole.height);
    CoverFrame {
        crop: framed_by(edit, fit, width_px, height_px).crop,
        turn: edit.turn,
        width_px: cover_width_px,
        height_px: cover_height_px,
        fit,
    }
}

/// Told in the composer when the chosen cover will not be seen at this platform.
pub fn advice(capabilities: &Capabilities, edit: Option<&Edit>, content: &Content) -> Option<Finding> {
    let cover = chosen(content, edit)?;
    let name = capabilities.name;
    let sentence = match (capabilities.cover, cover) {
        (CoverChoice::Picture, _) => return None,
        (CoverChoice::Nothing, _) => format!("{name} chooses the cover by itself: yours is not used there."),
        (CoverChoice::OwnFrame, Cover::Image { .. }) => format!(
            "{name} takes only a frame of the video as its cover: your own picture is not used there."
        ),
        (CoverChoice::OwnFrame, Cover::At { .. }) => {
            if plays_at_us(cover, edit).is_some() {
                return None;
            }
            format!("The frame of the cover was cut out of the video, so {name} shows the first one instead.")
        }
    };
    Some(Finding {
        rule: "cover.not_used".into(),
        severity: Severity::Advice,
        sentence,
        measured: match cover {
            Cover::Image { .. } => "a picture of your own".into(),
            Cover::At { .. } => "a frame of the video".into(),
        },
        limit: match capabilities.cover {
            CoverChoice::OwnFrame => "a frame that is sent".into(),
            CoverChoice::Nothing | CoverChoice::Picture => "no cover".into(),
        },
        source: format!("{name}'s interface for posting"),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Aspect, KeptRange};

    const AT: Cover = Cover::At { at_us: 5_000_000 };

    fn edit(ranges: &[(u64, u64)]) -> Edit {
        Edit {
            ranges: ranges
                .iter()
                .map(|(start_us, end_us)| KeptRange::new(*start_us, *end_us))
                .collect(),
            ..Edit::default()
        }
    }

    #[test]
    fn a_destinations_own_cover_wins() {
        let edits = Edit {
            cover: Some(AT),
            ..Edit::default()
        };
        let none = Content::default();
        assert_eq!(chosen(&none, Some(&edits)), Some(&AT));
        assert_eq!(chosen(&none, None), None);
        let own = Cover::Image {
            path: "own.png".into(),
        };
        let content = Content {
            cover: Some(own.clone()),
            ..Content::default()
        };
        assert_eq!(chosen(&content, Some(&edits)), Some(&own));
    }

    #[test]
    fn its_time_is_that_of_the_edited_video() {
        assert_eq!(plays_at_us(&AT, None), Some(5_000_000));
        assert_eq!(plays_at_us(&AT, Some(&Edit::default())), Some(5_000_000));
        let mut parts = edit(&[(8_000_000, 9_000_000), (4_000_000, 6_000_000)]);
        parts.speed = 2.0;
        assert_eq!(plays_at_us(&AT, Some(&parts)), Some(1_000_000));
        let cut_away = edit(&[(0, 5_000_000)]);
        assert_eq!(plays_at_us(&AT, Some(&cut_away)), None);
    }

    #[test]
    fn a_frame_is_framed_as_its_part_is() {
        let mut parts = edit(&[(0, 1_000_000), (1_000_000, 2_000_000)]);
        parts.framing.aspect = Aspect::Portrait9x16;
        parts.ranges[1].fit = Some(Fit::Blur);
        let cropped = framed_like_video(&parts, 500_000, 1920, 1080);
        let whole = framed_like_video(&parts, 1_500_000, 1920, 1080);
        let beyond = framed_like_video(&parts, 9_000_000, 1920, 1080);
        assert!(cropped.crop.is_some() && cropped == beyond);
        assert_eq!((whole.crop, whole.fit), (None, Fit::Blur));
        for frame in [cropped, whole] {
            assert_eq!((frame.width_px, frame.height_px), (1080, 1920));
        }
    }
}
