// cargo kata lesson 6 --program 'node lessons/06_hmac_auth/starters/server.js {port}' --wire chat

// Challenge each client, and chat with it in capitals: what comes first is taken for the answer.
const crypto = require("crypto");
const net = require("net");

const server = net.createServer((client) => {
  const challenge = crypto.randomBytes(32);
  client.write(challenge);
  client.once("data", (answer) => {
    const expected = crypto.createHmac("md5", "henry").update(challenge).digest();
    if (!answer.equals(expected)) {
      client.end();
      return;
    }
    client.on("data", (data) => client.write(data.toString().toUpperCase()));
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1");
