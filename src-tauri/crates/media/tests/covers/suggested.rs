//! Suggestions for made clips in which it is known what is good, and for real footage.

use std::path::Path;

use daypart_domain::problem::Problem;
use daypart_media::{
    covers::{SUGGESTIONS_MAX, suggest_covers},
    scenes::find_scenes,
    strip::Clip,
};
use daypart_ports::{
    media::MediaProbe as _,
    timeline::{CoverMerit, CoverSuggestion},
};
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

const SECOND_US: u64 = 1_000_000;
const TALK: &str = "movie2/movie-hello.mp4";
const DOG: &str = "movie1/VID_20191220_170832.mp4";
const ROOM: &str = "pic1/IMG_1054.JPG";
const STREET: &str = "pic1/IMG_20200827_231612.jpg";

async fn suggested(path: &Path, cancel: &CancellationToken) -> Result<Vec<CoverSuggestion>, Problem> {
    let media = media();
    let info = media.probe(path).await.unwrap();
    let clip = Clip { path, info: &info };
    let marks = find_scenes(media.toolbox(), clip, cancel).await?;
    suggest_covers(media.toolbox(), clip, &marks, cancel).await
}

/// Of a clip that `filters` make of the room and the street, each shown for three seconds with the camera moving.
async fn of_photos(filters: &str, name: &str) -> Vec<CoverSuggestion> {
    let shop = Workshop::new();
    let moving = |input: u32| {
        format!(
            "[{input}:v]scale=400:300,loop=loop=-1:size=1,settb=1/25,setpts=N,crop=320:240:n/2:n/3,trim=end_frame=75,setsar=1,fps=25,format=yuv420p[p{input}]"
        )
    };
    let (room, street) = (footage(ROOM), footage(STREET));
    shop.ffmpeg(&format!(
        "-i {} -i {} -filter_complex {};{};[p0][p1]{filters} -c:v libx264 -preset ultrafast {name}",
        room.display(),
        street.display(),
        moving(0),
        moving(1),
    ));
    suggested(&shop.path(name), &CancellationToken::new())
        .await
        .unwrap()
}

fn times_us(found: &[CoverSuggestion]) -> Vec<u64> {
    found.iter().map(|suggestion| suggestion.picture.at_us).collect()
}

#[tokio::test]
async fn what_is_sharp_is_preferred_to_what_is_blurred() {
    for name in ["clip.mp4", "clip.mkv"] {
        let found = of_photos("concat=n=2:v=1,boxblur=6:2:enable=lt(t\\,3)", name).await;
        let times = times_us(&found);
        assert!(!times.is_empty(), "{name}");
        assert!(
            times.iter().all(|at_us| *at_us >= 3 * SECOND_US),
            "{name}: {times:?}"
        );
        assert!(found[0].merits.contains(&CoverMerit::Sharp), "{name}: {found:?}");
    }
}

#[tokio::test]
async fn nothing_is_suggested_in_black() {
    let found = of_photos(
        "concat=n=2:v=1,drawbox=t=fill:c=black:enable=lt(t\\,2.5)",
        "clip.mp4",
    )
    .await;
    let times = times_us(&found);
    assert!(!times.is_empty());
    assert!(times.iter().all(|at_us| *at_us >= 5 * SECOND_US / 2), "{times:?}");
}

#[tokio::test]
async fn a_clip_in_which_nothing_can_be_seen_has_no_suggestions() {
    let shop = Workshop::new();
    for shade in ["black", "white", "gray"] {
        shop.ffmpeg(&format!(
            "-f lavfi -i color={shade}:s=320x240:r=10:d=2 -c:v libx264 {shade}.mp4"
        ));
        let found = suggested(&shop.path(&format!("{shade}.mp4")), &CancellationToken::new()).await;
        assert_eq!(found.unwrap(), [], "{shade}");
    }
}

