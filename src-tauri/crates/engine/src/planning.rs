//! Which files a post needs, made from its edit and its destinations.

use std::path::Path;

use daypart_domain::{
    asset::AssetState,
    edit::Edit,
    ids::{PostId, PublicationId},
    media_info::MediaInfo,
    platform::Realm,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::{Destination, Material, PastRun, PlannedRendition, SpeedHistory, Wishes, plan_all},
};
use daypart_ports::timeline::Clip;

use crate::{Engine, PostOverview};

/// Past conversions, from which the time of the next one is learned.
const HISTORY: &str = "conversion_history";

/// A file that will be made or sent, and the publications it serves.
#[derive(Debug, Clone, PartialEq)]
pub struct PostRendition {
    pub serves: Vec<PublicationId>,
    pub rendition: PlannedRendition,
}

impl Engine {
    /// The files of a post; together they serve every publication once. Empty without a measured video.
    ///
    /// # Errors
    /// `post.unknown`; `edit.invalid` when the edit does not suit the video.
    pub async fn plan_post(&self, id: PostId) -> Result<Vec<PostRendition>, Problem> {
        self.plan_overview(&self.post(id).await?).await
    }

    pub(crate) async fn plan_overview(&self, overview: &PostOverview) -> Result<Vec<PostRendition>, Problem> {
        let Some(asset) = overview.asset.as_ref().map(|overview| &overview.asset) else {
            return Ok(Vec::new());
        };
        let (AssetState::Ready(info), Some(identity)) = (&asset.state, &asset.identity) else {
            return Ok(Vec::new());
        };
        let edit = overview.post.edit.clone().unwrap_or_default();
        refuse_unsuitable(&edit, info)?;
        let clip = Clip {
            path: Path::new(&asset.path),
            info,
            identity,
        };
        let seen = self.seen(clip).await?;
        let mut platforms = Vec::new();
        for publication in &overview.publications {
            let account = self.account(publication.account_id).await?;
            platforms.push((account.realm, self.adapter(&account)?, account.limits));
        }
        let history = self.conversion_history().await;
        let wishes = Wishes {
            hardware: self.hardware_to_use().await,
            ..overview.post.wishes
        };
        let material = Material {
            info,
            edit: &edit,
            analysis: &seen.analysis,
            keyframes_us: seen.keyframes_us.as_deref(),
            history: &history,
        };
        let mut planned = Vec::new();
        // Practice and real never share anything, not even a file.
        for realm in [Realm::Practice, Realm::Real] {
            let mine: Vec<usize> = (0..platforms.len())
                .filter(|index| platforms[*index].0 == realm)
                .collect();
            let destinations: Vec<Destination<'_>> = mine
                .iter()
                .map(|index| Destination {
                    spec: &platforms[*index].1.capabilities().delivery,
                    limits: platforms[*index].2,
                })
                .collect();
            planned.extend(
                plan_all(&material, wishes, &destinations)
                    .into_iter()
                    .map(|rendition| PostRendition {
                        serves: rendition
                            .serves
                            .iter()
                            .map(|place| overview.publications[mine[*place]].id)
                            .collect(),
                        rendition,
                    }),
            );
        }
        Ok(planned)
    }

    async fn conversion_history(&self) -> SpeedHistory {
        match self.parts().store.setting(HISTORY).await {
            Ok(kept) => kept
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            Err(problem) => {
                tracing::warn!(%problem, "past conversions could not be read");
                SpeedHistory::default()
            }
        }
    }

    /// Remembers how long a conversion took. A record that cannot be kept is a pity, not a failure.
    pub(crate) async fn remember_conversion(&self, run: PastRun) {
        let mut history = self.conversion_history().await;
        history.record(run);
        let kept = match serde_json::to_string(&history) {
            Ok(text) => self.parts().store.put_setting(HISTORY, &text).await,
            Err(error) => Err(Problem::bug("the history of conversions").caused_by(&error)),
        };
        if let Err(problem) = kept {
            tracing::warn!(%problem, "a conversion was not remembered");
        }
    }
}

/// # Errors
/// `edit.invalid`, with one detail per thing that is wrong.
fn refuse_unsuitable(edit: &Edit, info: &MediaInfo) -> Result<(), Problem> {
    let problems = edit.problems_on(info);
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let refused = Problem::needs_user(
        ErrorCode::new("edit.invalid"),
        UserAction::EditPost,
        first.to_string(),
    );
    Err(problems
        .iter()
        .map(ToString::to_string)
        .fold(refused, Problem::detail))
}
