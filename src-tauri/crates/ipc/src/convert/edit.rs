//! The edit document crosses the border in the same JSON as it is kept in.

use daypart_domain::edit as domain;

use crate::{Aspect, Captions, Cover, Edit, Fit, Framing, KeptRange, SoundEdit, Turn};

/// Both directions of a type whose fields and names are the same on both sides.
macro_rules! alike {
    ($wire:ident { $($field:ident),+ }) => {
        impl From<domain::$wire> for $wire {
            fn from(domain::$wire { $($field),+ }: domain::$wire) -> Self {
                Self { $($field: $field.into()),+ }
            }
        }

        impl From<$wire> for domain::$wire {
            fn from($wire { $($field),+ }: $wire) -> Self {
                Self { $($field: $field.into()),+ }
            }
        }
    };
}

alike!(Framing { aspect, fit });
alike!(Turn { rotate_deg, mirrored });
alike!(SoundEdit {
    muted,
    volume_db,
    fade_in_ms,
    fade_out_ms,
    normalise,
    track
});
alike!(Captions { path, burned_in });

/// Both directions of a choice whose cases are the same on both sides.
macro_rules! alike_choice {
    ($wire:ident { $($case:ident $({ $($field:ident),+ })?),+ }) => {
        impl From<domain::$wire> for $wire {
            fn from(choice: domain::$wire) -> Self {
                match choice {
                    $(domain::$wire::$case $({ $($field),+ })? => Self::$case $({ $($field),+ })?),+
                }
            }
        }

        impl From<$wire> for domain::$wire {
            fn from(choice: $wire) -> Self {
                match choice {
                    $($wire::$case $({ $($field),+ })? => Self::$case $({ $($field),+ })?),+
                }
            }
        }
    };
}

alike_choice!(Aspect {
    Source,
    Portrait9x16,
    Square,
    Portrait4x5,
    Landscape16x9
});
alike_choice!(Fit { Fill { centre_x, centre_y }, Blur, Colour { rgb } });
alike_choice!(Cover { At { at_us }, Image { path } });

impl From<domain::KeptRange> for KeptRange {
    fn from(
        domain::KeptRange {
            start_us,
            end_us,
            fit,
        }: domain::KeptRange,
    ) -> Self {
        Self {
            start_us,
            end_us,
            fit: fit.map(Into::into),
        }
    }
}

impl From<KeptRange> for domain::KeptRange {
    fn from(
        KeptRange {
            start_us,
            end_us,
            fit,
        }: KeptRange,
    ) -> Self {
        Self {
            start_us,
            end_us,
            fit: fit.map(Into::into),
        }
    }
}

impl From<domain::Edit> for Edit {
    fn from(edit: domain::Edit) -> Self {
        let domain::Edit {
            version,
            ranges,
            framing,
            turn,
            sound,
            speed,
            cover,
            captions,
        } = edit;
        Self {
            version,
            ranges: ranges.into_iter().map(Into::into).collect(),
            framing: framing.into(),
            turn: turn.into(),
            sound: sound.into(),
            speed,
            cover: cover.map(Into::into),
            captions: captions.map(Into::into),
        }
    }
}

impl From<Edit> for domain::Edit {
    fn from(edit: Edit) -> Self {
        let Edit {
            version,
            ranges,
            framing,
            turn,
            sound,
            speed,
            cover,
            captions,
        } = edit;
        Self {
            version,
            ranges: ranges.into_iter().map(Into::into).collect(),
            framing: framing.into(),
            turn: turn.into(),
            sound: sound.into(),
            speed,
            cover: cover.map(Into::into),
            captions: captions.map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"{"version":1,"ranges":[{"start_us":1500000,"end_us":9000000},{"start_us":0,"end_us":40000,"fit":{"fill":{"centre_x":1.0,"centre_y":0.25}}}],"framing":{"aspect":"portrait_4_5","fit":{"fill":{"centre_x":0.25,"centre_y":0.5}}},"turn":{"rotate_deg":90,"mirrored":true},"sound":{"muted":false,"volume_db":-3.5,"fade_in_ms":200,"fade_out_ms":400,"normalise":true,"track":1},"speed":1.5,"cover":{"image":{"path":"/clips/cover.png"}},"captions":{"path":"/clips/a.srt","burned_in":true}}"#;

    #[test]
    fn the_wire_and_the_kept_document_are_the_same_text() {
        for text in [
            FULL,
            &serde_json::to_string(&domain::Edit::default()).unwrap(),
            &FULL.replace(r#"{"fill":{"centre_x":0.25,"centre_y":0.5}}"#, r#""blur""#),
            &FULL.replace("portrait_4_5", "landscape_16_9"),
        ] {
            let kept: domain::Edit = serde_json::from_str(text).unwrap();
            let wire: Edit = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&wire).unwrap(), *text);
            assert_eq!(serde_json::to_string(&kept).unwrap(), *text);
            assert_eq!(Edit::from(kept.clone()), wire);
            assert_eq!(domain::Edit::from(wire), kept);
        }
    }
}
