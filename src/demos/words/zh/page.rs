//! The Chinese words of the page for the projector, beside those of the demonstrations.

netkata::words! {
    /// The names of buttons.
    BACK = "后退";
    NEXT = "前进";
    /// In the other language, since it is for readers who do not understand this one.
    THE_OTHER_LANGUAGE = "English";
    LIGHT_OR_DARK = "浅色或深色";
    /// Where the reader is.
    position(step, steps) = "第 {step} 步，共 {steps} 步";
    /// How to go on.
    KEYS =
        "前进：→、Page Down 或空格键。后退：←、Page Up。按数字键到那一幕，按 Home 回到开头。";

    /// On the page of a demonstration that is still played.
    ready(number) = "套接字已就绪，可以开始第 {number} 幕。";
    ENDED = "各幕都已演完。";
    LOST = "演示程序已经结束。";
}
