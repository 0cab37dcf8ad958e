//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The text of an error that the stream itself reports.
    THE_STREAMS_OWN_ERROR = "流自己的错误";

    /// What the test calls.
    PUSH_AND_NEXT_MESSAGE = "push，再调用 next_message 直到没有消息，反复 201 次";
    /// What is pushed.
    THE_PEER_SENDS_300_MESSAGES = "对端发送 300 条 1000 字节的消息，每 1500 字节一块";
    messages(number) = "{number} 条消息，与发送的一致";
}
