//! What is said of a picture where a video is expected.

use daypart_domain::{
    compliance::{Severity, check_picture},
    delivery_specs::{ALL, BLUESKY, PINTEREST, TIKTOK, YOUTUBE_VIDEO},
    picture_info::{PictureFormat, PictureInfo, upright_size},
};

fn photo() -> PictureInfo {
    PictureInfo {
        format: PictureFormat::Jpeg,
        size_bytes: 3_000_000,
        width_px: 1080,
        height_px: 1350,
        orientation: 6,
        colour_profile: Some("Display P3".to_owned()),
        animation: None,
        has_private_metadata: true,
    }
}

#[test]
fn every_placement_refuses_with_its_own_name_a_source_and_a_way_out() {
    for spec in ALL {
        let [finding] = check_picture(&photo(), spec).try_into().unwrap();
        assert_eq!(
            (finding.rule.as_str(), finding.severity),
            ("file.picture", Severity::Refusal)
        );
        assert_eq!(finding.fix, None, "{}", spec.id);
        assert!(finding.sentence.contains(spec.name), "{}", finding.sentence);
        assert!(
            finding
                .sentence
                .ends_with("A picture can be the cover of a video.")
        );
        assert_eq!(finding.measured, "a JPEG picture, 1080 × 1350");
        assert!(!finding.source.is_empty());
    }
}

#[test]
fn the_sentence_follows_what_the_platform_says_of_pictures() {
    for (spec, words) in [
        (&TIKTOK, "only from a public web address"),
        (&YOUTUBE_VIDEO, "takes videos only"),
        (&BLUESKY, "Daypart does not send them there yet"),
        (&PINTEREST, "Daypart sends only videos to"),
    ] {
        let findings = check_picture(&photo(), spec);
        assert!(findings[0].sentence.contains(words), "{}", findings[0].sentence);
    }
}

#[test]
fn a_quarter_turn_changes_the_sides() {
    let turned: Vec<_> = (1..=8)
        .map(|orientation| upright_size(orientation, 40, 30))
        .collect();
    assert_eq!(turned, [[(40, 30); 4], [(30, 40); 4]].concat());
}

#[test]
fn facts_written_without_the_optional_fields_are_read() {
    let old = r#"{"format":"png","size_bytes":1,"width_px":2,"height_px":3,"orientation":1,"has_private_metadata":false}"#;
    let info: PictureInfo = serde_json::from_str(old).unwrap();
    assert_eq!((info.colour_profile, info.animation), (None, None));
}
