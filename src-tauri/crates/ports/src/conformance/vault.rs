//! What every [`SecretVault`] promises.

use daypart_domain::ids::{AccountId, PublicationId};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::secrets::{SecretName, SecretVault};

/// Every case, one after the other, on one vault. Leaves nothing behind.
pub async fn all(vault: &dyn SecretVault) {
    what_was_never_put_is_absent(vault).await;
    a_put_secret_comes_back_byte_for_byte(vault).await;
    a_second_put_replaces_the_first(vault).await;
    names_are_kept_apart(vault).await;
    deleting_removes_and_may_be_repeated(vault).await;
    parallel_puts_of_one_name_leave_one_of_them(vault).await;
}

pub async fn what_was_never_put_is_absent(vault: &dyn SecretVault) {
    assert_eq!(read(vault, &grant(1)).await, None);
}

pub async fn a_put_secret_comes_back_byte_for_byte(vault: &dyn SecretVault) {
    let name = grant(2);
    for value in ["t", "with \"quotes\", ünïcode 🔑 and\nlines", &"long".repeat(500)] {
        write(vault, &name, value).await;
        assert_eq!(read(vault, &name).await.as_deref(), Some(value));
    }
    delete(vault, &name).await;
}

pub async fn a_second_put_replaces_the_first(vault: &dyn SecretVault) {
    let name = grant(3);
    write(vault, &name, "first").await;
    write(vault, &name, "second").await;
    assert_eq!(read(vault, &name).await.as_deref(), Some("second"));
    delete(vault, &name).await;
    assert_eq!(
        read(vault, &name).await,
        None,
        "one delete removes every earlier value"
    );
}

pub async fn names_are_kept_apart(vault: &dyn SecretVault) {
    let upload = SecretName::upload(PublicationId::from_uuid(Uuid::from_u128(4)));
    write(vault, &grant(4), "grant").await;
    write(vault, &grant(5), "other").await;
    write(vault, &upload, "upload").await;
    delete(vault, &grant(5)).await;
    assert_eq!(read(vault, &grant(4)).await.as_deref(), Some("grant"));
    assert_eq!(read(vault, &upload).await.as_deref(), Some("upload"));
    assert_eq!(read(vault, &grant(5)).await, None);
    delete(vault, &grant(4)).await;
    delete(vault, &upload).await;
}

pub async fn deleting_removes_and_may_be_repeated(vault: &dyn SecretVault) {
    let name = grant(6);
    write(vault, &name, "gone soon").await;
    for _ in 0..2 {
        delete(vault, &name).await;
        assert_eq!(read(vault, &name).await, None);
    }
}

pub async fn parallel_puts_of_one_name_leave_one_of_them(vault: &dyn SecretVault) {
    let name = grant(7);
    tokio::join!(write(vault, &name, "left"), write(vault, &name, "right"));
    let left_over = read(vault, &name).await.expect("one of the two must be there");
    assert!(
        left_over == "left" || left_over == "right",
        "a mixture was stored"
    );
    delete(vault, &name).await;
    assert_eq!(read(vault, &name).await, None);
}

fn grant(number: u128) -> SecretName {
    SecretName::grant(AccountId::from_uuid(Uuid::from_u128(number)))
}

async fn read(vault: &dyn SecretVault, name: &SecretName) -> Option<String> {
    match vault.get(name).await {
        Ok(secret) => secret.map(|secret| secret.expose_secret().to_owned()),
        Err(problem) => panic!("get {}: {problem} {:?}", name.as_str(), problem.details),
    }
}

async fn write(vault: &dyn SecretVault, name: &SecretName, value: &str) {
    if let Err(problem) = vault.put(name, SecretString::from(value)).await {
        panic!("put {}: {problem} {:?}", name.as_str(), problem.details);
    }
}

async fn delete(vault: &dyn SecretVault, name: &SecretName) {
    if let Err(problem) = vault.delete(name).await {
        panic!("delete {}: {problem} {:?}", name.as_str(), problem.details);
    }
}
