//! The Chinese words of this lesson's stories.

netkata::words! {
    /// What is checked: an entry of the constant of that name.
    works_on(name) = "WORKS_ON 中的 {name}";

    /// The answer's value, or the expected one.
    layer(number) = "第 {number} 层";
    network(address, length) = "网络 {address}，长度 {length}";
    /// The expected value, and the oracle that returned it.
    so_says(what, who) = "{what}   （以 {who} 为准）";
}
