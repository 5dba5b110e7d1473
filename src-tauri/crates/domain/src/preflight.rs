//! What stands between a composed destination and its publication. Pure; recomputed while the user types.

use crate::{
    account::PostingOptions,
    analysis::Analysis,
    capabilities::Capabilities,
    compliance::{self, Finding},
    cover,
    delivery_spec::AccountLimits,
    edit::Edit,
    media_info::MediaInfo,
    options::{OptionKind, OptionSpec, OptionValue, OptionValues},
    picture_info::PictureInfo,
    post::Content,
    text::{TextFault, TextRule},
    transcode_plan::{self, Checked, Destination, Material, SpeedHistory, TranscodePlan, Wishes},
};

/// What is done to the video, and what was found out about it beyond the probe.
#[derive(Debug, Clone, Copy)]
pub struct Treatment<'a> {
    pub edit: &'a Edit,
    pub wishes: Wishes,
    pub analysis: &'a Analysis,
    /// As in [`Material`].
    pub keyframes_us: Option<&'a [u64]>,
}

/// Something the user has to settle before this destination can go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Stable, e.g. `text.too_long`, `option.missing`, `media.refused`.
    pub code: &'static str,
    /// The text field or option it is about, when it is about one.
    pub field: Option<String>,
    pub sentence: String,
}

/// The pre-flight of one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    pub blockers: Vec<Blocker>,
    pub findings: Vec<Finding>,
    /// `None` without a measured file.
    pub plan: Option<TranscodePlan>,
}

/// Checks texts, options and media of one destination, the media as the edit will leave it. `posting` holds what the account offers right now; when
/// it is `None` (not read yet) account choices are not judged, the adapter does so again before publishing. `limits` are
/// the account's, as last told.
pub fn check(
    capabilities: &Capabilities,
    info: Option<&MediaInfo>,
    treatment: Treatment<'_>,
    caption: &str,
    content: &Content,
    posting: Option<&PostingOptions>,
    limits: AccountLimits,
) -> Preflight {
    let mut blockers = Vec::new();
    for rule in &capabilities.text_rules {
        let text = rule.resolve(content.text.get(rule.field).map(String::as_str), caption);
        blockers.extend(
            rule.faults(text)
                .into_iter()
                .map(|fault| text_blocker(capabilities.name, rule, &fault)),
        );
    }
    for option in &capabilities.options {
        blockers.extend(option_blocker(
            capabilities.name,
            option,
            &content.options,
            posting,
        ));
    }
    for (key, sentence) in capabilities
        .option_rules
        .iter()
        .filter_map(|rule| rule.broken_by(&content.options))
    {
        blockers.push(Blocker {
            code: "option.conflict",
            field: Some(key.to_owned()),
            sentence: sentence.to_owned(),
        });
    }
    if let Some(sentence) = posting.and_then(|posting| posting.blocked.clone()) {
        blockers.push(Blocker {
            code: "account.blocked",
            field: None,
            sentence,
        });
    }
    let checked = info.map(|info| {
        let material = Material {
            info,
            edit: treatment.edit,
            analysis: treatment.analysis,
            keyframes_us: treatment.keyframes_us,
            history: &SpeedHistory::default(),
        };
        let spec = &capabilities.delivery;
        transcode_plan::check_and_plan(&material, treatment.wishes, &[Destination { spec, limits }])
    });
    let (mut findings, plan, obstacles) = checked.map_or_else(Default::default, |checked| {
        let Checked { findings, renditions } = checked;
        let rendition = renditions.into_iter().next();
        let (plan, obstacles) = rendition
            .map(|rendition| (rendition.plan, rendition.obstacles))
            .unzip();
        (
            findings.into_iter().flatten().collect::<Vec<_>>(),
            plan,
            obstacles.unwrap_or_default(),
        )
    });
    for obstacle in obstacles {
        let refused = transcode_plan::unfixable(&findings)
            .iter()
            .any(|finding| finding.sentence == obstacle.sentence);
        blockers.push(Blocker {
            code: if refused {
                "media.refused"
            } else {
                "media.ruled_out"
            },
            field: None,
            sentence: obstacle.sentence,
        });
    }
    findings.extend(cover::advice(capabilities, Some(treatment.edit), content));
    Preflight {
        blockers,
        findings,
        plan,
    }
}

