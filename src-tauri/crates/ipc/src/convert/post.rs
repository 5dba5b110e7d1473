use std::str::FromStr;

use daypart_domain::{
    edit::{Cover, Edit},
    ids::{AccountId, AssetId, PostId},
    post::{Content, Destination as DomainDestination, Post as DomainPost},
    problem::{ErrorCode, Problem, UserAction},
    publication::Publication as DomainPublication,
    schedule::LocalSchedule,
    transcode_plan::Wishes,
};

use crate::{Destination, Post, PostDraft, Publication, WallTime};

/// A draft taken apart into domain types.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftParts {
    pub id: PostId,
    pub asset_id: Option<AssetId>,
    pub edit: Option<Edit>,
    pub wishes: Wishes,
    pub caption: String,
    pub destinations: Vec<DomainDestination>,
    pub schedule: Option<LocalSchedule>,
}

impl PostDraft {
    /// # Errors
    /// `request.id` for an id that is none, `schedule.zone` and `schedule.time` as in [`LocalSchedule::resolve`].
    pub fn into_parts(self) -> Result<DraftParts, Problem> {
        let Self {
            id,
            asset_id,
            edit,
            wishes,
            caption,
            destinations,
            planned,
        } = self;
        let destinations = destinations
            .into_iter()
            .map(
                |Destination {
                     account_id,
                     text,
                     options,
                     cover,
                     from_this_computer,
                 }| {
                    let account_id = parse_id::<AccountId>(&account_id)?;
                    let options = options
                        .into_iter()
                        .map(|(key, value)| (key, value.into()))
                        .collect();
                    Ok(DomainDestination {
                        account_id,
                        content: Content {
                            text,
                            options,
                            cover: cover.map(Cover::from),
                            from_this_computer,
                        },
                    })
                },
            )
            .collect::<Result<_, Problem>>()?;
        Ok(DraftParts {
            id: parse_id(&id)?,
            asset_id: asset_id.as_deref().map(parse_id).transpose()?,
            edit: edit.map(Edit::from),
            wishes: wishes.map_or_else(Wishes::sending, Wishes::from),
            caption,
            destinations,
            schedule: planned
                .map(|WallTime { wall, zone }| LocalSchedule::resolve(wall, &zone))
                .transpose()?,
        })
    }
}

/// Reads an id that came over the wire.
///
/// # Errors
/// `request.id` when the text is no id.
pub fn parse_id<T>(text: &str) -> Result<T, Problem>
where
    T: FromStr,
    T::Err: std::error::Error,
{
    text.parse().map_err(|error: T::Err| {
        Problem::needs_user(
            ErrorCode::new("request.id"),
            UserAction::Retry,
            format!("“{text}” is not an id."),
        )
        .caused_by(&error)
    })
}

impl From<LocalSchedule> for WallTime {
    fn from(schedule: LocalSchedule) -> Self {
        let LocalSchedule {
            wall,
            zone,
            instant: _,
        } = schedule;
        Self { wall, zone }
    }
}

impl Post {
    /// The destinations of a post are its publications' accounts and contents; `publications` holds each one
    /// beside its wire form, in the order in which they are shown.
    pub fn from_domain(post: DomainPost, publications: Vec<(DomainPublication, Publication)>) -> Self {
        let DomainPost {
            id,
            asset_id,
            edit,
            wishes,
            caption,
            schedule,
            created_at,
            updated_at,
            deleted_at: _,
        } = post;
        let (destinations, publications) = publications
            .into_iter()
            .map(|(domain, wire)| {
                let Content {
                    text,
                    options,
                    cover,
                    from_this_computer,
                } = domain.content;
                let options = options
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect();
                (
                    Destination {
                        account_id: domain.account_id.to_string(),
                        text,
                        options,
                        cover: cover.map(crate::Cover::from),
                        from_this_computer,
                    },
                    wire,
                )
            })
            .unzip();
        Self {
            draft: PostDraft {
                id: id.to_string(),
                asset_id: asset_id.map(|id| id.to_string()),
                edit: edit.map(crate::Edit::from),
                wishes: Some(wishes)
                    .filter(|wishes| *wishes != Wishes::sending())
                    .map(crate::Wishes::from),
                caption,
                destinations,
                planned: schedule.map(WallTime::from),
            },
            created_at,
            updated_at,
            publications,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use daypart_domain::transcode_plan::EncodeWish;

    use super::*;
    use crate::OptionValue;

    #[test]
    fn a_draft_becomes_domain_types_with_its_instant() {
        let parts = PostDraft {
            id: "0198c0de-0000-7000-8000-000000000001".into(),
            asset_id: None,
            edit: Some(crate::Edit::default()),
            wishes: Some(crate::Wishes {
                encode: crate::EncodeWish::Never,
                ..Wishes::sending().into()
            }),
            caption: "hello".into(),
            destinations: vec![Destination {
                account_id: "0198c0de-0000-7000-8000-000000000002".into(),
                text: BTreeMap::from([("title".into(), "own".into())]),
                options: BTreeMap::from([("made_for_kids".into(), OptionValue::Toggle(false))]),
                cover: Some(crate::Cover::At { at_us: 40_000 }),
                from_this_computer: true,
            }],
            planned: Some(WallTime {
                wall: jiff::civil::date(2026, 11, 21).at(18, 0, 0, 0),
                zone: "Europe/Berlin".into(),
            }),
        }
        .into_parts()
        .unwrap();
        assert_eq!(
            parts.schedule.unwrap().instant.to_string(),
            "2026-11-21T17:00:00Z"
        );
        assert_eq!(parts.destinations[0].content.text["title"], "own");
        assert_eq!(parts.edit, Some(Edit::default()));
        assert_eq!(parts.wishes.encode, EncodeWish::Never);
        assert!(parts.wishes.keeps_metadata);
        assert_eq!(
            parts.destinations[0].content.cover,
            Some(Cover::At { at_us: 40_000 })
        );
    }

    #[test]
    fn a_text_that_is_no_id_is_named() {
        let error = parse_id::<PostId>("nonsense").unwrap_err();
        assert_eq!(error.code.as_str(), "request.id");
        assert!(error.message.contains("nonsense"));
    }
}
