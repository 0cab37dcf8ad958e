// cargo kata lesson 4 --program 'node lessons/04_nonblocking_polling/starters/server.js {port}'

// Answer in capitals: each piece is decoded by itself, and nobody listens for "error" and "drain".
const net = require("net");

const server = net.createServer((client) => {
  console.log("connected:", client.remotePort);
  client.on("data", (data) => {
    client.write(data.toString().toUpperCase());
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1");
