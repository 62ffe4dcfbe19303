//! What is told with a suspected illicit practice: by whoever came upon it, by whoever looked into it,
//! and where it ends.

use serde_json::json;

use super::tale::{Cast, Told, text, write};

/// Concerns that tell all of it, each with other words.
const CONCERNS: usize = 3;

/// Some are recorded, referred, answered and closed.
pub(super) fn tell_all(cast: &Cast, told: &mut Told) {
    for _ in 0..CONCERNS {
        tell(cast, told);
    }
}

fn tell(cast: &Cast, told: &mut Told) {
    let new = json!({
        "topic": "improper_financial_gain", "source": "counselling", "text": told.words(),
    });
    let made = write(&cast.counsellor, "/concerns", &new);
    let path = format!("/concerns/{}", text(&made["id"]));
    let to = json!({"to": "Công an", "on": "2026-03-01", "document_number": "12/UBND"});
    write(&cast.supervisor, &format!("{path}/refer"), &to);
    let answer = json!({"answer": told.words(), "on": "2026-03-01"});
    write(&cast.supervisor, &format!("{path}/record-answer"), &answer);
    let reason = json!({"reason": told.words()});
    write(&cast.supervisor, &format!("{path}/close"), &reason);
}
