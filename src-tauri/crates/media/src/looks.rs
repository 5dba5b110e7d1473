//! What a few pictures of a clip show: bars that are part of the picture, and a beginning in the dark.

use std::sync::{Mutex, PoisonError};

use daypart_domain::{analysis::BlackBars, problem::Problem};
use daypart_ports::timeline::Looks;
use tokio_util::sync::CancellationToken;

use crate::{
    strip::{Clip, StripRequest, Tile, filmstrip},
    toolbox::MediaToolbox,
};

const PICTURES: u32 = 9;
/// The finest a strip has: a bar is found to within a few lines.
const HEIGHT_PX: u32 = 360;
/// Black, and what compression makes of it.
const DARK_MAX: u8 = 28;
/// Of a dark line or picture at least this much is dark.
const DARK_PERCENT: usize = 98;
/// Beside a bar somewhere something is to be seen, or it is a dark scene and no bar.
const LIT_MEAN: usize = 40;
/// Whatever the rate, the first frame is shown during its first half.
const FIRST_US: u64 = 10_000;
const FIRST_HEIGHT_PX: u32 = 90;

/// # Errors
/// As [`filmstrip`].
pub(crate) async fn looks(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    cancel: &CancellationToken,
) -> Result<Looks, Problem> {
    let spread = shades(toolbox, clip, StripRequest::whole(PICTURES, HEIGHT_PX), cancel).await?;
    let first = StripRequest::window(0, FIRST_US, 1, FIRST_HEIGHT_PX);
    let first = shades(toolbox, clip, first, cancel).await?;
    let video = &clip.info.video;
    Ok(Looks {
        black_bars: bars(&spread, (video.width_px, video.height_px)),
        first_frame_black: first.first().map(Shade::is_dark),
    })
}

async fn shades(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    request: StripRequest,
    cancel: &CancellationToken,
) -> Result<Vec<Shade>, Problem> {
    let shades = Mutex::new(Vec::new());
    let on_tile = |tile: &Tile| {
        let shade = Shade::of(tile);
        shades.lock().unwrap_or_else(PoisonError::into_inner).push(shade);
    };
    filmstrip(toolbox, clip, request, None, &on_tile, cancel).await?;
    Ok(shades.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// How bright each row and each column of a picture is.
struct Shade {
    rows: Vec<Line>,
    columns: Vec<Line>,
}

#[derive(Clone, Copy, Default)]
struct Line {
    pixels: usize,
    dark: usize,
    sum: usize,
}

impl Line {
    fn add(&mut self, brightness: u8) {
        self.pixels += 1;
        self.dark += usize::from(brightness <= DARK_MAX);
        self.sum += usize::from(brightness);
    }

    fn is_dark(self) -> bool {
        self.dark * 100 >= self.pixels * DARK_PERCENT
    }

    fn is_lit(self) -> bool {
        self.sum >= self.pixels * LIT_MEAN
    }
}

impl Shade {
    fn of(tile: &Tile) -> Self {
        let width = tile.width_px as usize;
        let mut shade = Self {
            rows: vec![Line::default(); tile.height_px as usize],
            columns: vec![Line::default(); width],
        };
        for (place, pixel) in tile.rgb.chunks_exact(3).enumerate() {
            // The brightest channel: a dark blue is a colour, not black.
            let brightness = pixel.iter().max().copied().unwrap_or_default();
            if let (Some(row), Some(column)) = (
                shade.rows.get_mut(place / width.max(1)),
                shade.columns.get_mut(place % width.max(1)),
            ) {
                row.add(brightness);
                column.add(brightness);
            }
        }
        shade
    }

    fn is_dark(&self) -> bool {
        let (pixels, dark) = self
            .rows
            .iter()
            .fold((0, 0), |sum, row| (sum.0 + row.pixels, sum.1 + row.dark));
        dark * 100 >= pixels * DARK_PERCENT
    }
}

/// Lines that are dark in every picture that shows something, from each edge to the first that is lit. `None` when no
/// picture shows anything.
fn bars(shades: &[Shade], (width_px, height_px): (u32, u32)) -> Option<BlackBars> {
    let lit: Vec<&Shade> = shades.iter().filter(|shade| !shade.is_dark()).collect();
    lit.first()?;
    let rows: Vec<Vec<Line>> = lit.iter().map(|shade| shade.rows.clone()).collect();
    let columns: Vec<Vec<Line>> = lit.iter().map(|shade| shade.columns.clone()).collect();
    let backwards = |lines: &[Vec<Line>]| -> Vec<Vec<Line>> {
        lines
            .iter()
            .map(|lines| lines.iter().rev().copied().collect())
            .collect()
    };
    Some(BlackBars {
        left_px: bar_px(&columns, width_px),
        right_px: bar_px(&backwards(&columns), width_px),
        top_px: bar_px(&rows, height_px),
        bottom_px: bar_px(&backwards(&rows), height_px),
    })
}

/// From the first line on; `side_px` is what all lines together stand for.
fn bar_px(pictures: &[Vec<Line>], side_px: u32) -> u32 {
    let count = pictures.first().map_or(0, Vec::len);
    let is_dark = |line: &usize| pictures.iter().all(|lines| lines[*line].is_dark());
    let dark = (0..count).take_while(is_dark).count();
    // A line or two of the edge are mixed from both sides.
    let beside = dark..(dark + 4).min(count);
    let ends_sharply = pictures
        .iter()
        .any(|lines| beside.clone().any(|line| lines[line].is_lit()));
    if !ends_sharply {
        return 0;
    }
    u32::try_from(dark as u64 * u64::from(side_px) / count.max(1) as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 64 x 36, painted by `brightness` of column and row.
    fn shade(brightness: impl Fn(u32, u32) -> u8) -> Shade {
        let rgb = (0..36)
            .flat_map(|y| (0..64).map(move |x| (x, y)))
            .flat_map(|(x, y)| [brightness(x, y); 3])
            .collect();
        Shade::of(&Tile {
            at_us: 0,
            is_key: true,
            width_px: 64,
            height_px: 36,
            rgb,
        })
    }

    fn letterboxed(x: u32, y: u32) -> u8 {
        if (6..30).contains(&y) {
            90 + (x % 50) as u8
        } else {
            3
        }
    }

    #[test]
    fn bars_are_told_in_pixels_of_the_source() {
        let found = bars(&[shade(letterboxed), shade(|_, _| 0)], (1920, 1080));
        let wanted = BlackBars {
            top_px: 180,
            bottom_px: 180,
            ..BlackBars::default()
        };
        assert_eq!(found, Some(wanted));
        let pillars = bars(&[shade(|x, _| if x < 16 { 0 } else { 120 })], (1280, 720));
        assert_eq!(pillars.map(|bars| (bars.left_px, bars.right_px)), Some((320, 0)));
    }

    #[test]
    fn a_dark_scene_has_no_bars() {
        let dusk = |_: u32, y: u32| (y * 2) as u8;
        assert_eq!(
            bars(&[shade(dusk)], (1920, 1080)),
            Some(BlackBars::default()),
            "it grows lighter slowly"
        );
        let once = bars(&[shade(letterboxed), shade(|_, _| 200)], (1920, 1080));
        assert_eq!(once, Some(BlackBars::default()), "one picture fills the frame");
        assert_eq!(bars(&[shade(|_, _| 0)], (1920, 1080)), None, "nothing was seen");
    }
}
