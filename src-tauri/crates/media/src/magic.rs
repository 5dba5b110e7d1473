//! What a file is, by its first bytes. The name is never asked.

use daypart_domain::media_info::Container;

/// How many bytes [`sniff`] wants to see; fewer are fine for a shorter file.
pub(crate) const LOOK_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The ISO base media family: worth a look at its boxes.
    Boxes(Container),
    /// A container that ffprobe will take apart.
    Other(Container),
    /// Nothing we know; ffprobe decides.
    Unknown,
    Picture(PictureKind),
    Playlist,
    /// Something else altogether, with words for the sentence.
    Foreign(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureKind {
    Jpeg,
    Png,
    Webp,
    /// ffmpeg reads it as a picture without a size.
    MovingWebp,
    /// HEVC in a HEIF container.
    Heic,
    /// AV1 in a HEIF container.
    Avif,
    /// A format that Daypart does not read, by its name.
    Unread(&'static str),
}

/// Brands of HEIC, HEIF and AVIF pictures, which share the container with MP4.
const PICTURE_BRANDS: [&[u8]; 8] = [
    b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis",
];

pub(crate) fn sniff(start: &[u8]) -> Kind {
    if let Some(kind) = sniff_boxes(start).or_else(|| sniff_playlist(start)) {
        return kind;
    }
    let begins = |magic: &[u8]| start.starts_with(magic);
    let at = |offset: usize, magic: &[u8]| start.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if begins(&[0x1A, 0x45, 0xDF, 0xA3]) {
        let header = &start[..start.len().min(4096)];
        let webm = header.windows(4).any(|window| window == b"webm");
        return Kind::Other(if webm {
            Container::Webm
        } else {
            Container::Matroska
        });
    }
    if begins(b"RIFF") && at(8, b"AVI ") {
        return Kind::Other(Container::Avi);
    }
    if begins(&[0, 0, 1, 0xBA]) {
        return Kind::Other(Container::MpegPs);
    }
    if begins(&[0x47]) && at(188, &[0x47]) && at(376, &[0x47]) {
        return Kind::Other(Container::MpegTs);
    }
    // The extended header's flags; the second bit says that it moves.
    let moves = || at(8, b"WEBPVP8X") && start.get(20).is_some_and(|flags| flags & 2 != 0);
    // An APNG moves; its animation chunk stands before the first data chunk.
    let moves_as_png = || start.windows(4).any(|window| window == b"acTL");
    let picture = if begins(&[0xFF, 0xD8, 0xFF]) {
        Some(PictureKind::Jpeg)
    } else if begins(b"\x89PNG") && !moves_as_png() {
        Some(PictureKind::Png)
    } else if begins(b"RIFF") && at(8, b"WEBP") {
        Some(if moves() {
            PictureKind::MovingWebp
        } else {
            PictureKind::Webp
        })
    } else if begins(b"BM") && at(6, &[0, 0, 0, 0]) {
        Some(PictureKind::Unread("BMP"))
    } else if begins(b"II*\0") || begins(b"MM\0*") {
        Some(PictureKind::Unread("TIFF or raw"))
    } else {
        None
    };
    if let Some(kind) = picture {
        return Kind::Picture(kind);
    }
    let foreign = [
        (b"%PDF".as_slice(), "it is a PDF document"),
        (b"PK\x03\x04", "it is an archive or an office document"),
        (b"\x1F\x8B", "it is an archive"),
        (b"7z\xBC\xAF", "it is an archive"),
        (b"Rar!", "it is an archive"),
        (b"\x7FELF", "it is a program"),
        (b"MZ", "it is a program"),
    ];
    if let Some((_, words)) = foreign.iter().find(|(magic, _)| begins(magic)) {
        return Kind::Foreign(words);
    }
    if is_text(start) {
        return Kind::Foreign("it is a text file");
    }
    Kind::Unknown
}

fn sniff_boxes(start: &[u8]) -> Option<Kind> {
    let name = start.get(4..8)?;
    match name {
        b"ftyp" => {
            let brand = start.get(8..12)?;
            if PICTURE_BRANDS.contains(&brand) {
                // The general brands say nothing of the codec; the list of brands behind them does.
                let brands = start.get(8..48).unwrap_or(&start[8..]);
                let is_avif = brands
                    .windows(4)
                    .any(|brand| brand == b"avif" || brand == b"avis");
                return Some(Kind::Picture(if is_avif {
                    PictureKind::Avif
                } else {
                    PictureKind::Heic
                }));
            }
            Some(Kind::Boxes(if brand == b"qt  " {
                Container::Mov
            } else {
                Container::Mp4
            }))
        }
        // QuickTime files from before the brand existed.
        b"moov" | b"mdat" | b"wide" | b"pnot" | b"skip" | b"free" => Some(Kind::Boxes(Container::Mov)),
        b"styp" | b"moof" => Some(Kind::Boxes(Container::Mp4)),
        _ => None,
    }
}

fn sniff_playlist(start: &[u8]) -> Option<Kind> {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let start = &start[start.iter().take_while(|byte| byte.is_ascii_whitespace()).count()..];
    let head = String::from_utf8_lossy(&start[..start.len().min(512)]).to_ascii_lowercase();
    let markers = ["#extm3u", "ffconcat version", "[playlist]", "<asx", "<smil"];
    let dash = head.starts_with("<?xml") && head.contains("<mpd");
    (dash || markers.iter().any(|marker| head.starts_with(marker))).then_some(Kind::Playlist)
}

/// Valid UTF-8 (but for a character cut at the end) without control characters other than white space.
fn is_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && text
            .chars()
            .all(|character| !character.is_control() || character.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_told_by_content() {
        assert_eq!(sniff(b"\0\0\0\x20ftypisom"), Kind::Boxes(Container::Mp4));
        assert_eq!(sniff(b"\0\0\0\x14ftypqt  "), Kind::Boxes(Container::Mov));
        assert_eq!(sniff(b"\0\0\0\x08wide\0\0\0\0mdat"), Kind::Boxes(Container::Mov));
        assert_eq!(sniff(b"\x1A\x45\xDF\xA3...webm..."), Kind::Other(Container::Webm));
        assert_eq!(
            sniff(b"\x1A\x45\xDF\xA3...matroska"),
            Kind::Other(Container::Matroska)
        );
        assert_eq!(sniff(b"RIFF....AVI LIST"), Kind::Other(Container::Avi));
    }

    #[test]
    fn pictures_are_not_videos() {
        let picture = |start: &[u8], kind| assert_eq!(sniff(start), Kind::Picture(kind));
        picture(b"\xFF\xD8\xFF\xE0", PictureKind::Jpeg);
        picture(b"\x89PNG\r\n\x1A\n....IHDR....IDAT", PictureKind::Png);
        picture(b"RIFF....WEBPVP8L", PictureKind::Webp);
        picture(b"RIFF....WEBPVP8X\x0A\0\0\0\x02", PictureKind::MovingWebp);
        picture(b"\0\0\0\x18ftypheic", PictureKind::Heic);
        picture(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", PictureKind::Avif);
        picture(b"II*\0", PictureKind::Unread("TIFF or raw"));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n....IHDR....acTL....IDAT"), Kind::Unknown);
    }

    #[test]
    fn text_that_points_elsewhere_is_a_playlist() {
        assert_eq!(
            sniff(b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n"),
            Kind::Playlist
        );
        assert_eq!(
            sniff(b"\xEF\xBB\xBF\n ffconcat version 1.0\nfile base.mp4\n"),
            Kind::Playlist
        );
        assert_eq!(sniff(b"<?xml version=\"1.0\"?><MPD xmlns=\"\">"), Kind::Playlist);
    }

    #[test]
    fn text_and_documents_are_named_for_what_they_are() {
        assert_eq!(sniff("hällo\n".as_bytes()), Kind::Foreign("it is a text file"));
        assert_eq!(sniff(&"hä".as_bytes()[..2]), Kind::Foreign("it is a text file"));
        assert_eq!(sniff(b"%PDF-1.7"), Kind::Foreign("it is a PDF document"));
        assert_eq!(sniff(&[0x80, 0x00, 0x11]), Kind::Unknown);
        assert_eq!(sniff(b""), Kind::Unknown);
    }
}
