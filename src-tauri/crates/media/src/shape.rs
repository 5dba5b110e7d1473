//! From the picture as it is stored to the picture as a person sees it. Pure.

/// Turned upright, with square pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub width_px: u32,
    pub height_px: u32,
    pub square_pixels: bool,
}

/// `pixel_shape`: width and height of one pixel, both at least 1 (see [`sensible_shape`]).
pub(crate) fn shown(
    coded_width_px: u32,
    coded_height_px: u32,
    pixel_shape: (u32, u32),
    rotation_deg: u16,
) -> Shown {
    let squared = u64::from(coded_width_px) * u64::from(pixel_shape.0) / u64::from(pixel_shape.1.max(1));
    let squared_width_px = u32::try_from(squared).unwrap_or(coded_width_px).max(1);
    // Scalers note the rounding of a side as a shape such as 14899:14917; nobody can see that.
    let square_pixels = squared_width_px.abs_diff(coded_width_px) <= 1;
    let shown_width_px = if square_pixels {
        coded_width_px
    } else {
        squared_width_px
    };
    let (width_px, height_px) = if rotation_deg.is_multiple_of(180) {
        (shown_width_px, coded_height_px)
    } else {
        (coded_height_px, shown_width_px)
    };
    Shown {
        width_px,
        height_px,
        square_pixels,
    }
}

/// 1:1 when unknown or absurd.
pub(crate) fn sensible_shape(shape: Option<(u32, u32)>) -> (u32, u32) {
    shape
        .filter(|(width, height)| {
            let (width, height) = (u64::from(*width), u64::from(*height));
            width > 0 && height > 0 && width <= height * 16 && height <= width * 16
        })
        .unwrap_or((1, 1))
}

/// Perceptual quantiser and hybrid log-gamma, by their numbers in ITU-T H.273.
pub(crate) fn is_hdr_transfer(transfer: u16) -> bool {
    matches!(transfer, 16 | 18)
}
