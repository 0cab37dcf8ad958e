//! The Chinese words of this lesson's stories.

netkata::words! {
    /// Follows the subject.
    HAD_BEFORE = "在下一次读取之前收到";
}