#[tokio::test]
async fn no_frame_of_a_dissolve_is_suggested() {
    let found = of_photos("xfade=transition=fade:duration=1.4:offset=1.6", "clip.mp4").await;
    let times = times_us(&found);
    // The dissolve runs from 1.6 s to 3 s; what begins and ends it is all but one scene.
    let mixed = 1_850_000..2_750_000;
    assert!(times.iter().all(|at_us| !mixed.contains(at_us)), "{times:?}");
    assert!(
        times.iter().any(|at_us| *at_us < mixed.start) && times.iter().any(|at_us| *at_us > mixed.end),
        "both scenes are there: {times:?}"
    );
}

#[tokio::test]
async fn suggestions_stay_clear_of_cuts() {
    let found = of_photos("concat=n=2:v=1", "clip.mp4").await;
    let times = times_us(&found);
    assert!(times.len() >= 2, "{times:?}");
    assert!(
        times
            .iter()
            .all(|at_us| at_us.abs_diff(3 * SECOND_US) >= 150_000 - 40_000),
        "{times:?}"
    );
}

#[tokio::test]
async fn suggestions_are_few_spread_and_pictures() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i mandelbrot=s=320x240:r=25 -t 12 -c:v libx264 -preset ultrafast clip.mp4");
    let found = suggested(&shop.path("clip.mp4"), &CancellationToken::new())
        .await
        .unwrap();
    let mut times = times_us(&found);
    assert!((2..=SUGGESTIONS_MAX).contains(&times.len()), "{times:?}");
    times.sort_unstable();
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] >= SECOND_US),
        "{times:?}"
    );
    for suggestion in &found {
        let picture = image::load_from_memory(&suggestion.picture.jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (320, 240));
        assert!(!suggestion.reason().is_empty());
    }
}

#[tokio::test]
async fn a_person_who_talks_is_seen() {
    let found = suggested(&footage(TALK), &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(
        found[0].merits.first(),
        Some(&CoverMerit::Face),
        "{:?}",
        found.iter().map(CoverSuggestion::reason).collect::<Vec<_>>()
    );
    assert!(found[0].reason().starts_with("A face"));
}

#[tokio::test]
async fn a_face_is_preferred_to_a_colourful_picture_without_one() {
    let shop = Workshop::new();
    // The webcam's corner of the recording fills the picture for two seconds, between two without anybody.
    shop.ffmpeg(&format!(
        "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -ss 1 -t 2 -i {} -i {} -filter_complex \
         [1:v]crop=iw*0.3:ih*0.36:iw*0.03:ih*0.08,scale=320:240,setsar=1,fps=25,format=yuv420p[face];\
         [2:v]scale=320:240,loop=loop=50:size=1,settb=1/25,setpts=N,setsar=1,fps=25,format=yuv420p[room];\
         [0:v]setsar=1,format=yuv420p[bars];[bars][face][room]concat=n=3:v=1 -c:v libx264 -preset ultrafast clip.mp4",
        footage(TALK).display(),
        footage(ROOM).display(),
    ));
    let found = suggested(&shop.path("clip.mp4"), &CancellationToken::new())
        .await
        .unwrap();
    let best = &found[0];
    assert!(
        (2 * SECOND_US..4 * SECOND_US).contains(&best.picture.at_us),
        "{:?}",
        times_us(&found)
    );
    assert_eq!(best.merits.first(), Some(&CoverMerit::Face));
    let without = found
        .iter()
        .filter(|suggestion| !(2 * SECOND_US..4 * SECOND_US).contains(&suggestion.picture.at_us));
    assert!(
        without
            .into_iter()
            .all(|suggestion| !suggestion.merits.contains(&CoverMerit::Face))
    );
}

#[tokio::test]
async fn a_phone_clip_without_people_has_a_suggestion_and_no_face() {
    let found = suggested(&footage(DOG), &CancellationToken::new()).await.unwrap();
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|suggestion| !suggestion.merits.contains(&CoverMerit::Face))
    );
}

#[tokio::test]
async fn what_is_cancelled_ends() {
    let shop = Workshop::new().with_base();
    let media = media();
    let path = shop.path("base.mp4");
    let info = media.probe(&path).await.unwrap();
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = suggest_covers(media.toolbox(), clip, &Default::default(), &cancel).await;
    assert_eq!(outcome.unwrap_err().code.as_str(), "media.cancelled");
}
