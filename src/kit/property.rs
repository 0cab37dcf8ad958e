//! Properties: fixed edge cases first, then seeded random inputs; each failing input is shrunk.

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

/// How many random inputs each property is tested with.
pub const CASES: u32 = 256;

/// The environment variable that selects another sequence of random inputs.
pub const SEED_VARIABLE: &str = "NETKATA_SEED";

/// The default seed of the random inputs (see [`SEED_VARIABLE`]): every answer is graded on the same ones.
const SEED: u64 = 1;

/// Messages, and how the stream that carries them is cut into segments.
#[derive(Clone, Debug)]
pub struct Segmented {
    /// The messages, in order: any bytes, any sizes.
    pub messages: Vec<Vec<u8>>,
    /// What happens to each read or write, in order: how many bytes it moves, or a signal that interrupts it.
    pub cuts: Vec<PartialOp>,
}

/// Test `property` on any messages with any segmentation: edge cases first, then [`CASES`] random ones.
///
/// A failure's story shows the smallest messages and the fewest cuts that still fail.
pub fn for_any_segmentation(property: impl Fn(&Segmented)) {
    for_each_segmentation(&property);
}

fn for_each_segmentation(property: &dyn Fn(&Segmented)) {
    for_any(edges(), segmentations(), property);
}

/// Test `property` on each of `edge_cases`, then on [`CASES`] random inputs of `strategy`.
///
/// The number of cases is fixed in this code: `PROPTEST_CASES=0` changes nothing. A failure's story shows
/// the smallest failing input found, and the seed.
pub fn for_any<S>(
    edge_cases: impl IntoIterator<Item = S::Value>,
    strategy: S,
    property: impl Fn(&S::Value),
) where
    S: Strategy + 'static,
{
    edge_cases.into_iter().for_each(|case| property(&case));
    for_any_input(&inputs(strategy), &|input| {
        property(input.0.downcast_ref().expect("of the strategy"));
    });
}

/// Inputs of a strategy, for the code that is compiled once. A closure within [`for_any`] would be another
/// one for each property, and so would everything that proptest does with it.
fn inputs<S: Strategy + 'static>(strategy: S) -> BoxedStrategy<Input> {
    strategy.prop_map(|input| Input(Rc::new(input))).boxed()
}

/// An input of any type. The code that tests it is compiled once, not for every property of every answer.
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
            // Test it again, because the last input that shrinking tried need not be the smallest.
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

/// The cuts where a message breaks most often: in the header, between header and body, before the last
/// byte; and no cut, when two messages arrive together.
fn edges() -> Vec<Segmented> {
    let hello = b"hello".to_vec();
    // Longer than 255 bytes: a shorter one would come out right even if only the first header byte were used.
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
