//! Frames of several runs as they come: in order within a run, and in any order among runs.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::index::SampleTable;

use super::{
    marks::{Step, Steps},
    sketch::Sketch,
};

/// Keeps one picture of each run that has begun and not ended.
pub(super) struct Watch<'a> {
    table: &'a SampleTable,
    runs: &'a [RangeInclusive<usize>],
    found: Vec<Steps>,
    before: BTreeMap<usize, Sketch>,
}

impl<'a> Watch<'a> {
    /// `runs` ascend and do not overlap.
    pub(super) fn new(table: &'a SampleTable, runs: &'a [RangeInclusive<usize>]) -> Self {
        Self {
            table,
            runs,
            found: runs.iter().map(|_| Steps::default()).collect(),
            before: BTreeMap::new(),
        }
    }

    /// The frame at `place` in the order of decoding.
    pub(super) fn see(&mut self, place: usize, sketch: Sketch) {
        let number = self.runs.partition_point(|run| *run.end() < place);
        let (Some(run), Some(found)) = (self.runs.get(number), self.found.get_mut(number)) else {
            return;
        };
        let samples = &self.table.samples;
        let (Some(sample), Some(first)) = (samples.get(place), samples.get(*run.start())) else {
            return;
        };
        // What is shown before the keyframe that the run begins with lacks the frames it is made from.
        if sample.is_hidden || sample.shown_ticks < first.shown_ticks {
            return;
        }
        let before = self.before.get(&number);
        found
            .steps
            .push(Step::between(self.table.at_us(sample), before, &sketch));
        if found.steps.len() > run.end() - run.start() {
            self.before.remove(&number);
        } else {
            self.before.insert(number, sketch);
        }
    }

    pub(super) fn into_steps(mut self) -> Vec<Steps> {
        for (found, run) in self.found.iter_mut().zip(self.runs) {
            found.steps.sort_by_key(|step| step.at_us);
            let is_last = run.end() + 1 == self.table.samples.len();
            let last_us = found.steps.last().map_or(0, |step| step.at_us);
            found.to_us = if is_last {
                self.table.duration_us()
            } else {
                last_us
            };
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Sample;

    /// Sixty frames, ten a second, a keyframe every tenth.
    fn table() -> SampleTable {
        let samples = (0..60)
            .map(|number| Sample {
                offset: 0,
                size_bytes: 1,
                is_key: number % 10 == 0,
                is_hidden: false,
                description: 1,
                decode_ticks: number,
                shown_ticks: number,
            })
            .collect();
        SampleTable {
            timescale: 10,
            samples,
            shown: (0..60).collect(),
            end_ticks: 60,
            start_us: 0,
        }
    }

    #[test]
    fn each_frame_is_compared_with_the_one_before_it_in_its_run_however_far_others_are() {
        let table = table();
        let runs: Vec<RangeInclusive<usize>> = (0..6).map(|number| number * 10..=number * 10 + 9).collect();
        let mut watch = Watch::new(&table, &runs);
        let sketch = |place: usize| Sketch::new(vec![u8::try_from(place).unwrap(); 64 * 36 * 3 / 2]);
        // One process has all runs but the first, and is done with them before the other has its second frame.
        watch.see(0, sketch(0));
        (10..60).for_each(|place| watch.see(place, sketch(place)));
        (1..10).for_each(|place| watch.see(place, sketch(place)));
        assert!(watch.before.is_empty(), "nothing is kept of runs that have ended");
        let found = watch.into_steps();
        for run in &found {
            let differences: Vec<Option<f32>> = run.steps.iter().map(|step| step.difference).collect();
            assert_eq!(differences[0], None);
            assert_eq!(differences[1..], [Some(2.5); 9]);
        }
        assert_eq!(found[5].to_us, 6_000_000, "the clip ends with it");
    }
}
