package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.Rfc3339;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** The chain of hashes over the log's commits (docs/design.md, section 8; docs/log-format.md). */
public final class CommitHash {
    /** The predecessor hash of the first commit: 32 zero bytes. */
    public static final String NONE = "0".repeat(64);

    static final HexFormat HEX = HexFormat.of();

    private CommitHash() {}

    /** An event's entry: nine lines, each ended by LF. */
    public static String entry(long position, NewEvent event, Instant recordedAt) {
        return new HashedEvent(event).entry(position, Rfc3339.format(recordedAt));
    }

    /** SHA-256 of the previous commit's hash (its 32 bytes) and the entries in order, in lower-case hex. */
    public static String of(String previousHash, long firstPosition, List<NewEvent> events, Instant recordedAt) {
        return new HashedCommit(new Commit(events, null)).hash(previousHash, firstPosition, Rfc3339.format(recordedAt));
    }

    public static String sha256(String text) {
        return HEX.formatHex(digest().digest(text.getBytes(UTF_8)));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
