//! A rendition that is not what it should be never counts.

#![cfg(unix)]

use daypart_domain::transcode_plan::TranscodePlan;
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::{MediaEncoder as _, MediaProbe as _};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, media},
    edited::signal,
    encode::encode_to,
    encode_faults::toolbox_with_ffmpeg,
};

/// What becomes of a conversion by an ffmpeg that encodes something else than it was told; `instead` are its
/// arguments before the name of the file.
async fn verdict(shop: &Workshop, plan: &TranscodePlan, instead: &str) -> Result<(), (String, Vec<String>)> {
    let ffmpeg = MediaToolbox::locate().ffmpeg().unwrap();
    let real = ffmpeg.display();
    let source = shop.path("signal.mp4");
    let toolbox = toolbox_with_ffmpeg(
        shop,
        &format!(
            "#!/bin/sh\nfor last; do :; done\ncase \"$*\" in *libx264*) exec {real} -nostdin -v error -i '{}' {instead} -y \"$last\";;\n\
             *) exec {real} \"$@\";; esac\n",
            source.display()
        ),
    );
    let info = media().probe(&source).await.unwrap();
    let outcome = Media::new(toolbox)
        .encode(
            &source,
            &info,
            plan,
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await;
    std::fs::remove_dir_all(shop.path("tools")).unwrap();
    outcome
        .map(|_| ())
        .map_err(|problem| (problem.code.as_str().to_owned(), problem.details))
}

const GOOD: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -af atrim=start_sample=1024,asetpts=PTS-STARTPTS \
    -use_editlist 0 -movflags +faststart+negative_cts_offsets -f mp4";

#[tokio::test]
async fn another_picture_a_shorter_one_and_a_shifted_sound_are_thrown_away() {
    let shop = signal();
    let plan = encode_to(320, 180, None);
    let cases = [
        ("unlike", format!("-vf negate {GOOD}")),
        ("unlike", format!("-vf hflip {GOOD}")),
        ("unlike", format!("-vf setpts=PTS-1.5/TB,tpad=stop=45 {GOOD}")),
        ("lasts", format!("-t 5 {GOOD}")),
        ("its sound is missing", format!("-an {GOOD}")),
        ("apart", "-af adelay=0 -c:a aac -c:v libx264 -preset ultrafast -pix_fmt yuv420p -bsf:a setts=ts=TS+14400 -movflags +faststart -f mp4".to_owned()),
    ];
    for (word, instead) in cases {
        let (code, details) = verdict(&shop, &plan, &instead).await.expect_err(word);
        assert_eq!(code, "media.verify_failed", "{word}: {details:?}");
        assert!(
            details.iter().any(|detail| detail.contains(word)),
            "{word}: {details:?}"
        );
        assert_eq!(shop.names(), ["signal.mp4"], "{word}");
    }
    verdict(&shop, &plan, GOOD)
        .await
        .expect("the right picture counts");
}
