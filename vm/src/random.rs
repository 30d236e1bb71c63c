//! Random numbers that can be had again: from the same seed the same numbers, whatever runs at the same time.
//!
//! The generator is Philox 4x64-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"): it encrypts a counter,
//! so a place in the sequence costs nothing to reach. Work that runs in parallel gets a generator for each item, whose key
//! is made of the key of the caller, the number of the call and the number of the item.

use std::hash::{BuildHasher, RandomState};

/// Counters whose second word is this give random numbers.
const NUMBERS: u64 = 0;
/// Counters whose second word is this give the keys of other generators.
const KEYS: u64 = 1;

/// A sequence of random numbers.
#[derive(Clone, Debug)]
pub struct Generator {
    key: [u64; 2],
    /// The number of the next block.
    next_block: u64,
    /// How often others have been made from this one.
    calls: u64,
    block: [u64; 4],
    /// So many numbers of the block have not been given out.
    rest: usize,
}

impl Generator {
    /// The sequence of a seed.
    pub fn from_seed(seed: i64) -> Generator {
        Generator::with_key([seed as u64, 0])
    }

    /// A sequence that nobody can foresee.
    pub fn from_system() -> Generator {
        // The keys of hash tables are random numbers of the system, and the one way to these in the standard library.
        let state = RandomState::new();
        Generator::with_key([state.hash_one(0), state.hash_one(1)])
    }

    fn with_key(key: [u64; 2]) -> Generator {
        Generator { key, next_block: 0, calls: 0, block: [0; 4], rest: 0 }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        if self.rest == 0 {
            self.block = philox(self.key, [self.next_block, NUMBERS, 0, 0]);
            self.next_block += 1;
            self.rest = self.block.len();
        }
        let number = self.block[self.block.len() - self.rest];
        self.rest -= 1;
        number
    }

    /// A number from 0 up to, and without, 1.
    pub fn fraction(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.bits() >> 11) as f64 * STEP
    }

    /// A whole number below the limit, each as likely as any other; 0 where the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // Lemire's method: the upper half of a product. Where the lower half says that some numbers would come more
        // often than others, it draws again.
        let surplus = if limit == 0 { 0 } else { limit.wrapping_neg() % limit };
        loop {
            let product = u128::from(self.bits()) * u128::from(limit);
            if product as u64 >= surplus {
                return (product >> 64) as u64;
            }
        }
    }

    /// What the items of one parallel call draw from.
    pub fn branch(&mut self) -> Branch {
        self.calls += 1;
        Branch { key: self.key, call: self.calls }
    }
}

/// A family of generators, one for each item of a parallel call.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    key: [u64; 2],
    call: u64,
}

impl Branch {
    /// The generator of an item.
    pub fn item(&self, number: usize) -> Generator {
        let [first, second, ..] = philox(self.key, [number as u64, KEYS, self.call, 0]);
        Generator::with_key([first, second])
    }
}

/// Ten rounds of Philox over a counter.
fn philox(mut key: [u64; 2], mut counter: [u64; 4]) -> [u64; 4] {
    const ROUNDS: usize = 10;
    const FACTORS: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
    const STEPS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
    for _ in 0..ROUNDS {
        let first = u128::from(FACTORS[0]) * u128::from(counter[0]);
        let second = u128::from(FACTORS[1]) * u128::from(counter[2]);
        let high = |product: u128| (product >> 64) as u64;
        counter = [
            high(second) ^ counter[1] ^ key[0],
            second as u64,
            high(first) ^ counter[3] ^ key[1],
            first as u64,
        ];
        key = [key[0].wrapping_add(STEPS[0]), key[1].wrapping_add(STEPS[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_numbers() {
        // The test vectors that its authors publish with their library.
        assert_eq!(
            philox([0; 2], [0; 4]),
            [0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b]
        );
        assert_eq!(
            philox([u64::MAX; 2], [u64::MAX; 4]),
            [0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0]
        );
    }

    #[test]
    fn numbers_below_a_limit_are_equally_likely() {
        let mut generator = Generator::from_seed(7);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[generator.below(6) as usize] += 1;
        }
        // Five standard deviations around 10,000.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 460), "{counts:?}");
        assert_eq!((generator.below(1), generator.below(0)), (0, 0));
        // With a limit of three quarters of all numbers, a product without rejection would double a third of them.
        let limit = 3 << 62;
        let low = (0..30_000).filter(|_| generator.below(limit) < limit / 3).count();
        assert!(low.abs_diff(10_000) < 410, "{low}");
    }

    #[test]
    fn branches_differ_by_call_and_item_and_do_not_touch_the_caller() {
        let mut generator = Generator::from_seed(1);
        let mut alone = Generator::from_seed(1);
        let (first, second) = (generator.branch(), generator.branch());
        assert_eq!(generator.bits(), alone.bits());
        let mut seen = vec![generator.bits()];
        for branch in [first, second] {
            for item in 0..2 {
                let mut numbers = branch.item(item);
                seen.extend([numbers.bits(), numbers.branch().item(item).bits()]);
                assert_eq!(branch.item(item).bits(), branch.item(item).bits());
            }
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
