//! Frontal faces. ADR 0014 tells why this model.

/// SeetaFace Detection's frontal model; its licence lies beside it.
const MODEL: &[u8] = include_bytes!("../../models/seeta_frontal_faces.bin");
/// Of the picture looked at; smaller ones are found by chance.
const FACE_MIN_PX: u32 = 24;
/// rustface names 0.95, 2.8 and 4.5 as usual. A dog that looks into the camera is a face to it now and then.
const SCORE_MIN: f64 = 2.8;
const PYRAMID_STEP: f32 = 0.8;
const WINDOW_STEP_PX: u32 = 4;
/// The detector's own window.
const SIDE_MIN_PX: u32 = 40;

pub(super) struct FaceFinder(Box<dyn rustface::Detector>);

impl FaceFinder {
    /// `None` when the model cannot be read: then covers are suggested without faces.
    pub fn new() -> Option<Self> {
        let model = rustface::read_model(MODEL)
            .inspect_err(|error| tracing::warn!(%error, "the face model cannot be read"))
            .ok()?;
        let mut detector = rustface::create_detector_with_model(model);
        detector.set_min_face_size(FACE_MIN_PX);
        detector.set_score_thresh(SCORE_MIN);
        detector.set_pyramid_scale_factor(PYRAMID_STEP);
        detector.set_slide_window_step(WINDOW_STEP_PX, WINDOW_STEP_PX);
        Some(Self(detector))
    }

    /// How much of the shorter side the largest face is wide, up to 1; `None` without a face.
    pub fn largest_share(&mut self, luma: &[u8], width_px: u32, height_px: u32) -> Option<f32> {
        let shorter_px = width_px.min(height_px);
        if shorter_px < SIDE_MIN_PX || luma.len() != width_px as usize * height_px as usize {
            return None;
        }
        let faces = self
            .0
            .detect(&rustface::ImageData::new(luma, width_px, height_px));
        let widest_px = faces.iter().map(|face| face.bbox().width()).max()?;
        Some((widest_px as f32 / shorter_px as f32).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_read_and_sees_nobody_in_patterns() {
        let mut finder = FaceFinder::new().unwrap();
        for (width, height) in [(480_u32, 270_u32), (202, 360), (40, 40), (480, 20), (1, 1)] {
            let luma: Vec<u8> = (0..width * height)
                .map(|place| ((place % width * 3) ^ (place / width * 5)) as u8)
                .collect();
            assert_eq!(finder.largest_share(&luma, width, height), None, "{width}");
        }
        assert_eq!(finder.largest_share(&[0; 7], 480, 270), None, "too few pixels");
    }
}
