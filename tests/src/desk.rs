//! One person's Daypart: a data folder, a vault with a passphrase, and everything that was ever said.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde_json::Value;
use tokio::process::Command;

use crate::{Answer, Clip, Kind, Practice, Said, Started, daypart};

/// Options that both platforms insist on.
const CHOICES: &[&str] = &[
    "--option",
    "practice-tiktok.privacy_level=PUBLIC_TO_EVERYONE",
    "--option",
    "practice-youtube.visibility=public",
    "--option",
    "practice-youtube.made_for_kids=no",
];

pub struct Desk {
    folder: tempfile::TempDir,
    practice_url: String,
    said: Mutex<Vec<Said>>,
}

impl Desk {
    pub const PASSPHRASE: &str = "correct horse battery staple";

    pub fn new(practice: &Practice) -> Self {
        Self::at(practice.url())
    }

    /// A desk whose practice platforms are reached at this address, e.g. that of a [`crate::Network`].
    pub fn at(practice_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), Self::PASSPHRASE).unwrap();
        Self {
            folder,
            practice_url: practice_url.to_owned(),
            said: Mutex::default(),
        }
    }

    /// A desk with both practice accounts connected.
    pub async fn connected(practice: &Practice) -> Self {
        let desk = Self::new(practice);
        for platform in ["tiktok", "youtube"] {
            desk.connect(practice, platform, "ada", Answer::Allow)
                .await
                .expect(0);
        }
        desk
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A place for files of the person, outside the data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn clip(&self, name: &str, kind: Kind) -> Clip {
        Clip::make(&self.file(name), kind)
    }

    /// `daypart` with this desk's environment and no other of Daypart's variables.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(daypart());
        let own = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with("DAYPART_"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| own(name)) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .env("DAYPART_DATA_DIR", self.data_dir())
            .env("DAYPART_PRACTICE_URL", &self.practice_url)
            .env(
                "DAYPART_VAULT",
                format!("file:{}", self.file("passphrase").display()),
            )
            .env("DAYPART_BROWSER", "none");
        command
    }

    pub fn start(&self, arguments: &[&str]) -> Started {
        Started::new(&mut self.command(arguments))
    }

    /// Runs to its end.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        self.heard(self.start(arguments).end().await)
    }

    /// Arguments of `daypart post` with every choice made that the platforms insist on.
    pub fn post_arguments<'a>(clip: &'a Clip, to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec!["post", clip.text(), "--to", to, "--caption", "First cut"];
        arguments.extend(CHOICES);
        arguments.extend(more);
        arguments
    }

    pub async fn post(&self, clip: &Clip, to: &str, more: &[&str]) -> Said {
        self.run(&Self::post_arguments(clip, to, more)).await
    }

    pub async fn connect(&self, practice: &Practice, platform: &str, account: &str, answer: Answer) -> Said {
        let mut connecting = self.start(&["accounts", "connect", &format!("practice-{platform}")]);
        let url = connecting.line_with("http://").await;
        practice.answer(&url, account, answer).await;
        self.heard(connecting.end().await)
    }

    /// Works off what is unfinished, as the next start of Daypart would.
    pub async fn work_off(&self) -> Said {
        self.run(&["run", "--until-settled"]).await
    }

    /// Keeps what a process said, for the search for secrets.
    pub fn heard(&self, said: Said) -> Said {
        self.said.lock().unwrap().push(said.clone());
        said
    }

    pub fn everything_said(&self) -> String {
        let said = self.said.lock().unwrap();
        said.iter()
            .flat_map(|said| [said.stdout.as_str(), said.stderr.as_str()])
            .collect()
    }

    /// The publications of all posts, as `daypart list --json` tells them.
    pub async fn publications(&self) -> Vec<Value> {
        let posts = self.run(&["list", "--json"]).await.expect(0).json();
        let posts = posts.as_array().unwrap();
        posts
            .iter()
            .flat_map(|post| post["publications"].as_array().unwrap().clone())
            .collect()
    }

    /// The state of the only publication.
    pub async fn only_publication(&self) -> Value {
        let mut publications = self.publications().await;
        assert_eq!(publications.len(), 1, "{publications:#?}");
        publications.remove(0)
    }

    /// Files below the data folder with their contents, the vault's own left out.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.data_dir(), &mut found);
        found.retain(|(path, _)| path.file_name() != Some(OsStr::new("vault.bin")));
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            // A socket cannot be read and holds nothing.
            found.push((path, bytes));
        }
    }
}
