//! Edits as documents: exported, and put on other posts.

use daypart_domain::{
    edit::Edit,
    ids::{AssetId, PostId},
    post::Destination,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::Wishes,
};

use crate::{Engine, PostDraft, PostOverview};

/// What an edit is put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditReceiver {
    /// Posts; their former edit is replaced.
    Posts(Vec<PostId>),
    /// A new draft on this asset.
    Asset(AssetId),
}

impl Engine {
    /// The post's edit as text for reading and keeping; a post without one exports the edit that changes nothing.
    ///
    /// # Errors
    /// `post.unknown`.
    pub async fn export_edit(&self, id: PostId) -> Result<String, Problem> {
        let edit = self.post(id).await?.post.edit.unwrap_or_default();
        serde_json::to_string_pretty(&edit).map_err(|error| Problem::bug("an edit").caused_by(&error))
    }

    /// Puts the edit on all of them, or on none when the text is no edit.
    ///
    /// # Errors
    /// `edit.invalid`; `post.unknown`, `asset.unknown`; `post.busy` for a post that is on its way.
    pub async fn apply_edit(&self, document: &str, to: &EditReceiver) -> Result<Vec<PostOverview>, Problem> {
        let edit = Edit::from_json(document).map_err(|fault| {
            let code = ErrorCode::new("edit.invalid");
            Problem::needs_user(code, UserAction::EditPost, fault.to_string())
        })?;
        let drafts = match to {
            EditReceiver::Asset(id) => vec![PostDraft {
                id: None,
                asset_id: Some(self.asset(*id).await?.asset.id),
                edit: Some(edit),
                wishes: Wishes::sending(),
                caption: String::new(),
                destinations: Vec::new(),
                planned: None,
            }],
            EditReceiver::Posts(ids) => {
                let mut drafts = Vec::with_capacity(ids.len());
                for id in ids {
                    drafts.push(PostDraft {
                        edit: Some(edit.clone()),
                        ..draft_of(self.post(*id).await?)
                    });
                }
                drafts
            }
        };
        let mut saved = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            saved.push(self.save_post(draft).await?);
        }
        Ok(saved)
    }
}

fn draft_of(overview: PostOverview) -> PostDraft {
    let PostOverview {
        post,
        asset: _,
        publications,
    } = overview;
    PostDraft {
        id: Some(post.id),
        asset_id: post.asset_id,
        edit: post.edit,
        wishes: post.wishes,
        caption: post.caption,
        destinations: publications
            .into_iter()
            .map(|publication| Destination {
                account_id: publication.account_id,
                content: publication.content,
            })
            .collect(),
        planned: post.schedule.map(|schedule| (schedule.wall, schedule.zone)),
    }
}
