//! All tiles in one JPEG.

use std::collections::BTreeMap;

use daypart_domain::problem::Problem;
use image::{RgbImage, codecs::jpeg::JpegEncoder};

use super::{Strip, Tile, TileMark, geometry::TileSize};

const COLUMNS: u32 = 10;
const QUALITY_PERCENT: u8 = 80;

pub(super) async fn join(size: TileSize, tiles: BTreeMap<u64, Tile>) -> Result<Strip, Problem> {
    tokio::task::spawn_blocking(move || paint(size, tiles))
        .await
        .map_err(|error| Problem::bug("the thread that joins pictures died").caused_by(&error))?
}

fn paint(size: TileSize, tiles: BTreeMap<u64, Tile>) -> Result<Strip, Problem> {
    let count = u32::try_from(tiles.len()).unwrap_or(u32::MAX).max(1);
    let columns = count.min(COLUMNS);
    let mut sprite = RgbImage::new(columns * size.width_px, count.div_ceil(columns) * size.height_px);
    let mut marks = Vec::with_capacity(tiles.len());
    for (number, (at_us, tile)) in (0_u32..).zip(tiles) {
        if let Some(picture) = RgbImage::from_raw(tile.width_px, tile.height_px, tile.rgb) {
            let (left, top) = (
                number % columns * size.width_px,
                number / columns * size.height_px,
            );
            image::imageops::replace(&mut sprite, &picture, i64::from(left), i64::from(top));
        }
        marks.push(TileMark {
            at_us,
            is_key: tile.is_key,
        });
    }
    let mut sprite_jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut sprite_jpeg, QUALITY_PERCENT)
        .encode_image(&sprite)
        .map_err(|error| Problem::bug("the strip could not be compressed").caused_by(&error))?;
    Ok(Strip {
        tile_width_px: size.width_px,
        tile_height_px: size.height_px,
        columns,
        tiles: marks,
        sprite_jpeg,
    })
}
