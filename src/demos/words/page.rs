//! The words of the page for the projector, beside those of the demonstrations.

#[path = "zh/page.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The names of buttons.
    BACK = "Back";
    NEXT = "Next";
    /// In the other language, since it is for readers who do not understand this one.
    THE_OTHER_LANGUAGE = "中文";
    LIGHT_OR_DARK = "Light or dark";
    /// Where the reader is.
    position(step, steps) = "Step {step} of {steps}";
    /// How to go on.
    KEYS =
        "Next: →, Page Down or the space bar. Back: ←, Page Up. A digit goes to an act, Home to \
         the beginning.";

    /// On the page of a demonstration that is still played.
    ready(number) = "The sockets are ready for act {number}.";
    ENDED = "All acts have been played.";
    LOST = "The program that plays has ended.";
}
