//! A measured sound as a small binary file.
//!
//! All numbers little-endian: 8 bytes `DAYSOUND` · u32 version · u8 audibility · three times (u8 known, f64 value)
//! for loudness, range and true peak · u32 count of silences, each u64 start and u64 end in µs · u32 count of levels ·
//! per level u32 bucket length in ms, u32 count, and per bucket i16 min, i16 max, u16 rms · BLAKE3 over all before it.
//! Whatever does not read back exactly counts as absent and is measured anew.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{Audibility, Loudness, Silence, Sound, Waveform, waveform::Bucket, waveform::Level};
use crate::{encode::part_file::PartFile, kept};

const MAGIC: &[u8; 8] = b"DAYSOUND";
/// Raised whenever the layout or the way of measuring changes.
const VERSION: u32 = 1;
const CHECKSUM_BYTES: usize = 32;
/// A day of sound has 50 MB.
const FILE_MAX_BYTES: u64 = 64 << 20;

/// Where one track's answer is kept.
#[derive(Debug, Clone)]
pub(super) struct CacheKey {
    path: PathBuf,
}

impl CacheKey {
    /// `None` for a hash that is not one: it must not become a path.
    pub(super) fn new(folder: &Path, content_hash: &str, track: u32) -> Option<Self> {
        let is_hash = !content_hash.is_empty() && content_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self {
            path: folder.join(format!("{content_hash}.{track}.sound")),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read(&self) -> Option<Sound> {
        if self.path.metadata().ok()?.len() > FILE_MAX_BYTES {
            return None;
        }
        let sound = decode(&std::fs::read(&self.path).ok()?)?;
        kept::mark_used(&self.path);
        Some(sound)
    }

    /// Makes the folder where it is missing. After a power loss there is the whole file or none.
    pub(super) fn write(&self, sound: &Sound) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let part = PartFile::unique_beside(&self.path);
        std::fs::write(part.path(), encode(sound))?;
        part.settle(&self.path)
    }
}

fn encode(sound: &Sound) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.push(match sound.audibility {
        Audibility::NoTrack => 0,
        Audibility::Empty => 1,
        Audibility::Silent => 2,
        Audibility::Audible => 3,
    });
    let loudness = &sound.loudness;
    for value in [
        loudness.integrated_lufs,
        loudness.range_lu,
        loudness.true_peak_dbtp,
    ] {
        bytes.push(u8::from(value.is_some()));
        bytes.extend(value.unwrap_or(0.0).to_le_bytes());
    }
    bytes.extend(count_of(&sound.silences));
    for silence in &sound.silences {
        bytes.extend(silence.start_us.to_le_bytes());
        bytes.extend(silence.end_us.to_le_bytes());
    }
    bytes.extend(count_of(&sound.waveform.levels));
    for level in &sound.waveform.levels {
        bytes.extend(level.bucket_ms.to_le_bytes());
        bytes.extend(count_of(&level.buckets));
        for bucket in &level.buckets {
            bytes.extend(bucket.min.to_le_bytes());
            bytes.extend(bucket.max.to_le_bytes());
            bytes.extend(bucket.rms.to_le_bytes());
        }
    }
    let checksum = blake3::hash(&bytes);
    bytes.extend(checksum.as_bytes());
    bytes
}

/// A day has four million buckets, far below what the number holds.
fn count_of<T>(items: &[T]) -> [u8; 4] {
    u32::try_from(items.len()).unwrap_or(u32::MAX).to_le_bytes()
}

fn decode(bytes: &[u8]) -> Option<Sound> {
    let (content, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM_BYTES)?)?;
    if blake3::hash(content).as_bytes() != checksum {
        return None;
    }
    let mut rest = Rest(content);
    if rest.take::<8>()? != *MAGIC || rest.number()? != VERSION {
        return None;
    }
    let audibility = match rest.take::<1>()? {
        [0] => Audibility::NoTrack,
        [1] => Audibility::Empty,
        [2] => Audibility::Silent,
        [3] => Audibility::Audible,
        _ => return None,
    };
    let loudness = Loudness {
        integrated_lufs: rest.measured()?,
        range_lu: rest.measured()?,
        true_peak_dbtp: rest.measured()?,
    };
    let silences = rest.several(|rest| {
        Some(Silence {
            start_us: u64::from_le_bytes(rest.take()?),
            end_us: u64::from_le_bytes(rest.take()?),
        })
    })?;
    let levels = rest.several(|rest| {
        Some(Level {
            bucket_ms: rest.number()?,
            buckets: rest.several(|rest| {
                Some(Bucket {
                    min: i16::from_le_bytes(rest.take()?),
                    max: i16::from_le_bytes(rest.take()?),
                    rms: u16::from_le_bytes(rest.take()?),
                })
            })?,
        })
    })?;
    Some(Sound {
        audibility,
        waveform: Waveform { levels },
        loudness,
        silences,
    })
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn measured(&mut self) -> Option<Option<f64>> {
        let known = self.take()? != [0];
        let value = f64::from_le_bytes(self.take()?);
        Some(known.then_some(value))
    }

    /// Ends at the first that is not there; nothing is allocated by the count.
    fn several<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number()?).map(|_| one(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Sound {
        let buckets = (0..700)
            .map(|index| Bucket {
                min: -index,
                max: index + 1,
                rms: 7,
            })
            .collect();
        Sound {
            audibility: Audibility::Audible,
            waveform: Waveform::from_buckets(buckets),
            loudness: Loudness {
                integrated_lufs: Some(-23.0),
                range_lu: None,
                true_peak_dbtp: Some(-1.5),
            },
            silences: vec![Silence {
                start_us: 20_000,
                end_us: 400_000,
            }],
        }
    }

    #[test]
    fn what_is_kept_reads_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let key = CacheKey::new(&folder.path().join("new"), "0af3", 1).unwrap();
        assert_eq!(key.read(), None);
        key.write(&sound()).unwrap();
        assert_eq!(key.read(), Some(sound()));
        let names: Vec<_> = std::fs::read_dir(folder.path().join("new"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["0af3.1.sound"]);
    }

    #[test]
    fn any_change_to_the_file_makes_it_absent() {
        let whole = encode(&sound());
        assert!(decode(&whole).is_some());
        for place in (0..whole.len()).step_by(97) {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert_eq!(decode(&changed), None, "byte {place}");
            assert_eq!(decode(&whole[..place]), None, "cut at {place}");
        }
    }

    #[test]
    fn a_newer_version_is_not_guessed_at() {
        let mut newer = encode(&sound());
        newer.truncate(newer.len() - CHECKSUM_BYTES);
        newer[8] += 1;
        let checksum = blake3::hash(&newer);
        newer.extend(checksum.as_bytes());
        assert_eq!(decode(&newer), None);
    }

    #[test]
    fn a_hash_never_becomes_another_path() {
        for hash in ["", "../x", "a/b", "ab.c", "C:x"] {
            assert!(CacheKey::new(Path::new("cache"), hash, 0).is_none(), "{hash}");
        }
    }
}
