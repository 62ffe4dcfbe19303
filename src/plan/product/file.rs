//! The file of a product: sent, replaced, read. A file is durable before its row is written, and
//! whether this caller may is asked before it is sent and again then.

use super::service::{Standing, load, lock_for, save};
use super::status::ProductAction;
use super::{Product, ProductFile, store};
use crate::identity::UserId;
use crate::kernel::{Fault, token};
use crate::office::owed::ProductId;
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::sealed::{DataKey, Stored, Subject};

/// The key a file is sealed by, for whoever may send one now; made for the first.
pub(super) fn key(
    work: &mut Work<'_>,
    standing: Standing,
    id: ProductId,
) -> Result<DataKey, Error> {
    let (product, _) = lock_for(work, standing, (id, ProductAction::Upload))?;
    if let Some(key) = product.data_key_id {
        return Ok(work.data_key(key)?);
    }
    let (keys, office) = (&work.platform.keys, work.office.id);
    let key = DataKey::create(work.conn, keys, work.now, office, Subject::Product)?;
    store::set_key(work.conn, id, key.id())?;
    Ok(key)
}

/// Puts a stored file to a product, in the place of the one before.
pub(super) fn put(
    work: &mut Work<'_>,
    standing: Standing,
    (id, by): (ProductId, UserId),
    stored: &Stored,
) -> Result<Product, Error> {
    let (mut product, _) = lock_for(work, standing, (id, ProductAction::Upload))?;
    let file = ProductFile {
        id: stored.id.cast(),
        media: stored.kind,
        name: stored.name.clone(),
        // The largest file is far smaller.
        size: i32::try_from(stored.size).unwrap_or(i32::MAX),
        sha256: token::hex(&stored.sha256),
        uploaded_by: by,
        created_at: work.now,
    };
    let office = work.office_id();
    store::put_file(work.conn, work.now, (office, id), &file)?;
    product.file = Some(file);
    save(work, &mut product, "product.file")?;
    Ok(product)
}

/// The file of a product and the key that opens it.
pub(super) fn read(work: &mut Work<'_>, id: ProductId) -> Result<(ProductFile, DataKey), Error> {
    let product = load(work, id)?;
    let found = product.file.zip(product.data_key_id);
    let (file, key) = found.ok_or(Fault::NotFound)?;
    Ok((file, work.data_key(key)?))
}
