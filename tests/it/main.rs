//! The suite: caulk as a program on trees made for the purpose, and as a library on texts made for the purpose.
//!
//! No file here holds anything that looks like a secret: values are expanded from templates when a test runs.

mod action;
mod audit_history;
mod catalogue;
mod check;
mod check_rows;
mod check_systems;
mod chunks;
mod cli_rules;
mod cli_scan;
mod cli_usage;
mod completions;
mod config;
mod determinism;
mod docs;
mod environment;
mod exceptions;
mod explain;
mod focus;
mod hints;
mod history_attribution;
mod history_cache;
mod history_exact;
mod history_forged;
mod history_incomplete;
mod history_leftovers;
mod history_places;
mod history_ranges;
mod history_report;
mod history_trace;
mod hooks;
mod hooks_push;
mod ignore_file;
mod init;
mod layers;
mod masking;
mod mutations;
mod names;
mod packaging;
mod positions;
mod report_files;
mod report_formats;
mod report_gitlab;
mod report_html;
mod report_junit;
mod rules;
mod sarif;
mod staged;
mod support;
#[path = "../../fixtures/systems.rs"]
mod systems;
mod walk;
mod walk_git;
mod walk_hostile;
mod winners;
