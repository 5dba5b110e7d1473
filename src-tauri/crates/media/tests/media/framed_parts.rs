//! Parts of one clip that come into the frame each in its own way.

use daypart_domain::{
    analysis::Analysis,
    delivery_spec::AccountLimits,
    delivery_specs::BLUESKY,
    edit::{Aspect, Edit, Fit, KeptRange},
    transcode_plan::{Destination, Material, SpeedHistory, TranscodePlan, Wishes, plan_all},
};

use crate::{
    clips::Workshop,
    edited::{make, ms, pixels},
};

const LEFT: Fit = Fit::Fill {
    centre_x: 0.0,
    centre_y: 0.5,
};
const RIGHT: Fit = Fit::Fill {
    centre_x: 1.0,
    centre_y: 0.5,
};

/// 4 s of 640 × 360 at 30 fps: red on the left, blue on the right.
fn two_colours() -> Workshop {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i color=c=red:s=640x360:r=30:d=4 -f lavfi -i sine=f=440:r=48000:d=4 \
         -vf drawbox=x=320:w=320:h=360:c=blue:t=fill -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac two.mp4",
    );
    shop
}

fn framed(part: KeptRange, fit: Fit) -> KeptRange {
    KeptRange {
        fit: Some(fit),
        ..part
    }
}

/// As the planner makes it of an edit in portrait.
async fn planned(shop: &Workshop, parts: &[KeptRange], change: impl FnOnce(&mut Edit)) -> TranscodePlan {
    let info = shop.info("two.mp4").await;
    let mut edit = Edit {
        ranges: parts.to_vec(),
        ..Edit::default()
    };
    edit.framing.aspect = Aspect::Portrait9x16;
    change(&mut edit);
    let material = Material {
        info: &info,
        edit: &edit,
        analysis: &Analysis::default(),
        keyframes_us: None,
        history: &SpeedHistory::default(),
    };
    let destination = Destination {
        spec: &BLUESKY,
        limits: AccountLimits::default(),
    };
    plan_all(&material, Wishes::sending(), &[destination])
        .remove(0)
        .plan
}

#[derive(Debug, PartialEq)]
enum Seen {
    Red,
    Blue,
    Other,
}

fn seen([red, green, blue]: [u8; 3]) -> Seen {
    match (red, green, blue) {
        (200.., ..60, ..60) => Seen::Red,
        (..60, ..60, 200..) => Seen::Blue,
        _ => Seen::Other,
    }
}

/// What every frame shows at a place, run by run: how many frames of what.
fn runs(shop: &Workshop, x: u32, y: u32) -> Vec<(usize, Seen)> {
    let mut runs: Vec<(usize, Seen)> = Vec::new();
    for pixel in pixels(&shop.path("out.mp4"), x, y) {
        match runs.last_mut() {
            Some((count, last)) if *last == seen(pixel) => *count += 1,
            _ => runs.push((1, seen(pixel))),
        }
    }
    runs
}

#[tokio::test]
async fn the_window_stands_left_in_one_part_and_right_in_the_next() {
    let shop = two_colours();
    // 2.5 s to 3.5 s of the right side first, then half a second of the left one.
    let parts = [framed(ms(2_500, 3_500), RIGHT), framed(ms(500, 1_000), LEFT)];
    let plan = planned(&shop, &parts, |_| {}).await;
    let rendition = make(&shop, "two.mp4", &plan).await;
    assert_eq!((rendition.video.width_px, rendition.video.height_px), (202, 360));
    assert_eq!(rendition.duration_ms, 1_500);
    for x in [2, 100, 199] {
        assert_eq!(runs(&shop, x, 180), [(30, Seen::Blue), (15, Seen::Red)], "at {x}");
    }
}

#[tokio::test]
async fn one_part_is_filled_and_the_next_fitted_over_its_blur() {
    let shop = two_colours();
    let parts = [framed(ms(0, 1_000), LEFT), framed(ms(2_000, 3_000), Fit::Blur)];
    let plan = planned(&shop, &parts, |_| {}).await;
    let rendition = make(&shop, "two.mp4", &plan).await;
    let (width, height) = (rendition.video.width_px, rendition.video.height_px);
    assert_eq!((width, height), (640, 1138), "as wide as the fitted part needs");
    // To the very edges: a filled part has no line of black.
    for (x, y) in [(1, 1), (width - 2, 1), (width - 2, height - 2)] {
        let (count, colour) = runs(&shop, x, y).remove(0);
        assert!(
            count >= 30 && colour == Seen::Red,
            "{count} {colour:?} at {x}, {y}"
        );
    }
    // Half of each colour in the middle; above, a mixture of both where they meet.
    assert_eq!(
        runs(&shop, width - 20, height / 2),
        [(30, Seen::Red), (30, Seen::Blue)]
    );
    let above = pixels(&shop.path("out.mp4"), width / 2, 100)[45];
    assert!(above[0] > 60 && above[2] > 60, "red runs into blue: {above:?}");
}

#[tokio::test]
async fn turn_speed_and_a_colour_of_one_part_go_together() {
    let shop = two_colours();
    let green = Fit::Colour { rgb: [0, 160, 0] };
    let parts = [framed(ms(0, 2_000), green), framed(ms(2_000, 4_000), RIGHT)];
    let plan = planned(&shop, &parts, |edit| {
        edit.framing.aspect = Aspect::Square;
        edit.turn.rotate_deg = 180;
        edit.speed = 2.0;
    })
    .await;
    let rendition = make(&shop, "two.mp4", &plan).await;
    assert_eq!((rendition.video.width_px, rendition.video.height_px), (640, 640));
    // Upside down, blue is on the left; the window of the second part shows little else.
    assert_eq!(runs(&shop, 20, 320), [(60, Seen::Blue)]);
    assert_eq!(runs(&shop, 500, 320), [(30, Seen::Red), (30, Seen::Blue)]);
    let top = pixels(&shop.path("out.mp4"), 320, 20);
    let [red, over, blue] = top[15];
    assert!(over.abs_diff(160) < 12 && red < 12 && blue < 12, "{:?}", top[15]);
    assert_eq!(seen(top[45]), Seen::Blue);
}
