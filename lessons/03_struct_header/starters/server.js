// cargo kata lesson 3 --program 'node lessons/03_struct_header/starters/server.js {port}'

// Print the messages of each client: what one "data" event brings is taken for one message.
const net = require("net");

const server = net.createServer((client) => {
  console.log("connected:", client.remotePort);
  client.on("data", (data) => {
    const length = data.readInt32LE(0);
    const message = data.subarray(4, 4 + length);
    console.log(length, "bytes:", message.toString());
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1");
