//! The ladder for one or several destinations: the fewest renditions that satisfy all of them.

use super::{
    Cut, Rung, TranscodePlan,
    bounds::{ASPECT_TOLERANCE, Bounds},
    cutting::{Cutting, first_off_keyframe},
    estimate::{expected_size_bytes, pixels_to_encode, work_of},
    geometry::{Framed, framed},
    grouping::fewest_groups,
    lift_to_possible,
    losses::losses,
    material::{Destination, EncodeWish, Material, Sharing, Wishes},
    picture::{encode_target, frame_rate, picture_size},
    planned::{Checked, Obstacle, PlannedRendition, Reason},
    smart,
    sound::sound_target,
    target::{EncodeTarget, Quality},
};
use crate::{
    compliance::{Finding, Severity, check_edited},
    edited_media::edited_info,
    media_info::MediaInfo,
};

/// Plans the fewest files that satisfy every destination, cheapest first. Total and deterministic.
///
/// A destination that takes the source as it is gets the source, and nothing is made for it. The others share
/// where one file can satisfy them: never across shapes, since sharing would add bars. Among equally few, the
/// cheaper rungs and then the larger pictures win. Every destination is served exactly once; one with an
/// obstacle is served too, so that the user sees what would be made once it is gone.
pub fn plan_all(
    material: &Material<'_>,
    wishes: Wishes,
    destinations: &[Destination<'_>],
) -> Vec<PlannedRendition> {
    check_and_plan(material, wishes, destinations).renditions
}

/// The findings of every destination and [`plan_all`]'s renditions, in one go: what has to be known again after
/// every movement of a handle. Far below a millisecond for a dozen destinations.
pub fn check_and_plan(material: &Material<'_>, wishes: Wishes, destinations: &[Destination<'_>]) -> Checked {
    let edited = edited_info(material.info, material.edit);
    let planner = Planner {
        material,
        wishes,
        edited: &edited,
        cutting: Cutting::of(material, wishes),
        frame: framed(
            material.edit,
            material.info.video.width_px,
            material.info.video.height_px,
        ),
    };
    let shared = planner.shared_needs();
    let findings: Vec<Vec<Finding>> = destinations
        .iter()
        .map(|destination| {
            let (edit, analysis) = (material.edit, material.analysis);
            check_edited(
                material.info,
                edit,
                analysis,
                destination.spec,
                destination.limits,
            )
        })
        .collect();
    let needs: Vec<Needs> = destinations
        .iter()
        .zip(&findings)
        .enumerate()
        .map(|(index, (destination, findings))| planner.needs(index, destination, findings, &shared))
        .collect();
    let (as_is, made): (Vec<usize>, Vec<usize>) =
        (0..needs.len()).partition(|index| needs[*index].rung == Rung::AsIs);
    let mut groups: Vec<Group> = Vec::new();
    if let Some(group) = as_is
        .iter()
        .map(|index| Group::of(*index, &needs[*index]))
        .reduce(|mut all, one| {
            all.members.extend(one.members);
            all
        })
    {
        groups.push(group);
    }
    groups.extend(fewest_groups(
        made.iter()
            .map(|index| Group::of(*index, &needs[*index]))
            .collect(),
        |one, other| planner.joined(one, other, &needs),
        |group| planner.score(group),
    ));
    groups.sort_by_key(|group| (group.rung, group.members.iter().min().copied()));
    let renditions = groups
        .into_iter()
        .map(|group| planner.rendition(group, &needs, destinations, &shared))
        .collect();
    Checked { findings, renditions }
}

/// What one destination asks for.
struct Needs {
    rung: Rung,
    reasons: Vec<Reason>,
    obstacles: Vec<Obstacle>,
    bounds: Bounds,
    /// Width and height of the picture this destination would get alone, and its rate.
    alone_px: (u32, u32),
    alone_fps: Option<u32>,
}

/// Destinations that one file serves.
#[derive(Clone)]
struct Group {
    members: Vec<usize>,
    rung: Rung,
    bounds: Bounds,
}

