//! Properties: fixed edge cases first, then seeded random ones, each failure shrunk to the smallest.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;

use partial_io::PartialOp;
use partial_io::proptest_types::{interrupted_strategy, partial_op_strategy};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use crate::scene::fail;
use crate::story::{Row, Story};
use crate::words;

/// How many random inputs a property is tried on.
pub const CASES: u32 = 256;

/// The environment variable that chooses another sequence of random inputs.
pub const SEED_VARIABLE: &str = "NETKATA_SEED";

/// What the random inputs follow from, unless [`SEED_VARIABLE`] says otherwise: everybody is graded
/// on the same ones.
const SEED: u64 = 1;

/// Messages, and how the stream that carries them is cut into segments.
#[derive(Clone, Debug)]
pub struct Segmented {
    /// The messages, in order: any bytes, any sizes.
    pub messages: Vec<Vec<u8>>,
    /// What happens to each read, or write, in turn: how far it gets, or a signal that interrupts it.
    pub cuts: Vec<PartialOp>,
}

/// Try `property` on any messages over any segmentation: the edges first, then [`CASES`] random ones.
///
/// The story of a failure is that of the smallest messages and the fewest cuts that still fail.
pub fn for_any_segmentation(property: impl Fn(&Segmented)) {
    for_any(edges(), segmentations(), property);
}

/// Try `property` on each of `edge_cases`, then on [`CASES`] random inputs of `strategy`.
///
/// The number of cases stands in this code and is read from nowhere else: `PROPTEST_CASES=0` changes
/// nothing. The story of a failure is that of the smallest input found that fails, with the seed.
pub fn for_any<S>(
    edge_cases: impl IntoIterator<Item = S::Value>,
    strategy: S,
    property: impl Fn(&S::Value),
) where
    S: Strategy + 'static,
{
    edge_cases.into_iter().for_each(|case| property(&case));
    let inputs = strategy.prop_map(|input| Input(Rc::new(input))).boxed();
    for_any_input(&inputs, &|input| property(input.0.downcast_ref().expect("of the strategy")));
}

/// An input of whatever type: what tries them is compiled once, and not for every property of every answer.
#[derive(Clone, Debug)]
struct Input(Rc<dyn Any>);

fn for_any_input(inputs: &BoxedStrategy<Input>, property: &dyn Fn(&Input)) {
    let seed = seed();
    let tried = Cell::new(0);
    let failed: RefCell<Option<Box<dyn Any + Send>>> = RefCell::new(None);
    let result = TestRunner::new(config(seed)).run(inputs, |case| {
        if failed.borrow().is_none() {
            tried.set(tried.get() + 1);
        }
        panic::catch_unwind(AssertUnwindSafe(|| property(&case))).map_err(|payload| {
            *failed.borrow_mut() = Some(payload);
            TestCaseError::fail(r"the property does not hold")
        })
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(_, smallest)) => {
            // Once more, since the input that shrinking tried last need not be the smallest.
            let again = panic::catch_unwind(AssertUnwindSafe(|| property(&smallest))).err();
            let payload = again.or_else(|| failed.take()).expect("a failure has a payload");
            match payload.downcast::<Story>() {
                Ok(story) => fail(with_seed(*story, tried.get(), seed)),
                Err(payload) => panic::resume_unwind(payload),
            }
        }
        Err(TestError::Abort(reason)) => panic!("failed to make random inputs: {reason}"),
    }
}

/// Where a message most often breaks: in the header, between header and body, at the last byte,
/// and not at all, when two come at once.
fn edges() -> Vec<Segmented> {
    let hello = b"hello".to_vec();
    // Longer than 255 bytes: a header that lost all but its first byte would still be right below.
    let long: Vec<u8> = (0..300_u16).map(|n| b'a' + (n % 26) as u8).collect();
    let cut = |messages: &[&Vec<u8>], sizes: &[usize]| Segmented {
        messages: messages.iter().map(|message| message.to_vec()).collect(),
        cuts: sizes.iter().copied().map(PartialOp::Limited).collect(),
    };
    vec![
        cut(&[&hello], &[]),
        cut(&[&hello], &[4, 5]),
        cut(&[&hello], &[4, 1, 4]),
        cut(&[&hello], &[5, 1, 3]),
        cut(&[&long], &[1, 303]),
        cut(&[&long], &[2, 2, 300]),
        cut(&[&long], &[3, 301]),
        cut(&[&hello], &[1; 9]),
        cut(&[&hello, &long], &[]),
        cut(&[&hello, &hello, &long], &[11, 3]),
        cut(&[&Vec::new(), &hello], &[]),
    ]
}

fn segmentations() -> BoxedStrategy<Segmented> {
    let messages = vec(vec(any::<u8>(), 0..400), 1..4);
    let cuts = vec(partial_op_strategy(interrupted_strategy(), 300), 0..32);
    (messages, cuts).prop_map(|(messages, cuts)| Segmented { messages, cuts }).boxed()
}

fn config(seed: u64) -> Config {
    Config {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        max_shrink_iters: 4096,
        max_shrink_time: 0,
        verbose: 0,
        ..Config::default()
    }
}

fn with_seed(mut story: Story, case: u32, seed: u64) -> Story {
    let text = words::number_of(case, CASES, SEED_VARIABLE, seed);
    story.rows.push(Row::new(words::RANDOM_INPUT, text));
    story
}

fn seed() -> u64 {
    std::env::var(SEED_VARIABLE).ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED)
}
