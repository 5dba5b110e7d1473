//! Operations on the kept parts. Each gives a new document and leaves the old one for undo; none ever makes
//! parts overlap, be empty, or vanish altogether. Indexes count parts in play order, from 0. A part keeps a framing
//! of its own through all of them; what is left as the only part hands it to the edit.

use super::{Edit, EditProblem, KeptRange, PARTS_MAX};

impl Edit {
    /// Cuts the part that plays at `at_us` in two, framed alike; nothing is lost.
    ///
    /// # Errors
    /// [`EditProblem::NothingToSplit`] when `at_us` was cut away or is the border of a part already, and
    /// [`EditProblem::TooManyParts`].
    pub fn split(&self, at_us: u64, duration_us: u64) -> Result<Edit, EditProblem> {
        let mut kept = self.kept(duration_us);
        let index = kept
            .iter()
            .position(|range| range.start_us < at_us && at_us < range.end_us)
            .ok_or(EditProblem::NothingToSplit)?;
        if kept.len() >= PARTS_MAX {
            return Err(EditProblem::TooManyParts);
        }
        let second = kept[index].between(at_us, kept[index].end_us);
        kept[index].end_us = at_us;
        kept.insert(index + 1, second);
        // Borders of a split are the user's: two halves of a whole video are not simplified away.
        Ok(self.with_parts(kept))
    }

    /// Moves the borders of a part. They stop at the neighbours and at the video's ends.
    ///
    /// # Errors
    /// [`EditProblem::NoSuchPart`], and [`EditProblem::PartEmpty`] when nothing would be left of it.
    pub fn trim(
        &self,
        index: usize,
        start_us: u64,
        end_us: u64,
        duration_us: u64,
    ) -> Result<Edit, EditProblem> {
        let mut kept = self.kept(duration_us);
        let part = *kept
            .get(index)
            .ok_or(EditProblem::NoSuchPart { number: index + 1 })?;
        let others = || kept.iter().enumerate().filter(|(other, _)| *other != index);
        let room_start_us = others()
            .filter(|(_, other)| other.end_us <= part.start_us)
            .map(|(_, other)| other.end_us)
            .max()
            .unwrap_or(0);
        let room_end_us = others()
            .filter(|(_, other)| other.start_us >= part.end_us)
            .map(|(_, other)| other.start_us)
            .min()
            .unwrap_or(duration_us);
        let trimmed = part.between(start_us.max(room_start_us), end_us.min(room_end_us));
        if trimmed.length_us() == 0 {
            return Err(EditProblem::PartEmpty { number: index + 1 });
        }
        kept[index] = trimmed;
        Ok(self.with_ranges(kept, duration_us))
    }

    /// Takes a part out.
    ///
    /// # Errors
    /// [`EditProblem::NoSuchPart`], and [`EditProblem::NothingLeft`] for the last part.
    pub fn delete(&self, index: usize, duration_us: u64) -> Result<Edit, EditProblem> {
        let mut kept = self.kept(duration_us);
        if index >= kept.len() {
            return Err(EditProblem::NoSuchPart { number: index + 1 });
        }
        kept.remove(index);
        if kept.is_empty() {
            return Err(EditProblem::NothingLeft);
        }
        Ok(self.with_ranges(kept, duration_us))
    }

    /// Takes everything between two source times out, whatever parts it touches.
    ///
    /// # Errors
    /// [`EditProblem::NothingLeft`] when that is all there is, and [`EditProblem::TooManyParts`].
    pub fn cut(&self, start_us: u64, end_us: u64, duration_us: u64) -> Result<Edit, EditProblem> {
        let kept: Vec<KeptRange> = self
            .kept(duration_us)
            .into_iter()
            .flat_map(|part| {
                if start_us >= end_us {
                    return [part, KeptRange::new(0, 0)];
                }
                [
                    part.between(part.start_us, part.end_us.min(start_us)),
                    part.between(part.start_us.max(end_us), part.end_us),
                ]
            })
            .filter(|part| part.length_us() > 0)
            .collect();
        match kept.len() {
            0 => Err(EditProblem::NothingLeft),
            count if count > PARTS_MAX => Err(EditProblem::TooManyParts),
            _ => Ok(self.with_ranges(kept, duration_us)),
        }
    }

    /// Joins a part with the one that plays after it; what lay between them in the source comes back. The result is
    /// framed as the first of the two.
    ///
    /// # Errors
    /// [`EditProblem::NoSuchPart`], and [`EditProblem::NotJoinable`] when the next part does not stand later
    /// in the source, or another part stands between the two.
    pub fn join(&self, index: usize, duration_us: u64) -> Result<Edit, EditProblem> {
        let mut kept = self.kept(duration_us);
        if index + 1 >= kept.len() {
            return Err(EditProblem::NoSuchPart { number: index + 2 });
        }
        let (first, second) = (kept[index], kept[index + 1]);
        let joined = first.between(first.start_us, second.end_us);
        let free = kept
            .iter()
            .enumerate()
            .all(|(other, range)| other == index || other == index + 1 || !range.overlaps(&joined));
        if second.start_us < first.end_us || !free {
            return Err(EditProblem::NotJoinable);
        }
        kept[index] = joined;
        kept.remove(index + 1);
        Ok(self.with_ranges(kept, duration_us))
    }

    /// Plays the part `from` at place `to`.
    ///
    /// # Errors
    /// [`EditProblem::NoSuchPart`].
    pub fn reorder(&self, from: usize, to: usize, duration_us: u64) -> Result<Edit, EditProblem> {
        let mut kept = self.kept(duration_us);
        let last = from.max(to);
        if last >= kept.len() {
            return Err(EditProblem::NoSuchPart { number: last + 1 });
        }
        let part = kept.remove(from);
        kept.insert(to, part);
        Ok(self.with_ranges(kept, duration_us))
    }

    /// The whole source as one part is written as no ranges, so that [`Edit::is_identity`] holds again.
    fn with_ranges(&self, kept: Vec<KeptRange>, duration_us: u64) -> Edit {
        let mut edit = self.with_parts(kept);
        if edit.ranges == [KeptRange::new(0, duration_us)] {
            edit.ranges.clear();
        }
        edit
    }

    /// What one part has for itself, the edit has.
    fn with_parts(&self, ranges: Vec<KeptRange>) -> Edit {
        let mut edit = Edit {
            ranges,
            ..self.clone()
        };
        if let [only] = edit.ranges.as_mut_slice()
            && let Some(fit) = only.fit.take()
        {
            edit.framing.fit = fit;
        }
        edit
    }
}
