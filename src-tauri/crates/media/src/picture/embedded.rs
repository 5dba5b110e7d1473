//! What is embedded beside the pixels: EXIF, XMP and a colour profile.

use std::{fs::File, io::BufReader, path::Path};

use exif::{Context, Exif, In, Reader, Tag};
use moxcms::{ColorProfile, DataColorSpace, ProfileText};

/// Longer names are no names.
const PROFILE_NAME_MAX_CHARS: usize = 80;

/// `None` when there is none, and when it cannot be read: a picture is usable without.
pub(super) fn exif(path: &Path) -> Option<Exif> {
    let mut reader = BufReader::new(File::open(path).ok()?);
    Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut reader)
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

/// 1 to 8; what is not an orientation means upright.
pub(super) fn orientation(exif: &Exif) -> u8 {
    exif.get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

/// Names the place or the device.
pub(super) fn is_private(exif: &Exif) -> bool {
    const DEVICE: [Tag; 6] = [
        Tag::Make,
        Tag::Model,
        Tag::BodySerialNumber,
        Tag::CameraOwnerName,
        Tag::LensModel,
        Tag::LensSerialNumber,
    ];
    // The version stands there even when the place was taken out.
    let is_place = |tag: Tag| tag.context() == Context::Gps && tag != Tag::GPSVersionID;
    exif.fields()
        .any(|field| is_place(field.tag) || DEVICE.contains(&field.tag))
}

/// As [`is_private`], of XMP, which repeats EXIF's fields under names of its own.
pub(super) fn is_private_xmp(xmp: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"exif:GPSL",
        b"tiff:Make",
        b"tiff:Model",
        b"aux:SerialNumber",
        b"aux:Lens",
    ];
    NAMES
        .iter()
        .any(|name| xmp.windows(name.len()).any(|window| window == *name))
}

/// What an ICC profile calls itself.
pub(super) fn profile_name(icc_profile: &[u8]) -> Option<String> {
    let name = match ColorProfile::new_from_slice(icc_profile).ok()?.description? {
        ProfileText::PlainString(name) => name,
        ProfileText::Localizable(names) => names.into_iter().next()?.value,
        ProfileText::Description(name) if name.ascii_string.is_empty() => name.unicode_string,
        ProfileText::Description(name) => name.ascii_string,
    };
    let name: String = name
        .chars()
        .filter(|character| !character.is_control())
        .take(PROFILE_NAME_MAX_CHARS)
        .collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Whether the profile is one for red, green and blue, as the poster's pixels are.
pub(super) fn is_for_rgb(icc_profile: &[u8]) -> bool {
    ColorProfile::new_from_slice(icc_profile).is_ok_and(|profile| profile.color_space == DataColorSpace::Rgb)
}
