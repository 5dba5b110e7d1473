//! Whether parts can be cut without touching the picture, and where that would be possible instead.

use super::{
    Cut,
    material::{EncodeWish, Material, Wishes},
};
use crate::edit::KeptRange;

/// Containers round times to their clock, 1/600 s at the coarsest that phones write.
const SAME_TIME_US: u64 = 1_000;

/// How the kept parts are cut, once the user's wish is heard.
pub(super) struct Cutting {
    pub parts: Vec<KeptRange>,
    pub cut: Option<Cut>,
    /// Parts start at a keyframe near by, not where the edit says.
    pub moved: bool,
}

impl Cutting {
    pub fn of(material: &Material<'_>, wishes: Wishes) -> Self {
        let parts = if material.edit.ranges.is_empty() {
            Vec::new()
        } else {
            material
                .edit
                .kept(material.info.duration_ms.saturating_mul(1_000))
                .into_iter()
                .map(KeptRange::stretch)
                .collect()
        };
        let open_gop = material.analysis.closed_gop == Some(false);
        let cut = cut_of(&parts, material.keyframes_us, open_gop);
        if cut == Some(Cut::Accurate)
            && wishes.encode == EncodeWish::Never
            && let Some(moved) = material
                .keyframes_us
                .and_then(|keyframes_us| lossless_alternative(&parts, keyframes_us))
            && cut_of(&moved, material.keyframes_us, open_gop) == Some(Cut::Lossless)
        {
            return Self {
                parts: moved,
                cut: Some(Cut::Lossless),
                moved: true,
            };
        }
        Self {
            parts,
            cut,
            moved: false,
        }
    }
}

/// How `parts` are cut out of a source with keyframes at `keyframes_us` (ascending; `None` when not listed).
///
/// Lossless needs every part to start on a keyframe, and, where several parts are joined, frames that do not
/// refer back past their keyframe.
pub(super) fn cut_of(parts: &[KeptRange], keyframes_us: Option<&[u64]>, open_gop: bool) -> Option<Cut> {
    if parts.is_empty() {
        return None;
    }
    let on_keyframes = parts.iter().all(|part| is_keyframe(part.start_us, keyframes_us));
    let joinable = parts.len() == 1 || !open_gop;
    Some(if on_keyframes && joinable {
        Cut::Lossless
    } else {
        Cut::Accurate
    })
}

/// The first frame needs no list: nothing lies before it.
fn is_keyframe(time_us: u64, keyframes_us: Option<&[u64]>) -> bool {
    time_us == 0
        || keyframes_us.is_some_and(|keyframes_us| {
            let after = keyframes_us.partition_point(|keyframe_us| *keyframe_us + SAME_TIME_US < time_us);
            keyframes_us
                .get(after)
                .is_some_and(|keyframe_us| keyframe_us.abs_diff(time_us) <= SAME_TIME_US)
        })
}

/// The first part that does not start on a keyframe: its number from 1, and how much earlier it would have to.
pub(super) fn first_off_keyframe(
    parts: &[KeptRange],
    keyframes_us: Option<&[u64]>,
) -> Option<(usize, Option<u64>)> {
    let (index, part) = parts
        .iter()
        .enumerate()
        .find(|(_, part)| !is_keyframe(part.start_us, keyframes_us))?;
    let earlier_us =
        keyframes_us.map(|keyframes_us| part.start_us - keyframe_before(part.start_us, keyframes_us));
    Some((index + 1, earlier_us))
}

/// The same parts, moved to keyframes: each starts at the keyframe before its start, or at the one after where
/// another part is in the way. `None` when a part has no keyframe it could start on.
pub fn lossless_alternative(parts: &[KeptRange], keyframes_us: &[u64]) -> Option<Vec<KeptRange>> {
    let mut moved = parts.to_vec();
    for index in 0..moved.len() {
        let part = moved[index];
        let is_free = |wanted: KeptRange| {
            moved
                .iter()
                .enumerate()
                .all(|(other, range)| other == index || !range.overlaps(&wanted))
        };
        let before = KeptRange::new(keyframe_before(part.start_us, keyframes_us), part.end_us);
        moved[index] = if is_keyframe(part.start_us, Some(keyframes_us)) {
            part
        } else if is_free(before) {
            before
        } else {
            let after_us = keyframes_us
                .iter()
                .copied()
                .find(|keyframe_us| *keyframe_us > part.start_us && *keyframe_us < part.end_us)?;
            KeptRange::new(after_us, part.end_us)
        };
    }
    Some(moved)
}

fn keyframe_before(time_us: u64, keyframes_us: &[u64]) -> u64 {
    let after = keyframes_us.partition_point(|keyframe_us| *keyframe_us <= time_us);
    after.checked_sub(1).map_or(0, |index| keyframes_us[index])
}
