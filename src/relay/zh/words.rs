//! The Chinese words of the relay.

netkata::words! {
    /// A part of `--cut` that is not a size.
    no_size(part) = "`{part}` 不是大小：请用从 1 开始的数字，以及 ∞ 或 rest，例如 1,3,∞";

    /// One line per event. A connection is a number, an arrow points to the server or to the client.
    listening(address, to) = "监听 {address}，转发到 {to}；Ctrl-C 结束";
    open(connection, client) = "{connection}：{client} 已连接";
    refused(connection, error) = "{connection}：无法连接服务器：{error}；客户端的连接被重置";
    segment(connection, arrow, bytes, why) = "{connection} {arrow} {bytes}，{why}";
    end(connection, arrow, bytes, by) = "{connection} {arrow} {bytes}之后流结束，由{by}结束";
    reset(connection, by) = "{connection}：被{by}重置";
    close(connection, to, from) = "{connection}：已关闭；发往服务器 {to}，来自服务器 {from}";
    dropped(bytes) = "，丢弃 {bytes}";

    /// Why a segment ends.
    CUT = "按 --cut 切开";
    REST = "剩下的全部";
    SENDER_WAITS = "发送方在等待";
    FULL = "缓冲区已满";
    ENDING = "最后一段";
    /// What a segment was held back for, if it was not the read of the one before.
    ACKNOWLEDGED = "（前一段已确认；是否读过不得而知）";
    UNKNOWN = "（本系统不显示前一段是否读过）";

    /// What ended a stream or a connection.
    CLIENT = "客户端";
    SERVER = "服务器";
    RELAY = "中继";
}
