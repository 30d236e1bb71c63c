//! Descriptive statistics.

pub mod correlation;
pub mod distributions;
pub mod kernels;
pub mod moments;
pub mod numbers;
pub mod quantiles;
pub mod series;
pub mod summary;
