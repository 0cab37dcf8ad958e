// cargo kata lesson 3 --program 'java lessons/03_struct_header/starters/Server.java {port}'

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Prints the messages of each client: one read for the header, one for the message. */
class Server {
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        try (var server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                try (Socket client = server.accept()) {
                    System.out.println("connected: " + client.getRemoteSocketAddress());
                    printMessages(client.getInputStream());
                }
            }
        }
    }

    private static void printMessages(InputStream client) throws IOException {
        byte[] header = new byte[4];
        while (client.read(header) > 0) {
            int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
            byte[] message = new byte[length];
            int n = client.read(message);
            String text = new String(message, 0, Math.max(n, 0), StandardCharsets.UTF_8);
            System.out.println(n + " bytes: " + text);
        }
    }
}
