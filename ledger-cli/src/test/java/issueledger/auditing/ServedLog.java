package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import issueledger.proof.EntryBundle;
import issueledger.proof.Hash;
import issueledger.proof.Nodes;
import issueledger.proof.ProofExamples;
import issueledger.proof.SignedNote;
import issueledger.proof.Tile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A log served as a query service would, which can be changed behind its clients' backs. */
final class ServedLog implements AutoCloseable {
    private final HttpServer server;
    private volatile AuditedLog log;
    private volatile SignedNote checkpoint;
    private volatile int status = 200;
    private volatile List<SignedNote> listed = List.of();

    ServedLog(AuditedLog log) throws IOException {
        this.log = log;
        checkpoint = log.checkpoint();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/tlog/", this::handle);
        server.createContext("/audit/checkpoints", this::list);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    TlogClient client() {
        return TlogClient.of(url(), null);
    }

    void serve(AuditedLog other) {
        serve(other, other.checkpoint());
    }

    void serve(AuditedLog other, SignedNote signed) {
        log = other;
        checkpoint = signed;
    }

    void answer(int with) {
        status = with;
    }

    /** Lists checkpoints, as a service that signed them. */
    void listed(List<SignedNote> signed) {
        listed = List.copyOf(signed);
    }

    private void list(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode page = new JsonMapper().createObjectNode();
            ArrayNode items = page.putArray("items");
            listed.forEach(note -> items.addObject().put("note", note.note()));
            byte[] body = page.toString().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = body(exchange.getRequestURI().getPath().substring("/tlog/".length()));
            exchange.sendResponseHeaders(body == null ? 404 : status, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private byte[] body(String path) {
        if (path.equals("checkpoint")) {
            return checkpoint.note().getBytes(UTF_8);
        }
        if (path.equals("key")) {
            return (ProofExamples.LOG.verifier() + "\nlater+00000000+/w==\n").getBytes(UTF_8);
        }
        Tile tile = Tile.parse(path).orElse(null);
        if (tile == null || !tile.isIn(log.size())) {
            return null;
        }
        if (tile.isEntries()) {
            return EntryBundle.encode(log.entries().subList((int) tile.first(), (int) tile.first() + tile.width()));
        }
        Nodes tree = log.tree();
        byte[] hashes = new byte[tile.width() * Hash.BYTES];
        for (int i = 0; i < tile.width(); i++) {
            tree.node(8 * tile.level(), tile.first() + i).copyTo(hashes, i * Hash.BYTES);
        }
        return hashes;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
