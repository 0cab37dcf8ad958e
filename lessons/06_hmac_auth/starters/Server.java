// cargo kata lesson 6 --program 'java lessons/06_hmac_auth/starters/Server.java {port}' --wire chat

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Challenges each client, and chats with it in capitals: one read for the answer. */
class Server {
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        int port = Integer.parseInt(arguments[0]);
        try (var server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                try (Socket client = server.accept()) {
                    if (provesItself(client)) {
                        chat(client);
                    }
                }
            }
        }
    }

    private static boolean provesItself(Socket client)
            throws IOException, GeneralSecurityException {
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        client.getOutputStream().write(challenge);
        byte[] answer = new byte[32];
        int n = client.getInputStream().read(answer);
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec("henry".getBytes(), "HmacMD5"));
        return Arrays.equals(Arrays.copyOf(answer, Math.max(n, 0)), mac.doFinal(challenge));
    }

    private static void chat(Socket client) throws IOException {
        byte[] data = new byte[1024];
        int n;
        while ((n = client.getInputStream().read(data)) > 0) {
            for (int at = 0; at < n; at++) {
                if (data[at] >= 'a' && data[at] <= 'z') {
                    data[at] -= 32;
                }
            }
            client.getOutputStream().write(data, 0, n);
        }
    }
}