impl Group {
    fn of(index: usize, needs: &Needs) -> Self {
        Self {
            members: vec![index],
            rung: needs.rung,
            bounds: needs.bounds,
        }
    }
}

struct Planner<'a> {
    material: &'a Material<'a>,
    wishes: Wishes,
    edited: &'a MediaInfo,
    cutting: Cutting,
    frame: Framed,
}

impl Planner<'_> {
    /// What edit and user need, whatever the destination.
    fn shared_needs(&self) -> Vec<Reason> {
        let Material { info, edit, .. } = *self.material;
        let mut found: Vec<(&str, Rung, String)> = Vec::new();
        if !edit.keeps_picture() {
            found.push((
                "edit.picture",
                Rung::Encode,
                "The edit changes the picture.".to_owned(),
            ));
        }
        if edit.changes_speed() {
            found.push((
                "edit.speed",
                Rung::Encode,
                "The edit changes the speed.".to_owned(),
            ));
        }
        match self.cutting.cut {
            Some(Cut::Accurate | Cut::Smart) => {
                found.push(("edit.cut", Rung::Encode, self.accurate_sentence()))
            }
            Some(Cut::Lossless) => found.push((
                "edit.cut",
                Rung::Remux,
                "The parts start on keyframes: they are cut without touching the picture.".to_owned(),
            )),
            None => {}
        }
        let sound = sound_target(info, edit, self.material.analysis, 0, false);
        if sound.changes_samples() {
            found.push((
                "edit.sound",
                Rung::AudioOnly,
                "The edit changes the sound.".to_owned(),
            ));
        } else if sound.removed {
            found.push((
                "edit.sound",
                Rung::Remux,
                "The edit takes the sound away.".to_owned(),
            ));
        } else if sound.track.is_some() {
            found.push((
                "edit.sound",
                Rung::Remux,
                "The edit takes another audio track.".to_owned(),
            ));
        }
        if self.wishes.encode == EncodeWish::Always {
            found.push(("wish.encode", Rung::Encode, "You asked for new video.".to_owned()));
        }
        found
            .into_iter()
            .map(|(rule, rung, sentence)| Reason {
                rule: rule.to_owned(),
                rung: lift_to_possible(rung, self.edited),
                sentence,
                destination: None,
            })
            .collect()
    }

    fn accurate_sentence(&self) -> String {
        match first_off_keyframe(&self.cutting.parts, self.material.keyframes_us) {
            Some((number, Some(earlier_us))) => format!(
                "Part {number} starts between keyframes: an exact cut needs new video. Starting {:.2} s earlier \
                 would leave the picture untouched.",
                earlier_us as f64 / 1e6
            ),
            Some((number, None)) => format!(
                "Part {number} may start between keyframes, which are not known yet: an exact cut needs new video."
            ),
            None => {
                "Frames refer back past their keyframe: joining parts exactly needs new video.".to_owned()
            }
        }
    }

    fn needs(
        &self,
        index: usize,
        destination: &Destination<'_>,
        findings: &[Finding],
        shared: &[Reason],
    ) -> Needs {
        let mut obstacles: Vec<(String, String)> = Vec::new();
        let mut reasons = Vec::new();
        for finding in findings {
            match finding.fix {
                None if finding.is_refusal() => {
                    obstacles.push((finding.rule.clone(), finding.sentence.clone()));
                }
                Some(rung) if self.counts(finding, rung) => reasons.push(Reason {
                    rule: finding.rule.clone(),
                    rung,
                    sentence: finding.sentence.clone(),
                    destination: Some(index),
                }),
                _ => {}
            }
        }
        if self.wishes.encode == EncodeWish::Never {
            let (forbidden, allowed) = reasons
                .into_iter()
                .partition(|reason| reason.rung == Rung::Encode);
            reasons = allowed;
            let forbidden: Vec<Reason> = forbidden;
            let of_all = shared.iter().filter(|reason| reason.rung == Rung::Encode);
            obstacles.extend(forbidden.iter().chain(of_all).map(|reason| {
                (
                    reason.rule.clone(),
                    format!(
                        "{} Only new video would do it, which you ruled out.",
                        reason.sentence
                    ),
                )
            }));
        }
        let own = reasons.iter().chain(shared).map(|reason| reason.rung);
        let rung = own
            .filter(|rung| self.is_allowed(*rung))
            .max()
            .unwrap_or(Rung::AsIs);
        let bounds = Bounds::of(&destination.spec.for_account(destination.limits));
        Needs {
            rung,
            reasons,
            obstacles: obstacles
                .into_iter()
                .map(|(rule, sentence)| Obstacle {
                    destination: index,
                    rule,
                    sentence,
                })
                .collect(),
            bounds,
            alone_px: picture_size(self.frame, &bounds),
            alone_fps: frame_rate(self.edited, &bounds),
        }
    }

    fn is_allowed(&self, rung: Rung) -> bool {
        rung < Rung::Encode || self.wishes.encode != EncodeWish::Never
    }

    /// A refusal always counts. A warning counts when its cure loses nothing, which is true of a remux alone;
    /// what is accepted is never encoded again because it could look better. Advice never counts. Private
    /// metadata counts unless the user wants to keep it.
    fn counts(&self, finding: &Finding, rung: Rung) -> bool {
        let private = finding.rule.starts_with("privacy.") || finding.rule == "file.private_metadata";
        if private {
            return !self.wishes.keeps_metadata && rung <= Rung::AudioOnly;
        }
        match finding.severity {
            Severity::Refusal => true,
            Severity::Warning => rung == Rung::Remux,
            Severity::Advice => false,
        }
    }

    /// One group of both, where one file can satisfy all its members.
    fn joined(&self, one: &Group, other: &Group, needs: &[Needs]) -> Option<Group> {
        let rung = one.rung.max(other.rung);
        let mut members = one.members.clone();
        members.extend(&other.members);
        let bounds = if rung == Rung::Encode {
            let bounds = one.bounds.and(other.bounds)?;
            let size = picture_size(self.frame, &bounds);
            let fps = frame_rate(self.edited, &bounds);
            let suits = |index: &usize| {
                let alone = &needs[*index];
                // What no scaling can save alone is not held against the company.
                let takes = alone.bounds.admits_picture(size) || !alone.bounds.admits_picture(alone.alone_px);
                let keeps = self.wishes.sharing == Sharing::Fewest
                    || (size == alone.alone_px && fps == alone.alone_fps);
                takes && keeps && same_shape(size, alone.alone_px)
            };
            if !members.iter().all(suits) {
                return None;
            }
            bounds
        } else {
            one.bounds.and_sound(other.bounds)
        };
        Some(Group {
            members,
            rung,
            bounds,
        })
    }

    /// Lower is better: first by rung, then by pixels that are lost.
    fn score(&self, group: &Group) -> (u64, u64) {
        let pixels = if group.rung == Rung::Encode {
            let (width_px, height_px) = picture_size(self.frame, &group.bounds);
            u64::from(width_px) * u64::from(height_px)
        } else {
            u64::from(u32::MAX)
        };
        let lost_pixels =
            (u64::from(u32::MAX) - pixels.min(u64::from(u32::MAX))) * group.members.len() as u64;
        (group.rung as u64 * group.members.len() as u64, lost_pixels)
    }

    fn rendition(
        &self,
        group: Group,
        needs: &[Needs],
        destinations: &[Destination<'_>],
        shared: &[Reason],
    ) -> PlannedRendition {
        let Material {
            info,
            edit,
            analysis,
            history,
            ..
        } = *self.material;
        let mut serves = group.members;
        serves.sort_unstable();
        let mut why: Vec<Reason> = shared
            .iter()
            .filter(|reason| self.is_allowed(reason.rung))
            .chain(serves.iter().flat_map(|index| &needs[*index].reasons))
            .cloned()
            .collect();
        why.sort_by_key(|reason| std::cmp::Reverse(reason.rung));
        let encodes = group.rung == Rung::Encode;
        let needs_track = group.rung > Rung::AsIs && group.bounds.needs_sound;
        let target = encodes.then(|| self.wished(encode_target(info, self.edited, edit, &group.bounds)));
        let smart_us = target.as_ref().and_then(|target| self.smart_cut_us(target, &why));
        if let Some(encoded_us) = smart_us {
            smart::tell(&mut why, encoded_us);
        }
        let mut reasons: Vec<String> = Vec::new();
        for reason in &why {
            if !reasons.contains(&reason.sentence) {
                reasons.push(reason.sentence.clone());
            }
        }
        let mut keys: Vec<String> = serves
            .iter()
            .map(|index| destinations[*index].spec.key())
            .collect();
        keys.dedup();
        let plan = TranscodePlan {
            rung: group.rung,
            reasons,
            spec_key: keys.join("+"),
            target: target.map(|target| EncodeTarget {
                hardware: target.hardware.filter(|_| smart_us.is_none()),
                ..target
            }),
            parts: self.cutting.parts.clone(),
            cut: smart_us.map_or(self.cutting.cut, |_| Some(Cut::Smart)),
            speed: if encodes { edit.speed } else { 1.0 },
            sound: sound_target(info, edit, analysis, group.bounds.audio_rate_bps(), needs_track),
        };
        let mut lost = losses(&plan, info, self.edited, edit);
        if self.cutting.moved {
            lost.push("Parts start at a keyframe near by instead of exactly where you cut.".to_owned());
        }
        let work = match (&plan.target, smart_us) {
            (Some(target), Some(us)) => pixels_to_encode(&plan, target, self.edited, us / 1_000),
            (Some(target), None) => pixels_to_encode(&plan, target, self.edited, self.edited.duration_ms),
            (None, _) => work_of(&plan, self.edited),
        };
        PlannedRendition {
            expected_size_bytes: expected_size_bytes(&plan, self.edited),
            expected_time: history.expected(plan.rung, work),
            obstacles: serves
                .iter()
                .flat_map(|index| needs[*index].obstacles.clone())
                .collect(),
            serves,
            plan,
            why,
            lost,
        }
    }

    /// With what the user wishes of new video. A cap that binds is met by two passes, which hardware cannot make.
    fn wished(&self, target: EncodeTarget) -> EncodeTarget {
        let quality = self.wishes.quality;
        EncodeTarget {
            max_rate_bps: match quality {
                Quality::Smaller => target.max_rate_bps.min(SMALLER_RATE_MAX_BPS),
                Quality::Standard | Quality::Best => target.max_rate_bps,
            },
            quality,
            hardware: self.wishes.hardware.filter(|_| !target.two_passes),
            ..target
        }
    }

    /// How much a smart cut would encode, where the cut alone needs new video and the source allows it.
    fn smart_cut_us(&self, target: &EncodeTarget, why: &[Reason]) -> Option<u64> {
        let cut_alone = why
            .iter()
            .all(|reason| reason.rung < Rung::Encode || reason.rule == "edit.cut");
        let asked = self.cutting.cut == Some(Cut::Accurate) && self.wishes.quality != Quality::Smaller;
        (asked && cut_alone && smart::suits(self.material, target))
            .then(|| smart::newly_encoded_us(&self.cutting.parts, self.material.keyframes_us?))
            .flatten()
    }
}

/// MEDIA.md §5, the preset that makes most of few bits.
const SMALLER_RATE_MAX_BPS: u64 = 8_000_000;

fn same_shape(one: (u32, u32), other: (u32, u32)) -> bool {
    let shape = |(width_px, height_px): (u32, u32)| f64::from(width_px) / f64::from(height_px.max(1));
    (shape(one) / shape(other) - 1.0).abs() <= 2.0 * ASPECT_TOLERANCE
}
