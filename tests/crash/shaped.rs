//! A network that the kernel itself slows down and cuts. Only inside a network namespace of its own, which
//! `cargo xtask crash --network` makes: elsewhere this would cut the computer's loopback.

use std::process::Command;

use daypart_tests::{Clip, Desk, Practice};

use crate::{PLATFORMS, one_post_after_restart};

/// Larger than any part either platform is sent.
const ONE_PART_BYTES: u64 = 17_000_000;

fn is_inside() -> bool {
    std::env::var_os("DAYPART_SHAPED_LOOPBACK").is_some()
}

fn tc(words: &[&str]) {
    let done = Command::new("tc").args(words).status().unwrap();
    assert!(done.success(), "tc {words:?}");
}

#[tokio::test]
async fn a_thin_line_and_a_cut_on_it() {
    if !is_inside() {
        println!("not played: it needs a network namespace of its own (cargo xtask crash --network)");
        return;
    }
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
        tc(&[
            "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", "160mbit", "burst", "64k", "latency",
            "50ms",
        ]);
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("chunk_stored", platform, 2).await;
        // Nothing passes any more, and nobody is told: packets are swallowed, as on a dead line.
        tc(&[
            "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", "8bit", "burst", "1", "limit", "1",
        ]);
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
        tc(&["qdisc", "del", "dev", "lo", "root"]);

        desk.heard(posting.end().await).expect(0);
        let uploads = practice.uploads(platform).await;
        assert_eq!(uploads.len(), 1, "started over at {platform}: {uploads:#?}");
        let resent = uploads[0]["resent_bytes"].as_u64().unwrap();
        assert!(resent <= ONE_PART_BYTES, "{platform}: {resent} bytes went twice");
        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
    }
}
