//! The `Range` header of RFC 9110 §14, as far as media players use it: one range of bytes.

/// Which bytes to send, first and last inclusive as in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    pub first: u64,
    pub last: u64,
}

impl ByteRange {
    pub fn size_bytes(self) -> u64 {
        self.last - self.first + 1
    }
}

/// What the header asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// No range, or one we need not understand (the standard says: send all of it).
    Everything,
    Part(ByteRange),
    /// No byte of it exists: answer 416.
    Unsatisfiable,
}

/// Reads the header's value for a file of `size_bytes`.
pub fn parse(header: Option<&str>, size_bytes: u64) -> Asked {
    let Some(range) = header.and_then(|value| value.trim().strip_prefix("bytes=")) else {
        return Asked::Everything;
    };
    let Some((first, last)) = range.split_once('-').filter(|_| !range.contains(',')) else {
        return Asked::Everything;
    };
    let number = |text: &str| text.trim().parse::<u64>();
    match (
        first.trim().is_empty(),
        number(first),
        last.trim().is_empty(),
        number(last),
    ) {
        // The last n bytes.
        (true, _, false, Ok(count)) if count > 0 && size_bytes > 0 => {
            part(size_bytes.saturating_sub(count), size_bytes - 1)
        }
        (true, _, false, Ok(_)) => Asked::Unsatisfiable,
        (false, Ok(first), _, _) if first >= size_bytes => Asked::Unsatisfiable,
        (false, Ok(first), true, _) => part(first, size_bytes - 1),
        (false, Ok(first), false, Ok(last)) if last >= first => part(first, last.min(size_bytes - 1)),
        _ => Asked::Everything,
    }
}

fn part(first: u64, last: u64) -> Asked {
    Asked::Part(ByteRange { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_asks_for_everything_from_an_offset() {
        assert_eq!(parse(Some("bytes=100-"), 1000), part(100, 999));
    }

    #[test]
    fn an_end_beyond_the_file_is_cut_to_the_file() {
        assert_eq!(parse(Some("bytes=0-5000"), 1000), part(0, 999));
    }

    #[test]
    fn a_suffix_is_counted_from_the_end() {
        assert_eq!(parse(Some("bytes=-10"), 1000), part(990, 999));
        assert_eq!(parse(Some("bytes=-5000"), 1000), part(0, 999));
    }

    #[test]
    fn a_range_of_no_existing_byte_is_unsatisfiable() {
        assert_eq!(parse(Some("bytes=1000-"), 1000), Asked::Unsatisfiable);
        assert_eq!(parse(Some("bytes=-0"), 1000), Asked::Unsatisfiable);
        assert_eq!(parse(Some("bytes=0-"), 0), Asked::Unsatisfiable);
    }

    #[test]
    fn what_is_not_understood_gets_the_whole_file() {
        for header in [
            "bytes=5-2",
            "bytes=a-b",
            "bytes=0-1,5-6",
            "lines=0-5",
            "bytes=",
            "bytes=-",
        ] {
            assert_eq!(parse(Some(header), 1000), Asked::Everything, "{header}");
        }
        assert_eq!(parse(None, 1000), Asked::Everything);
    }
}
