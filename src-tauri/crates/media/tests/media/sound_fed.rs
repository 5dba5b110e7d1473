//! The sound of an MP4 or MOV is fed to ffmpeg by itself, and says the same as when ffmpeg reads the file.

use daypart_media::{
    Media, MediaToolbox,
    sound::{Audibility, Sound, SoundOrder},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, footage},
    encode_faults::toolbox_with_ffmpeg,
};

/// With an ffmpeg that refuses command lines like `refused`.
async fn listen(shop: &Workshop, name: &str, refused: &str) -> Sound {
    let tools = Workshop::new();
    let real = MediaToolbox::locate().ffmpeg().unwrap();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in {refused}) exit 1;; esac\nexec {} \"$@\"\n",
        real.display()
    );
    let media = Media::new(toolbox_with_ffmpeg(&tools, &script));
    let info = shop.info(name).await;
    let order = SoundOrder {
        source: &shop.path(name),
        info: &info,
        track: None,
        cache: None,
    };
    media
        .sound(order, None, &CancellationToken::new())
        .await
        .unwrap_or_else(|problem| panic!("{name}, without {refused}: {problem}: {:?}", problem.details))
}

fn assert_the_same(name: &str, fed: &Sound, whole: &Sound) {
    assert_eq!(fed.audibility, Audibility::Audible, "{name}");
    let (one, other) = (&fed.waveform.levels[0].buckets, &whole.waveform.levels[0].buckets);
    // A container may say that the last packet is shorter than it is: a packet has 21 ms.
    assert!(
        one.len().abs_diff(other.len()) <= 2,
        "{name}: {} and {}",
        one.len(),
        other.len()
    );
    let shared = one.len().min(other.len()) - 2;
    let apart = one[..shared]
        .iter()
        .zip(&other[..shared])
        .map(|(one, other)| one.rms.abs_diff(other.rms).max(one.max.abs_diff(other.max)))
        .max();
    // Resampling begins a few samples earlier; a packet later the differences are a hundred times as large.
    assert!(apart <= Some(32), "{name}: {apart:?} of 32768 apart");
}

#[tokio::test]
async fn fed_by_itself_a_sound_is_the_same_at_the_same_time() {
    let shop = Workshop::new();
    let speech = footage("movie2/movie-hello.mp4");
    shop.ffmpeg(&format!(
        "-i {} -t 4 -vf scale=160:90 -c:v libx264 -preset ultrafast -g 30 -c:a aac plain.mp4",
        speech.display()
    ))
    .ffmpeg("-i plain.mp4 -c copy plain.mov")
    .ffmpeg("-i plain.mp4 -c:v copy -c:a libopus opus.mp4")
    .ffmpeg("-i plain.mp4 -c:v copy -c:a ac3 ac3.mp4")
    .ffmpeg("-i plain.mp4 -c:v copy -c:a alac alac.mov")
    .ffmpeg("-i plain.mp4 -itsoffset 0.7 -i plain.mp4 -map 0:v -map 1:a -c copy late.mp4")
    .ffmpeg("-itsoffset 0.5 -i plain.mp4 -i plain.mp4 -map 0:v -map 1:a -c copy early.mp4")
    .ffmpeg("-ss 1.3 -i plain.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
    for name in [
        "plain.mp4",
        "plain.mov",
        "opus.mp4",
        "ac3.mp4",
        "alac.mov",
        "late.mp4",
        "early.mp4",
        "trimmed.mp4",
    ] {
        let fed = listen(&shop, name, "*file:*s16le*").await;
        let whole = listen(&shop, name, "*pipe:0*").await;
        assert_the_same(name, &fed, &whole);
    }
}
