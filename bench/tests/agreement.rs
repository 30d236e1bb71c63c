//! What is compared must be the same work.

use biovm_bench::{CASES, Size};

#[test]
fn scripts_and_their_native_twins_agree() {
    for (name, make) in CASES {
        // Making a case compares the answers.
        assert_eq!(make(Size::Small).name, name);
    }
}
