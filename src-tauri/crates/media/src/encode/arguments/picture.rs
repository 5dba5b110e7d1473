//! The picture of an encode, filter by filter (MEDIA.md §5). Pure. ffmpeg has turned it upright before these.

use daypart_domain::{
    media_info::MediaInfo,
    transcode_plan::{Background, CropWindow, EncodeTarget, PartFrame},
};

/// Shapes that differ by no more than evenness costs.
const SAME_SHAPE: f64 = 0.01;

/// A background is blurred at this fraction of its size: the eye sees no difference, the processor does.
const BLURRED_AT: u32 = 10;

/// What is done to frames as they were recorded, before any cut.
pub(super) fn progressive(info: &MediaInfo) -> Vec<String> {
    if info.video.interlaced {
        vec!["bwdif=mode=send_frame:deint=interlaced".to_owned()]
    } else {
        Vec::new()
    }
}

/// For each part on its own where they differ, so that all come out alike in size and format; empty where
/// [`framed`] holds for all.
pub(super) fn framed_parts(target: &EncodeTarget, info: &MediaInfo) -> Vec<Vec<String>> {
    let framed = |(number, frame): (usize, &PartFrame)| {
        framed_with_labels(&target.framed_as(*frame), info, &number.to_string())
    };
    target.part_frames.iter().enumerate().map(framed).collect()
}

/// The picture of the whole result: fitted into the frame, where its parts were not already.
pub(super) fn framed(target: &EncodeTarget, info: &MediaInfo) -> Vec<String> {
    framed_with_labels(target, info, "")
}

/// Square the pixels, crop, turn, mirror, fit into the frame, map HDR to SDR, fill what is left free. `name` keeps the
/// labels of one graph apart.
fn fitted(target: &EncodeTarget, info: &MediaInfo, name: &str) -> Vec<String> {
    let (width, height) = (target.width_px, target.height_px);
    let mut chain = Vec::new();
    chain.extend(squared(target.crop, info));
    if let Some(crop) = target.crop {
        chain.push(format!(
            "crop={}:{}:{}:{}",
            crop.width_px, crop.height_px, crop.x_px, crop.y_px
        ));
    }
    chain.extend(turned(target).into_iter().map(str::to_owned));
    chain.push(if has_shape_of(target, info) {
        format!("scale={width}:{height}:in_range=auto:out_range=tv")
    } else {
        format!(
            "scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:in_range=auto:out_range=tv"
        )
    });
    if info.video.hdr {
        // After the fitting: the float chain is the dearest part.
        chain.push(
            "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
                .to_owned(),
        );
    }
    chain.push(match target.background {
        Background::Black => format!("pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"),
        Background::Colour {
            rgb: [red, green, blue],
        } => {
            // In RGB: which matrix the filter takes for a colour differs between versions of ffmpeg.
            format!(
                "scale=in_color_matrix=bt709,format=gbrp,\
                 pad={width}:{height}:(ow-iw)/2:(oh-ih)/2:color=0x{red:02x}{green:02x}{blue:02x},\
                 scale=out_color_matrix=bt709:out_range=tv"
            )
        }
        Background::Blur => {
            let small = |side: u32| (side / BLURRED_AT).next_multiple_of(2).max(2);
            let (small_width, small_height) = (small(width), small(height));
            format!(
                "setsar=1,format=yuv420p,split[back{name}][front{name}];\
                 [back{name}]scale={small_width}:{small_height}:force_original_aspect_ratio=increase,\
                 crop={small_width}:{small_height},gblur=sigma=4,scale={width}:{height},setsar=1[blurred{name}];\
                 [blurred{name}][front{name}]overlay=(W-w)/2:(H-h)/2"
            )
        }
    });
    chain
}

fn framed_with_labels(target: &EncodeTarget, info: &MediaInfo, name: &str) -> Vec<String> {
    let mut chain = Vec::new();
    if target.part_frames.is_empty() {
        chain.extend(fitted(target, info, name));
    }
    chain.push("setsar=1".to_owned());
    chain.push("format=yuv420p".to_owned());
    chain.extend(target.captions_path.as_deref().map(lettered));
    chain
}

/// Draws a script of ours. Its name passes through two parsers, of the graph and of the filter's options.
fn lettered(script: &str) -> String {
    let in_options = escaped(script, &['\\', '\'', ':']);
    let in_graph = escaped(&in_options, &['\\', '\'', '[', ']', ',', ';']);
    format!("ass=filename={in_graph}")
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if special.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A crop counts in the pixels the probe names, so the picture must have just those.
fn squared(crop: Option<CropWindow>, info: &MediaInfo) -> Option<String> {
    if info.video.square_pixels {
        return None;
    }
    Some(match crop {
        Some(_) => format!("scale={}:{},setsar=1", info.video.width_px, info.video.height_px),
        None => "scale=w='max(2,trunc(iw*sar/2)*2)':h='max(2,trunc(ih/2)*2)',setsar=1".to_owned(),
    })
}

fn turned(target: &EncodeTarget) -> Vec<&'static str> {
    let mut filters = match target.turn.rotate_deg {
        90 => vec!["transpose=clock"],
        180 => vec!["hflip", "vflip"],
        270 => vec!["transpose=cclock"],
        _ => Vec::new(),
    };
    if target.turn.mirrored {
        filters.push("hflip");
    }
    filters
}

/// Cropped and turned, the picture has the target's shape within one percent: it is stretched to it.
fn has_shape_of(target: &EncodeTarget, info: &MediaInfo) -> bool {
    let (width, height) = target
        .crop
        .map_or((info.video.width_px, info.video.height_px), |crop| {
            (crop.width_px, crop.height_px)
        });
    let on_its_side = matches!(target.turn.rotate_deg, 90 | 270);
    let (width, height) = if on_its_side {
        (height, width)
    } else {
        (width, height)
    };
    let shape = f64::from(width) / f64::from(height.max(1));
    let wanted = f64::from(target.width_px) / f64::from(target.height_px.max(1));
    (shape / wanted - 1.0).abs() <= SAME_SHAPE
}
