package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.proof.AddCheckpoint;
import issueledger.proof.MalformedProof;
import issueledger.proof.NoteSignature;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks witnesses to cosign (C2SP tlog-witness). */
final class WitnessClient {
    static final int INCONSISTENT = 422;

    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int MAX_ANSWER = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * A witness's answer.
     *
     * @param signatures none where it refuses
     * @param size of the checkpoint that it cosigned last, where it says so
     */
    record Answer(
            int status,
            List<NoteSignature> signatures,
            @Nullable Long size) {
        /** Why it refuses. */
        String refusal() {
            return switch (status) {
                case 403 -> "it answers 403: it knows the log's name, not its key";
                case 404 -> "it answers 404: it does not know the log";
                case CONFLICT -> "it answers 409: it has cosigned size " + size;
                default -> "it answers " + status;
            };
        }
    }

    Answer add(Witness witness, AddCheckpoint request) throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(URI.create(witness.url() + "/" + AddCheckpoint.PATH))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(request.text()))
                .build();
        HttpResponse<InputStream> response;
        try {
            response = http.send(post, BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new IOException("it does not answer in time", e);
        } catch (ConnectException e) {
            throw new IOException("it cannot be reached", e);
        }
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readNBytes(MAX_ANSWER), UTF_8);
        }
        try {
            return switch (response.statusCode()) {
                case OK -> new Answer(OK, body.lines().map(NoteSignature::parse).toList(), null);
                case CONFLICT -> new Answer(CONFLICT, List.of(), Long.valueOf(body.strip()));
                default -> new Answer(response.statusCode(), List.of(), null);
            };
        } catch (MalformedProof | NumberFormatException e) {
            throw new IOException("its answer " + response.statusCode() + " cannot be read", e);
        }
    }
}
