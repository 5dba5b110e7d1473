//! Whether this machine's graphics card may encode, and what it can.

use daypart_domain::{problem::Problem, transcode_plan::HardwareEncoder};

use crate::Engine;

/// Kept as `true`; anything else, and nothing, is no.
const USES_GRAPHICS_CARD: &str = "uses_graphics_card";

/// What the settings show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphicsCard {
    /// Off until the user allows it: software makes better use of every byte.
    pub is_allowed: bool,
    /// What passed its trial, the fastest first; `None` while nobody allowed a trial.
    pub encoders: Option<Vec<HardwareEncoder>>,
}

impl Engine {
    /// Tries the encoders when they are allowed and have not been tried yet, which takes seconds.
    ///
    /// # Errors
    /// `store.…`, `media.ffmpeg_missing`.
    pub async fn graphics_card(&self) -> Result<GraphicsCard, Problem> {
        let is_allowed = self.graphics_card_is_allowed().await?;
        let encoders = if is_allowed {
            let encoder = &self.parts().media_encoder;
            Some(encoder.hardware_encoders(&self.inner.stop).await?)
        } else {
            None
        };
        Ok(GraphicsCard { is_allowed, encoders })
    }

    /// Plans made from now on follow it.
    ///
    /// # Errors
    /// As [`Engine::graphics_card`].
    pub async fn allow_graphics_card(&self, is_allowed: bool) -> Result<GraphicsCard, Problem> {
        let value = if is_allowed { "true" } else { "false" };
        self.parts().store.put_setting(USES_GRAPHICS_CARD, value).await?;
        self.graphics_card().await
    }

    /// `None` is software: when hardware is not allowed, when nothing passed, and when that cannot be found out.
    pub(crate) async fn hardware_to_use(&self) -> Option<HardwareEncoder> {
        match self.graphics_card().await {
            Ok(card) => card.encoders.and_then(|encoders| encoders.first().copied()),
            Err(problem) => {
                tracing::info!(%problem, "no hardware encoder is used");
                None
            }
        }
    }

    async fn graphics_card_is_allowed(&self) -> Result<bool, Problem> {
        let kept = self.parts().store.setting(USES_GRAPHICS_CARD).await?;
        Ok(kept.as_deref() == Some("true"))
    }
}
