//! Findings and plan for every placement, as after each movement of a handle.

use std::path::Path;

use anyhow::Result;

use super::{
    Figure,
    reel::{Keyframes, reel},
    timed::{measured, number},
};

/// # Errors
/// When `daypart` fails, or the footage is missing.
pub fn measure(_folder: &Path) -> Result<Vec<Figure>> {
    let answer = measured("rules", &[reel(Keyframes::EverySecond)?])?;
    let placements = number(&answer, "placements")?;
    Ok(vec![Figure {
        name: format!("findings and plan for {placements} placements, of an edited clip"),
        ours: number(&answer, "each_ms")?,
        reference: None,
        unit: "ms",
        command: "each_ms of daypart measure-media rules REEL: the mean of 1000 recomputations, each with another trim"
            .into(),
    }])
}
