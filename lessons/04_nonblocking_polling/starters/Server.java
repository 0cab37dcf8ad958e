// cargo kata lesson 4 --program 'java lessons/04_nonblocking_polling/starters/Server.java {port}'

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers in capitals: the listener is polled, and the channels that it accepts block. */
class Server {
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        var server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.configureBlocking(false);
        List<SocketChannel> clients = new ArrayList<>();
        while (true) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                System.out.println("connected: " + accepted.getRemoteAddress());
                clients.add(accepted);
                continue;
            }
            for (SocketChannel client : List.copyOf(clients)) {
                ByteBuffer data = ByteBuffer.allocate(1024);
                if (client.read(data) < 0) {
                    client.close();
                    clients.remove(client);
                    continue;
                }
                String text = new String(data.array(), 0, data.position(), StandardCharsets.UTF_8);
                client.write(StandardCharsets.UTF_8.encode(text.toUpperCase()));
            }
        }
    }
}
