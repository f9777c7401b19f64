package issueledger.analytics.facts;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The stored facts of one generation. */
interface FactsStore {
    /**
     * Reads the facts of the issues that were written from a write on, one after the other.
     *
     * @param shared gives equal texts as one object
     * @return the number of the last write among them; {@code fromWrite} if there is none
     */
    long read(long fromWrite, UnaryOperator<String> shared, Consumer<IssueFacts> each);

    /** The facts of these issues; those that are not stored are missing. */
    Map<String, IssueFacts> load(Collection<String> ids, UnaryOperator<String> shared);

    /** The facts of some issues as they are stored, in the order of ids: those after the given one, none at the end. */
    List<StoredFacts> after(String id, int limit);

    Optional<StoredFacts> found(String id);

    /**
     * Writes facts in place of those of the same issues; called in the store's transaction, if it has one.
     *
     * @param write the number of this write, greater than those before
     */
    void write(Collection<IssueFacts> issues, long write);
}
