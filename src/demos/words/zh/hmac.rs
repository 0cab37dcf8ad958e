//! The Chinese words of `demo hmac`.
//!
//! The letters C, R, W, S, O, P and X stand before the bytes that they name.

netkata::words! {
    /// What is shown.
    SUBJECT = "HMAC：在真实的 TCP 连接上证明自己知道密钥，却不发送密钥。";
    /// How to read it; the values are bytes, as they are shown.
    legend(word, answer) =
        "字节写在一个字母后面，如 {word}；每次运行都不同的字节，只写出有多少，如 {answer}。";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    A_CLIENT_THAT_KNOWS_THE_KEY = "知道密钥的客户端";
    A_CHALLENGE_IS_ANSWERED =
        "服务器发送挑战 C，32 个随机字节；客户端用应答 R 回复，即用密钥对它们算出的 HMAC-MD5。";
    THE_KEY = "密钥正确";
    ANOTHER_KEY = "密钥不对";
    THE_KEY_IS_IN_NEITHER =
        "旁听者看得到挑战和应答，但密钥不在其中。没有密钥，应答就是错的。";

    REPLAY = "重放";
    A_THIEF_SENDS_R_AGAIN =
        "窃贼录下了诚实客户端的应答 R。他没有密钥，就把 R 再发一遍。";
    THE_SAME_CHALLENGE_EVERY_TIME = "每次都发送同一个挑战的服务器";
    THE_NAIVE_SERVER_IS_FRESH = "讲义里的服务器，每次的挑战都是新的";
    THE_REPAIRED_SERVER_IS_FRESH = "改正后的服务器，每次的挑战都是新的";
    AN_ANSWER_FOR_ITS_OWN_CHALLENGE =
        "应答只对它自己的挑战有效。服务器只要从不重复挑战，录下来的应答就毫无用处。";

    AN_ANSWER_WITH_A_WORD_BEHIND_IT = "应答后面紧跟着一个词";
    BOTH_IN_ONE_WRITE = "知道密钥的客户端，用一次写入发出应答 R 和词 W。";
    THE_NAIVE_SERVER_WITH_RECV = "讲义里的服务器，用 recv(32)";
    THE_REPAIRED_SERVER_WITH_READ_EXACT = "改正后的服务器，用 read_exact";
    NOT_ONE_BYTE_MORE =
        "讲义里的服务器不管一次读取返回多少，都拿去比较，结果拒绝了知道密钥的客户端。\
         改正后的服务器恰好读完应答，一个字节也不多读：后面的内容留在流里。";

    A_SIGNATURE_EXTENDED = "伪造：把签名延长";
    A_THIEF_ADDS_X =
        "服务器公开订单 O 和它的签名 S。窃贼在订单的填充 P 后面加上 X，再由 S 算出新的签名，用不着密钥。";
    S_IS_SHA_1 = "S 是 SHA-1(密钥 + 订单)，讲义里的程序这样签名";
    S_IS_HMAC = "S 是 HMAC-SHA-256，改正后的程序这样签名";
    A_DIGEST_IS_A_STATE =
        "摘要就是散列函数停下时的状态，拿到它就能接着算下去。HMAC 散列两次，每次都把密钥放在最前面，\
         内部的状态从不公开。";

    /// Bytes that are not shown; their number stands before it.
    RANDOM_BYTES = "个随机字节";
    BYTES_ALWAYS_THE_SAME = "个字节，每次都一样";
    BYTES_OF_HMAC_MD5 = "字节的 HMAC-MD5";
    BYTES_OF_PADDING = "字节的填充";

    /// Notes of the server, or of the thief, which is the client.
    ACCEPTED = "接受：它知道密钥";
    ACCEPTED_A_THIEF = "接受：放进了窃贼";
    VERIFIED = "verify：true；接受：订单是伪造的";
    NOT_VERIFIED = "verify：false；被拒绝";
    EXTENDS_IT = "延长签名，假定密钥有 7 字节";

    /// Errors of a demonstration that cannot continue.
    AN_HONEST_CLIENT_WAS_REFUSED = "诚实的客户端被拒绝了";
    NO_DIGEST_IN_HEX = "签名不是十六进制的摘要";
}
