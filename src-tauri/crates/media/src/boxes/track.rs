//! One `trak`: what its headers and tables say.

use super::{
    description::{self, Description},
    index::{child, children, u32_at},
    privacy,
    samples::{self, Samples},
    times::{Edit, Pace, edit_list, frames_in, length_of, pace, start_of, time_runs, to_ms},
};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TrackTable {
    pub track_id: u32,
    /// `vide`, `soun`, `tmcd` …
    pub handler: [u8; 4],
    pub is_enabled: bool,
    /// ISO 639-2; `None` when the track does not say.
    pub language: Option<String>,
    pub title: Option<String>,
    /// `None` when the picture is turned by something other than quarters, or stretched.
    pub turn: Option<Turn>,
    /// Width and height that the track's header wants to be shown; 0 when it does not say.
    pub wanted_size: (u32, u32),
    pub protected: bool,
    pub has_edit_list: bool,
    /// Shown length: the sample times, less what an edit list hides and less what lies beyond the end of the
    /// file. `None` without a table (fragmented files).
    pub duration_ms: Option<u64>,
    /// What the end of the file cuts off.
    pub missing_ms: u64,
    /// `None` without a table.
    pub pace: Option<Pace>,
    pub bit_rate_bps: Option<u64>,
    /// `None` when the tables contradict each other, too.
    pub samples: Option<Samples>,
    /// Every sample has its time.
    pub times_match_samples: bool,
    /// Media before the edit list's start, which players do not show.
    pub hidden_lead_in_ms: u64,
    /// Empty time before the track begins.
    pub late_start_ms: u64,
    /// When the first sample is shown, with all of the above.
    pub begins_ms: u64,
    pub description: Option<Description>,
    /// The samples lie in this file and not in another one.
    pub is_self_contained: bool,
    pub names_place_or_device: bool,
}

/// How a stored picture becomes an upright one: turned clockwise, then flipped left to right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    pub rotation_deg: u16,
    pub mirrored: bool,
}

pub(super) fn read(track: &[u8], movie_timescale: u32, size_bytes: u64) -> TrackTable {
    let media = child(track, b"mdia").unwrap_or_default();
    let information = child(media, b"minf").unwrap_or_default();
    let sample_table = child(information, b"stbl").unwrap_or_default();
    let descriptions = child(sample_table, b"stsd");
    let track_header = child(track, b"tkhd").unwrap_or_default();
    let media_header = child(media, b"mdhd").unwrap_or_default();
    let handler = child(media, b"hdlr")
        .and_then(|handler| handler.get(8..)?.first_chunk::<4>().copied())
        .unwrap_or_default();
    let timescale = after_times(media_header).unwrap_or(0).max(1);
    let edits = child(track, b"edts")
        .and_then(|edits| child(edits, b"elst"))
        .map(edit_list)
        .unwrap_or_default();
    let (turn, wanted_size) = shown_as(track_header);
    let mut table = TrackTable {
        track_id: after_times(track_header).unwrap_or(0),
        handler,
        is_enabled: track_header.get(3).is_some_and(|flags| flags & 1 != 0),
        language: language(media_header),
        title: child(track, b"udta")
            .and_then(|notes| child(notes, b"name"))
            .and_then(plain_text),
        turn,
        wanted_size,
        protected: descriptions.is_some_and(description::is_protected),
        has_edit_list: !edits.is_empty(),
        samples: samples::read(sample_table, size_bytes),
        hidden_lead_in_ms: edits
            .iter()
            .find_map(|edit| edit.media_time)
            .map_or(0, |time| to_ms(time, timescale)),
        late_start_ms: edits
            .iter()
            .take_while(|edit| edit.media_time.is_none())
            .map(|edit| to_ms(edit.length, movie_timescale))
            .fold(0, u64::saturating_add),
        description: descriptions.and_then(|table| description::read(table, handler)),
        is_self_contained: child(information, b"dinf")
            .and_then(|information| child(information, b"dref"))
            .is_some_and(refers_to_this_file),
        names_place_or_device: privacy::names_place_or_device(track),
        ..TrackTable::default()
    };
    let first_shown_ms = to_ms(first_composition_offset(sample_table), timescale);
    table.begins_ms = table
        .late_start_ms
        .saturating_add(first_shown_ms.saturating_sub(table.hidden_lead_in_ms));
    table.read_times(sample_table, timescale, movie_timescale, &edits);
    table
}

impl TrackTable {
    fn read_times(&mut self, sample_table: &[u8], timescale: u32, movie_timescale: u32, edits: &[Edit]) {
        let runs = child(sample_table, b"stts").map(time_runs).unwrap_or_default();
        if runs.is_empty() {
            return;
        }
        let stored_ms = to_ms(length_of(&runs), timescale);
        let edited_ms: u64 = edits
            .iter()
            .filter(|edit| edit.media_time.is_some())
            .map(|edit| to_ms(edit.length, movie_timescale))
            .fold(0, u64::saturating_add);
        let claimed_ms = if edited_ms > 0 {
            edited_ms.min(stored_ms)
        } else {
            stored_ms.saturating_sub(self.hidden_lead_in_ms)
        };
        let usable_ms = self
            .samples
            .and_then(|samples| samples.first_missing)
            .map_or(claimed_ms, |frame| {
                let end_ms = to_ms(start_of(&runs, frame), timescale);
                end_ms.saturating_sub(self.hidden_lead_in_ms).min(claimed_ms)
            });
        self.duration_ms = Some(usable_ms);
        self.missing_ms = claimed_ms - usable_ms;
        self.pace = pace(&runs, timescale);
        self.times_match_samples = self
            .samples
            .is_some_and(|samples| samples.count == frames_in(&runs));
        self.bit_rate_bps = self.samples.filter(|_| stored_ms > 0).and_then(|samples| {
            u64::try_from(u128::from(samples.data_bytes) * 8000 / u128::from(stored_ms)).ok()
        });
    }
}

