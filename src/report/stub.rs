use std::io::Write;
use crate::{error::Result, governance::gate::{Audience, HeldBack}, domain::filter::Filter, study::{Study, Progress}};
use super::Format;
pub enum QuoteChoice { None, Some(usize), All }
pub struct ReportOptions { pub filter: Filter, pub quotes: QuoteChoice, pub audience: Audience, pub format: Format, pub version: &'static str }
#[derive(Default)] pub struct Written { pub quotes: usize, pub held_back: HeldBack, pub themes: usize, pub warnings: Vec<String> }
pub fn summary(_: &Study, _: &ReportOptions, _: &mut dyn Write, _: &dyn Progress) -> Result<Written> { Ok(Written::default()) }
pub fn case(_: &Study, _: &str, _: &ReportOptions, _: &mut dyn Write) -> Result<Written> { Ok(Written::default()) }
pub fn theme(_: &Study, _: &str, _: &ReportOptions, _: &mut dyn Write) -> Result<Written> { Ok(Written::default()) }
pub fn codebook(_: &Study, _: &ReportOptions, _: &mut dyn Write) -> Result<Written> { Ok(Written::default()) }
pub fn debrief(_: &Study, _: &str, _: &ReportOptions, _: &mut dyn Write) -> Result<Written> { Ok(Written::default()) }
