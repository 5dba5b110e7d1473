//! Names of places and devices in the file's notes.

use super::index::{child, children, u32_at};

/// Notes that tell where something was filmed, or with what, in the spellings of phones and cameras.
pub(crate) fn tells_place_or_device(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("location")
        || key.contains("gps")
        || key.starts_with("com.android.")
        || ["make", "model", "manufacturer"]
            .iter()
            .any(|name| key == *name || key.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
}

/// Looks through the notes directly in `parent` (the movie or a track).
pub(super) fn names_place_or_device(parent: &[u8]) -> bool {
    let user_data = child(parent, b"udta");
    let in_user_data = user_data.is_some_and(|notes| children(notes).any(|(name, _)| is_private(name)));
    let metas = [
        child(parent, b"meta"),
        user_data.and_then(|notes| child(notes, b"meta")),
    ];
    in_user_data || metas.into_iter().flatten().any(meta_is_private)
}

fn is_private(name: [u8; 4]) -> bool {
    matches!(
        &name,
        b"\xA9xyz" | b"loci" | b"\xA9mak" | b"\xA9mod" | b"SDLN" | b"manu" | b"modl" | b"GPMF"
    )
}

/// `meta` is a full box in MP4 and a plain one in QuickTime.
fn meta_is_private(meta: &[u8]) -> bool {
    let body = if meta.get(4..8) == Some(b"hdlr".as_slice()) {
        meta
    } else {
        meta.get(4..).unwrap_or_default()
    };
    let keyed =
        child(body, b"keys").is_some_and(|keys| key_names(keys).any(|key| tells_place_or_device(&key)));
    let listed = child(body, b"ilst").is_some_and(|list| {
        children(list).any(|(name, note)| {
            is_private(name)
                || (&name == b"----" && free_form_name(note).is_some_and(|key| tells_place_or_device(&key)))
        })
    });
    keyed || listed
}

/// `keys`: version and flags, a count, then per key its size, its name space and its name.
fn key_names(keys: &[u8]) -> impl Iterator<Item = String> {
    let mut rest = keys.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = usize::try_from(u32_at(rest, 0)?).ok()?;
        let name = rest.get(8..length)?;
        rest = &rest[length..];
        Some(String::from_utf8_lossy(name).into_owned())
    })
}

fn free_form_name(note: &[u8]) -> Option<String> {
    let name = child(note, b"name")?.get(4..)?;
    Some(String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(8 + body.len()).unwrap();
        [length.to_be_bytes().as_slice(), name, body].concat()
    }

    #[test]
    fn phone_spellings_are_known_and_innocent_ones_let_be() {
        for key in [
            "com.apple.quicktime.location.ISO6709",
            "com.apple.quicktime.make",
            "com.android.version",
            "model",
            "GPS",
        ] {
            assert!(tells_place_or_device(key), "{key}");
        }
        for key in ["title", "com.apple.quicktime.creationdate", "encoder", "remodel"] {
            assert!(!tells_place_or_device(key), "{key}");
        }
    }

    #[test]
    fn a_key_of_the_phone_is_found_in_both_kinds_of_meta() {
        let key = boxed(b"mdta", b"com.apple.quicktime.make");
        let keys = boxed(b"keys", &[[0, 0, 0, 0, 0, 0, 0, 1].as_slice(), &key].concat());
        let handler = boxed(b"hdlr", &[0; 24]);
        let plain = boxed(b"meta", &[handler.clone(), keys.clone()].concat());
        let full = boxed(b"meta", &[[0; 4].as_slice(), &handler, &keys].concat());
        assert!(names_place_or_device(&plain) && names_place_or_device(&full));
        assert!(!names_place_or_device(&boxed(b"meta", &handler)));
    }

    #[test]
    fn lengths_that_lie_end_the_search() {
        let keys = boxed(
            b"keys",
            &[0, 0, 0, 0, 0, 0, 0, 9, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4],
        );
        assert!(!names_place_or_device(&boxed(b"meta", &keys)));
    }
}
