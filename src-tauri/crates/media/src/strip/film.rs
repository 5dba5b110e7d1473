//! A clip whose frames can be fetched one by one.

use std::path::{Path, PathBuf};

use crate::index::{IndexFault, MovieIndex, Sample, SampleTable, Track};

pub(crate) struct Film {
    pub path: PathBuf,
    pub track: Track,
    pub table: SampleTable,
    size_bytes: u64,
}

impl Film {
    pub(crate) async fn open(path: &Path, stream_index: u32) -> Result<Self, IndexFault> {
        let path = path.to_path_buf();
        tokio::task::spawn_blocking(move || {
            let index = MovieIndex::read(&path)?;
            let track = index
                .picture_track(stream_index)
                .ok_or(IndexFault::Broken("the stream is not one of pictures"))?
                .clone();
            let table = track.samples()?;
            Ok(Self {
                path,
                track,
                table,
                size_bytes: index.size_bytes,
            })
        })
        .await
        .map_err(|error| std::io::Error::other(error.to_string()))?
    }

    /// All of it is in the file.
    pub(crate) fn is_whole(&self, sample: &Sample) -> bool {
        sample.size_bytes > 0 && sample.end() <= self.size_bytes
    }

    /// A keyframe that an H.264 decoder only gives at the beginning of a stream: after another keyframe it takes it
    /// for a continuation with frames missing. Such are the keyframes of open groups, after which frames are decoded
    /// that are shown before them.
    pub(crate) fn needs_own_decoder(&self, place: usize) -> bool {
        let after = self.table.samples.get(place..).unwrap_or_default();
        let Some((key, after)) = after.split_first() else {
            return false;
        };
        matches!(&self.track.codec_tag, b"avc1" | b"avc3")
            && after
                .iter()
                .take_while(|sample| !sample.is_key)
                .any(|sample| sample.shown_ticks < key.shown_ticks)
    }
}
