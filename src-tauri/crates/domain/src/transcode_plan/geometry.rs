//! Where the crop window lies and which shape the frame has.

use super::CropWindow;
use crate::edit::{Edit, Fit};

pub(crate) const LONG_SIDE_PX: u32 = 1920;
pub(crate) const SHORT_SIDE_PX: u32 = 1080;

/// The frame before any scaling, after crop and turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Framed {
    pub crop: Option<CropWindow>,
    pub width: f64,
    pub height: f64,
}

impl Framed {
    /// Whole even pixels.
    pub fn size_px(&self) -> (u32, u32) {
        (even(self.width), even(self.height))
    }
}

/// The frame that `edit` makes of an upright source picture. Parts that are framed on their own share it: it is as
/// large as the largest of them needs, and `crop` is that one's.
pub(crate) fn framed(edit: &Edit, width_px: u32, height_px: u32) -> Framed {
    let by_edit = framed_by(edit, edit.framing.fit, width_px, height_px);
    edit.fits()
        .into_iter()
        .map(|fit| framed_by(edit, fit, width_px, height_px))
        .reduce(|one, other| if other.width > one.width { other } else { one })
        .unwrap_or(by_edit)
}

/// The frame of a part that comes into it by `fit`.
pub(crate) fn framed_by(edit: &Edit, fit: Fit, width_px: u32, height_px: u32) -> Framed {
    let on_its_side = matches!(edit.turn.rotate_deg, 90 | 270);
    let turned = |(width, height): (f64, f64)| {
        if on_its_side {
            (height, width)
        } else {
            (width, height)
        }
    };
    let source = (f64::from(width_px.max(1)), f64::from(height_px.max(1)));
    let Some((ratio_width, ratio_height)) = edit.framing.aspect.ratio() else {
        let (width, height) = turned(source);
        return Framed {
            crop: None,
            width,
            height,
        };
    };
    let wanted = f64::from(ratio_width) / f64::from(ratio_height);
    match fit {
        Fit::Fill { centre_x, centre_y } => {
            // The window is laid on the source before the turn.
            let shape = if on_its_side { 1.0 / wanted } else { wanted };
            let window = (source.0.min(source.1 * shape), source.1.min(source.0 / shape));
            let (width, height) = turned(window);
            Framed {
                crop: crop_window((width_px, height_px), window, (centre_x, centre_y)),
                width,
                height,
            }
        }
        Fit::Blur | Fit::Colour { .. } => {
            let (width, height) = holding(turned(source), wanted);
            Framed {
                crop: None,
                width,
                height,
            }
        }
    }
}

/// The smallest frame of a shape that holds the picture whole.
pub(crate) fn holding((width, height): (f64, f64), shape: f64) -> (f64, f64) {
    (width.max(height * shape), height.max(width / shape))
}

/// Fitted into 1080 × 1920 or 1920 × 1080 without enlarging.
pub(crate) fn within_usual_box(width: f64, height: f64) -> (u32, u32) {
    let (box_width, box_height) = usual_box(width, height);
    let scale = (f64::from(box_width) / width)
        .min(f64::from(box_height) / height)
        .min(1.0);
    (even(width * scale), even(height * scale))
}

/// Width and height of the box for a picture that stands, lies or is square.
pub(crate) fn usual_box(width: f64, height: f64) -> (u32, u32) {
    if height > width {
        (SHORT_SIDE_PX, LONG_SIDE_PX)
    } else if width > height {
        (LONG_SIDE_PX, SHORT_SIDE_PX)
    } else {
        (SHORT_SIDE_PX, SHORT_SIDE_PX)
    }
}

/// `None` when the window is the whole picture but for a pixel that evenness costs.
fn crop_window(source: (u32, u32), window: (f64, f64), centre: (f64, f64)) -> Option<CropWindow> {
    let side = |source_px: u32, length: f64| even(length).min((source_px & !1).max(2));
    let (width_px, height_px) = (side(source.0, window.0), side(source.1, window.1));
    if source.0 - width_px.min(source.0) < 2 && source.1 - height_px.min(source.1) < 2 {
        return None;
    }
    let start = |source_px: u32, window_px: u32, centre: f64| {
        let room_px = source_px.saturating_sub(window_px);
        let wanted = f64::from(source_px) * centre.clamp(0.0, 1.0) - f64::from(window_px) / 2.0;
        whole(wanted.max(0.0)).min(room_px) & !1
    };
    Some(CropWindow {
        x_px: start(source.0, width_px, centre.0),
        y_px: start(source.1, height_px, centre.1),
        width_px,
        height_px,
    })
}

/// The nearest even number, at least 2.
fn even(length: f64) -> u32 {
    whole((length / 2.0).round()).saturating_mul(2).max(2)
}

fn whole(length: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast from a double saturates"
    )]
    {
        length as u32
    }
}
