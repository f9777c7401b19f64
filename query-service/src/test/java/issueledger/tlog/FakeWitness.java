package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import issueledger.proof.AddCheckpoint;
import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.KeySeed;
import issueledger.proof.MerkleProofs;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** A witness of one log, as C2SP tlog-witness says. */
final class FakeWitness implements AutoCloseable {
    private final SigningKey key;
    private final HttpServer server;
    final AtomicInteger requests = new AtomicInteger();
    private volatile int refusal;
    private long size;
    private Hash root = MerkleTree.EMPTY;

    FakeWitness(String name) throws IOException {
        key = SigningKey.of(name, SignatureType.COSIGNATURE, KeySeed.freshEd25519());
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/prefix/add-checkpoint", this::answer);
        server.start();
    }

    /** Its line in the configuration. */
    String line(String label) {
        return label + " " + key.verifier() + " http://127.0.0.1:"
                + server.getAddress().getPort() + "/prefix/";
    }

    SigningKey key() {
        return key;
    }

    synchronized long size() {
        return size;
    }

    /** Has cosigned another checkpoint of the log. */
    synchronized void has(long otherSize, Hash otherRoot) {
        size = otherSize;
        root = otherRoot;
    }

    /** Answers with this status from now on; 0 for as it should. */
    void refuses(int status) {
        refusal = status;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        AddCheckpoint request = AddCheckpoint.parse(exchange.getRequestBody().readAllBytes());
        Checkpoint checkpoint = Checkpoint.parse(request.checkpoint().text());
        if (refusal != 0) {
            send(exchange, refusal, "");
        } else if (request.oldSize() != size || (size == checkpoint.size() && !root.equals(checkpoint.root()))) {
            exchange.getResponseHeaders().set("Content-Type", AddCheckpoint.SIZE_TYPE);
            send(exchange, 409, size + "\n");
        } else if (!MerkleProofs.isConsistent(size, root, checkpoint.size(), checkpoint.root(), request.proof())) {
            send(exchange, 422, "");
        } else {
            size = checkpoint.size();
            root = checkpoint.root();
            SigningKey stranger = SigningKey.of("stranger", SignatureType.COSIGNATURE, KeySeed.freshEd25519());
            String text = request.checkpoint().text();
            send(
                    exchange,
                    200,
                    stranger.sign(text, Instant.now()).line()
                            + key.sign(text, Instant.now()).line());
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
