//! How large a tile is.

use daypart_domain::media_info::VideoTrack;

const HEIGHT_PX: std::ops::RangeInclusive<u32> = 16..=360;
const WIDTH_MAX_PX: u64 = 1280;
const TILES_MAX: u32 = 600;
/// Of all tiles of a strip together.
const PIXELS_MAX_BYTES: u32 = 24 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TileSize {
    pub width_px: u32,
    pub height_px: u32,
}

impl TileSize {
    /// As a person sees the video: `width_px` and `height_px` of a track are upright and of square pixels. Even,
    /// as decoders like it.
    pub(super) fn of(video: &VideoTrack, asked_height_px: u32) -> Self {
        let height_px = asked_height_px.clamp(*HEIGHT_PX.start(), *HEIGHT_PX.end()) & !1;
        let (width, height) = (
            u64::from(video.width_px.max(1)),
            u64::from(video.height_px.max(1)),
        );
        let width_px = (u64::from(height_px) * width + height / 2) / height;
        Self {
            width_px: u32::try_from(width_px.min(WIDTH_MAX_PX)).unwrap_or(2).max(2) & !1,
            height_px,
        }
    }

    pub(super) fn picture_bytes(self) -> u32 {
        self.width_px * self.height_px * 3
    }

    /// So many tiles of those asked for.
    pub(super) fn bounded(self, tiles: u32) -> u32 {
        tiles
            .min(PIXELS_MAX_BYTES / self.picture_bytes())
            .clamp(1, TILES_MAX)
    }
}
