//! Kept parts as ffmpeg reads, cuts and joins them. Pure.
//!
//! Picture and sound are cut by counting: so many frames, so many samples, both from the running total, so that
//! rounding never adds up and the two stay together over any number of parts.

use std::ffi::OsString;

use daypart_domain::{
    edit::KeptRange,
    media_info::{Container, FrameRate},
};

use super::sound::SAMPLE_RATE_HZ;
use crate::arguments::{file_url, safe_opening, words};

/// Reading through a gap of this length costs less than opening the file once more.
const GAP_MAX_US: i64 = 5_000_000;
/// Each opening costs a decoder.
const OPENINGS_MAX: usize = 32;

/// One opening of the source, from which parts in ascending order are cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// In ffmpeg's time of the file; `None` reads from the beginning.
    pub seek_us: Option<i64>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Since the point the reading seeks to.
    pub start_us: i64,
    /// Of the result, after the speed change.
    pub frames: u64,
    /// Before the speed change.
    pub samples: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub rate: FrameRate,
    pub speed: f64,
    /// The edit's time 0 in ffmpeg's time of the file.
    pub zero_us: i64,
}

impl Pace {
    /// For cutting sound alone, where the picture's rate plays no part.
    pub(super) fn of_sound(speed: f64, zero_us: i64) -> Self {
        Self {
            rate: FrameRate {
                numerator: 30,
                denominator: 1,
            },
            speed,
            zero_us,
        }
    }

    pub(super) fn frames_in(&self, source_us: u64) -> u64 {
        rounded(source_us as f64 / self.speed * self.rate.frames_per_second() / 1e6)
    }
}

/// Containers in which ffmpeg finds a time exactly. In the others it reads from the beginning: slow but right.
fn finds_times(container: Container) -> bool {
    matches!(
        container,
        Container::Mp4 | Container::Mov | Container::Matroska | Container::Webm
    )
}

/// `None` when the parts jump back so often that the file would have to be opened too many times.
pub(super) fn readings(parts: &[KeptRange], container: Container, pace: Pace) -> Option<Vec<Reading>> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut previous_end_us = 0;
    let mut before_us = 0_u64;
    for part in parts {
        let start_us = signed(part.start_us).saturating_add(pace.zero_us);
        let gap_us = start_us - previous_end_us;
        let far = finds_times(container) && gap_us > GAP_MAX_US && readings.len() < OPENINGS_MAX;
        if readings.is_empty() || gap_us < 0 || far {
            readings.push(Reading {
                seek_us: (finds_times(container) && start_us > 0).then_some(start_us),
                parts: Vec::new(),
            });
        }
        let after_us = before_us + part.length_us();
        if let Some(reading) = readings.last_mut() {
            reading.parts.push(Part {
                start_us: start_us - reading.seek_us.unwrap_or(0),
                frames: (pace.frames_in(after_us) - pace.frames_in(before_us)).max(1),
                samples: (samples_in(after_us) - samples_in(before_us)).max(1),
            });
        }
        previous_end_us = signed(part.end_us).saturating_add(pace.zero_us);
        before_us = after_us;
    }
    (readings.len() <= OPENINGS_MAX).then_some(readings)
}

/// One `-i` per reading. Frames before the point are decoded and cut by the graph: with ffmpeg's own accurate
/// seek a picture that stands since before the point would be lost.
pub(super) fn inputs(readings: &[Reading], source: &std::path::Path) -> Vec<OsString> {
    let mut arguments = Vec::new();
    for reading in readings {
        arguments.extend(safe_opening());
        if let Some(seek_us) = reading.seek_us {
            arguments.extend(words(["-noaccurate_seek", "-ss"]));
            arguments.push(seconds(seek_us).into());
        }
        arguments.extend([OsString::from("-i"), file_url(source)]);
    }
    arguments
}

/// From the picture stream `stream_index` of each input, counted from `first_input`, to one labelled
/// `[cut_NAME]`. `before` is applied to the frames as they come out of the decoder, `after` to those of each part once
/// it is cut: one chain for each part in play order, or none at all.
pub(super) fn cut_picture(
    readings: &[Reading],
    name: &'static str,
    first_input: usize,
    stream_index: u32,
    pace: Pace,
    before: &[String],
    after: &[Vec<String>],
) -> String {
    let rate = pace.rate;
    let mut graph = Graph::new(name);
    for (input, reading) in readings.iter().enumerate() {
        let first_part = graph.count;
        let chains = reading.parts.iter().enumerate().map(|(number, part)| {
            let mut chain = vec![
                even_frames(part.start_us, pace),
                // A last frame that stands for a while comes only once.
                "tpad=stop_mode=clone:stop_duration=2".to_owned(),
                format!("trim=end_frame={}", part.frames),
            ];
            chain.extend(after.get(first_part + number).cloned().unwrap_or_default());
            chain
        });
        let input = first_input + input;
        graph.cut(&format!("[{input}:{stream_index}]"), before, "split", chains);
    }
    // The joining filter guesses how long a last frame stands; counting does not.
    let counted = format!(
        ",setpts=N*{}/({}*TB)[cut_{name}]",
        rate.denominator, rate.numerator
    );
    graph.join(":v=1:a=0", &counted)
}

