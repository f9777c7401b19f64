package issueledger.analytics.facts;

import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** The stored facts of one generation. */
interface FactsStore {
    /** Facts that were read, and the number of the last write among them. */
    record Read(List<IssueFacts> issues, long lastWrite) {}

    /**
     * Reads the facts of the issues that were written from a write on.
     *
     * @param shared gives equal texts as one object
     */
    Read read(long fromWrite, UnaryOperator<String> shared);

    /**
     * Writes facts in place of those of the same issues; called in the store's transaction, if it has one.
     *
     * @param write the number of this write, greater than those before
     */
    void write(Collection<IssueFacts> issues, long write);
}
