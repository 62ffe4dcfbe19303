//! Sealing what can hurt a child if it leaks: a data key for each subject (a case, a request),
//! itself sealed by a key that lies outside the database.
//!
//! Erasing a subject destroys its data key: what it sealed never opens again, in backups made
//! later neither. A sealed value is bound to its table, column, row and data key, so one that was
//! moved, swapped or changed does not open. `XChaCha20-Poly1305` because its nonces are long enough
//! to be random.

use std::collections::BTreeMap;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use diesel::prelude::*;
use uuid::Uuid;

use super::keyring;
use super::keys::{Key, Keys, Purpose};
use crate::db::schema::data_keys;
use crate::db::{self, Conn, dialect};
use crate::kernel::{Id, OfficeId, Timestamp, secret::Secret, text_enum::text_enum, token};

/// Marks ids of data keys.
#[derive(Debug)]
pub enum DataKeyMark {}
/// The id of a data key.
pub type DataKeyId = Id<DataKeyMark>;

text_enum! {
    /// What a data key seals the things of.
    pub enum Subject {
        /// A family's request for counselling.
        CounsellingRequest = "counselling-request",
        /// A case of counselling.
        CounsellingCase = "counselling-case",
        /// An alert that a child is at risk.
        RiskAlert = "risk-alert",
        /// A request for legal aid.
        LegalAidRequest = "legal-aid-request",
        /// A product of the plan, for its file.
        Product = "product",
        /// A report on the plan, for its signed copy and the proof that it was filed.
        PlanReport = "plan-report",
        /// A suspected illicit practice.
        Concern = "concern",
    }
}

/// Whether the data key a row names is there, for the filter of a query: what was erased is gone,
/// since its key is. It is looked up for each row by its id, and as a value: SQLite is free to turn
/// EXISTS into a join, for which it goes through all keys at each page.
macro_rules! is_live {
    ($key:expr) => {
        $crate::db::schema::data_keys::table
            .filter($crate::db::schema::data_keys::id.eq($key))
            .filter($crate::db::schema::data_keys::wrapped.is_not_null())
            .select($crate::db::schema::data_keys::id)
            .single_value()
            .is_not_null()
    };
}
pub(crate) use is_live;

/// Where a sealed value lies; it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: Uuid,
}