/// `tkhd` and `mdhd`: version and flags, two times of 32 or 64 bits, then the id or the timescale.
fn after_times(header: &[u8]) -> Option<u32> {
    u32_at(header, if header.first() == Some(&1) { 20 } else { 12 })
}

fn first_composition_offset(sample_table: &[u8]) -> u64 {
    child(sample_table, b"ctts")
        .filter(|table| u32_at(table, 4).is_some_and(|count| count > 0))
        .and_then(|table| u32_at(table, 12))
        // Version 1 counts below zero, too.
        .and_then(|offset| u64::try_from(i32::from_be_bytes(offset.to_be_bytes())).ok())
        .unwrap_or(0)
}

/// Five bits a letter. Below 0x400 stand QuickTime's own numbers, of which 0 is English.
fn language(media_header: &[u8]) -> Option<String> {
    let at = if media_header.first() == Some(&1) { 32 } else { 20 };
    let code = u16::from_be_bytes(*media_header.get(at..)?.first_chunk::<2>()?);
    if code == 0 {
        return Some("eng".to_owned());
    }
    let letters: String = [10, 5, 0]
        .into_iter()
        .map(|shift| char::from((((code >> shift) & 0x1F) as u8) + 0x60))
        .collect();
    (code >= 0x400 && letters != "und" && letters.bytes().all(|letter| letter.is_ascii_lowercase()))
        .then_some(letters)
}

fn plain_text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches('\0').trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The header's matrix (`a b u c d v x y w`, ones as 16.16) and size.
fn shown_as(track_header: &[u8]) -> (Option<Turn>, (u32, u32)) {
    let at = if track_header.first() == Some(&1) { 52 } else { 40 };
    let side = |offset: usize| u32_at(track_header, at + offset).map_or(0, |side| side >> 16);
    (
        turn(track_header.get(at..).unwrap_or_default()),
        (side(36), side(40)),
    )
}

/// `None` for anything but quarters, with or without a flip.
pub(super) fn turn(matrix: &[u8]) -> Option<Turn> {
    let cell = |index: usize| u32_at(matrix, index * 4).map(|cell| i32::from_be_bytes(cell.to_be_bytes()));
    let one = |index: usize| match cell(index)? {
        0 => Some(0),
        0x1_0000 => Some(1),
        -0x1_0000 => Some(-1),
        _ => None,
    };
    if (cell(2)?, cell(5)?) != (0, 0) {
        return None;
    }
    let (rotation_deg, mirrored) = match (one(0)?, one(1)?, one(3)?, one(4)?) {
        (1, 0, 0, 1) => (0, false),
        (0, 1, -1, 0) => (90, false),
        (-1, 0, 0, -1) => (180, false),
        (0, -1, 1, 0) => (270, false),
        (-1, 0, 0, 1) => (0, true),
        (0, 1, 1, 0) => (90, true),
        (1, 0, 0, -1) => (180, true),
        (0, -1, -1, 0) => (270, true),
        _ => return None,
    };
    Some(Turn {
        rotation_deg,
        mirrored,
    })
}

/// Every entry of `dref` says "in this file" (the lowest flag).
fn refers_to_this_file(references: &[u8]) -> bool {
    let mut entries = children(references.get(8..).unwrap_or_default()).peekable();
    entries.peek().is_some() && entries.all(|(_, entry)| entry.get(3).is_some_and(|flags| flags & 1 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(a: i32, b: i32, c: i32, d: i32) -> Vec<u8> {
        [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
            .iter()
            .flat_map(|cell| cell.to_be_bytes())
            .collect()
    }

    /// Where the corner right of the first one and the one below it come to lie, by the words of [`Turn`].
    fn applied(turn: Turn) -> ((i32, i32), (i32, i32)) {
        let place = |(x, y): (i32, i32)| {
            let (x, y) = match turn.rotation_deg {
                90 => (-y, x),
                180 => (-x, -y),
                270 => (y, -x),
                _ => (x, y),
            };
            if turn.mirrored { (-x, y) } else { (x, y) }
        };
        (place((1, 0)), place((0, 1)))
    }

    #[test]
    fn every_quarter_and_flip_does_what_its_matrix_does() {
        for (a, b, c, d) in [
            (1, 0, 0, 1),
            (0, 1, -1, 0),
            (-1, 0, 0, -1),
            (0, -1, 1, 0),
            (-1, 0, 0, 1),
            (0, 1, 1, 0),
            (1, 0, 0, -1),
            (0, -1, -1, 0),
        ] {
            // A point (x, y) is shown at (a x + c y, b x + d y).
            let turn = turn(&matrix(a, b, c, d)).unwrap();
            assert_eq!(applied(turn), ((a, b), (c, d)), "{a} {b} {c} {d}");
        }
    }

    #[test]
    fn a_stretch_or_a_slant_is_no_turn() {
        assert_eq!(turn(&matrix(2, 0, 0, 1)), None);
        assert_eq!(turn(&matrix(1, 1, 0, 1)), None);
        assert_eq!(turn(&[]), None);
    }

    #[test]
    fn languages_are_three_letters_or_nothing() {
        let header = |code: u16| {
            let mut header = vec![0; 20];
            header.extend(code.to_be_bytes());
            header
        };
        assert_eq!(language(&header(0x15C7)).as_deref(), Some("eng"));
        assert_eq!(language(&header(0)).as_deref(), Some("eng"));
        assert_eq!(language(&header(0x55C4)), None, "und");
        assert_eq!(language(&header(0x7FFF)), None);
        assert_eq!(language(&[]), None);
    }
}
