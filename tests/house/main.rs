//! The house rules a compiler does not keep: arrows, sizes, names, parity, the printed contracts.
//!
//! `HAI_DANG_BLESS=1` writes the generated documents anew instead of comparing them.

#[cfg(test)]
mod codes;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod source;
