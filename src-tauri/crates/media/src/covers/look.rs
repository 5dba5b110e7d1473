//! What can be said of one picture by itself.

/// Blocks to a side of a [`Sketch`].
const SKETCH_SIDE: usize = 24;
/// Out of 255, both: there is nothing to recognise.
const BLACK_BELOW: f32 = 18.0;
const WHITE_ABOVE: f32 = 243.0;
const FLAT_BELOW: f32 = 9.0;

/// A picture in a few colours, for comparing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sketch(pub Vec<f32>);

impl Sketch {
    /// Mean difference of all blocks, 0 ..= 255.
    pub fn difference(&self, other: &Self) -> f32 {
        let sum: f32 = self
            .0
            .iter()
            .zip(&other.0)
            .map(|(one, other)| (one - other).abs())
            .sum();
        sum / self.0.len().max(1) as f32
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    /// Mean luma, 0 ..= 255.
    pub brightness: f32,
    /// Standard deviation of luma.
    pub contrast: f32,
    /// Variance of the Laplacian of luma: edges. Says something only beside other pictures of the same clip.
    pub sharpness: f32,
    /// After Hasler and Süsstrunk (2003): 15 is slightly, 45 quite, 80 highly colourful.
    pub colourfulness: f32,
    /// How much of the shorter side the largest face is wide.
    pub face_share: Option<f32>,
    pub sketch: Sketch,
}

/// Luma of red, green, blue.
pub(super) fn luma_of(rgb: &[u8]) -> Vec<u8> {
    rgb.chunks_exact(3)
        .map(|pixel| {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
            u8::try_from((77 * red + 150 * green + 29 * blue) >> 8).unwrap_or(u8::MAX)
        })
        .collect()
}

impl Look {
    /// `rgb` and `luma` are of the same picture, row by row.
    pub fn at(rgb: &[u8], luma: &[u8], width_px: u32, height_px: u32) -> Self {
        let (width, height) = (width_px as usize, height_px as usize);
        let lumas = Spread::of(luma.iter().map(|luma| f64::from(*luma)));
        Self {
            brightness: lumas.mean as f32,
            contrast: lumas.deviation as f32,
            sharpness: edges(luma, width, height),
            colourfulness: colourfulness(rgb),
            face_share: None,
            sketch: sketch(rgb, width, height),
        }
    }

    /// Black, white or of one shade.
    pub fn shows_nothing(&self) -> bool {
        self.brightness < BLACK_BELOW || self.brightness > WHITE_ABOVE || self.contrast < FLAT_BELOW
    }
}

#[derive(Debug, Clone, Copy)]
struct Spread {
    mean: f64,
    deviation: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut count, mut sum, mut squares) = (0_u32, 0.0, 0.0);
        for value in values {
            count += 1;
            sum += value;
            squares += value * value;
        }
        let count = f64::from(count.max(1));
        let mean = sum / count;
        Self {
            mean,
            deviation: (squares / count - mean * mean).max(0.0).sqrt(),
        }
    }
}

fn edges(luma: &[u8], width: usize, height: usize) -> f32 {
    if width < 3 || height < 3 || luma.len() < width * height {
        return 0.0;
    }
    let at = |x: usize, y: usize| f64::from(luma[y * width + x]);
    let inside = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y)));
    let laplacian =
        inside.map(|(x, y)| at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y));
    Spread::of(laplacian).deviation.powi(2) as f32
}

fn colourfulness(rgb: &[u8]) -> f32 {
    let pixels = || {
        rgb.chunks_exact(3)
            .map(|pixel| [pixel[0], pixel[1], pixel[2]].map(f64::from))
    };
    let red_green = Spread::of(pixels().map(|[red, green, _]| red - green));
    let yellow_blue = Spread::of(pixels().map(|[red, green, blue]| f64::midpoint(red, green) - blue));
    let deviation = red_green.deviation.hypot(yellow_blue.deviation);
    let mean = red_green.mean.hypot(yellow_blue.mean);
    (deviation + 0.3 * mean) as f32
}

fn sketch(rgb: &[u8], width: usize, height: usize) -> Sketch {
    let mut sums = vec![0.0_f32; SKETCH_SIDE * SKETCH_SIDE * 3];
    let mut counts = vec![0.0_f32; SKETCH_SIDE * SKETCH_SIDE];
    for (number, pixel) in rgb.chunks_exact(3).enumerate() {
        let (x, y) = (number % width.max(1), number / width.max(1));
        let block = (y * SKETCH_SIDE / height.max(1)).min(SKETCH_SIDE - 1) * SKETCH_SIDE
            + x * SKETCH_SIDE / width.max(1);
        counts[block] += 1.0;
        for (channel, value) in pixel.iter().enumerate() {
            sums[block * 3 + channel] += f32::from(*value);
        }
    }
    for (place, sum) in sums.iter_mut().enumerate() {
        *sum /= counts[place / 3].max(1.0);
    }
    Sketch(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 48;

    /// A picture of `shade(x, y)`.
    fn look(shade: impl Fn(u32, u32) -> [u8; 3]) -> Look {
        let rgb: Vec<u8> = (0..SIDE)
            .flat_map(|y| (0..SIDE).map(move |x| (x, y)))
            .flat_map(|(x, y)| shade(x, y))
            .collect();
        Look::at(&rgb, &luma_of(&rgb), SIDE, SIDE)
    }

    fn grey(shade: u8) -> [u8; 3] {
        [shade; 3]
    }

    #[test]
    fn hard_edges_are_sharper_than_soft_ones() {
        let hard = look(|x, _| grey(if x % 16 < 8 { 40 } else { 200 }));
        let soft = look(|x, _| grey(40 + 20 * (x % 16).abs_diff(8) as u8));
        assert!(hard.sharpness > 8.0 * soft.sharpness, "{hard:?} {soft:?}");
        assert_eq!(look(|_, _| grey(90)).sharpness, 0.0);
    }

    #[test]
    fn black_white_and_one_shade_show_nothing() {
        for shade in [0, 12, 120, 255] {
            assert!(look(|_, _| grey(shade)).shows_nothing(), "{shade}");
        }
        assert!(!look(|x, _| grey(60 + 2 * x as u8)).shows_nothing());
    }

    #[test]
    fn grey_has_no_colour_and_red_beside_blue_has_much() {
        assert!(look(|x, _| grey(4 * x as u8)).colourfulness < 1.0);
        let colours = look(|x, _| if x % 2 == 0 { [220, 30, 30] } else { [20, 40, 220] });
        assert!(colours.colourfulness > 80.0, "{}", colours.colourfulness);
    }

    #[test]
    fn a_sketch_differs_by_what_changed() {
        let (dark, bright) = (look(|_, _| grey(50)), look(|_, _| grey(90)));
        assert_eq!(dark.sketch.difference(&bright.sketch), 40.0);
        let half = look(|x, _| grey(if x < SIDE / 2 { 50 } else { 90 }));
        assert_eq!(dark.sketch.difference(&half.sketch), 20.0);
    }
}
