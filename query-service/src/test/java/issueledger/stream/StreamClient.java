package issueledger.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of the stream on a socket of its own. It speaks HTTP/1.0, whose answers have no chunks. */
final class StreamClient implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final String status;
    private final List<String> headers = new ArrayList<>();

    /** An event, or a comment with null for its id. */
    record Message(@Nullable String id, String text) {
        long position() {
            return id == null ? -1 : Long.parseLong(id);
        }
    }

    StreamClient(int port, String query, String... headers) throws IOException {
        this(port, 64 * 1024, query, headers);
    }

    /** @param buffer bytes that the client's system takes before the client does */
    StreamClient(int port, int buffer, String query, String... headers) throws IOException {
        socket.setReceiveBufferSize(buffer);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        StringBuilder request = new StringBuilder("GET /events/stream" + query + " HTTP/1.0\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(UTF_8));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), 1024);
        status = in.readLine();
        for (String header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
            this.headers.add(header);
        }
    }

    String status() {
        return status;
    }

    List<String> headers() {
        return headers;
    }

    /** The next event or comment; null at the end of the stream. */
    @Nullable
    Message next() throws IOException {
        String id = null;
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                return new Message(id, text.toString());
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                text.append(line.substring(6));
            } else if (!line.startsWith(":")) {
                throw new IOException("not a line of the stream: " + line);
            }
        }
        return null;
    }

    /** The next event, passing comments over; null at the end of the stream. */
    @Nullable
    Message event() throws IOException {
        Message next = next();
        while (next != null && next.id() == null) {
            next = next();
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
