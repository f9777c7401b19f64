package issueledger.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection that asks and reads the answer to its end, and costs next to nothing itself. */
final class Connection implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final int port;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private long ledgerPosition;
    private long lastUsed;

    Connection(int port) {
        this.port = port;
    }

    /** Posts JSON and answers the position in the log that came back. */
    long post(String path, String json) throws IOException {
        send("POST", path, json);
        return ledgerPosition;
    }

    void send(String method, String path, String json) throws IOException {
        int length = json.getBytes(UTF_8).length;
        String body = json.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + length + "\r\n";
        exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + body + "\r\n" + json);
    }

    void getAt(String path, long position) throws IOException {
        exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nLedger-Min-Position: " + position + "\r\n\r\n");
    }

    private void exchange(String request) throws IOException {
        Socket open = open();
        open.getOutputStream().write(request.getBytes(UTF_8));
        String status = line();
        int length = 0;
        boolean chunked = false;
        boolean close = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).trim();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equals("chunked");
                case "connection" -> close = value.equals("close");
                case "ledger-position" -> ledgerPosition = Long.parseLong(value);
                default -> {}
            }
        }
        if (chunked) {
            for (int chunk = chunkLength(); chunk > 0; chunk = chunkLength()) {
                in.skipNBytes(chunk + 2);
            }
            line();
        } else {
            in.skipNBytes(length);
        }
        lastUsed = System.nanoTime();
        if (close) {
            close();
        }
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IOException(request.lines().findFirst().orElseThrow() + " was answered " + status);
        }
    }

    private int chunkLength() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private Socket open() throws IOException {
        // A server ends a connection that nothing came on for some time.
        if (System.nanoTime() - lastUsed > IDLE.toNanos()) {
            close();
        }
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setTcpNoDelay(true);
            open.setSoTimeout(120_000);
            in = new BufferedInputStream(open.getInputStream(), 64 * 1024);
            socket = open;
        }
        return open;
    }

    /** The next request opens it again: a server ends a connection after so many requests. */
    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
