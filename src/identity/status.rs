//! Where an account stands.

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where an account stands.
    pub enum UserStatus {
        /// Asked to set a password, and has not.
        Invited = "invited",
        /// May log in once its address is verified.
        Active = "active",
        /// May not log in.
        Disabled = "disabled",
    }
}
