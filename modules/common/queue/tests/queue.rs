// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The queue against the one of the standard library, under random operations.
use std::collections::VecDeque;

use proptest::prelude::*;
use queue::Queue;

#[derive(Clone, Debug)]
enum Step {
    Push(Vec<u8>),
    Read(usize, usize),
    Skip(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12).prop_map(Step::Push),
        (0usize..12, 0usize..12).prop_map(|(from, count)| Step::Read(from, count)),
        (0usize..12).prop_map(Step::Skip),
    ]
}

proptest! {
    #[test]
    fn bytes_come_out_as_they_went_in(capacity in 0usize..17, steps in prop::collection::vec(step(), 0..60)) {
        let mut memory = vec![0; capacity];
        let (mut queue, mut model) = (Queue::new(), VecDeque::new());
        for step in steps {
            match step {
                Step::Push(bytes) => {
                    let room = model.len() + bytes.len() <= capacity;
                    prop_assert_eq!(queue.push(&mut memory, &bytes).is_some(), room);
                    if room {
                        model.extend(bytes);
                    }
                }
                Step::Read(from, count) => {
                    let mut to = vec![0; count];
                    let expected: Vec<u8> = model.iter().skip(from).take(count).copied().collect();
                    let read = queue.read(&memory, from, &mut to);
                    prop_assert_eq!(&to[..read], &expected[..]);
                }
                Step::Skip(count) => {
                    queue.skip(&memory, count);
                    model.drain(..count.min(model.len()));
                }
            }
            prop_assert_eq!(queue.len(), model.len());
            prop_assert_eq!(queue.is_empty(), model.is_empty());
        }
    }
}
