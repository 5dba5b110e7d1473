//! [`MediaTimeline`]: strips, frames, sound and keyframes as the engine asks for them.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use daypart_domain::{captions::CaptionFile, edit::Edit, problem::Problem};
use daypart_ports::media::EncodeObserver;
use daypart_ports::timeline::{
    Clip, CoverSuggestion, Looks, MediaTimeline, Picture, PictureObserver, Scenes, Sound, SoundBucket,
    SoundLevel, SoundObserver, StripOrder, StripPrecision, TimeSpan,
};
use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops};
use tokio_util::sync::CancellationToken;

use crate::{
    Media, captions, covers,
    index::MovieIndex,
    kept, proxy,
    scenes::{SceneMarks, Stretch, find_scenes},
    sound::{self, SoundCache, SoundOrder},
    strip::{self, Precision, Strip, StripCache, StripRequest, Tile, filmstrip},
};

/// About two thousand strips and waveforms together.
const CACHE_MAX_BYTES: u64 = 256 << 20;
const QUALITY_PERCENT: u8 = 80;

#[async_trait]
impl MediaTimeline for Media {
    async fn keyframes_us(&self, clip: Clip<'_>) -> Result<Option<Vec<u64>>, Problem> {
        let (path, stream_index) = (clip.path.to_owned(), clip.info.video.stream_index);
        tokio::task::spawn_blocking(move || {
            let index = MovieIndex::read(&path).ok()?;
            let samples = index.picture_track(stream_index)?.samples().ok()?;
            Some(samples.keyframes_us())
        })
        .await
        .map_err(|error| Problem::bug("the thread that reads an index died").caused_by(&error))
    }

    async fn strip(
        &self,
        clip: Clip<'_>,
        order: StripOrder,
        on_picture: PictureObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<(), Problem> {
        let request = StripRequest {
            from_us: order.from_us,
            to_us: Some(order.to_us),
            tiles: order.pictures,
            tile_height_px: order.height_px,
            precision: match order.precision {
                StripPrecision::Keyframes => Precision::Keyframes,
                StripPrecision::Frames => Precision::Frames,
            },
        };
        // A single frame is decoded sooner than it is looked up, and nobody asks for it twice.
        let cache = self
            .cache_folder
            .as_ref()
            .filter(|_| order.pictures > 1)
            .map(|folder| StripCache::new(folder.join("strips"), CACHE_MAX_BYTES));
        let told = std::sync::atomic::AtomicBool::new(false);
        let on_tile = |tile: &Tile| {
            told.store(true, std::sync::atomic::Ordering::Relaxed);
            match RgbImage::from_raw(tile.width_px, tile.height_px, tile.rgb.clone()).map(|rgb| jpeg(&rgb)) {
                Some(Ok(jpeg)) => on_picture(Picture {
                    at_us: tile.at_us,
                    jpeg,
                }),
                Some(Err(error)) => tracing::warn!(%error, "a picture could not be compressed"),
                None => tracing::warn!(at_us = tile.at_us, "a picture of the wrong size"),
            }
        };
        let strip = filmstrip(
            &self.toolbox,
            strip::Clip {
                path: clip.path,
                info: clip.info,
            },
            request,
            cache.as_ref().map(|cache| (cache, clip.identity)),
            &on_tile,
            cancel,
        )
        .await?;
        if told.into_inner() {
            self.bound_cache().await;
        } else {
            for picture in taken_apart(&strip)? {
                on_picture(picture);
            }
        }
        Ok(())
    }

    async fn sound(
        &self,
        clip: Clip<'_>,
        mut observer: SoundObserver,
        cancel: &CancellationToken,
    ) -> Result<Sound, Problem> {
        let folder = self.cache_folder.as_ref().map(|folder| folder.join("sound"));
        let order = SoundOrder {
            source: clip.path,
            info: clip.info,
            track: None,
            cache: folder.as_deref().map(|folder| SoundCache {
                folder,
                content_hash: &clip.identity.content_hash,
            }),
        };
        let on_progress = Box::new(move |progress: sound::SoundProgress<'_>| {
            observer(&progress.buckets.iter().map(bucket).collect::<Vec<_>>());
        });
        let heard = Media::sound(self, order, Some(on_progress), cancel).await?;
        self.bound_cache().await;
        Ok(Sound {
            levels: heard.waveform.levels.iter().map(level).collect(),
            loudness_lufs: heard.loudness.integrated_lufs,
            true_peak_dbtp: heard.loudness.true_peak_dbtp,
            silences: heard
                .silences
                .iter()
                .map(|silence| TimeSpan {
                    from_us: silence.start_us,
                    to_us: silence.end_us,
                })
                .collect(),
        })
    }

