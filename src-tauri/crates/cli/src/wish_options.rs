//! `--reencode`, `--files`, `--quality` and `--graphics-card`, of every command that plans or makes files.

use clap::{Args, ValueEnum};
use daypart_domain::{
    problem::Problem,
    transcode_plan::{self, Sharing, Wishes},
};

#[derive(Args, Clone, Copy)]
pub struct WishOptions {
    /// Whether new video may be made: where a platform or the edit needs it, always, or never.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    reencode: Reencode,
    /// As few files as serve everybody, or for each platform the best it takes.
    #[arg(long, value_enum, value_name = "HOW", default_value = "fewest")]
    files: Files,
}

#[derive(Clone, Copy, ValueEnum)]
enum Reencode {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum Files {
    /// A narrow platform makes the picture smaller for all.
    Fewest,
    /// Nobody gets less than alone.
    Each,
}

/// How much detail new video keeps, against how large it gets.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Quality {
    /// About half of the usual size, and the longest to make.
    Smaller,
    Standard,
    /// As much as the platforms take.
    Best,
}

impl Quality {
    pub const fn name(self) -> &'static str {
        match self {
            Quality::Smaller => "smaller",
            Quality::Standard => "standard",
            Quality::Best => "best",
        }
    }
}

impl From<Quality> for transcode_plan::Quality {
    fn from(quality: Quality) -> Self {
        match quality {
            Quality::Smaller => Self::Smaller,
            Quality::Standard => Self::Standard,
            Quality::Best => Self::Best,
        }
    }
}

impl WishOptions {
    /// `unwished`, with what these options say.
    pub fn wishes(self, quality: Quality, unwished: Wishes) -> Wishes {
        Wishes {
            encode: match self.reencode {
                Reencode::Auto => transcode_plan::EncodeWish::WhenNeeded,
                Reencode::Always => transcode_plan::EncodeWish::Always,
                Reencode::Never => transcode_plan::EncodeWish::Never,
            },
            sharing: match self.files {
                Files::Fewest => Sharing::Fewest,
                Files::Each => Sharing::KeepDetail,
            },
            quality: quality.into(),
            ..unwished
        }
    }
}

/// For commands without a data folder, and so without its settings.
#[derive(Args, Clone, Copy)]
pub struct GraphicsCardOption {
    /// Let the graphics card encode, if it passes a trial: sooner, but softer or larger than without.
    #[arg(long)]
    graphics_card: bool,
}

impl GraphicsCardOption {
    /// `wishes` with the encoder to take; without one when none passed.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`.
    pub async fn added_to(self, wishes: Wishes) -> Result<Wishes, Problem> {
        if !self.graphics_card {
            return Ok(wishes);
        }
        let passed = daypart_app::hardware_encoders().await?;
        if passed.is_empty() {
            eprintln!("no encoder of a graphics card passed its trial; software encodes");
        }
        Ok(Wishes {
            hardware: passed.first().copied(),
            ..wishes
        })
    }
}
