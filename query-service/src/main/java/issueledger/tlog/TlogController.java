package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.proof.EntryBundle;
import issueledger.proof.Tile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The transparency log as C2SP tlog-tiles says, its key, its kept checkpoints and its witnesses. */
@RestController
public class TlogController {
    public static final int MAX_CHECKPOINTS = 1_000;
    public static final int DEFAULT_CHECKPOINTS = 100;

    private static final MediaType TEXT = new MediaType("text", "plain", UTF_8);
    private static final Duration CHECKPOINT_AGE = Duration.ofSeconds(1);
    private static final String GZIP = "gzip";

    /** Named, and not with a quality of 0. */
    private static final Pattern GZIP_TAKEN =
            Pattern.compile("(?i)(^|,)\\s*gzip\\s*(;\\s*q=(?!0(\\.0*)?\\s*(,|$))[0-9.]+\\s*)?(,|$)");

    private static final Duration TILE_AGE = Duration.ofDays(365);

    private final EventLog log;
    private final CheckpointStore store;
    private final CheckpointSigner signer;
    private final LogKeys keys;
    private final Prover prover;
    private final Witnesses witnesses;
    private final boolean isPublic;

    TlogController(
            EventLog log,
            CheckpointStore store,
            CheckpointSigner signer,
            LogKeys keys,
            Prover prover,
            Witnesses witnesses,
            @Value("${issue-ledger.tlog-public}") boolean isPublic) {
        this.log = log;
        this.store = store;
        this.signer = signer;
        this.keys = keys;
        this.prover = prover;
        this.witnesses = witnesses;
        this.isPublic = isPublic;
    }

    /**
     * A signed checkpoint that was kept.
     *
     * @param size the number of events that it stands for
     * @param hash the root of their tree, in lower-case hex
     * @param at when it was signed
     * @param note the signed note, with its cosignatures
     */
    record CheckpointItem(long size, String hash, Instant at, String note) {}

    /** The last signed checkpoint, with the cosignatures so far. */
    @GetMapping(path = "/tlog/checkpoint", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> checkpoint() {
        SignedCheckpoint last = store.last()
                .orElseThrow(() -> Problem.notFound(
                        keys.canSign()
                                ? "No checkpoint is signed yet."
                                : "No checkpoint is signed here: the ledger has no signing key."));
        return answer(TEXT, CacheControl.maxAge(CHECKPOINT_AGE), last.note().getBytes(UTF_8));
    }

    /** The key that checkpoints are signed with; of this process, or of the one that signed the last. */
    @GetMapping(path = "/tlog/key", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> key() {
        String text = keys.canSign()
                ? keys.text()
                : store.last()
                        .map(SignedCheckpoint::keys)
                        .orElseThrow(() -> Problem.notFound("The ledger has no signing key."));
        return answer(TEXT, CacheControl.maxAge(CHECKPOINT_AGE), text.getBytes(UTF_8));
    }

    /** A tile of hashes or a bundle of entries, full or partial, that a signed checkpoint of some size needs. */
    @GetMapping(path = "/tlog/tile/{level}/{*index}", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    ResponseEntity<byte[]> tile(
            @PathVariable String level,
            @PathVariable String index,
            @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) @Nullable String encodings) {
        long signed = store.last().map(SignedCheckpoint::size).orElse(0L);
        Tile tile = Tile.parse("tile/" + level + index)
                .filter(one -> one.isIn(signed))
                .orElseThrow(() -> Problem.notFound("No signed checkpoint needs such a tile."));
        CacheControl caching =
                signer.contradiction() == null ? CacheControl.maxAge(TILE_AGE).immutable() : CacheControl.noStore();
        if (!tile.isEntries()) {
            return answer(MediaType.APPLICATION_OCTET_STREAM, caching, hashes(tile));
        }
        ResponseEntity.BodyBuilder entries =
                ok(MediaType.APPLICATION_OCTET_STREAM, caching).varyBy(HttpHeaders.ACCEPT_ENCODING);
        return takesGzip(encodings)
                ? entries.header(HttpHeaders.CONTENT_ENCODING, GZIP).body(gzip(bundle(tile)))
                : entries.body(bundle(tile));
    }

    private static boolean takesGzip(@Nullable String encodings) {
        return encodings != null && GZIP_TAKEN.matcher(encodings).find();
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    /** Read from the least tree that has the tile: the log may have lost its end. */
    private byte[] hashes(Tile tile) {
        long end = (tile.first() + tile.width()) << (8 * tile.level());
        return prover.read(end, tree -> tree.tile(tile));
    }

    private byte[] bundle(Tile tile) {
        List<byte[]> entries = new ArrayList<>();
        while (entries.size() < tile.width()) {
            List<RecordedEvent> page = log.read(tile.first() + entries.size(), tile.width() - entries.size());
            if (page.isEmpty()) {
                throw new CheckpointsUnavailable(
                        "the log ends at position " + (tile.first() + entries.size())
                                + ", before the last signed checkpoint",
                        null);
            }
            page.forEach(event -> entries.add(Leaves.entry(event)));
        }
        return EntryBundle.encode(entries);
    }

    /** Whoever needs a token for it must not leave it to others in a shared cache. */
    private ResponseEntity.BodyBuilder ok(MediaType type, CacheControl caching) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(isPublic ? caching.cachePublic() : caching.cachePrivate());
    }

    private ResponseEntity<byte[]> answer(MediaType type, CacheControl caching, byte[] body) {
        return ok(type, caching).body(body);
    }

    @GetMapping(path = "/tlog/witnesses", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Witnesses.WitnessItem> witnesses() {
        return Page.last(witnesses.items());
    }

    /** Newest first. */
    @GetMapping(path = "/audit/checkpoints", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<CheckpointItem> checkpoints(@RequestParam @Nullable String limit, @RequestParam @Nullable String cursor) {
        int most = Parameters.limit(limit, MAX_CHECKPOINTS, DEFAULT_CHECKPOINTS);
        long before = cursor == null ? Long.MAX_VALUE : Parameters.position("cursor", cursor);
        Page<SignedCheckpoint> page = Page.of(store.before(before, most + 1), most, one -> Long.toString(one.number()));
        return new Page<>(
                page.items().stream()
                        .map(one -> new CheckpointItem(one.size(), one.root().hex(), one.at(), one.note()))
                        .toList(),
                page.nextCursor());
    }
}
