//! Caption files of posts: what they hold, and whether they can be drawn.

use std::path::Path;

use daypart_domain::{captions::CaptionFile, edit::Edit, preflight::Blocker, problem::Problem};

use crate::Engine;

impl Engine {
    /// The captions in a file, for showing them in the editor.
    ///
    /// # Errors
    /// `captions.missing`, `captions.unreadable`, `captions.invalid`.
    pub async fn captions_file(&self, path: &str) -> Result<CaptionFile, Problem> {
        self.parts().media_timeline.captions(Path::new(path)).await
    }

    /// What keeps the captions from being drawn into the picture, where the edit wants that.
    pub(crate) async fn captions_blocker(&self, edit: &Edit) -> Option<Blocker> {
        let captions = edit.captions.as_ref().filter(|captions| captions.burned_in)?;
        let problem = self.captions_file(&captions.path).await.err()?;
        Some(Blocker {
            code: "captions.refused",
            field: None,
            sentence: problem.message,
        })
    }
}
