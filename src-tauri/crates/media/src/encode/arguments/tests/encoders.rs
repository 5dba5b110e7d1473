//! What the encoders are told, in software and in hardware.

use std::path::Path;

use daypart_domain::{
    edit::KeptRange,
    transcode_plan::{EncodeTarget, HardwareEncoder, Quality, Rung, TranscodePlan},
};

use super::{
    super::{EditLists, Pass, comparing},
    clip, line, planned, recipe, spoken, target,
};

#[test]
fn hardware_gets_its_frames_and_the_check_does_not_use_it() {
    let with = |hardware| EncodeTarget {
        hardware: Some(hardware),
        ..target()
    };
    let line_of = |hardware| line(Rung::Encode, Some(with(hardware)), &clip(), EditLists::Drop);
    let vaapi = line_of(HardwareEncoder::Vaapi);
    assert!(
        vaapi.contains("-stats_period 0.25 -vaapi_device /dev/dri/renderD128 -"),
        "{vaapi}"
    );
    assert!(
        vaapi.contains("format=yuv420p,format=nv12,hwupload -fps_mode cfr -r 30000/1001 -c:v h264_vaapi"),
        "{vaapi}"
    );
    let nvenc = line_of(HardwareEncoder::Nvenc);
    assert!(
        nvenc.contains(
            "format=yuv420p -fps_mode cfr -r 30000/1001 -c:v h264_nvenc -preset p5 -tune hq -rc vbr -bf 2 -b:v 12429170 \
             -maxrate 20000000 -bufsize 40000000 -profile:v high -g 60 -flags +cgop -color_primaries bt709"
        ),
        "{nvenc}"
    );
    assert!(!nvenc.contains("-crf") && !nvenc.contains("hwupload"), "{nvenc}");

    let plan = TranscodePlan {
        rung: Rung::Encode,
        target: Some(with(HardwareEncoder::Vaapi)),
        parts: vec![KeptRange::new(500_000, 1_500_000)],
        ..TranscodePlan::default()
    };
    let cut = planned(&plan, &clip(), EditLists::Drop, Pass::Only);
    assert!(cut.contains("[v];[v]format=nv12,hwupload[uploaded];"), "{cut}");
    assert!(cut.contains("-map [uploaded] -map [a]"), "{cut}");
    let info = clip();
    let stretch = [KeptRange::new(0, 500_000)];
    let check = comparing(
        &recipe(&plan, &info),
        &with(HardwareEncoder::Vaapi),
        &stretch,
        Path::new("out"),
    );
    let check = spoken(&check.unwrap());
    assert!(!check.contains("hwupload") && !check.contains("vaapi"), "{check}");
}

#[test]
fn a_quality_is_a_preset_and_a_constant() {
    let of = |quality, max_rate_bps| {
        let target = EncodeTarget {
            quality,
            ..EncodeTarget::whole(1080, 1920, None, max_rate_bps)
        };
        let line = line(Rung::Encode, Some(target), &clip(), EditLists::Drop);
        let from = line.find("-preset").unwrap();
        line[from..line.find(" -maxrate").unwrap()].to_owned()
    };
    assert_eq!(of(Quality::Smaller, 8_000_000), "-preset medium -crf 21");
    assert_eq!(of(Quality::Standard, 20_000_000), "-preset superfast -crf 18");
    assert_eq!(of(Quality::Standard, 8_000_000), "-preset faster -crf 20");
    assert_eq!(of(Quality::Best, 20_000_000), "-preset faster -crf 16");
}