    async fn looks(&self, clip: Clip<'_>, cancel: &CancellationToken) -> Result<Looks, Problem> {
        let clip = strip::Clip {
            path: clip.path,
            info: clip.info,
        };
        self.look_at(clip, cancel).await
    }

    async fn proxy(
        &self,
        clip: Clip<'_>,
        observer: EncodeObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<PathBuf, Problem> {
        // Beside the cache, not in it: a copy is larger than everything else together, and has a limit of its own.
        let folder = self
            .cache_folder
            .as_ref()
            .ok_or_else(|| Problem::bug("a copy was asked for without a folder to keep it near"))?
            .with_file_name("proxies");
        proxy::proxy(self, clip, &folder, observer, cancel).await
    }

    async fn captions(&self, path: &Path) -> Result<CaptionFile, Problem> {
        captions::read_file(path).await
    }

    async fn scenes(&self, clip: Clip<'_>, cancel: &CancellationToken) -> Result<Scenes, Problem> {
        let clip = strip::Clip {
            path: clip.path,
            info: clip.info,
        };
        let found = find_scenes(&self.toolbox, clip, cancel).await?;
        Ok(Scenes {
            cuts_us: found.cuts_us,
            black: found.black.iter().map(stretch).collect(),
            freezes: found.frozen.iter().map(stretch).collect(),
        })
    }

    async fn covers(
        &self,
        clip: Clip<'_>,
        scenes: &Scenes,
        cancel: &CancellationToken,
    ) -> Result<Vec<CoverSuggestion>, Problem> {
        let marks = SceneMarks {
            cuts_us: scenes.cuts_us.clone(),
            black: scenes.black.iter().map(span).collect(),
            frozen: scenes.freezes.iter().map(span).collect(),
        };
        let clip = strip::Clip {
            path: clip.path,
            info: clip.info,
        };
        covers::suggest_covers(&self.toolbox, clip, &marks, cancel).await
    }

    async fn cover_frame(
        &self,
        clip: Clip<'_>,
        edit: &Edit,
        at_us: u64,
        max_bytes: usize,
        cancel: &CancellationToken,
    ) -> Result<Vec<u8>, Problem> {
        let clip = strip::Clip {
            path: clip.path,
            info: clip.info,
        };
        covers::framed_cover(&self.toolbox, clip, edit, at_us, max_bytes, cancel).await
    }

    async fn own_cover(&self, path: &std::path::Path, side_px: u32) -> Result<Vec<u8>, Problem> {
        covers::own_cover(path, side_px).await
    }
}

fn span(known: &TimeSpan) -> Stretch {
    Stretch {
        from_us: known.from_us,
        to_us: known.to_us,
    }
}

impl Media {
    /// Strips and waveforms have one limit together.
    async fn bound_cache(&self) {
        let Some(folder) = self.cache_folder.clone().filter(|folder| folder.is_dir()) else {
            return;
        };
        let shrunk = tokio::task::spawn_blocking(move || kept::shrink(&folder, CACHE_MAX_BYTES)).await;
        if let Err(error) = shrunk.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            tracing::warn!(%error, "what is kept of media could not be made smaller");
        }
    }
}

fn stretch(found: &Stretch) -> TimeSpan {
    TimeSpan {
        from_us: found.from_us,
        to_us: found.to_us,
    }
}

fn jpeg(picture: &RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT).encode_image(picture)?;
    Ok(jpeg)
}

/// The pictures of a strip that was kept.
fn taken_apart(strip: &Strip) -> Result<Vec<Picture>, Problem> {
    let broken = |error: &image::ImageError| Problem::bug("a strip that was kept").caused_by(error);
    let sprite = image::load_from_memory_with_format(&strip.sprite_jpeg, image::ImageFormat::Jpeg)
        .map_err(|error| broken(&error))?
        .into_rgb8();
    let columns = strip.columns.max(1);
    (0_u32..)
        .zip(&strip.tiles)
        .map(|(number, tile)| {
            let (left, top) = (
                number % columns * strip.tile_width_px,
                number / columns * strip.tile_height_px,
            );
            let picture =
                imageops::crop_imm(&sprite, left, top, strip.tile_width_px, strip.tile_height_px).to_image();
            Ok(Picture {
                at_us: tile.at_us,
                jpeg: jpeg(&picture).map_err(|error| broken(&error))?,
            })
        })
        .collect()
}

fn bucket(heard: &sound::Bucket) -> SoundBucket {
    SoundBucket {
        min: heard.min,
        max: heard.max,
        rms: heard.rms,
    }
}

fn level(heard: &sound::Level) -> SoundLevel {
    SoundLevel {
        bucket_us: u64::from(heard.bucket_ms) * 1_000,
        buckets: heard.buckets.iter().map(bucket).collect(),
    }
}
