//! The boxes of an MP4 or MOV, read without starting a process: where the index stands, whether the media data
//! is all there, whether it is encrypted, and what the sample tables say. Nothing is allocated by a count that
//! the file claims; every read is bounded by what is really there.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

mod description;
mod index;
mod privacy;
mod samples;
mod times;
mod track;

pub(crate) use description::{Description, PictureEntry, is_protected};
pub(crate) use index::{child, children, u32_at, u64_at};
pub(crate) use privacy::tells_place_or_device;
pub(crate) use times::{Edit, Pace, TimeRun, edit_list, pace};
pub(crate) use track::{TrackTable, Turn};

use samples::Samples;

/// An index larger than this is left to ffprobe (a day of video at 60 fps needs about 60 MB).
const INDEX_MAX_BYTES: u64 = 128 << 20;
/// More boxes than any recorder writes; ends the walk over a file made of headers.
pub(crate) const BOXES_MAX: usize = 500_000;

/// What the boxes tell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoxReport {
    pub completeness: Completeness,
    /// The index stands before the media data.
    pub index_first: bool,
    pub protected: bool,
    pub has_edit_list: bool,
    /// The movie's own matrix turns or moves all tracks.
    pub is_turned_as_a_whole: bool,
    /// More samples follow outside the index.
    pub is_fragmented: bool,
    /// A place or a device is named in the user data.
    pub names_place_or_device: bool,
    pub tracks: Vec<TrackTable>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Completeness {
    Complete,
    /// Media data without an index: a recording that was never finished, or a copy cut before the index.
    NoIndex,
    /// The index claims to reach beyond the end of the file. Some players cope; ffprobe decides.
    IndexCut,
    /// Media data is missing at the end.
    DataCut {
        percent: u64,
    },
}

impl BoxReport {
    pub(crate) fn track(&self, track_id: u32) -> Option<&TrackTable> {
        self.tracks.iter().find(|track| track.track_id == track_id)
    }

    /// Some picture can be shown although data is missing at the end.
    pub(crate) fn has_usable_picture(&self) -> bool {
        let mut pictures = self.tracks.iter().filter(|track| &track.handler == b"vide");
        self.is_fragmented
            || pictures.any(|track| track.samples.is_some() && track.duration_ms.unwrap_or(0) > 0)
    }

    fn sample_tables(&self) -> impl Iterator<Item = &Samples> {
        self.tracks.iter().filter_map(|track| track.samples.as_ref())
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub name: [u8; 4],
    /// Where the box starts, and where its body does.
    pub start: u64,
    pub body: u64,
    /// As declared; may lie beyond the file's end.
    pub end: u64,
}

/// Reads the boxes of `path`. `Ok(None)`: not a box file after all, or too strange to say anything.
pub(crate) fn scan(path: &Path) -> io::Result<Option<BoxReport>> {
    let file = File::open(path)?;
    let size_bytes = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(4096, file);
    let mut index: Option<Header> = None;
    let mut first_data: Option<u64> = None;
    let (mut data_bytes, mut data_missing_bytes) = (0_u64, 0_u64);
    let mut offset = 0;
    for _ in 0..BOXES_MAX {
        let Some(header) = read_header(&mut reader, offset, size_bytes)? else {
            break;
        };
        match &header.name {
            b"moov" => index = index.or(Some(header)),
            b"mdat" => {
                first_data = first_data.or(Some(header.start));
                data_bytes = data_bytes.saturating_add(header.end - header.body);
                data_missing_bytes = data_missing_bytes.saturating_add(header.end.saturating_sub(size_bytes));
            }
            b"moof" => first_data = first_data.or(Some(header.start)),
            _ => {}
        }
        if header.end >= size_bytes {
            break;
        }
        offset = header.end;
    }
    let Some(index) = index else {
        return Ok(first_data.map(|_| BoxReport::without_index(Completeness::NoIndex)));
    };
    let index_first = first_data.is_none_or(|data| index.start < data);
    let mut report = BoxReport {
        index_first,
        ..BoxReport::without_index(Completeness::Complete)
    };
    if index.end > size_bytes {
        report.completeness = Completeness::IndexCut;
        return Ok(Some(report));
    }
    let length = index.end - index.body;
    if length <= INDEX_MAX_BYTES {
        let mut bytes = Vec::new();
        reader.seek(SeekFrom::Start(index.body))?;
        reader.take(length).read_to_end(&mut bytes)?;
        index::read_into(&mut report, &bytes, size_bytes);
    }
    let beyond = report
        .sample_tables()
        .any(|samples| samples.first_missing.is_some());
    if data_missing_bytes > 0 && data_bytes > 0 {
        let present =
            u128::from(data_bytes.saturating_sub(data_missing_bytes)) * 100 / u128::from(data_bytes);
        report.completeness = Completeness::DataCut {
            percent: u64::try_from(present).unwrap_or(0),
        };
    } else if beyond {
        // The cut fell between two boxes, so that only the tables know about the rest.
        report.completeness = Completeness::DataCut {
            percent: percent_before(&report, size_bytes),
        };
    }
    Ok(Some(report))
}

impl BoxReport {
    fn without_index(completeness: Completeness) -> Self {
        Self {
            completeness,
            index_first: false,
            protected: false,
            has_edit_list: false,
            is_turned_as_a_whole: false,
            is_fragmented: false,
            names_place_or_device: false,
            tracks: Vec::new(),
        }
    }
}

fn percent_before(report: &BoxReport, size_bytes: u64) -> u64 {
    let last = report
        .sample_tables()
        .map(|samples| samples.last_chunk_offset)
        .max()
        .unwrap_or(size_bytes);
    let percent = u128::from(size_bytes) * 100 / u128::from(last.max(1));
    u64::try_from(percent).unwrap_or(100).min(99)
}

/// `None` at the end of the file or where no box can be: what follows the last box is not ours to judge.
pub(crate) fn read_header(
    reader: &mut BufReader<File>,
    offset: u64,
    size_bytes: u64,
) -> io::Result<Option<Header>> {
    if size_bytes.saturating_sub(offset) < 8 {
        return Ok(None);
    }
    reader.seek(SeekFrom::Start(offset))?;
    let mut head = [0; 8];
    reader.read_exact(&mut head)?;
    let [a, b, c, d, name @ ..] = head;
    let declared = u64::from(u32::from_be_bytes([a, b, c, d]));
    let (head_bytes, length) = match declared {
        0 => (8, size_bytes - offset),
        1 => {
            if size_bytes - offset < 16 {
                return Ok(None);
            }
            let mut large = [0; 8];
            reader.read_exact(&mut large)?;
            (16, u64::from_be_bytes(large))
        }
        _ => (8, declared),
    };
    let Some(end) = offset.checked_add(length) else {
        return Ok(None);
    };
    if length < head_bytes {
        return Ok(None);
    }
    Ok(Some(Header {
        name,
        start: offset,
        body: offset + head_bytes,
        end,
    }))
}
