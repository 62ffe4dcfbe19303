//! People: accounts, logins, tokens.

mod smoke;
