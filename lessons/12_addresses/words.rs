//! The words of this lesson's stories.

netkata::words! {
    /// What is asked about: the constant of that name, and an entry of it.
    works_on(name) = "WORKS_ON, of {name}";

    /// What the answer says, or has to say.
    layer(number) = "layer {number}";
    network(address, length) = "network {address}, length {length}";
    /// Behind what has to come: who says so.
    so_says(what, who) = "{what}   (so says {who})";
}
