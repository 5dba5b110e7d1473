//! `daypart filmstrip FILE -o OUT.jpg`

use std::path::PathBuf;

use clap::{Args, value_parser};
use daypart_app::Output;
use daypart_domain::problem::Problem;
use serde::Serialize;

use crate::{exit::ExitCode, interruption::unless_interrupted, output, timecode};

/// The pictures stand in rows of ten, one after the other; their times are printed in the same order.
#[derive(Args)]
pub struct Filmstrip {
    /// The video; it is only read.
    file: PathBuf,
    /// The JPEG to make.
    #[arg(long, short, value_name = "OUT.jpg")]
    output: PathBuf,
    /// At most so many pictures, spread evenly; fewer when the clip has fewer frames, or they would be too large.
    #[arg(long, default_value_t = 60, value_name = "N", value_parser = value_parser!(u32).range(1..=600))]
    frames: u32,
    /// Of each picture; its width follows the clip's shape.
    #[arg(long, default_value_t = 90, value_name = "PX", value_parser = value_parser!(u32).range(16..=360))]
    height: u32,
    /// Replace OUT.jpg when it is there already.
    #[arg(long)]
    force: bool,
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Sprite {
    path: String,
    tile_width_px: u32,
    tile_height_px: u32,
    columns: u32,
    /// The n-th is in column `n % columns` and row `n / columns`.
    frames: Vec<Frame>,
}

#[derive(Serialize)]
struct Frame {
    /// When it begins to be shown.
    at_us: u64,
    is_key: bool,
}

impl Filmstrip {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let info = daypart_app::probe(&self.file).await?;
        let place = Output::prepare(&self.output, &self.file, self.force)?;
        let strip = unless_interrupted(async |cancel| {
            daypart_app::filmstrip(&self.file, &info, self.frames, self.height, &|| {}, cancel).await
        })
        .await?;
        place.write(strip.sprite_jpeg).await?;
        let sprite = Sprite {
            path: self.output.display().to_string(),
            tile_width_px: strip.tile_width_px,
            tile_height_px: strip.tile_height_px,
            columns: strip.columns,
            frames: strip
                .tiles
                .into_iter()
                .map(|tile| Frame {
                    at_us: tile.at_us,
                    is_key: tile.is_key,
                })
                .collect(),
        };
        if self.json {
            output::print_json(&sprite)?;
        } else {
            let times: Vec<String> = sprite
                .frames
                .iter()
                .map(|frame| timecode::exact(frame.at_us))
                .collect();
            output::print_line(&format!(
                "{}: {} pictures of {} × {} in {} columns",
                sprite.path,
                sprite.frames.len(),
                sprite.tile_width_px,
                sprite.tile_height_px,
                sprite.columns
            ));
            output::print_line(&times.join(" "));
        }
        Ok(ExitCode::Done)
    }
}
