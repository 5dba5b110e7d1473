//! What can be said of one picture by itself.

/// Blocks to a side of a [`Sketch`]: so coarse that what moves a little changes little.
const SKETCH_SIDE: usize = 8;
/// Colours and light are told by every second pixel of every second row, edges by every second row.
const STRIDE: usize = 2;
/// Out of 255, all: there is nothing to recognise.
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
    let mut lumas = Vec::with_capacity(rgb.len() / 3);
    for pixel in rgb.chunks_exact(3) {
        let weighted = 77 * u32::from(pixel[0]) + 150 * u32::from(pixel[1]) + 29 * u32::from(pixel[2]);
        lumas.push((weighted >> 8) as u8);
    }
    lumas
}

impl Look {
    /// `rgb` and `luma` are of the same picture, row by row.
    pub fn at(rgb: &[u8], luma: &[u8], width_px: u32, height_px: u32) -> Self {
        let (width, height) = (width_px as usize, height_px as usize);
        let (mut lumas, mut red_green, mut yellow_blue) =
            (Spread::default(), Spread::default(), Spread::default());
        let mut blocks = vec![[0_u32; 4]; SKETCH_SIDE * SKETCH_SIDE];
        for y in (0..height).step_by(STRIDE) {
            for x in (0..width).step_by(STRIDE) {
                let place = y * width + x;
                let (Some(luma), Some(pixel)) = (luma.get(place), rgb.get(place * 3..place * 3 + 3)) else {
                    continue;
                };
                let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(i64::from);
                lumas.add(i64::from(*luma));
                red_green.add(red - green);
                yellow_blue.add((red + green) / 2 - blue);
                let block = &mut blocks[y * SKETCH_SIDE / height * SKETCH_SIDE + x * SKETCH_SIDE / width];
                block[0] += u32::from(pixel[0]);
                block[1] += u32::from(pixel[1]);
                block[2] += u32::from(pixel[2]);
                block[3] += 1;
            }
        }
        let deviation = red_green.deviation().hypot(yellow_blue.deviation());
        let mean = red_green.mean().hypot(yellow_blue.mean());
        Self {
            brightness: lumas.mean() as f32,
            contrast: lumas.deviation() as f32,
            sharpness: edges(luma, width, height),
            colourfulness: (deviation + 0.3 * mean) as f32,
            face_share: None,
            sketch: Sketch(
                blocks
                    .iter()
                    .flat_map(|[red, green, blue, count]| {
                        [red, green, blue].map(|sum| *sum as f32 / (*count).max(1) as f32)
                    })
                    .collect(),
            ),
        }
    }

    /// Black, white or of one shade.
    pub fn shows_nothing(&self) -> bool {
        self.brightness < BLACK_BELOW || self.brightness > WHITE_ABOVE || self.contrast < FLAT_BELOW
    }
}

/// Mean and standard deviation of whole numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    count: i64,
    sum: i64,
    squares: i64,
}

impl Spread {
    fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }

    fn variance(self) -> f64 {
        (self.squares as f64 / self.count.max(1) as f64 - self.mean().powi(2)).max(0.0)
    }

    fn deviation(self) -> f64 {
        self.variance().sqrt()
    }
}

fn edges(luma: &[u8], width: usize, height: usize) -> f32 {
    let rows: Vec<&[u8]> = luma.chunks_exact(width.max(1)).take(height).collect();
    let mut laplacian = Spread::default();
    for lines in rows.windows(3).step_by(STRIDE) {
        let (above, row, below) = (lines[0], lines[1], lines[2]);
        for x in 1..width - 1 {
            let around =
                i64::from(row[x - 1]) + i64::from(row[x + 1]) + i64::from(above[x]) + i64::from(below[x]);
            laplacian.add(around - 4 * i64::from(row[x]));
        }
    }
    laplacian.variance() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 128;

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
        assert!(!look(|x, _| grey(60 + x as u8)).shows_nothing());
    }

    #[test]
    fn grey_has_no_colour_and_red_beside_blue_has_much() {
        assert!(look(|x, _| grey(2 * x as u8)).colourfulness < 1.0);
        let colours = look(|x, _| if x % 4 < 2 { [220, 30, 30] } else { [20, 40, 220] });
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
