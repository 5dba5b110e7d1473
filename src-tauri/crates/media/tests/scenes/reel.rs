//! A reel cut out of real clips and photos.

use std::{path::Path, process::Command, sync::OnceLock};

use crate::clips::{Workshop, footage};

/// How long each part is, in frames of a thirtieth of a second.
const PARTS: [(Part, u32); 13] = [
    (Part::Clip("movie2/movie-hello.mp4", 0), 60),
    (Part::Photo("pic1/IMG_1054.JPG"), 45),
    (Part::Clip("movie1/VID_20191220_170832.mp4", 0), 42),
    (Part::Photo("pic1/IMG_20200827_231612.jpg"), 36),
    (Part::Clip("movie2/movie-hello.mp4", 4), 70),
    (Part::Photo("pic2/IMG_20191224_234846.jpg"), 31),
    (Part::Photo("pic2/IMG_20200124_231153.jpg"), 40),
    (Part::Photo("pic2/IMG_20200608_111614.jpg"), 29),
    (Part::Black, 30),
    (Part::Photo("pic1/IMG-20191006-WA0002.jpg"), 44),
    (Part::Still("pic1/IMG_20200827_231612.jpg"), 90),
    (Part::Photo("pic2/IMG_20191224_234846.jpg"), 33),
    (Part::Clip("movie1/VID_20191220_170832.mp4", 0), 42),
];

#[derive(Clone, Copy)]
enum Part {
    /// From this second on.
    Clip(&'static str, u32),
    /// With the camera moving over it.
    Photo(&'static str),
    Still(&'static str),
    Black,
}

pub const SECOND_US: u64 = 1_000_000;

/// When each part but the first begins.
pub fn true_cuts_us() -> Vec<u64> {
    let mut frame = 0;
    let begins = PARTS.iter().map(|(_, frames)| {
        frame += u64::from(*frames);
        (frame * SECOND_US + 15) / 30
    });
    let mut begins: Vec<u64> = begins.collect();
    begins.pop();
    begins
}

/// From and to of the part at `place`.
pub fn part_us(place: usize) -> (u64, u64) {
    let cuts = true_cuts_us();
    (cuts[place - 1], cuts[place])
}

pub const BLACK_PART: usize = 8;
pub const STILL_PART: usize = 10;

/// Writes `reel.mp4` with these encoder settings.
pub fn make(shop: &Workshop, encoding: &str) {
    static MASTER: OnceLock<Vec<u8>> = OnceLock::new();
    let master = MASTER.get_or_init(|| {
        let shop = Workshop::new();
        join(&shop, "-c:v libx264 -preset ultrafast -crf 12 master.mp4");
        shop.read("master.mp4")
    });
    shop.write("master.mp4", master);
    shop.ffmpeg(&format!("-i master.mp4 {encoding} reel.mp4"));
}

fn join(shop: &Workshop, output: &str) {
    let mut inputs = String::new();
    let mut filters = String::new();
    for (number, (part, frames)) in PARTS.iter().enumerate() {
        let (input, picture) = match part {
            Part::Clip(name, from_s) => (
                format!("-ss {from_s} -i {}", footage(name).display()),
                "fps=30,scale=640:360".to_owned(),
            ),
            Part::Photo(name) => (
                format!("-i {}", footage(name).display()),
                "scale=720:405,loop=loop=-1:size=1,settb=1/30,setpts=N,crop=640:360:n:n/2".to_owned(),
            ),
            Part::Still(name) => (
                format!("-i {}", footage(name).display()),
                "scale=640:360,loop=loop=-1:size=1,settb=1/30,setpts=N".to_owned(),
            ),
            Part::Black => (
                "-f lavfi -i color=black:s=640x360:r=30".to_owned(),
                "null".to_owned(),
            ),
        };
        inputs += &format!("{input} ");
        filters += &format!(
            "[{number}:v]{picture},tpad=stop=-1:stop_mode=clone,trim=end_frame={frames},settb=1/30,setpts=N,setsar=1,format=yuv420p[p{number}];"
        );
    }
    let labels: String = (0..PARTS.len()).map(|number| format!("[p{number}]")).collect();
    filters += &format!("{labels}concat=n={}:v=1", PARTS.len());
    shop.ffmpeg(&format!("{inputs} -filter_complex {filters} -r 30 {output}"));
}

/// What ffmpeg's own filter calls cuts.
pub fn scdet_cuts_us(path: &Path) -> Vec<u64> {
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-i"])
        .arg(path)
        .args(["-an", "-vf", "scdet=threshold=10", "-f", "null", "-"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter_map(|line| line.split("lavfi.scd.time: ").nth(1))
        .map(|time| (time.trim().parse::<f64>().unwrap() * 1e6).round() as u64)
        .collect()
}