/// Why something did not open or could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What it was sealed with is destroyed: it was erased.
    #[error("erased")]
    Erased,
    /// It is not what was sealed there: changed, moved, cut, or sealed by another key.
    #[error("a sealed value does not open: {0}")]
    Broken(&'static str),
    /// The key that seals data keys is not given.
    #[error("the key {0} that seals data keys is not given")]
    NoKey(String),
    /// Storage failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// The lock that sealing new data keys shares, and the end of a rotation has alone.
pub(super) const SEALING: i64 = 0x7365_616c;
/// The form of a sealed value: version, algorithm.
const HEAD: [u8; 2] = [1, 1];
/// Bytes of a nonce.
const NONCE: usize = 24;

/// A subject's key, open.
#[derive(Debug, Clone)]
pub struct DataKey {
    id: DataKeyId,
    secret: Secret<Vec<u8>>,
}

impl DataKey {
    /// Makes a data key for a new subject and keeps it, sealed.
    ///
    /// # Errors
    /// When no key for data keys is given, or storage fails.
    pub fn create(
        conn: &mut Conn,
        keys: &Keys,
        now: Timestamp,
        office: OfficeId,
        subject: Subject,
    ) -> Result<Self, Error> {
        let id = DataKeyId::new(now);
        let secret = Secret::new(token::random::<32>().to_vec());
        let kek = kek(conn, keys)?;
        let wrapped = wrap(&kek, id, secret.expose())?;
        diesel::insert_into(data_keys::table)
            .values((
                data_keys::id.eq(id),
                data_keys::office_id.eq(office),
                data_keys::subject.eq(subject),
                data_keys::kek_id.eq(&kek.id),
                data_keys::wrapped.eq(Some(wrapped)),
                data_keys::created_at.eq(now),
            ))
            .execute(conn)?;
        Ok(Self { id, secret })
    }

    /// Opens a subject's data key.
    ///
    /// # Errors
    /// `Erased` when it was destroyed; when its sealing key is not given or does not open it.
    pub fn load(conn: &mut Conn, keys: &Keys, id: DataKeyId) -> Result<Self, Error> {
        let (kek_id, wrapped): (String, Option<Vec<u8>>) = data_keys::table
            .find(id)
            .select((data_keys::kek_id, data_keys::wrapped))
            .first(conn)?;
        Self::unwrap(keys, id, kek_id, wrapped.as_deref())
    }

    /// Opens the data keys of a list at once.
    ///
    /// # Errors
    /// As [`DataKey::load`]; destroyed ones are left out.
    pub fn load_all(
        conn: &mut Conn,
        keys: &Keys,
        ids: &[DataKeyId],
    ) -> Result<BTreeMap<DataKeyId, Self>, Error> {
        let rows: Vec<(DataKeyId, String, Option<Vec<u8>>)> = data_keys::table
            .filter(data_keys::id.eq_any(ids))
            .select((data_keys::id, data_keys::kek_id, data_keys::wrapped))
            .load(conn)?;
        let live = rows.into_iter().filter(|(_, _, wrapped)| wrapped.is_some());
        live.map(|(id, kek_id, wrapped)| {
            Ok((id, Self::unwrap(keys, id, kek_id, wrapped.as_deref())?))
        })
        .collect()
    }

    fn unwrap(
        keys: &Keys,
        id: DataKeyId,
        kek_id: String,
        wrapped: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let wrapped = wrapped.ok_or(Error::Erased)?;
        let kek = keys.sealing(&kek_id).ok_or(Error::NoKey(kek_id))?;
        let secret = unwrap(&kek, id, wrapped)?;
        Ok(Self { id, secret })
    }

    /// One that is in no database.
    #[cfg(any(test, fuzzing))]
    pub(super) fn loose(id: DataKeyId, secret: Vec<u8>) -> Self {
        let secret = Secret::new(secret);
        Self { id, secret }
    }

    /// Its id, which rows it seals name.
    pub fn id(&self) -> DataKeyId {
        self.id
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// When it is too long to be sealed.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, Error> {
        seal(self.secret.expose(), &self.bound(place), plain)
    }

    /// Opens the value of a place.
    ///
    /// # Errors
    /// `Broken` when it is not what was sealed there.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        open(self.secret.expose(), &self.bound(place), sealed)
    }

    /// Seals a value as JSON.
    ///
    /// # Errors
    /// As [`DataKey::seal`].
    pub fn seal_json<T: serde::Serialize>(
        &self,
        place: Place,
        value: &T,
    ) -> Result<Vec<u8>, Error> {
        let plain = serde_json::to_vec(value).map_err(|_quotes| Error::Broken("not JSON"))?;
        self.seal(place, &plain)
    }

    /// Opens a value sealed as JSON.
    ///
    /// # Errors
    /// As [`DataKey::open`].
    pub fn open_json<T: serde::de::DeserializeOwned>(
        &self,
        place: Place,
        sealed: &[u8],
    ) -> Result<T, Error> {
        // The parser's message would quote what was sealed.
        serde_json::from_slice(&self.open(place, sealed)?)
            .map_err(|_quotes| Error::Broken("not what was sealed"))
    }

    /// The key for one thing it seals that is no value of a row.
    pub(super) fn derive(&self, parts: &[&[u8]]) -> Secret<Vec<u8>> {
        let id = self.id.uuid();
        let mut all = vec![b"derived".as_slice(), id.as_bytes()];
        all.extend(parts);
        Secret::new(token::mac(self.secret.expose(), &bound(&all)))
    }

    fn bound(&self, place: Place) -> Vec<u8> {
        bound(&[
            place.table.as_bytes(),
            place.column.as_bytes(),
            place.row.as_bytes(),
            self.id.uuid().as_bytes(),
        ])
    }
}

