package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import issueledger.auditing.Witness.Reply;
import issueledger.proof.AddCheckpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves a witness over HTTP; submission prefix and monitoring prefix are both its root. */
public final class WitnessServer implements AutoCloseable {
    private static final int MAX_BODY = 64 * 1024;
    private static final Pattern LATEST = Pattern.compile("/([0-9a-f]{64})/checkpoint");
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Witness witness;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private WitnessServer(Witness witness, HttpServer server) {
        this.witness = witness;
        this.server = server;
    }

    /** Listens until it is closed. */
    public static WitnessServer start(Witness witness, InetSocketAddress address) throws IOException {
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty(
                    "sun.net.httpserver.maxReqTime", "20"); // Seconds in which a client must have sent its request.
        }
        WitnessServer started = new WitnessServer(witness, HttpServer.create(address, 0));
        started.server.setExecutor(started.threads);
        started.server.createContext("/", started::handle);
        started.server.start();
        return started;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = reply.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/" + AddCheckpoint.PATH)) {
            if (!method.equals("POST")) {
                return new Reply(405, TEXT, "POST it\n");
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            return body.length > MAX_BODY
                    ? new Reply(413, TEXT, "the request is longer than " + MAX_BODY + " bytes\n")
                    : answered(() -> witness.add(body));
        }
        Matcher latest = LATEST.matcher(path);
        if (latest.matches() && method.equals("GET")) {
            return answered(() -> witness.latest(latest.group(1)));
        }
        return new Reply(404, TEXT, "there are POST /add-checkpoint and GET /<SHA-256 of an origin>/checkpoint\n");
    }

    private interface Asked {
        Reply reply() throws IOException;
    }

    /** The client reads a status, the operator the reason. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private static Reply answered(Asked asked) {
        try {
            return asked.reply();
        } catch (IOException | RuntimeException e) {
            System.err.println("The witness could not answer: " + e);
            return new Reply(500, TEXT, "the witness cannot read or write its files\n");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
