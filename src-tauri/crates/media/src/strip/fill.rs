//! From a request to pictures, by the index or without.

use std::collections::HashSet;

use daypart_domain::problem::Problem;

use crate::picture_pipe::PipeFault;

use super::{
    Choice, Gathered, Gathering, Precision,
    arguments::Care,
    choice::{choose, coarse_to_fine, middles},
    excerpt::Run,
    film::Film,
    injection::{self, Decoding, portions},
    seeking::{Origin, Seeker},
};

/// So many frames in a row that cannot be sought either, and the rest is given up.
const MISSES_MAX: u32 = 4;

pub(super) async fn from_index(
    gathering: &Gathering<'_>,
    film: Film,
    gathered: &mut Gathered<'_>,
) -> Result<(), Problem> {
    let request = gathering.request;
    let to_us = request.to_us.unwrap_or(u64::MAX).min(film.table.duration_us());
    let chosen = choose(
        &film,
        request.from_us.min(to_us)..to_us,
        request.tiles,
        request.precision,
    );
    let (keys, between): (Vec<Choice>, Vec<Choice>) = chosen.iter().partition(|frame| frame.is_key);
    let sharp = request.precision == Precision::Frames;
    let key_runs: Vec<Run> = coarse_to_fine(&keys)
        .iter()
        .map(|key| key.place..=key.place)
        .collect();
    let care = if sharp { Care::Exact } else { Care::Keyframes };
    decode(gathering, &film, &key_runs, care, &keys, gathered).await?;
    let between_runs: Vec<Run> = coarse_to_fine(&runs_to(&film, &between))
        .into_iter()
        .map(|(first, last)| first..=last)
        .collect();
    decode(gathering, &film, &between_runs, Care::Exact, &between, gathered).await?;
    let missing: Vec<Choice> = chosen
        .into_iter()
        .filter(|frame| !gathered.tiles.contains_key(&frame.at_us))
        .collect();
    seek_missing(gathering, &missing, gathered).await
}

/// What must be decoded for these frames: first and last place of each run. Runs that follow each other are one.
fn runs_to(film: &Film, frames: &[Choice]) -> Vec<(usize, usize)> {
    let mut starts: Vec<(usize, usize)> = frames
        .iter()
        .map(|frame| (film.table.decoding_start(frame.place), frame.place))
        .collect();
    starts.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (first, last) in starts {
        match runs.last_mut() {
            Some(run) if first <= run.1 + 1 => run.1 = run.1.max(last),
            _ => runs.push((first, last)),
        }
    }
    runs
}

async fn decode(
    gathering: &Gathering<'_>,
    film: &Film,
    runs: &[Run],
    care: Care,
    frames: &[Choice],
    gathered: &mut Gathered<'_>,
) -> Result<(), Problem> {
    if runs.is_empty() {
        return Ok(());
    }
    let decoding = Decoding {
        ffmpeg: gathering.ffmpeg,
        rendering: &gathering.rendering,
        care,
    };
    let wanted: HashSet<usize> = frames.iter().map(|frame| frame.place).collect();
    let outcome = injection::decode(
        decoding,
        film,
        portions(film, runs),
        Some(wanted),
        &mut |place, rgb| {
            if let Some(sample) = film.table.samples.get(place) {
                gathered.add(film.table.at_us(sample), sample.is_key, rgb);
            }
        },
        gathering.cancel,
    )
    .await;
    gathered.endure(gathering.clip.path, outcome)
}