/// From the sound stream `stream_index` of each input, counted from `first_input`, to one labelled `[heard]`, exactly as long as the picture
/// before its speed change. What is missing is silence.
pub(super) fn cut_sound(readings: &[Reading], first_input: usize, stream_index: u32) -> String {
    let mut graph = Graph::new("a");
    let before = [super::sound::stereo(0)];
    for (input, reading) in readings.iter().enumerate() {
        let chains = reading.parts.iter().map(|part| {
            let end_us =
                part.start_us + signed(part.samples) * 1_000_000 / i64::from(SAMPLE_RATE_HZ) + 100_000;
            vec![
                format!("atrim=start={}:end={}", seconds(part.start_us), seconds(end_us)),
                "asetpts=PTS-STARTPTS".to_owned(),
                format!("apad=whole_len={}", part.samples),
                format!("atrim=end_sample={}", part.samples),
                "asetpts=N/SR/TB".to_owned(),
            ]
        });
        let input = first_input + input;
        graph.cut(&format!("[{input}:{stream_index}]"), &before, "asplit", chains);
    }
    graph.join(":v=0:a=1", "[heard]")
}

/// Frames at a constant rate, `start_us` of the source being 0. The same source frame is taken for a moment whether
/// a whole clip is read or a stretch of it: with a little more than its time no frame lies exactly between two.
pub(super) fn even_frames(start_us: i64, pace: Pace) -> String {
    let FrameRate {
        numerator,
        denominator,
    } = pace.rate;
    let shifted = format!("PTS-({})/TB", seconds(start_us));
    let paced = if pace.speed == 1.0 {
        shifted
    } else {
        format!("({shifted})/{}", pace.speed)
    };
    format!("setpts={paced}+0.137*{denominator}/({numerator}*TB),fps={numerator}/{denominator}:start_time=0")
}

/// Chains of filters that end in numbered labels, and their joining.
struct Graph {
    kind: &'static str,
    chains: Vec<String>,
    ends: String,
    count: usize,
}

impl Graph {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            chains: Vec::new(),
            ends: String::new(),
            count: 0,
        }
    }

    fn cut(
        &mut self,
        input: &str,
        before: &[String],
        split: &str,
        parts: impl ExactSizeIterator<Item = Vec<String>>,
    ) {
        let several = parts.len() > 1;
        if several {
            let mut filters = before.to_vec();
            filters.push(format!("{split}={}", parts.len()));
            let copies: String = (0..parts.len())
                .map(|part| self.copy(self.count + part))
                .collect();
            self.chains.push(format!("{input}{}{copies}", filters.join(",")));
        }
        for filters in parts {
            let end = format!("[{}{}]", self.kind, self.count);
            self.chains.push(if several {
                format!("{}{}{end}", self.copy(self.count), filters.join(","))
            } else {
                let filters: Vec<String> = before.iter().cloned().chain(filters).collect();
                format!("{input}{}{end}", filters.join(","))
            });
            self.ends.push_str(&end);
            self.count += 1;
        }
    }

    fn copy(&self, number: usize) -> String {
        format!("[{}in{number}]", self.kind)
    }

    fn join(mut self, streams: &str, end: &str) -> String {
        let count = self.count;
        self.chains
            .push(format!("{}concat=n={count}{streams}{end}", self.ends));
        self.chains.join(";")
    }
}

/// Six decimals, exact.
pub(super) fn seconds(microseconds: i64) -> String {
    let sign = if microseconds < 0 { "-" } else { "" };
    let magnitude = microseconds.unsigned_abs();
    format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000)
}

