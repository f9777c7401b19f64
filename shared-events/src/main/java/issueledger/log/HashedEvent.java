package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** An event's hash entry without position and time, which are known only when it is written. */
final class HashedEvent {
    private final String what;
    private final String hashes;
    private final int bytes;

    HashedEvent(NewEvent event) {
        MessageDigest digest = CommitHash.digest();
        byte[] payload = event.payload().getBytes(UTF_8);
        byte[] metadata = event.metadata().getBytes(UTF_8);
        what = event.stream() + "\n" + (event.sequence() + 1) + "\n" + event.type() + "\n" + event.revision() + "\n";
        Commitments with = event.commitments();
        hashes = commitment(digest, with.payloadSalt(), with.payload(), payload)
                + commitment(digest, with.metadataSalt(), with.metadata(), metadata);
        bytes = payload.length + metadata.length;
    }

    private static String commitment(
            MessageDigest digest, @Nullable String salt, @Nullable String ofErased, byte[] text) {
        return (salt == null ? ofErased : Commitments.commitment(digest, salt, text)) + "\n";
    }

    String entry(long position, String recordedAt) {
        return "issue-ledger/event/v2\n" + position + "\n" + what + recordedAt + "\n" + hashes;
    }

    /** Bytes of payload and metadata. */
    int bytes() {
        return bytes;
    }
}
