//! The receipt a family without e-mail takes home (giấy tiếp nhận): its code and a PIN, by which it
//! asks where its request stands, without an account.

use serde_json::json;

use crate::audit;
use crate::identity::call::Open;
use crate::kernel::error::Check;
use crate::kernel::{Fault, code, token};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::policy::{self, Eyes, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::receipt as store;
use crate::legal_aid::store::request as requests;
use crate::legal_aid::words::PublicStage;
use crate::office::settings;
use crate::office::work::Work;
use crate::sealed::{Keys, Purpose};

/// What needs a receipt that was made and is not locked.
pub(in crate::legal_aid) const PRINT_RECEIPT: &str = "print-receipt";

/// Whether a request has a receipt to print.
pub(in crate::legal_aid) fn is_there(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<bool, Error> {
    Ok(store::current(work.conn, request.id)?.is_some())
}

/// What a receipt is printed with.
#[derive(Debug)]
pub(in crate::legal_aid) struct Printed {
    pub(in crate::legal_aid) code: String,
    pub(in crate::legal_aid) pin: String,
}

/// Six digits derived from the request and the receipt's number: they lie nowhere.
fn pin(keys: &Keys, id: RequestId, number: i32) -> String {
    let message = format!("legal-aid receipt {id} {number}");
    let mac = keys.mac(Purpose::Index, message.as_bytes());
    let number = mac
        .iter()
        .take(8)
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// Makes a receipt for a request that was handed in; an older one's PIN is dead.
pub(in crate::legal_aid) fn make(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
) -> Result<Printed, Error> {
    requests::touch(work.conn, work.office.id, id)?;
    let scope = Scope::Staff(eyes);
    let request = requests::load(work, &scope, id)?;
    policy::require(&request, &scope, Action::MakeReceipt)?;
    let number = store::renew(work.conn, work.now, id)?;
    let (action, kind) = ("legal-aid-request.receipt", "legal-aid-request");
    work.audit(action, kind, id.uuid(), json!({"number": number}))?;
    Ok(Printed {
        code: request.code,
        pin: pin(&work.platform.keys, id, number),
    })
}

/// The current receipt of a request, to print it; a locked one is dead and needs a new one.
pub(in crate::legal_aid) fn current(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
) -> Result<(Request, Printed), Error> {
    let scope = Scope::Staff(eyes);
    let request = requests::load(work, &scope, id)?;
    let Some(number) = store::current(work.conn, id)? else {
        return Err(Fault::Transition {
            current: request.status.as_str(),
            action: PRINT_RECEIPT,
            allowed: policy::actions(&request, &scope),
        }
        .into());
    };
    let (action, kind) = ("legal-aid-request.receipt-printed", "legal-aid-request");
    work.audit(action, kind, id.uuid(), json!({"number": number}))?;
    let printed = Printed {
        code: request.code.clone(),
        pin: pin(&work.platform.keys, id, number),
    };
    Ok((request, printed))
}

/// What whoever has a receipt types.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Asked {
    pub(in crate::legal_aid) code: String,
    pub(in crate::legal_aid) pin: String,
    pub(in crate::legal_aid) office: Option<String>,
}

/// Where a request stands. A try is counted whatever becomes of it, so a wrong one is no error
/// here: `None` is what every dead pair of code and PIN gets.
pub(in crate::legal_aid) fn status(
    open: &mut Open<'_>,
    asked: &Asked,
) -> Result<Option<PublicStage>, Error> {
    let mut check = Check::new();
    check.rule(asked.code.len() <= 32, "/code", "too-long");
    check.rule(asked.pin.len() <= 32, "/pin", "too-long");
    check.done()?;
    let office = settings::find_public(open.conn, asked.office.as_deref())?;
    let typed = code::read(&asked.code, 6);
    let found = match (&office, typed) {
        (Some(office), Some(typed)) => store::take_try(open.conn, office.id, &typed)?,
        _ => None,
    };
    // A PIN is derived whether or not there is a receipt, so that both take the same time.
    let (id, number) = found.map_or((RequestId::new(open.now), 0), |receipt| {
        (receipt.request_id, receipt.number)
    });
    let right = pin(&open.platform.keys, id, number);
    let is_right = token::same(right.as_bytes(), asked.pin.trim().as_bytes());
    let Some(receipt) = found else {
        return Ok(None);
    };
    if is_right {
        store::right(open.conn, receipt.request_id)?;
        return Ok(Some(receipt.status.public_stage()));
    }
    if store::lock(open.conn, open.now, receipt.request_id)? {
        // Nobody is logged in: the log has the address of whoever guessed.
        let event = audit::Event {
            office: office.map(|office| office.id),
            actor: None,
            action: "legal-aid-request.receipt-locked",
            object_kind: "legal-aid-request",
            object: Some(receipt.request_id.uuid()),
            request_id: Some(&open.origin.request_id),
            client: Some(open.origin.address),
            facts: json!({"number": receipt.number}),
        };
        audit::record(open.conn, open.now, &event)?;
    }
    Ok(None)
}