fn samples_in(source_us: u64) -> u64 {
    rounded(source_us as f64 * f64::from(SAMPLE_RATE_HZ) / 1e6)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn rounded(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of frames and samples, not negative; the cast saturates"
    )]
    let rounded = number.round() as u64;
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        rate: FrameRate {
            numerator: 30,
            denominator: 1,
        },
        speed: 1.0,
        zero_us: 0,
    };

    fn parts(times_ms: &[(u64, u64)]) -> Vec<KeptRange> {
        times_ms
            .iter()
            .map(|(start, end)| KeptRange::new(start * 1_000, end * 1_000))
            .collect()
    }

    #[test]
    fn near_parts_share_an_opening_far_ones_and_those_before_do_not() {
        let parts = parts(&[(1_000, 2_000), (3_000, 4_000), (60_000, 61_000), (10_000, 10_500)]);
        let readings = readings(&parts, Container::Mp4, PACE).unwrap();
        let shape: Vec<(Option<i64>, Vec<i64>)> = readings
            .iter()
            .map(|reading| {
                (
                    reading.seek_us,
                    reading.parts.iter().map(|part| part.start_us).collect(),
                )
            })
            .collect();
        assert_eq!(
            shape,
            [
                (Some(1_000_000), vec![0, 2_000_000]),
                (Some(60_000_000), vec![0]),
                (Some(10_000_000), vec![0]),
            ]
        );
    }

    #[test]
    fn where_times_cannot_be_found_everything_is_read_from_the_beginning() {
        let parts = parts(&[(10_000, 11_000), (60_000, 61_000)]);
        let readings = readings(&parts, Container::MpegTs, PACE).unwrap();
        assert_eq!(readings.len(), 1);
        assert_eq!(readings[0].seek_us, None);
        assert_eq!(readings[0].parts[1].start_us, 60_000_000);
    }

    #[test]
    fn rounding_never_adds_up() {
        // 100 parts of 50 ms: one and a half frames each.
        let times: Vec<(u64, u64)> = (0..100).map(|index| (index * 100, index * 100 + 50)).collect();
        let pace = Pace { speed: 2.0, ..PACE };
        let readings = readings(&parts(&times), Container::Mp4, pace).unwrap();
        let all: Vec<Part> = readings.into_iter().flat_map(|reading| reading.parts).collect();
        assert_eq!(all.iter().map(|part| part.frames).sum::<u64>(), 100);
        assert_eq!(all.iter().map(|part| part.samples).sum::<u64>(), 240_000);
    }

    #[test]
    fn a_picture_that_begins_late_moves_every_cut() {
        let pace = Pace {
            zero_us: 500_000,
            ..PACE
        };
        let readings = readings(&parts(&[(0, 1_000)]), Container::Mp4, pace).unwrap();
        assert_eq!(
            (readings[0].seek_us, readings[0].parts[0].start_us),
            (Some(500_000), 0)
        );
    }

    #[test]
    fn parts_in_any_order_are_followed_until_it_gets_absurd() {
        let backwards = |count: u64| -> Vec<(u64, u64)> {
            (0..count)
                .rev()
                .map(|index| (index * 1_000, index * 1_000 + 500))
                .collect()
        };
        assert!(readings(&parts(&backwards(32)), Container::Mp4, PACE).is_some());
        assert!(readings(&parts(&backwards(33)), Container::Mp4, PACE).is_none());
    }

    #[test]
    fn the_graph_of_two_openings() {
        let parts = parts(&[(0, 1_000), (2_000, 3_000), (20_000, 20_500)]);
        let readings = readings(&parts, Container::Mp4, Pace { speed: 2.0, ..PACE }).unwrap();
        assert_eq!(
            cut_picture(
                &readings,
                "v",
                0,
                0,
                Pace { speed: 2.0, ..PACE },
                &["bwdif".to_owned()],
                &[]
            ),
            "[0:0]bwdif,split=2[vin0][vin1];\
             [vin0]setpts=(PTS-(0.000000)/TB)/2+0.137*1/(30*TB),fps=30/1:start_time=0,tpad=stop_mode=clone:stop_duration=2,trim=end_frame=15[v0];\
             [vin1]setpts=(PTS-(2.000000)/TB)/2+0.137*1/(30*TB),fps=30/1:start_time=0,tpad=stop_mode=clone:stop_duration=2,trim=end_frame=15[v1];\
             [1:0]bwdif,setpts=(PTS-(0.000000)/TB)/2+0.137*1/(30*TB),fps=30/1:start_time=0,tpad=stop_mode=clone:stop_duration=2,trim=end_frame=8[v2];\
             [v0][v1][v2]concat=n=3:v=1:a=0,setpts=N*1/(30*TB)[cut_v]"
        );
        let chain = |filter: &str| vec![filter.to_owned(), "setsar=1".to_owned()];
        let framed = cut_picture(
            &readings,
            "v",
            0,
            0,
            PACE,
            &[],
            &["hue", "negate", "vflip"].map(chain),
        );
        for part in [
            "=15,hue,setsar=1[v0]",
            "=15,negate,setsar=1[v1]",
            "=8,vflip,setsar=1[v2]",
        ] {
            assert!(framed.contains(part), "{part} in {framed}");
        }
        let sound = cut_sound(&readings, 0, 1);
        assert!(sound.contains(";[1:1]aresample="), "{sound}");
        assert!(
            sound.contains(
                "[ain1]atrim=start=2.000000:end=3.100000,asetpts=PTS-STARTPTS,apad=whole_len=48000,\
                 atrim=end_sample=48000,asetpts=N/SR/TB[a1]"
            ),
            "{sound}"
        );
    }
}
