package issueledger.analytics.facts;

import issueledger.issues.Checksum;
import issueledger.projections.ViewsDamaged;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/**
 * The facts of an issue as they are stored.
 *
 * @param checksum as stored
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StoredFacts(String id, byte[] bytes, int checksum) {

    static StoredFacts of(IssueFacts facts) {
        byte[] bytes = facts.stored();
        return new StoredFacts(facts.id(), bytes, Checksum.of(bytes));
    }

    boolean isIntact() {
        return Checksum.of(bytes) == checksum;
    }

    /** The last position that was folded; 0 if it cannot be read. */
    long seen() {
        return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** @param shared gives equal texts as one object */
    IssueFacts facts(UnaryOperator<String> shared) {
        if (!isIntact()) {
            throw new ViewsDamaged("the facts of " + id + " are not as they were written");
        }
        return IssueFacts.of(id, bytes, shared);
    }
}
