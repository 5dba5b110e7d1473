//! The sound of a rendition, filter by filter (MEDIA.md §5). Pure.

use super::{Recipe, readings::seconds};

pub(super) const SAMPLE_RATE_HZ: u32 = 48_000;

/// Stereo of 48 kHz whose first sample is at `first_sample`: gaps and a late start become silence, what comes
/// before goes. More channels are mixed down without clipping.
pub(super) fn stereo(first_sample: i64) -> String {
    format!("aresample={SAMPLE_RATE_HZ}:async=1:first_pts={first_sample}:ochl=stereo:rematrix_maxval=1")
}

/// Speed, volume, limiter, fades, on sound that was cut and joined; `duration_us` of the result.
pub(super) fn shaped(recipe: &Recipe<'_>, duration_us: u64) -> Vec<String> {
    let sound = &recipe.plan.sound;
    let mut chain = tempo(recipe.plan.speed);
    if recipe.gain_db != 0.0 {
        chain.push(format!("volume={:.2}dB", recipe.gain_db));
    }
    if sound.limit_peaks {
        // -1.5 dB for samples keeps what lies between them under -1 dB.
        chain.push("alimiter=limit=0.841:level=false".to_owned());
    }
    if sound.fade_in_ms > 0 {
        chain.push(format!("afade=t=in:d={}", milliseconds(sound.fade_in_ms)));
    }
    if sound.fade_out_ms > 0 {
        let start_us = duration_us.saturating_sub(u64::from(sound.fade_out_ms) * 1_000);
        chain.push(format!(
            "afade=t=out:st={}:d={}",
            seconds(i64::try_from(start_us).unwrap_or(i64::MAX)),
            milliseconds(sound.fade_out_ms)
        ));
    }
    chain
}

/// Factors of 0.5 ..= 2, outside of which the filter drops samples instead of blending them.
fn tempo(speed: f64) -> Vec<String> {
    let mut factors = Vec::new();
    let mut left = speed;
    while left > 2.0 {
        factors.push(2.0);
        left /= 2.0;
    }
    while left < 0.5 && left > 0.0 {
        factors.push(0.5);
        left /= 0.5;
    }
    if left != 1.0 {
        factors.push(left);
    }
    factors
        .into_iter()
        .map(|factor| format!("atempo={factor}"))
        .collect()
}

fn milliseconds(milliseconds: u32) -> String {
    seconds(i64::from(milliseconds) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::tempo;

    #[test]
    fn a_great_change_of_speed_is_made_in_steps() {
        assert_eq!(tempo(1.0), Vec::<String>::new());
        assert_eq!(tempo(1.5), ["atempo=1.5"]);
        assert_eq!(tempo(4.0), ["atempo=2", "atempo=2"]);
        assert_eq!(tempo(3.0), ["atempo=2", "atempo=1.5"]);
        assert_eq!(tempo(0.25), ["atempo=0.5", "atempo=0.5"]);
    }
}
