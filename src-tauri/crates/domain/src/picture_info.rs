//! What was measured in a picture. Every value comes from the file, none from its name.

use serde::{Deserialize, Serialize};

/// The format, as found by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    Jpeg,
    Png,
    Webp,
    Heic,
    Avif,
}

impl PictureFormat {
    pub const fn label(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "JPEG",
            PictureFormat::Png => "PNG",
            PictureFormat::Webp => "WebP",
            PictureFormat::Heic => "HEIC",
            PictureFormat::Avif => "AVIF",
        }
    }
}

/// How a picture moves. GIF and APNG are not pictures here: they are measured and converted as videos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Animation {
    pub frame_count: u32,
    /// Of one round.
    pub duration_ms: u64,
}

/// The result of measuring a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureInfo {
    pub format: PictureFormat,
    pub size_bytes: u64,
    /// As a person sees it: turned as the file asks.
    pub width_px: u32,
    pub height_px: u32,
    /// How the stored picture has to be turned and mirrored, by EXIF's numbers: 1 (not at all) to 8.
    pub orientation: u8,
    /// What the embedded colour profile calls itself; `None` without one, which means sRGB.
    #[serde(default)]
    pub colour_profile: Option<String>,
    #[serde(default)]
    pub animation: Option<Animation>,
    /// GPS position or device names are stored in the file.
    pub has_private_metadata: bool,
}

/// The size of a stored picture once it is turned by EXIF's `orientation`: from 5 on, the sides change places.
pub const fn upright_size(orientation: u8, stored_width_px: u32, stored_height_px: u32) -> (u32, u32) {
    if orientation >= 5 {
        (stored_height_px, stored_width_px)
    } else {
        (stored_width_px, stored_height_px)
    }
}
