//! A picture of a few pixels and how much two of them differ.

pub(super) const WIDTH_PX: u32 = 64;
pub(super) const HEIGHT_PX: u32 = 36;

const LUMA: usize = 64 * 36;
const BINS: usize = 32;
/// As ffmpeg's blackdetect: a tenth of the way from black (16) to white (235).
const DARK_MAX: u8 = 38;

/// Luma, then both chromas at half the size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sketch(Vec<u8>);

impl Sketch {
    pub(super) fn new(yuv: Vec<u8>) -> Self {
        Self(yuv)
    }

    fn planes(&self) -> (&[u8], &[u8]) {
        self.0.split_at(LUMA.min(self.0.len()))
    }

    /// 0 to 1: how many pixels are nearly black.
    pub(super) fn dark_share(&self) -> f32 {
        let (luma, _) = self.planes();
        mean(
            luma.iter()
                .map(|value| if *value <= DARK_MAX { 1.0 } else { 0.0 }),
        )
    }

    /// How far the values are apart pixel by pixel: mean of luma, and one and a half times that of chroma.
    pub(super) fn difference(&self, other: &Self) -> f32 {
        let apart = |one: &[u8], other: &[u8]| {
            mean(
                one.iter()
                    .zip(other)
                    .map(|(one, other)| f32::from(one.abs_diff(*other))),
            )
        };
        let ((luma, chroma), (other_luma, other_chroma)) = (self.planes(), other.planes());
        apart(luma, other_luma) + 1.5 * apart(chroma, other_chroma)
    }

    /// 0 to 2: how differently the values are distributed, wherever they are in the picture.
    pub(super) fn histogram_distance(&self, other: &Self) -> f32 {
        let (one, two) = (self.histogram(), other.histogram());
        let apart: u32 = one.iter().zip(&two).map(|(one, two)| one.abs_diff(*two)).sum();
        // At most a few thousand pixels: exact.
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let share = apart as f32 / self.0.len().max(1) as f32;
        share
    }

    fn histogram(&self) -> [u32; 3 * BINS] {
        let (luma, chroma) = self.planes();
        let (blue, red) = chroma.split_at(chroma.len() / 2);
        let mut bins = [0; 3 * BINS];
        for (plane, values) in [luma, blue, red].into_iter().enumerate() {
            for value in values {
                if let Some(bin) = bins.get_mut(plane * BINS + usize::from(*value) * BINS / 256) {
                    *bin += 1;
                }
            }
        }
        bins
    }
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0_f32));
    sum / count.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(luma: u8, chroma: u8) -> Sketch {
        Sketch::new([vec![luma; LUMA], vec![chroma; LUMA / 2]].concat())
    }

    #[test]
    fn black_white_and_the_same() {
        assert_eq!(plain(16, 128).dark_share(), 1.0);
        assert_eq!(plain(40, 128).dark_share(), 0.0);
        assert_eq!(plain(20, 128).difference(&plain(20, 128)), 0.0);
        assert_eq!(plain(20, 128).difference(&plain(30, 126)), 13.0);
    }

    #[test]
    fn moved_things_have_the_same_distribution() {
        let mut left = plain(20, 128);
        let mut right = plain(20, 128);
        left.0[..100].fill(200);
        right.0[900..1000].fill(200);
        assert_eq!(left.histogram_distance(&right), 0.0);
        assert!(left.difference(&right) > 10.0);
        assert_eq!(plain(20, 128).histogram_distance(&plain(200, 20)), 2.0);
    }
}
