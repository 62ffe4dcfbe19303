//! Stored documents in a backup: those of its time come back, sealed as they were, and what was
//! erased since stays shut.

use std::os::unix::fs::PermissionsExt;

use hai_dang::sealed::stored::{self, Sender, Stored};
use hai_dang::sealed::{DataKey, DataKeyId, Depot, Keys, StoredId, vault};

use super::{Deployment, said};

const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";

fn key(place: &Deployment, id: DataKeyId) -> Result<DataKey, vault::Error> {
    let keys = place.keys.clone();
    let found = place
        .app
        .platform
        .db
        .read_now(move |conn| Ok::<_, hai_dang::db::Error>(DataKey::load(conn, &keys, id)));
    found.unwrap()
}

fn store(place: &Deployment, depot: &Depot, key: DataKeyId) -> Stored {
    let (id, key) = (
        StoredId::new(place.app.now()),
        self::key(place, key).unwrap(),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let stored = runtime.unwrap().block_on(async {
        let mut incoming = depot
            .receive(Sender::staff(uuid::Uuid::nil()))
            .await
            .unwrap();
        incoming.push(PDF).unwrap();
        depot.keep(&key, id, (incoming, "đơn.pdf".into())).await
    });
    stored.unwrap()
}

/// An empty data folder with the keys of a deployment and its list of erasures.
fn elsewhere(place: &Deployment) -> tempfile::TempDir {
    let second = tempfile::tempdir().unwrap();
    let closed = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(second.path(), closed).unwrap();
    for name in ["keys.toml", "keys.toml.erased"] {
        std::fs::copy(place.folder.path().join(name), second.path().join(name)).unwrap();
    }
    second
}

#[test]
fn documents_come_back_from_a_backup() {
    let place = Deployment::new();
    if !place.app.database_url().starts_with("sqlite://") {
        // Where the rows lie is nothing to the documents; the drill restores both engines.
        return;
    }
    place.settle();
    let depot = Depot::new(place.folder.path());
    let sealed = place.seal(2);
    let kept = store(&place, &depot, sealed[0].id);
    let erased = store(&place, &depot, sealed[1].id);
    let apart = tempfile::tempdir().unwrap();
    let file = |name: &str| apart.path().join(name).display().to_string();
    let made = place.run(&["keys", "backup", "--out", &file("key")]);
    let recipient = said(&made);
    let recipient = recipient.trim().rsplit('=').next().unwrap();
    let to = ["backup", "--to", &file("backup"), "--recipient", recipient];
    let saved = place.run(&to);
    assert!(saved.status.success(), "{}", said(&saved));
    place.erase(sealed[1].id);
    depot.remove(erased.id).unwrap();
    let later = store(&place, &depot, sealed[0].id);

    let second = elsewhere(&place);
    let restore = || {
        let url = format!("sqlite://{}", second.path().join("hai-dang.db").display());
        let from = ["restore", "--from", &file("backup"), "--key", &file("key")];
        let mut command = place.command(&from);
        command
            .env("HAI_DANG_DATA", second.path())
            .env("DATABASE_URL", url);
        command.output().unwrap()
    };
    // Documents that are there already are nobody's to mix with.
    std::fs::create_dir(second.path().join("documents")).unwrap();
    let refused = restore();
    let why = said(&refused);
    assert!(
        !refused.status.success() && why.contains("documents"),
        "{why}"
    );
    std::fs::remove_dir(second.path().join("documents")).unwrap();
    let done = restore();
    assert!(done.status.success(), "{}", said(&done));

    let restored = Depot::new(second.path());
    let key = key(&place, sealed[0].id).unwrap();
    let chunks = restored.open(&key, kept.id).unwrap();
    let bytes = chunks.collect::<Result<Vec<_>, _>>().unwrap().concat();
    assert_eq!(bytes, PDF);
    let gone = restored.open(&key, later.id);
    assert!(matches!(gone, Err(stored::Error::Missing)));
    // Its file is there, as it was then; its key is not, here or there.
    assert!(restored.path(erased.id).exists());
    let other = restored.open(&key, erased.id);
    assert!(matches!(other, Err(stored::Error::Broken(_))));
    let found = hai_dang::db::snapshot::open(&format!(
        "sqlite://{}",
        second.path().join("hai-dang.db").display()
    ));
    let keys = Keys::read(&second.path().join("keys.toml")).unwrap();
    let loaded = DataKey::load(&mut found.unwrap(), &keys, sealed[1].id);
    assert!(matches!(loaded, Err(vault::Error::Erased)));
    let left = |name: &str| second.path().join(name).exists();
    assert!(!left("restoring.documents"));
}
