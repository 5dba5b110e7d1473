//! Several ffmpegs at once, each fed with its own small movies.

use std::{
    collections::HashSet,
    ffi::OsString,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::picture_pipe::{self, PicturePipe, PipeFault};

use super::{
    arguments::{Care, Rendering, fed},
    excerpt::{Excerpt, Run},
    film::Film,
};

const STALL_TIMEOUT: Duration = Duration::from_secs(60);
const WORKERS_MAX: usize = 8;

/// How many pictures are decoded at the same time.
pub(crate) fn workers() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(WORKERS_MAX)
}

/// What one process has to do.
pub(crate) struct Portion {
    runs: Vec<Run>,
}

/// Deals the runs out alternately, one process for each core, in their order; runs for which the decoder must be new
/// have a process of their own.
pub(crate) fn portions(film: &Film, runs: &[Run]) -> Vec<Portion> {
    let (single, joined): (Vec<Run>, Vec<Run>) = runs
        .iter()
        .cloned()
        .partition(|run| film.needs_own_decoder(*run.start()));
    let hands = workers();
    (0..hands)
        .map(|hand| {
            joined
                .iter()
                .skip(hand)
                .step_by(hands)
                .cloned()
                .collect::<Vec<Run>>()
        })
        .filter(|runs| !runs.is_empty())
        .chain(single.into_iter().map(|run| vec![run]))
        .map(|runs| Portion { runs })
        .collect()
}

/// How pictures are made.
#[derive(Clone, Copy)]
pub(crate) struct Decoding<'a> {
    pub ffmpeg: &'a Path,
    pub rendering: &'a Rendering,
    pub care: Care,
}

/// Decodes the portions, so many at a time as there are cores, in their order, and tells each wanted frame (`None`:
/// every frame) by its place in the order of decoding. Returns ffmpeg's last words. Frames that cannot be decoded do not come.
pub(crate) async fn decode(
    decoding: Decoding<'_>,
    film: &Film,
    portions: Vec<Portion>,
    wanted: Option<HashSet<usize>>,
    on_picture: &mut (dyn FnMut(usize, Vec<u8>) + Send),
    cancel: &CancellationToken,
) -> Result<String, PipeFault> {
    let busy = workers().min(portions.len()).max(1);
    // Keyframes come out one by one only without threads.
    let threads = if decoding.care == Care::Keyframes {
        1
    } else {
        workers() / busy
    };
    let arguments = fed(decoding.rendering, decoding.care, threads.clamp(1, 4));
    let wanted = Arc::new(wanted);
    let (pictures, mut came) = mpsc::unbounded_channel();
    let mut lanes: Vec<Vec<Excerpt>> = (0..busy).map(|_| Vec::new()).collect();
    for (number, portion) in portions.iter().enumerate() {
        let excerpt = Excerpt::of(film, &portion.runs);
        if let Some(lane) = lanes.get_mut(number % busy).filter(|_| !excerpt.is_empty()) {
            lane.push(excerpt);
        }
    }
    let mut running = JoinSet::new();
    for excerpts in lanes {
        let lane = Lane {
            ffmpeg: decoding.ffmpeg.to_path_buf(),
            arguments: arguments.clone(),
            picture_bytes: decoding.rendering.picture_bytes,
            wanted: Arc::clone(&wanted),
            pictures: pictures.clone(),
            cancel: cancel.clone(),
        };
        running.spawn(lane.work(excerpts));
    }
    drop(pictures);
    while let Some((place, picture)) = came.recv().await {
        on_picture(place, picture);
    }
    let mut last_words = String::new();
    while let Some(outcome) = running.join_next().await {
        let words = outcome.map_err(|error| PipeFault::Read(std::io::Error::other(error)))??;
        if !words.is_empty() {
            last_words = words;
        }
    }
    Ok(last_words)
}

/// One process after the other.
struct Lane {
    ffmpeg: PathBuf,
    arguments: Vec<OsString>,
    picture_bytes: usize,
    wanted: Arc<Option<HashSet<usize>>>,
    pictures: mpsc::UnboundedSender<(usize, Vec<u8>)>,
    cancel: CancellationToken,
}

impl Lane {
    async fn work(self, excerpts: Vec<Excerpt>) -> Result<String, PipeFault> {
        let mut last_words = String::new();
        for mut excerpt in excerpts {
            let pipe = PicturePipe {
                program: &self.ffmpeg,
                arguments: self.arguments.clone(),
                feed: Some(std::mem::take(&mut excerpt.feed)),
                picture_bytes: self.picture_bytes,
                stall_timeout: STALL_TIMEOUT,
            };
            last_words = picture_pipe::run(
                pipe,
                &mut |picture| {
                    let place = picture.at_us.and_then(|at_us| excerpt.place_of(at_us));
                    let is_wanted = |place: &usize| {
                        let wanted = self.wanted.as_ref();
                        wanted.as_ref().is_none_or(|wanted| wanted.contains(place))
                    };
                    if let Some(place) = place.filter(is_wanted) {
                        // Whoever asked has gone: so does this process, by the same token.
                        let _ = self.pictures.send((place, picture.bytes));
                    }
                    ControlFlow::Continue(())
                },
                &self.cancel,
            )
            .await?;
        }
        Ok(last_words)
    }
}
