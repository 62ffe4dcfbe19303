//! The service through its HTTP door, on either engine.
//!
//! `HAI_DANG_TEST_ENGINE` names the engine (`sqlite`, the default, or `postgres`);
//! `HAI_DANG_TEST_POSTGRES` is the URL of a cluster that may be filled with databases.

#[cfg(test)]
mod access;
#[cfg(test)]
mod counselling;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod legal_aid;
#[cfg(test)]
mod lengths;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod office;
#[cfg(test)]
mod parity;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod program;
#[cfg(test)]
mod report;
#[cfg(test)]
mod support;
#[cfg(test)]
mod training;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod windows;
