//! The first entry of `stsd`: what a track's samples are.

use super::index::{child, children, u32_at};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Description {
    /// Four characters such as `avc1`.
    pub format: [u8; 4],
    /// How many entries there are; with more than one the samples change their kind on the way.
    pub entry_count: usize,
    pub picture: Option<PictureEntry>,
    pub sound: Option<SoundEntry>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PictureEntry {
    pub width_px: u16,
    pub height_px: u16,
    /// The body of `avcC` or `hvcC`.
    pub decoder_setup: Option<Vec<u8>>,
    /// `pasp`: width and height of one pixel.
    pub pixel_shape: Option<(u32, u32)>,
    pub colour: Option<BoxColour>,
    /// `fiel`: fields per frame.
    pub field_count: Option<u8>,
}

/// `colr`, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoxColour {
    pub transfer: u16,
    /// Only `nclx` says.
    pub full_range: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SoundEntry {
    /// QuickTime's version of the entry.
    pub version: u16,
    pub channels: u16,
    pub sample_bits: u16,
    pub sample_rate_hz: u32,
    /// The body of `esds`.
    pub stream_descriptor: Option<Vec<u8>>,
}

/// No recorder's setup is larger.
const SETUP_MAX_BYTES: usize = 64 * 1024;

pub(super) fn read(table: &[u8], handler: [u8; 4]) -> Option<Description> {
    let entries = table.get(8..)?;
    let (format, body) = children(entries).next()?;
    Some(Description {
        format,
        entry_count: children(entries).count(),
        picture: (&handler == b"vide").then(|| picture_entry(body)).flatten(),
        sound: (&handler == b"soun").then(|| sound_entry(body)).flatten(),
    })
}

/// Encrypted sample entries: Common Encryption and the older iTunes ones.
pub(crate) fn is_protected(table: &[u8]) -> bool {
    children(table.get(8..).unwrap_or_default())
        .any(|(name, _)| matches!(&name, b"encv" | b"enca" | b"enct" | b"drms" | b"drmi"))
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes
        .get(offset..)?
        .first_chunk::<2>()
        .map(|bytes| u16::from_be_bytes(*bytes))
}

fn kept(body: &[u8]) -> Option<Vec<u8>> {
    (body.len() <= SETUP_MAX_BYTES).then(|| body.to_vec())
}

fn picture_entry(body: &[u8]) -> Option<PictureEntry> {
    let extensions = body.get(78..)?;
    let setup = child(extensions, b"avcC").or_else(|| child(extensions, b"hvcC"));
    Some(PictureEntry {
        width_px: u16_at(body, 24)?,
        height_px: u16_at(body, 26)?,
        decoder_setup: setup.and_then(kept),
        pixel_shape: child(extensions, b"pasp")
            .and_then(|shape| Some((u32_at(shape, 0)?, u32_at(shape, 4)?))),
        colour: child(extensions, b"colr").and_then(colour),
        field_count: child(extensions, b"fiel").and_then(|fields| fields.first().copied()),
    })
}

fn colour(body: &[u8]) -> Option<BoxColour> {
    let kind = body.get(..4)?;
    let full_range = match kind {
        b"nclx" => Some(body.get(10)? & 0x80 != 0),
        b"nclc" => None,
        _ => return None,
    };
    Some(BoxColour {
        transfer: u16_at(body, 6)?,
        full_range,
    })
}

fn sound_entry(body: &[u8]) -> Option<SoundEntry> {
    let version = u16_at(body, 8)?;
    let extensions = body.get(if version == 1 { 44 } else { 28 }..).unwrap_or_default();
    let descriptor = child(extensions, b"esds")
        .or_else(|| child(extensions, b"wave").and_then(|wave| child(wave, b"esds")));
    Some(SoundEntry {
        version,
        channels: u16_at(body, 16)?,
        sample_bits: u16_at(body, 18)?,
        sample_rate_hz: u32_at(body, 24)? >> 16,
        stream_descriptor: descriptor.and_then(kept),
    })
}
