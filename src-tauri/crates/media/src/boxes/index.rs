//! The body of `moov`, in memory.

use super::{
    BoxReport,
    privacy::names_place_or_device,
    track::{self, Turn},
};

/// The boxes that stand in `bytes` one after the other. Ends at the first that does not fit.
pub(crate) fn children(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (head, _) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, name @ ..] = *head;
        let declared = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let (body_at, length) = match declared {
            0 => (8, rest.len()),
            1 => {
                let large = rest.get(8..16)?.first_chunk::<8>()?;
                (16, usize::try_from(u64::from_be_bytes(*large)).ok()?)
            }
            _ => (8, declared),
        };
        let body = rest.get(body_at..length)?;
        rest = &rest[length..];
        Some((name, body))
    })
}

/// The body of the first child called `name`.
pub(crate) fn child<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    children(bytes)
        .find(|(found, _)| found == name)
        .map(|(_, body)| body)
}

pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes
        .get(offset..)?
        .first_chunk::<4>()
        .map(|bytes| u32::from_be_bytes(*bytes))
}

pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    bytes
        .get(offset..)?
        .first_chunk::<8>()
        .map(|bytes| u64::from_be_bytes(*bytes))
}

pub(super) fn read_into(report: &mut BoxReport, index: &[u8], size_bytes: u64) {
    let header = child(index, b"mvhd").unwrap_or_default();
    let is_long = header.first() == Some(&1);
    // `mvhd`: version, flags, two times, then the timescale; the matrix stands after length, rate and volume.
    let movie_timescale = u32_at(header, if is_long { 20 } else { 12 }).unwrap_or(1000);
    let matrix = header.get(if is_long { 48 } else { 36 }..).unwrap_or_default();
    report.is_turned_as_a_whole = track::turn(matrix) != Some(Turn::default());
    report.is_fragmented = child(index, b"mvex").is_some();
    for (name, body) in children(index) {
        match &name {
            b"trak" => {
                let track = track::read(body, movie_timescale, size_bytes);
                report.protected |= track.protected;
                report.has_edit_list |= track.has_edit_list;
                // GoPro's telemetry has the place in it.
                let is_telemetry = track
                    .description
                    .as_ref()
                    .is_some_and(|known| &known.format == b"gpmd");
                report.names_place_or_device |= track.names_place_or_device || is_telemetry;
                report.tracks.push(track);
            }
            b"pssh" => report.protected = true,
            _ => {}
        }
    }
    report.names_place_or_device |= names_place_or_device(index);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_claims_to_be_larger_than_its_parent_ends_the_walk() {
        let mut bytes = b"\0\0\0\x0Cgood\x01\x02\x03\x04".to_vec();
        bytes.extend(b"\xFF\xFF\xFF\xF0evil\x01");
        let names: Vec<[u8; 4]> = children(&bytes).map(|(name, _)| name).collect();
        assert_eq!(names, [*b"good"]);
    }

    #[test]
    fn a_child_shorter_than_its_own_header_ends_the_walk() {
        assert_eq!(children(b"\0\0\0\x04bad!\0\0\0\0").count(), 0);
    }
}
