//! Numbers of threads, as the command line takes them.

use std::num::NonZeroUsize;
use std::str::FromStr;
use std::thread;

/// More threads would only be in each other's way.
const MOST: usize = 1024;

/// One number of workers, or several for a comparison: `4`, `1,2,4`, `1..4`, or `1..N` up to the number of cores. Each stands
/// there once, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCounts(Vec<usize>);

impl WorkerCounts {
    /// From one to one for each core.
    pub fn up_to_all() -> WorkerCounts {
        WorkerCounts((1..=cores()).collect())
    }

    /// The number, where it is a single one.
    pub fn single(&self) -> Option<usize> {
        match self.0.as_slice() {
            [count] => Some(*count),
            _ => None,
        }
    }

    /// The numbers, the lowest first.
    pub fn all(&self) -> &[usize] {
        &self.0
    }
}

impl FromStr for WorkerCounts {
    type Err = String;

    fn from_str(text: &str) -> Result<WorkerCounts, String> {
        let mut counts = Vec::new();
        for part in text.split(',') {
            match part.split_once("..") {
                Some((first, last)) => {
                    let (first, last) = (number(first)?, number(last.strip_prefix('=').unwrap_or(last))?);
                    if first > last {
                        return Err(format!("{first} is more than {last}"));
                    }
                    counts.extend(first..=last);
                }
                None => counts.push(number(part)?),
            }
        }
        counts.sort_unstable();
        counts.dedup();
        Ok(WorkerCounts(counts))
    }
}

fn number(text: &str) -> Result<usize, String> {
    if text == "N" {
        return Ok(cores());
    }
    match text.replace('_', "").parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) if number > MOST => Err(format!("it must be at most {MOST}")),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("{error}; write it as 4, 1,2,4 or 1..4")),
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lists_and_ranges() {
        let counts = |text: &str| text.parse::<WorkerCounts>().map(|counts| counts.0);
        assert_eq!(counts("4"), Ok(vec![4]));
        assert_eq!(counts("4,1,2,2"), Ok(vec![1, 2, 4]));
        assert_eq!(counts("1..3,8"), Ok(vec![1, 2, 3, 8]));
        assert_eq!(counts("1..=2"), Ok(vec![1, 2]));
        assert_eq!(counts("1..N"), Ok((1..=cores()).collect()));
        for text in ["", "0", "-1", "many", "3..2", "1..", "1,,2", "2000"] {
            assert!(counts(text).is_err(), "{text}");
        }
        assert_eq!("4".parse::<WorkerCounts>().map(|counts| counts.single()), Ok(Some(4)));
        assert_eq!("1,2".parse::<WorkerCounts>().map(|counts| counts.single()), Ok(None));
    }
}
