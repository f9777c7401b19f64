package issueledger.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer of a service to bytes on a socket.
 *
 * @param status 0 if it said none
 * @param headers by their names in lower case
 * @param text all that it said
 * @param isEnded whether the service ended the connection
 */
public record RawAnswer(
        int status, Map<String, String> headers, String body, String text, boolean isEnded, Duration took) {
    private static final int PATIENCE_MILLISECONDS = 3_000;
    private static final String CONTINUE = "HTTP/1.1 100";

    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /**
     * Sends all and reads one whole answer, or until the service ends the connection or has been silent for too long.
     *
     * @param endsThere whether to say then that nothing more will come
     */
    public static RawAnswer to(int port, byte[] request, boolean endsThere) {
        boolean isHead = new String(request, 0, Math.min(request.length, 5), ISO_8859_1).equals("HEAD ");
        return to(port, request, endsThere, isHead);
    }

    /** Sends all and reads no more than the answer's head, since a stream has no end. */
    static RawAnswer headOf(int port, byte[] request) {
        return to(port, request, false, true);
    }

    private static RawAnswer to(int port, byte[] request, boolean endsThere, boolean headAlone) {
        long begin = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLISECONDS);
            Thread.startVirtualThread(() -> send(socket, request, endsThere));
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            boolean ended = false;
            try {
                InputStream in = socket.getInputStream();
                byte[] some = new byte[64 * 1024];
                while (!ended && !isWhole(read.toString(ISO_8859_1), headAlone)) {
                    int n = in.read(some);
                    ended = n < 0;
                    read.write(some, 0, Math.max(n, 0));
                }
            } catch (SocketTimeoutException e) {
                ended = false; // The answer ends here; the duration shows the time-out.
            } catch (SocketException e) {
                ended = true; // While the request was still on its way.
            }
            return answer(read.toString(ISO_8859_1), ended, Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(Socket socket, byte[] request, boolean endsThere) {
        try {
            socket.getOutputStream().write(request);
            if (endsThere) {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            // The service reads no more of the request; its answer is read in any case.
        }
    }

    /** Whether this is a head and all of the body that it announces. */
    private static boolean isWhole(String said, boolean headAlone) {
        String text = withoutContinue(said);
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/") || end < 0) {
            return false;
        }
        Map<String, String> headers = headers(text.substring(0, end));
        if (headAlone) {
            return true;
        }
        return "chunked".equals(headers.get("transfer-encoding"))
                ? text.endsWith("\r\n0\r\n\r\n")
                : text.length() >= end + 4 + Integer.parseInt(headers.getOrDefault("content-length", "0"));
    }

    private static String withoutContinue(String said) {
        return said.startsWith(CONTINUE) ? said.substring(said.indexOf("\r\n\r\n") + 4) : said;
    }

    private static Map<String, String> headers(String head) {
        Map<String, String> headers = new TreeMap<>();
        head.lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        });
        return headers;
    }

    private static RawAnswer answer(String said, boolean ended, Duration took) {
        String text = withoutContinue(said);
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/") || end < 0) {
            return new RawAnswer(0, Map.of(), "", utf8(text), ended, took);
        }
        return new RawAnswer(
                Integer.parseInt(text.substring(9, 12)),
                headers(text.substring(0, end)),
                utf8(text.substring(end + 4)),
                utf8(text),
                ended,
                took);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }
}
