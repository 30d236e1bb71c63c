//! What things cost that a profile cannot show, because they did not happen.
//!
//! The figures were measured with the optimised command, by the difference between two scripts that do the same with and
//! without it (`bench/README.md` has the pairs), but for those that say that they are assumed. They are rough, and advice
//! stays away from where they decide: a suggestion needs a gain of [`WORTH_SAYING`].

use std::time::Duration;

/// What an item costs in `par_map` beyond what its function does: a call, random numbers of its own, its place in the result.
/// `range(0, 3000000) |> par_map(|n| n * 2)`, CPU of all threads.
pub const CALL_IN_POOL: Duration = Duration::from_nanos(55);

/// The same where `map` calls its function too, because it is no part of the loop around it.
pub const CALL_IN_POOL_MORE: Duration = Duration::from_nanos(15);

/// What it takes until further threads are at work, and until the last one has ended, a run. Assumed.
pub const START_OF_THREADS: Duration = Duration::from_micros(150);

/// What a further core does of the work of the first: they share caches, memory and allocator. Assumed.
pub const FURTHER_CORE: f64 = 0.92;

/// Looking a value up in a Set or Map.
pub const LOOK_UP: Duration = Duration::from_nanos(30);

/// Putting one into it.
pub const PUT_IN: Duration = Duration::from_nanos(120);

/// Appending an item in place.
pub const APPEND: Duration = Duration::from_nanos(10);

/// Copying an item of a List into a new one, where a List is made of parts (`[...xs, x]`).
pub const COPY_ITEM: Duration = Duration::from_nanos(15);

/// The same with an entry of a record (`{...record, key: x}`).
pub const COPY_ENTRY: Duration = Duration::from_nanos(54);

/// What an item costs in a loop that `map` or `filter` have become, beyond the work of the lambda.
pub const ROUND: Duration = Duration::from_nanos(14);

/// Reading from a variable what else would be computed again. Assumed.
pub const READ_VARIABLE: Duration = Duration::from_nanos(5);

/// Starting an async function and coming back to it.
pub const TASK: Duration = Duration::from_micros(2);

/// The part of the time of an ordinary instruction that is due to profiling, where it cannot be measured: half in a build that is
/// optimised as a whole, a third in others. Builtins take as long as without it.
pub const PROFILING: f64 = 0.5;

/// At most this part of a profiled run is due to profiling.
pub const MOST_PROFILING: f64 = 0.6;

/// What a script holds that streams reads, with the whole process: at most three batches of letters and their records.
pub const MEMORY_OF_STREAM: u64 = 11 << 20;

/// What an item of a List holds: the value of 16 bytes, and room to grow.
pub const MEMORY_OF_ITEM: u64 = 24;

/// Below this the whole run is too short to matter.
pub const TOO_SHORT: Duration = Duration::from_millis(100);

/// A suggestion has to make the run faster by so much.
pub const WORTH_SAYING: f64 = 1.1;

/// And has to save so much of it.
pub const WORTH_SAVING: Duration = Duration::from_millis(20);

/// A count, to multiply or divide times by.
pub fn times(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
