package issueledger.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Troublesome connections: idle, sending a byte now and then, half closed, in mid-body, pipelining. */
final class Crowd implements AutoCloseable {
    private static final String HEAD = "POST /issues HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final byte[] BODY = "x".repeat(64 * 1024).getBytes(US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final int port;
    private final List<Socket> sockets = new ArrayList<>();

    Crowd(int port) {
        this.port = port;
    }

    void come(int connections) {
        for (int i = 0; i < connections; i++) {
            try {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
                sockets.add(socket);
                behave(socket, i % 5);
            } catch (IOException e) {
                continue; // Reset, as it may be.
            }
        }
    }

    private static void behave(Socket socket, int kind) throws IOException {
        switch (kind) {
            case 0 -> {} // Idle.
            case 1 -> socket.getOutputStream().write("GET /issues HTTP/1.1\r\nHost: lo".getBytes(US_ASCII));
            case 2 -> {
                socket.getOutputStream()
                        .write("GET /issues/x/allowed-commands HTTP/1.1\r\nHost: a\r\n".getBytes(US_ASCII));
                socket.shutdownOutput();
            }
            case 3 -> {
                socket.getOutputStream().write((HEAD + "Content-Length: 1048576\r\n\r\n{").getBytes(US_ASCII));
            }
            default ->
                socket.getOutputStream()
                        .write("GET /issues/x/allowed-commands HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .repeat(20)
                                .getBytes(US_ASCII));
        }
    }

    /** A byte for each, and 64 KiB for those in mid-body. */
    void sendMore() {
        for (int i = 0; i < sockets.size(); i++) {
            try {
                sockets.get(i).setSoTimeout(1);
                sockets.get(i).getOutputStream().write(i % 5 == 3 ? BODY : new byte[] {'x'});
            } catch (IOException e) {
                continue; // It was closed, as it may be.
            }
        }
    }

    /** Whether liveness is answered, on a connection that the service keeps. */
    boolean healthOnAnyConnection() {
        return get("/actuator/health/liveness").startsWith("HTTP/1.1 200");
    }

    /** Tries again while the reserve is full as well. */
    private String get(String path) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(2_000);
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
                if (answer.startsWith("HTTP/1.1 200")) {
                    return answer;
                }
            } catch (IOException e) {
                continue; // Refused, reset or too slow.
            }
        }
        return "";
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                continue; // It is gone already.
            }
        }
        sockets.clear();
    }
}
