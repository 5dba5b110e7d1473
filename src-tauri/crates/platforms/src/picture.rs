//! Pictures of accounts. They are fetched here so that the window talks to nobody but this computer, and drawn anew so
//! that no byte of theirs reaches it.

use std::io::Cursor;

use daypart_domain::{platform::Realm, problem::Problem};
use image::{ImageFormat, ImageReader, Limits};
use url::Url;

use crate::{
    LoopbackBase, codes,
    http::{HttpClient, Stakes},
};

/// The longer side of what is handed out. The window shows half of it, on dense screens all.
const SIDE_MAX_PX: u32 = 128;
/// Of what is taken. Platforms hand out a few hundred pixels.
const TAKEN_SIDE_MAX_PX: u32 = 4096;
const DECODED_BYTES_MAX: u64 = 96 << 20;

/// Fetches pictures of accounts.
pub struct PictureSource {
    real: HttpClient,
    practice: HttpClient,
    practice_base: Option<LoopbackBase>,
}

impl PictureSource {
    /// `practice_base` is where the practice platforms are, if there are any.
    ///
    /// # Errors
    /// A bug when no HTTP client can be made.
    pub fn new(practice_base: Option<LoopbackBase>) -> Result<Self, Problem> {
        Ok(Self {
            real: HttpClient::real()?,
            practice: HttpClient::practice()?,
            practice_base,
        })
    }

    /// The picture at `address` as a small PNG. Real accounts: https only. Practice accounts: from the practice platforms
    /// only. Redirects are not followed; JPEG, PNG and WebP are understood.
    ///
    /// # Errors
    /// `account.picture` for everything that is not such a picture, `network.…`.
    pub async fn fetch(&self, realm: Realm, address: &str) -> Result<Vec<u8>, Problem> {
        let url = Url::parse(address).map_err(|_| refused("its address cannot be read"))?;
        let client = match (realm, &self.practice_base) {
            (Realm::Real, _) if url.scheme() == "https" => &self.real,
            (Realm::Practice, Some(base)) if base.owns(&url) => &self.practice,
            _ => return Err(refused("its address is not one of the platform's")),
        };
        let reply = client
            .call(client.get(url))
            .await
            .map_err(|fault| fault.into_problem("The platform", Stakes::Repeatable))?;
        let is_image = reply
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("image/"));
        if reply.status != 200 || !is_image {
            return Err(refused(&format!(
                "the answer is no picture (status {})",
                reply.status
            )));
        }
        // Decoding takes its time, and none of it may be missing at a due second.
        let drawn = tokio::task::spawn_blocking(move || draw_anew(reply.bytes())).await;
        drawn
            .map_err(|error| Problem::bug("a picture could not be drawn").caused_by(&error))?
            .map_err(|error| refused("it cannot be decoded").caused_by(&error))
    }
}

fn draw_anew(taken: &[u8]) -> image::ImageResult<Vec<u8>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(TAKEN_SIDE_MAX_PX);
    limits.max_image_height = Some(TAKEN_SIDE_MAX_PX);
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    let mut reader = ImageReader::new(Cursor::new(taken)).with_guessed_format()?;
    reader.limits(limits);
    let mut picture = reader.decode()?;
    if picture.width().max(picture.height()) > SIDE_MAX_PX {
        picture = picture.thumbnail(SIDE_MAX_PX, SIDE_MAX_PX);
    }
    let mut drawn = Cursor::new(Vec::new());
    // What is left of the platform's file is its colours.
    picture.to_rgba8().write_to(&mut drawn, ImageFormat::Png)?;
    Ok(drawn.into_inner())
}

fn refused(why: &str) -> Problem {
    Problem::permanent(
        codes::ACCOUNT_PICTURE,
        "The picture of an account could not be had.",
    )
    .detail(why)
}
