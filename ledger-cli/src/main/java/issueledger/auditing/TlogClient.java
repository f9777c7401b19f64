package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.proof.EntryBundle;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignedNote;
import issueledger.proof.Tile;
import issueledger.proof.Tiles;
import issueledger.proof.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads a log that is served as C2SP tlog-tiles says. It trusts nothing that it reads. */
public final class TlogClient implements Tiles {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 64 * 1024 * Tile.FULL;
    private static final String TLOG = "/tlog";
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI prefix;
    private final @Nullable String token;

    private TlogClient(URI prefix, @Nullable String token) {
        this.prefix = prefix;
        this.token = token;
    }

    public static boolean isUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    /**
     * A client of a log.
     *
     * @param url the log's prefix, or the query service's address, whose log is at {@code /tlog}
     * @param token a bearer token; null without
     */
    public static TlogClient of(String url, @Nullable String token) {
        try {
            URI uri = new URI(url.replaceAll("/+$", ""));
            if (!isUrl(url) || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
                throw new UnreadableInput(url + " is no http or https address without query");
            }
            return new TlogClient(uri.getPath().isEmpty() ? URI.create(uri + TLOG) : uri, token);
        } catch (URISyntaxException e) {
            throw new UnreadableInput(url + " is no address: " + e.getMessage(), e);
        }
    }

    public URI prefix() {
        return prefix;
    }

    public SignedNote checkpoint() {
        try {
            return SignedNote.parse(need("checkpoint"));
        } catch (MalformedProof e) {
            throw new UnreadableInput(prefix + "/checkpoint is no checkpoint: " + e.getMessage(), e);
        }
    }

    /** The signed checkpoints that the query service still lists; empty where the log is served by something else. */
    List<SignedNote> listed() {
        String base = prefix.toString();
        if (!base.endsWith(TLOG)) {
            return List.of();
        }
        URI list = URI.create(base.substring(0, base.length() - TLOG.length()) + "/audit/checkpoints?limit=1000");
        List<SignedNote> notes = new ArrayList<>();
        try {
            byte[] page = ask(list).orElse(new byte[0]);
            AuditJson.MAPPER
                    .readTree(page)
                    .path("items")
                    .forEach(
                            item -> notes.add(SignedNote.parse(item.path("note").stringValue(""))));
        } catch (JacksonException e) {
            throw new UnreadableInput(list + " is no list of checkpoints", e);
        }
        return notes;
    }

    /** The keys that the service names as its own. */
    List<VerifierKey> keys() {
        List<VerifierKey> keys = new ArrayList<>();
        for (String line : new String(need("key"), UTF_8).split("\n")) {
            if (!line.isBlank()) {
                try {
                    keys.add(VerifierKey.parse(line.strip()));
                } catch (MalformedProof e) {
                    // A key of a later type; a verifier skips it.
                }
            }
        }
        return keys;
    }

    /** A partial tile is cut from the full one where it is no longer served. */
    @Override
    public byte[] read(Tile tile) {
        byte[] hashes = get(tile.path()).orElse(null);
        if (hashes == null && !tile.isFull()) {
            byte[] full = need(tile.full().path());
            hashes = Arrays.copyOf(full, Math.min(full.length, tile.width() * Hash.BYTES));
        }
        if (hashes == null || hashes.length != tile.width() * Hash.BYTES) {
            throw new UnreadableInput(prefix + "/" + tile.path() + " is not a tile of " + tile.width() + " hashes");
        }
        return hashes;
    }

    /** The entry of a leaf, if it is served and is the one that the leaf's hash is of. */
    Optional<byte[]> entry(long index, long size) {
        try {
            long number = index / Tile.FULL;
            int place = (int) (index % Tile.FULL);
            Hash leaf = Hash.of(read(Tile.inTree(0, number, size)), place * Hash.BYTES);
            List<byte[]> entries = EntryBundle.decode(
                    need(Tile.inTree(Tile.ENTRIES, number, size).path()));
            return place < entries.size() && MerkleTree.leaf(entries.get(place)).equals(leaf)
                    ? Optional.of(entries.get(place))
                    : Optional.empty();
        } catch (UnreadableInput | MalformedProof e) {
            return Optional.empty();
        }
    }

    private byte[] need(String path) {
        return get(path).orElseThrow(() -> new UnreadableInput(prefix + "/" + path + " is not there (404)"));
    }

    private Optional<byte[]> get(String path) {
        return ask(URI.create(prefix + "/" + path));
    }

    private Optional<byte[]> ask(URI address) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(PATIENCE).header("Cache-Control", "no-cache");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == NOT_FOUND) {
                    return Optional.empty();
                }
                if (response.statusCode() != OK) {
                    throw new UnreadableInput(address + " answers " + response.statusCode()
                            + (response.statusCode() == 401 ? ": give a token (--token)" : ""));
                }
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new UnreadableInput(address + " is too long");
                }
                return Optional.of(bytes);
            }
        } catch (IOException e) {
            throw new UnreadableInput(
                    prefix + " cannot be reached: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreadableInput("interrupted", e);
        }
    }
}