/// As [`check`], for a post whose file is a picture: what the platform says of pictures stands in for the plan.
pub fn check_picture(
    capabilities: &Capabilities,
    picture: &PictureInfo,
    caption: &str,
    content: &Content,
    posting: Option<&PostingOptions>,
) -> Preflight {
    let (edit, analysis) = (Edit::default(), Analysis::default());
    let untreated = Treatment {
        edit: &edit,
        wishes: Wishes::sending(),
        analysis: &analysis,
        keyframes_us: None,
    };
    let limits = AccountLimits::default();
    let mut preflight = check(capabilities, None, untreated, caption, content, posting, limits);
    preflight.findings = compliance::check_picture(picture, &capabilities.delivery);
    let refusals = transcode_plan::unfixable(&preflight.findings).into_iter();
    preflight.blockers.extend(refusals.map(|finding| Blocker {
        code: "media.refused",
        field: None,
        sentence: finding.sentence.clone(),
    }));
    preflight
}

fn text_blocker(platform: &str, rule: &TextRule, fault: &TextFault) -> Blocker {
    let (code, sentence) = match fault {
        TextFault::Missing => (
            "text.missing",
            format!("{platform} needs a {}.", rule.label.to_lowercase()),
        ),
        TextFault::TooLong { count, max } => (
            "text.too_long",
            format!(
                "The {} for {platform} is {} over its limit of {max}.",
                rule.label.to_lowercase(),
                count - max
            ),
        ),
        TextFault::Forbidden(found) => (
            "text.forbidden",
            format!(
                "{platform} does not allow “{found}” in the {}.",
                rule.label.to_lowercase()
            ),
        ),
    };
    Blocker {
        code,
        field: Some(rule.field.to_owned()),
        sentence,
    }
}

/// Whether `option` means anything under the other chosen values.
pub fn is_active(option: &OptionSpec, values: &OptionValues) -> bool {
    option
        .depends_on
        .as_ref()
        .is_none_or(|dependency| values.get(dependency.key) == Some(&dependency.value))
}

fn option_blocker(
    platform: &str,
    option: &OptionSpec,
    values: &OptionValues,
    posting: Option<&PostingOptions>,
) -> Option<Blocker> {
    if !is_active(option, values) {
        return None;
    }
    let label = option.label.to_lowercase();
    let blocker = |code, sentence| {
        Some(Blocker {
            code,
            field: Some(option.key.to_owned()),
            sentence,
        })
    };
    let Some(value) = values.get(option.key) else {
        let has_default = matches!(
            &option.kind,
            OptionKind::Toggle { .. } | OptionKind::Choice { default: Some(_), .. }
        );
        return if option.required && !has_default {
            blocker("option.missing", format!("Choose the {label} for {platform}."))
        } else {
            None
        };
    };
    match (&option.kind, value) {
        (OptionKind::Choice { choices, .. }, OptionValue::Text(chosen)) => {
            if choices.iter().any(|(value, _)| value == chosen) {
                None
            } else {
                blocker(
                    "option.unknown",
                    format!("Choose the {label} for {platform} again."),
                )
            }
        }
        (OptionKind::AccountChoice, OptionValue::Text(chosen)) => {
            let offered = posting.and_then(|posting| posting.choices.get(option.key));
            match offered {
                Some(offered) if !offered.iter().any(|(value, _)| value == chosen) => blocker(
                    "option.not_offered",
                    format!("{platform} does not offer this {label} for the account now. Choose again."),
                ),
                _ => None,
            }
        }
        (OptionKind::Toggle { .. }, OptionValue::Toggle(on)) => {
            match posting.and_then(|posting| posting.disabled.get(option.key)) {
                Some(reason) if *on => blocker("option.disabled", reason.clone()),
                _ => None,
            }
        }
        (OptionKind::Text { max }, OptionValue::Text(text)) if text.chars().count() > *max => blocker(
            "option.too_long",
            format!("The {label} for {platform} is too long."),
        ),
        (OptionKind::Tags { max_total }, OptionValue::Tags(tags)) => {
            let quoted = |tag: &String| tag.chars().count() + if tag.contains(' ') { 2 } else { 0 };
            let total: usize = tags.iter().map(quoted).sum::<usize>() + tags.len().saturating_sub(1);
            if total > *max_total {
                blocker(
                    "option.too_long",
                    format!("The {label} for {platform} exceed {max_total} characters in total."),
                )
            } else {
                None
            }
        }
        (OptionKind::Text { .. }, OptionValue::Text(_)) => None,
        _ => blocker(
            "option.unknown",
            format!("Choose the {label} for {platform} again."),
        ),
    }
}