/// A digest by which equal values are found without being kept: of a look-up or a rule that
/// someone is in one place only. `column` keeps the digests of two columns apart.
pub fn blind_index(keys: &Keys, column: &str, value: &str) -> Vec<u8> {
    let folded = crate::kernel::text::fold(value);
    let message = bound(&[column.as_bytes(), folded.trim().as_bytes()]);
    let mut digest = keys.mac(Purpose::Index, &message);
    digest.truncate(16);
    digest
}

/// Seals what belongs to no subject and is kept for a while: an answer that may be asked for again,
/// an address a mail goes to. Its key comes of the one that makes digests, which is not replaced:
/// a mail may wait for months.
///
/// # Errors
/// When the value is too long.
pub fn seal_brief(keys: &Keys, place: Place, plain: &[u8]) -> Result<String, Error> {
    let sealed = seal(&brief_key(keys), &brief(place), plain)?;
    Ok(token::encode(&sealed))
}

/// Opens what [`seal_brief`] sealed.
///
/// # Errors
/// `Broken` when it is not what was sealed there.
pub fn open_brief(keys: &Keys, place: Place, text: &str) -> Result<Vec<u8>, Error> {
    let sealed = token::decode(text).ok_or(Error::Broken("its form"))?;
    open(&brief_key(keys), &brief(place), &sealed)
}

fn brief_key(keys: &Keys) -> Vec<u8> {
    keys.mac(Purpose::Index, &bound(&[b"seals what is kept for a while"]))
}

fn brief(place: Place) -> Vec<u8> {
    bound(&[
        b"brief",
        place.table.as_bytes(),
        place.column.as_bytes(),
        place.row.as_bytes(),
    ])
}

/// The key that seals new data keys: the one the database named last. What a process has read of
/// the key file may be older than that; held until this transaction ends, a rotation that waits
/// for it finds what was sealed by an older key.
fn kek(conn: &mut Conn, keys: &Keys) -> Result<Arc<Key>, Error> {
    dialect::share_named(conn, SEALING)?;
    let named = keyring::ids(conn, Purpose::Data)?;
    let id = named.into_iter().next();
    let id = id.ok_or_else(|| Error::NoKey("for data".into()))?;
    keys.sealing(&id).ok_or(Error::NoKey(id))
}

fn bound_key(id: DataKeyId) -> Vec<u8> {
    bound(&[b"data_keys", b"wrapped", id.uuid().as_bytes()])
}

/// Seals a data key.
pub(super) fn wrap(kek: &Key, id: DataKeyId, secret: &[u8]) -> Result<Vec<u8>, Error> {
    seal(kek.secret.expose(), &bound_key(id), secret)
}

/// Opens a data key.
pub(super) fn unwrap(kek: &Key, id: DataKeyId, wrapped: &[u8]) -> Result<Secret<Vec<u8>>, Error> {
    open(kek.secret.expose(), &bound_key(id), wrapped).map(Secret::new)
}

/// Parts with their lengths before them, so that no two lists of parts read alike.
pub(super) fn bound(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"hai-dang".to_vec();
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend(*part);
    }
    bytes
}

fn cipher(key: &[u8]) -> Result<XChaCha20Poly1305, Error> {
    XChaCha20Poly1305::new_from_slice(key).map_err(|_length| Error::Broken("a key's length"))
}

fn seal(key: &[u8], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce = token::random::<NONCE>();
    let sealed = cipher(key)?
        .encrypt(XNonce::from_slice(&nonce), Payload { msg, aad })
        .map_err(|_opaque| Error::Broken("too long"))?;
    Ok([HEAD.as_slice(), nonce.as_slice(), sealed.as_slice()].concat())
}

fn open(key: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let rest = sealed
        .strip_prefix(&HEAD)
        .ok_or(Error::Broken("its form"))?;
    let (nonce, msg) = rest
        .split_at_checked(NONCE)
        .ok_or(Error::Broken("its length"))?;
    cipher(key)?
        .decrypt(XNonce::from_slice(nonce), Payload { msg, aad })
        .map_err(|_opaque| Error::Broken("its seal"))
}