/// The frames of the index that did not come out.
async fn seek_missing(
    gathering: &Gathering<'_>,
    missing: &[Choice],
    gathered: &mut Gathered<'_>,
) -> Result<(), Problem> {
    if missing.is_empty() {
        return Ok(());
    }
    tracing::debug!(count = missing.len(), "frames that were fed did not come out");
    let seeker = Seeker::new(gathering);
    let Some(origin) = find_origin(gathering, &seeker, gathered).await? else {
        return Ok(());
    };
    let mut misses = 0;
    for frame in missing {
        match seeker.frame_at(&origin, frame.at_us).await {
            // Whatever came instead is another frame, with its own time.
            Ok(Some(found)) if found.at_us.abs_diff(frame.at_us) <= 1_000 => {
                gathered.add(frame.at_us, frame.is_key, found.rgb);
                misses = 0;
            }
            Ok(_) => misses += 1,
            Err(fault) => {
                gathered.endure(gathering.clip.path, Err(fault))?;
                misses += 1;
            }
        }
        if misses == MISSES_MAX {
            break;
        }
    }
    Ok(())
}

/// `None` when not even the first frame can be decoded.
async fn find_origin(
    gathering: &Gathering<'_>,
    seeker: &Seeker<'_>,
    gathered: &mut Gathered<'_>,
) -> Result<Option<Origin>, Problem> {
    match seeker.origin().await {
        Ok(origin) => Ok(Some(origin)),
        Err((words, fault)) => {
            let outcome = fault.map_or(Ok(words), Err);
            gathered.endure(gathering.clip.path, outcome)?;
            Ok(None)
        }
    }
}

/// For containers without an index that we read.
pub(super) async fn by_seeking(
    gathering: &Gathering<'_>,
    gathered: &mut Gathered<'_>,
) -> Result<(), Problem> {
    let request = gathering.request;
    let path = gathering.clip.path;
    let seeker = Seeker::new(gathering);
    let Some(mut origin) = find_origin(gathering, &seeker, gathered).await? else {
        return Ok(());
    };
    let duration_us = gathering.clip.info.duration_ms.saturating_mul(1000).max(1);
    let to_us = request.to_us.unwrap_or(u64::MAX).min(duration_us);
    let from_us = request.from_us.min(to_us);
    let span_us = to_us - from_us;
    let stretch_us = span_us / u64::from(request.tiles.max(1));
    if request.precision == Precision::Keyframes && seeker.finds_places() {
        if from_us == 0
            && let Some(rgb) = origin.rgb.take()
        {
            gathered.add(0, true, rgb);
        }
        let places: Vec<u64> = middles(from_us, span_us, request.tiles).collect();
        for pair in coarse_to_fine(&places).chunks(2) {
            let found = seeker.keyframes_before(&origin, pair).await;
            for outcome in found {
                match outcome {
                    Ok(Some(found)) => gathered.add(found.at_us, true, found.rgb),
                    Ok(None) => {}
                    Err(fault) => gathered.endure(path, Err(fault))?,
                }
            }
        }
        let is_far = |at_us: &u64| {
            let near = at_us.saturating_sub(stretch_us)..=at_us.saturating_add(stretch_us);
            gathered.tiles.range(near).next().is_none()
        };
        let far: Vec<u64> = places.iter().copied().filter(is_far).collect();
        let (Some(first), Some(last)) = (far.first(), far.last()) else {
            return Ok(());
        };
        return pass(
            gathering,
            &seeker,
            &origin,
            (*first, *last + 1, stretch_us),
            gathered,
        )
        .await;
    }
    // A little less than a stretch, or a frame that begins exactly with the next one would be missed.
    let every_us = stretch_us.saturating_sub(stretch_us / 50);
    pass(gathering, &seeker, &origin, (from_us, to_us, every_us), gathered).await
}

/// Decodes a part from its beginning to its end: `(from, to, every)`.
async fn pass(
    gathering: &Gathering<'_>,
    seeker: &Seeker<'_>,
    origin: &Origin,
    part_us: (u64, u64, u64),
    gathered: &mut Gathered<'_>,
) -> Result<(), Problem> {
    let most = usize::try_from(gathering.request.tiles).unwrap_or(usize::MAX);
    let outcome: Result<String, PipeFault> = seeker
        .pass(origin, part_us, &mut |at_us, rgb| {
            if gathered.tiles.len() < most.saturating_mul(2) {
                gathered.add(at_us, false, rgb);
            }
        })
        .await;
    gathered.endure(gathering.clip.path, outcome)
}
