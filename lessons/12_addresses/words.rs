//! The words of this lesson's stories.

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is checked: an entry of the constant of that name.
    works_on(name) = "WORKS_ON, for {name}";

    /// The answer's value, or the expected one.
    layer(number) = "layer {number}";
    network(address, length) = "network {address}, length {length}";
    /// The expected value, and the oracle that returned it.
    so_says(what, who) = "{what}   (according to {who})";
}
